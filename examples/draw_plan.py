#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Solves an instance and draws the plan: the flow of traffic, the costs, the rented GPUs, the use of
limits, and the gap over the time of the solve, as plan-traffic.svg and so on; and the page plan.html.

usage: draw_plan.py INSTANCE [DIRECTORY]

Needs the Python package inferplan.
"""
import os
import sys

import inferplan


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: draw_plan.py INSTANCE [DIRECTORY]")
    directory = sys.argv[2] if len(sys.argv) == 3 else "."
    plan = inferplan.load(sys.argv[1]).solve(time_limit=60)
    print(plan.status, plan.objective_usd)
    for picture in ("traffic", "costs", "fleet", "limits", "gap"):
        plan.plot(picture).save(os.path.join(directory, f"plan-{picture}.svg"))
    plan.report(os.path.join(directory, "plan.html"))


if __name__ == "__main__":
    main()
