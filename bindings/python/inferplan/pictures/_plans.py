# SPDX-License-Identifier: MIT
"""Pictures of a plan with matplotlib: the flow of traffic, the costs, the rented GPUs, and the gap
over the time of the solve. ``Plan.svg`` draws the same without matplotlib."""
from typing import Any, Callable, Dict, List, Optional, Tuple

from .._arguments import axes, instance_of
from .._costs import PARTS
from .._frames import optional
from .._instance import Instance
from .._plan import Plan
from ._style import COSTS, SCALE, SERIES, literal, new_axes

# The end of bands of unmet demand. No model has this name, because names are never empty.
_UNMET = ""

# Fractions of the height of all traffic: the space between two nodes, and the smallest height of a
# node.
_SPACE = 0.03
_LEAST = 0.004


def _instance_of(plan: Plan, ax: Any, instance: Optional[Instance]) -> Instance:
    _checked(plan, ax, instance)
    return plan._of(instance)


def _checked(plan: Plan, ax: Any, instance: Optional[Instance]) -> None:
    """Check the arguments, also the instance if one is given and not needed."""
    instance_of("plan", plan, Plan, "a Plan")
    axes(ax)
    if instance is not None:
        instance_of("instance", instance, Instance, "an Instance, or None")


def _nothing(ax: Any, words: str) -> Any:
    ax.set_axis_off()
    ax.text(0.5, 0.5, words, ha="center", va="center", transform=ax.transAxes)
    return ax


def _tokens(instance: Instance) -> Dict[str, float]:
    """Tokens per hour of each query type."""
    columns = [instance.numbers(f"queries[*].{field}")
               for field in ("input_tokens", "output_tokens", "rate_per_hour")]
    return {name: (given + asked) * rate
            for name, given, asked, rate in zip(instance.queries, *columns)}


class _Band:
    def __init__(self, start: str, end: str) -> None:
        self.start, self.end = start, end
        self.tokens = 0.0
        self.dollars = 0.0  # per hour


def _bands(plan: Plan, instance: Instance) -> Tuple[List[_Band], List[_Band]]:
    tokens = _tokens(instance)
    hours = instance["horizon.rental_hours"]
    penalty_hours = instance["horizon.penalty_hours"]
    sides: Tuple[Dict[Tuple[str, str], _Band], ...] = ({}, {})
    for row in plan.to_rows("routes", instance):
        flow = tokens[row["query"]] * row["fraction"]
        if not flow > 0:
            continue
        cost = sum(row[part.key] for part in PARTS if not part.penalty) / hours
        if penalty_hours > 0:
            cost += sum(row[part.key] for part in PARTS if part.penalty) / penalty_hours
        ends = [(row["query"], row["model"] or _UNMET)]
        if row["model"] is not None:
            ends.append((row["model"], row["tier"]))
        for side, end in zip(sides, ends):
            band = side.setdefault(end, _Band(*end))
            band.tokens += flow
            band.dollars += cost
    return list(sides[0].values()), list(sides[1].values())


def _stack(names: List[str], weights: Dict[str, float], total: float) -> Dict[str, List[float]]:
    """Lower edge and height of each node, from the top down, as fractions of all traffic."""
    placed = {}
    top = 1.0
    for name in names:
        height = max(weights[name] / total, _LEAST)
        placed[name] = [top - height, height]
        top -= height + _SPACE
    return placed


def traffic(plan: Plan, ax: Any = None, instance: Optional[Instance] = None) -> Any:
    """Query types, models and tiers, joined by bands. The width of a band is its share of all
    tokens, and its colour the cost per million tokens. Unmet demand is red."""
    patches = optional("matplotlib.patches", "pictures")
    colors = optional("matplotlib.colors", "pictures")
    cm = optional("matplotlib.cm", "pictures")
    own = ax is None
    instance = _instance_of(plan, ax, instance)
    ax = ax if ax is not None else new_axes(9, 5)
    if not plan:
        return _nothing(ax, "There is no plan.")
    bands = _bands(plan, instance)
    total = sum(band.tokens for band in bands[0])
    if not total > 0:
        return _nothing(ax, "There is no traffic.")
    weights: List[Dict[str, float]] = [{}, {}, {}]
    for side in (0, 1):
        for band in bands[side]:
            if side == 0:
                weights[0][band.start] = weights[0].get(band.start, 0) + band.tokens
            weights[side + 1][band.end] = weights[side + 1].get(band.end, 0) + band.tokens
    nodes = [_stack([name for name in instance.queries if name in weights[0]], weights[0], total)]
    for column in (1, 2):
        centre = {name: 0.0 for name in weights[column]}
        for band in bands[column - 1]:
            low, height = nodes[column - 1][band.start]
            centre[band.end] += (low + height / 2) * band.tokens / weights[column][band.end]
        names = sorted(centre, key=lambda name: -centre[name] if name != _UNMET else 9)
        nodes.append(_stack(names, weights[column], total))
    prices = [1e6 * band.dollars / band.tokens for side in bands for band in side
              if band.end != _UNMET]
    scale = colors.LinearSegmentedColormap.from_list("cost", SCALE)
    norm = colors.Normalize(min(prices, default=0), max(prices, default=1))
    for side in (0, 1):
        _draw_bands(ax, patches, bands[side], nodes[side], nodes[side + 1], side,
                    lambda band: COSTS["unmet_usd"] if band.end == _UNMET
                    else scale(norm(1e6 * band.dollars / band.tokens)))
    for column in (0, 1, 2):
        for name, (low, height) in nodes[column].items():
            x = column * 1.0
            ax.add_patch(patches.Rectangle((x - 0.01, low), 0.02, height, color="#222222"))
            share = 100 * weights[column][name] / total
            ax.text(x + (0.02 if column < 2 else -0.02), low + height / 2,
                    literal(f"{name or 'unmet'}  {share:.3g} %"),
                    ha="left" if column < 2 else "right", va="center", fontsize=9)
    lowest = min(low for column in nodes for low, _ in column.values())
    ax.set_xlim(-0.02, 2.02)
    ax.set_ylim(lowest - 0.02, 1.02)
    ax.set_axis_off()
    ax.set_title("Where the traffic goes", loc="left")
    if own and prices:
        ax.figure.colorbar(cm.ScalarMappable(norm, scale), ax=ax, shrink=0.6,
                           label="USD per million tokens")
    return ax


def _draw_bands(ax: Any, patches: Any, bands: List[_Band], starts: Dict[str, List[float]],
                ends: Dict[str, List[float]], x: float, colour: Callable[[_Band], Any]) -> None:
    paths = optional("matplotlib.path", "pictures")
    total = {name: sum(band.tokens for band in bands if band.start == name) for name in starts}
    flows = {name: sum(band.tokens for band in bands if band.end == name) for name in ends}
    left = {name: low + height for name, (low, height) in starts.items()}
    right = {name: low + height for name, (low, height) in ends.items()}
    tops: Dict[int, float] = {}
    for band in sorted(bands, key=lambda one: (-starts[one.start][0], -ends[one.end][0])):
        tops[id(band)] = left[band.start]
        left[band.start] -= starts[band.start][1] * band.tokens / total[band.start]
    for band in sorted(bands, key=lambda one: (-ends[one.end][0], -starts[one.start][0])):
        before = starts[band.start][1] * band.tokens / total[band.start]
        after = ends[band.end][1] * band.tokens / flows[band.end]
        y0, y1 = tops[id(band)], right[band.end]
        right[band.end] -= after
        a, b, middle = x + 0.01, x + 0.99, x + 0.5
        corners = [(a, y0), (middle, y0), (middle, y1), (b, y1), (b, y1 - after),
                   (middle, y1 - after), (middle, y0 - before), (a, y0 - before), (a, y0)]
        path = paths.Path
        codes = [path.MOVETO, path.CURVE4, path.CURVE4, path.CURVE4, path.LINETO, path.CURVE4,
                 path.CURVE4, path.CURVE4, path.CLOSEPOLY]
        ax.add_patch(patches.PathPatch(path(corners, codes), facecolor=colour(band), alpha=0.75,
                                       linewidth=0))


def costs(plan: Plan, ax: Any = None, instance: Optional[Instance] = None) -> Any:
    """The cost of each query type, the most expensive first, split into rental, storage, delay and
    unmet demand."""
    instance = _instance_of(plan, ax, instance)
    rows = plan.to_rows("routes", instance)
    ax = ax if ax is not None else new_axes(7, 1.5 + 0.35 * len(instance.queries))
    if not plan:
        return _nothing(ax, "There is no plan.")
    sums: Dict[str, Dict[str, float]] = {name: {part.key: 0.0 for part in PARTS}
                                         for name in instance.queries}
    for row in rows:
        for part in PARTS:
            sums[row["query"]][part.key] += row[part.key]
    names = sorted(sums, key=lambda name: sum(sums[name].values()))
    begin = [0.0] * len(names)
    for part in PARTS:
        values = [sums[name][part.key] for name in names]
        ax.barh([literal(name) for name in names], values, left=begin, color=part.colour,
                label=part.label)
        begin = [at + value for at, value in zip(begin, values)]
    ax.set_xlabel("USD over the horizon")
    ax.set_title(literal(f"Where the money goes: ${plan.objective_usd:,.2f}"), loc="left")
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def fleet(plan: Plan, ax: Any = None, instance: Optional[Instance] = None) -> Any:
    """Rented GPUs by tier, and the models on them. Needs no instance."""
    _checked(plan, ax, instance)
    tiers = list(dict.fromkeys(entry.tier for entry in plan.deployments))
    models = list(dict.fromkeys(entry.model for entry in plan.deployments))
    ax = ax if ax is not None else new_axes(7, 1.5 + 0.4 * len(tiers))
    if not plan.deployments:
        return _nothing(ax, "Nothing is rented." if plan else "There is no plan.")
    begin = dict.fromkeys(tiers, 0)
    for at, model in enumerate(models):
        mine = [entry for entry in plan.deployments if entry.model == model]
        ax.barh([literal(entry.tier) for entry in mine], [entry.gpus for entry in mine],
                left=[begin[entry.tier] for entry in mine], color=SERIES[at % len(SERIES)],
                label=literal(model), edgecolor="white")
        for entry in mine:
            begin[entry.tier] += entry.gpus
    ax.invert_yaxis()
    ax.set_xlabel("GPUs")
    ax.set_title(f"What is rented: {sum(begin.values())} GPUs", loc="left")
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def gap(plan: Plan, ax: Any = None, instance: Optional[Instance] = None) -> Any:
    """The gap over the time of the solve, on a logarithmic scale. Needs no instance."""
    _checked(plan, ax, instance)
    points = [(now.seconds, 100 * now.gap) for now in plan.history if now.gap < float("inf")]
    if plan.seconds is not None and plan.gap is not None:
        points.append((max(plan.seconds, points[-1][0] if points else 0), 100 * plan.gap))
    ax = ax if ax is not None else new_axes(7, 3)
    if not points:
        return _nothing(ax, "There was no gap: no plan, or no bound.")
    # A gap of 0 has no logarithm and is drawn at the bottom.
    floor = 0.001
    ax.step([seconds for seconds, _ in points], [max(value, floor) for _, value in points],
            where="post", color=COSTS["rental_usd"])
    ax.plot(points[-1][0], max(points[-1][1], floor), "s", color=COSTS["rental_usd"])
    ax.set_yscale("log")
    marks = [0.001, 0.01, 0.1, 1, 10, 100]
    ax.set_yticks(marks, [f"{mark:g}" for mark in marks])
    ax.set_yticks([], minor=True)
    ax.set_ylim(floor * 0.8, max(100, *(value for _, value in points)))
    ax.set_xlim(left=0)
    ax.set_xlabel("seconds")
    ax.set_ylabel("gap (%)")
    ax.set_title("The gap over the time of the solve", loc="left")
    ax.spines[["top", "right"]].set_visible(False)
    return ax


#: The pictures, by the names that ``Plan.plot`` takes.
PLANS: Dict[str, Callable[..., Any]] = {"traffic": traffic, "costs": costs, "fleet": fleet,
                                        "gap": gap}
