# SPDX-License-Identifier: MIT
"""An instance document as tables of exact numbers; methods are the symbols of the formulation."""

from __future__ import annotations

from fractions import Fraction
from typing import Dict, List, Optional, Tuple

from decimals import Document, entry, exact, number, optional, shortest
from headroom import Headroom
from profiles import HOUR, Law, Measured, Profile, Query, Service

Pair = Tuple[int, int]

# A filter lets a value pass that is above its limit by this part of the limit.
FILTER = Fraction(1, 10 ** 9)


class Model:
    """A model."""

    def __init__(self, data: Document) -> None:
        self.name: str = data["name"]
        self.weights = exact(data["weights_gb"])
        self.kv = exact(data["kv_gb_per_token"])
        self.scale = exact(data.get("compute_scale", 1))


class Tier:
    """A tier; `speedup` maps a degree to the factor by which it is faster.

    `memory` is what the engine may use of a GPU.
    """

    def __init__(self, data: Document) -> None:
        self.name: str = data["name"]
        self.memory = exact(data["memory_gb"]) * exact(data.get("memory_utilization", 1))
        self.tflops = exact(data["tflops"])
        self.price = exact(data["usd_per_hour"])
        self.degrees: List[int] = list(data["tp_degrees"])
        speedups = data.get("tp_speedup") or self.degrees
        self.speedup = {n: exact(s) for n, s in zip(self.degrees, speedups)}
        self.weight_scale = exact(data.get("weight_scale", 1))
        self.kv_scale = exact(data.get("kv_scale", 1))
        self.pool: Optional[str] = data.get("pool")


class Point:
    """An operating point: a configuration, with its pace or measured point if it has a profile."""

    def __init__(self, pair: Pair, degree: int, profile: Optional[Profile]) -> None:
        self.pair = pair
        self.degree = degree
        self.profile = profile
        self.pace: Optional[Fraction] = None
        self.measured: Optional[Measured] = None

    @property
    def name(self) -> Optional[str]:
        """What a plan calls it; None without a profile."""
        if self.measured is not None:
            return self.measured.name
        return None if self.pace is None else shortest(self.pace) + "ms"

    @property
    def law(self) -> Optional[Law]:
        return None if self.profile is None else self.profile.law


class Instance:
    """An instance. `points` are all operating points; o indexes them, i the query types."""

    def __init__(self, document: Document) -> None:
        self.document = document
        horizon = document["horizon"]
        limits = document.get("limits", {})
        policy = document.get("policy", {})
        uncertainty = document.get("uncertainty", {})
        self.hours = exact(horizon["rental_hours"])
        self.penalty_hours = exact(horizon.get("penalty_hours", horizon["rental_hours"]))
        self.budget = optional(limits.get("budget_usd"))
        self.storage = optional(limits.get("storage_gb"))
        self.storage_price = exact(document.get("storage_usd_per_gb_hour", 0))
        self.placement: str = policy.get("placement", "split")
        self.served: bool = policy.get("slo_basis", "served") == "served"
        self.by_route: bool = policy.get("storage_basis", "deployment") == "route"
        self.replicas: int = policy.get("max_replicas", 1)
        self.side_by_side: bool = policy.get("deployments_per_pair", 1) is None
        self.whole_requests: bool = policy.get("whole_requests", False)
        self.paces: int = policy.get("paces", 8)
        self.headroom = Headroom(policy.get("headroom"))
        self.kind: str = uncertainty.get("kind", "none")
        self.by_query: bool = (self.kind == "decision_dependent"
                               and uncertainty.get("level", "query") == "query")
        self.delay_budget = exact(uncertainty.get("delay_budget", 0))
        self.error_budget = exact(uncertainty.get("error_budget", 0))
        self.queries = [Query(q, policy) for q in document["queries"]]
        self.models = [Model(m) for m in document["models"]]
        self.tiers = [Tier(t) for t in document["tiers"]]
        self.pools = {p["name"]: p["gpus"] for p in document.get("pools", [])}
        self.pairs: List[Pair] = [(j, k) for j in range(len(self.models))
                                  for k in range(len(self.tiers))]
        self.performance = document["performance"]
        self.profiles = {profile.key: profile for profile in
                         (Profile(p, policy) for p in document.get("profiles", []))}
        self.points = [point for pair in self.pairs for point in self._points(pair)]
        self._services: Dict[Tuple[int, int], Optional[Service]] = {}
        self._candidates: Dict[Tuple[int, int], bool] = {}

    def _points(self, pair: Pair) -> List[Point]:
        """The operating points of a pair; degrees whose weight shard does not fit have none."""
        model, tier = self.models[pair[0]], self.tiers[pair[1]]
        result = []
        for n in tier.degrees:
            if self.weights(pair) / n > tier.memory:
                continue
            profile = self.profiles.get((model.name, tier.name, n))
            if profile is None:
                result.append(Point(pair, n, None))
                continue
            if profile.law is not None:
                for pace in profile.law.paces(self.queries, profile.network, self.paces):
                    result.append(Point(pair, n, profile))
                    result[-1].pace = pace
            for measured in profile.points:
                result.append(Point(pair, n, profile))
                result[-1].measured = measured
        return result

    def service(self, i: int, o: int) -> Optional[Service]:
        """What query type i meets at the point; None if nothing is known of it."""
        if (i, o) not in self._services:
            self._services[i, o] = self._service(i, o)
        return self._services[i, o]

    def _service(self, i: int, o: int) -> Optional[Service]:
        query, point = self.queries[i], self.points[o]
        tier, profile = self.tiers[point.pair[1]], point.profile
        if entry(self.performance["error_rate"], i, *point.pair) is None:
            return None
        if profile is not None:
            service = None
            if point.law is not None and point.pace is not None:
                service = point.law.service(query, point.pace, profile.network)
                service.deviate(profile.deviation, {})
            elif point.measured is not None:
                service = point.measured.service(query, profile.network)
                if service is not None:
                    service.deviate(profile.deviation, point.measured.entries[query.name])
            return service
        perform = entry(self.performance.get("delay_ms_per_token"), i, *point.pair)
        if perform is None:
            return None
        per_token = query.tokens / tier.speedup[point.degree]
        tflop = query.compute * self.models[point.pair[0]].scale / 1000 * query.tokens
        service = Service(tflop / 3600 / (tier.tflops * point.degree), Fraction(0), None,
                          perform * per_token)
        service.e2e_deviation = per_token * number(
            self.performance.get("delay_deviation_ms_per_token", 0), i, *point.pair)
        held = self.performance.get("kv_residency_hours", 0)
        service.residency_hours = (service.e2e / HOUR if held == "delay"
                                   else number(held, i, *point.pair))
        return service

    def known(self, i: int, o: int) -> Service:
        service = self.service(i, o)
        if service is None:
            raise ValueError("no candidate")
        return service

    def candidate(self, i: int, o: int) -> bool:
        """Whether query type i may be routed to the point."""
        if (i, o) not in self._candidates:
            self._candidates[i, o] = self.service(i, o) is not None and self._passes(i, o)
        return self._candidates[i, o]

    def _passes(self, i: int, o: int) -> bool:
        """Whether the route passes all filters."""
        query, point, service = self.queries[i], self.points[o], self.known(i, o)
        profiled = point.profile is not None
        if query.attainment is not None and service.attainment is None:
            return False
        # Without a profile nothing is known of the first token or of the pace.
        if not profiled and not (query.ttft_limit is None and query.tpot_limit is None):
            return False
        factor = min(self.delay_budget, self.cap("delay_shrink", o))
        if self.kind == "none":
            factor = Fraction(0)
        checks = [(service.ttft + factor * service.ttft_deviation, query.ttft_limit)]
        if query.tpot_limit is not None:
            if service.tpot is None:
                raise ValueError("a limit on tpot where no tpot_ms is given")
            checks.append((service.tpot + factor * service.tpot_deviation, query.tpot_limit))
        if query.by_route:
            checks.append((service.e2e + factor * service.e2e_deviation, query.delay_limit))
            factor = min(self.error_budget, self.cap("error_shrink", o))
            checks.append((self.error(i, o) + factor * self.error_deviation(i, o),
                           query.error_limit))
        if profiled or self.whole_requests:
            pair = point.pair
            checks.append((self.tiers[pair[1]].kv_scale * self.models[pair[0]].kv * query.tokens
                           / point.degree, self.room(o)))
        return all(limit is None or value <= limit * (1 + FILTER) for value, limit in checks)

    def weights(self, pair: Pair) -> Fraction:
        return self.models[pair[0]].weights * self.tiers[pair[1]].weight_scale

    def room(self, o: int) -> Fraction:
        """GB of KV cache on each GPU."""
        point = self.points[o]
        return self.tiers[point.pair[1]].memory - self.weights(point.pair) / point.degree

    def kv(self, i: int, o: int) -> Fraction:
        """GB of KV cache on each GPU at share 1; 0 at a measured point, which has no such row."""
        point, query = self.points[o], self.queries[i]
        j, k = point.pair
        return (self.tiers[k].kv_scale * self.models[j].kv / point.degree * query.tokens
                * query.rate * self.known(i, o).residency_hours)

    def load(self, i: int, o: int) -> Fraction:
        """Load, or compute, at share 1, in replicas."""
        return self.queries[i].rate * self.known(i, o).load

    def sequences(self, o: int) -> Optional[int]:
        """Slots of one replica; None for no limit."""
        law = self.points[o].law
        return None if law is None else law.sequences

    def slots(self, i: int, o: int) -> Fraction:
        """Slots taken at share 1."""
        return self.queries[i].rate * self.known(i, o).residency_hours

    def carried(self, o: int, m: int) -> Fraction:
        """The load, in replicas, that m replicas may carry."""
        profile = self.points[o].profile
        headroom = self.headroom if profile is None else profile.headroom
        return headroom.load(self.counted(o, m))

    def counted(self, o: int, m: int) -> int:
        """The replicas that count in the rows: all but the spare ones."""
        profile = self.points[o].profile
        return m if profile is None else max(0, m - profile.spare)

    def proportional(self, o: int) -> bool:
        """Whether what m replicas hold and carry is m times what one does."""
        profile = self.points[o].profile
        if profile is None:
            return self.headroom.linear
        return profile.spare == 0 and profile.headroom.linear

    def sizes(self, o: int) -> range:
        """The numbers of replicas that may be rented; empty if the least is above the most."""
        profile = self.points[o].profile
        return range(max(1, profile.least if profile is not None else 1), self.replicas + 1)

    def delay(self, i: int, o: int) -> Fraction:
        return self.known(i, o).e2e

    def delay_deviation(self, i: int, o: int) -> Fraction:
        """The largest deviation of the delay; none without uncertainty."""
        return Fraction(0) if self.kind == "none" else self.known(i, o).e2e_deviation

    def error(self, i: int, o: int) -> Fraction:
        return number(self.performance["error_rate"], i, *self.points[o].pair)

    def error_deviation(self, i: int, o: int) -> Fraction:
        if self.kind == "none":
            return Fraction(0)
        return number(self.performance.get("error_deviation", 0), i, *self.points[o].pair)

    def attainment(self, i: int, o: int) -> Fraction:
        found = self.known(i, o).attainment
        if found is None:
            raise ValueError("no attainment")
        return found

    def cap(self, field: str, o: int) -> Fraction:
        """The most that a deviation factor can be: field is delay_shrink or error_shrink."""
        if self.kind != "decision_dependent":
            return Fraction(1)
        shrink = number(self.performance.get(field, 0), *self.points[o].pair)
        return max(Fraction(0), 1 - shrink)

    def rent(self, o: int, m: int) -> Fraction:
        point = self.points[o]
        return self.hours * self.tiers[point.pair[1]].price * point.degree * m

    def kept(self, i: int) -> Fraction:
        """Dollars for the data of query type i at share 1."""
        query = self.queries[i]
        return self.hours * self.storage_price * query.storage * query.tokens * query.rate

    def weight(self, i: int) -> Fraction:
        """Dollars for one ms of mean delay of query type i."""
        query = self.queries[i]
        return self.penalty_hours * query.delay_penalty * query.rate

    def unmet(self, i: int) -> Fraction:
        """Dollars for leaving query type i unmet."""
        query = self.queries[i]
        return self.penalty_hours * query.unmet_penalty * query.rate
