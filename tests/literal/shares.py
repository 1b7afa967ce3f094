# SPDX-License-Identifier: MIT
"""The best shares for given deployments and routes, by an exact linear program; and plan documents.

A fleet maps a pair (model, tier) to its degree and replicas. Once the fleet and the routes are
given, all that is left to decide is the share of each route.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Dict, List, Optional, Tuple

import exact
from instance import Instance, Pair

Fleet = Dict[Pair, Tuple[int, int]]
Route = Tuple[int, Pair]


class Plan:
    """A plan and its cost; exactly feasible."""

    def __init__(self, instance: Instance, fleet: Fleet, shares: Dict[Route, Fraction],
                 cost: Fraction) -> None:
        self.instance = instance
        self.fleet = fleet
        self.shares = shares
        self.cost = cost

    def document(self) -> Dict[str, Any]:
        """The document that `inferplan check` reads."""
        instance = self.instance
        unmet = [1 - sum((s for (q, _), s in self.shares.items() if q == i), Fraction(0))
                 for i in range(len(instance.queries))]
        return {
            "format": "inferplan-plan",
            "version": 1,
            "instance": instance.document.get("name", ""),
            "status": "feasible",
            "deployments": [
                {"model": instance.models[j].name, "tier": instance.tiers[k].name,
                 "tp_degree": n, "replicas": m, "gpus": n * m}
                for (j, k), (n, m) in sorted(self.fleet.items())],
            "routes": [
                {"query": instance.queries[i].name, "model": instance.models[j].name,
                 "tier": instance.tiers[k].name, "fraction": float(share)}
                for (i, (j, k)), share in sorted(self.shares.items())],
            "unmet": [{"query": instance.queries[i].name, "fraction": float(u)}
                      for i, u in enumerate(unmet) if u > 0],
        }


def fixed_cost(instance: Instance, fleet: Fleet, routes: List[Route]) -> Optional[Fraction]:
    """Dollars for GPUs and weights; None if the storage capacity or a pool is exceeded."""
    used = dict.fromkeys(instance.pools, 0)
    rental = Fraction(0)
    weights = Fraction(0)
    for pair, (n, m) in fleet.items():
        rental += instance.rent(pair, n, m)
        pool = instance.tiers[pair[1]].pool
        if pool is not None:
            used[pool] += n * m
        if not instance.by_route:
            weights += instance.weights(pair)
    if instance.by_route:
        weights = sum((instance.weights(pair) for _, pair in routes), Fraction(0))
    if instance.storage is not None and weights > instance.storage:
        return None
    if any(used[pool] > gpus for pool, gpus in instance.pools.items()):
        return None
    return rental + instance.hours * instance.storage_price * weights


class _Program:
    """The linear program: columns are shares first, then what worst cases need."""

    def __init__(self, instance: Instance, fleet: Fleet, routes: List[Route]) -> None:
        self.instance = instance
        self.fleet = fleet
        self.routes = routes
        self.cost: List[Fraction] = [Fraction(0)] * len(routes)
        self.rows: List[exact.Row] = []

    def column(self, cost: Fraction = Fraction(0)) -> int:
        self.cost.append(cost)
        return len(self.cost) - 1

    def worst(self, terms: List[Tuple[Dict[int, Fraction], Fraction]],
              budget: Fraction) -> Dict[int, Fraction]:
        """The worst case of sum g v over 0 <= g <= cap, sum g <= budget, as a linear expression.

        terms are pairs of v, a linear expression, and its cap. This is the dual: budget tau +
        sum cap sig, with tau + sig >= v.
        """
        terms = [(v, cap) for v, cap in terms if cap > 0 and any(v.values())]
        if sum((cap for _, cap in terms), Fraction(0)) <= budget or len(terms) == 1:
            total: Dict[int, Fraction] = {}
            for v, cap in terms:
                for column, value in v.items():
                    total[column] = total.get(column, Fraction(0)) + min(cap, budget) * value
            return total
        if budget == 0:
            return {}
        tau = self.column()
        result = {tau: budget}
        for v, cap in terms:
            sig = self.column()
            result[sig] = cap
            self.rows.append(({**v, tau: Fraction(-1), sig: Fraction(-1)}, Fraction(0)))
        return result

    def add_cost(self, terms: Dict[int, Fraction], factor: Fraction) -> None:
        for column, value in terms.items():
            self.cost[column] += factor * value

    def build(self, fixed: Fraction) -> None:
        instance = self.instance
        stored: Dict[int, Fraction] = {}
        deviations: List[Tuple[Dict[int, Fraction], Fraction]] = []
        for i, query in enumerate(instance.queries):
            mine = [(c, pair) for c, (q, pair) in enumerate(self.routes) if q == i]
            for c, _ in mine:
                stored[c] = instance.kept(i)
                self.cost[c] += instance.kept(i) - instance.unmet(i)
            self.rows.append(({c: Fraction(1) for c, _ in mine}, Fraction(1)))
            self.rows.append(({c: Fraction(-1) for c, _ in mine}, query.max_unmet - 1))
            self.quality(i, mine, deviations)
        if instance.by_query:
            self.add_cost(self.worst(deviations, instance.delay_budget), Fraction(1))
        if instance.budget is not None:
            self.rows.append((stored, instance.budget - fixed))
        self.capacity()

    def quality(self, i: int, mine: List[Tuple[int, Pair]],
                deviations: List[Tuple[Dict[int, Fraction], Fraction]]) -> None:
        """The delay and error limits of query type i, and its delay cost."""
        instance = self.instance
        query = instance.queries[i]
        degree = {pair: n for pair, (n, _) in self.fleet.items()}
        nominal = {c: instance.delay(i, pair, degree[pair]) for c, pair in mine}
        terms = [({c: instance.delay_deviation(i, pair, degree[pair])},
                  instance.cap("delay_shrink", pair)) for c, pair in mine]
        weight = instance.weight(i)
        limited = query.delay_limit is not None
        worst: Dict[int, Fraction] = {}
        if limited or weight > 0 and not instance.by_query:
            worst = self.worst(terms, instance.delay_budget)
        self.add_cost(nominal, weight)
        if instance.by_query:
            # One route at most, so the query type's deviation is that of the route.
            for v, cap in terms:
                deviations.append(({c: weight * value for c, value in v.items()}, cap))
        else:
            self.add_cost(worst, weight)
        if query.delay_limit is not None:
            self.limit(nominal, worst, query.delay_limit)
        if query.error_limit is not None:
            self.limit({c: instance.error(i, pair) for c, pair in mine},
                       self.worst([({c: instance.error_deviation(i, pair)},
                                    instance.cap("error_shrink", pair)) for c, pair in mine],
                                  instance.error_budget), query.error_limit)

    def limit(self, nominal: Dict[int, Fraction], worst: Dict[int, Fraction],
              most: Fraction) -> None:
        row = dict(nominal)
        for column, value in worst.items():
            row[column] = row.get(column, Fraction(0)) + value
        if self.instance.served:
            for column in nominal:
                row[column] -= most
            most = Fraction(0)
        self.rows.append((row, most))

    def capacity(self) -> None:
        instance = self.instance
        for pair, (n, m) in self.fleet.items():
            mine = [(c, i) for c, (i, p) in enumerate(self.routes) if p == pair]
            self.rows.append(({c: instance.kv(i, pair, n) for c, i in mine},
                              instance.room(pair, n) * m))
            self.rows.append(({c: instance.tflops(i, pair) for c, i in mine},
                              instance.tiers[pair[1]].tflops * n * m))


def best_shares(instance: Instance, fleet: Fleet, routes: List[Route],
                deadline: float) -> Optional[Plan]:
    """The cheapest plan with these deployments and routes; None if there is none.

    Deployments and routes that the best shares leave unused are dropped, with their cost.
    """
    fixed = fixed_cost(instance, fleet, routes)
    if fixed is None or instance.budget is not None and fixed > instance.budget:
        return None
    program = _Program(instance, fleet, routes)
    program.build(fixed)
    rows = [(terms, right) for terms, right in program.rows
            if right < 0 or any(value > 0 for value in terms.values())]
    solution = exact.minimise(program.cost, rows, deadline)
    if solution is None:
        return None
    shares = {route: solution[c] for c, route in enumerate(routes) if solution[c] > 0}
    used = {pair for _, pair in shares}
    fleet = {pair: choice for pair, choice in fleet.items() if pair in used}
    cost = fixed_cost(instance, fleet, list(shares))
    if cost is None:
        raise ValueError("less of the fleet breaks a limit that the whole fleet holds")
    cost += sum((instance.unmet(i) for i in range(len(instance.queries))), Fraction(0))
    cost += sum((c * x for c, x in zip(program.cost, solution)), Fraction(0))
    return Plan(instance, fleet, shares, cost)
