# SPDX-License-Identifier: MIT
"""The parts of the cost, from the library's table of them."""
import ctypes
from typing import NamedTuple, Tuple

from ._library import CostPartEntry, lib


class CostPart(NamedTuple):
    """A part of the total cost: its number in enum ifp_cost, whether it is charged over the penalty
    hours, and its names and colour, as in ifp_cost_part."""

    cost: int
    penalty: bool
    key: str
    label: str
    title: str
    colour: str


def _read() -> Tuple[CostPart, ...]:
    parts = []
    for index in range(lib.cost_part_count()):
        entry = CostPartEntry(ctypes.sizeof(CostPartEntry))
        lib.cost_part_get(index, ctypes.byref(entry))
        words = (entry.key, entry.label, entry.title, entry.colour)
        parts.append(CostPart(entry.cost, bool(entry.penalty), *(word.decode() for word in words)))
    return tuple(parts)


#: The parts in the order of the result document.
PARTS = _read()
