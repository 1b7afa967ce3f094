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


def _fleets(instance: Instance) -> Optional[List[Tuple[Fraction, Fleet]]]:
    options: List[List[Optional[Tuple[Pair, Tuple[int, int]]]]] = []
    count = 1
    for pair in instance.pairs:
        mine: List[Optional[Tuple[Pair, Tuple[int, int]]]] = [None]
        if any(instance.candidate(i, pair) for i in range(len(instance.queries))):
            mine += [(pair, (n, m)) for n in instance.degrees(pair)
                     for m in range(1, instance.replicas + 1)]
        options.append(mine)
        count *= len(mine)
    if count > MOST:
        return None
    fleets = []
    for chosen in itertools.product(*options):
        fleet = dict(item for item in chosen if item is not None)
        fixed = fixed_cost(instance, fleet, [])
        if fixed is not None and (instance.budget is None or fixed <= instance.budget):
            fleets.append((fixed, fleet))
    fleets.sort(key=lambda item: (item[0], len(item[1])))
    return fleets


def _outside_in(fleets: List[Tuple[Fraction, Fleet]]) -> Iterator[Tuple[Fraction, Fleet]]:
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
        fleets = _fleets(instance)
        if fleets is None:
            return
        try:
            whole = True
            for fixed, fleet in _outside_in(fleets):
                if self.plan is None or fixed < self.plan.cost:
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
