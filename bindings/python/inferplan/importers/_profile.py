# SPDX-License-Identifier: MIT
"""Makes a profile of an instance from the runs of serving benchmarks (docs/importers.md)."""
import math
import os
import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from .._arguments import flag, items, number, one_of, text as text_of, whole
from ._curve import RATES_MIN, Curve, spread_of
from ._files import refusal, shown
from ._law import Fit, Law, chunks_of, fitted, measured, shared
from ._profile_text import percent, text_of_profile
from ._run_rows import read_runs
from ._runs import ALIKE, LeftOut, Run, groups_of, selected, usable
from ._types import QueryType, types_of

# The head-room of a law: utilization is 1 minus its largest error, but at least this,
_UTILIZATION_MIN = 0.5
# and this if the runs do not tell the error.
_UTILIZATION_UNKNOWN = 0.8
# The fields of a head-room in an instance.
_HEADROOM = ("utilization", "wait_ms", "quantile", "slots", "service_ms", "cv2", "table")
# The number of paces where no limit asks for one, as the policy's default.
_PACES = 8
# A law's first pace is at least this factor above its iteration: at the iteration itself it bears
# no load.
_ABOVE_ITERATION = 1.01
# The part of one run's pace that is taken as its iteration if the run says nothing about it.
_ONE_RUN_ITERATION = 0.5
# Below this growth of the time per token over the runs, they say little about how it grows.
_GROWTH_MIN = 1.05
# Two paces that differ by rounding to 6 digits.
_CLOSE = 2e-5


@dataclass(frozen=True)
class MeasuredProfile:
    """A profile made from runs. ``profile`` is a member of an instance's ``profiles``. ``fit`` says
    how well the law fits all runs that were used (None if they do not determine one), ``curves``
    has the measured curve of each length, ``curve_fits`` the law of each curve alone, ``left_out``
    the runs that were not used and why, and ``notes`` what to know before using it. ``str()`` shows
    all of it."""

    profile: Dict[str, Any]
    fit: Optional[Fit]
    curves: Tuple[Curve, ...]
    curve_fits: Tuple[Optional[Fit], ...]
    left_out: Tuple[LeftOut, ...]
    notes: Tuple[str, ...]

    def __str__(self) -> str:
        return text_of_profile(self.profile, self.fit, self.curves, self.curve_fits, self.left_out,
                               self.notes)


def profile(files: Any, *, model: str, tier: str, tp_degree: int, queries: Any = None,
            form: Optional[str] = None, statistic: str = "mean", paces: Any = None,
            limits: Any = None, extrapolate: bool = False, headroom: Any = None,
            deviation: Optional[str] = "p99", where: Optional[Mapping[str, Any]] = None,
            input_tokens: Optional[float] = None, output_tokens: Optional[float] = None,
            chunk_tokens: Optional[int] = None, max_sequences: Optional[int] = None,
            network_ms: float = 0, spare_replicas: int = 0, min_replicas: int = 0
            ) -> MeasuredProfile:
    """Make the profile of one replica of ``model`` on ``tier`` at ``tp_degree`` from benchmark runs
    at several rates and lengths.

    ``files`` is a path, a folder of a vLLM sweep, a file object, the figures of one run as a
    mapping, a ``Run``, or a list of these. ``where`` chooses runs by the names and values of a
    file's figures. ``input_tokens`` and ``output_tokens`` are the lengths of runs that do not
    say theirs.

    ``form`` is "law", "points", or None: points if ``queries`` are given and one of them was
    measured at four rates or more, else the law. ``queries`` are the instance's queries, or map
    their names to (input tokens, output tokens). Points are written at ``paces``, or at the paces
    that the limits of the queries ask for (``limits`` maps names to more of them), or at eight
    paces. The law gets the same paces. Each must have been measured, and so must the lengths,
    unless ``extrapolate`` is True.

    ``statistic`` is that of all times: "mean" or a percentile such as "p95". ``deviation`` is the
    percentile up to which times may deviate, or None. ``headroom`` is a utilization or a headroom
    of the instance format; the default is what the law's largest error takes from one replica, and
    none for measured points. The other arguments are written into the profile.

    InputError names the file, the figure or the argument, what was found and what is allowed.
    FileError if a file cannot be read.

    >>> from inferplan.importers import profile
    >>> runs = [{"input_tokens": 512, "output_tokens": 256, "request_throughput": rate,
    ...          "mean_ttft_ms": 40, "mean_tpot_ms": 10 / (1 - 0.05 * rate)}
    ...         for rate in (2, 6, 10, 14)]
    >>> made = profile(runs, model="8B", tier="H100", tp_degree=1, paces=[20, 30])
    >>> made.profile["iteration_ms"], made.profile["paces_ms"], made.fit.largest_error < 1e-9
    (10.0, [20.0, 30.0], True)
    """
    for name, value in (("model", model), ("tier", tier)):
        text_of(name, value, "a name")
    whole("tp_degree", tp_degree, 1)
    if form is not None:
        one_of("form", form, ("law", "points"))
    _statistic("statistic", statistic)
    if deviation is not None:
        _statistic("deviation", deviation)
    flag("extrapolate", extrapolate)
    for name, count in (("chunk_tokens", chunk_tokens), ("max_sequences", max_sequences)):
        if count is not None:
            whole(name, count, 1)
    for name, count in (("spare_replicas", spare_replicas), ("min_replicas", min_replicas)):
        whole(name, count, 0)
    maker = _Maker(statistic, deviation, extrapolate,
                   number("network_ms", network_ms, "at least 0", least=0, most=1e15), chunk_tokens)
    maker.types = types_of(queries, limits)
    maker.wanted = None if paces is None else _paces(paces)
    maker.read(read_runs(files, input_tokens=input_tokens, output_tokens=output_tokens,
                         where=where), model, tier, tp_degree, files)
    made: Dict[str, Any] = {"model": model, "tier": tier, "tp_degree": int(tp_degree)}
    made.update({name: given for name, given in (
        ("spare_replicas", int(spare_replicas)), ("min_replicas", int(min_replicas)),
        ("network_ms", maker.network_ms)) if given})
    in_points = maker.has_points() if form is None else form == "points"
    written = maker.points() if in_points else maker.law(max_sequences)
    room = _headroom(headroom) if headroom is not None else (None if in_points
                                                             else maker.headroom())
    if room is not None:
        made["headroom"] = room
    made.update(written)
    made["x_fit"] = maker.figures()
    return MeasuredProfile(made, maker.fit, tuple(maker.curves), tuple(maker.curve_fits),
                           tuple(maker.left_out), tuple(maker.notes))


def _statistic(name: str, value: Any) -> None:
    word = value if isinstance(value, str) else ""
    match = re.fullmatch(r"p(\d+(?:\.\d+)?)", word, re.ASCII)
    if not (match and 0 < float(match.group(1)) < 100) and (word, name) != ("mean", "statistic"):
        raise refusal(name, shown(value), "\"mean\" or a percentile such as \"p99\""
                      if name == "statistic" else "a percentile such as \"p99\", or None")


def _paces(paces: Any) -> List[float]:
    found = sorted({number("paces", one, "numbers of ms above 0", above=0, most=1e15)
                    for one in items("paces", paces, "a list of ms per token")})
    if not found:
        raise refusal("paces", "no pace", "at least one, or None")
    return found


def _headroom(value: Any) -> Dict[str, Any]:
    if isinstance(value, Mapping):
        for key in value:
            if key not in _HEADROOM:
                raise refusal("headroom", shown(key), ", ".join(_HEADROOM))
        return dict(value)
    return {"utilization": number("headroom", value, "a utilization above 0 and at most 1, or a "
                                  "mapping as in an instance", above=0, most=1)}


def floored(value: float, digits: int = 6) -> float:
    """A positive number rounded down to some digits."""
    power = digits - 1 - math.floor(math.log10(value))
    scaled = math.floor(value * 10.0 ** power * (1 + 1e-12))
    return float(f"{scaled}e{-power}")


def rounded(value: float) -> float:
    return float(f"{value:.6g}")


@dataclass
class _Maker:
    """The state while a profile is made."""

    statistic: str
    deviation: Optional[str]
    extrapolate: bool
    network_ms: float
    chunk_tokens: Optional[int]
    types: List[QueryType] = field(default_factory=list)
    wanted: Optional[List[float]] = None
    runs: List[Run] = field(default_factory=list)
    fit: Optional[Fit] = None
    curves: List[Curve] = field(default_factory=list)
    curve_fits: List[Optional[Fit]] = field(default_factory=list)
    left_out: List[LeftOut] = field(default_factory=list)
    notes: List[str] = field(default_factory=list)

    # -- what was measured --

    def read(self, runs: Sequence[Run], model: str, tier: str, tp_degree: int, files: Any) -> None:
        place = os.fspath(files) if isinstance(files, (str, os.PathLike)) else "files"
        chosen = selected(runs, model, tier, tp_degree, self.notes)
        kept, self.left_out = usable(chosen, self.notes)
        self.runs = [run for run in kept if run.tpot_ms.get(self.statistic)]
        lacking = [run for run in kept if not run.tpot_ms.get(self.statistic)]
        self.left_out += [LeftOut(run, f"no {self.statistic} of the time per token")
                          for run in lacking]
        if not self.runs:
            if lacking:
                has = ", ".join(sorted(lacking[0].tpot_ms)) or "no time per token"
                raise refusal(f"{lacking[0].source}, statistic", self.statistic,
                              f"a statistic of the time per token that the runs have: {has}")
            first = self.left_out[0]
            raise refusal(str(place), f"no usable run of {len(chosen)}: {first.run.source} is "
                          f"{first.reason}", "a run that served what was offered")
        if any(run.served_per_second is None for run in self.runs):
            self.notes.append("some runs say only what was offered, not what was served: whether "
                              "they were saturated is not known")
        percentile = self.statistic != "mean"
        if percentile and any(run.tpot_is_itl for run in self.runs):
            self.notes.append(f"{self.statistic} of the time per token is that of the single gaps "
                              "between tokens, which is wider than that of requests")
        self.fit = fitted(self.runs, self.statistic, self.chunk_tokens)
        for group in groups_of(self.runs):
            self.curves.append(Curve(group, self.statistic))
            self.curve_fits.append(fitted(group, self.statistic, self.chunk_tokens))
        slow, fast = self.slowest, self.fastest
        if self.fit is not None and slow < _GROWTH_MIN * fast:
            self.notes.append(f"the time per token is {fast:.4g} to {slow:.4g} ms in all runs, "
                              "which says little about how it grows: measure at higher rates")
        if self.fit is not None and self.fit.even:
            self.notes.append("the runs do not tell how the work is shared between input and "
                              "output tokens; it is shared evenly. Measure a second length before "
                              "the law is used for others")

    @property
    def fastest(self) -> float:
        return min(curve.fastest_ms for curve in self.curves)

    @property
    def slowest(self) -> float:
        return max(curve.slowest_ms for curve in self.curves)

    def curve_of(self, query: QueryType) -> Optional[Curve]:
        """The curve of the length that was measured next to the query's. None if none is alike."""
        def distance(curve: Curve) -> float:
            return (abs(math.log((curve.input_tokens + 1) / (query.input_tokens + 1)))
                    + abs(math.log(curve.output_tokens / query.output_tokens)))

        alike = [curve for curve in self.curves
                 if curve.matches(query.input_tokens, query.output_tokens)]
        return min(alike, key=distance) if alike else None

    def check_length(self, query: QueryType) -> None:
        """InputError, or a note with ``extrapolate``, if a length is outside the measured ones."""
        outside = []
        for kind, tokens, found in (
                ("input_tokens", query.input_tokens, [one.input_tokens for one in self.curves]),
                ("output_tokens", query.output_tokens, [one.output_tokens for one in self.curves])):
            if not min(found) / ALIKE <= tokens <= max(found) * ALIKE:
                outside.append((kind, tokens, f"{min(found):.6g} to {max(found):.6g}"))
        for kind, tokens, between in outside:
            if not self.extrapolate:
                raise refusal(f"queries[{query.name}].{kind}", f"{tokens:g}",
                              f"{between}, as measured, or extrapolate=True")
            self.notes.append(f"extrapolated: {query.name} has {tokens:g} {kind}; measured were "
                              f"{between}")

    # -- paces --

    def check_pace(self, pace: float) -> None:
        """InputError, or a note with ``extrapolate``, if a pace is outside the measured ones."""
        if self.fastest * (1 - _CLOSE) <= pace <= self.slowest * (1 + _CLOSE):
            return
        between = f"{self.fastest:.6g} to {self.slowest:.6g} ms"
        if not self.extrapolate:
            raise refusal("paces", f"{pace:g}", f"{between}, as measured, or extrapolate=True")
        self.notes.append(f"extrapolated: a pace of {pace:g} ms; measured were {between}")

    def spaced(self, low: float) -> List[float]:
        """Paces from ``low`` to the slowest that was measured, each the same factor apart."""
        high = self.slowest
        if high <= low * (1 + _CLOSE):
            return [floored(high)]
        return [floored(low * (high / low) ** (at / (_PACES - 1))) for at in range(_PACES)]

    def clamped(self, query: QueryType, pace: float) -> Optional[float]:
        """A pace that a limit asks for, within what was measured. None if it is faster than all
        that was measured, with a note."""
        if self.extrapolate:
            if not self.fastest <= pace <= self.slowest:
                self.notes.append(f"extrapolated: {query.name} asks for a pace of {pace:.4g} ms; "
                                  f"measured were {self.fastest:.4g} to {self.slowest:.4g} ms")
            return pace
        if pace < self.fastest * (1 - _CLOSE):
            self.notes.append(f"{query.name} asks for a pace of {pace:.4g} ms, and the fastest "
                              f"that was measured is {self.fastest:.4g} ms: no pace is written "
                              "for it")
            return None
        if pace > self.slowest:
            self.notes.append(f"{query.name} would bear a pace of {pace:.4g} ms, and the slowest "
                              f"that was measured is {self.slowest:.4g} ms, which is written")
        return min(pace, self.slowest)

    # -- the law --

    def law(self, max_sequences: Optional[int]) -> Dict[str, Any]:
        """The fields of the law."""
        if self.fit is None:
            self.fit = self.of_one_run()
        law = self.fit.law
        for query in self.types:
            if self.curve_of(query) is None:
                self.check_length(query)
        made: Dict[str, Any] = {"iteration_ms": rounded(law.iteration_ms),
                                "prefill_ms_per_token": rounded(law.prefill_ms_per_token),
                                "decode_ms_per_token": rounded(law.decode_ms_per_token)}
        if law.context_ms_per_token:
            made["context_ms_per_token"] = rounded(law.context_ms_per_token)
        if max_sequences is not None:
            made["max_sequences"] = int(max_sequences)
        if law.chunk_tokens is not None:
            made["chunk_tokens"] = int(law.chunk_tokens)
        deviation = self.law_deviation()
        if deviation is not None:
            made["delay_deviation"] = deviation
        paces = self.law_paces(law, made["iteration_ms"])
        if paces is not None:
            made["paces_ms"] = paces
        else:
            self.notes.append("extrapolated: the law is used at every pace that limits ask for; "
                              f"measured were {self.fastest:.4g} to {self.slowest:.4g} ms")
        lengths = ", ".join(f"{one.input_tokens:.5g}/{one.output_tokens:.5g}"
                            for one in self.curves)
        self.notes.append(f"the law holds for the lengths that were measured ({lengths} "
                          "input/output tokens) and between them")
        if self.fit.ttft_shortfall is not None and self.fit.ttft_shortfall > 0.1:
            self.notes.append(f"up to {100 * self.fit.ttft_shortfall:.0f} % of the measured time "
                              "to the first token is not in the law: allow for it in "
                              "ttft_limit_ms, by network_ms, or by points")
        return made

    def of_one_run(self) -> Fit:
        """The law through runs at one rate only. InputError if there are several rates, at which
        the time per token does not grow."""
        rates = sorted({run.rate_per_second for run in self.runs})
        run = self.runs[0]
        if len(rates) > 1 or len(self.curves) > 1:
            raise refusal(
                run.source, f"a time per token that does not grow with the rate from "
                f"{rates[0]:.4g} to {rates[-1]:.4g} requests per second", "runs at higher rates, "
                "or the points of queries (queries=, form=\"points\")")
        pace, rate = run.tpot_ms[self.statistic], run.rate_per_second
        inputs, outputs = run.input_tokens, run.output_tokens
        first = run.ttft_ms.get(self.statistic)
        prefill = None
        if first and inputs > 0:
            rest = first - (1 + chunks_of(inputs, self.chunk_tokens)) * pace
            prefill = rest / inputs if rest > 0 else None
        # An output token is taken to cost what an input token does.
        load = 0.0 if prefill is None else rate / 1000 * prefill * (inputs + outputs)
        if prefill is not None and 0 < load < 1 - 1e-3:
            law = Law(pace * (1 - load), prefill, prefill, 0.0, self.chunk_tokens)
            how = "an output token is taken to cost what an input token does"
        else:
            work = 1000 * (1 - _ONE_RUN_ITERATION) / rate
            law = shared(pace * _ONE_RUN_ITERATION, work, inputs, outputs, None, self.chunk_tokens)
            how = f"{100 * _ONE_RUN_ITERATION:.0f} % of the pace is taken not to depend on the load"
        self.notes.append(
            f"one rate only, {rate:.4g} requests per second at {pace:.4g} ms per token: {how}. The "
            "law is right at this pace and length, and a guess elsewhere")
        return measured(law, self.runs, self.statistic, len(self.runs), prefill is None)

    def law_paces(self, law: Law, iteration_ms: float) -> Optional[List[float]]:
        """The paces of the law, or None if it is for any pace."""
        least = iteration_ms * (1 + _CLOSE)
        if self.wanted is not None:
            for pace in self.wanted:
                if pace <= least:
                    raise refusal("paces", f"{pace:g}", f"above iteration_ms, {iteration_ms:g}")
                self.check_pace(pace)
            return list(self.wanted)
        if self.extrapolate:
            return None
        found = set(self.spaced(max(self.fastest, _ABOVE_ITERATION * iteration_ms)))
        for query in self.types:
            computed = (1 - query.cached) * query.input_tokens
            chunks = chunks_of(computed, law.chunk_tokens)
            before = law.prefill_ms_per_token * computed + self.network_ms
            for limit in (query.tpot_limit_ms, (query.ttft_limit_ms - before) / (1 + chunks),
                          (query.delay_limit_ms - before) / (chunks + max(1, query.output_tokens))):
                within = self.clamped(query, limit) if 0 < limit < math.inf else None
                if within is not None:
                    found.add(floored(within))
        paces = sorted(pace for pace in found if pace > least)
        if not paces:
            raise refusal(self.runs[0].source, f"paces up to {self.slowest:.6g} ms, and a law "
                          f"whose iteration takes {iteration_ms:g} ms", "runs that the law fits, "
                          "or form=\"points\"")
        return paces

    def law_deviation(self) -> Optional[float]:
        """The largest part by which the end-to-end delay of a run's mean length may exceed it."""
        if self.deviation is None:
            return None
        found = []
        for run in self.runs:
            spread = spread_of(run, self.statistic, self.deviation)
            if spread is None:
                self.notes.append(f"no deviation: {run.source} does not have {self.deviation} of "
                                  "TTFT and TPOT")
                return None
            following = max(0.0, run.output_tokens - 1)
            found.append((spread[0] + following * spread[1]) / (
                run.ttft_ms[self.statistic] + following * run.tpot_ms[self.statistic]))
        return rounded(max(found))

    def error(self) -> Optional[float]:
        return None if self.fit is None else self.fit.largest_error

    def utilization(self) -> float:
        """What the error of the law leaves of a replica."""
        error = self.error()
        if error is None:
            return _UTILIZATION_UNKNOWN
        return max(_UTILIZATION_MIN, floored(1 - error, 4) if error < 1 else 0.0)

    def headroom(self) -> Dict[str, Any]:
        used, error = self.utilization(), self.error()
        if error is None:
            self.notes.append(f"utilization {used:g}: the runs do not tell the error of the law")
        elif error > 1 - _UTILIZATION_MIN:
            self.notes.append(f"the law does not fit these runs (largest error {percent(error)}); "
                              "use points, or leave out what is far beyond saturation")
        return {"utilization": used}

    # -- measured points --

    def has_points(self) -> bool:
        curves = [self.curve_of(query) for query in self.types]
        return any(curve is not None and len(curve.rates) >= RATES_MIN for curve in curves)

    def points(self) -> Dict[str, Any]:
        """The fields of measured points."""
        if not self.types:
            raise refusal("queries", "none", "the query types whose points are written")
        for query in self.types:
            if self.curve_of(query) is None:
                self.check_length(query)
                if self.fit is None:
                    raise refusal(f"queries[{query.name}]",
                                  f"{query.input_tokens:g}/{query.output_tokens:g} tokens", "a "
                                  "length that was measured: the runs determine no law for others")
                self.notes.append(
                    f"{query.name}: no run has about "
                    f"{query.input_tokens:g}/{query.output_tokens:g} tokens; its rates are the "
                    f"law's, times {self.utilization():g} for its error")
        points = []
        for pace in self.point_paces():
            entries = {}
            for query in self.types:
                entry = self.entry(query, pace)
                if entry is not None:
                    entries[query.name] = entry
            if entries:
                points.append({"name": f"{_decimal(pace)}ms", "tpot_ms": pace, "queries": entries})
        if not points:
            raise refusal("queries", "no pace that was measured for any of them",
                          f"limits that {self.fastest:.6g} to {self.slowest:.6g} ms per token meet")
        if any(run.offered_per_second is None for run in self.runs):
            self.notes.append("closed loops have no bursts: give headroom= or the policy's "
                              "head-room for arrivals at random")
        self.note_coarse()
        return {"points": points}

    def note_coarse(self) -> None:
        for query in self.types:
            curve = self.curve_of(query)
            if curve is not None and len(curve.rates) < RATES_MIN:
                self.notes.append(f"{query.name}: {len(curve.rates)} rates only, between which the "
                                  "curve is taken as straight")

    def point_paces(self) -> List[float]:
        if self.wanted is not None:
            for pace in self.wanted:
                self.check_pace(pace)
            return list(self.wanted)
        if not any(query.has_limit for query in self.types):
            return sorted(set(self.spaced(self.fastest * (1 + _CLOSE))))
        found = set()
        for query in self.types:
            for limit in self.limit_paces(query):
                within = self.clamped(query, limit)
                if within is not None:
                    found.add(floored(within) if floored(within) >= self.fastest else within)
        return sorted(found)

    def limit_paces(self, query: QueryType) -> List[float]:
        """The paces at which a query type just meets each of its limits."""
        found = [] if math.isinf(query.tpot_limit_ms) else [query.tpot_limit_ms]
        curve = self.curve_of(query)
        following = max(0.0, query.output_tokens - 1)
        for limit, each in ((query.ttft_limit_ms, 0.0), (query.delay_limit_ms, following)):
            if math.isinf(limit):
                continue
            if curve is None:
                law = self.known_law()
                start = law.prefill_ms_per_token * query.input_tokens + self.network_ms
                chunks = 1 + chunks_of(query.input_tokens, law.chunk_tokens)
                within: Optional[float] = (limit - start) / (chunks + each)
            else:
                within = self.pace_within(curve, limit - self.network_ms, each)
            if within is None or within <= 0:
                self.notes.append(f"{query.name}: no pace meets its limit of {limit:g} ms for "
                                  + ("the whole request" if each else "the first token"))
            else:
                found.append(within)
        return found

    def pace_within(self, curve: Curve, limit: float, following: float) -> Optional[float]:
        """The slowest pace at which the first token and some further ones come within a limit."""
        return curve.pace_within(lambda rate: self.first_token(curve, rate)
                                 + following * curve.tpot_at(rate) <= limit)

    def known_law(self) -> Law:
        if self.fit is None:
            raise refusal(self.runs[0].source, "runs that determine no law", "more rates")
        return self.fit.law

    def first_token(self, curve: Curve, rate: float) -> float:
        """InputError if the runs of a curve do not have the statistic of the time to the first
        token."""
        first = curve.ttft_at(rate)
        if first is None:
            lacking = next(run for run in curve.runs if run.ttft_ms.get(self.statistic) is None)
            has = ", ".join(sorted(lacking.ttft_ms)) or "none"
            raise refusal(f"{lacking.source}, statistic", self.statistic, "a statistic of the time "
                          f"to the first token that the run has: {has}")
        return first

    def entry(self, query: QueryType, pace: float) -> Optional[Dict[str, Any]]:
        """What was measured for a query type at a pace. None if it is faster than all that was
        measured for it, with a note."""
        curve = self.curve_of(query)
        if curve is None:
            return self.law_entry(query, pace)
        if pace < curve.fastest_ms * (1 - _CLOSE):
            if self.extrapolate:
                return self.law_entry(query, pace)
            self.notes.append(f"{query.name} is not at {pace:g} ms: the fastest that was measured "
                              f"for it is {curve.fastest_ms:.4g} ms")
            return None
        if pace > curve.slowest_ms * (1 + _CLOSE):
            if self.extrapolate:
                return self.law_entry(query, pace)
            self.notes.append(f"{query.name} at {pace:g} ms has the rate of {curve.slowest_ms:.4g} "
                              "ms, the slowest that was measured for it")
        rate = curve.rate_at(max(pace, curve.fastest_ms))
        scale = 1.0
        if self.fit is not None:
            # Lengths that differ by a few percent differ in work.
            law = self.fit.law
            scale = law.work_ms(curve.input_tokens, curve.output_tokens) / law.work_ms(
                query.input_tokens, query.output_tokens)
        made: Dict[str, Any] = {"rate_per_hour": floored(3600 * scale * rate),
                                "ttft_ms": float(f"{self.first_token(curve, rate):.9g}")}
        if query.has_limit:
            attainment = curve.attainment_at(
                rate, lambda run: query.attained(run, self.network_ms))
            if attainment is not None:
                made["attainment"] = floored(attainment) if attainment > 0 else 0.0
        if self.deviation is not None:
            spread = curve.spread_at(rate, self.deviation)
            if spread is None:
                self.note_once(f"no deviation of {query.name}: its runs do not have "
                               f"{self.deviation} of TTFT and TPOT")
            else:
                made["ttft_deviation_ms"] = rounded(spread[0])
                made["tpot_deviation_ms"] = rounded(spread[1])
                made["e2e_deviation_ms"] = rounded(
                    spread[0] + max(0.0, query.output_tokens - 1) * spread[1])
        return made

    def law_entry(self, query: QueryType, pace: float) -> Optional[Dict[str, Any]]:
        """The same by the law, less its error."""
        law = self.known_law()
        rate = self.utilization() * law.rate_per_second(pace, query.input_tokens,
                                                        query.output_tokens)
        if rate <= 0:
            self.notes.append(f"{query.name} is not at {pace:g} ms: an iteration takes "
                              f"{law.iteration_ms:.4g} ms by the law")
            return None
        self.note_once(f"{query.name} at {pace:g} ms is by the law, times {self.utilization():g}")
        return {"rate_per_hour": floored(3600 * rate),
                "ttft_ms": float(f"{law.ttft_ms(pace, query.input_tokens):.9g}")}

    def note_once(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def figures(self) -> Dict[str, Any]:
        """What is kept in the profile as x_fit."""
        fit = self.fit
        made: Dict[str, Any] = {
            "statistic": self.statistic, "runs": len(self.runs), "left_out": len(self.left_out),
            "tpot_ms": [rounded(self.fastest), rounded(self.slowest)],
            "tokens": [[rounded(one.input_tokens), rounded(one.output_tokens)]
                       for one in self.curves]}
        for name in ("largest_error", "median_error", "r2"):
            value = None if fit is None else getattr(fit, name)
            # JSON has no infinity.
            made[name] = None if value is None or math.isinf(value) else rounded(value)
        return made


def _decimal(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
