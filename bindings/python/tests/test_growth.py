# SPDX-License-Identifier: MIT
"""Ten thousand solves, each with a new instance, a new model, a refusal and a picture: nothing of the
process and nothing of Python grows."""
import gc
import os
import sys
import tracemalloc
import unittest

import inferplan
from inferplan import InputError
from test_inferplan import INSTANCES

SOLVES = int(os.environ.get("INFERPLAN_SOLVES", "10000"))


def resident():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def some(instance, count):
    for _ in range(count):
        plan = instance.copy().solve()
        plan.svg("costs")
        try:
            instance["limits.nothing"] = 1
        except InputError:
            pass
    gc.collect()


class Growth(unittest.TestCase):
    def test_solves(self):
        instance = inferplan.load(os.path.join(INSTANCES, "seed-sample.json"))
        tracemalloc.start()
        some(instance, max(SOLVES // 10, 100))
        resident()  # loads what it needs
        before = tracemalloc.get_traced_memory()[0], resident()
        some(instance, SOLVES)
        after = tracemalloc.get_traced_memory()[0], resident()
        tracemalloc.stop()
        print(f"{SOLVES} solves: Python {after[0] - before[0]:+} bytes, "
              f"process {(after[1] - before[1]) // 1024:+} KiB", file=sys.stderr)
        # A byte a solve would be one that is kept.
        self.assertLess(after[0] - before[0], SOLVES)
        self.assertLess(after[1] - before[1], 1 << 20)


if __name__ == "__main__":
    unittest.main()
