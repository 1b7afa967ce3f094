# SPDX-License-Identifier: MIT
"""Compare `inferplan solve` with the literal program and with enumeration, on random instances.

Faults, by kind:
  bound       bound_usd is above the cost of a plan that `check` accepts
  infeasible  status "infeasible", but `check` accepts a plan
  optimal     status "optimal", but an accepted plan is cheaper by more than the gap
  gave-up     status "feasible" or "no_plan" although there was no limit to reach
  plan        its own plan is not verified, `check` refuses it, or `check` finds another cost
  check       `check` refuses an exactly feasible plan, or finds another cost than exact arithmetic
  broken      the same of plans made from it by a small change, most of which miss a limit that
              `check` must find
  figures     what a plan says of a deployment or route is not so
  oracle      the oracle and its verifier disagree
  crash       another exit status, output that is no document, or more than 10 seconds

A plan that comes from an engine and breaks a limit by a part of 1e-6 (max_violation above 1e-9) may
cost less than any plan that holds. What only such a plan shows is marked "tolerance"; it is
printed, but it is no fault, since a bound need only hold for plans that keep every limit.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any, Dict, List, Optional, Set, Tuple

import families
import load_families
from broken import spoilt, stripped
from enumeration import Enumeration
from instance import Instance, Pair
from model import literal_plan
from shares import Plan
from shrink import smaller
from verify import Verifier

Document = Dict[str, Any]
ENGINES = ["auto", "mip", "decompose"]
FAMILIES = families.FAMILIES + load_families.FAMILIES
SECONDS = 10.0


def generate(family: str, seed: int) -> Document:
    """The instance of any family."""
    if family in load_families.FAMILIES:
        return load_families.generate(family, seed)
    return families.generate(family, seed)


class Fault:
    """One fault; `plan` is the document that shows it, if there is one."""

    def __init__(self, kind: str, engine: str, text: str, plan: Optional[Document] = None,
                 tolerance: bool = False) -> None:
        self.kind = kind + ("-tolerance" if tolerance else "")
        self.engine = engine
        self.text = text
        self.plan = plan

    def label(self) -> str:
        return f"{self.kind}/{self.engine}"


class Checked:
    """A plan that `check` accepts, and its cost."""

    def __init__(self, source: str, plan: Document, cost: float, violation: float) -> None:
        self.source = source
        self.plan = plan
        self.cost = cost
        self.exact = violation <= 1e-9


def near(one: float, other: float) -> bool:
    """Whether two numbers are the same but for rounding."""
    return abs(one - other) <= 1e-9 * max(1.0, abs(one), abs(other))


class Comparison:
    """All that is found out about one instance."""

    def __init__(self, command: str, engines: List[str], document: Document,
                 seconds: float, options: List[str], gap: float) -> None:
        self.command = command
        self.gap = gap
        self.engines = engines
        self.document = document
        self.options = options
        self.faults: List[Fault] = []
        self.plans: List[Checked] = []
        self.results: Dict[str, Document] = {}
        with tempfile.TemporaryDirectory(prefix="literal-") as self.folder:
            self.file = self._write("instance.json", document)
            self._oracles(seconds)
            for engine in engines:
                self._solve(engine)
        for engine, result in self.results.items():
            self._judge(engine, result)

    def _write(self, name: str, document: Document) -> str:
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file)
        return path

    def _run(self, engine: str, *arguments: str) -> Optional[Tuple[int, Document]]:
        """Exit status and document of the command; None with a fault noted if there is none."""
        try:
            done = subprocess.run([self.command, *arguments, "--json"], capture_output=True,
                                  text=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            self.faults.append(Fault("crash", engine, f"more than {SECONDS:g} seconds"))
            return None
        try:
            document = json.loads(done.stdout)
        except ValueError:
            if done.returncode == 2 and "check" in arguments:
                return 2, {"reason": done.stderr.strip()}
            lines = done.stderr.strip().splitlines()
            self.faults.append(Fault("crash", engine,
                                     f"exit status {done.returncode}: {lines[-1:]}"))
            return None
        return done.returncode, document

    def _check(self, source: str, plan: Document, cost: float, kind: str) -> None:
        found = self._run(source, "check", self.file, self._write("plan.json", plan))
        if found is None:
            return
        status, document = found
        if status != 0:
            self.faults.append(Fault(kind, source, f"check: exit status {status}, "
                                     f"{document.get('reason')}", plan))
            return
        checked = Checked(source, plan, document["objective_usd"], document["max_violation"])
        self.plans.append(checked)
        if abs(checked.cost - cost) > 1e-9 * max(abs(cost), abs(checked.cost)):
            self.faults.append(Fault(kind, source, f"cost {cost!r}, but check finds "
                                     f"{checked.cost!r}", plan))

    def _oracles(self, seconds: float) -> None:
        instance = Instance(self.document)
        literal, _ = literal_plan(instance, seconds)
        enumerated = Enumeration(instance, literal, seconds)
        self.complete = enumerated.complete
        if enumerated.plan is not None:
            self._check("oracle", enumerated.plan.document(), float(enumerated.plan.cost), "check")
            self._spoil(enumerated.plan)

    def _spoil(self, plan: Plan) -> None:
        """Compare `check` with the verifier on plans that are nearly this one."""
        for name, document in [("as it is", plan.document())] + spoilt(plan):
            verifier = Verifier(self.document, document)
            if name == "as it is":
                if verifier.violation > 1e-9 or not near(verifier.cost, float(plan.cost)):
                    self.faults.append(Fault("oracle", "oracle", f"{plan.cost}, but the verifier "
                                             f"finds {verifier.cost!r}, {verifier.misses}"))
                continue
            found = self._run("oracle", "check", self.file, self._write("plan.json", document))
            if found is None:
                return
            status, answer = found
            text = f"{name}: exit status {status} ({answer.get('reason')}), but the verifier " \
                f"finds {verifier.misses} and {verifier.cost!r}"
            wrong = (status not in (2, 3) if verifier.violation > 1e-4 else
                     verifier.violation < 1e-9
                     and (status != 0 or not near(answer["objective_usd"], verifier.cost)))
            if wrong:
                self.faults.append(Fault("broken", "oracle", text, document))
                return
        for name, document, complete in stripped(plan):
            found = self._run("oracle", "check", self.file, self._write("plan.json", document))
            if found is None:
                return
            status, answer = found
            if status != (0 if complete else 2):
                self.faults.append(Fault("broken", "oracle", f"{name}: exit status {status} "
                                         f"({answer.get('reason')})", document))
                return

    def _solve(self, engine: str) -> None:
        found = self._run(engine, "solve", self.file, "--engine", engine,
                          "--gap", repr(self.gap), *self.options)
        if found is None:
            return
        status, result = found
        words = {0: "optimal", 1: "feasible", 3: "infeasible", 4: "no_plan"}
        if words.get(status) != result["status"]:
            self.faults.append(Fault("crash", engine,
                                     f"exit status {status} with {result['status']}"))
            return
        self.results[engine] = result
        if status in (1, 4):
            self.faults.append(Fault("gave-up", engine, f"{result['status']}, gap "
                                     f"{result['gap']}, bound {result['bound_usd']}"))
        if status in (0, 1):
            if result["verified"] is not True:
                self.faults.append(Fault("plan", engine, "not verified", result))
            self._check(engine, result, result["objective_usd"], "plan")
            self._verify(engine, result)

    @staticmethod
    def _paced(point: Tuple[Pair, int, Optional[str]],
               known: Set[Tuple[Pair, int, Optional[str]]]) -> bool:
        """Whether a point is driven at one of the known paces, but for rounding."""
        name = point[2] or ""
        return name.endswith("ms") and any(
            other[:2] == point[:2] and (other[2] or "").endswith("ms")
            and near(float(name[:-2]), float((other[2] or "")[:-2])) for other in known)

    def _verify(self, engine: str, result: Document) -> None:
        """Verify an engine's plan, and what it says of its deployments and routes."""
        verifier = Verifier(self.document, result)
        if verifier.violation > 1.1e-6 or not near(verifier.cost, result["objective_usd"]):
            self.faults.append(Fault("plan", engine, f"cost {result['objective_usd']!r}, but the "
                                     f"verifier finds {verifier.cost!r}, {verifier.misses}",
                                     result))
        known = {(point.pair, point.degree, point.name) for point in Instance(self.document).points}
        for e, deployment in enumerate(result["deployments"]):
            point = (verifier.pair(e), deployment["tp_degree"], deployment.get("point"))
            if point not in known and not self._paced(point, known):
                self.faults.append(Fault("figures", engine, f"no such point: {deployment}", result))
        for place, field, value in verifier.said(result):
            told = place.get(field)
            if told is not None and value is not None and near(told, value):
                continue
            if told is not None or value is not None:
                self.faults.append(Fault("figures", engine, f"{field} is {told!r}, but the "
                                         f"verifier finds {value!r}: {place}", result))
                return

    def _judge(self, engine: str, result: Document) -> None:
        for kind in ("infeasible", "bound", "optimal"):
            shown = [(plan, text) for plan in self.plans
                     for text in [self._shows(kind, result, plan)] if text]
            # A plan that holds exactly, if there is one; among these the cheapest.
            shown.sort(key=lambda item: (not item[0].exact, item[0].cost))
            if shown:
                plan, text = shown[0]
                self.faults.append(Fault(kind, engine, f"{text} (plan of {plan.source})",
                                         plan.plan, not plan.exact))

    def _shows(self, kind: str, result: Document, plan: Checked) -> Optional[str]:
        bound, cost = result["bound_usd"], result["objective_usd"]
        if kind == "infeasible" and result["status"] == kind:
            return f"infeasible, but a plan costs {plan.cost!r}"
        if kind == "bound" and bound is not None and bound > plan.cost * (1 + 1e-9):
            return f"bound {bound!r}, but a plan costs {plan.cost!r}"
        if (kind == "optimal" and result["status"] == kind
                and cost - plan.cost > self.gap * max(1.0, abs(cost)) * (1 + 1e-6)):
            return f"optimal at {cost!r}, but a plan costs {plan.cost!r}"
        return None


class Job:
    """How instances are compared; plain data, so that processes can be sent it."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.command: str = arguments.command
        self.engines: List[str] = arguments.engine or ENGINES
        self.seconds: float = arguments.oracle_seconds
        self.options: List[str] = arguments.option
        self.minimise: float = arguments.minimise
        self.gap: Optional[float] = arguments.gap

    def compare(self, document: Document, engines: Optional[List[str]] = None) -> Comparison:
        gap = self.gap
        if gap is None:
            gap = 1e-7 if str(document.get("name")).startswith("load-") else 1e-4
        return Comparison(self.command, engines or self.engines, document, self.seconds,
                          self.options, gap)

    def run(self, family: str, seed: int) -> Tuple[str, int, Dict[str, Any], List[Tuple[str, str]]]:
        document = generate(family, seed)
        comparison = self.compare(document)
        statuses = [r["status"] for r in comparison.results.values()]
        facts = {"complete": comparison.complete, "status": statuses[0] if statuses else "none",
                 "serves": any(p.plan["routes"] for p in comparison.plans)}
        found = []
        seen = set()
        for fault in comparison.faults:
            if fault.kind in seen:
                # The engines share much, so one of them stands for all.
                continue
            seen.add(fault.kind)
            found.append((fault.label(), json.dumps(self.shrink(document, fault))))
        return family, seed, facts, found

    def shrink(self, document: Document, fault: Fault) -> Dict[str, Any]:
        """The smallest document found that has a fault of this kind with this engine."""
        # Plans that hold by a tolerance alone are too many to be worth the time.
        deadline = time.monotonic() + (0 if fault.kind.endswith("-tolerance") else self.minimise)
        engines = None if fault.engine in ("oracle",) else [fault.engine]
        # A plan of another engine needs that engine to show itself again.
        if engines and "plan of oracle" not in fault.text and fault.kind not in ("gave-up",):
            engines = None
        whole = document
        again = time.monotonic() < deadline
        while again:
            again = False
            for less in smaller(document):
                if time.monotonic() > deadline:
                    break
                kept = [f for f in self._try(less, engines)
                        if f.kind == fault.kind and f.engine == fault.engine]
                if kept:
                    document, fault, again = less, kept[0], True
                    break
        return {"whole": whole, "instance": document, "plan": fault.plan, "kind": fault.kind,
                "engine": fault.engine, "text": fault.text}

    def _try(self, document: Document, engines: Optional[List[str]]) -> List[Fault]:
        try:
            return self.compare(document, engines).faults
        except (ValueError, KeyError, IndexError):
            return []


def write_fault(folder: str, family: str, seed: int, fault: Dict[str, Any]) -> str:
    """Write a fault to a directory of its own, whose name is returned."""
    path = os.path.join(folder, family, f"{fault['kind']}-{fault['engine']}-{seed}")
    os.makedirs(path, exist_ok=True)
    for name, content in (("instance", fault["instance"]), ("plan", fault["plan"]),
                          ("whole", fault["whole"])):
        if content is not None:
            with open(os.path.join(path, name + ".json"), "w", encoding="utf-8") as file:
                json.dump(content, file, indent=1)
                file.write("\n")
    with open(os.path.join(path, "fault.txt"), "w", encoding="utf-8") as file:
        file.write(f"{fault['kind']} {fault['engine']}: {fault['text']}\n")
    return path


def parse(arguments: List[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/torture", description=(
        "Compare inferplan with the literal program on random instances."))
    parser.add_argument("--count", type=int, default=1000, metavar="N",
                        help="instances of each family (default 1000)")
    parser.add_argument("--seed", type=int, default=1, metavar="S",
                        help="seed of the first instance; the others follow (default 1)")
    parser.add_argument("--family", action="append", choices=FAMILIES,
                        help="may be repeated; default all")
    parser.add_argument("--engine", action="append", choices=ENGINES,
                        help="may be repeated; default all")
    parser.add_argument("--jobs", type=int, default=1, metavar="J", help="processes (default 1)")
    parser.add_argument("--command", default="build/tools/inferplan", metavar="PATH",
                        help="the command (default build/tools/inferplan)")
    parser.add_argument("--output", metavar="PATH", help="write each fault to a directory below")
    parser.add_argument("--oracle-seconds", type=float, default=1.0, metavar="S",
                        help="time of each oracle on an instance (default 1)")
    parser.add_argument("--minimise", type=float, default=0.0, metavar="S",
                        help="seconds to make each fault's instance smaller (default 0)")
    parser.add_argument("--gap", type=float, metavar="G",
                        help="gap to solve to and to judge by (default 1e-7 for the families "
                        "under load, which are well scaled, and 1e-4 for the others)")
    parser.add_argument("--instance", action="append", default=[], metavar="PATH",
                        help="compare on this instance instead of random ones; may be repeated")
    parser.add_argument("--option", action="append", default=[], metavar="WORD",
                        help="a further argument of solve; may be repeated")
    return parser.parse_args(arguments)


def compare_files(job: Job, paths: List[str]) -> int:
    faults = 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            comparison = job.compare(json.load(file))
        for plan in comparison.plans:
            print(f"{path}: {plan.source}: {plan.cost!r}")
        for fault in comparison.faults:
            print(f"{path}: {fault.label()}: {fault.text}")
        faults += len(comparison.faults)
    return 1 if faults else 0


def main() -> int:
    arguments = parse(sys.argv[1:])
    job = Job(arguments)
    if arguments.instance:
        return compare_files(job, arguments.instance)
    counts: collections.Counter[Tuple[str, str]] = collections.Counter()
    facts: collections.Counter[Tuple[str, str]] = collections.Counter()
    work = [(family, arguments.seed + i) for family in arguments.family or FAMILIES
            for i in range(arguments.count)]
    with concurrent.futures.ProcessPoolExecutor(arguments.jobs) as pool:
        for done, (family, seed, about, found) in enumerate(pool.map(job.run, *zip(*work))):
            if done % 500 == 0 and done > 0:
                print(f"{done} instances of {len(work)}", file=sys.stderr, flush=True)
            for name, value in about.items():
                facts[family, f"{name} {value}"] += 1
            for label, text in found:
                fault = json.loads(text)
                counts[family, label] += 1
                line = f"{family} {seed}: {label}: {fault['text']}"
                if arguments.output:
                    line += f" -> {write_fault(arguments.output, family, seed, fault)}"
                print(line, flush=True)
    for (family, name), number in sorted(facts.items()):
        print(f"{family}: {name}: {number}")
    for (family, label), number in sorted(counts.items()):
        print(f"{family}: found {label}: {number}")
    faults = sum(number for (_, label), number in counts.items() if "-tolerance/" not in label)
    print(f"{len(work)} instances, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
