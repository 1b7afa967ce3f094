# SPDX-License-Identifier: MIT
"""Computes delay per token and its deviation from the result of a serving benchmark.

The delay of a query is ``delay_ms_per_token`` times all its tokens, input and output, divided by
the speed-up of the degree. So the delay per token of a benchmark is its mean end-to-end latency,
times the speed-up of the measured degree, divided by its mean tokens. The deviation is computed in
the same way from the difference between a percentile and the mean.
"""
import json
import math
import os
import re
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

from .._arguments import as_number, items
from ._files import Source, integer_of, is_number, name_of, opened, refusal, shown

_UNITS = {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3, "sec": 1e3, "seconds": 1e3}
_PERCENTILE = re.compile(r"p(\d+(?:\.\d+)?)", re.ASCII).fullmatch


@dataclass(frozen=True)
class Benchmark:
    """The figures of a benchmark: the mean delay in ms per token at speed-up 1, and the difference
    between the ``percentile`` and the mean; the mean tokens of a request; the number of requests
    (None if not given); ``format``, "vllm" or "genai-perf"; and ``source``, the figures that were
    used."""

    delay_ms_per_token: float
    delay_deviation_ms_per_token: float
    percentile: float
    input_tokens: float
    output_tokens: float
    requests: Optional[int]
    format: str
    source: str


# A mean in ms, and percentiles in ms.
_Latency = Tuple[float, Mapping[float, float]]


def read_benchmark(source: Source, percentile: float = 99, *, speedup: float = 1) -> Benchmark:
    """Read the JSON that vLLM's ``benchmark_serving.py --save-result`` (``vllm bench serve``) or
    GenAI-Perf (``profile_export_genai_perf.json``) writes. ``source`` is a path or a file object.

    For vLLM, the end-to-end latency is e2el (``--percentile-metrics ttft,tpot,itl,e2el``) if the
    file has it. Otherwise it is computed from the single requests (``--save-detailed``), which give
    any percentile. If the file has neither, it is ttft + tpot x (mean output tokens - 1), for each
    percentile. For GenAI-Perf it is request_latency. ``source`` of the result says which was used.

    ``speedup`` is the tier's ``tp_speedup`` of the measured degree.

    InputError if the file is wrong, a figure is missing or not a number, the file does not have the
    percentile (the message lists those that it has), or no request succeeded.

    >>> import io
    >>> from inferplan.importers import read_benchmark
    >>> read_benchmark(io.StringIO('''{"completed": 10, "total_input_tokens": 4000,
    ...     "total_output_tokens": 1000, "mean_e2el_ms": 2000, "p99_e2el_ms": 3000}'''))
    ... # doctest: +NORMALIZE_WHITESPACE
    Benchmark(delay_ms_per_token=4.0, delay_deviation_ms_per_token=2.0, percentile=99,
              input_tokens=400.0, output_tokens=100.0, requests=10, format='vllm', source='e2el')
    """
    percentile = _percentile_of(percentile)
    factor = as_number(speedup)
    if factor is None or not 0 < factor < math.inf:
        raise refusal("speedup", shown(speedup), "a number above 0")
    speedup = factor
    name = name_of(source)
    with opened(source) as text:
        content = text.read().lstrip("\ufeff")
    try:
        document = json.loads(content, parse_int=integer_of)
    except (ValueError, RecursionError) as error:
        raise refusal(name, f"no JSON ({error})", "the one result of a benchmark") from None
    if not isinstance(document, dict):
        document = {}
    if "request_latency" in document:
        read = _genai_perf
    elif "completed" in document:
        read = _vllm
    else:
        raise refusal(name, "neither completed nor request_latency",
                      "a result of vLLM's benchmark_serving, or of GenAI-Perf "
                      "(profile_export_genai_perf.json)")
    form, requests, inputs, outputs, latencies = read(_Figures(name, document))
    tokens = inputs + outputs
    if tokens <= 0:
        raise refusal(name, "requests without tokens", "more than 0 tokens of input and output")
    for words, (mean, percentiles) in latencies.items():
        if percentile in percentiles:
            break
    else:
        has = sorted({each for _, percentiles in latencies.values() for each in percentiles})
        raise refusal(f"{name}, percentile", f"{percentile:g}",
                      ", ".join(f"{each:g}" for each in has) or "none: the file has no percentiles")
    if mean <= 0:
        raise refusal(f"{name}, {words}", f"a mean of {mean:g} ms", "more than 0 ms")
    deviation = max(0.0, percentiles[percentile] - mean)
    return Benchmark(mean * speedup / tokens, deviation * speedup / tokens, percentile, inputs,
                     outputs, requests, form, words)


def _percentile_of(value: Any) -> float:
    """The percentile as it was given. An integer stays an integer."""
    found = as_number(value)
    if found is None or not 0 < found < 100:
        raise refusal("percentile", shown(value), "a number above 0 and below 100")
    return value if isinstance(value, (int, float)) else found


class _Figures:
    """The numbers of a JSON object."""

    def __init__(self, name: str, values: Mapping[str, Any]) -> None:
        self.name = name
        self.values = values

    def number(self, key: str) -> float:
        """A finite number, at least 0. InputError if it is missing or something else."""
        found: Any = self.values.get(key)
        if not is_number(found) or found < 0:
            raise refusal(f"{self.name}, {key}", shown(found) if key in self.values else "nothing",
                          "a number, at least 0")
        return float(found)

    def requests(self, key: str) -> int:
        """The number of requests that succeeded, at least one."""
        found = self.number(key)
        if found < 1 or found != math.floor(found):
            raise refusal(f"{self.name}, {key}", shown(self.values[key]),
                          "at least 1 request that succeeded")
        return int(found)


_Read = Tuple[str, Optional[int], float, float, Dict[str, _Latency]]


def _vllm(figures: _Figures) -> _Read:
    requests = figures.requests("completed")
    inputs = figures.number("total_input_tokens") / requests
    outputs = figures.number("total_output_tokens") / requests
    latencies: Dict[str, _Latency] = {}
    if "mean_e2el_ms" in figures.values:
        latencies["e2el"] = _vllm_summary(figures, "e2el")
    if "ttfts" in figures.values and "itls" in figures.values:
        latencies["ttfts + itls of each request"] = _vllm_requests(figures, requests)
    if not latencies:
        first, first_at = _vllm_summary(figures, "ttft")
        each, each_at = _vllm_summary(figures, "tpot")
        following = max(0.0, outputs - 1)
        latencies["ttft + tpot x (mean output tokens - 1)"] = (
            first + each * following, {at: first_at[at] + each_at[at] * following
                                       for at in first_at if at in each_at})
    return "vllm", requests, inputs, outputs, latencies


def _vllm_summary(figures: _Figures, metric: str) -> _Latency:
    """vLLM's keys are mean_ttft_ms, median_ttft_ms, p99_ttft_ms, p99.9_ttft_ms."""
    percentiles = {}
    for key in figures.values:
        word, _, rest = key.partition("_")
        match = _PERCENTILE(word)
        if rest == f"{metric}_ms" and (match or word == "median"):
            percentiles[float(match.group(1)) if match else 50.0] = figures.number(key)
    return figures.number(f"mean_{metric}_ms"), percentiles


class Every(Dict[float, float]):
    """Any percentile of some values, interpolated linearly, as NumPy does."""

    def __init__(self, values: Sequence[float]) -> None:
        super().__init__()
        self._values = sorted(values)

    def __contains__(self, _: object) -> bool:
        return True

    def __missing__(self, percentile: float) -> float:
        place = percentile / 100 * (len(self._values) - 1)
        low = math.floor(place)
        high = min(low + 1, len(self._values) - 1)
        return self._values[low] + (place - low) * (self._values[high] - self._values[low])


def _vllm_requests(figures: _Figures, completed: int) -> _Latency:
    """The latency from the arrays of the file, in seconds: the time to the first token, and the
    times between the other tokens."""
    firsts, others = figures.values["ttfts"], figures.values["itls"]
    errors = figures.values.get("errors")
    if not isinstance(firsts, list) or not isinstance(others, list) or len(firsts) != len(others):
        raise refusal(f"{figures.name}, itls", "no list as long as ttfts", "one entry a request")
    # Requests that failed are in the arrays but not in the totals.
    if isinstance(errors, list) and len(errors) == len(firsts):
        good = [not error for error in errors]
    else:
        good = [first != 0 for first in firsts]
    if sum(good) != completed:
        raise refusal(f"{figures.name}, ttfts", f"{sum(good)} requests that succeeded",
                      f"{completed}, as completed says")
    values: List[float] = []
    for at, (first, other) in enumerate(zip(firsts, others)):
        if good[at]:
            times = [first, *other] if isinstance(other, list) else [None]
            if not all(is_number(time) and time >= 0 for time in times):
                raise refusal(f"{figures.name}, request {at} of ttfts and itls",
                              "something that is no time", "seconds, at least 0")
            values.append(1000 * math.fsum(times))
    return math.fsum(values) / len(values), Every(values)


def _genai_perf(figures: _Figures) -> _Read:
    def part(key: str) -> _Figures:
        values = figures.values.get(key)
        if not isinstance(values, dict):
            raise refusal(f"{figures.name}, {key}",
                          shown(values) if key in figures.values else "nothing",
                          "an object with unit and avg")
        return _Figures(f"{figures.name}, {key}", values)

    requests = part("request_count").requests("avg") if "request_count" in figures.values else None
    inputs = part("input_sequence_length").number("avg")
    outputs = part("output_sequence_length").number("avg")
    latency = part("request_latency")
    unit = latency.values.get("unit")
    if not isinstance(unit, str) or unit not in _UNITS:
        raise refusal(f"{latency.name}, unit", shown(unit), ", ".join(_UNITS))
    factor = _UNITS[unit]
    percentiles = {}
    for key in latency.values:
        match = _PERCENTILE(key)
        if match:
            percentiles[float(match.group(1))] = factor * latency.number(key)
    return ("genai-perf", requests, inputs, outputs,
            {"request_latency": (factor * latency.number("avg"), percentiles)})


Measured = Union[Benchmark, Source]
Named = Union[str, Mapping[str, Any]]


def performance(measured: Mapping[Tuple[Optional[str], str, str], Measured], *,
                queries: Sequence[Named], models: Sequence[Named], tiers: Sequence[Named],
                percentile: float = 99) -> Dict[str, Any]:
    """The tables ``delay_ms_per_token`` and ``delay_deviation_ms_per_token`` of an instance's
    ``performance``, as lists by query, model and tier. ``kv_residency_hours`` is "delay": a request
    occupies the KV cache for as long as its own delay.

    ``measured`` maps the names of a query, a model and a tier to a benchmark or the path of its
    file. None as the query stands for every query without an entry of its own. ``queries``,
    ``models`` and ``tiers`` are names, or objects with a ``name``, in the order of the instance.
    Combinations that were not measured are None, which means "not a candidate", with a deviation of
    0. Files are read with ``percentile``.

    InputError for a key of another form, or with a name that the instance does not have.

    >>> from inferplan.importers import Benchmark, performance
    >>> fast = Benchmark(4.0, 2.0, 99, 400.0, 100.0, 10, "vllm", "e2el")
    >>> performance({(None, "8B", "H100"): fast}, queries=["chat"], models=["8B"],
    ...             tiers=["L4", "H100"])
    ... # doctest: +NORMALIZE_WHITESPACE
    {'delay_ms_per_token': [[[None, 4.0]]], 'delay_deviation_ms_per_token': [[[0.0, 2.0]]],
     'kv_residency_hours': 'delay'}
    """
    names = [_names(each, kind) for each, kind in
             ((queries, "queries"), (models, "models"), (tiers, "tiers"))]
    percentile = _percentile_of(percentile)
    known_names = [frozenset(each) for each in names]
    found: Dict[Any, Benchmark] = {}
    if not isinstance(measured, Mapping):
        raise refusal("measured", shown(measured), "a mapping of (query or None, model, tier)")
    for key, value in measured.items():
        if not isinstance(key, tuple) or len(key) != 3:
            raise refusal("measured", f"key {shown(key)}", "(query or None, model, tier)")
        for at, (part, kind) in enumerate(zip(key, ("query", "model", "tier"))):
            if part not in known_names[at] and not (part is None and kind == "query"):
                raise refusal(f"measured[{shown(key)}]", f"{kind} {shown(part)}",
                              ", ".join(names[at]) + (", None" if kind == "query" else ""))
        if not isinstance(value, (Benchmark, str, os.PathLike)) and not hasattr(value, "read"):
            raise refusal(f"measured[{shown(key)}]", shown(value), "a Benchmark, or its file")
        found[key] = value if isinstance(value, Benchmark) else read_benchmark(value, percentile)
    delays: List[List[List[Optional[float]]]] = []
    deviations: List[List[List[float]]] = []
    for query in names[0]:
        rows = [[found.get((query, model, tier), found.get((None, model, tier)))
                 for tier in names[2]] for model in names[1]]
        delays.append([[one.delay_ms_per_token if one else None for one in row] for row in rows])
        deviations.append([[one.delay_deviation_ms_per_token if one else 0.0 for one in row]
                           for row in rows])
    return {"delay_ms_per_token": delays, "delay_deviation_ms_per_token": deviations,
            "kv_residency_hours": "delay"}


def _names(members: Sequence[Named], kind: str) -> List[str]:
    names: Dict[str, None] = {}
    for member in items(kind, members, "names, or objects with a name, each once"):
        name = member.get("name") if isinstance(member, Mapping) else member
        if not isinstance(name, str) or name in names:
            raise refusal(kind, shown(name), "names, or objects with a name, each once")
        names[name] = None
    if not names:
        raise refusal(kind, "no names", "at least one")
    return list(names)
