# SPDX-License-Identifier: MIT
"""Random instances, by family and seed. Equal family and seed give the same instance.

normal     plain figures, with limits and capacities near what is used
ties       small whole numbers: equal prices, capacities that fit exactly, limits that equal the use
zeros      every field that may be 0 is 0 with high probability
orders     every quantity anywhere within twelve orders of magnitude
tiny       routes of which a deployment holds 1e-4 down to 1e-12, and a demand that needs them
penalties  penalties up to 1e15
bare       no penalty at all, so that rental and storage alone count; each figure zero, plain,
           tied or out of scale
"""

from __future__ import annotations

import math
import random
from typing import Any, Callable, Dict, List, Optional

Document = Dict[str, Any]


def _digits(value: float, count: int = 3) -> float:
    return float(f"{value:.{count}g}")


class Draw:
    """How a family draws each kind of figure."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def between(self, low: float, high: float) -> float:
        """A figure that is at least 0 and may be 0."""
        return _digits(self.rng.uniform(low, high))

    def positive(self, low: float, high: float) -> float:
        """A figure above 0."""
        return _digits(self.rng.uniform(low, high))

    def fraction(self, low: float, high: float) -> float:
        """A fraction from 0 to 1."""
        return _digits(self.rng.uniform(low, high))

    def penalty(self, low: float, high: float) -> float:
        return self.between(low, high)


class Ties(Draw):
    """Few different whole numbers, so that sums of them meet."""

    def between(self, low: float, high: float) -> float:
        return self.positive(low, high)

    def positive(self, low: float, high: float) -> float:
        step = 10.0 ** math.floor(math.log10(high))
        return _digits(step * self.rng.choice((1, 1, 2, 4)))

    def fraction(self, low: float, high: float) -> float:
        return self.rng.choice((0.125, 0.25, 0.5, 0.5, 1.0)) * (1.0 if high > 0.3 else 0.125)


class Orders(Draw):
    """Twelve orders of magnitude around what is usual, or fewer."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__(rng)
        self.orders = rng.choice((1, 2, 3, 6))

    def between(self, low: float, high: float) -> float:
        return self.positive(low, high)

    def positive(self, low: float, high: float) -> float:
        middle = (low + high) / 2 or 1.0
        return _digits(middle * 10 ** self.rng.uniform(-self.orders, self.orders))

    def fraction(self, low: float, high: float) -> float:
        return _digits(10 ** self.rng.uniform(-2 * self.orders, 0))


class Zeros(Draw):
    """Zeros, of whole fields and of single figures."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__(rng)
        self.density = rng.choice((0.3, 0.5, 0.8))
        self.inner: Draw = rng.choice((Draw, Draw, Ties, Orders))(rng)

    def between(self, low: float, high: float) -> float:
        return 0 if self.chance(self.density) else self.inner.between(low, high)

    def positive(self, low: float, high: float) -> float:
        return self.inner.positive(low, high)

    def fraction(self, low: float, high: float) -> float:
        return 0 if self.chance(self.density) else self.inner.fraction(low, high)


class Mixed(Draw):
    """Each figure by itself zero, plain, tied or out of scale."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__(rng)
        self.density = rng.choice((0.1, 0.3, 0.6))
        self.draws: List[Draw] = [Draw(rng), Draw(rng), Ties(rng), Orders(rng)]

    def any(self) -> Draw:
        return self.rng.choice(self.draws)

    def between(self, low: float, high: float) -> float:
        return 0 if self.chance(self.density) else self.any().between(low, high)

    def positive(self, low: float, high: float) -> float:
        return self.any().positive(low, high)

    def fraction(self, low: float, high: float) -> float:
        return 0 if self.chance(self.density) else self.any().fraction(low, high)


class Penalties(Draw):
    """Penalties up to 1e15; everything else as usual."""

    def penalty(self, low: float, high: float) -> float:
        return _digits(10 ** self.rng.uniform(0, 15))


def _table(draw: Draw, sizes: List[int], figure: Callable[[], Optional[float]]) -> Any:
    """A table of some depth: a number, [i], [i][j] or [i][j][k]."""
    depth = draw.rng.choice((0, 1, 2, 3, 3, 3))

    def level(rest: List[int]) -> Any:
        return figure() if not rest else [level(rest[1:]) for _ in range(rest[0])]

    return level(sizes[:depth])


def _query(draw: Draw, index: int, hard: bool) -> Document:
    rng = draw.rng
    tokens = draw.positive(100, 2000)
    query: Document = {
        "name": f"q{index}",
        "input_tokens": tokens,
        "output_tokens": draw.between(50, 1000),
        "rate_per_hour": draw.between(20, 1000),
        "unmet_penalty_usd": draw.penalty(0, rng.choice((1, 10))),
        "max_unmet": 1,
    }
    if rng.random() < 0.7:
        query["tflop_per_1k_tokens"] = draw.between(5, 400)
    if rng.random() < 0.4:
        query["storage_gb_per_token"] = draw.between(0, 0.002)
    if rng.random() < 0.5:
        query["delay_limit_ms"] = draw.between(500, 8000)
    if rng.random() < 0.4:
        query["error_limit"] = draw.fraction(0.05, 0.2)
    if rng.random() < 0.5:
        query["delay_penalty_usd_per_ms"] = draw.penalty(0, 0.001)
    if hard or rng.random() < 0.08:
        query["max_unmet"] = draw.fraction(0, 0.9) if rng.random() < 0.7 else 0
    return query


def _tier(draw: Draw, index: int, prices: List[float], pools: List[str]) -> Document:
    rng = draw.rng
    degrees = rng.sample((1, 2, 3, 4, 8), rng.choice((1, 1, 2, 2, 3)))
    tier: Document = {
        "name": f"t{index}",
        "memory_gb": draw.positive(16, 100),
        "tflops": draw.positive(50, 600),
        "usd_per_hour": rng.choice(prices),
        "tp_degrees": degrees,
    }
    if rng.random() < 0.3:
        # More GPUs need not be faster.
        plain = rng.random() < 0.5
        tier["tp_speedup"] = [_digits(n ** 0.8) if plain else draw.positive(0.3, 4)
                              for n in degrees]
    if rng.random() < 0.3:
        tier["weight_scale"] = draw.between(0.25, 1)
    if rng.random() < 0.3:
        tier["kv_scale"] = draw.between(0.25, 1)
    if pools and rng.random() < 0.7:
        tier["pool"] = rng.choice(pools)
    return tier


def _model(draw: Draw, index: int) -> Document:
    model: Document = {
        "name": f"m{index}",
        "weights_gb": draw.between(1, 60),
        "kv_gb_per_token": draw.between(0.0001, 0.01),
    }
    if draw.chance(0.4):
        model["compute_scale"] = draw.between(0.5, 2)
    return model


def _performance(draw: Draw, sizes: List[int], uncertain: bool) -> Document:
    rng = draw.rng
    missing = rng.choice((0, 0, 0.2, 0.4))

    def or_null(figure: Callable[[], float]) -> Callable[[], Optional[float]]:
        return lambda: None if rng.random() < missing else figure()

    performance: Document = {
        "delay_ms_per_token": _table(draw, sizes, or_null(lambda: draw.between(0.2, 5))),
        "error_rate": _table(draw, sizes, or_null(lambda: draw.fraction(0.01, 0.15))),
    }
    if rng.random() < 0.75:
        performance["kv_residency_hours"] = _table(draw, sizes, lambda: draw.between(0.001, 0.03))
    if uncertain or rng.random() < 0.2:
        performance["delay_deviation_ms_per_token"] = _table(
            draw, sizes, lambda: draw.between(0, 2))
        performance["error_deviation"] = _table(draw, sizes, lambda: draw.fraction(0, 0.05))
        for field in ("delay_shrink", "error_shrink"):
            if rng.random() < 0.7:
                performance[field] = _table(
                    draw, sizes[1:], lambda: _digits(rng.choice((1, 0.5, 0, rng.uniform(-1, 1)))))
    return performance


def _generate(draw: Draw, name: str) -> Document:
    rng = draw.rng
    queries, models, tiers = rng.choice(
        ((1, 1, 1), (1, 1, 2), (1, 2, 2), (2, 1, 1), (2, 1, 2), (2, 2, 2), (2, 2, 1),
         (3, 1, 2), (3, 2, 2), (3, 2, 1), (2, 2, 3), (1, 1, 3), (2, 3, 3), (4, 2, 3)))
    kind = rng.choice(("none", "none", "budget", "decision_dependent"))
    policy: Document = {
        "placement": rng.choice(("single", "matching", "split", "split")),
        "slo_basis": rng.choice(("served", "offered")),
        "storage_basis": rng.choice(("deployment", "deployment", "route")),
        "max_replicas": rng.choice((1, 1, 1, 2, 2, 3, 40)),
    }
    uncertainty: Document = {"kind": kind}
    if kind != "none":
        for field in ("delay_budget", "error_budget"):
            uncertainty[field] = rng.choice((0, 0.5, 1, 1, 1.5, 2, 10))
    if kind == "decision_dependent":
        uncertainty["level"] = rng.choice(("cell", "query"))
        if uncertainty["level"] == "query":
            policy["placement"] = "single"
    pools = ["p0", "p1"][:rng.choice((0, 0, 1, 2))]
    prices = [draw.between(0.2, 5) for _ in range(rng.choice((1, 2, 3)))]
    hard = rng.random() < 0.15
    document: Document = {
        "format": "inferplan-instance",
        "version": 1,
        "name": name,
        "horizon": {"rental_hours": draw.positive(1, 24)},
        "limits": {},
        "storage_usd_per_gb_hour": draw.between(0.0001, 0.05) if rng.random() < 0.5 else 0,
        "policy": policy,
        "uncertainty": uncertainty,
        "queries": [_query(draw, i, hard) for i in range(queries)],
        "models": [_model(draw, j) for j in range(models)],
        "tiers": [_tier(draw, k, prices, pools) for k in range(tiers)],
    }
    if rng.random() < 0.3:
        document["horizon"]["penalty_hours"] = draw.between(1, 24)
    if rng.random() < 0.3:
        document["limits"]["budget_usd"] = draw.between(2, 300)
    if rng.random() < 0.3:
        document["limits"]["storage_gb"] = draw.between(5, 150)
    if pools:
        document["pools"] = [{"name": p, "gpus": rng.randint(0, 6)} for p in pools]
    document["performance"] = _performance(draw, [queries, models, tiers], kind != "none")
    return document


def _tiny(rng: random.Random, name: str) -> Document:
    """Memory or compute that holds a tiny share only, where the tiny share is worth its rent."""
    draw = Penalties(rng) if rng.random() < 0.5 else Draw(rng)
    document = _generate(draw, name)
    share = 10 ** rng.uniform(-12, -4)
    tokens = [q["input_tokens"] + q["output_tokens"] for q in document["queries"]]
    for i, query in enumerate(document["queries"]):
        if rng.random() < 0.3:
            continue
        query["rate_per_hour"] = _digits(max(query["rate_per_hour"], 1) / share)
        if rng.random() < 0.5:
            query["unmet_penalty_usd"] = _digits(rng.choice((1, 1e3, 1e6)) * rng.random())
        held = rng.choice((0, 0.5, 1, 2, 3)) * share
        query["max_unmet"] = rng.choice((1, 1 - held, max(0.0, 1 - 100 * held), 0))
        if rng.random() < 0.3 and tokens[i]:
            query["tflop_per_1k_tokens"] = 0
    if rng.random() < 0.3:
        for query in document["queries"]:
            query["unmet_penalty_usd"] = 0
            query.pop("delay_penalty_usd_per_ms", None)
            held = rng.choice((0.5, 1, 2, 3)) * share
            query["max_unmet"] = rng.choice((1 - held, 1 - held, 1))
    if rng.random() < 0.4:
        # One tier with room for nearly all, so that the rest of it is what the tiny routes get.
        document["tiers"][0]["memory_gb"] = _digits(document["tiers"][0]["memory_gb"] / share)
        document["tiers"][0]["tflops"] = _digits(document["tiers"][0]["tflops"] / share)
    return document


DRAWS: Dict[str, Callable[[random.Random], Draw]] = {
    "normal": Draw, "ties": Ties, "zeros": Zeros, "orders": Orders, "penalties": Penalties,
    "bare": Mixed}
FAMILIES = ["normal", "ties", "zeros", "orders", "tiny", "penalties", "bare"]


def generate(family: str, seed: int) -> Document:
    """The instance of a family and seed."""
    rng = random.Random(f"{family} {seed}")
    name = f"{family}-{seed}"
    if family == "tiny":
        return _tiny(rng, name)
    document = _generate(DRAWS[family](rng), name)
    if family == "bare" or family == "zeros" and rng.random() < 0.6:
        _without_penalties(rng, document)
    return document


def _without_penalties(rng: random.Random, document: Document) -> None:
    """Without a penalty only max_unmet makes it worth while to serve anything."""
    for query in document["queries"]:
        query["unmet_penalty_usd"] = 0
        query.pop("delay_penalty_usd_per_ms", None)
        query["max_unmet"] = rng.choice((0, 0, 0, 1, 1 - 10 ** rng.uniform(-7, -1),
                                         _digits(rng.random(), 1)))
