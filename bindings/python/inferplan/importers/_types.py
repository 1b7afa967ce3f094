# SPDX-License-Identifier: MIT
"""The query types that a profile is made for: their lengths and limits."""
import math
from dataclasses import dataclass
from typing import Any, Iterator, List, Mapping, Optional, Tuple

from .._arguments import items, mapping, number
from ._files import refusal, shown
from ._runs import Run

_QUERIES = ("the queries of an instance, or a mapping of names to (input tokens, output tokens) or "
            "to objects with input_tokens and output_tokens")
_LIMITS_OF = "a mapping of names of queries to their limits, or None"
_LIMITS = ("tpot_limit_ms", "ttft_limit_ms", "delay_limit_ms")


@dataclass(frozen=True)
class QueryType:
    """A query type. ``cached`` is the fraction of its input that need not be computed. An infinite
    limit is no limit."""

    name: str
    input_tokens: float
    output_tokens: float
    cached: float = 0
    tpot_limit_ms: float = math.inf
    ttft_limit_ms: float = math.inf
    delay_limit_ms: float = math.inf

    @property
    def has_limit(self) -> bool:
        return min(self.tpot_limit_ms, self.ttft_limit_ms, self.delay_limit_ms) < math.inf

    def attained(self, run: Run, network_ms: float) -> Optional[float]:
        """The fraction of the requests of a run that meet all limits, failed requests included. The
        end-to-end delay is that of this type's output tokens. None without single requests."""
        if not run.requests:
            return None
        good = sum(first + network_ms <= self.ttft_limit_ms and each <= self.tpot_limit_ms
                   and first + network_ms + max(0.0, self.output_tokens - 1) * each
                   <= self.delay_limit_ms for first, each, _ in run.requests)
        return good / (len(run.requests) + (run.failed or 0))


def types_of(queries: Any, limits: Any) -> List[QueryType]:
    """The types of the arguments ``queries`` and ``limits``. InputError if they are wrong."""
    more = dict({} if limits is None else mapping("limits", limits, _LIMITS_OF))
    found = []
    for name, value in _named(queries):
        where = f"queries[{name}]"
        given = dict(value)
        extra = more.pop(name, {})
        if not isinstance(extra, Mapping):
            raise refusal(f"limits[{name}]", shown(extra), "a mapping of " + ", ".join(_LIMITS))
        for key in extra:
            if key not in _LIMITS:
                raise refusal(f"limits[{name}]", shown(key), ", ".join(_LIMITS))
        given.update(extra)
        lengths = [number(f"{where}.{key}", given.get(key), "a number of tokens", least=0,
                          most=1e15)
                   for key in ("input_tokens", "output_tokens")]
        if lengths[1] <= 0:
            raise refusal(f"{where}.output_tokens", "0", "more than 0, for a profile")
        bounds = [math.inf if given.get(key) is None else
                  number(f"{where}.{key}", given[key], "a number of at least 0, or None", least=0)
                  for key in _LIMITS]
        cached = number(f"{where}.cached_input_fraction", given.get("cached_input_fraction", 0),
                        "a number from 0 to 1", least=0, most=1)
        found.append(QueryType(name, lengths[0], lengths[1], cached, *bounds))
    if more:
        raise refusal("limits", shown(next(iter(more))), "names of queries: "
                      + (", ".join(one.name for one in found) or "none were given"))
    return found


def _named(queries: Any) -> Iterator[Tuple[str, Mapping[str, Any]]]:
    if queries is None:
        return
    if isinstance(queries, Mapping):
        pairs = list(queries.items())
    else:
        pairs = []
        for member in items("queries", queries, _QUERIES):
            if not isinstance(member, Mapping) or "name" not in member:
                raise refusal("queries", shown(member), _QUERIES)
            pairs.append((member["name"], member))
    seen = set()
    for name, value in pairs:
        if not isinstance(name, str) or not name or name in seen:
            raise refusal("queries", shown(name), "names of query types, each once")
        seen.add(name)
        if not isinstance(value, Mapping):
            lengths = items(f"queries[{name}]", value, _QUERIES)
            if len(lengths) != 2:
                raise refusal(f"queries[{name}]", shown(value), _QUERIES)
            value = dict(zip(("input_tokens", "output_tokens"), lengths))
        yield name, value
