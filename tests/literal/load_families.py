# SPDX-License-Identifier: MIT
"""Random instances with performance under load, by family and seed.

load-one     few queries and points, and one or two of the features at a time
load-all     the same size, each feature as likely as not
load-ties    small whole numbers, limits that equal what they limit or miss it by 2e-9 of it
load-zeros   rates, outputs, times and works that are 0 with high probability
load-beside  several deployments of a pair side by side
load-paces   laws without given paces, so that the limits make them
load-medium  six query types on four tiers, too many for enumeration
"""

from __future__ import annotations

import random
from typing import Any, Dict, List, Optional, Set

from families import Document, Draw, Ties, Zeros
from instance import Instance

FAMILIES = ["load-one", "load-all", "load-ties", "load-zeros", "load-beside", "load-paces",
            "load-medium"]

FEATURES = ["law", "points", "automatic", "ttft", "tpot", "delay", "error", "by_route",
            "attainment", "headroom", "policy_headroom", "spare", "least", "whole", "utilization",
            "cached", "beside", "residency", "held", "network", "deviation", "storage", "pools",
            "budget", "storage_limit", "no_delays", "sequences", "chunk", "context", "absent",
            "must", "penalty", "uncertain", "compute", "idle", "short", "many"]


class Sparse(Zeros):
    """Zeros among figures of the usual size."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__(rng)
        self.inner = rng.choice((Draw, Ties))(rng)


class Builder:
    """Draws one instance; `on` are the features that it has."""

    def __init__(self, draw: Draw, on: Set[str], name: str, medium: bool) -> None:
        self.draw = draw
        self.rng = draw.rng
        self.on = on
        self.medium = medium
        self.most = self.rng.choice((1, 2, 3, 3, 4)) if not medium else self.rng.choice((4, 8, 16))
        self.limits_apply = False
        self.document: Document = {"format": "inferplan-instance", "version": 1, "name": name}

    def has(self, feature: str) -> bool:
        return feature in self.on

    def some(self, feature: str, probability: float = 0.7) -> bool:
        return feature in self.on and self.rng.random() < probability

    def build(self) -> Document:
        rng, document = self.rng, self.document
        queries, models, tiers = (rng.choice(((1, 1, 1), (1, 1, 2), (2, 1, 1), (2, 1, 2), (2, 2, 1),
                                              (3, 1, 1), (3, 1, 2), (1, 1, 3), (2, 2, 2)))
                                  if not self.medium else (6, rng.choice((2, 4)), 4))
        document["horizon"] = {"rental_hours": self.draw.positive(1, 24)}
        if rng.random() < 0.2:
            document["horizon"]["penalty_hours"] = self.draw.positive(1, 24)
        document["limits"] = {}
        if self.has("budget"):
            document["limits"]["budget_usd"] = self.draw.positive(5, 300)
        if self.has("storage_limit"):
            document["limits"]["storage_gb"] = self.draw.positive(10, 120)
        document["storage_usd_per_gb_hour"] = (self.draw.between(0.001, 0.05)
                                               if self.has("storage") else 0)
        document["policy"] = self.policy()
        document["uncertainty"] = self.uncertainty()
        document["queries"] = [self.query(i) for i in range(queries)]
        document["models"] = [self.model(j) for j in range(models)]
        pools = ["p0", "p1"][:rng.choice((1, 2))] if self.has("pools") else []
        document["tiers"] = [self.tier(k, pools) for k in range(tiers)]
        if pools:
            document["pools"] = [{"name": p, "gpus": rng.randint(0, 8)} for p in pools]
        document["performance"] = self.performance([queries, models, tiers])
        profiles = self.profiles()
        if profiles:
            document["profiles"] = profiles
        elif self.has("no_delays"):
            document["performance"]["delay_ms_per_token"] = self.draw.between(0.5, 4)
        return document

    def policy(self) -> Document:
        rng = self.rng
        policy: Document = {
            "placement": rng.choice(("single", "matching", "split", "split")),
            "slo_basis": rng.choice(("served", "offered")),
            "storage_basis": rng.choice(("deployment", "deployment", "route")),
            "max_replicas": self.most,
        }
        if self.has("beside"):
            policy["deployments_per_pair"] = None
        elif rng.random() < 0.1:
            policy["deployments_per_pair"] = 1
        if self.some("by_route"):
            policy["limit_basis"] = "route"
        if self.some("whole"):
            policy["whole_requests"] = True
        if self.has("policy_headroom"):
            policy["headroom"] = self.headroom()
        if self.has("automatic"):
            # The paces are many, so that few are asked for where all fleets are enumerated.
            paces = rng.choice((1, 2, 3, 3, None)) if not self.medium else rng.choice((3, None))
            if paces is not None:
                policy["paces"] = paces
        return policy

    def headroom(self) -> Document:
        rng = self.rng
        form = rng.choice(("utilization", "wait", "table", "table"))
        if form == "utilization":
            return {"utilization": rng.choice((1, 0.5, 0.8, float(f"{rng.uniform(.3, 1):.2g}")))}
        if form == "wait":
            headroom = {"wait_ms": rng.choice((0, 100, 500, 3000)),
                        "quantile": rng.choice((0, 0.5, 0.9, 0.99, 0.999)),
                        "slots": rng.choice((1, 2, 8, 16)), "service_ms": rng.choice((500, 5000))}
            if rng.random() < 0.4:
                headroom["cv2"] = rng.choice((0, 0.5, 2))
            return headroom
        table: List[float] = []
        for _ in range(rng.choice((1, 1, 2, 3, 5))):
            step = rng.choice((0, 0.5, 0.75, 1, 1.25, float(f"{rng.uniform(0, 1.5):.2g}")))
            table.append(round((table[-1] if table else 0) + step, 6))
        return {"table": table}

    def uncertainty(self) -> Document:
        rng = self.rng
        if not self.has("uncertain"):
            return {"kind": "none"}
        kind = rng.choice(("budget", "decision_dependent"))
        uncertainty: Document = {"kind": kind}
        for field in ("delay_budget", "error_budget"):
            uncertainty[field] = rng.choice((0, 0.5, 1, 1, 1.5, 3))
        if kind == "decision_dependent":
            uncertainty["level"] = rng.choice(("cell", "query"))
            if uncertainty["level"] == "query":
                self.document["policy"]["placement"] = "single"
        return uncertainty

    def query(self, index: int) -> Document:
        rng, draw = self.rng, self.draw
        query: Document = {
            "name": f"q{index}",
            "input_tokens": draw.positive(100, 2000),
            "output_tokens": draw.between(20, 400),
            "rate_per_hour": draw.between(1000, 30000) * (
                rng.choice((0.3, 1, 1)) if not self.medium else rng.choice((1, 4, 10))),
            "unmet_penalty_usd": draw.between(0.0001, 0.004) * (3 if rng.random() < 0.5 else 1),
            "max_unmet": 1,
        }
        if self.some("short"):
            query["output_tokens"] = rng.choice((0, 1, 1, 2, 0.5))
        if self.some("idle", 0.4):
            query["rate_per_hour"] = 0
        if self.some("ttft"):
            query["ttft_limit_ms"] = draw.positive(100, 1500)
        if self.some("tpot"):
            query["tpot_limit_ms"] = draw.positive(8, 70)
        if self.some("delay"):
            query["delay_limit_ms"] = draw.positive(800, 14000)
        if self.some("error"):
            query["error_limit"] = draw.fraction(0.04, 0.2)
        if self.some("by_route", 0.4):
            query["limit_basis"] = rng.choice(("route", "average", None))
            if query["limit_basis"] is None:
                del query["limit_basis"]
        if self.some("attainment", 0.6):
            query["attainment_target"] = rng.choice((0, 0.8, 0.9, 0.9, 0.95, 1))
        if self.some("cached"):
            query["cached_input_fraction"] = rng.choice((0.25, 0.5, 1, 0.3))
        if self.some("storage", 0.5):
            query["storage_gb_per_token"] = draw.between(0, 1e-5)
        if self.some("penalty"):
            query["delay_penalty_usd_per_ms"] = draw.between(0, 3e-7)
        if self.some("must", 0.4):
            query["max_unmet"] = rng.choice((0, 0.25, 0.5, 0.75, 0.9))
        if self.some("compute", 0.8):
            query["tflop_per_1k_tokens"] = draw.between(5, 100)
        return query

    def model(self, index: int) -> Document:
        model: Document = {"name": f"m{index}", "weights_gb": self.draw.between(2, 60),
                           "kv_gb_per_token": self.draw.between(
                               0.0001, self.rng.choice((0.004, 0.02)))}
        if self.draw.chance(0.2):
            model["compute_scale"] = self.draw.between(0.5, 2)
        return model

    def tier(self, index: int, pools: List[str]) -> Document:
        rng = self.rng
        degrees = rng.sample((1, 2, 4), rng.choice((1, 1, 2)))
        tier: Document = {
            "name": f"t{index}", "memory_gb": self.draw.positive(24, 90),
            "tflops": self.draw.positive(50, 600), "usd_per_hour": self.draw.between(0.5, 6),
            "tp_degrees": degrees,
        }
        if rng.random() < 0.2:
            tier["tp_speedup"] = [float(f"{n ** 0.8:.3g}") for n in degrees]
        if rng.random() < 0.3:
            tier["weight_scale"] = rng.choice((0.5, 1))
        if rng.random() < 0.3:
            tier["kv_scale"] = rng.choice((0.5, 1))
        if self.some("utilization"):
            tier["memory_utilization"] = rng.choice((0.9, 0.5, 0.75, 1))
        if pools and rng.random() < 0.7:
            tier["pool"] = rng.choice(pools)
        return tier

    def table(self, sizes: List[int], figure: Any) -> Any:
        depth = self.rng.choice((0, 1, len(sizes), len(sizes)))

        def level(rest: List[int]) -> Any:
            return figure() if not rest else [level(rest[1:]) for _ in range(rest[0])]

        return level(sizes[:depth])

    def performance(self, sizes: List[int]) -> Document:
        rng, draw = self.rng, self.draw
        missing = rng.choice((0, 0, 0.15))

        def or_null(value: float) -> Optional[float]:
            return None if rng.random() < missing else value

        performance: Document = {
            "error_rate": self.table(sizes, lambda: or_null(draw.fraction(0.01, 0.15)))}
        if not self.has("no_delays"):
            performance["delay_ms_per_token"] = self.table(
                sizes, lambda: or_null(draw.between(0.5, 6)))
        if self.has("held"):
            performance["kv_residency_hours"] = self.table(
                sizes, lambda: draw.between(0.0002, 0.003))
        if self.has("residency"):
            performance["kv_residency_hours"] = "delay"
        if self.has("uncertain") or self.some("deviation"):
            performance["delay_deviation_ms_per_token"] = self.table(
                sizes, lambda: draw.between(0, 2))
            performance["error_deviation"] = self.table(sizes, lambda: draw.fraction(0, 0.05))
            for field in ("delay_shrink", "error_shrink"):
                if rng.random() < 0.7:
                    performance[field] = self.table(sizes[1:],
                                                    lambda: rng.choice((1, 0.5, 0, -0.5, 0.3)))
        return performance

    def profiles(self) -> List[Document]:
        """Profiles of some configurations; of most where delays are not given."""
        rng, document = self.rng, self.document
        forms = [form for form in ("law", "points") if self.has(form)]
        if not forms:
            return []
        result: List[Document] = []
        share = 1 if rng.random() < (0.7 if self.has("no_delays") else 0.5) else 0.6
        room = 60 if self.medium else 5
        for model in document["models"]:
            for tier in document["tiers"]:
                for degree in tier["tp_degrees"]:
                    if rng.random() > share or room <= 0:
                        continue
                    profile: Document = {"model": model["name"], "tier": tier["name"],
                                         "tp_degree": degree}
                    self.common(profile)
                    if rng.choice(forms) == "law":
                        room -= self.law(profile)
                    else:
                        room -= self.points(profile)
                    result.append(profile)
        rng.shuffle(result)
        return result

    def common(self, profile: Document) -> None:
        rng = self.rng
        if self.some("headroom"):
            profile["headroom"] = self.headroom()
        elif rng.random() < 0.1:
            profile["headroom"] = None
        if self.some("spare", 0.6):
            profile["spare_replicas"] = rng.choice((0, 1, 1, 2))
        if self.some("least", 0.6):
            profile["min_replicas"] = rng.choice((0, 1, 2, 2, 3, 5))
        if self.some("network"):
            profile["network_ms"] = self.draw.between(1, 200)
        if self.some("deviation"):
            profile["delay_deviation"] = rng.choice((0.1, 0.25, 0.5, 1.5))

    def law(self, profile: Document) -> int:
        """Fill in a law; returns how many paces it is likely to have."""
        rng, draw = self.rng, self.draw
        profile["iteration_ms"] = draw.between(2, 20)
        profile["prefill_ms_per_token"] = draw.between(0.01, 0.1)
        profile["decode_ms_per_token"] = draw.between(0.1, 0.8)
        if self.some("context"):
            profile["context_ms_per_token"] = draw.between(0.00001, 0.0003)
        if self.some("sequences"):
            profile["max_sequences"] = rng.choice((1, 4, 8, 16, 64))
        if self.some("chunk"):
            profile["chunk_tokens"] = rng.choice((64, 256, 512, 1000, 2048))
        if self.has("automatic") and profile["iteration_ms"] > 0:
            return 4
        count = rng.choice((1, 2, 2, 3))
        paces: Set[float] = set()
        while len(paces) < count:
            paces.add(float(f"{profile['iteration_ms'] * rng.uniform(1.05, 5) + .01:.3g}")
                      if rng.random() < 0.7 or profile["iteration_ms"] >= 40
                      else rng.choice((40, 50, 60)))
        profile["paces_ms"] = [int(pace) if pace == int(pace) else pace for pace in paces
                               if pace > profile["iteration_ms"]] or [100]
        rng.shuffle(profile["paces_ms"])
        return len(profile["paces_ms"])

    def points(self, profile: Document) -> int:
        count = self.rng.choice((1, 2, 2, 3))
        profile["points"] = [self.measured(f"at {i}") for i in range(count)]
        return count

    def measured(self, name: str) -> Document:
        rng = self.rng
        point: Document = {"name": name, "queries": {}}
        if rng.random() < 0.8:
            point["tpot_ms"] = self.draw.positive(8, 60)
        queries = [q for q in self.document["queries"]
                   if not self.some("absent", 0.4)] or self.document["queries"][:1]
        for query in queries:
            point["queries"][query["name"]] = self.entry(query, "tpot_ms" in point)
        return point

    def entry(self, query: Document, paced: bool) -> Document:
        rng, draw = self.rng, self.draw
        entry: Document = {"rate_per_hour": draw.positive(2000, 20000),
                           "ttft_ms": draw.between(50, 1200)}
        if rng.random() < 0.3:
            entry["tpot_ms"] = draw.positive(8, 60)
        if rng.random() < 0.3:
            entry["e2e_ms"] = draw.positive(500, 12000)
        if not paced and "tpot_ms" not in entry:
            if "tpot_limit_ms" in query or "e2e_ms" not in entry:
                entry["tpot_ms"] = draw.positive(8, 60)
        if "attainment_target" in query and rng.random() < 0.85 or rng.random() < 0.1:
            entry["attainment"] = rng.choice((0.7, 0.85, 0.9, 0.95, 0.99, 1))
        if self.some("deviation"):
            for field, most in (("ttft_deviation_ms", 300), ("tpot_deviation_ms", 15),
                                ("e2e_deviation_ms", 3000)):
                if rng.random() < 0.6:
                    entry[field] = draw.between(0, most)
        return entry


def _snap(rng: random.Random, document: Document) -> None:
    """Make limits equal to what they limit, or miss it by 2e-9, or hold it by 5e-10 only."""
    for query in document["queries"]:
        found: Dict[str, List[float]] = {"ttft_limit_ms": [], "tpot_limit_ms": [],
                                         "delay_limit_ms": []}
        for profile in document.get("profiles", []):
            network = profile.get("network_ms", 0)
            found["tpot_limit_ms"] += profile.get("paces_ms", [])
            for point in profile.get("points", []):
                entry = point["queries"].get(query["name"])
                if entry is None:
                    continue
                found["ttft_limit_ms"].append(entry["ttft_ms"] + network)
                tpot = entry.get("tpot_ms", point.get("tpot_ms"))
                if tpot is not None:
                    found["tpot_limit_ms"].append(tpot)
                if "e2e_ms" in entry:
                    found["delay_limit_ms"].append(entry["e2e_ms"] + network)
        for field, values in found.items():
            if field in query and values and rng.random() < 0.7:
                miss = rng.choice((0, 0, 0, 5e-10, 2e-9, -5e-10))
                value = rng.choice(values)
                query[field] = value * (1 - miss) if miss else value


def _choose(rng: random.Random, family: str) -> Set[str]:
    """The features of an instance of the family."""
    if family == "load-one":
        # A profile, the feature, and what makes it felt.
        on = {rng.choice(("law", "points")), rng.choice(FEATURES), rng.choice(FEATURES)}
        on |= {rng.choice(("must", "penalty", "budget", "many"))}
        if on & {"compute", "policy_headroom", "residency", "held", "whole"} and rng.random() < 0.5:
            on -= {"law", "points"}
        return on
    density = rng.choice((0.25, 0.5, 0.75))
    on = {feature for feature in FEATURES if rng.random() < density}
    on |= {rng.choice(("law", "points"))}
    if family == "load-beside":
        on |= {"beside"}
    if family == "load-paces":
        on |= {"automatic", "law"}
        on -= {"points"}
    return on


def _promising(document: Document) -> bool:
    """Whether each query type has a point that could serve it, with replicas that carry load."""
    instance = Instance(document)
    alive = [o for o in range(len(instance.points))
             if any(instance.carried(o, m) > 0 for m in instance.sizes(o))]
    return all(any(instance.candidate(i, o) for o in alive) for i in range(len(instance.queries)))


def generate(family: str, seed: int) -> Document:
    """The instance of a family and seed."""
    rng = random.Random(f"{family} {seed}")
    draw: Draw = {"load-ties": Ties, "load-zeros": Sparse}.get(family, Draw)(rng)
    # Most that are drawn serve nothing, since their limits leave no candidates; a few will do.
    tries = 1 if rng.random() < 0.1 else 60
    for _ in range(tries):
        document = Builder(draw, _choose(rng, family), f"{family}-{seed}",
                           family == "load-medium").build()
        if family == "load-ties" or rng.random() < 0.1:
            _snap(rng, document)
        if _promising(document):
            break
    return document
