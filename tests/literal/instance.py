# SPDX-License-Identifier: MIT
"""An instance document as tables of exact numbers.

Every number becomes the fraction that its decimal digits say. Tables of `performance` are numbers
or nested lists; tables keyed by names are not read, since no family writes them.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Dict, List, Optional, Tuple

Document = Dict[str, Any]
Pair = Tuple[int, int]


def exact(value: Any) -> Fraction:
    """The decimal number as a fraction: 0.1 is one tenth, not the double nearest to it."""
    return Fraction(value) if isinstance(value, int) else Fraction(repr(value))


def optional(value: Any) -> Optional[Fraction]:
    return None if value is None else exact(value)


def entry(table: Any, *index: int) -> Optional[Fraction]:
    """The entry of a table that may be less deep than its indices; null at any level is None."""
    for position in index:
        if not isinstance(table, list):
            break
        table = table[position]
    return optional(table)


def number(table: Any, *index: int) -> Fraction:
    """The same of a table without nulls."""
    value = entry(table, *index)
    if value is None:
        raise ValueError("a null where a number is expected")
    return value


class Query:
    """A query type; `tokens` are input and output together."""

    def __init__(self, data: Document) -> None:
        self.name: str = data["name"]
        self.tokens = exact(data["input_tokens"]) + exact(data["output_tokens"])
        self.rate = exact(data["rate_per_hour"])
        self.compute = exact(data.get("tflop_per_1k_tokens", 0))
        self.storage = exact(data.get("storage_gb_per_token", 0))
        self.delay_limit = optional(data.get("delay_limit_ms"))
        self.error_limit = optional(data.get("error_limit"))
        self.delay_penalty = exact(data.get("delay_penalty_usd_per_ms", 0))
        self.unmet_penalty = exact(data["unmet_penalty_usd"])
        self.max_unmet = exact(data.get("max_unmet", 1))


class Model:
    """A model."""

    def __init__(self, data: Document) -> None:
        self.name: str = data["name"]
        self.weights = exact(data["weights_gb"])
        self.kv = exact(data["kv_gb_per_token"])
        self.scale = exact(data.get("compute_scale", 1))


class Tier:
    """A tier; `speedup` maps a degree to the factor by which it is faster."""

    def __init__(self, data: Document) -> None:
        self.name: str = data["name"]
        self.memory = exact(data["memory_gb"])
        self.tflops = exact(data["tflops"])
        self.price = exact(data["usd_per_hour"])
        self.degrees: List[int] = list(data["tp_degrees"])
        speedups = data.get("tp_speedup") or self.degrees
        self.speedup = {n: exact(s) for n, s in zip(self.degrees, speedups)}
        self.weight_scale = exact(data.get("weight_scale", 1))
        self.kv_scale = exact(data.get("kv_scale", 1))
        self.pool: Optional[str] = data.get("pool")


class Instance:
    """An instance; methods are the symbols of the formulation."""

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
        self.kind: str = uncertainty.get("kind", "none")
        self.by_query: bool = (self.kind == "decision_dependent"
                               and uncertainty.get("level", "query") == "query")
        self.delay_budget = exact(uncertainty.get("delay_budget", 0))
        self.error_budget = exact(uncertainty.get("error_budget", 0))
        self.queries = [Query(q) for q in document["queries"]]
        self.models = [Model(m) for m in document["models"]]
        self.tiers = [Tier(t) for t in document["tiers"]]
        self.pools = {p["name"]: p["gpus"] for p in document.get("pools", [])}
        self.pairs: List[Pair] = [(j, k) for j in range(len(self.models))
                                  for k in range(len(self.tiers))]
        self.performance = document["performance"]

    def candidate(self, i: int, pair: Pair) -> bool:
        return (entry(self.performance["delay_ms_per_token"], i, *pair) is not None
                and entry(self.performance["error_rate"], i, *pair) is not None)

    def shard(self, pair: Pair, n: int) -> Fraction:
        """GB of weights on each GPU."""
        return self.weights(pair) / n

    def weights(self, pair: Pair) -> Fraction:
        return self.models[pair[0]].weights * self.tiers[pair[1]].weight_scale

    def degrees(self, pair: Pair) -> List[int]:
        """The degrees that exist: their weight shard is at most a GPU's memory."""
        tier = self.tiers[pair[1]]
        return [n for n in tier.degrees if self.shard(pair, n) <= tier.memory]

    def room(self, pair: Pair, n: int) -> Fraction:
        """GB of KV cache on each GPU."""
        return self.tiers[pair[1]].memory - self.shard(pair, n)

    def kv(self, i: int, pair: Pair, n: int) -> Fraction:
        """GB of KV cache on each GPU at share 1."""
        query = self.queries[i]
        held = number(self.performance.get("kv_residency_hours", 0), i, *pair)
        return (self.tiers[pair[1]].kv_scale * self.models[pair[0]].kv / n
                * query.tokens * query.rate * held)

    def tflops(self, i: int, pair: Pair) -> Fraction:
        """TFLOP/s at share 1."""
        query = self.queries[i]
        return (query.compute * self.models[pair[0]].scale / 1000 * query.tokens
                * query.rate / 3600)

    def delay(self, i: int, pair: Pair, n: int) -> Fraction:
        return self._milliseconds("delay_ms_per_token", i, pair, n)

    def delay_deviation(self, i: int, pair: Pair, n: int) -> Fraction:
        """The largest deviation of the delay; none without uncertainty."""
        if self.kind == "none":
            return Fraction(0)
        return self._milliseconds("delay_deviation_ms_per_token", i, pair, n)

    def _milliseconds(self, field: str, i: int, pair: Pair, n: int) -> Fraction:
        return (number(self.performance.get(field, 0), i, *pair) * self.queries[i].tokens
                / self.tiers[pair[1]].speedup[n])

    def error(self, i: int, pair: Pair) -> Fraction:
        return number(self.performance["error_rate"], i, *pair)

    def error_deviation(self, i: int, pair: Pair) -> Fraction:
        if self.kind == "none":
            return Fraction(0)
        return number(self.performance.get("error_deviation", 0), i, *pair)

    def cap(self, field: str, pair: Pair) -> Fraction:
        """The most that a deviation factor can be: field is delay_shrink or error_shrink."""
        if self.kind != "decision_dependent":
            return Fraction(1)
        return max(Fraction(0), 1 - number(self.performance.get(field, 0), *pair))

    def rent(self, pair: Pair, n: int, m: int) -> Fraction:
        return self.hours * self.tiers[pair[1]].price * n * m

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
