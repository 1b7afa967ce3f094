# SPDX-License-Identifier: MIT
"""The strongest oracle for tiny instances: every fleet and every choice of routes, each with the
exact linear program of its shares.

What it returns is always a plan that holds. It is the best one if `complete` is true; else the time
ran out, or there was more to enumerate than `MOST`.
"""

from __future__ import annotations

import itertools
import time
from fractions import Fraction
from math import lcm, prod
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

from exact import Overtime
from instance import Instance
from shares import Fleet, Plan, Route, best_shares, fixed_cost

MOST = 20000


def _subsets(points: Sequence[int]) -> List[Tuple[int, ...]]:
    return [chosen for size in range(len(points) + 1)
            for chosen in itertools.combinations(points, size)]


def _choices(instance: Instance, i: int, fleet: Fleet) -> List[Tuple[int, ...]]:
    """The sets of deployments that query type i may be routed to."""
    points = [o for o in fleet if instance.candidate(i, o)]
    pairs = [point.pair for point in instance.points]
    if instance.placement == "single":
        return [()] + [(o,) for o in points]
    if instance.placement == "matching":
        sets = [chosen for chosen in _subsets(points)
                if len({pairs[o][0] for o in chosen}) == len(chosen)
                and len({pairs[o][1] for o in chosen}) == len(chosen)]
    elif instance.by_route:
        sets = _subsets(points)
    else:
        return [tuple(points)]
    if instance.by_route:
        return sets
    # Routes are free here, so that of a set and a larger one the larger is enough.
    return [s for s in sets if not any(set(s) < set(t) for t in sets)]


class _Option:
    """What may be done with a pair, or with a point where a pair may have several deployments.

    Nothing (point None), or replicas of a point.
    """

    def __init__(self, instance: Instance, point: Optional[int] = None, replicas: int = 0) -> None:
        self.point = point
        self.replicas = replicas
        self.gpus = 0
        self.pool: Optional[str] = None
        self.dollars = Fraction(0)
        self.weights = Fraction(0)
        if point is None:
            return
        data = instance.points[point]
        self.gpus = data.degree * replicas
        self.pool = instance.tiers[data.pair[1]].pool
        self.dollars = instance.rent(point, replicas)
        if not instance.by_route:
            self.weights = instance.weights(data.pair)
            self.dollars += instance.hours * instance.storage_price * self.weights


class _Fleets:
    """All fleets that the limits allow, cheapest first; `fleets` is None if there are too many.

    Costs are integers, dollars times `unit`, since there are many to be added up.
    """

    def __init__(self, instance: Instance) -> None:
        groups: Dict[Any, List[_Option]] = {}
        for o, point in enumerate(instance.points):
            mine = groups.setdefault(o if instance.side_by_side else point.pair,
                                     [_Option(instance)])
            if any(instance.candidate(i, o) for i in range(len(instance.queries))):
                mine += [_Option(instance, o, m) for m in instance.sizes(o)]
        options = list(groups.values())
        count = prod(len(mine) for mine in options)
        self.unit = lcm(*(option.dollars.denominator for mine in options for option in mine))
        self.fleets: Optional[List[Tuple[int, Fleet]]] = None
        if count <= MOST:
            self.fleets = self._allowed(instance, options)
            self.fleets.sort(key=lambda item: (item[0], len(item[1])))

    def _allowed(self, instance: Instance, options: List[List[_Option]]) -> List[Tuple[int, Fleet]]:
        dollars = {o: int(o.dollars * self.unit) for mine in options for o in mine}
        fleets = []
        for chosen in itertools.product(*options):
            fixed = sum(dollars[o] for o in chosen)
            if instance.budget is not None and fixed > instance.budget * self.unit:
                continue
            if any(sum(o.gpus for o in chosen if o.pool == pool) > gpus
                   for pool, gpus in instance.pools.items()):
                continue
            if (instance.storage is not None
                    and sum((o.weights for o in chosen), Fraction(0)) > instance.storage):
                continue
            fleets.append((fixed, {o.point: o.replicas for o in chosen if o.point is not None}))
        return fleets


def _outside_in(fleets: List[Tuple[int, Fleet]]) -> Iterator[Tuple[int, Fleet]]:
    """The cheapest, the dearest, the second cheapest, ..: either may hold the best plan."""
    low, high = 0, len(fleets) - 1
    while low <= high:
        yield fleets[low]
        low += 1
        if low <= high:
            yield fleets[high]
            high -= 1


class Enumeration:
    """The best plan found: `plan` is None if there is none."""

    def __init__(self, instance: Instance, start: Optional[Plan], seconds: float) -> None:
        self.plan = start
        self.complete = False
        self.programs = 0
        deadline = time.monotonic() + seconds
        fleets = _Fleets(instance)
        if fleets.fleets is None:
            return
        try:
            whole = True
            for fixed, fleet in _outside_in(fleets.fleets):
                if self.plan is None or fixed < self.plan.cost * fleets.unit:
                    whole &= self._routes(instance, fleet, deadline)
            self.complete = whole
        except Overtime:
            pass

    def _routes(self, instance: Instance, fleet: Fleet, deadline: float) -> bool:
        """Try all routes of the fleet, at most MOST of them; true if these were all."""
        choices = [_choices(instance, i, fleet) for i in range(len(instance.queries))]
        combinations: Iterator[Tuple[Tuple[int, ...], ...]] = itertools.product(*choices)
        for count, chosen in enumerate(combinations):
            if count >= MOST:
                return False
            if time.monotonic() > deadline:
                raise Overtime
            routes: List[Route] = [(i, o) for i, points in enumerate(chosen) for o in points]
            fixed = fixed_cost(instance, fleet, routes)
            if fixed is None or self.plan is not None and fixed >= self.plan.cost:
                continue
            if {o for _, o in routes} != set(fleet):
                continue
            self.programs += 1
            plan = best_shares(instance, fleet, routes, deadline)
            if plan is not None and (self.plan is None or plan.cost < self.plan.cost):
                self.plan = plan
        return True
