# SPDX-License-Identifier: MIT
"""Compare the literal program with enumeration on random tiny instances, without the command.

usage: validate.py FAMILY FIRST COUNT [SECONDS]
"""

from __future__ import annotations

import collections
import sys
from typing import Optional

from compare import generate
from enumeration import Enumeration
from instance import Instance
from model import Literal, literal_plan
from verify import Verifier


def differ(family: str, seed: int, seconds: float) -> Optional[str]:
    """What the two disagree on; "" if they agree, None if one of them did not finish."""
    instance = Instance(generate(family, seed))
    enumerated = Enumeration(instance, None, seconds)
    if not enumerated.complete:
        return None
    literal = Literal(instance)
    plan, proven = literal_plan(instance, seconds, literal)
    best = enumerated.plan
    if best is not None:
        verifier = Verifier(instance.document, best.document())
        cost = float(best.cost)
        if abs(verifier.cost - cost) > 1e-9 * max(1, cost) or verifier.violation > 1e-9:
            return f"enumeration {cost!r}, verifier {verifier.cost!r}, {verifier.misses}"
    if not proven:
        return None
    if plan is None or best is None:
        return "" if plan is best else f"literal {plan and float(plan.cost)}, " \
            f"enumeration {best and float(best.cost)}"
    cost = float(best.cost)
    for name, other in (("HiGHS", literal.program.objective), ("literal", float(plan.cost))):
        if abs(other - cost) > 1e-7 * max(1, cost):
            return f"{name} {other!r}, enumeration {cost!r}"
    return ""


def main() -> int:
    family, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    seconds = float(sys.argv[4]) if len(sys.argv) > 4 else 5.0
    counts: collections.Counter[str] = collections.Counter()
    for seed in range(first, first + count):
        found = differ(family, seed, seconds)
        counts["unfinished" if found is None else "differ" if found else "agree"] += 1
        if found:
            print(f"{family} {seed}: {found}", flush=True)
    print(family, dict(counts))
    return 1 if counts["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
