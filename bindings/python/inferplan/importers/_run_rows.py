# SPDX-License-Identifier: MIT
"""Reads runs of serving benchmarks from files and tables.

Every format is a list of flat objects. The readers differ in how they find these; the names of the
figures are looked up in one table for all formats.
"""
import json
import math
import os
import re
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Set, Tuple

from .._arguments import file_path, mapping, number
from ._benchmark import Every
from ._files import (Source, header_of, integer_of, is_number, length_checked, name_of, opened,
                     refusal, rows_of, shown)
from ._runs import Run

# The names of each figure, the first that is there counts. ``requests_per_second`` is what was
# offered in tables that also have ``responses_per_second``, else what was served.
_MODEL = ("model", "model_id", "model_hf_repo", "model_name")
_TIER = ("tier", "hardware", "gpu", "system", "hw")
_DEGREE = ("tp_degree", "tensor_parallel_size", "tp", "hardware_count")
_INPUT = ("mean_input_tokens", "input_tokens", "prompt_tokens", "isl")
_OUTPUT = ("mean_output_tokens", "output_tokens", "osl")
_CONCURRENCY = ("max_concurrency", "concurrency", "conc")
_SERVED = ("served_per_second", "request_throughput", "responses_per_second")
_OFFERED = ("offered_per_second", "request_rate")

# A latency: mean_ttft_ms, p99_e2el_ms, ttft_mean, ttft_p90, ttft_ms, mean_e2e_latency_ms.
_LATENCY = re.compile(
    r"(?:(mean|avg|median|p\d+(?:\.\d+)?)_)?(ttft|tpot|itl|e2el|e2e|request_latency)(?:_latency)?"
    r"(?:_(mean|avg|median|p\d+(?:\.\d+)?))?(_ms)?", re.ASCII).fullmatch
_WORDS = {"avg": "mean", "median": "p50"}
_METRICS = {"e2el": "e2e", "request_latency": "e2e"}

# The deepest nesting of lists of files. It ends the recursion for a list that contains itself.
_DEEPEST = 8
_FILES = "a path, a folder, a file object, the figures of one run, a Run, or a list of these"
_FORMATS = ("a result of vLLM's bench serve, a list or lines of them, llm-d-planner's benchmarks, "
            "or a CSV file with one run in a row")

Row = Mapping[str, Any]


def read_runs(files: Any, *, input_tokens: Optional[float] = None,
              output_tokens: Optional[float] = None,
              where: Optional[Mapping[str, Any]] = None) -> List[Run]:
    """The runs in ``files``: a path, a folder (all its ``run=*.json``, as vLLM's sweeps write
    them), a file object, a mapping with the figures of one run, a ``Run``, or a list of these.

    ``input_tokens`` and ``output_tokens`` are the lengths of runs that do not say theirs. ``where``
    maps names of figures to values, such as ``{"system": "h100_sxm"}``; other runs are skipped.

    InputError names the file and the figure, what was found and what is allowed. FileError if a
    file cannot be read."""
    tokens = [None if given is None else number(name, given, "a number of tokens, or None", least=0,
                                                most=1e15)
              for name, given in (("input_tokens", input_tokens), ("output_tokens", output_tokens))]
    if where is not None:
        mapping("where", where, "a mapping of figures to values, or None")
    found: List[Run] = []
    matched: Set[str] = set()
    for place, row in _rows(files):
        if isinstance(row, Run):
            if not row.rate_per_second > 0 or not row.output_tokens > 0:
                raise refusal(row.source, shown(row), "a rate and output_tokens, both above 0")
            found.append(row)
            continue
        matched.update(key for key in where or {} if key in row)
        if all(_is_equal(row.get(key), value) for key, value in (where or {}).items()):
            found.append(_run(_Row(place, row), *tokens))
    for key in where or {}:
        if key not in matched:
            raise refusal("where", shown(key), "a figure of the runs")
    if not found:
        raise refusal("files", "no run", "at least one run" + (" with the figures of where" if where
                                                              else ""))
    return found


def _is_equal(found: Any, wanted: Any) -> bool:
    """Equal, also if one is the text of the other, as in a CSV file."""
    if found is None or wanted is None:
        return found is wanted
    return found == wanted or str(found).casefold() == str(wanted).casefold() or (
        is_number(wanted) and isinstance(found, str) and _parsed(found) == wanted)


def _rows(files: Any, depth: int = 0) -> Iterator[Tuple[str, Any]]:
    if isinstance(files, Run):
        yield files.source, files
    elif isinstance(files, Mapping):
        yield "files", files
    elif isinstance(files, (list, tuple)) and depth < _DEEPEST:
        for at, each in enumerate(files):
            if isinstance(each, Mapping):
                yield f"files[{at}]", each
            else:
                yield from _rows(each, depth + 1)
    elif isinstance(files, (str, os.PathLike)):
        path = file_path("files", files, _FILES, tried=False)
        yield from _folder(path) if os.path.isdir(path) else _file(path)
    elif hasattr(files, "read") and not isinstance(files, type):
        yield from _file(files)
    else:
        raise refusal("files", shown(files), _FILES)


def _folder(folder: str) -> Iterator[Tuple[str, Any]]:
    paths = sorted(os.path.join(base, name) for base, _, names in os.walk(folder) for name in names
                   if name.startswith("run=") and name.endswith(".json"))
    if not paths:
        raise refusal(folder, "no file run=*.json", "a folder of vLLM's bench sweep, or a file")
    for path in paths:
        yield from _file(path)


def _file(source: Source) -> Iterator[Tuple[str, Any]]:
    name = name_of(source)
    with opened(source) as text:
        content = text.read().lstrip("\ufeff")
    if content.lstrip()[:1] in ("{", "["):
        yield from _json(content, name)
        return
    rows = rows_of(content.splitlines(keepends=True), name)
    header = header_of(rows, name)
    if len(header) < 2:
        raise refusal(name, f"a first line {shown(header[0])}", _FORMATS)
    for line, cells in rows:
        where = f"{name}, line {line}"
        length_checked(cells, header, where)
        yield where, {key: cell.strip() for key, cell in zip(header, cells) if cell.strip()}


def _json(content: str, name: str) -> Iterator[Tuple[str, Any]]:
    lines: List[Tuple[str, Any]] = []
    try:
        lines.append((name, json.loads(content, parse_int=integer_of)))
    except (ValueError, RecursionError) as error:
        # Results that were appended are one object a line.
        for number, line in enumerate(content.splitlines(), 1):
            if line.strip():
                try:
                    lines.append((f"{name}, line {number}", json.loads(line, parse_int=integer_of)))
                except (ValueError, RecursionError):
                    raise refusal(name, f"no JSON ({error})", _FORMATS) from None
    for place, value in lines:
        if isinstance(value, dict) and isinstance(value.get("benchmarks"), list):
            place, value = f"{place}, benchmarks", value["benchmarks"]
        members = enumerate(value) if isinstance(value, list) else [(None, value)]
        for at, member in members:
            where = place if at is None else f"{place}[{at}]"
            if not isinstance(member, dict):
                raise refusal(where, shown(member), _FORMATS)
            yield where, member


def _parsed(text: str) -> Optional[float]:
    try:
        return float(text)
    except ValueError:
        return None


class _Row:
    """The figures of one run."""

    def __init__(self, place: str, values: Row) -> None:
        self.place = place
        self.values = values

    def text(self, keys: Sequence[str]) -> Optional[str]:
        for key in keys:
            found = self.values.get(key)
            if isinstance(found, str) and found:
                return found
        return None

    def number(self, keys: Sequence[str], infinite: bool = False) -> Optional[float]:
        """The first of the figures that is given, at least 0. None if there is none. InputError if
        it is something else."""
        for key in keys:
            found = self.values.get(key)
            if found is None:
                continue
            value = _parsed(found) if isinstance(found, str) else found
            if infinite and value is not None and value == math.inf:
                return math.inf
            if not is_number(value) or value is None or value < 0:
                raise refusal(f"{self.place}, {key}", shown(found), "a number, at least 0")
            return float(value)
        return None

    def refused(self, key: str, allowed: str) -> Exception:
        found = shown(self.values[key]) if key in self.values else "nothing"
        return refusal(f"{self.place}, {key}", found, allowed)


def _run(row: _Row, input_tokens: Optional[float], output_tokens: Optional[float]) -> Run:
    if not any(isinstance(key, str) and _LATENCY(key) and not isinstance(value, dict)
               for key, value in row.values.items()) and "ttfts" not in row.values:
        raise refusal(row.place, "no latency of a run", _FORMATS)
    completed, failed = _counts(row)
    lengths = []
    for totals, keys, given in (("total_input_tokens", _INPUT, input_tokens),
                                ("total_output_tokens", _OUTPUT, output_tokens)):
        total = row.number((totals,))
        if total is not None and completed:
            lengths.append(total / completed)
            continue
        tokens = row.number(keys)
        tokens = given if tokens is None else tokens
        if tokens is None:
            raise row.refused(totals, f"{keys[1]} of the run, or {keys[1]}= for all runs without")
        lengths.append(tokens)
    if lengths[1] <= 0:
        raise refusal(f"{row.place}, output_tokens", f"{lengths[1]:g}", "more than 0")
    degree = row.number(_DEGREE)
    if degree is not None and (degree < 1 or degree != math.floor(degree)):
        key = next(key for key in _DEGREE if row.values.get(key) is not None)
        raise row.refused(key, "a whole number, at least 1")
    served, offered, concurrency = _rates(row, completed)
    latencies, from_gaps = _latencies(row)
    requests = _requests(row)
    for at, metric in enumerate(("ttft", "tpot", "e2e")):
        if requests:
            latencies.setdefault(metric, {})
            values = [one[at] for one in requests]
            latencies[metric] = _Filled(latencies[metric], values)
    return Run(
        source=row.place, model=row.text(_MODEL), tier=row.text(_TIER),
        tp_degree=None if degree is None else int(degree), input_tokens=lengths[0],
        output_tokens=lengths[1], served_per_second=served, offered_per_second=offered,
        concurrency=concurrency, ttft_ms=latencies.get("ttft", {}),
        tpot_ms=latencies.get("tpot", {}), e2e_ms=latencies.get("e2e", {}), completed=completed,
        failed=failed, requests=requests, tpot_is_itl=from_gaps and not requests)


def _counts(row: _Row) -> Tuple[Optional[float], Optional[float]]:
    """How many requests succeeded and failed, or the fractions that did."""
    completed, failed = row.number(("completed",)), row.number(("failed",))
    if completed == 0:
        raise row.refused("completed", "at least 1 request that succeeded")
    if completed is None:
        fraction = row.number(("success_rate",))
        if fraction is None:
            return None, failed
        if not 0 < fraction <= 1:
            raise row.refused("success_rate", "a fraction above 0 and at most 1")
        return fraction, 1 - fraction
    prompts = row.number(("num_prompts",))
    if failed is None and prompts is not None:
        failed = max(0.0, prompts - completed)
    return completed, failed


def _rates(row: _Row, completed: Optional[float]
           ) -> Tuple[Optional[float], Optional[float], Optional[float]]:
    """What was served and offered per second, and the concurrency of a closed loop."""
    # SGLang's ``concurrency`` is the mean number in flight, beside ``max_concurrency``.
    concurrency = row.number(_CONCURRENCY[:1] if _CONCURRENCY[0] in row.values else _CONCURRENCY)
    served, offered = row.number(_SERVED), row.number(_OFFERED, infinite=True)
    either = row.number(("requests_per_second",))
    if "responses_per_second" in row.values:
        offered = either if offered is None else offered
    elif served is None:
        served = either
    duration = row.number(("duration",))
    if served is None and duration and completed:
        served = completed / duration
    if offered is not None and math.isinf(offered) and concurrency is not None:
        offered = None
    if not served and (not offered or math.isinf(offered)):
        raise row.refused("request_throughput", "the requests that were served per second, above 0")
    return served, offered, concurrency


def _latencies(row: _Row) -> Tuple[Dict[str, Any], bool]:
    """Each latency in ms by statistic, and whether that of tokens comes from the gaps."""
    found: Dict[str, Dict[str, float]] = {}
    for key in row.values:
        match = _LATENCY(key) if isinstance(key, str) else None
        if match is None:
            continue
        before, metric, after, unit = match.groups()
        if before and after:
            continue
        word = before or after or "mean"
        value = row.number((key,))
        if value is not None:
            # vLLM's dashboards write mean_ttft in seconds; tables write ttft and ttft_mean in ms.
            found.setdefault(_METRICS.get(metric, metric), {})[_WORDS.get(word, word)] = (
                1000 * value if before and not unit else value)
    gaps = found.pop("itl", {})
    if "tpot" in found or not gaps:
        return found, False
    return {**found, "tpot": gaps}, True


class _Filled(Dict[str, float]):
    """The statistics of a file, and any other percentile from the single requests."""

    def __init__(self, given: Mapping[str, float], values: Sequence[float]) -> None:
        super().__init__(given)
        self._every = Every(values)
        self.setdefault("mean", math.fsum(values) / len(values))

    def get(self, key: Any, default: Any = None) -> Any:
        if key not in self and re.fullmatch(r"p\d+(\.\d+)?", str(key)) and float(key[1:]) <= 100:
            self[key] = self._every[float(key[1:])]
        return super().get(key, default)


def _requests(row: _Row) -> List[Tuple[float, float, float]]:
    """(ttft, tpot, e2e) in ms of each request that succeeded, from vLLM's --save-detailed, whose
    arrays are in seconds."""
    firsts, others = row.values.get("ttfts"), row.values.get("itls")
    if not isinstance(firsts, list) or not isinstance(others, list):
        return []
    if len(firsts) != len(others):
        raise row.refused("itls", "one entry a request, as in ttfts")
    errors, outputs = row.values.get("errors"), row.values.get("output_lens")
    found = []
    for at, (first, gaps) in enumerate(zip(firsts, others)):
        if errors[at] if isinstance(errors, list) and len(errors) == len(firsts) else first == 0:
            continue
        times = [first, *gaps] if isinstance(gaps, list) else [None]
        if not all(is_number(time) and time >= 0 for time in times):
            raise refusal(f"{row.place}, request {at} of ttfts and itls",
                          "something that is no time", "seconds, at least 0")
        following = len(gaps)
        # The client may get several tokens in one message.
        if isinstance(outputs, list) and len(outputs) == len(firsts) and is_number(outputs[at]):
            following = max(following, int(outputs[at]) - 1)
        rest = math.fsum(gaps)
        found.append((1000 * first, 1000 * rest / following if following else 0.0,
                      1000 * (first + rest)))
    return found
