#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the tests of sweep need beside a shell.

usage: sweep.py strip FILE                    the CSV or JSON result without its seconds
       sweep.py same PROGRAM FILE PATH=VALUES...
                                              every cell is what solve finds with those --set
       sweep.py stop SIGNAL LINES COMMAND...   signal the command once its output, which goes to
                                              the file out, has so many lines; exits with its
                                              status, or 128 plus the signal that ended it
"""

import csv
import json
import signal
import subprocess
import sys
import time

PATIENCE_SECONDS = 100
GAP = 1e-4  # what a solve is asked to prove


def strip(path):
    with open(path, newline="") as file:
        if file.read(1) == "{":
            file.seek(0)
            document = json.load(file)
            for cell in document["cells"]:
                del cell["seconds"]
            print(json.dumps(document))
            return 0
        file.seek(0)
        for row in csv.DictReader(file):
            del row["seconds"]
            print(list(row.values()))
    return 0


def as_set(value):
    if isinstance(value, list):
        return "[" + ", ".join(repr(number) for number in value) + "]"
    return "null" if value is None else str(value)


def same(program, file, *varied):
    sweep = [program, "sweep", file, "--json", "--jobs", "2"]
    for one in varied:
        sweep += ["--vary", one]
    document = json.loads(subprocess.run(sweep, stdout=subprocess.PIPE, check=False).stdout)
    paths = [axis["path"] for axis in document["vary"]]
    cells = 1
    for axis in document["vary"]:
        cells *= len(axis["values"])
    if len(document["cells"]) != cells:
        print(f"{len(document['cells'])} of {cells} cells")
        return 1
    for cell in document["cells"]:
        solve = [program, "solve", file, "--json"]
        for path, value in zip(paths, cell["values"]):
            solve += ["--set", f"{path}={as_set(value)}"]
        done = subprocess.run(solve, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode == 2:
            message = done.stderr.decode().strip()
            if cell["status"] != "error" or not message.endswith(cell["error"]):
                print(f"{cell}: solve says {message}")
                return 1
            continue
        plan = json.loads(done.stdout)
        want = {key: plan[key] for key in ("status", "objective_usd")}
        want["error"] = None
        if plan["costs"]:
            want.update(plan["costs"])
            want["gpus"] = sum(entry["gpus"] for entry in plan["deployments"])
            want["deployments"] = len(plan["deployments"])
        for key, value in want.items():
            if cell[key] != value:
                print(f"{cell['values']}: {key} is {cell[key]}, solve has {value}")
                return 1
        # A cell may begin with the plan of another, and end with another proof of the same plan.
        for key in ("bound_usd", "gap"):
            allowed = GAP * (max(1, abs(plan["objective_usd"] or 0)) if key == "bound_usd" else 1)
            if (cell[key] is None) != (plan[key] is None) or (
                    cell[key] is not None and abs(cell[key] - plan[key]) > allowed):
                print(f"{cell['values']}: {key} is {cell[key]}, solve has {plan[key]}")
                return 1
    return 0


def stop(name, lines, *command):
    def with_signals():
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with open("out", "wb") as out:
        child = subprocess.Popen(command, stdout=out, preexec_fn=with_signals)
    start = time.monotonic()
    while time.monotonic() - start < PATIENCE_SECONDS and child.poll() is None:
        with open("out", "rb") as out:
            if out.read().count(b"\n") >= int(lines):
                break
        time.sleep(0.02)
    child.send_signal(getattr(signal, name))
    try:
        code = child.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        return 99
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit({"strip": strip, "same": same, "stop": stop}[sys.argv[1]](*sys.argv[2:]))
