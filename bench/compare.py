#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Solve the same instances with inferplan and with others, and compare time, plan and memory.

Every solver runs in a process of its own, on one thread, one after the other; with --repeat the
runs of the solvers take turns, and the one with the median time counts. A line for each instance
and solver:

  seconds   inferplan and glpk: the whole process; highs, scip and ortools: solving alone, without
            reading; gh and agh: the heuristic alone. By the wall, or with --clock processor those that
            the process had a processor, which other work on the machine changes less; limits are
            by the wall always
  plan      dollars; "dearer" is by how much of inferplan's plan
  bound     dollars, and the gap between the two: (plan - bound) / max(1, |plan|)
  MB        most memory of the process; of Python packages less what was there before reading
  ratio     seconds by those of inferplan. A solver that is stopped counts with its time, and ">"
            says that its ratio would be larger; "<", that inferplan was stopped; "-", that both
            were

With --race NAME, inferplan solves every instance once more with the seconds of that solver as its
limit, if the solver has a plan. Its line says what it had by then, and a last line of all how often
its plan was no dearer than the other's.

Then, by kind and size of the instances, the geometric means of ratios, seconds and memory. A ">"
or "<" of any ratio is one of their mean; with both, or without any ratio, it is "-".
"""
import argparse
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time

from solvers import Answer, solvers

# What a plan and a bound may contradict each other by before it is said: solvers' tolerances.
TOLERANCE = 1e-5


def run(command, clock, patience):
    """Standard output, seconds and most memory in MB, of a process; output None where it failed, or
    was killed because it was not done after so many seconds.

    The kernel's figure for a child includes what it was before it became the program, a copy of
    this one. Where the figure is not above that, what was seen while it ran is taken.
    """
    own = peak_kb("self")
    begin = time.perf_counter()
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL,
                                 stdin=subprocess.DEVNULL)
        seen, pause = 0, 0.001
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            seen = max(seen, peak_kb(child.pid))
            if time.perf_counter() - begin > patience:
                child.kill()
            time.sleep(pause)
            pause = min(0.02, pause * 1.2)
        elapsed = time.perf_counter() - begin
        if clock == "processor":
            elapsed = usage.ru_utime + usage.ru_stime
        child.returncode = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    # inferplan: 1 and 4 are limits, 3 infeasible; greedy: 3 a plan that breaks a limit.
    failed = child.returncode not in (0, 1, 3, 4)
    most = usage.ru_maxrss if usage.ru_maxrss > own * 1.05 else seen
    return (None if failed else text), elapsed, most / 1024


def peak_kb(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def kind_of(path):
    """Name of the kind and the size of an instance: generated ones differ by their seeds alone."""
    with open(path, encoding="utf-8") as file:
        made = json.load(file)
    size = tuple(len(made[part]) for part in ("queries", "models", "tiers"))
    name = re.sub(r"-\d+x\d+x\d+-\d+$", "", made["name"])
    policy, uncertainty = made.get("policy", {}), made.get("uncertainty", {})
    words = [name, policy.get("placement", "split")]
    if policy.get("max_replicas", 1) > 1:
        words.append(f"R={policy['max_replicas']}")
    if uncertainty.get("kind", "none") != "none":
        words.append(uncertainty["kind"] + f" {uncertainty['delay_budget']:g}")
    return " ".join(words), size


def fail(message):
    print(f"compare.py: {message}", file=sys.stderr)
    sys.exit(2)


def measure(chosen, path, options):
    """An answer of each solver: that of the median time."""
    answers = {name: [] for name in chosen}
    with tempfile.TemporaryDirectory() as directory:
        program = os.path.join(directory, "program.mps")
        exported = subprocess.run([chosen["inferplan"].program, "export", path, "--format", "mps",
                                   "--output", program], stderr=subprocess.PIPE, check=False)
        if exported.returncode:
            reason = exported.stderr.decode("utf-8", "replace").strip()
            fail(reason.removeprefix("inferplan: ") or f"{path}: cannot be exported")
        for _ in range(options.repeat):
            for name, solver in chosen.items():
                command = solver.command(path, program, options.seconds, options.gap)
                output, seconds, memory = run(command, options.clock,
                                              3 * options.seconds + 60)
                if output is None:
                    answer = Answer(seconds, note="failed")
                else:
                    answer = solver.read(output, seconds, directory)
                answer.memory_mb = memory - answer.base_mb
                answers[name].append(answer)
    return {name: sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]
            for name, runs in answers.items()}


def race(inferplan, other, path, options):
    """What inferplan has after the other's seconds, its own reading before that left out."""
    if other.plan is None:
        return None
    output, seconds, memory = run(inferplan.command(path, None, other.seconds, options.gap),
                                  options.clock, 3 * other.seconds + 60)
    if output is None:
        return Answer(seconds, note="failed")
    answer = inferplan.read(output, seconds, None)
    answer.memory_mb = memory
    return answer


def no_dearer(answer, other):
    return answer.plan is not None and \
        answer.plan <= other.plan + TOLERANCE * max(1.0, abs(other.plan))


def judge(answers):
    """What contradicts: a plan below another one's bound."""
    notes = []
    for name, answer in answers.items():
        for other, against in answers.items():
            if answer.plan is None or against.bound is None:
                continue
            if answer.plan < against.bound - TOLERANCE * max(1.0, abs(against.bound)):
                notes.append(f"{name}'s plan is below {other}'s bound")
    return notes


def stopped(answer, gap):
    return answer.note != "infeasible" and answer.gap() > gap * 1.01


def ratio(answers, name, gap):
    """A solver's seconds by those of inferplan, and what is known of that: "" it is so, ">" it would
    be more, "<" it would be less, "-" nothing."""
    heuristic = name in ("gh", "agh")
    more = not heuristic and stopped(answers[name], gap)
    less = stopped(answers["inferplan"], gap)
    mark = "-" if more and less else ">" if more else "<" if less else ""
    return answers[name].seconds / answers["inferplan"].seconds, mark


def ratio_text(ratios):
    """The geometric mean of those of which something is known."""
    ratios = [(value, mark) for value, mark in ratios if mark != "-"]
    marks = {mark for _, mark in ratios} - {""}
    if not ratios or len(marks) > 1:
        return "-"
    return "".join(marks) + f"{mean([value for value, _ in ratios]):.3g}"


def number(value, digits):
    if value is None or not math.isfinite(value):
        return "-"
    return f"{round(value, digits) + 0.0:.{digits}f}"  # never "-0.00"


def time_text(seconds):
    return f"{seconds:.4f}" if seconds < 0.1 else f"{seconds:.2f}"


class Table:
    """Rows of text under a head: columns in line, or Markdown."""

    def __init__(self, head, widths, markdown):
        self.widths = widths
        self.markdown = markdown
        self.row(head)
        if markdown:
            print("|" + "---|" * len(head))

    def row(self, cells):
        if self.markdown:
            print("| " + " | ".join(cells) + " |", flush=True)
        else:
            print(f"{cells[0]:<{self.widths[0]}}" + "".join(
                f"  {cell:>{width}}" for cell, width in zip(cells[1:], self.widths[1:])),
                  flush=True)


def show(table, path, answers, raced, options):
    """An instance's lines; the last is that of the race, if there was one."""
    ours = answers["inferplan"]
    lines = list(answers.items())
    if raced:
        lines.append((f"as {options.race}", raced))
    for name, answer in lines:
        dearer = None
        if answer.plan is not None and ours.plan is not None:
            dearer = 100 * (answer.plan - ours.plan) / max(1.0, abs(ours.plan))
        gap = answer.gap()
        table.row([os.path.splitext(os.path.basename(path))[0] if name == "inferplan" else "", name,
                   time_text(answer.seconds), number(answer.plan, 3),
                   number(dearer, 2) + ("%" if dearer is not None else ""),
                   number(answer.bound, 3), f"{gap:.1e}" if math.isfinite(gap) else "-",
                   number(answer.memory_mb, 1),
                   ratio_text([ratio(answers, name, options.gap)])
                   if name in answers and name != "inferplan" else "",
                   answer.note])
    for note in judge(answers):
        print(("\n" if options.markdown else "    ") + note)


def mean(values):
    return math.exp(sum(math.log(max(value, 1e-9)) for value in values) / len(values))


def show_groups(results, names, options):
    """By kind and size: ratios, then what grows."""
    groups = {}
    for group, answers in results:
        groups.setdefault(group, []).append(answers)
    others = [name for name in names if name != "inferplan"]
    if others:
        print("\nRatios of times, geometric means\n")
        table = Table(["instances", "size", "count"] + others, [36, 9, 5] + [9] * len(others),
                      options.markdown)
        everything = [answers for _, answers in results]
        for (kind, size), runs in sorted(groups.items()):
            table.row([kind, "x".join(map(str, size)), str(len(runs))] +
                      [ratio_text([ratio(r, n, options.gap) for r in runs]) for n in others])
        table.row(["all", "", str(len(everything))] +
                  [ratio_text([ratio(r, n, options.gap) for r in everything]) for n in others])
    print("\nGrowth with size: seconds (geometric mean), solved to the gap, MB (largest)\n")
    table = Table(["instances", "size"] + names, [36, 9] + [22] * len(names), options.markdown)
    for (kind, size), runs in sorted(groups.items()):
        cells = []
        for name in names:
            solved = "" if name in ("gh", "agh") else \
                f"{sum(not stopped(r[name], options.gap) for r in runs)}/{len(runs)}, "
            cells.append(f"{time_text(mean([r[name].seconds for r in runs]))}, {solved}"
                         f"{max(r[name].memory_mb for r in runs):.0f}")
        table.row([kind, "x".join(map(str, size))] + cells)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instances", nargs="+", metavar="INSTANCE")
    parser.add_argument("--build", default="build", help="build directory (default: build)")
    parser.add_argument("--solvers", default="all", metavar="NAME,...",
                        help="inferplan is always among them: gh, agh, glpk, highs, scip, ortools")
    parser.add_argument("--seconds", type=float, default=60, help="each may take (default: 60)")
    parser.add_argument("--gap", type=float, default=1e-4, help="to be proven (default: 1e-4)")
    parser.add_argument("--repeat", type=int, default=1, help="take the median of so many runs")
    parser.add_argument("--clock", choices=("wall", "processor"), default="wall",
                        help="what seconds are counted by (default: wall)")
    parser.add_argument("--race", metavar="NAME",
                        help="see what inferplan has after the seconds of this solver")
    parser.add_argument("--markdown", action="store_true", help="tables for the documentation")
    options = parser.parse_args()

    known = solvers(options.build, options.clock)
    names = list(known) if options.solvers == "all" else options.solvers.split(",")
    unknown = [name for name in names if name not in known]
    if unknown or options.repeat < 1:
        parser.error(f"no solver is called {unknown[0]}" if unknown else "--repeat: at least 1")
    chosen = {"inferplan": known["inferplan"]}
    chosen.update((name, known[name]) for name in names)
    for name in list(chosen):
        reason = chosen[name].missing()
        if reason and name == "inferplan":
            fail(reason)
        if reason:
            print(f"missing: {name}: {reason}")
            del chosen[name]

    if options.race is not None and (options.race == "inferplan" or options.race not in chosen):
        fail(f"--race: {options.race} is not one of the other solvers that run")

    # Before hours are spent on those that come first.
    kinds = []
    for path in options.instances:
        try:
            kinds.append(kind_of(path))
        except OSError as error:
            fail(f"{path}: {error.strerror}")
        except (ValueError, LookupError, TypeError, AttributeError):
            fail(f"{path}: this is no instance")

    table = Table(["instance", "solver", "seconds", "plan", "dearer", "bound", "gap", "MB", "ratio",
                   "note"], [40, 9, 9, 13, 8, 13, 8, 7, 8, 0], options.markdown)
    results = []
    races = []
    for path, kind in zip(options.instances, kinds):
        answers = measure(chosen, path, options)
        raced = None
        if options.race:
            other = answers[options.race]
            raced = race(chosen["inferplan"], other, path, options)
            if raced:
                races.append(no_dearer(raced, other))
        show(table, path, answers, raced, options)
        results.append((kind, answers))
    show_groups(results, list(chosen), options)
    if races:
        print(f"\nNo dearer than {options.race} after as many seconds: "
              f"{sum(races)} of {len(races)}")


if __name__ == "__main__":
    main()
