# SPDX-License-Identifier: MIT
"""Numbers and tables of a document as exact fractions.

Every number becomes the fraction that its decimal digits say. Tables of `performance` are numbers
or nested lists; tables keyed by names are not read, since no family writes them.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Dict, Optional

Document = Dict[str, Any]


def exact(value: Any) -> Fraction:
    """The decimal number as a fraction: 0.1 is one tenth, not the double nearest to it."""
    return Fraction(value) if isinstance(value, int) else Fraction(repr(value))


def optional(value: Any) -> Optional[Fraction]:
    return None if value is None else exact(value)


def entry(table: Any, *index: int) -> Optional[Fraction]:
    """The entry of a table that may be less deep than its indices; null at any level is None."""
    for position in index:
        if not isinstance(table, list):
            break
        table = table[position]
    return optional(table)


def number(table: Any, *index: int) -> Fraction:
    """The same of a table without nulls."""
    value = entry(table, *index)
    if value is None:
        raise ValueError("a null where a number is expected")
    return value


def rounded_down(value: Fraction) -> Fraction:
    """The largest number of six significant digits that is at most the value."""
    if value <= 0:
        return value
    step = Fraction(1)
    while value / step >= 1000000:
        step *= 10
    while value / step < 100000:
        step /= 10
    return (value / step).__floor__() * step


def shortest(value: Fraction) -> str:
    """The shortest decimal that reads as the same double, without an exponent where it is short."""
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") else text
