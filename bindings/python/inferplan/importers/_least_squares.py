# SPDX-License-Identifier: MIT
"""Least squares with coefficients of at least 0, for a handful of columns.

The optimum is the ordinary least-squares solution on the columns that are not 0 in it (Lawson and
Hanson 1974). With at most four columns, all choices of columns are tried.
"""
import itertools
import math
from typing import List, Optional, Sequence, Tuple

Rows = Sequence[Sequence[float]]

# A column whose part that is orthogonal to the columns before it is smaller than this, relative to
# the column, is a combination of them.
_SMALLEST = 1e-9


def least_squares(rows: Rows, values: Sequence[float]) -> Optional[List[float]]:
    """The coefficients with the least sum of squares of ``rows`` times them minus ``values``. None
    if the columns are dependent."""
    count = len(rows[0])
    columns = [[row[at] for row in rows] for at in range(count)]
    lengths = [math.sqrt(_dot(column, column)) for column in columns]
    if not all(0 < length < math.inf for length in lengths):
        return None
    # Modified Gram-Schmidt, with the values as one more column.
    basis = [[entry / length for entry in column] for column, length in zip(columns, lengths)]
    rest = list(values)
    upper = [[0.0] * count for _ in range(count)]
    along = [0.0] * count
    for at in range(count):
        size = math.sqrt(_dot(basis[at], basis[at]))
        if size < _SMALLEST:
            return None
        upper[at][at] = size
        basis[at] = [entry / size for entry in basis[at]]
        for other in range(at + 1, count):
            upper[at][other] = _dot(basis[at], basis[other])
            basis[other] = [entry - upper[at][other] * own
                            for entry, own in zip(basis[other], basis[at])]
        along[at] = _dot(basis[at], rest)
        rest = [entry - along[at] * own for entry, own in zip(rest, basis[at])]
    found = [0.0] * count
    for at in reversed(range(count)):
        found[at] = (along[at] - sum(upper[at][other] * found[other]
                                     for other in range(at + 1, count))) / upper[at][at]
    return [one / length for one, length in zip(found, lengths)]


def nonnegative_least_squares(rows: Rows, values: Sequence[float]) -> List[float]:
    """The same with coefficients of at least 0."""
    count = len(rows[0])
    best: Tuple[float, List[float]] = _dot(values, values), [0.0] * count
    for size in range(1, count + 1):
        for chosen in itertools.combinations(range(count), size):
            found = least_squares([[row[at] for at in chosen] for row in rows], values)
            if found is None or min(found) < 0:
                continue
            whole = [0.0] * count
            for at, one in zip(chosen, found):
                whole[at] = one
            error = sum((_dot(row, whole) - value) ** 2 for row, value in zip(rows, values))
            if error < best[0]:
                best = error, whole
    return best[1]


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return math.fsum(a * b for a, b in zip(one, other))
