# SPDX-License-Identifier: MIT
"""The cells of a sweep: which there are, and what one of them comes to. Runs here, or in whatever
process an executor has, from plain data."""
import functools
import hashlib
import json
import zlib
from typing import Any, Dict, List, Mapping, Sequence, Tuple, Union

from ._arguments import (as_number, encoded, field_path, instance_of, items, mapping, refused)
from ._errors import Error, InputError, error_of
from ._instance import Instance
from ._library import VERSION, lib
from ._model import Model
from ._plan import Plan
from ._trial import try_values

#: A cell for each combination, at most.
MOST = 1_000_000

#: What a cell comes to, behind the values that were varied: the columns of ``inferplan sweep --csv``.
RESULTS = ("status", "objective_usd", "bound_usd", "gap", "rental_usd", "storage_usd", "delay_usd",
           "unmet_usd", "gpus", "deployments", "unmet_fraction", "seconds", "error")

Row = Dict[str, Any]


#: What the parts of a sweep's mark stand for.
MARKED = ("version", "instance", "grid", "options")


class Grid:
    """Paths, and the values that each takes; the last one varies fastest."""

    def __init__(self, instance: Instance, grid: Mapping[str, Any]) -> None:
        instance_of("instance", instance, Instance, "an Instance")
        grid = mapping("grid", grid, "a mapping of paths to lists of values")
        self.paths = tuple(field_path(path).decode() for path in grid)
        self.values = [_values(path, values) for path, values in zip(self.paths, grid.values())]
        self.count = 1
        for values in self.values:
            self.count *= len(values)
        if not self.paths:
            raise InputError("grid: found no path; allowed: at least one", -5, "grid")
        if self.count > MOST:
            raise InputError(f"grid: found {self.count} cells; allowed: at most {MOST}", -5, "grid")
        for path, values in zip(self.paths, self.values):
            # What is refused here would be in every cell.
            try_values(instance, path, values, _put)

    def cell(self, index: int) -> Tuple[Any, ...]:
        """Its values."""
        picked = []
        for values in reversed(self.values):
            index, at = divmod(index, len(values))
            picked.append(values[at])
        return tuple(reversed(picked))

    def digest(self, instance: Instance, options: Mapping[str, Any]) -> str:
        """Equal for equal sweeps alone; its parts are those of MARKED."""
        chosen = sorted((name, repr(value)) for name, value in options.items() if value is not None)
        parts = (VERSION, instance.to_json(), [self.paths, self.values], chosen)
        return "-".join(hashlib.sha256(json.dumps(part).encode()).hexdigest()[:12] for part in parts)


def _values(path: str, values: Any) -> List[Any]:
    made = [_plain(path, value) for value in items(path, values, "a list of values")]
    if not made:
        raise InputError(f"{path}: found no values; allowed: at least one", -5, path)
    return made


def _plain(path: str, value: Any) -> Any:
    """A value as plain data, which can be sent, compared and written."""
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
    """Set them in their order, each as ``--set`` does."""
    for path, value in zip(paths, values):
        if isinstance(value, str):
            if lib.instance_set(instance._handle, path.encode(), value.encode()):
                raise error_of(lib.instance_last_error(instance._handle))
        else:
            instance[path] = value


def _unmet_fraction(instance: Instance, plan: Plan) -> float:
    """The part of all queries that nobody serves, by their rates; by types where none ever comes."""
    shares = {entry.query: entry.fraction for entry in plan.unmet}
    rates = instance.numbers("queries[*].rate_per_hour")
    listed = [shares.get(name, 0.0) for name in instance.queries]
    if sum(rates) > 0:
        return sum(rate * share for rate, share in zip(rates, listed)) / sum(rates)
    return sum(listed) / len(listed)


def failed(message: str) -> Row:
    """What a cell comes to that could not be solved."""
    return {**dict.fromkeys(RESULTS), "status": "error", "error": message}


def solve_cell(instance: Instance, paths: Sequence[str], values: Sequence[Any],
               options: Mapping[str, Any], running: Any = None) -> Row:
    """What it comes to. ``running`` is told of the model while it is solved."""
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
        made.update(rental_usd=plan.costs.rental_usd, storage_usd=plan.costs.storage_usd,
                    delay_usd=plan.costs.delay_usd, unmet_usd=plan.costs.unmet_usd,
                    gpus=sum(entry.gpus for entry in plan.deployments),
                    deployments=len(plan.deployments),
                    unmet_fraction=_unmet_fraction(own, plan))
    return made


@functools.lru_cache(maxsize=1)
def _instance_of(source: Union[bytes, str]) -> Instance:
    if isinstance(source, str):
        with open(source, "rb") as file:
            source = file.read()
    # It is only copied from, which several threads may do at once.
    return Instance.from_json(zlib.decompress(source))


def solve_cells(source: Union[bytes, str], paths: Sequence[str], cells: Sequence[Sequence[Any]],
                options: Mapping[str, Any]) -> List[Row]:
    """The same for several, of an instance as compressed text, or in a file of that: what an
    executor's workers are given."""
    instance = _instance_of(source)
    return [solve_cell(instance, paths, values, options) for values in cells]
