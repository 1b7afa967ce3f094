# SPDX-License-Identifier: MIT
"""The cells of a sweep and the result of each. Cells are solved from plain data, in this process or
in a worker process of an executor."""
import functools
import hashlib
import json
import zlib
from dataclasses import asdict
from typing import Any, Dict, List, Mapping, Sequence, Tuple, Union

from ._arguments import (as_number, encoded, field_path, instance_of, items, mapping, refused)
from ._costs import PARTS
from ._errors import Error, InputError, error_of
from ._instance import Instance
from ._library import Code, VERSION, lib
from ._model import Model
from ._plan import Plan
from ._trial import try_values

#: The largest number of cells of a grid. Each combination of values is a cell.
MOST = 1_000_000

#: The results of a cell, after the varied values: the columns of ``inferplan sweep --csv``.
RESULTS = ("status", "objective_usd", "bound_usd", "gap", *(part.key for part in PARTS),
           "gpus", "deployments", "unmet_fraction", "seconds", "error")

Row = Dict[str, Any]


#: The names of the parts of a sweep's digest.
MARKED = ("version", "instance", "grid", "options")


class Grid:
    """Paths, and the values of each path. The last path varies fastest."""

    def __init__(self, instance: Instance, grid: Mapping[str, Any]) -> None:
        instance_of("instance", instance, Instance, "an Instance")
        grid = mapping("grid", grid, "a mapping of paths to lists of values")
        self.paths = tuple(field_path(path).decode() for path in grid)
        self.values = [_values(path, values) for path, values in zip(self.paths, grid.values())]
        self.count = 1
        for values in self.values:
            self.count *= len(values)
        if not self.paths:
            raise InputError("grid: found no path; allowed: at least one", Code.VALUE, "grid")
        if self.count > MOST:
            raise InputError(f"grid: found {self.count} cells; allowed: at most {MOST}", Code.VALUE,
                             "grid")
        for path, values in zip(self.paths, self.values):
            # A value that is refused here would be an error in every cell.
            try_values(instance, path, values, _put)

    def cell(self, index: int) -> Tuple[Any, ...]:
        """The values of a cell."""
        picked = []
        for values in reversed(self.values):
            index, at = divmod(index, len(values))
            picked.append(values[at])
        return tuple(reversed(picked))

    def digest(self, instance: Instance, options: Mapping[str, Any]) -> str:
        """A digest that is equal only for equal sweeps. Its parts are those of MARKED."""
        chosen = sorted((name, repr(value)) for name, value in options.items() if value is not None)
        parts = (VERSION, instance.to_json(), [self.paths, self.values], chosen)
        return "-".join(hashlib.sha256(json.dumps(part).encode()).hexdigest()[:12] for part in parts)


def _values(path: str, values: Any) -> List[Any]:
    made = [_plain(path, value) for value in items(path, values, "a list of values")]
    if not made:
        raise InputError(f"{path}: found no values; allowed: at least one", Code.VALUE, path)
    return made


def _plain(path: str, value: Any) -> Any:
    """A value as plain data, which can be pickled, compared and written."""
    allowed = "a number, numbers, a word, \"scale:F\" or None"
    if value is None:
        return value
    if isinstance(value, str):
        return encoded(path, value, allowed).decode()
    found = as_number(value)
    if found is not None:
        return found
    listed = [as_number(entry) for entry in items(path, value, allowed)]
    if None in listed:
        raise refused(path, value, allowed)
    return listed


def _put(instance: Instance, path: str, value: Any) -> None:
    apply(instance, (path,), (value,))


def apply(instance: Instance, paths: Sequence[str], values: Sequence[Any]) -> None:
    """Set the values in their order, each as ``--set`` does."""
    for path, value in zip(paths, values):
        if isinstance(value, str):
            if lib.instance_set(instance._handle, path.encode(), value.encode()):
                raise error_of(lib.instance_last_error(instance._handle))
        else:
            instance[path] = value


def _unmet_fraction(instance: Instance, plan: Plan) -> float:
    """The unmet fraction of all queries, weighted by their rates. If all rates are 0, the mean over
    the query types."""
    shares = {entry.query: entry.fraction for entry in plan.unmet}
    rates = instance.numbers("queries[*].rate_per_hour")
    listed = [shares.get(name, 0.0) for name in instance.queries]
    if sum(rates) > 0:
        return sum(rate * share for rate, share in zip(rates, listed)) / sum(rates)
    return sum(listed) / len(listed)


def failed(message: str) -> Row:
    """The row of a cell that could not be solved."""
    return {**dict.fromkeys(RESULTS), "status": "error", "error": message}


def solve_cell(instance: Instance, paths: Sequence[str], values: Sequence[Any],
               options: Mapping[str, Any], running: Any = None) -> Row:
    """The row of one cell. The model is registered with ``running`` while it is solved."""
    try:
        own = instance.copy()
        apply(own, paths, values)
        with Model(own, watched=False, **options) as model:
            if running is not None:
                running.add(model)
            try:
                plan = model.solve_here()
            finally:
                if running is not None:
                    running.discard(model)
    except Error as error:
        return failed(str(error))
    made: Row = dict.fromkeys(RESULTS)
    made.update(status=plan.status, objective_usd=plan.objective_usd, bound_usd=plan.bound_usd,
                gap=plan.gap, seconds=plan.seconds)
    if plan.costs is not None:
        made.update(asdict(plan.costs),
                    gpus=sum(entry.gpus for entry in plan.deployments),
                    deployments=len(plan.deployments),
                    unmet_fraction=_unmet_fraction(own, plan))
    return made


@functools.lru_cache(maxsize=1)
def _instance_of(source: Union[bytes, str]) -> Instance:
    if isinstance(source, str):
        with open(source, "rb") as file:
            source = file.read()
    # The instance is only copied, which several threads may do at once.
    return Instance.from_json(zlib.decompress(source))


def solve_cells(source: Union[bytes, str], paths: Sequence[str], cells: Sequence[Sequence[Any]],
                options: Mapping[str, Any]) -> List[Row]:
    """The rows of several cells, for the workers of an executor. ``source`` is the compressed text
    of the instance, or the path of a file that holds it."""
    instance = _instance_of(source)
    return [solve_cell(instance, paths, values, options) for values in cells]
