# SPDX-License-Identifier: MIT
"""The record of one run of a serving benchmark, and which runs of a table are meant and usable.

Readers (``_run_rows``) produce records; everything after them sees only records.
"""
import math
from dataclasses import dataclass, field
from typing import Callable, List, Mapping, Optional, Sequence, Tuple

from ._files import refusal, shown

# Runs that served less than this fraction of what was offered, or in which less than this fraction
# of the requests succeeded, say nothing about a load that a replica bears.
SERVED_MIN = 0.96
# A closed loop whose rate is less than this factor above that of a lower concurrency is saturated:
# more requests in flight wait longer, and no more are served.
_RISE_MIN = 1.01
# A client that keeps less than this fraction of its concurrency in flight is the limit itself.
_IN_FLIGHT_MIN = 0.9
# Lengths within this factor of each other are one length. Benchmarks with random lengths differ by
# a few percent from run to run.
ALIKE = 1.1

# Statistics ("mean", "p50", "p99") of a latency, in ms.
Latency = Mapping[str, float]


@dataclass(frozen=True)
class Run:
    """One run of a benchmark against one replica: how many requests of which length were offered
    and served per second, and what their users felt.

    ``offered_per_second`` is infinite if all requests were sent at once, and None for a closed loop
    of ``concurrency`` requests. ``completed`` and ``failed`` are numbers of requests, or fractions
    of them. Latencies are in ms by statistic, "mean" or a percentile such as "p99". ``requests``
    has (ttft, tpot, e2e) in ms of each request that succeeded, if the file has them.
    ``tpot_is_itl`` says that ``tpot_ms`` comes from the gaps between tokens: its mean is that of
    the requests, its percentiles are wider. None, or an empty mapping, stands for what the file
    does not say."""

    source: str
    input_tokens: float
    output_tokens: float
    served_per_second: Optional[float] = None
    offered_per_second: Optional[float] = None
    concurrency: Optional[float] = None
    ttft_ms: Latency = field(default_factory=dict)
    tpot_ms: Latency = field(default_factory=dict)
    e2e_ms: Latency = field(default_factory=dict)
    completed: Optional[float] = None
    failed: Optional[float] = None
    model: Optional[str] = None
    tier: Optional[str] = None
    tp_degree: Optional[int] = None
    requests: Sequence[Tuple[float, float, float]] = ()
    tpot_is_itl: bool = False

    @property
    def rate_per_second(self) -> float:
        """What was served; what was offered if the file does not say what was served."""
        rate = self.served_per_second
        if rate is None:
            rate = self.offered_per_second
        return math.nan if rate is None else rate

    @property
    def in_flight(self) -> Optional[float]:
        """The mean number of requests in flight, by Little's law."""
        mean = self.e2e_ms.get("mean")
        return None if mean is None else self.rate_per_second * mean / 1000

    @property
    def is_limited_by_client(self) -> bool:
        """True if a client in a closed loop kept fewer requests in flight than it was to."""
        flying = self.in_flight
        return (self.offered_per_second is None and self.concurrency is not None
                and flying is not None and flying < _IN_FLIGHT_MIN * self.concurrency)


@dataclass(frozen=True)
class LeftOut:
    """A run that was not used, and why."""

    run: Run
    reason: str


def are_alike(one: Tuple[float, float], other: Tuple[float, float]) -> bool:
    """True if two pairs of input and output tokens count as one length."""
    return all(max(a, b) <= ALIKE * min(a, b) for a, b in zip(one, other))


def groups_of(runs: Sequence[Run]) -> List[List[Run]]:
    """The runs by length, from short to long, each group by rate."""
    groups: List[List[Run]] = []
    for run in sorted(runs, key=lambda one: (one.input_tokens + one.output_tokens,
                                             one.input_tokens)):
        lengths = run.input_tokens, run.output_tokens
        for group in groups:
            if are_alike((group[0].input_tokens, group[0].output_tokens), lengths):
                group.append(run)
                break
        else:
            groups.append([run])
    for group in groups:
        group.sort(key=lambda one: one.rate_per_second)
    return groups


def selected(runs: Sequence[Run], model: str, tier: str, tp_degree: int,
             notes: List[str]) -> List[Run]:
    """The runs of one configuration. The names of the files need not be those of the instance: if
    all runs have one model or one GPU, it is the one that is meant, with a note.

    InputError if several models or GPUs remain, or if no run has the degree."""
    found = _named(runs, "model", model, lambda run: run.model, notes)
    found = _named(found, "tier", tier, lambda run: run.tier, notes)
    degrees = sorted({run.tp_degree for run in found if run.tp_degree is not None})
    if degrees and tp_degree not in degrees:
        raise refusal("tp_degree", str(tp_degree), "a degree of the runs: "
                      + ", ".join(map(str, degrees)))
    return [run for run in found if run.tp_degree in (None, tp_degree)]


def _named(runs: Sequence[Run], kind: str, name: str, value: Callable[[Run], Optional[str]],
           notes: List[str]) -> List[Run]:
    values = {each for each in map(value, runs) if each is not None}
    plain = name.casefold()
    same = {each for each in values
            if plain in (each.casefold(), each.rsplit("/", 1)[-1].casefold())}
    if len(same) > 1:
        same &= {name}
    if not same and len(values) == 1:
        same = values
        notes.append(f"the runs say {kind} {min(values)}; they are taken as those of {name}")
    if values and not same:
        names = ", ".join(sorted(values)[:12])
        raise refusal(kind, shown(name), f"a {kind} of the runs ({names}), or a choice by "
                      "where={column: value}")
    return [run for run in runs if value(run) is None or value(run) in same]


def usable(runs: Sequence[Run], notes: List[str]) -> Tuple[List[Run], List[LeftOut]]:
    """The runs that say what load a replica bears, by length and rate, and the others."""
    kept: List[Run] = []
    left: List[LeftOut] = []
    for group in groups_of(runs):
        rest: List[Run] = []
        for run in group:
            if any(_is_same(run, other) for other in rest):
                left.append(LeftOut(run, "the same as another run"))
                continue
            rest.append(run)
        for run in rest:
            reason = _reason(run, rest)
            if reason is None:
                kept.append(run)
            else:
                left.append(LeftOut(run, reason))
    limited = [run for run in kept if run.is_limited_by_client]
    if limited:
        first = min(limited, key=lambda run: run.concurrency or 0)
        notes.append(
            f"the client was the limit in {len(limited)} of {len(kept)} runs: it kept "
            f"{first.in_flight:.3g} requests in flight at concurrency {first.concurrency:g} "
            f"({first.source}). Rates and paces are those that were measured; more than the "
            "largest rate may be possible")
    return kept, left


def _is_same(one: Run, other: Run) -> bool:
    """Equal figures: one run in two files, as vLLM's sweeps write them."""
    return (one.rate_per_second == other.rate_per_second and one.ttft_ms == other.ttft_ms
            and one.tpot_ms == other.tpot_ms and one.concurrency == other.concurrency
            and one.offered_per_second == other.offered_per_second)


def _reason(run: Run, group: Sequence[Run]) -> Optional[str]:
    """Why a run says nothing about a load that a replica bears, or None."""
    served, offered = run.served_per_second, run.offered_per_second
    if offered is not None and math.isinf(offered):
        return "saturated: all requests were sent at once"
    if served is not None and offered is not None and served < SERVED_MIN * offered:
        return f"saturated: served {served:.4g} of {offered:.4g} requests per second"
    if run.completed is not None and run.failed:
        fraction = run.completed / (run.completed + run.failed)
        if fraction < SERVED_MIN:
            return f"only {100 * fraction:.3g} % of its requests succeeded"
    if offered is None and run.concurrency is not None and not run.is_limited_by_client:
        for other in group:
            if (other.offered_per_second is None and other.concurrency is not None
                    and other.concurrency < run.concurrency and not other.is_limited_by_client
                    and run.rate_per_second < _RISE_MIN * other.rate_per_second):
                return (f"saturated: {run.rate_per_second:.4g} requests per second at concurrency "
                        f"{run.concurrency:g}, and {other.rate_per_second:.4g} at "
                        f"{other.concurrency:g}")
    return None
