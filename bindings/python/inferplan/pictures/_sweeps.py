# SPDX-License-Identifier: MIT
"""Pictures of a sweep with matplotlib: heat maps over two fields, trend lines over one, and stacked
bars of the parts of the cost. Rows are a data frame of ``inferplan.sweep``, a file that it or the
command has written, or dicts. pandas is not needed."""
import csv
import os
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

from .._cells import RESULTS
from .._arguments import as_number, axes, file_path, items, mapping, refused, shown, text
from .._costs import PARTS
from .._errors import FileError, InputError
from .._fields import plain
from .._frames import optional
from .._library import Code
from ._style import SCALE, SERIES, literal, new_axes

Row = Mapping[str, Any]
Rows = Union[str, "os.PathLike[str]", Sequence[Row], Any]

# The labels of fields and columns.
_LABELS = {
    "objective_usd": "cost (USD)", "bound_usd": "bound (USD)", "gap": "gap",
    **{part.key: f"{part.title} (USD)" for part in PARTS},
    "gpus": "GPUs", "deployments": "deployments",
    "unmet_fraction": "unmet share of all queries", "seconds": "seconds",
    "budget_usd": "budget (USD)", "storage_gb": "storage (GB)", "usd_per_hour": "price of GPUs",
    "memory_gb": "memory of GPUs", "tflops": "compute of GPUs", "error_limit": "error limits",
    "delay_limit_ms": "delay limits", "unmet_penalty_usd": "penalty on unmet demand",
    "delay_penalty_usd_per_ms": "penalty on delay", "rate_per_hour": "traffic",
    "delay_budget": "budget of delay deviations", "error_budget": "budget of error deviations",
    "placement": "placement", "max_replicas": "replicas at most",
}


def _rows_of(rows: Rows) -> List[Row]:
    if isinstance(rows, (str, os.PathLike)):
        path = file_path("rows", rows)
        try:
            with open(path, encoding="utf-8-sig", newline="") as file:
                return [{plain(name): plain(value) if value else value
                         for name, value in row.items() if name is not None}
                        for row in csv.DictReader(file)]
        except (UnicodeDecodeError, csv.Error):
            raise refused("rows", rows, "a file of rows, as a sweep writes it") from None
        except OSError as error:
            raise FileError(f"{path}: {error.strerror}", Code.FILE, path) from None
    if hasattr(rows, "to_dict") and hasattr(rows, "columns"):
        made: List[Row] = rows.to_dict("records")
        return made
    return [mapping(f"rows[{at}]", row, "a row, as a mapping of its columns")
            for at, row in enumerate(items("rows", rows, "a file, a data frame, or rows"))]


def _arguments(ax: Any, **columns: Optional[str]) -> None:
    """Check the arguments that every picture takes, apart from its rows."""
    axes(ax)
    for name, column in columns.items():
        if column is not None:
            text(name, column, "the name of a column, or None")


def _column(rows: Sequence[Row], name: str, argument: str = "rows") -> List[Any]:
    """A column by its name, which was given as ``argument``."""
    if not rows:
        raise InputError("rows: found none; allowed: at least one", Code.VALUE, "rows")
    if name not in rows[0] and argument == "rows":
        raise InputError(f"rows: found no column {name}; allowed: rows of a sweep", Code.VALUE,
                         "rows")
    if name not in rows[0]:
        raise refused(argument, name, f"one of the columns {', '.join(map(str, rows[0]))}")
    for at, row in enumerate(rows):
        if name not in row:
            raise InputError(f"rows[{at}]: found no {name}; allowed: a value in each row",
                             Code.VALUE, f"rows[{at}]")
        value = row[name]
        if value is not None and not isinstance(value, str) and as_number(value) is None:
            raise refused(f"rows[{at}].{name}", value, "a number, a word or None")
    return [row[name] for row in rows]


def _numbers(rows: Sequence[Row], name: str, argument: str = "rows") -> List[float]:
    """A column of results. NaN stands for a missing one."""
    found = []
    for value in _column(rows, name, argument):
        try:
            found.append(float("nan") if value is None or value == "" else float(value))
        except ValueError:
            raise InputError(f"{name}: found {shown(value)}; allowed: a column of numbers",
                             Code.VALUE, name) from None
    return found


def _mark(value: Any) -> str:
    """The mark of a value of a varied field on its axis: factors with a times sign, and "none" for
    no limit."""
    if value is None or value == "" or value != value:
        return "none"
    if isinstance(value, str):
        if value == "null":
            return "none"
        try:
            if value.startswith("scale:"):
                return f"× {float(value[6:]):g}"
            return f"{float(value):g}"
        except ValueError:
            return literal(value)
    return f"{value:g}"


def _label(name: str, values: Sequence[Any] = ()) -> str:
    field = name.rsplit(".", 1)[-1]
    words = _LABELS.get(field, field.replace("_", " "))
    scaled = any(isinstance(value, str) and value.startswith("scale:") for value in values)
    # A factor has no unit.
    return literal(words.split(" (")[0] if scaled else words)


def _varied(rows: Sequence[Row], **given: Optional[str]) -> List[str]:
    """The varied columns to draw: those that an argument names, and the first others for the
    arguments that are None."""
    names = list(given.values())
    known = [name for name in rows[0] if name not in RESULTS and name not in ("cell", "sweep")] \
        if rows else []
    for argument, name in given.items():
        if name is not None:
            _column(rows, name, argument)
    free = [name for name in known if name not in names]
    picked = []
    for name in names:
        if name is None:
            if not free:
                raise InputError(f"rows: found {len(known)} varied columns; allowed: {len(names)} or "
                                 "more", Code.VALUE, "rows")
            name = free.pop(0)
        picked.append(name)
    return picked


def _order(values: Sequence[Any]) -> List[Any]:
    """The distinct values in order of appearance."""
    return list(dict.fromkeys("null" if value is None or value != value else value
                              for value in values))


def _key(value: Any) -> Any:
    return "null" if value is None or value != value else value


def _only_one(rows: Sequence[Row], names: Sequence[str]) -> None:
    seen: Dict[Any, int] = {}
    for row in rows:
        key = tuple(_key(row[name]) for name in names)
        seen[key] = seen.get(key, 0) + 1
    if max(seen.values(), default=1) > 1:
        raise InputError(f"rows: found several rows with the same {' and '.join(names)}; allowed: "
                         "one, so choose among them first", Code.VALUE, "rows")


def heat_map(rows: Rows, x: Optional[str] = None, y: Optional[str] = None,
             value: str = "objective_usd", ax: Any = None) -> Any:
    """A column over two varied fields, by default the first two: ``y`` upwards, ``x`` to the right.
    Cells without a number, such as those of status "infeasible", are hatched."""
    patches = optional("matplotlib.patches", "pictures")
    colors = optional("matplotlib.colors", "pictures")
    own = ax is None
    _arguments(ax, x=x, y=y)
    text("value", value, "the name of a column")
    made = _rows_of(rows)
    numbers = _numbers(made, value, "value")
    y_name, x_name = _varied(made, y=y, x=x)
    _only_one(made, (y_name, x_name))
    xs, ys = _order(_column(made, x_name)), _order(_column(made, y_name))
    table = [[float("nan")] * len(xs) for _ in ys]
    for row, number in zip(made, numbers):
        table[ys.index(_key(row[y_name]))][xs.index(_key(row[x_name]))] = number
    ax = ax if ax is not None else new_axes(2.6 + 0.5 * len(xs), 1.6 + 0.4 * len(ys))
    image = ax.imshow(table, origin="lower", aspect="auto",
                      cmap=colors.LinearSegmentedColormap.from_list("cost", SCALE))
    low, high = image.get_clim()
    for at, line in enumerate(table):
        for across, number in enumerate(line):
            if number != number:
                ax.add_patch(patches.Rectangle((across - 0.5, at - 0.5), 1, 1, hatch="////",
                                               facecolor="#eeeeee", edgecolor="#999999",
                                               linewidth=0))
            elif len(xs) <= 12:
                dark = high > low and (number - low) / (high - low) > 0.55
                ax.text(across, at, f"{number:.3g}" if abs(number) < 1000 else f"{number:,.0f}",
                        ha="center", va="center", fontsize=8, color="white" if dark else "#222222")
    ax.set_xticks(range(len(xs)), [_mark(entry) for entry in xs], rotation=45 if len(xs) > 6 else 0)
    ax.set_yticks(range(len(ys)), [_mark(entry) for entry in ys])
    ax.set_xlabel(_label(x_name, xs))
    ax.set_ylabel(_label(y_name, ys))
    if own:
        ax.figure.colorbar(image, ax=ax, label=_label(value))
    return ax


def trend_lines(rows: Rows, x: Optional[str] = None, by: Optional[str] = None,
                value: str = "objective_usd", ax: Any = None) -> Any:
    """A column over one varied field, with a line for each value of another. By default ``by`` is
    the first varied field and ``x`` the second. If there is only one, there is one line. A line has
    a gap at a missing number."""
    _arguments(ax, x=x, by=by)
    text("value", value, "the name of a column")
    made = _rows_of(rows)
    numbers = _numbers(made, value, "value")
    known = [name for name in made[0] if name not in RESULTS and name not in ("cell", "sweep")]
    if len(known) == 1 and by is None:
        x_name, by_name = _varied(made, x=x)[0], None
        _only_one(made, (x_name,))
    else:
        by_name, x_name = _varied(made, by=by, x=x)
        _only_one(made, (by_name, x_name))
    xs = _order(_column(made, x_name))
    lines = _order(_column(made, by_name)) if by_name is not None else [None]
    ax = ax if ax is not None else new_axes(7, 4)
    for at, line in enumerate(lines):
        points = [float("nan")] * len(xs)
        for row, number in zip(made, numbers):
            if by_name is None or _key(row[by_name]) == line:
                points[xs.index(_key(row[x_name]))] = number
        # If there are many lines, colours show their order. If there are few, colours tell them
        # apart.
        colour = _shade(at, len(lines)) if len(lines) > len(SERIES) else SERIES[at]
        ax.plot(range(len(xs)), points, marker="o", markersize=4, color=colour,
                label=_mark(line) if by_name is not None else None)
    ax.set_xticks(range(len(xs)), [_mark(entry) for entry in xs])
    ax.set_xlabel(_label(x_name, xs))
    ax.set_ylabel(_label(value))
    ax.set_ylim(bottom=0)
    ax.spines[["top", "right"]].set_visible(False)
    if by_name is not None:
        ax.legend(title=_label(by_name, lines), frameon=False, loc="center left",
                  bbox_to_anchor=(1, 0.5))
    return ax


def _shade(at: int, count: int) -> Any:
    colors = optional("matplotlib.colors", "pictures")
    scale = colors.LinearSegmentedColormap.from_list("order", SCALE)
    return scale(at / max(count - 1, 1))


def cost_bars(rows: Rows, x: Optional[str] = None, ax: Any = None) -> Any:
    """The parts of the cost over one varied field: stacked bars of rental, storage, delay and unmet
    demand. If there is no plan, "no plan" takes the place of the bar."""
    _arguments(ax, x=x)
    made = _rows_of(rows)
    _column(made, PARTS[0].key)
    x_name = _varied(made, x=x)[0]
    _only_one(made, (x_name,))
    marks = [_mark(entry) for entry in _column(made, x_name)]
    ax = ax if ax is not None else new_axes(2 + 0.55 * len(marks), 4)
    begin = [0.0] * len(made)
    for part in PARTS:
        values = _numbers(made, part.key)
        heights = [entry if entry == entry else 0.0 for entry in values]
        ax.bar(range(len(made)), heights, bottom=begin, color=part.colour, label=part.label, width=0.7)
        begin = [low + height for low, height in zip(begin, heights)]
    for at, first in enumerate(_numbers(made, PARTS[0].key)):
        if first != first:
            ax.text(at, 0, " no plan", rotation=90, ha="center", va="bottom", color="#777777",
                    fontsize=8)
    ax.set_xticks(range(len(made)), marks)
    ax.set_xlabel(_label(x_name, _column(made, x_name)))
    ax.set_ylabel("cost (USD)")
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    ax.spines[["top", "right"]].set_visible(False)
    return ax
