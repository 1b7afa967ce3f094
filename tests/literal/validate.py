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
from headroom import Headroom
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


def known_headroom() -> bool:
    """Whether head-room by waiting times has the values that are known of it."""
    headroom = Headroom({"wait_ms": 500, "quantile": 0.99, "slots": 16, "service_ms": 5000})
    known = {1: 0.55, 2: 0.68, 4: 0.78, 8: 0.86, 16: 0.91, 32: 0.95}
    return (all(abs(headroom.load(m) / m - u) < 0.005 for m, u in known.items())
            and abs(headroom.load(8) - 6.87) < 0.005 and abs(8 * headroom.load(1) - 4.4) < 0.005)


def main() -> int:
    family, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    seconds = float(sys.argv[4]) if len(sys.argv) > 4 else 5.0
    if not known_headroom():
        print("head-room is not what is known")
        return 1
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
