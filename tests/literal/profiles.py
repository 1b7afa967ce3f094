# SPDX-License-Identifier: MIT
"""Profiles: what one replica of a configuration does, by a law or at measured points.

Rates are queries per hour at share 1, times are milliseconds unless their name says hours.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Dict, List, Optional, Sequence

from decimals import Document, exact, optional, rounded_down
from headroom import Headroom

HOUR = 3600000


class Query:
    """A query type; `tokens` are input and output together, `fresh` the input that is computed."""

    def __init__(self, data: Document, policy: Document) -> None:
        self.name: str = data["name"]
        self.input = exact(data["input_tokens"])
        self.output = exact(data["output_tokens"])
        self.tokens = self.input + self.output
        self.fresh = self.input * (1 - exact(data.get("cached_input_fraction", 0)))
        self.rate = exact(data["rate_per_hour"])
        self.compute = exact(data.get("tflop_per_1k_tokens", 0))
        self.storage = exact(data.get("storage_gb_per_token", 0))
        self.delay_limit = optional(data.get("delay_limit_ms"))
        self.error_limit = optional(data.get("error_limit"))
        self.ttft_limit = optional(data.get("ttft_limit_ms"))
        self.tpot_limit = optional(data.get("tpot_limit_ms"))
        self.attainment = optional(data.get("attainment_target"))
        basis = data.get("limit_basis") or policy.get("limit_basis", "average")
        self.by_route: bool = basis == "route"
        self.delay_penalty = exact(data.get("delay_penalty_usd_per_ms", 0))
        self.unmet_penalty = exact(data["unmet_penalty_usd"])
        self.max_unmet = exact(data.get("max_unmet", 1))

    @property
    def further(self) -> Fraction:
        """Output tokens after the first."""
        return max(Fraction(0), self.output - 1)


class Service:
    """What a request of one query type meets at an operating point; None is "not known".

    `load` is the load of one request an hour, in replicas.
    """

    def __init__(self, load: Fraction, ttft: Fraction, tpot: Optional[Fraction],
                 e2e: Fraction) -> None:
        self.load = load
        self.ttft = ttft
        self.tpot = tpot
        self.e2e = e2e
        self.ttft_deviation = Fraction(0)
        self.tpot_deviation = Fraction(0)
        self.e2e_deviation = Fraction(0)
        self.attainment: Optional[Fraction] = None
        self.residency_hours = Fraction(0)

    def deviate(self, fraction: Fraction, entry: Document) -> None:
        """Each deviation is the entry's own; else a fraction of what it deviates from."""
        own = entry.get("ttft_deviation_ms")
        self.ttft_deviation = fraction * self.ttft if own is None else exact(own)
        own = entry.get("tpot_deviation_ms")
        tpot = Fraction(0) if self.tpot is None else self.tpot
        self.tpot_deviation = fraction * tpot if own is None else exact(own)
        own = entry.get("e2e_deviation_ms")
        self.e2e_deviation = fraction * self.e2e if own is None else exact(own)


class Law:
    """The law of an engine of continuous batching."""

    def __init__(self, data: Document) -> None:
        self.iteration = exact(data["iteration_ms"])
        self.prefill = exact(data["prefill_ms_per_token"])
        self.decode = exact(data["decode_ms_per_token"])
        self.context = exact(data.get("context_ms_per_token", 0))
        self.sequences: Optional[int] = data.get("max_sequences")
        self.chunk: Optional[int] = data.get("chunk_tokens")
        self.given: Optional[List[Any]] = data.get("paces_ms")

    def work(self, query: Query) -> Fraction:
        """Milliseconds of engine time that a request costs."""
        return (self.prefill * query.fresh + self.decode * query.output
                + self.context * query.output * (query.input + (query.output + 1) / 2))

    def chunks(self, query: Query) -> int:
        if self.chunk is None:
            return 1
        return (query.fresh / self.chunk - Fraction(1, 10 ** 12)).__ceil__()

    def limit_paces(self, queries: Sequence[Query], network: Fraction) -> List[Fraction]:
        """The limit paces of all query types, whether or not above the iteration time."""
        paces = []
        for query in queries:
            own = self.prefill * query.fresh + network
            chunks = self.chunks(query)
            if query.tpot_limit is not None:
                paces.append(query.tpot_limit)
            if query.ttft_limit is not None:
                paces.append((query.ttft_limit - own) / (1 + chunks))
            # A request of one empty chunk and no output passes no iteration that a limit paces.
            if query.delay_limit is not None and chunks + query.output > 0:
                paces.append((query.delay_limit - own) / (chunks + query.output))
        return [rounded_down(pace) for pace in paces]

    def paces(self, queries: Sequence[Query], network: Fraction, count: int) -> List[Fraction]:
        if self.given is not None:
            return sorted(exact(pace) for pace in self.given)
        limits = self.limit_paces(queries, network)
        top = max(limits) if limits else 10 * self.iteration
        result = {pace for pace in limits if pace > self.iteration}
        first = Fraction(11, 10) * self.iteration
        if top > first:
            result.add(first)
            for k in range(1, count - 1):
                result.add(exact(float(first) * float(top / first) ** (k / (count - 1))))
            if count > 1:
                result.add(top)
        return sorted(result)

    def service(self, query: Query, pace: Fraction, network: Fraction) -> Service:
        ttft = (1 + self.chunks(query)) * pace + self.prefill * query.fresh + network
        e2e = ttft + query.further * pace
        load = self.work(query) / HOUR / (1 - self.iteration / pace)
        service = Service(load, ttft, pace, e2e)
        service.residency_hours = (e2e - network) / HOUR
        return service


class Measured:
    """A measured point."""

    def __init__(self, data: Document) -> None:
        self.name: str = data["name"]
        self.tpot = optional(data.get("tpot_ms"))
        self.entries: Dict[str, Document] = data["queries"]

    def service(self, query: Query, network: Fraction) -> Optional[Service]:
        """None if the query type is not measured here."""
        entry = self.entries.get(query.name)
        if entry is None:
            return None
        tpot = optional(entry.get("tpot_ms"))
        if tpot is None:
            tpot = self.tpot
        ttft = exact(entry["ttft_ms"])
        e2e = optional(entry.get("e2e_ms"))
        if e2e is None:
            if tpot is None:
                raise ValueError("neither e2e_ms nor tpot_ms")
            e2e = ttft + query.further * tpot
        service = Service(1 / exact(entry["rate_per_hour"]), ttft + network, tpot, e2e + network)
        service.attainment = optional(entry.get("attainment"))
        return service


class Profile:
    """A profile; exactly one of `law` and `points` is given."""

    def __init__(self, data: Document, policy: Document) -> None:
        self.key = (str(data["model"]), str(data["tier"]), int(data["tp_degree"]))
        self.headroom = Headroom(data.get("headroom") or policy.get("headroom"))
        self.spare: int = data.get("spare_replicas", 0)
        self.least: int = data.get("min_replicas", 0)
        self.network = exact(data.get("network_ms", 0))
        self.deviation = exact(data.get("delay_deviation", 0))
        self.points = [Measured(point) for point in data.get("points", [])]
        self.law = None if self.points else Law(data)
