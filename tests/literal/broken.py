# SPDX-License-Identifier: MIT
"""Plans that differ a little from a given one: most miss a limit, some still hold."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any, Dict, Iterator, List, Tuple

from instance import Instance
from shares import Fleet, Plan, Route, plan_document

Document = Dict[str, Any]
Shares = Dict[Route, Fraction]
Change = Tuple[str, Fleet, Shares]


def _fleets(instance: Instance, fleet: Fleet, shares: Shares) -> Iterator[Change]:
    """Other replicas, and other points or degrees in place of one."""
    for o, m in fleet.items():
        for other in (m - 1, m + 1, instance.replicas + 1):
            if other >= 1 and other != m:
                yield f"{other} replicas", {**fleet, o: other}, shares
        pair = instance.points[o].pair
        for p, point in enumerate(instance.points):
            if point.pair == pair and p not in fleet:
                yield (f"at {point.name} of degree {point.degree}",
                       {p if e == o else e: n for e, n in fleet.items()},
                       {(i, p if e == o else e): x for (i, e), x in shares.items()})


def _shares(instance: Instance, fleet: Fleet, shares: Shares) -> Iterator[Change]:
    """More or less of a route, and part of it moved to another deployment."""
    for (i, o), share in shares.items():
        for factor in (Fraction(1001, 1000), Fraction(99, 100), Fraction(1, 2), Fraction(11, 10)):
            yield f"{float(factor):g} of a share", fleet, {**shares, (i, o): share * factor}
        for e in range(len(instance.points)):
            if e == o:
                continue
            for part in (share, share / 100):
                moved = {**shares, (i, o): share - part}
                moved[i, e] = moved.get((i, e), Fraction(0)) + part
                yield ("a share moved", {**fleet, e: fleet.get(e, 1)},
                       {route: x for route, x in moved.items() if x > 0})


def _serve_more(instance: Instance, fleet: Fleet, shares: Shares) -> Iterator[Change]:
    """All that is unmet, or a hundredth of it, sent to a deployment."""
    for i in range(len(instance.queries)):
        unmet = 1 - sum((x for (q, _), x in shares.items() if q == i), Fraction(0))
        for o in fleet if unmet > 0 else []:
            for part in (unmet, unmet / 100):
                yield ("more served", fleet,
                       {**shares, (i, o): shares.get((i, o), Fraction(0)) + part})


def stripped(plan: Plan) -> List[Tuple[str, Document, bool]]:
    """Names and documents that say less, or the same otherwise; and whether that is enough."""
    instance, whole = plan.instance, plan.document()
    same: Dict[Tuple[str, str], List[Document]] = {
        (d["model"], d["tier"]): [] for d in whole["deployments"]}
    for deployment in whole["deployments"]:
        same[deployment["model"], deployment["tier"]].append(deployment)
    several = {(point.pair, point.degree): sum(
        other.pair == point.pair and other.degree == point.degree for other in instance.points) > 1
        for point in instance.points}
    by_pair = any(len(deployments) > 1 for deployments in same.values())
    found = []
    less = copy.deepcopy(whole)
    for route in less["routes"]:
        if len(same[route["model"], route["tier"]]) == 1:
            del route["tp_degree"]
            route.pop("point", None)
    for o, deployment in zip(sorted(plan.fleet), less["deployments"]):
        point = instance.points[o]
        if not several[point.pair, point.degree]:
            deployment.pop("point", None)
        elif point.pace is not None:
            deployment["point"] = f"{float(point.pace)!r}0ms"
    if not by_pair:
        found.append(("as little as need be said", less, True))
    elif whole["routes"]:
        bare = copy.deepcopy(whole)
        for route in bare["routes"]:
            del route["tp_degree"]
            route.pop("point", None)
        told = all(len(same[r["model"], r["tier"]]) == 1 for r in bare["routes"])
        found.append(("routes without a point", bare, told))
    bare = copy.deepcopy(whole)
    for deployment in bare["deployments"] + bare["routes"]:
        deployment.pop("point", None)
    if any(several[instance.points[o].pair, instance.points[o].degree]
           and instance.points[o].profile is not None for o in plan.fleet):
        found.append(("deployments without a point", bare, False))
    return found


def spoilt(plan: Plan, most: int = 12) -> List[Tuple[str, Document]]:
    """Names and documents; at most so many, chosen evenly."""
    instance = plan.instance
    found = []
    for change in (_fleets, _shares, _serve_more):
        for name, fleet, shares in change(instance, plan.fleet, plan.shares):
            made = plan_document(instance, fleet, shares)
            if (name, made) not in found:
                found.append((name, made))
    step = max(1.0, len(found) / most)
    return [found[int(at * step)] for at in range(min(most, len(found)))]
