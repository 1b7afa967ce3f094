# SPDX-License-Identifier: MIT
"""Tries the values of a field before a sweep. The work grows with the size of the instance and with the
number of values, not with their product: numbers between two that are allowed need no trial."""
import math
import re
from bisect import bisect_left
from typing import Any, Callable, Dict, Optional, Sequence, Set, Tuple

from ._errors import InputError
from ._instance import Instance

# Fields that allow only some of the numbers between two that they allow; the last group is an entry.
_WHOLE = re.compile(r"policy\.max_replicas|tiers\[.*\]\.tp_degrees(\[(?:[0-9]+|\*)\])?", re.DOTALL)

# A field of all members of a list.
_EVERY = re.compile(r"(queries|models|tiers|pools)\[\*\](\.[a-z0-9_]+)")

# Other spellings of factors, and longer ones, are tried one by one.
_FACTOR = re.compile(r"scale:(-?(?:0|[1-9][0-9]{0,15})(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,3})?)")

_Put = Callable[[Instance, str, Any], None]


class _Range:
    """Numbers, or factors, that are allowed if they are between two that are allowed."""

    def __init__(self, values: Set[float]) -> None:
        self._sorted = sorted(values)
        self._low = self._high = -1  # what is known to be allowed, as places; -1: nothing yet

    def holds(self, value: float) -> bool:
        return self._low >= 0 and self._sorted[self._low] <= value <= self._sorted[self._high]

    def spread(self, value: float, allowed: Callable[[float], bool]) -> None:
        """From a value that is allowed, as far as it goes."""
        place = bisect_left(self._sorted, value)
        self._low = self._limit(place, 0, allowed)
        self._high = self._limit(place, len(self._sorted) - 1, allowed)

    def _limit(self, good: int, end: int, allowed: Callable[[float], bool]) -> int:
        if good == end or allowed(self._sorted[end]):
            return end
        bad = end
        while abs(bad - good) > 1:
            middle = (good + bad) // 2
            if allowed(self._sorted[middle]):
                good = middle
            else:
                bad = middle
        return good


class _Trial:
    def __init__(self, instance: Instance, path: str, put: _Put) -> None:
        self._instance = instance
        self._path = path
        self._put = put
        whole = _WHOLE.fullmatch(path)
        self._whole = whole is not None
        self._entries = whole is not None and whole.group(1) is not None
        every = _EVERY.fullmatch(path)
        self._one = every and f"{every.group(1)}[0]{every.group(2)}"
        self._lists = path.endswith((".tp_degrees", ".tp_speedup"))
        self._copy: Optional[Instance] = None
        # An entry of a list of degrees may be any degree that is not in the list.
        self._degrees = self._read_degrees() if self._entries else set()

    def _read_degrees(self) -> Set[float]:
        found: Set[float] = set()
        for at in range(len(self._instance.tiers)):
            try:
                found.update(self._instance.numbers(f"tiers[{at}].tp_degrees"))
            except InputError:  # never set
                pass
        return found

    def key(self, value: Any) -> Optional[Tuple[bool, float]]:
        """Whether it is a factor, and its number, if it may be judged by others; else None."""
        factor = isinstance(value, str)
        if factor:
            found = _FACTOR.fullmatch(value)
            if found is None or self._entries:
                return None
            number = float(found.group(1))
        elif isinstance(value, (int, float)):
            number = float(value)
        else:
            return None
        if not math.isfinite(number) or self._whole and not number.is_integer():
            return None
        return None if not factor and number in self._degrees else (factor, number)

    def set(self, value: Any) -> None:
        """As every cell does. InputError if it is refused."""
        if isinstance(value, str) and value.startswith("scale:") or self._copy is None:
            # What a value before has set would be scaled.
            self._copy = self._instance.copy()
        if self._one and not (isinstance(value, str) and value.startswith("scale:")) and \
                (self._lists or not isinstance(value, list)):
            # What one member takes, all do.
            try:
                self._put(self._copy, self._one, value)
                return
            except InputError:
                pass  # the error is to name the path that was given
        self._put(self._copy, self._path, value)

    def allows(self, value: Any) -> bool:
        try:
            self.set(value)
        except InputError:
            return False
        return True


def try_values(instance: Instance, path: str, values: Sequence[Any], put: _Put) -> None:
    """Set each in a copy of the instance, by ``put``. InputError for the first that is refused."""
    trial = _Trial(instance, path, put)
    keys = [trial.key(value) for value in values]
    ranges: Dict[bool, _Range] = {factor: _Range({key[1] for key in keys if key and key[0] is factor})
                                  for factor in (False, True)}
    spelled: Dict[Tuple[bool, float], Any] = dict((key, value) for key, value in zip(keys, values) if key)
    seen: Set[Any] = set()
    for key, value in zip(keys, values):
        if key is not None:
            factor, number = key
            if not ranges[factor].holds(number):
                trial.set(value)
                ranges[factor].spread(number, lambda other: trial.allows(spelled[factor, other]))
            continue
        same: Any = tuple(value) if isinstance(value, list) else value
        if same not in seen:
            trial.set(value)
            seen.add(same)
