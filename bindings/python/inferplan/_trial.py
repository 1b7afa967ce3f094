# SPDX-License-Identifier: MIT
"""Tries the values of a field before a sweep. The work grows with the size of the instance plus the
number of values, not with their product, because numbers between two allowed numbers need no
trial."""
import math
import re
from bisect import bisect_left
from typing import Any, Callable, Dict, Optional, Sequence, Set, Tuple

from ._errors import InputError
from ._instance import Instance

# Fields that do not allow every number between two allowed numbers. The last group is an entry.
_WHOLE = re.compile(r"policy\.(?:max_replicas|paces|deployments_per_pair|headroom\.slots)|"
                    r"profiles\[.*\]\.(?:spare_replicas|min_replicas|max_sequences|chunk_tokens|"
                    r"headroom\.slots)|"
                    r"tiers\[.*\]\.tp_degrees(\[(?:[0-9]+|\*)\])?", re.DOTALL)

# Entries of other lists whose numbers must be distinct: each value is tried.
_DISTINCT = re.compile(r"profiles\[.*\]\.paces_ms\[(?:[0-9]+|\*)\]", re.DOTALL)

# A field of all members of a list.
_EVERY = re.compile(r"(queries|models|tiers|pools)\[\*\](\.[a-z0-9_]+)")

# Factors in other spellings, and longer ones, are tried one by one.
_FACTOR = re.compile(r"scale:(-?(?:0|[1-9][0-9]{0,15})(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,3})?)")

_Put = Callable[[Instance, str, Any], None]


class _Range:
    """Numbers or factors. Each one between two allowed ones is allowed."""

    def __init__(self, values: Set[float]) -> None:
        self._sorted = sorted(values)
        self._low = self._high = -1  # indices of the range known to be allowed; -1: unknown

    def holds(self, value: float) -> bool:
        return self._low >= 0 and self._sorted[self._low] <= value <= self._sorted[self._high]

    def spread(self, value: float, allowed: Callable[[float], bool]) -> None:
        """Extend the range from an allowed value as far as possible."""
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
        self._distinct = _DISTINCT.fullmatch(path) is not None
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
        """Whether the value is a factor, and its number. None if other values cannot decide whether
        it is allowed."""
        factor = isinstance(value, str)
        if self._distinct:
            return None
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
        """Set the value as every cell does. InputError if it is refused."""
        if isinstance(value, str) and value.startswith("scale:") or self._copy is None:
            # Otherwise a factor would scale the value that an earlier trial has set.
            self._copy = self._instance.copy()
        if self._one and not (isinstance(value, str) and value.startswith("scale:")) and \
                (self._lists or not isinstance(value, list)):
            # A value that one member accepts is accepted by all.
            try:
                self._put(self._copy, self._one, value)
                return
            except InputError:
                pass  # the error must name the path that was given
        self._put(self._copy, self._path, value)

    def allows(self, value: Any) -> bool:
        try:
            self.set(value)
        except InputError:
            return False
        return True


def try_values(instance: Instance, path: str, values: Sequence[Any], put: _Put) -> None:
    """Set each value in a copy of the instance with ``put``. InputError for the first one that is
    refused."""
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
