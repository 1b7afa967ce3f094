# SPDX-License-Identifier: MIT
"""Fits the law of an instance's profiles to runs: 1 / TPOT falls linearly with the rate.

An engine's iteration takes T = a / (1 - rate W), with W = b h + g f + k f (h + (f + 1) / 2) ms of
engine time per request of h input and f output tokens (docs/formulation.md). So 1 / T = 1 / a -
rate W / a is linear in 1 / a, b / a, g / a and k / a, and runs of all lengths and rates are fitted
at once by least squares with coefficients of at least 0.

Runs of one length determine a and W alone. The time to the first token, (1 + chunks) T + b h, tells
b from the rest. What neither determines is shared out as if input and output tokens cost the same,
which is what the arithmetic of a forward pass costs.
"""
import math
import statistics
from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

from ._least_squares import nonnegative_least_squares
from ._runs import Run, groups_of

# The weight of an equation for the time to the first token beside one for 1 / TPOT, both relative.
# Large enough to decide what the rates leave open, and small enough to bend nothing else.
_FIRST_TOKEN_WEIGHT = 0.1
# The weight of "input and output tokens cost the same, context costs nothing".
_EVEN_WEIGHT = 1e-4
# The least part of the time to the first token that must not be iterations, for it to say anything
# about prefill.
_PREFILL_MIN = 0.05
# Context gets a cost of its own if that divides the largest error by at least this.
_CONTEXT_GAIN = 1.25


@dataclass(frozen=True)
class Law:
    """The law's parameters in ms, as in a profile. ``chunk_tokens`` is None without chunked
    prefill."""

    iteration_ms: float
    prefill_ms_per_token: float
    decode_ms_per_token: float
    context_ms_per_token: float = 0
    chunk_tokens: Optional[int] = None

    def work_ms(self, inputs: float, outputs: float) -> float:
        """The engine time of a request."""
        return (self.prefill_ms_per_token * inputs + self.decode_ms_per_token * outputs
                + self.context_ms_per_token * context_of(inputs, outputs))

    def tpot_ms(self, per_second: float, inputs: float, outputs: float) -> float:
        """The time per token at a rate. Infinite at a rate that the law does not bear."""
        idle = 1 - per_second / 1000 * self.work_ms(inputs, outputs)
        return self.iteration_ms / idle if idle > 0 else math.inf

    def rate_per_second(self, pace_ms: float, inputs: float, outputs: float) -> float:
        """The rate that fills one replica at a pace, at most 0 if the pace is not possible."""
        return 1000 * (1 - self.iteration_ms / pace_ms) / self.work_ms(inputs, outputs)

    def ttft_ms(self, pace_ms: float, inputs: float) -> float:
        return ((1 + chunks_of(inputs, self.chunk_tokens)) * pace_ms
                + self.prefill_ms_per_token * inputs)


@dataclass(frozen=True)
class FittedRun:
    """A run, its time per token by the law, and the relative error of that."""

    run: Run
    tpot_ms: float
    law_tpot_ms: float

    @property
    def error(self) -> float:
        return abs(self.law_tpot_ms / self.tpot_ms - 1)


@dataclass(frozen=True)
class Fit:
    """How well the law fits some runs. Errors are those of the time per token, relative to what was
    measured; infinite if a run served more than the law bears. They are None if there are not more
    runs than parameters, since the law then goes through all of them. ``r2`` is that of 1 / TPOT.
    ``ttft_shortfall`` is the largest part of a measured time to the first token that the law does
    not account for, at the lower half of the rates. ``even`` says that the runs do not determine
    how the work is shared between input and output tokens."""

    law: Law
    statistic: str
    runs: Tuple[FittedRun, ...]
    largest_error: Optional[float]
    median_error: Optional[float]
    r2: Optional[float]
    ttft_shortfall: Optional[float]
    even: bool = False


def context_of(inputs: float, outputs: float) -> float:
    """The tokens of context that all output tokens of a request read."""
    return outputs * (inputs + (outputs + 1) / 2)


def chunks_of(inputs: float, chunk_tokens: Optional[int]) -> int:
    return 1 if chunk_tokens is None else math.ceil(inputs / chunk_tokens - 1e-12)


def fitted(runs: Sequence[Run], statistic: str, chunk_tokens: Optional[int]) -> Optional[Fit]:
    """The law of runs that have the statistic of TPOT. None if they do not tell how the time per
    token grows with the rate: one run only, one rate only, or no growth."""
    if len({run.rate_per_second for run in runs}) < 2:
        return None
    groups = groups_of(runs)
    firsts = _first_tokens(groups, statistic, chunk_tokens)
    if len(groups) == 1:
        law = _of_one_length(groups[0], statistic, chunk_tokens, firsts)
        unknowns = 2
    else:
        law = _of_lengths(runs, statistic, chunk_tokens, firsts, False)
        unknowns = 3
        if law is not None and len(groups) + (1 if firsts else 0) > 2:
            bent = _of_lengths(runs, statistic, chunk_tokens, firsts, True)
            if bent is not None and _largest(bent, runs, statistic) * _CONTEXT_GAIN < _largest(
                    law, runs, statistic):
                law, unknowns = bent, 4
    if law is None or not all(law.work_ms(run.input_tokens, run.output_tokens) > 0 for run in runs):
        return None
    return measured(law, runs, statistic, unknowns, len(groups) == 1 and not firsts)


def measured(law: Law, runs: Sequence[Run], statistic: str, unknowns: int, even: bool) -> Fit:
    """How well a law fits runs."""
    each = tuple(FittedRun(run, run.tpot_ms[statistic], law.tpot_ms(
        run.rate_per_second, run.input_tokens, run.output_tokens)) for run in runs)
    known = len(runs) > unknowns
    errors = [one.error for one in each]
    return Fit(law, statistic, each, max(errors) if known else None,
               statistics.median(errors) if known else None, _r2(each) if known else None,
               _shortfall(law, runs, statistic), even)


def _largest(law: Law, runs: Sequence[Run], statistic: str) -> float:
    return max(one.error for one in measured(law, runs, statistic, 0, False).runs)


def _r2(runs: Sequence[FittedRun]) -> Optional[float]:
    values = [1 / one.tpot_ms for one in runs]
    mean = math.fsum(values) / len(values)
    total = math.fsum((value - mean) ** 2 for value in values)
    # A law that does not bear a rate gives 1 / infinity there.
    rest = math.fsum((value - 1 / one.law_tpot_ms) ** 2 for value, one in zip(values, runs))
    return 1 - rest / total if total > 0 else None


def _shortfall(law: Law, runs: Sequence[Run], statistic: str) -> Optional[float]:
    found = []
    for group in groups_of(runs):
        for run in group[:(len(group) + 1) // 2]:
            first = run.ttft_ms.get(statistic)
            if first:
                found.append(1 - law.ttft_ms(run.tpot_ms[statistic], run.input_tokens) / first)
    return max(0.0, *found) if found else None


# Input tokens, the time to the first token, and the part of it that is not iterations.
_First = Tuple[float, float, float]


def _first_tokens(groups: Sequence[Sequence[Run]], statistic: str,
                  chunk_tokens: Optional[int]) -> List[_First]:
    """What the time to the first token says about prefill, from the run of each length with the
    lowest rate: at higher rates it contains waiting."""
    found = []
    for group in groups:
        run = group[0]
        first = run.ttft_ms.get(statistic)
        if first and run.input_tokens > 0:
            rest = first - (1 + chunks_of(run.input_tokens, chunk_tokens)) * run.tpot_ms[statistic]
            if rest > _PREFILL_MIN * first:
                found.append((run.input_tokens, first, rest))
    return found


def _of_one_length(runs: Sequence[Run], statistic: str, chunk_tokens: Optional[int],
                   firsts: Sequence[_First]) -> Optional[Law]:
    rows = [(1.0, -run.rate_per_second) for run in runs]
    values = [1 / run.tpot_ms[statistic] for run in runs]
    inverse, slope = nonnegative_least_squares(rows, values)
    if inverse <= 0 or slope <= 0:
        return None
    inputs = math.fsum(run.input_tokens for run in runs) / len(runs)
    outputs = math.fsum(run.output_tokens for run in runs) / len(runs)
    return shared(1 / inverse, 1000 * slope / inverse, inputs, outputs,
                  firsts[0] if firsts else None, chunk_tokens)


def shared(iteration_ms: float, work_ms: float, inputs: float, outputs: float,
           first: Optional[_First], chunk_tokens: Optional[int]) -> Law:
    """The law of one length, whose work is shared between input and output tokens by the time to
    the first token, or else evenly."""
    if first is None:
        each = work_ms / (inputs + outputs)
        return Law(iteration_ms, each, each, 0.0, chunk_tokens)
    prefill = min(first[2] / first[0], work_ms / inputs)
    return Law(iteration_ms, prefill, max(0.0, work_ms - prefill * inputs) / outputs, 0.0,
               chunk_tokens)


def _of_lengths(runs: Sequence[Run], statistic: str, chunk_tokens: Optional[int],
                firsts: Sequence[_First], with_context: bool) -> Optional[Law]:
    # The unknowns are 1 / a, and b / a, g / a, k / a per 1000 ms.
    rows: List[Tuple[float, ...]] = []
    values: List[float] = []
    for run in runs:
        rate = run.rate_per_second
        rows.append((1.0, -rate * run.input_tokens, -rate * run.output_tokens,
                     -rate * context_of(run.input_tokens, run.output_tokens)))
        values.append(1 / run.tpot_ms[statistic])
    for inputs, first, rest in firsts:
        # rest / a = b h / a; the rates count requests per second, and the times are in ms.
        rows.append((_FIRST_TOKEN_WEIGHT * rest / first,
                     -_FIRST_TOKEN_WEIGHT * 1000 * inputs / first, 0.0, 0.0))
        values.append(0.0)
    largest = max(runs, key=lambda run: run.rate_per_second * (run.input_tokens
                                                               + run.output_tokens))
    scale = _EVEN_WEIGHT * largest.rate_per_second * largest.input_tokens
    rows.append((0.0, scale, -scale, 0.0))
    values.append(0.0)
    count = 4 if with_context else 3
    inverse, *others = nonnegative_least_squares([row[:count] for row in rows], values)
    if inverse <= 0:
        return None
    prefill, decode, context = (1000 * one / inverse for one in (*others, 0.0)[:3])
    return Law(1 / inverse, prefill, decode, context, chunk_tokens)
