#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Solves an instance and draws the plan: where the traffic goes, what is paid for what, what is rented,
and the gap over the time of the solve, as plan-traffic.svg and so on; with the page as plan.html.

usage: draw_plan.py INSTANCE [DIRECTORY]

Needs the Python package inferplan and matplotlib.
"""
import os
import sys

import inferplan
from inferplan.pictures import save


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: draw_plan.py INSTANCE [DIRECTORY]")
    directory = sys.argv[2] if len(sys.argv) == 3 else "."
    plan = inferplan.load(sys.argv[1]).solve(time_limit=60)
    print(plan.status, plan.objective_usd)
    for picture in ("traffic", "costs", "fleet", "gap"):
        save(plan.plot(picture), os.path.join(directory, f"plan-{picture}.svg"))
    plan.report(os.path.join(directory, "plan.html"))


if __name__ == "__main__":
    main()
