# SPDX-License-Identifier: MIT
"""The results of solves, checks and stress tests. Plain data: it can be copied, compared and
pickled."""
import json
import math
import os
from dataclasses import asdict, dataclass, field
from typing import (Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple,
                    TypeVar, Union)

from . import _calls
from ._arguments import (document, document_text, file_path, instance_of, number, one_of, refused,
                         whole)
from ._base_instance import BaseInstance
from ._frames import frame
from ._notebook import html_of_plan
from ._picture import Picture
from ._save import PAGE, check as check_path, save

T = TypeVar("T")


def _shown(entry: Any) -> str:
    """A dataclass as text, without the fields that mean nothing for it."""
    values = ((name, getattr(entry, name)) for name in entry.__annotations__)
    return (type(entry).__name__ + "("
            + ", ".join(f"{name}={value!r}" for name, value in values if value is not None) + ")")


@dataclass(frozen=True, repr=False)
class Deployment:
    """A deployment: ``replicas`` copies of ``model`` are rented, each on ``tp_degree`` GPUs of
    ``tier``. Under a profile, ``point`` is the operating point (a measured point's name, or a pace
    such as ``40ms``) and ``tpot_ms`` its time per token. ``load`` is what its routes load it with and
    ``load_limit`` what it may carry, both in replicas; ``headroom`` is ``replicas`` minus
    ``load_limit``. They are None where they mean nothing."""

    model: str
    tier: str
    tp_degree: int
    replicas: int
    gpus: int
    point: Optional[str] = None
    tpot_ms: Optional[float] = None
    load: Optional[float] = None
    load_limit: Optional[float] = None
    headroom: Optional[float] = None

    __repr__ = _shown


@dataclass(frozen=True, repr=False)
class Route:
    """The share of ``query``, from 0 to 1, that ``model`` on ``tier`` serves. ``tp_degree`` and
    ``point`` are those of its deployment. The times and ``error`` are what a request of this route
    feels, with the deviations that are worst for this route alone. They are None where they mean
    nothing."""

    query: str
    model: str
    tier: str
    fraction: float
    tp_degree: Optional[int] = None
    point: Optional[str] = None
    ttft_ms: Optional[float] = None
    tpot_ms: Optional[float] = None
    delay_ms: Optional[float] = None
    error: Optional[float] = None

    __repr__ = _shown


@dataclass(frozen=True)
class Unmet:
    """The share of ``query``, from 0 to 1, that is left unmet."""

    query: str
    fraction: float


@dataclass(frozen=True)
class Limit:
    """A limit and how much of it is used, in ``unit`` (empty for a fraction). ``kind`` is "budget",
    "storage", "pool", "memory", "compute", "load", "slots", "delay", "error" or "attainment".
    ``query``, ``model``, ``tier`` and ``pool`` are what the limit applies to, and None if it does not
    apply to a single one; ``tp_degree`` and ``point`` are those of one of several deployments of a
    model on a tier, else None. ``name`` is for people: ``budget_usd``, ``storage_gb``,
    ``pool[NAME]``, ``memory[MODEL,TIER]``, ``compute[MODEL,TIER]``, ``load[MODEL,TIER]``,
    ``delay[QUERY]``, ``error[QUERY]``."""

    name: str
    used: float
    limit: float
    kind: str = ""
    unit: str = ""
    query: Optional[str] = None
    model: Optional[str] = None
    tier: Optional[str] = None
    pool: Optional[str] = None
    tp_degree: Optional[int] = None
    point: Optional[str] = None


@dataclass(frozen=True)
class Note:
    """What a user should know before renting: a stable word such as "load_unlimited", a sentence with
    numbers and names, and the path of the field to look at. docs/result-format.md lists the kinds."""

    kind: str
    text: str
    path: str


@dataclass(frozen=True)
class RemovedExample:
    """A configuration or a route (with a ``query``) that was removed before the solve. ``value`` is
    what it would have of the limit that removed it, in ``unit`` (empty for a fraction); they are
    given for the nearest example only."""

    model: str
    tier: str
    tp_degree: int
    query: Optional[str] = None
    point: Optional[str] = None
    value: Optional[float] = None
    limit: Optional[float] = None
    unit: Optional[str] = None


@dataclass(frozen=True)
class Removed:
    """A reason for which configurations or routes (``kind``) were removed before the solve, with up to
    three examples. ``nearest`` misses its limit by the smallest fraction of it; it is None if the
    reason is not about a limit. docs/result-format.md lists the reasons."""

    kind: str
    reason: str
    count: int
    examples: Tuple[RemovedExample, ...]
    nearest: Optional[RemovedExample]


@dataclass(frozen=True)
class Costs:
    """Costs in dollars over the horizon. Under uncertainty the delay cost is that of the worst
    case."""

    rental_usd: float
    storage_usd: float
    delay_usd: float
    unmet_usd: float


@dataclass(frozen=True)
class Progress:
    """The state of a running solve. ``objective_usd`` is infinity while there is no plan, and
    ``bound_usd`` is minus infinity while there is no bound."""

    seconds: float
    objective_usd: float
    bound_usd: float
    gap: float
    nodes: float
    open_nodes: float


@dataclass(frozen=True)
class Plan:
    """The result of one solve, or of the check of a plan against an instance.

    ``status`` is "optimal" (proven within the gap), "feasible" (a limit was reached; the plan is
    verified), "infeasible" (proven; for a check: the plan breaks a limit) or "no_plan". If there is
    no plan, ``objective_usd``, ``gap`` and ``costs`` are None and the lists are empty. If no bound
    is proven, ``bound_usd`` is None. ``stop`` says why the solve ended: "proven", "time_limit",
    "cancelled" or "exhausted".
    """

    instance: str
    status: str
    objective_usd: Optional[float]
    bound_usd: Optional[float]
    gap: Optional[float]
    costs: Optional[Costs]
    deployments: Tuple[Deployment, ...]
    routes: Tuple[Route, ...]
    unmet: Tuple[Unmet, ...]
    limits: Tuple[Limit, ...]
    verified: bool
    max_violation: Optional[float]
    engine: Optional[str]
    seconds: Optional[float] = field(compare=False)
    stop: Optional[str] = None
    nodes: Optional[float] = None
    reason: str = ""  # for a check: the most violated limit in words
    notes: Tuple[Note, ...] = ()  # the most important one first
    removed: Tuple[Removed, ...] = ()  # before the solve; empty for a check
    document: str = field(default="", repr=False, compare=False)

    #: The instance that was solved, or that the plan was checked against, as it was then. It is
    #: never taken from a document that was read.
    source: Optional[BaseInstance] = field(default=None, repr=False, compare=False)
    #: The progress of the solve, at times when the plan's cost or the bound changed.
    history: Tuple[Progress, ...] = field(default=(), repr=False, compare=False)

    def __bool__(self) -> bool:
        """Whether there is a plan."""
        return self.objective_usd is not None

    def to_json(self) -> str:
        """The text of the result document, as ``inferplan solve --json`` writes it."""
        return self.document

    def to_dict(self) -> Dict[str, Any]:
        """The result document as Python objects."""
        made: Dict[str, Any] = json.loads(self.document)
        return made

    # -- evaluated against an instance: the plan's own, unless another one is given --

    def _of(self, instance: Optional[BaseInstance]) -> BaseInstance:
        if instance is None:
            if self.source is None:
                raise ValueError("the plan does not know the instance it was made for; pass it")
            return self.source
        return instance_of("instance", instance, BaseInstance, "an Instance, or None")

    def check(self, instance: Optional[BaseInstance] = None) -> "Plan":
        """Evaluate every limit and every cost from the instance's own numbers. Returns a plan with
        status "feasible" or "infeasible"."""
        return checked(self._of(instance), self)

    def stress(self, instance: Optional[BaseInstance] = None, samples: int = 1000,
               seed: int = 1) -> "Stress":
        """Evaluate the plan with sampled deviations of delay and error, in ``samples`` (1 to
        1,000,000) points of the uncertainty set. docs/stress.md describes the test. Ctrl-C ends it
        with the samples that are done. InputError if the instance has no uncertainty."""
        return stressed(self._of(instance), self, samples, seed)

    def to_rows(self, of: str = "routes",
                instance: Optional[BaseInstance] = None) -> List[Dict[str, Any]]:
        """The rows of ``to_frame`` as dicts, without pandas."""
        of = one_of("of", of, ("routes", "deployments", "unmet", "limits", "costs"))
        if instance is not None:
            self._of(instance)
        if of == "routes":
            if not self:
                return []
            return _calls.bill(self._of(instance)._handle, document_of(self))
        if of == "costs":
            return [asdict(self.costs)] if self.costs else []
        return [asdict(entry) for entry in getattr(self, of)]

    def to_frame(self, of: str = "routes", instance: Optional[BaseInstance] = None) -> Any:
        """A pandas DataFrame of the routes, the deployments, the unmet shares, the limits or the
        costs. Routes have columns for the degree and the point of their deployment, for what a
        request feels, and for the costs they cause, in dollars. The routes of a deployment share its
        rental in proportion to their tokens. After the routes come the unmet shares, whose model and
        tier are None. The columns in dollars add up to the costs of the plan."""
        columns = {"routes": ["query", "model", "tier", "tp_degree", "point", "fraction",
                              *_calls.FELT, *Costs.__annotations__],
                   "deployments": list(Deployment.__annotations__),
                   "unmet": list(Unmet.__annotations__), "limits": list(Limit.__annotations__),
                   "costs": list(Costs.__annotations__)}
        rows = self.to_rows(of, instance)
        return frame(rows, columns[of])

    def svg(self, picture: str = "traffic", width: float = 720,
            instance: Optional[BaseInstance] = None) -> str:
        """A picture as SVG: "traffic", "costs", "fleet", "limits" or "gap". It is ``width`` units
        wide (240 to 4000), with letters 12 units high. This needs no other package."""
        source = self._of(instance)
        picture = one_of("picture", picture, list(_calls.PICTURES))
        width = number("width", width, "240 to 4000", least=240, most=4000)
        return _calls.svg(source._handle, self._shown(), picture, width)

    def _shown(self) -> _calls.Shown:
        proof = None
        if self.engine is not None:  # a check proves no bound
            bound = -math.inf if self.bound_usd is None else self.bound_usd
            proof = _calls.STATUSES[self.status], bound
        return _calls.Shown(document_of(self) if self else None, proof, tuple(
            (now.seconds, now.objective_usd, now.bound_usd) for now in self.history))

    def plot(self, picture: str = "traffic", width: float = 720,
             instance: Optional[BaseInstance] = None) -> Picture:
        """The picture of ``svg`` as an object that notebooks show, and that can be saved:
        ``.save("plan.svg")``."""
        return Picture(self.svg(picture, width, instance))

    def report(self, path: "Union[None, str, os.PathLike[str]]" = None,
               instance: Optional[BaseInstance] = None) -> str:
        """The page of ``inferplan solve --report``: one HTML file with all pictures, which loads no
        other files. It is returned, and written to ``path`` if that is given. An empty file or
        another such page is replaced in one step when the page is complete. InputError if ``path``
        is any other file."""
        if path is not None:
            path = file_path("path", path, "a path, or None")
            check_path(path, PAGE)
        text = _calls.page(self._of(instance)._handle, self._shown())
        if path is not None:
            save(path, text.encode(), PAGE)
        return text

    def _repr_html_(self) -> Optional[str]:
        """For notebooks: the verdict, the deployments and the traffic picture."""
        picture = self.svg("traffic") if self and self.source is not None else None
        head, rows = _fleet(self.deployments)
        return html_of_plan(self.instance, self._verdict(), head, rows if self else None, picture)

    def _verdict(self) -> str:
        words = {"optimal": "proven within the gap", "feasible": "feasible",
                 "infeasible": "infeasible", "no_plan": "no plan was found"}[self.status]
        if self.objective_usd is None:
            return words
        cost = f"${self.objective_usd:,.2f}, {words}"
        if self.gap is not None:
            cost += f" (gap {100 * max(self.gap, 0):.3g} %)"
        return cost + (f": {self.reason}" if self.reason else "")


def _fleet(deployments: Sequence[Deployment]) -> Tuple[List[str], List[List[object]]]:
    """A table of deployments for people: its head and its rows. Points and loads have columns if a
    deployment has them."""
    head = ["model", "tier", "degree", "replicas", "GPUs"]
    rows: List[List[object]] = [[d.model, d.tier, d.tp_degree, d.replicas, d.gpus]
                                for d in deployments]
    if any(d.point is not None for d in deployments):
        head.append("point")
        for row, d in zip(rows, deployments):
            row.append("" if d.point is None else d.point)
    if any(d.load_limit is not None for d in deployments):
        head += ["load", "allowed load", "head-room"]
        for row, d in zip(rows, deployments):
            row += ["" if value is None else f"{value:.4g}"
                    for value in (d.load, d.load_limit, d.headroom)]
    return head, rows


#: A plan, its result document as text, or as Python objects.
AnyPlan = Union[Plan, Mapping[str, Any], str]


@dataclass(frozen=True)
class StressRow:
    """The results of one routing, with the sampled deviations times ``inflation``. ``routing`` is
    "kept" or "reoptimised". Costs are dollars over the horizon. ``*_violated`` are fractions from 0
    to 1. A value is None if there is no data. docs/stress.md describes all fields."""

    routing: str
    inflation: float
    cost_mean_usd: Optional[float]
    cost_p95_usd: Optional[float]
    cost_largest_usd: Optional[float]
    delay_violated: Optional[float]
    error_violated: Optional[float]
    any_violated: Optional[float]
    samples_without_plan: int
    worst_cost_usd: Optional[float]
    worst_delay_full: Optional[float]
    worst_error_full: Optional[float]


@dataclass(frozen=True)
class Stress:
    """The results of a stress test: a plan evaluated with sampled deviations of delay and error."""

    instance: str
    samples: int
    seed: int
    rows: Tuple[StressRow, ...]

    def to_frame(self) -> Any:
        """The rows as a pandas DataFrame."""
        return frame([asdict(row) for row in self.rows], list(StressRow.__annotations__))


def _entry(kind: Callable[..., T], entry: Mapping[str, Any]) -> T:
    """An entry of a document. Members that its class does not have are skipped."""
    return kind(**{name: entry[name] for name in kind.__annotations__ if name in entry})


def _removed(entry: Mapping[str, Any]) -> Removed:
    nearest = entry.get("nearest")
    return Removed(entry["kind"], entry["reason"], entry["count"],
                   tuple(_entry(RemovedExample, example) for example in entry["examples"]),
                   _entry(RemovedExample, nearest) if nearest else None)


def plan_of(text: str, **known: Any) -> Plan:
    """A plan from a result document, with the fields in ``known`` that the document does not
    have."""
    made = json.loads(text)
    costs = made.get("costs")
    return Plan(
        instance=made["instance"], status=made["status"], objective_usd=made["objective_usd"],
        bound_usd=made.get("bound_usd"), gap=made.get("gap"),
        costs=_entry(Costs, costs) if costs and any(v is not None for v in costs.values()) else None,
        deployments=tuple(_entry(Deployment, entry) for entry in made["deployments"]),
        routes=tuple(_entry(Route, entry) for entry in made["routes"]),
        unmet=tuple(_entry(Unmet, entry) for entry in made["unmet"]),
        limits=tuple(_entry(Limit, entry) for entry in made["limits"]),
        notes=tuple(_entry(Note, entry) for entry in made.get("notes", [])),
        removed=tuple(_removed(entry) for entry in made.get("removed", [])),
        verified=made["verified"], max_violation=made.get("max_violation"),
        engine=made.get("engine"), seconds=made.get("seconds"), document=text, **known)


def document_of(plan: AnyPlan) -> bytes:
    """The result document of a plan. InputError if it is neither a plan nor a document."""
    if isinstance(plan, Plan):
        return plan.document.encode()
    if isinstance(plan, str):
        return document_text(plan)
    if isinstance(plan, Mapping):
        return document("plan", plan, "the document of a plan")
    raise refused("plan", plan, "a Plan, or its document as a text or a dict")


def checked(instance: BaseInstance, plan: AnyPlan) -> Plan:
    """The plan evaluated against the instance."""
    text, reason = _calls.check(instance._handle, document_of(plan))
    return plan_of(text, reason=reason, source=instance.copy())


def stressed(instance: BaseInstance, plan: AnyPlan, samples: int, seed: int) -> Stress:
    """The stress test of the plan."""
    samples = whole("samples", samples, 0, 10**6)
    seed = whole("seed", seed, 0, 2**64 - 1)
    made = json.loads(_calls.stress(instance._handle, document_of(plan), samples, seed))
    return Stress(made["instance"], made["samples"], seed,
                  tuple(_stress_row(row) for row in made["rows"]))


def _stress_row(row: Dict[str, Any]) -> StressRow:
    cost, violated, worst = row["cost_usd"], row["violated"], row["worst_case"]
    return StressRow(row["routing"], row["inflation"], cost["mean"], cost["p95"], cost["largest"],
                     violated["delay"], violated["error"], violated["any"],
                     row["samples_without_plan"], worst["cost_usd"], worst["delay_full"],
                     worst["error_full"])
