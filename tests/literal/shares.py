# SPDX-License-Identifier: MIT
"""The best shares for given deployments and routes, by an exact linear program; and plan documents.

A fleet maps an operating point to its replicas. Once the fleet and the routes are given, all that
is left to decide is the share of each route.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Dict, List, Optional, Tuple

import exact
from instance import Instance

Fleet = Dict[int, int]
Route = Tuple[int, int]


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
        return plan_document(self.instance, self.fleet, self.shares)


def _place(instance: Instance, o: int) -> Dict[str, Any]:
    point = instance.points[o]
    j, k = point.pair
    place = {"model": instance.models[j].name, "tier": instance.tiers[k].name,
             "tp_degree": point.degree}
    if point.name is not None:
        place["point"] = point.name
    return place


def plan_document(instance: Instance, fleet: Fleet,
                  shares: Dict[Route, Fraction]) -> Dict[str, Any]:
    """The document of any fleet and shares, feasible or not."""
    unmet = [1 - sum((s for (q, _), s in shares.items() if q == i), Fraction(0))
             for i in range(len(instance.queries))]
    return {
        "format": "inferplan-plan",
        "version": 1,
        "instance": instance.document.get("name", ""),
        "status": "feasible",
        "deployments": [
            {**_place(instance, o), "replicas": m, "gpus": instance.points[o].degree * m}
            for o, m in sorted(fleet.items())],
        "routes": [{"query": instance.queries[i].name, **_place(instance, o),
                    "fraction": float(share)}
                   for (i, o), share in sorted(shares.items())],
        "unmet": [{"query": instance.queries[i].name, "fraction": float(u)}
                  for i, u in enumerate(unmet) if u > 0],
    }


def fixed_cost(instance: Instance, fleet: Fleet, routes: List[Route]) -> Optional[Fraction]:
    """Dollars for GPUs and weights; None if the storage capacity or a pool is exceeded."""
    used = dict.fromkeys(instance.pools, 0)
    rental = Fraction(0)
    weights = Fraction(0)
    for o, m in fleet.items():
        point = instance.points[o]
        rental += instance.rent(o, m)
        pool = instance.tiers[point.pair[1]].pool
        if pool is not None:
            used[pool] += point.degree * m
        if not instance.by_route:
            weights += instance.weights(point.pair)
    if instance.by_route:
        weights = sum((instance.weights(instance.points[o].pair) for _, o in routes), Fraction(0))
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
            mine = [(c, o) for c, (q, o) in enumerate(self.routes) if q == i]
            for c, _ in mine:
                stored[c] = instance.kept(i)
                self.cost[c] += instance.kept(i) - instance.unmet(i)
            self.rows.append(({c: Fraction(1) for c, _ in mine}, Fraction(1)))
            self.rows.append(({c: Fraction(-1) for c, _ in mine}, query.max_unmet - 1))
            self.delay(i, mine, deviations)
            self.error(i, mine)
        if instance.by_query:
            self.add_cost(self.worst(deviations, instance.delay_budget), Fraction(1))
        if instance.budget is not None:
            self.rows.append((stored, instance.budget - fixed))
        self.capacity()

    def delay(self, i: int, mine: List[Tuple[int, int]],
              deviations: List[Tuple[Dict[int, Fraction], Fraction]]) -> None:
        """The delay limit of query type i, and its delay cost.

        A limit by route needs no row: routes that miss it are no candidates.
        """
        instance = self.instance
        query = instance.queries[i]
        nominal = {c: instance.delay(i, o) for c, o in mine}
        terms = [({c: instance.delay_deviation(i, o)}, instance.cap("delay_shrink", o))
                 for c, o in mine]
        weight = instance.weight(i)
        limited = query.delay_limit is not None and not query.by_route
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
        if limited and query.delay_limit is not None:
            self.limit(nominal, worst, query.delay_limit)

    def error(self, i: int, mine: List[Tuple[int, int]]) -> None:
        """The error limit and the attainment target of query type i."""
        instance = self.instance
        query = instance.queries[i]
        limited = query.error_limit is not None and not query.by_route
        if not limited and query.attainment is None:
            return
        worst = self.worst([({c: instance.error_deviation(i, o)},
                             instance.cap("error_shrink", o)) for c, o in mine],
                           instance.error_budget)
        if limited and query.error_limit is not None:
            self.limit({c: instance.error(i, o) for c, o in mine}, worst, query.error_limit)
        if query.attainment is not None:
            row = dict(worst)
            for c, o in mine:
                reached = instance.attainment(i, o)
                short = query.attainment - reached if instance.served else -reached
                row[c] = row.get(c, Fraction(0)) + short
            self.rows.append((row, Fraction(0) if instance.served else -query.attainment))

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
        for o, m in self.fleet.items():
            mine = [(c, i) for c, (i, p) in enumerate(self.routes) if p == o]
            counted = instance.counted(o, m)
            self.rows.append(({c: instance.kv(i, o) for c, i in mine},
                              instance.room(o) * counted))
            self.rows.append(({c: instance.load(i, o) for c, i in mine}, instance.carried(o, m)))
            sequences = instance.sequences(o)
            if sequences is not None:
                self.rows.append(({c: instance.slots(i, o) for c, i in mine},
                                  Fraction(sequences * counted)))


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
    used = {o for _, o in shares}
    fleet = {o: m for o, m in fleet.items() if o in used}
    cost = fixed_cost(instance, fleet, list(shares))
    if cost is None:
        raise ValueError("less of the fleet breaks a limit that the whole fleet holds")
    cost += sum((instance.unmet(i) for i in range(len(instance.queries))), Fraction(0))
    cost += sum((c * x for c, x in zip(program.cost, solution)), Fraction(0))
    return Plan(instance, fleet, shares, cost)
