#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Solve instances with inferplan and with HiGHS, one after the other, and print the ratio.

usage: compare.py INFERPLAN SECONDS INSTANCE...

HiGHS (PyPI: highspy) gets the same compact program by `inferplan export`, one thread, and a gap of
1e-4, as inferplan does by default. Both stop after SECONDS. A line for each instance: objective,
bound and seconds of both, and seconds of HiGHS by those of inferplan; then the geometric mean of
the ratios. A solver that is stopped counts with its time, so that ratios are too small, not too
large, where HiGHS is the one.
"""
import json
import math
import os
import subprocess
import sys
import tempfile
import time


def solve_inferplan(program, path, seconds):
    begin = time.perf_counter()
    done = subprocess.run([program, "solve", path, "--json", "--time-limit", str(seconds)],
                          capture_output=True, text=True, check=False)
    elapsed = time.perf_counter() - begin
    if done.returncode not in (0, 1, 3, 4):
        sys.exit(f"{path}: {done.stderr.strip()}")
    plan = json.loads(done.stdout)
    return plan["objective_usd"], plan["bound_usd"], elapsed


def solve_highs(program, path, seconds):
    import highspy

    with tempfile.TemporaryDirectory() as directory:
        model = os.path.join(directory, "model.mps")
        subprocess.run([program, "export", path, "--format", "mps", "--output", model], check=True)
        highs = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 1e-4),
                              ("time_limit", float(seconds))):
            highs.setOptionValue(option, value)
        highs.readModel(model)
    begin = time.perf_counter()
    highs.run()
    elapsed = time.perf_counter() - begin
    info = highs.getInfo()
    return info.objective_function_value, info.mip_dual_bound, elapsed


def main(arguments):
    if len(arguments) < 3:
        sys.exit(__doc__.split("\n\n")[1])
    program, seconds, paths = arguments[0], float(arguments[1]), arguments[2:]
    logarithms = 0.0
    print("instance                                     inferplan: plan      bound      s"
          "   HiGHS: plan      bound      s   ratio")
    for path in paths:
        ours = solve_inferplan(program, path, seconds)
        theirs = solve_highs(program, path, seconds)
        ratio = theirs[2] / ours[2]
        logarithms += math.log(ratio)
        numbers = " ".join(
            f"{'none' if plan is None else f'{plan:.3f}':>15} "
            f"{'none' if bound is None else f'{bound:.3f}':>10} {elapsed:6.2f}"
            for plan, bound, elapsed in (ours, theirs))
        print(f"{os.path.basename(path):44} {numbers} {ratio:7.1f}", flush=True)
    print(f"geometric mean of the ratios: {math.exp(logarithms / len(paths)):.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
