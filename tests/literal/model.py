# SPDX-License-Identifier: MIT
"""The formulation, written down literally as a mixed-integer program for HiGHS.

Decisions are those of the text: x_io, u_i, z_io, q_jk, w_o, m_o of each operating point o, binaries
w_om of the number of replicas where capacity is not in proportion to it, and tau and sigma of each
worst case. Only what does not exist is left out. Each row is divided by its largest number, and
the objective by its largest. What HiGHS returns is read for its deployments and routes only; the
shares are then found exactly (see shares.py), so that its tolerances cannot make a plan infeasible.
"""

from __future__ import annotations

import os
import sys
import time
from fractions import Fraction
from typing import Dict, List, Optional, Tuple

import highspy
import numpy

from exact import Overtime
from instance import Instance, Pair
from shares import Fleet, Plan, Route, best_shares

Terms = Dict[int, Fraction]
INFINITY = float("inf")


def _silent_highs() -> highspy.Highs:
    """A solver; the first of a process would print a banner to file descriptor 1."""
    sys.stdout.flush()
    kept = os.dup(1)
    with open(os.devnull, "w", encoding="utf-8") as sink:
        os.dup2(sink.fileno(), 1)
        try:
            return highspy.Highs()
        finally:
            os.dup2(kept, 1)
            os.close(kept)


class _Builder:
    def __init__(self) -> None:
        self.cost: List[Fraction] = []
        self.upper: List[float] = []
        self.integer: List[bool] = []
        self.rows: List[Tuple[Terms, Optional[Fraction], Optional[Fraction]]] = []
        self.proven = False
        self.objective = float("nan")

    def column(self, upper: float, integer: bool = False) -> int:
        self.cost.append(Fraction(0))
        self.upper.append(upper)
        self.integer.append(integer)
        return len(self.cost) - 1

    def most(self, terms: Terms, right: Fraction) -> None:
        self.rows.append((terms, None, right))

    def equal(self, terms: Terms, right: Fraction) -> None:
        self.rows.append((terms, right, right))

    def run(self, seconds: float) -> Optional[List[float]]:
        """The solution of HiGHS, or None if it has none. `proven` becomes whether it is optimal."""
        lp = highspy.HighsLp()
        lp.num_col_ = len(self.cost)
        lp.num_row_ = len(self.rows)
        largest = max((abs(c) for c in self.cost), default=Fraction(0)) or Fraction(1)
        # Tolerances of HiGHS are absolute, so that costs are best well above 1.
        lp.col_cost_ = numpy.array([float(1000 * c / largest) for c in self.cost])
        lp.col_lower_ = numpy.zeros(len(self.cost))
        lp.col_upper_ = numpy.array(self.upper)
        lp.integrality_ = [highspy.HighsVarType.kInteger if i else highspy.HighsVarType.kContinuous
                           for i in self.integer]
        starts, index, value, low, high = [0], [], [], [], []
        for terms, least, most in self.rows:
            scale = max((abs(v) for v in terms.values()), default=Fraction(1)) or Fraction(1)
            for column, number in terms.items():
                if number != 0:
                    index.append(column)
                    value.append(float(number / scale))
            starts.append(len(index))
            low.append(-INFINITY if least is None else float(least / scale))
            high.append(INFINITY if most is None else float(most / scale))
        lp.row_lower_ = numpy.array(low)
        lp.row_upper_ = numpy.array(high)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = numpy.array(starts, dtype=numpy.int32)
        lp.a_matrix_.index_ = numpy.array(index, dtype=numpy.int32)
        lp.a_matrix_.value_ = numpy.array(value)
        solver = _silent_highs()
        for option, setting in (("output_flag", False), ("threads", 1), ("time_limit", seconds),
                                ("primal_feasibility_tolerance", 1e-9),
                                ("dual_feasibility_tolerance", 1e-9),
                                ("mip_feasibility_tolerance", 1e-9),
                                ("mip_rel_gap", 1e-9), ("mip_abs_gap", 0.0)):
            solver.setOptionValue(option, setting)
        solver.passModel(lp)
        solver.run()
        self.proven = solver.getModelStatus() in (highspy.HighsModelStatus.kOptimal,
                                                  highspy.HighsModelStatus.kInfeasible)
        if solver.getInfo().primal_solution_status != 2:
            return None
        solution = list(solver.getSolution().col_value)
        self.objective = sum(float(c) * x for c, x in zip(self.cost, solution))
        return solution


class Literal:
    """The program of an instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.program = _Builder()
        self.x: Dict[Route, int] = {}
        self.z: Dict[Route, int] = {}
        self.q: Dict[Pair, int] = {}
        self.w: Dict[int, int] = {}
        self.m: Dict[int, int] = {}
        # w_om, the binary of m replicas of point o, where capacity is not in proportion to m.
        self.wm: Dict[Tuple[int, int], int] = {}
        self.rental: Terms = {}
        self.weights: Terms = {}
        self._columns()
        self._links()
        self._replicas()
        self._demand()
        self._delay()
        self._error()
        self._capacity()
        self._limits()
        self._placement()

    def _columns(self) -> None:
        instance, program = self.instance, self.program
        for pair in instance.pairs:
            self.q[pair] = program.column(1, True)
        for o in range(len(instance.points)):
            # Where the least number of replicas is above the most, the point cannot be rented.
            self.w[o] = program.column(1 if instance.sizes(o) else 0, True)
            self.m[o] = program.column(instance.replicas, True)
            for i in range(len(instance.queries)):
                if instance.candidate(i, o):
                    self.z[i, o] = program.column(1, True)
                    self.x[i, o] = program.column(1)
        self.u = [program.column(float(query.max_unmet)) for query in instance.queries]

    def _links(self) -> None:
        instance, program = self.instance, self.program
        one = Fraction(1)
        for pair, q in self.q.items():
            mine = [self.w[o] for o, point in enumerate(instance.points) if point.pair == pair]
            if instance.side_by_side:
                for w in mine:
                    program.most({w: one, q: -one}, Fraction(0))
            else:
                program.equal({**{w: one for w in mine}, q: -one}, Fraction(0))
        for (i, o), x in self.x.items():
            program.most({x: one, self.z[i, o]: -one}, Fraction(0))
            program.most({self.z[i, o]: one, self.w[o]: -one}, Fraction(0))

    def _replicas(self) -> None:
        instance, program = self.instance, self.program
        one = Fraction(1)
        for o, m in self.m.items():
            profile = instance.points[o].profile
            least = max(1, profile.least) if profile is not None else 1
            program.most({self.w[o]: Fraction(least), m: -one}, Fraction(0))
            program.most({m: one, self.w[o]: Fraction(-instance.replicas)}, Fraction(0))
            if instance.proportional(o):
                continue
            for number in range(1, instance.replicas + 1):
                self.wm[o, number] = program.column(1, True)
            mine = {number: self.wm[o, number] for number in range(1, instance.replicas + 1)}
            program.equal({**{c: one for c in mine.values()}, self.w[o]: -one}, Fraction(0))
            program.equal({**{c: Fraction(number) for number, c in mine.items()}, m: -one},
                          Fraction(0))

    def _mine(self, i: int) -> List[Tuple[int, int]]:
        return [(c, o) for (q, o), c in self.x.items() if q == i]

    def _demand(self) -> None:
        for i, u in enumerate(self.u):
            terms = {c: Fraction(1) for c, _ in self._mine(i)}
            terms[u] = Fraction(1)
            self.program.equal(terms, Fraction(1))
            self.program.cost[u] += self.instance.unmet(i)

    def _dual(self, deviations: List[Tuple[int, Fraction, Fraction]], budget: Fraction) -> Terms:
        """budget tau + sum cap sig with tau + sig >= deviation x; triples x, deviation, cap."""
        program = self.program
        tau = program.column(INFINITY)
        result = {tau: budget}
        for x, deviation, cap in deviations:
            sig = program.column(INFINITY)
            result[sig] = cap
            program.most({x: deviation, tau: Fraction(-1), sig: Fraction(-1)}, Fraction(0))
        return result

    def _worst(self, deviations: List[Tuple[int, Fraction, Fraction]], budget: Fraction) -> Terms:
        """The worst case in a limit of one query type."""
        if self.instance.kind == "none":
            return {}
        if self.instance.by_query:
            # One route at most: min(budget, cap) times its deviation.
            return {x: min(budget, cap) * deviation for x, deviation, cap in deviations}
        return self._dual(deviations, budget)

    def _delay(self) -> None:
        instance, program = self.instance, self.program
        together: List[Tuple[int, Fraction, Fraction]] = []
        for i, query in enumerate(instance.queries):
            mine = self._mine(i)
            weight = instance.weight(i)
            delay = [(c, instance.delay_deviation(i, o), instance.cap("delay_shrink", o))
                     for c, o in mine]
            for c, o in mine:
                program.cost[c] += weight * instance.delay(i, o)
            if instance.by_query:
                together += [(c, weight * deviation, cap) for c, deviation, cap in delay]
            else:
                for c, value in self._worst(delay, instance.delay_budget).items():
                    program.cost[c] += weight * value
            if query.delay_limit is not None and not query.by_route:
                self._limit(mine, {c: instance.delay(i, o) for c, o in mine},
                            self._worst(delay, instance.delay_budget), query.delay_limit)
        if instance.by_query:
            for c, value in self._dual(together, instance.delay_budget).items():
                program.cost[c] += value

    def _error(self) -> None:
        """Error limits and attainment targets, which are limits on 1 - a."""
        instance = self.instance
        for i, query in enumerate(instance.queries):
            mine = self._mine(i)
            error = [(c, instance.error_deviation(i, o), instance.cap("error_shrink", o))
                     for c, o in mine]
            if query.error_limit is not None and not query.by_route:
                self._limit(mine, {c: instance.error(i, o) for c, o in mine},
                            self._worst(error, instance.error_budget), query.error_limit)
            if query.attainment is None:
                continue
            # served: sum (q - a) x <= 0; offered: sum a x >= q.
            row = self._worst(error, instance.error_budget)
            for c, o in mine:
                row[c] = row.get(c, Fraction(0)) - instance.attainment(i, o)
                if instance.served:
                    row[c] += query.attainment
            self.program.most(row, Fraction(0) if instance.served else -query.attainment)

    def _limit(self, mine: List[Tuple[int, int]], nominal: Terms, worst: Terms,
               most: Fraction) -> None:
        row = dict(nominal)
        for c, value in worst.items():
            row[c] = row.get(c, Fraction(0)) + value
        if self.instance.served:
            for c, _ in mine:
                row[c] -= most
            most = Fraction(0)
        self.program.most(row, most)

    def _capacity(self) -> None:
        """Memory, load (or compute) and slots of every point."""
        instance = self.instance
        for o in self.m:
            mine = [(c, i) for (i, p), c in self.x.items() if p == o]
            self._holds(o, {c: instance.kv(i, o) for c, i in mine}, instance.room(o), False)
            self._holds(o, {c: instance.load(i, o) for c, i in mine}, Fraction(1), True)
            sequences = instance.sequences(o)
            if sequences is not None:
                self._holds(o, {c: instance.slots(i, o) for c, i in mine}, Fraction(sequences),
                            False)

    def _holds(self, o: int, needs: Terms, each: Fraction, load: bool) -> None:
        """The needs are at most `each` times the replicas that count, or times L of them."""
        instance = self.instance
        if (o, 1) not in self.wm:
            needs[self.m[o]] = -each * (instance.carried(o, 1) if load else 1)
        for number in range(1, instance.replicas + 1):
            if (o, number) in self.wm:
                held = (instance.carried(o, number) if load
                        else Fraction(instance.counted(o, number)))
                needs[self.wm[o, number]] = -each * held
        self.program.most(needs, Fraction(0))

    def _limits(self) -> None:
        instance, program = self.instance, self.program
        for o, m in self.m.items():
            self.rental[m] = instance.rent(o, 1)
        stored = {x: instance.kept(i) for (i, _), x in self.x.items()}
        weights = [instance.weights(point.pair) for point in instance.points]
        if instance.by_route:
            self.weights = {z: weights[o] for (_, o), z in self.z.items()}
        else:
            self.weights = {w: weights[o] for o, w in self.w.items()}
        spent = {**self.rental, **stored}
        for c, gigabytes in self.weights.items():
            spent[c] = instance.hours * instance.storage_price * gigabytes
        for c, dollars in spent.items():
            program.cost[c] += dollars
        if instance.budget is not None:
            program.most(spent, instance.budget)
        if instance.storage is not None:
            program.most(dict(self.weights), instance.storage)
        for name, gpus in instance.pools.items():
            program.most({m: Fraction(instance.points[o].degree) for o, m in self.m.items()
                          if instance.tiers[instance.points[o].pair[1]].pool == name},
                         Fraction(gpus))

    def _placement(self) -> None:
        groups: Dict[Tuple[int, str, int], Terms] = {}
        for (i, o), z in self.z.items():
            j, k = self.instance.points[o].pair
            if self.instance.placement == "single":
                groups.setdefault((i, "", 0), {})[z] = Fraction(1)
            elif self.instance.placement == "matching":
                groups.setdefault((i, "model", j), {})[z] = Fraction(1)
                groups.setdefault((i, "tier", k), {})[z] = Fraction(1)
        for terms in groups.values():
            self.program.most(terms, Fraction(1))

    def decide(self, seconds: float) -> Optional[Tuple[Fleet, List[Route]]]:
        """The deployments and routes of HiGHS's solution."""
        solution = self.program.run(seconds)
        if solution is None:
            return None
        fleet = {o: max(1, round(solution[self.m[o]])) for o, w in self.w.items()
                 if solution[w] > 0.5}
        routes = [route for route, z in self.z.items()
                  if solution[z] > 0.5 and route[1] in fleet]
        return fleet, routes


def literal_plan(instance: Instance, seconds: float,
                 literal: Optional[Literal] = None) -> Tuple[Optional[Plan], bool]:
    """The plan of the literal program, with exact shares; None if HiGHS finds none that holds.

    The second value is whether HiGHS proves its solution optimal, or that there is none.
    """
    literal = literal or Literal(instance)
    decision = literal.decide(seconds)
    if decision is None:
        return None, literal.program.proven
    fleet, routes = decision
    if instance.placement == "split" and not instance.by_route:
        routes = [(i, o) for i in range(len(instance.queries)) for o in fleet
                  if instance.candidate(i, o)]
    try:
        plan = best_shares(instance, fleet, routes, time.monotonic() + seconds)
    except Overtime:
        return None, False
    return plan, literal.program.proven
