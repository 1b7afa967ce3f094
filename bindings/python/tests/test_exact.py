# SPDX-License-Identifier: MIT
"""What the verifier computes, against exact arithmetic in fractions: the nearest double of every limit
and cost, and the largest violation to nine digits, of plans with many routes and numbers of very
different size."""
import math
import random
import unittest
from fractions import Fraction
from typing import Any, Dict, List, Tuple

import inferplan


def spread(chance: random.Random, low: float, high: float) -> float:
    """Evenly over the orders of size."""
    return float(10 ** chance.uniform(math.log10(low), math.log10(high)))


def made(chance: random.Random, queries: int, pairs: int) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    """An instance, and a plan that breaks many of its limits."""
    document = {
        "format": "inferplan-instance", "version": 1, "name": "exact",
        "horizon": {"rental_hours": 7.3}, "storage_usd_per_gb_hour": spread(chance, 1e-6, 1),
        "limits": {"budget_usd": spread(chance, 1, 1e9), "storage_gb": spread(chance, 1, 1e6)},
        "queries": [{
            "name": f"q{i}", "input_tokens": chance.randint(1, 10**6), "output_tokens": 0.3,
            "rate_per_hour": spread(chance, 1e-6, 1e9), "tflop_per_1k_tokens": spread(chance, 1e-3, 9),
            "storage_gb_per_token": spread(chance, 1e-12, 1),
            "delay_penalty_usd_per_ms": spread(chance, 1e-12, 1), "delay_limit_ms": 1e6,
            "error_limit": 0.1, "unmet_penalty_usd": spread(chance, 1e-6, 1e3),
        } for i in range(queries)],
        "models": [{"name": f"m{j}", "weights_gb": spread(chance, 1e-3, 1e3),
                    "kv_gb_per_token": spread(chance, 1e-9, 1), "compute_scale": 0.7}
                   for j in range(pairs)],
        "tiers": [{"name": f"t{k}", "memory_gb": spread(chance, 1, 1e4),
                   "tflops": spread(chance, 1, 1e4), "usd_per_hour": spread(chance, 1e-3, 1e3),
                   "tp_degrees": [3], "tp_speedup": [1.7], "weight_scale": 0.3, "kv_scale": 0.9}
                  for k in range(pairs)],
        "performance": {
            "delay_ms_per_token": [[spread(chance, 1e-3, 1e3) for _ in range(pairs)]
                                   for _ in range(queries)],
            "error_rate": [chance.random() for _ in range(queries)],
            "kv_residency_hours": [spread(chance, 1e-6, 1e2) for _ in range(queries)]},
    }
    plan = {"format": "inferplan-plan", "version": 1, "instance": "exact",
            "deployments": [{"model": f"m{j}", "tier": f"t{j}", "tp_degree": 3, "replicas": 1}
                            for j in range(pairs)],
            "routes": [{"query": f"q{i}", "model": f"m{j}", "tier": f"t{j}",
                        "fraction": spread(chance, 1e-12, 1 / pairs)}
                       for i in range(queries) for j in range(pairs)],
            "unmet": [{"query": f"q{i}", "fraction": chance.random() / 3} for i in range(queries)]}
    return document, plan


def exact(document: Dict[str, Any], plan: Dict[str, Any]) -> Tuple[Dict[str, Fraction],
                                                                   Dict[str, Fraction], Fraction]:
    """Limits used, costs and the largest violation, by docs/formulation.md."""
    def member(plural: str, name: str, field: str) -> Fraction:
        return Fraction(document[plural][int(name[1:])][field])

    performance = document["performance"]
    hours = Fraction(document["horizon"]["rental_hours"])
    speedup, weight_scale, kv_scale = Fraction(1.7), Fraction(0.3), Fraction(0.9)
    zero = Fraction(0)
    kv: Dict[str, Fraction] = {}
    compute: Dict[str, Fraction] = {}
    delay: Dict[str, Fraction] = {}
    error: Dict[str, Fraction] = {}
    served: Dict[str, Fraction] = {}
    data = zero
    rows: List[Tuple[str, Fraction, Fraction]] = []
    tokens = {query["name"]: Fraction(query["input_tokens"]) + Fraction(query["output_tokens"])
              for query in document["queries"]}
    for route in plan["routes"]:
        query, model, at = route["query"], route["model"], int(route["query"][1:])
        share = Fraction(route["fraction"])
        length = tokens[query]
        flow = length * member("queries", query, "rate_per_hour") * share
        kv[model] = kv.get(model, zero) + flow * kv_scale * member(
            "models", model, "kv_gb_per_token") * Fraction(performance["kv_residency_hours"][at])
        compute[model] = compute.get(model, zero) + flow * member(
            "queries", query, "tflop_per_1k_tokens") * Fraction(0.7) / 3600000
        delay[query] = delay.get(query, zero) + Fraction(
            performance["delay_ms_per_token"][at][int(model[1:])]) * length / speedup * share
        error[query] = error.get(query, zero) + Fraction(performance["error_rate"][at]) * share
        served[query] = served.get(query, zero) + share
        data += flow * member("queries", query, "storage_gb_per_token")
    weights, rental = zero, zero
    for deployment in plan["deployments"]:
        model, tier = deployment["model"], deployment["tier"]
        stored = member("models", model, "weights_gb") * weight_scale
        weights += stored
        rental += hours * member("tiers", tier, "usd_per_hour") * 3
        rows.append((f"memory[{model},{tier}]", kv[model] + stored,
                     member("tiers", tier, "memory_gb") * 3))
        rows.append((f"compute[{model},{tier}]", compute[model],
                     member("tiers", tier, "tflops") * 3))
    storage = hours * Fraction(document["storage_usd_per_gb_hour"]) * (weights + data)
    rows.append(("budget_usd", rental + storage, Fraction(document["limits"]["budget_usd"])))
    rows.append(("storage_gb", weights, Fraction(document["limits"]["storage_gb"])))
    misses = [zero]
    costs = {"rental": rental, "storage": storage, "delay": zero, "unmet": zero}
    for unmet in plan["unmet"]:
        query, share = unmet["query"], Fraction(unmet["fraction"])
        rate = member("queries", query, "rate_per_hour")
        rows.append((f"delay[{query}]", delay[query] / served[query],
                     member("queries", query, "delay_limit_ms")))
        rows.append((f"error[{query}]", error[query] / served[query],
                     member("queries", query, "error_limit")))
        misses.append(abs(served[query] + share - 1))
        costs["delay"] += hours * member("queries", query, "delay_penalty_usd_per_ms") * rate * \
            delay[query]
        costs["unmet"] += hours * member("queries", query, "unmet_penalty_usd") * rate * share
    for model in document["models"]:
        misses.append(Fraction(model["weights_gb"]) * weight_scale / 3 / Fraction(
            document["tiers"][int(model["name"][1:])]["memory_gb"]) - 1)
    misses += [(used - limit) / limit for name, used, limit in rows
               if not name.startswith("memory")]
    # Of memory, what the load exceeds of that which weights leave.
    for deployment in plan["deployments"]:
        model, tier = deployment["model"], deployment["tier"]
        left = (member("tiers", tier, "memory_gb") -
                member("models", model, "weights_gb") * weight_scale / 3) * 3
        if kv[model] > 0:
            misses.append((kv[model] - left) / left if left > 0 else Fraction(1))
    return {name: used for name, used, _ in rows}, costs, max(misses)


class Exact(unittest.TestCase):
    def held(self, document: Dict[str, Any], plan: Dict[str, Any]) -> None:
        limits, costs, violation = exact(document, plan)
        with inferplan.load(document) as instance:
            found = instance.check(plan)
        self.assertEqual({limit.name: limit.used for limit in found.limits},
                         {name: float(used) for name, used in limits.items()})
        assert found.costs is not None
        self.assertEqual([found.costs.rental_usd, found.costs.storage_usd, found.costs.delay_usd,
                          found.costs.unmet_usd, found.objective_usd],
                         [float(costs["rental"]), float(costs["storage"]), float(costs["delay"]),
                          float(costs["unmet"]), float(sum(costs.values()))])
        self.assertEqual(found.max_violation, float(f"{float(violation):.8e}"))
        self.assertEqual(found.status, "infeasible" if violation > 1e-6 else "feasible")

    def test_small_plans(self) -> None:
        chance = random.Random(3)
        for _ in range(40):
            self.held(*made(chance, chance.randint(1, 6), chance.randint(1, 6)))

    def test_a_hundred_thousand_routes(self) -> None:
        self.held(*made(random.Random(4), 5000, 20))

    def test_on_both_sides_of_the_tolerance(self) -> None:
        document, plan = made(random.Random(5), 2, 2)
        document["limits"] = {}
        for query in document["queries"]:
            query.update(delay_limit_ms=None, error_limit=None, max_unmet=1)
        plan["unmet"] = [{"query": f"q{i}", "fraction": float(1 - sum(
            Fraction(route["fraction"]) for route in plan["routes"]
            if route["query"] == f"q{i}"))} for i in range(2)]
        for tier in document["tiers"]:
            tier.update(memory_gb=1e15, tflops=1e15)
        document["models"][0]["kv_gb_per_token"] = 1e3
        used = max(exact_memory(document, plan).values())
        for side in (-1, 1):
            name = max(exact_memory(document, plan), key=exact_memory(document, plan).__getitem__)
            limit = float(used / 3 / (1 + Fraction(1, 10**6) + side * Fraction(1, 10**14)))
            document["tiers"][int(name[1:])]["memory_gb"] = limit
            with inferplan.load(document) as instance:
                self.assertEqual(instance.check(plan).status,
                                 "infeasible" if side > 0 else "feasible")


def exact_memory(document: Dict[str, Any], plan: Dict[str, Any]) -> Dict[str, Fraction]:
    filled = {**document, "limits": {"budget_usd": 1.0, "storage_gb": 1.0},
              "queries": [{**query, "delay_limit_ms": 1.0, "error_limit": 1.0}
                          for query in document["queries"]]}
    limits, _, _ = exact(filled, plan)
    return {name.split("[")[1].split(",")[0]: used for name, used in limits.items()
            if name.startswith("memory")}


if __name__ == "__main__":
    unittest.main()
