# SPDX-License-Identifier: MIT
"""Makes tiers and their pools from a price list."""
import math
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from .. import catalogue
from ._files import (LARGEST, Source, column_of, header_of, length_checked, name_of, opened,
                     refusal, rows_of, shown)

_COLUMNS = ("gpu", "usd_per_hour", "name", "precision", "memory_gb", "tflops", "tp_degrees",
            "tp_speedup", "gpus", "pool", "gpus_per_instance")
# The largest degree that an instance file allows.
_MOST_DEGREE = 1000000


class Prices(NamedTuple):
    """The ``tiers`` and ``pools`` of an instance file."""

    tiers: List[Dict[str, Any]]
    pools: List[Dict[str, Any]]


def read_prices(source: Source) -> Prices:
    """Read tiers from a CSV file with a row for each GPU at one precision. Unknown columns are
    refused, so that a misspelt one is not ignored. All columns but the first two are optional, and
    their cells may be empty:

    - ``gpu``: its name, as in ``inferplan.catalogue`` unless the row has all other facts
    - ``usd_per_hour``: the price of one GPU, or of an instance with ``gpus_per_instance``
    - ``name``: the tier's name; default GPU-PRECISION
    - ``precision``: FP16 (the default), BF16, FP8, INT8 or INT4; sets ``weight_scale``,
      ``kv_scale``, and the compute figure of the catalogue that is used
    - ``memory_gb``: default: the catalogue's
    - ``tflops``: default: the catalogue's at this precision
    - ``tp_degrees``: such as 1;2;4; default: the powers of two up to ``gpus_per_instance``
    - ``tp_speedup``: such as 1;1.8;3.1, one for each degree; default: the instance file's
    - ``gpus``: the number of GPUs in the pool; default: no pool
    - ``pool``: the pool's name; default: the GPU's name, if a row of that pool has ``gpus``
    - ``gpus_per_instance``: default 1

    ``source`` is a path or a file object. InputError names the file, the line, the column, what was
    found and what is allowed. FileError if the file cannot be read.

    >>> import io
    >>> from inferplan.importers import read_prices
    >>> tiers, pools = read_prices(io.StringIO('''gpu,usd_per_hour,precision,gpus_per_instance,gpus
    ... H100-SXM,56.00,FP8,8,16
    ... '''))
    >>> tiers  # doctest: +NORMALIZE_WHITESPACE
    [{'name': 'H100-SXM-FP8', 'memory_gb': 80.0, 'tflops': 1978.9, 'usd_per_hour': 7.0,
      'tp_degrees': [1, 2, 4, 8], 'weight_scale': 0.5, 'kv_scale': 0.5, 'pool': 'H100-SXM'}]
    >>> pools
    [{'name': 'H100-SXM', 'gpus': 16}]
    """
    name = name_of(source)
    tiers: List[Dict[str, Any]] = []
    lines: Dict[str, int] = {}
    draws: List[Tuple[_Row, str, Optional[int]]] = []
    with opened(source) as text:
        rows = rows_of(text, name)
        header = header_of(rows, name)
        for column in header:
            if column not in _COLUMNS:
                raise refusal(f"{name}, header", f"column {shown(column)}", ", ".join(_COLUMNS))
        for column in _COLUMNS[:2]:
            column_of(header, column, name)
        for line, cells in rows:
            where = f"{name}, line {line}"
            length_checked(cells, header, where)
            row = _Row(where, dict(zip(header, (cell.strip() for cell in cells))))
            tier = _tier(row)
            if tier["name"] in lines:
                raise refusal(f"{where}, name", f"{shown(tier['name'])}, as in line "
                              f"{lines[tier['name']]}", "each name once (give one in column name)")
            lines[tier["name"]] = line
            tiers.append(tier)
            draws.append((row, row.text("pool") or row.text("gpu"), row.whole("gpus", 0)))
    if not tiers:
        raise refusal(name, "no row", "at least one row after the names of the columns")
    return Prices(tiers, _pools(tiers, draws))


class _Row:
    """The cells of a row, by column."""

    def __init__(self, where: str, cells: Dict[str, str]) -> None:
        self.where = where
        self._cells = cells

    def text(self, column: str) -> str:
        return self._cells.get(column, "")

    def refused(self, column: str, allowed: str) -> Exception:
        found = self.text(column)
        return refusal(f"{self.where}, {column}", shown(found) if found else "nothing", allowed)

    def number(self, column: str, above: bool) -> Optional[float]:
        """The number in a cell, above 0 if ``above``, else at least 0. None if the cell is
        empty."""
        cell = self.text(column)
        return self._parsed(cell, column, above) if cell else None

    def whole(self, column: str, least: int) -> Optional[int]:
        found = self.number(column, False)
        if found is None:
            return None
        if found < least or found != math.floor(found):
            raise self.refused(column, f"a whole number, at least {least}")
        return int(found)

    def numbers(self, column: str) -> Optional[List[float]]:
        """The numbers in a cell, above 0 and separated by semicolons. None if the cell is empty."""
        cell = self.text(column)
        return [self._parsed(part, column, True) for part in cell.split(";")] if cell else None

    def _parsed(self, text: str, column: str, above: bool) -> float:
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not 0 <= found <= LARGEST or (above and not found):
            raise self.refused(column, f"{'above' if above else 'at least'} 0, and at most 1e15")
        return found


def _tier(row: _Row) -> Dict[str, Any]:
    gpu, precision = row.text("gpu"), row.text("precision") or "FP16"
    if not gpu:
        raise row.refused("gpu", "the name of a GPU")
    if precision not in catalogue.PRECISIONS:
        raise row.refused("precision", ", ".join(catalogue.PRECISIONS))
    price = row.number("usd_per_hour", False)
    if price is None:
        raise row.refused("usd_per_hour", "a number from 0 up")
    together = row.whole("gpus_per_instance", 1) or 1
    if together > _MOST_DEGREE:
        raise row.refused("gpus_per_instance", f"at most {_MOST_DEGREE}")
    memory, tflops = row.number("memory_gb", True), row.number("tflops", True)
    known = catalogue.gpus()
    if gpu in known:
        memory = known[gpu].memory_gb if memory is None else memory
        if tflops is None:
            if precision not in known[gpu].precisions:
                raise row.refused("precision", f"{', '.join(known[gpu].precisions)} for a {gpu} "
                                  "without tflops of its own")
            tflops = known[gpu].tflops(precision)
    elif memory is None or tflops is None:
        raise row.refused("gpu", f"{', '.join(known)}, or another with memory_gb and tflops")
    scales = catalogue.PRECISIONS[precision]
    tier: Dict[str, Any] = {
        "name": row.text("name") or f"{gpu}-{precision}", "memory_gb": memory, "tflops": tflops,
        "usd_per_hour": price / together, "tp_degrees": _degrees(row, together),
        "weight_scale": scales.weight_scale, "kv_scale": scales.kv_scale}
    speedup = row.numbers("tp_speedup")
    if speedup is not None:
        if len(speedup) != len(tier["tp_degrees"]):
            raise row.refused("tp_speedup", f"{len(tier['tp_degrees'])} numbers, one for each "
                              "degree")
        tier["tp_speedup"] = speedup
    return tier


def _degrees(row: _Row, together: int) -> List[int]:
    given = row.numbers("tp_degrees")
    if given is None:
        return [2 ** power for power in range(together.bit_length())]
    if len(set(given)) < len(given) or any(
            one != math.floor(one) or one > _MOST_DEGREE for one in given):
        raise row.refused("tp_degrees", "distinct whole numbers from 1 to "
                          f"{_MOST_DEGREE}, such as 1;2;4")
    return [int(one) for one in given]


def _pools(tiers: List[Dict[str, Any]],
           draws: List[Tuple[_Row, str, Optional[int]]]) -> List[Dict[str, Any]]:
    """The pools. Also sets the pool of each tier.

    All rows of a pool must give the same number of GPUs. A row without one could mean an unlimited
    pool. If a stock shared by two precisions were counted twice, a plan could rent GPUs that do not
    exist.
    """
    sizes: Dict[str, Tuple[int, str]] = {}
    for row, pool, gpus in draws:
        if gpus is not None:
            sizes.setdefault(pool, (gpus, row.where))
    for tier, (row, pool, gpus) in zip(tiers, draws):
        if pool in sizes:
            size, where = sizes[pool]
            if gpus != size:
                raise row.refused("gpus", f"{size}, as {where} says for pool {pool}; or another "
                                  "pool")
            tier["pool"] = pool
        elif row.text("pool"):
            raise row.refused("gpus", f"how many there are in pool {pool}")
    return [{"name": pool, "gpus": size} for pool, (size, _) in sizes.items()]
