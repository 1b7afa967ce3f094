# SPDX-License-Identifier: MIT
"""The solvers that compare.py runs: what each is called with, and how its answer is read.

Each is a process of its own, on one thread. The command and the greedy heuristics read the
instance; the others read the compact program that `inferplan export` writes of it. Those that are
Python packages are run by this file itself:

    solvers.py highs|scip|ortools PROGRAM.mps SECONDS GAP CLOCK        (an answer as JSON)
"""
import importlib.util
import json
import math
import os
import re
import shutil
import sys
import time


CLOCKS = {"wall": time.perf_counter, "processor": time.process_time}


class Answer:
    """What one run came to: the plan's and the bound's dollars, None if there is none."""

    def __init__(self, seconds, plan=None, bound=None, base_mb=0.0, note=""):
        self.seconds = seconds
        self.plan = plan
        self.bound = bound
        self.base_mb = base_mb  # in memory before the program was read
        self.note = note
        self.memory_mb = math.nan

    def gap(self):
        if self.plan is None or self.bound is None:
            return math.inf
        return (self.plan - self.bound) / max(1.0, abs(self.plan))


class Inferplan:
    """The command, reading included."""

    def __init__(self, build):
        self.program = os.path.join(build, "tools", "inferplan")

    def missing(self):
        return None if os.path.exists(self.program) else f"no {self.program}"

    def command(self, instance, program, seconds, gap):
        return [self.program, "solve", instance, "--json", "--time-limit", str(seconds),
                "--gap", str(gap)]

    def read(self, output, seconds, directory):
        plan = json.loads(output)
        note = plan["status"] if plan["status"] == "infeasible" else ""
        return Answer(seconds, plan["objective_usd"], plan["bound_usd"], note=note)


class Greedy:
    """GH or AGH; the time is the heuristic's own, without reading and checking."""

    def __init__(self, build, method, clock):
        self.program = os.path.join(build, "bench", "greedy")
        self.method = method
        self.clock = clock

    def missing(self):
        if os.path.exists(self.program):
            return None
        return f"no {self.program}; -Dbench=true builds it"

    def command(self, instance, program, seconds, gap):
        return [self.program, "--method", self.method, "--clock", self.clock, instance]

    def read(self, output, seconds, directory):
        words = output.split()
        if len(words) < 6 or words[1] != "seconds" or words[4] != "objective":
            return Answer(seconds, note="failed")
        if words[3] != "feasible":
            return Answer(float(words[2]), note="its plan breaks a limit")
        return Answer(float(words[2]), float(words[5]))


class Glpk:
    """GLPK's branch and cut by glpsol, reading included, with all cuts but cliques, which write
    past their buffers, and without the MIP presolver, which returns wrong optima."""

    def missing(self):
        return None if shutil.which("glpsol") else "no glpsol (Debian: glpk-utils)"

    def command(self, instance, program, seconds, gap):
        return ["glpsol", "--freemps", program, "--nointopt", "--gomory", "--mir", "--cover",
                "--mipgap", str(gap), "--tmlim", str(max(1, math.ceil(seconds))),
                "--write", program + ".glpk"]

    def read(self, output, seconds, directory):
        plan = bound = None
        progress = re.compile(r"\+ *\d+: (?:mip =|>>>>>) +(not found yet|\S+) >= +"
                              r"(tree is empty|\S+)")
        for line in output.splitlines():
            found = progress.match(line)
            if found:
                plan = None if found[1] == "not found yet" else float(found[1])
                bound = plan if found[2] == "tree is empty" else float(found[2])
        # More digits than the log has.
        path = os.path.join(directory, "program.mps.glpk")
        if plan is not None and os.path.exists(path):
            with open(path, encoding="ascii") as file:
                for line in file:
                    words = line.split()
                    if words[:2] == ["s", "mip"]:
                        exact = float(words[5])
                        bound = exact if bound == plan else bound
                        plan = exact
                        break
        nothing = re.search(r"PROBLEM HAS NO (PRIMAL|INTEGER) FEASIBLE SOLUTION", output)
        return Answer(seconds, plan, bound, note="infeasible" if nothing else "")


class Package:
    """A Python package, run by this file; the time is that of solving alone."""

    def __init__(self, name, module, clock):
        self.name = name
        self.module = module
        self.clock = clock

    def missing(self):
        if importlib.util.find_spec(self.module):
            return None
        return f"no Python package {self.module} (PyPI)"

    def command(self, instance, program, seconds, gap):
        return [sys.executable, os.path.abspath(__file__), self.name, program, str(seconds),
                str(gap), self.clock]

    def read(self, output, seconds, directory):
        answer = json.loads(output.splitlines()[-1])
        return Answer(answer["seconds"], answer["plan"], answer["bound"], answer["base_mb"],
                      "infeasible" if answer["infeasible"] else "")


def solvers(build, clock):
    """All there are, by name."""
    return {
        "inferplan": Inferplan(build),
        "gh": Greedy(build, "gh", clock),
        "agh": Greedy(build, "agh", clock),
        "glpk": Glpk(),
        "highs": Package("highs", "highspy", clock),
        "scip": Package("scip", "pyscipopt", clock),
        "ortools": Package("ortools", "ortools", clock),
    }


def resident_mb():
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def known(value):
    """None in place of the huge numbers by which solvers say that they have none."""
    return value if math.isfinite(value) and abs(value) < 1e19 else None


def solve_highs(path, seconds, gap, now):
    import highspy

    highs = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", gap),
                          ("time_limit", seconds)):
        highs.setOptionValue(option, value)
    base = resident_mb()
    highs.readModel(path)
    begin = now()
    highs.run()
    elapsed = now() - begin
    info = highs.getInfo()
    infeasible = highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return (elapsed, info.objective_function_value if found else math.inf,
            -math.inf if infeasible else info.mip_dual_bound, base, infeasible)


def solve_scip(path, seconds, gap, now):
    import pyscipopt

    scip = pyscipopt.Model()
    scip.hideOutput()
    for option, value in (("limits/time", seconds), ("limits/gap", gap), ("timing/clocktype", 2),
                          ("parallel/maxnthreads", 1), ("lp/threads", 1)):
        scip.setParam(option, value)
    base = resident_mb()
    scip.readProblem(path)
    begin = now()
    scip.optimize()
    elapsed = now() - begin
    plan = scip.getObjVal() if scip.getNSols() else math.inf
    return elapsed, plan, scip.getDualbound(), base, scip.getStatus() == "infeasible"


def solve_ortools(path, seconds, gap, now):
    """CBC, the branch and cut that OR-Tools brings beside SCIP and HiGHS, which are run by
    themselves. CP-SAT is no MILP solver: it rounds the shares to multiples of a step, and its
    "optimum" is then that of another program (28 % dearer on a small instance)."""
    from ortools.linear_solver import pywraplp
    from ortools.linear_solver.python import model_builder

    model = model_builder.Model()
    base = resident_mb()
    model.import_from_mps_file(path)
    solver = pywraplp.Solver.CreateSolver("CBC")
    solver.LoadModelFromProto(model.export_to_proto())
    solver.SetNumThreads(1)
    solver.SetTimeLimit(int(seconds * 1000))
    parameters = pywraplp.MPSolverParameters()
    parameters.SetDoubleParam(parameters.RELATIVE_MIP_GAP, gap)
    begin = now()
    status = solver.Solve(parameters)
    elapsed = now() - begin
    found = status in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE)
    objective = solver.Objective()
    return (elapsed, objective.Value() if found else math.inf,
            objective.BestBound() if found else -math.inf, base,
            status == pywraplp.Solver.INFEASIBLE)


def main(arguments):
    solve = {"highs": solve_highs, "scip": solve_scip, "ortools": solve_ortools}[arguments[0]]
    seconds, plan, bound, base, infeasible = solve(arguments[1], float(arguments[2]),
                                                   float(arguments[3]), CLOCKS[arguments[4]])
    print(json.dumps({"seconds": seconds, "plan": known(plan), "bound": known(bound),
                      "base_mb": base, "infeasible": infeasible}))


if __name__ == "__main__":
    main(sys.argv[1:])
