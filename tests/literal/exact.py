# SPDX-License-Identifier: MIT
"""Small linear programs in exact arithmetic: no tolerance, so no scale is too bad.

The tableau holds integers. Each row is an equation that may be multiplied by any number above 0,
and is divided by the greatest common divisor of its numbers after each pivot.
"""

from __future__ import annotations

import time
from fractions import Fraction
from math import gcd, lcm
from typing import Dict, List, Optional, Sequence, Tuple

Row = Tuple[Dict[int, Fraction], Fraction]


class Overtime(Exception):
    """The deadline passed before the optimum was found."""


def _integers(values: Sequence[Fraction]) -> List[int]:
    common = lcm(*(v.denominator for v in values))
    return _reduced([v.numerator * (common // v.denominator) for v in values])


def _reduced(row: List[int]) -> List[int]:
    divisor = gcd(*row)
    return [a // divisor for a in row] if divisor > 1 else row


class _Tableau:
    def __init__(self, rows: List[List[int]], basis: List[int]) -> None:
        self.rows = rows
        self.basis = basis

    def pivot(self, at: int, column: int, cost: List[int]) -> List[int]:
        """Take the column into the basis in row `at`. Returns the cost row without it."""
        pivot_row = self.rows[at]
        pivot = pivot_row[column]
        if pivot < 0:
            pivot_row = self.rows[at] = [-a for a in pivot_row]
            pivot = -pivot

        def without(row: List[int]) -> List[int]:
            factor = row[column]
            if factor == 0:
                return row
            return _reduced([pivot * a - factor * b for a, b in zip(row, pivot_row)])

        for i, row in enumerate(self.rows):
            if i != at:
                self.rows[i] = without(row)
        self.basis[at] = column
        return without(cost)

    def leaving(self, column: int) -> Optional[int]:
        best = None
        for i, row in enumerate(self.rows):
            if row[column] <= 0:
                continue
            if best is not None:
                left = row[-1] * self.rows[best][column]
                right = self.rows[best][-1] * row[column]
                if left > right or left == right and self.basis[i] > self.basis[best]:
                    continue
            best = i
        return best

    def minimise(self, cost: List[int], columns: int, deadline: float) -> Optional[List[int]]:
        """Pivot until no cost below 0 is left among the first columns; None if unbounded."""
        patience = 3 * (len(self.rows) + columns)
        while True:
            if time.monotonic() > deadline:
                raise Overtime
            patience -= 1
            if patience > 0:
                column = min(range(columns), key=cost.__getitem__)
                if cost[column] >= 0:
                    return cost
            else:
                # Bland's rule, which cannot cycle.
                entering = next((c for c in range(columns) if cost[c] < 0), None)
                if entering is None:
                    return cost
                column = entering
            at = self.leaving(column)
            if at is None:
                return None
            cost = self.pivot(at, column, cost)


def minimise(cost: Sequence[Fraction], rows: Sequence[Row],
             deadline: float) -> Optional[List[Fraction]]:
    """The x >= 0 with the least cost such that each row's sum is at most its right-hand side.

    None if there is no such x. Raises ValueError if the cost is unbounded.
    """
    structural = len(cost)
    columns = structural + len(rows)
    short = [i for i, (_, right) in enumerate(rows) if right < 0]
    width = columns + len(short)
    table = []
    basis = []
    for i, (terms, right) in enumerate(rows):
        dense = [Fraction(0)] * (width + 1)
        sign = -1 if right < 0 else 1
        for column, value in terms.items():
            dense[column] = sign * value
        dense[structural + i] = Fraction(sign)
        dense[width] = sign * right
        basis.append(structural + i)
        if right < 0:
            basis[i] = columns + short.index(i)
            dense[basis[i]] = Fraction(1)
        table.append(_integers(dense))
    tableau = _Tableau(table, basis)
    if short and not _feasible(tableau, short, columns, deadline):
        return None
    objective = _integers(list(cost) + [Fraction(0)] * (width + 1 - structural))
    for i, column in enumerate(basis):
        if objective[column] != 0:
            objective = tableau.pivot(i, column, objective)
    if tableau.minimise(objective, columns, deadline) is None:
        raise ValueError("the cost is unbounded")
    solution = [Fraction(0)] * structural
    for i, column in enumerate(basis):
        if column < structural:
            solution[column] = Fraction(tableau.rows[i][-1], tableau.rows[i][column])
    return solution


def _feasible(tableau: _Tableau, short: List[int], columns: int, deadline: float) -> bool:
    """Phase one: drive the artificial columns, those from `columns` on, out of the basis."""
    width = columns + len(short)
    cost = [0] * columns + [1] * len(short) + [0]
    for i in short:
        cost = tableau.pivot(i, tableau.basis[i], cost)
    if tableau.minimise(cost, columns, deadline) is None:
        raise ValueError("phase one is unbounded")
    for i, column in enumerate(tableau.basis):
        if column >= columns and tableau.rows[i][-1] != 0:
            return False
    for i in range(len(tableau.basis)):
        if tableau.basis[i] >= columns:
            row = tableau.rows[i]
            other = next((c for c in range(columns) if row[c] != 0), None)
            if other is not None:
                tableau.pivot(i, other, [0] * (width + 1))
    return True
