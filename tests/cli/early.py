#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A signal before the solve: while input is waited for it ends the program, and from then on the solve.

usage: early.py PROGRAM        prints what is not so, one a line
"""

import json
import os
import signal
import subprocess
import sys
import time

PATIENCE_SECONDS = 60
QUERIES, MODELS, TIERS = 100, 80, 80


def instance(**query):
    """Large enough to be read for some tenths of a second."""
    entries = (("[" * 3 + ("7.25," * TIERS)[:-1] + "]," +
                ("[" + ("7.25," * TIERS)[:-1] + "],") * (MODELS - 1))[:-1] + "]," +
               ("[" + (("[" + ("7.25," * TIERS)[:-1] + "],") * MODELS)[:-1] + "],") * (QUERIES - 1))[:-1] + "]"
    made = {"format": "inferplan-instance", "version": 1, "name": "large",
            "horizon": {"rental_hours": 24}, "storage_usd_per_gb_hour": 0.0001,
            "queries": [{"name": f"q{i}", "input_tokens": 500, "output_tokens": 200, "rate_per_hour": 300,
                         "unmet_penalty_usd": 0.01, **query} for i in range(QUERIES)],
            "models": [{"name": f"m{j}", "weights_gb": 14, "kv_gb_per_token": 0.0005}
                       for j in range(MODELS)],
            "tiers": [{"name": f"t{k}", "memory_gb": 24 + k, "tflops": 100, "usd_per_hour": 0.7,
                       "tp_degrees": [1, 2]} for k in range(TIERS)],
            "performance": {"delay_ms_per_token": "ENTRIES", "error_rate": 0.02,
                            "kv_residency_hours": 0.002}}
    return json.dumps(made).replace('"ENTRIES"', entries).encode()


def begin(*options):
    return subprocess.Popen([sys.argv[1], "solve", "-", *options], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))


def catches(process):
    """Does it have a handler for SIGINT?"""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("SigCgt:"):
                return bool(int(line.split()[1], 16) >> (signal.SIGINT - 1) & 1)
    return False


def end_early(number, text, *options):
    """Signalled as soon as the signal is taken; its status, and what it prints."""
    with begin(*options) as process:
        process.stdin.write(text)
        process.stdin.close()
        process.stdin = None
        until = time.monotonic() + PATIENCE_SECONDS
        while not catches(process) and time.monotonic() < until:
            time.sleep(0.001)
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
        return process.returncode, out.decode(), err.decode()


def main():
    problems = []
    text = instance()
    for number in (signal.SIGINT, signal.SIGTERM):
        status, out, err = end_early(number, text)
        if status != 1 or "interrupted" not in out or "nothing is rented" not in out:
            problems.append(f"{number.name} while the instance is read: status {status}, {out[:200]!r}, {err!r}")
        if "Before solving" in out:
            problems.append(f"{number.name}: the program is built all the same")
    status, out, err = end_early(signal.SIGINT, instance(max_unmet=0.5), "--json")
    if status != 4 or json.loads(out)["status"] != "no_plan":
        problems.append(f"without a plan: status {status}, {out[:200]!r}, {err!r}")
    with begin() as waiting:
        waiting.stdin.write(text[:1000])
        waiting.stdin.flush()
        time.sleep(0.3)
        waiting.send_signal(signal.SIGINT)
        try:
            status = waiting.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            waiting.kill()
            status = "none"
        if status != -signal.SIGINT:
            problems.append(f"while input is waited for: status {status}")
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    if not os.path.exists("/proc/self/status"):
        sys.exit(77)
    sys.exit(main())
