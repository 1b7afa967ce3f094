#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs one of the paper's studies and draws it: a heat map of the cost over both fields, trend lines,
and bars of what the cost is made of, as NAME-map.svg, NAME-lines.svg and NAME-bars.svg.

usage: draw.py NAME [DIRECTORY]

NAME is cost-budget, delay-error, gpu-cost-error or memory-error: the script NAME.sh beside this file has
the grid and runs the command (INFERPLAN, or else inferplan). DIRECTORY is the current one unless given.
Needs the Python package inferplan and matplotlib.
"""
import csv
import io
import os
import subprocess
import sys

from inferplan.pictures import cost_bars, heat_map, save, trend_lines

HERE = os.path.dirname(os.path.abspath(__file__))

#: Of each study: the field along the lines, the field of the lines, and the value of that field at which
#: the bars are drawn.
STUDIES = {
    "cost-budget": ("limits.budget_usd", "queries[*].unmet_penalty_usd", "scale:1"),
    "delay-error": ("queries[*].error_limit", "queries[*].delay_limit_ms", "scale:0.002"),
    "gpu-cost-error": ("queries[*].error_limit", "tiers[*].usd_per_hour", "scale:1"),
    "memory-error": ("queries[*].error_limit", "tiers[*].memory_gb", "scale:1"),
}


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1] not in STUDIES:
        sys.exit(f"usage: draw.py {'|'.join(STUDIES)} [DIRECTORY]")
    name, directory = sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else "."
    run = subprocess.run([os.path.join(HERE, name + ".sh")], stdout=subprocess.PIPE, check=True)
    rows = list(csv.DictReader(io.StringIO(run.stdout.decode(), newline="")))
    along, by, at = STUDIES[name]
    chosen = [row for row in rows if row[by] == at]
    for kind, picture in (("map", heat_map(rows, x=along, y=by)),
                          ("lines", trend_lines(rows, x=along, by=by)),
                          ("bars", cost_bars(chosen, x=along))):
        path = os.path.join(directory, f"{name}-{kind}.svg")
        save(picture, path)
        print(path)


if __name__ == "__main__":
    main()
