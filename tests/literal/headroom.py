# SPDX-License-Identifier: MIT
"""Head-room: how much load m replicas may carry, in replicas."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Dict, Optional

from decimals import Document, exact


def delayed(servers: int, offered: float) -> float:
    """Erlang's delay formula: the probability that an arrival waits, offered < servers."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = offered * blocked / (n + offered * blocked)
    return blocked / (1 - offered / servers * (1 - blocked))


def waits(servers: int, offered: float, wait: float, service: float, cv2: float) -> float:
    """P(wait > w) by Kimura's approximation for M/G/N."""
    if offered >= servers:
        return 1.0
    decay = 2 * (servers - offered) * wait / ((1 + cv2) * service)
    return delayed(servers, offered) * math.exp(-decay)


class Headroom:
    """A head-room object, or None: m replicas carry m. `load` is L(m), and L(0) is 0."""

    def __init__(self, data: Optional[Document]) -> None:
        self.data = data
        self._known: Dict[int, Fraction] = {}

    @property
    def linear(self) -> bool:
        """Whether L is proportional to m."""
        return self.data is None or "utilization" in self.data

    def load(self, m: int) -> Fraction:
        if m not in self._known:
            self._known[m] = self._load(m)
        return self._known[m]

    def _load(self, m: int) -> Fraction:
        if self.data is None or m == 0:
            return Fraction(m)
        if "utilization" in self.data:
            return exact(self.data["utilization"]) * m
        if "table" in self.data:
            return self._table(m)
        return self._pooled(m)

    def _table(self, m: int) -> Fraction:
        """Beyond the end of the table its last step repeats."""
        assert self.data is not None
        table = [Fraction(0)] + [exact(entry) for entry in self.data["table"]]
        last = len(table) - 1
        if m <= last:
            return table[m]
        return table[last] + (m - last) * (table[last] - table[last - 1])

    def _pooled(self, m: int) -> Fraction:
        """The largest load at which at most 1 - q of the requests wait longer than w."""
        assert self.data is not None
        slots: int = self.data["slots"]
        allowed = float(1 - exact(self.data["quantile"]))
        wait, service = float(self.data["wait_ms"]), float(self.data["service_ms"])
        cv2 = float(self.data.get("cv2", 1))
        if allowed >= 1:
            return Fraction(m)
        low, high = 0.0, float(m)
        while True:
            middle = (low + high) / 2
            if middle in (low, high):
                return Fraction(low)
            if waits(slots * m, slots * middle, wait, service, cv2) <= allowed:
                low = middle
            else:
                high = middle
