# SPDX-License-Identifier: MIT
"""What a plan document costs and how far it misses its limits, from the two documents alone.

In floating point, and without the code of instance.py, so that each tests the other.
"""

from __future__ import annotations

import math
from typing import Any, Dict, List, Optional, Tuple

Document = Dict[str, Any]


def _table(table: Any, *index: int) -> Optional[float]:
    for position in index:
        if isinstance(table, list):
            table = table[position]
    return None if table is None else float(table)


def _wait(m: int, data: Document) -> float:
    """The largest load, in replicas, of m pooled replicas; Erlang C as a sum of logarithms."""
    servers = data["slots"] * m

    def late(load: float) -> float:
        offered = load * data["slots"]
        if offered <= 0:
            return 0.0
        if offered >= servers:
            return 1.0
        terms = [k * math.log(offered) - math.lgamma(k + 1) for k in range(servers)]
        full = (servers * math.log(offered) - math.lgamma(servers + 1)
                + math.log(servers / (servers - offered)))
        most = max(max(terms), full)
        below = sum(math.exp(t - most) for t in terms)
        queued = math.exp(full - most) / (below + math.exp(full - most))
        return queued * math.exp(-2 * (servers - offered) * data["wait_ms"]
                                 / ((1 + data.get("cv2", 1)) * data["service_ms"]))

    if data["quantile"] == 0:
        return float(m)
    low, high = 0.0, float(m)
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if late(middle) <= 1 - data["quantile"] else (low, middle)
    return low


def carried(m: int, data: Optional[Document]) -> float:
    """L(m) of a head-room."""
    if data is None or m <= 0:
        return float(max(m, 0))
    if "utilization" in data:
        return float(data["utilization"] * m)
    if "table" not in data:
        return _wait(m, data)
    table = data["table"]
    if m <= len(table):
        return float(table[m - 1])
    step = table[-1] - (table[-2] if len(table) > 1 else 0)
    return float(table[-1] + (m - len(table)) * step)


def worst(values: List[float], caps: List[float], budget: float) -> float:
    """The most that sum g v can be, 0 <= g <= cap and sum g <= budget."""
    total = 0.0
    for value, cap in sorted(zip(values, caps), reverse=True):
        total += value * min(cap, budget)
        budget -= min(cap, budget)
    return total


class Verifier:
    """A plan: `cost`, and `misses` with the relative amount of each limit that it misses."""

    def __init__(self, document: Document, plan: Document) -> None:
        self.d = document
        self.policy = document.get("policy", {})
        self.uncertainty = document.get("uncertainty", {})
        self.misses: List[Tuple[str, float]] = []
        self.deployments = plan["deployments"]
        self.shares = {(self.position("queries", r["query"]), self._deployment(r)): r["fraction"]
                       for r in plan["routes"]}
        self.cost = self._fleet()
        self.cost += sum(self._query(i) for i in range(len(document["queries"])))
        self.cost += self._together()
        self._placement()
        for e in range(len(self.deployments)):
            self._capacity(e)

    @property
    def violation(self) -> float:
        return max((miss for _, miss in self.misses), default=0.0)

    def position(self, field: str, name: str) -> int:
        return [member["name"] for member in self.d[field]].index(name)

    def _deployment(self, route: Document) -> int:
        """The deployment of a route, which need not name more than tells it from others."""
        same = [e for e, d in enumerate(self.deployments)
                if all(f not in route or d.get(f) == route[f]
                       for f in ("model", "tier", "tp_degree", "point"))]
        return same[0]

    def said(self, plan: Document) -> List[Tuple[Document, str, Optional[float]]]:
        """Objects of the plan, fields of theirs, and what these must be; None for absent."""
        result: List[Tuple[Document, str, Optional[float]]] = []
        for e, deployment in enumerate(self.deployments):
            pace = self._pace(e)
            result.append((deployment, "tpot_ms", pace))
        for route in plan["routes"]:
            i, e = self.position("queries", route["query"]), self._deployment(route)
            found = self.figures(i, e)
            if found is None:
                continue
            factor = min(self.budget("delay_budget"), self.cap("delay_shrink", e))
            for field, source in (("ttft_ms", "ttft"), ("tpot_ms", "tpot"), ("delay_ms", "e2e")):
                value = found.get(source)
                if value is not None:
                    value += factor * found[source + "_deviation"]
                result.append((route, field, value))
        return result

    def _pace(self, e: int) -> Optional[float]:
        """The time per token of a deployment's point by itself; None where it has not one."""
        profile, name = self.profile(e), self.deployments[e].get("point")
        if profile is None:
            return None
        if "points" not in profile:
            return float(name[:-2])
        tpot = [p for p in profile["points"] if p["name"] == name][0].get("tpot_ms")
        return None if tpot is None else float(tpot)

    def most(self, name: str, used: float, limit: float) -> None:
        """Note a miss: in parts of the limit, or as it is where the limit is 0."""
        if used > limit:
            self.misses.append((name, (used - limit) / limit if limit > 0 else used - limit))

    def pair(self, e: int) -> Tuple[int, int]:
        deployment = self.deployments[e]
        return (self.position("models", deployment["model"]),
                self.position("tiers", deployment["tier"]))

    def profile(self, e: int) -> Optional[Document]:
        deployment = self.deployments[e]
        for profile in self.d.get("profiles", []):
            if all(profile[f] == deployment[f] for f in ("model", "tier", "tp_degree")):
                return dict(profile)
        return None

    def memory(self, e: int) -> Tuple[float, float]:
        """GB of weights and GB that may be used, on each GPU."""
        j, k = self.pair(e)
        tier = self.d["tiers"][k]
        return (self.d["models"][j]["weights_gb"] * tier.get("weight_scale", 1)
                / self.deployments[e]["tp_degree"],
                tier["memory_gb"] * tier.get("memory_utilization", 1))

    def kv(self, i: int, e: int) -> float:
        """GB on each GPU of one request."""
        j, k = self.pair(e)
        query = self.d["queries"][i]
        return float(self.d["models"][j]["kv_gb_per_token"] * self.d["tiers"][k].get("kv_scale", 1)
                     * (query["input_tokens"] + query["output_tokens"])
                     / self.deployments[e]["tp_degree"])

    def figures(self, i: int, e: int) -> Optional[Document]:
        """What a request meets: load, ttft, tpot, e2e, deviations, hours; None if not known."""
        query, deployment, profile = self.d["queries"][i], self.deployments[e], self.profile(e)
        performance, (j, k) = self.d["performance"], self.pair(e)
        if _table(performance["error_rate"], i, j, k) is None:
            return None
        tokens = query["input_tokens"] + query["output_tokens"]
        if profile is None:
            tier = self.d["tiers"][k]
            delay = _table(performance.get("delay_ms_per_token"), i, j, k)
            if delay is None:
                return None
            position = tier["tp_degrees"].index(deployment["tp_degree"])
            speedup = (tier.get("tp_speedup") or tier["tp_degrees"])[position]
            e2e = delay * tokens / speedup
            held = performance.get("kv_residency_hours", 0)
            tflop = (query.get("tflop_per_1k_tokens", 0) / 1000 * tokens / 3600
                     * self.d["models"][j].get("compute_scale", 1))
            return {"load": tflop / (tier["tflops"] * deployment["tp_degree"]), "e2e": e2e,
                    "e2e_deviation": (_table(performance.get("delay_deviation_ms_per_token", 0),
                                             i, j, k) or 0) * tokens / speedup,
                    "hours": e2e / 3.6e6 if held == "delay" else _table(held, i, j, k)}
        network, further = profile.get("network_ms", 0), max(0, query["output_tokens"] - 1)
        entry: Document = {}
        if "points" in profile:
            point = [p for p in profile["points"] if p["name"] == deployment["point"]][0]
            if query["name"] not in point["queries"]:
                return None
            entry = point["queries"][query["name"]]
            tpot = entry.get("tpot_ms", point.get("tpot_ms"))
            ttft = entry["ttft_ms"]
            e2e = entry["e2e_ms"] if "e2e_ms" in entry else ttft + further * tpot
            found = {"load": 1 / entry["rate_per_hour"], "hours": 0,
                     "attainment": entry.get("attainment")}
        else:
            tpot = float(deployment["point"][:-2])
            fresh = query["input_tokens"] * (1 - query.get("cached_input_fraction", 0))
            output = query["output_tokens"]
            chunks = (math.ceil(fresh / profile["chunk_tokens"] - 1e-12)
                      if "chunk_tokens" in profile else 1)
            work = (profile["prefill_ms_per_token"] * fresh
                    + profile["decode_ms_per_token"] * output
                    + profile.get("context_ms_per_token", 0) * output
                    * (query["input_tokens"] + (output + 1) / 2))
            ttft = tpot * (1 + chunks) + profile["prefill_ms_per_token"] * fresh
            e2e = ttft + further * tpot
            found = {"load": work / 3.6e6 / (1 - profile["iteration_ms"] / tpot),
                     "hours": e2e / 3.6e6}
        found.update(ttft=ttft + network, tpot=tpot, e2e=e2e + network)
        for field in ("ttft", "tpot", "e2e"):
            found[field + "_deviation"] = entry.get(
                field + "_deviation_ms", profile.get("delay_deviation", 0) * (found[field] or 0))
        return found

    def cap(self, field: str, e: int) -> float:
        if self.uncertainty.get("kind") != "decision_dependent":
            return 1.0
        shrink = _table(self.d["performance"].get(field, 0), *self.pair(e))
        return max(0.0, 1 - (shrink or 0))

    def budget(self, field: str) -> float:
        """The uncertainty budget; 0 without uncertainty."""
        if self.uncertainty.get("kind", "none") == "none":
            return 0.0
        return float(self.uncertainty[field])

    def _fleet(self) -> float:
        """Rental and storage; and the limits on them."""
        hours, rental, weights = self.d["horizon"]["rental_hours"], 0.0, 0.0
        gpus: Dict[str, int] = {}
        side_by_side = self.policy.get("deployments_per_pair", 1) is None
        pairs = [self.pair(e) for e in range(len(self.deployments))]
        if not side_by_side and len(set(pairs)) < len(pairs):
            self.misses.append(("deployments of a pair", math.inf))
        by_route = self.policy.get("storage_basis", "deployment") == "route"
        for e, deployment in enumerate(self.deployments):
            tier = self.d["tiers"][pairs[e][1]]
            number = deployment["replicas"] * deployment["tp_degree"]
            rental += hours * tier["usd_per_hour"] * number
            gpus[tier.get("pool", "")] = gpus.get(tier.get("pool", ""), 0) + number
            shard, room = self.memory(e)
            self.most("shard", shard, room)
            copies = sum(q[1] == e for q in self.shares) if by_route else 1
            weights += copies * shard * deployment["tp_degree"]
            self.most("replicas", deployment["replicas"], self.policy.get("max_replicas", 1))
            self.most("least replicas", (self.profile(e) or {}).get("min_replicas", 0),
                      deployment["replicas"])
        for pool in self.d.get("pools", []):
            self.most(f"pool {pool['name']}", gpus.get(pool["name"], 0), pool["gpus"])
        kept = sum(q.get("storage_gb_per_token", 0) * (q["input_tokens"] + q["output_tokens"])
                   * q["rate_per_hour"] * x for (i, _), x in self.shares.items()
                   for q in [self.d["queries"][i]])
        cost = rental + hours * self.d.get("storage_usd_per_gb_hour", 0) * (weights + kept)
        for field, used in (("budget_usd", cost), ("storage_gb", weights)):
            if self.d.get("limits", {}).get(field) is not None:
                self.most(field, used, self.d["limits"][field])
        return float(cost)

    def _hours(self) -> float:
        horizon = self.d["horizon"]
        return float(horizon.get("penalty_hours", horizon["rental_hours"]))

    def _query(self, i: int) -> float:
        """Penalties of a query type, without the worst case that types share; and its limits."""
        query = self.d["queries"][i]
        mine = {e: x for (q, e), x in self.shares.items() if q == i}
        known: Dict[int, Document] = {}
        for e in mine:
            found = self.figures(i, e)
            if found is None:
                self.misses.append(("candidate", math.inf))
                return 0.0
            known[e] = found
            self._route(i, e, found)
        served = sum(mine.values())
        self.most("demand", served, 1)
        self.most("unmet", 1 - served - query.get("max_unmet", 1), 0)
        basis = served if self.policy.get("slo_basis", "served") == "served" else 1.0
        caps = [self.cap("delay_shrink", e) for e in mine]
        longer = worst([known[e]["e2e_deviation"] * x for e, x in mine.items()], caps,
                       self.budget("delay_budget"))
        delay = sum(known[e]["e2e"] * x for e, x in mine.items())
        performance, by_route = self.d["performance"], self._by_route(query)
        error = {e: _table(performance["error_rate"], i, *self.pair(e)) or 0 for e in mine}
        shift = [(_table(performance.get("error_deviation", 0), i, *self.pair(e)) or 0) * x
                 for e, x in mine.items()]
        more = worst(shift, [self.cap("error_shrink", e) for e in mine],
                     self.budget("error_budget"))
        if mine and query.get("delay_limit_ms") is not None and not by_route:
            self.most("delay", delay + longer, query["delay_limit_ms"] * basis)
        if mine and query.get("error_limit") is not None and not by_route:
            self.most("error", sum(error[e] * x for e, x in mine.items()) + more,
                      query["error_limit"] * basis)
        target = query.get("attainment_target")
        if target is not None:
            reached = sum((known[e].get("attainment") or 0) * x for e, x in mine.items()) - more
            self.most("attainment", basis * target - reached, 0)
        shared = (self.uncertainty.get("kind") == "decision_dependent"
                  and self.uncertainty.get("level", "query") == "query")
        charged = delay if shared else delay + longer
        return float(self._hours() * query["rate_per_hour"]
                     * (query.get("delay_penalty_usd_per_ms", 0) * charged
                        + query["unmet_penalty_usd"] * (1 - served)))

    def _by_route(self, query: Document) -> bool:
        return str(query.get("limit_basis", self.policy.get("limit_basis", "average"))) == "route"

    def _route(self, i: int, e: int, found: Document) -> None:
        """The limits of one route by itself."""
        query, (j, k) = self.d["queries"][i], self.pair(e)
        factor = min(self.budget("delay_budget"), self.cap("delay_shrink", e))
        checks = ["ttft", "tpot"] + (["e2e"] if self._by_route(query) else [])
        for field in checks:
            limit = query.get("delay_limit_ms" if field == "e2e" else field + "_limit_ms")
            if limit is None:
                continue
            if found.get(field) is None:
                self.misses.append((field + " of a route unknown", math.inf))
                continue
            self.most(field + " of a route", found[field] + factor * found[field + "_deviation"],
                      limit)
        performance = self.d["performance"]
        if self._by_route(query) and query.get("error_limit") is not None:
            factor = min(self.budget("error_budget"), self.cap("error_shrink", e))
            self.most("error of a route", (_table(performance["error_rate"], i, j, k) or 0)
                      + factor * (_table(performance.get("error_deviation", 0), i, j, k) or 0),
                      query["error_limit"])
        if query.get("attainment_target") is not None and found.get("attainment") is None:
            self.misses.append(("attainment unknown", math.inf))
        if self.profile(e) is not None or self.policy.get("whole_requests", False):
            shard, room = self.memory(e)
            self.most("whole request", self.kv(i, e), room - shard)

    def _together(self) -> float:
        """The worst case of the delay cost where one budget is for all query types."""
        if (self.uncertainty.get("kind") != "decision_dependent"
                or self.uncertainty.get("level", "query") != "query"):
            return 0.0
        values, caps = [], []
        for (i, e), x in self.shares.items():
            query, found = self.d["queries"][i], self.figures(i, e)
            if found is not None:
                values.append(self._hours() * query.get("delay_penalty_usd_per_ms", 0)
                              * query["rate_per_hour"] * found["e2e_deviation"] * x)
                caps.append(self.cap("delay_shrink", e))
        return worst(values, caps, self.budget("delay_budget"))

    def _placement(self) -> None:
        placement = self.policy.get("placement", "split")
        for i in range(len(self.d["queries"])):
            mine = [self.pair(e) for (q, e) in self.shares if q == i]
            table: Dict[str, List[List[Any]]] = {
                "single": [[0 for _ in mine]], "split": [],
                "matching": [[j for j, _ in mine], [k for _, k in mine]]}
            kinds = table[placement]
            if any(len(set(kind)) < len(kind) for kind in kinds):
                self.misses.append(("placement", math.inf))

    def _capacity(self, e: int) -> None:
        """Memory, load and slots of a deployment."""
        profile, needs = self.profile(e), {"memory": 0.0, "load": 0.0, "slots": 0.0}
        for (i, other), x in self.shares.items():
            found = self.figures(i, e) if other == e else None
            if found is None:
                continue
            rate = self.d["queries"][i]["rate_per_hour"] * x
            needs["load"] += rate * found["load"]
            needs["slots"] += rate * found["hours"]
            needs["memory"] += rate * found["hours"] * self.kv(i, e)
        counted = self.deployments[e]["replicas"]
        headroom = self.policy.get("headroom")
        if profile is not None:
            counted = max(0, counted - profile.get("spare_replicas", 0))
            headroom = profile.get("headroom") or headroom
            if "max_sequences" in profile:
                self.most("slots", needs["slots"], profile["max_sequences"] * counted)
        shard, room = self.memory(e)
        if needs["memory"] > 0:
            self.most("memory", needs["memory"], (room - shard) * counted)
        if needs["load"] > 0:
            self.most("load", needs["load"], carried(counted, headroom))
