# SPDX-License-Identifier: MIT
"""The measured curve of one length: what a replica bears at a pace, read off between runs.

Between two runs, 1 / TPOT and the other figures are linear in the rate. Noise that would make a
figure better at a higher rate is averaged out (isotonic regression by pooling adjacent violators),
so that each pace has one rate. Nothing is read beyond the first and the last run.
"""
import math
import statistics
from bisect import bisect_right
from typing import Callable, List, Optional, Sequence, Tuple

from ._runs import Run, are_alike

# With fewer rates than this, a curve is too coarse to read off rates in between.
RATES_MIN = 4
_STEPS = 60


class Curve:
    """The runs of one length, by rate.

    ``input_tokens`` and ``output_tokens`` are their means. ``fastest_ms`` and ``slowest_ms`` are
    the least and the largest time per token, and ``rates`` the requests per second, ascending.
    ``errors`` are the relative errors of the time per token of each run but the first and the last,
    as read off the curve of the others."""

    def __init__(self, runs: Sequence[Run], statistic: str) -> None:
        self.runs = tuple(sorted(runs, key=lambda run: run.rate_per_second))
        self.statistic = statistic
        self.input_tokens = math.fsum(run.input_tokens for run in runs) / len(runs)
        self.output_tokens = math.fsum(run.output_tokens for run in runs) / len(runs)
        inverse = self._figure(lambda run: 1 / run.tpot_ms[statistic], falling=True)
        assert inverse is not None
        self.rates, self._inverse = inverse
        self.fastest_ms, self.slowest_ms = 1 / self._inverse[0], 1 / self._inverse[-1]
        self._first = self._figure(lambda run: run.ttft_ms.get(statistic), falling=False)
        self.errors = self._left_out_errors()

    def _figure(self, value: Callable[[Run], Optional[float]], falling: bool
                ) -> Optional[Tuple[List[float], List[float]]]:
        """The rates, and a figure at each, monotone. None if a run does not have it."""
        rates: List[float] = []
        values: List[List[float]] = []
        for run in self.runs:
            found = value(run)
            if found is None:
                return None
            if rates and rates[-1] == run.rate_per_second:
                values[-1].append(found)
            else:
                rates.append(run.rate_per_second)
                values.append([found])
        sign = -1 if falling else 1
        means = [(sign * math.fsum(one) / len(one), len(one)) for one in values]
        return rates, [sign * one for one in _isotonic(means)]

    def _left_out_errors(self) -> List[float]:
        found = []
        for at in range(1, len(self.rates) - 1):
            low, high = self.rates[at - 1], self.rates[at + 1]
            along = (self.rates[at] - low) / (high - low)
            read = self._inverse[at - 1] + along * (self._inverse[at + 1] - self._inverse[at - 1])
            here = [1 / run.tpot_ms[self.statistic] for run in self.runs
                    if run.rate_per_second == self.rates[at]]
            found.append(abs(statistics.fmean(here) / read - 1))
        return found

    def matches(self, inputs: float, outputs: float) -> bool:
        """True if requests of this length were measured here."""
        return are_alike((self.input_tokens, self.output_tokens), (inputs, outputs))

    def rate_at(self, pace_ms: float) -> float:
        """The largest rate at which a token takes at most ``pace_ms``: that of the last run beyond
        ``slowest_ms``. ``pace_ms`` is at least ``fastest_ms``."""
        wanted = 1 / pace_ms
        if wanted <= self._inverse[-1]:
            return self.rates[-1]
        at = max(place for place, one in enumerate(self._inverse)
                 if one >= wanted * (1 - 1e-12) or place == 0)
        if at + 1 == len(self.rates) or self._inverse[at] == self._inverse[at + 1]:
            return self.rates[at]
        along = (self._inverse[at] - wanted) / (self._inverse[at] - self._inverse[at + 1])
        return self.rates[at] + min(1.0, max(0.0, along)) * (self.rates[at + 1] - self.rates[at])

    def tpot_at(self, rate: float) -> float:
        return 1 / _read(self.rates, self._inverse, rate)

    def ttft_at(self, rate: float) -> Optional[float]:
        """None if a run does not have the statistic of the time to the first token."""
        return None if self._first is None else _read(*self._first, rate)

    def spread_at(self, rate: float, percentile: str) -> Optional[Tuple[float, float]]:
        """By how much a percentile of the time to the first token, and of the time per token, is
        above the statistic of the curve: the larger of the two runs around the rate. None if a run
        does not have it."""
        at = min(max(bisect_right(self.rates, rate), 1), max(len(self.rates) - 1, 1))
        around = self.rates[at - 1:at + 1]
        spreads = [spread_of(run, self.statistic, percentile) for run in self.runs
                   if run.rate_per_second in around]
        known = [one for one in spreads if one is not None]
        if len(known) < len(spreads):
            return None
        return max(one[0] for one in known), max(one[1] for one in known)

    def attainment_at(self, rate: float, attained: Callable[[Run], Optional[float]]
                      ) -> Optional[float]:
        """A fraction that falls with the rate. None if a run does not have it."""
        figure = self._figure(attained, falling=True)
        return None if figure is None else _read(*figure, rate)

    def pace_within(self, holds: Callable[[float], bool]) -> Optional[float]:
        """The pace at the largest rate for which something holds that holds for all lower rates.
        None if it holds nowhere."""
        low, high = self.rates[0], self.rates[-1]
        if not holds(low):
            return None
        if holds(high):
            return self.slowest_ms
        for _ in range(_STEPS):
            middle = (low + high) / 2
            low, high = (middle, high) if holds(middle) else (low, middle)
        return self.tpot_at(low)


def spread_of(run: Run, statistic: str, percentile: str) -> Optional[Tuple[float, float]]:
    """By how much a percentile is above a statistic, for the first token and for each further one.
    None if the run does not have them. A percentile of single gaps between tokens is not one of
    requests: each request has some long gaps."""
    if run.tpot_is_itl:
        return None
    found = []
    for latency in (run.ttft_ms, run.tpot_ms):
        usual, high = latency.get(statistic), latency.get(percentile)
        if usual is None or high is None:
            return None
        found.append(max(0.0, high - usual))
    return found[0], found[1]


def _isotonic(means: Sequence[Tuple[float, int]]) -> List[float]:
    """The nondecreasing values next to the given ones, each with a weight."""
    pools: List[Tuple[float, int, int]] = []  # mean, weight, entries
    for value, weight in means:
        pools.append((value, weight, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            last, before = pools.pop(), pools.pop()
            total = last[1] + before[1]
            pools.append(((last[0] * last[1] + before[0] * before[1]) / total, total,
                          last[2] + before[2]))
    return [value for value, _, count in pools for _ in range(count)]


def _read(rates: Sequence[float], values: Sequence[float], rate: float) -> float:
    """A figure at a rate, linear between the runs around it."""
    if rate <= rates[0]:
        return values[0]
    if rate >= rates[-1]:
        return values[-1]
    at = bisect_right(rates, rate)
    along = (rate - rates[at - 1]) / (rates[at] - rates[at - 1])
    return values[at - 1] + along * (values[at] - values[at - 1])
