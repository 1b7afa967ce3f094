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
from math import lcm
from typing import Iterator, List, Optional, Sequence, Tuple

from exact import Overtime
from instance import Instance, Pair
from shares import Fleet, Plan, Route, best_shares, fixed_cost

MOST = 20000


def _subsets(pairs: Sequence[Pair]) -> List[Tuple[Pair, ...]]:
    return [chosen for size in range(len(pairs) + 1)
            for chosen in itertools.combinations(pairs, size)]


def _choices(instance: Instance, i: int, fleet: Fleet) -> List[Tuple[Pair, ...]]:
    """The sets of pairs that query type i may be routed to."""
    pairs = [pair for pair in fleet if instance.candidate(i, pair)]
    if instance.placement == "single":
        return [()] + [(pair,) for pair in pairs]
    if instance.placement == "matching":
        sets = [chosen for chosen in _subsets(pairs)
                if len({j for j, _ in chosen}) == len({k for _, k in chosen}) == len(chosen)]
    elif instance.by_route:
        sets = _subsets(pairs)
    else:
        return [tuple(pairs)]
    if instance.by_route:
        return sets
    # Routes are free here, so that of a set and a larger one the larger is enough.
    return [s for s in sets if not any(set(s) < set(t) for t in sets)]


class _Option:
    """What may be done with a pair: nothing, or a degree and replicas."""

    def __init__(self, instance: Instance, pair: Pair, choice: Optional[Tuple[int, int]]) -> None:
        self.pair = pair
        self.choice = choice
        self.gpus = 0 if choice is None else choice[0] * choice[1]
        self.pool = instance.tiers[pair[1]].pool
        self.dollars = Fraction(0)
        self.weights = Fraction(0)
        if choice is not None:
            self.dollars = instance.rent(pair, *choice)
            if not instance.by_route:
                self.weights = instance.weights(pair)
                self.dollars += instance.hours * instance.storage_price * self.weights


class _Fleets:
    """All fleets that the limits allow, cheapest first; `fleets` is None if there are too many.

    Costs are integers, dollars times `unit`, since there are many to be added up.
    """

    def __init__(self, instance: Instance) -> None:
        options: List[List[_Option]] = []
        count = 1
        for pair in instance.pairs:
            mine = [_Option(instance, pair, None)]
            if any(instance.candidate(i, pair) for i in range(len(instance.queries))):
                mine += [_Option(instance, pair, (n, m)) for n in instance.degrees(pair)
                         for m in range(1, instance.replicas + 1)]
            options.append(mine)
            count *= len(mine)
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
            fleets.append((fixed, {o.pair: o.choice for o in chosen if o.choice is not None}))
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
        combinations: Iterator[Tuple[Tuple[Pair, ...], ...]] = itertools.product(*choices)
        for count, chosen in enumerate(combinations):
            if count >= MOST:
                return False
            if time.monotonic() > deadline:
                raise Overtime
            routes: List[Route] = [(i, pair) for i, pairs in enumerate(chosen) for pair in pairs]
            fixed = fixed_cost(instance, fleet, routes)
            if fixed is None or self.plan is not None and fixed >= self.plan.cost:
                continue
            if {pair for _, pair in routes} != set(fleet):
                continue
            self.programs += 1
            plan = best_shares(instance, fleet, routes, deadline)
            if plan is not None and (self.plan is None or plan.cost < self.plan.cost):
                self.plan = plan
        return True
