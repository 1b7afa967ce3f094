#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write random instances like those that inferplan is measured on.

usage: generate.py FAMILY QUERIES MODELS TIERS SEED [PATH=WORD]...   (instance on standard output)

Families:
  paper   figures as in the published evaluation: large penalties on delay, a budget that a few
          large deployments fill
  slo     delay penalties that hardly matter, delay limits that the cheap tiers miss
  fleet   more traffic than one replica holds: up to four replicas, pools of GPUs

PATH=WORD changes the policy or the uncertainty: placement=split, slo_basis=offered,
storage_basis=route, max_replicas=4, kind=budget, level=cell, delay_budget=2, error_budget=2;
or a limit: budget_usd=5000, storage_gb=2000.
Equal arguments give equal bytes.
"""
import json
import math
import random
import sys

FAMILIES = ("paper", "slo", "fleet")
# PATH: its part of the instance, and the words it takes; none: a number
CHANGES = {
    "placement": ("policy", ("single", "matching", "split")),
    "slo_basis": ("policy", ("served", "offered")),
    "storage_basis": ("policy", ("deployment", "route")),
    "max_replicas": ("policy", ()),
    "kind": ("uncertainty", ("none", "budget", "decision_dependent")),
    "level": ("uncertainty", ("cell", "query")),
    "delay_budget": ("uncertainty", ()),
    "error_budget": ("uncertainty", ()),
    "budget_usd": ("limits", ()),
    "storage_gb": ("limits", ()),
}
# name, memory in GB, TFLOP/s at 16 bits, dollars an hour, delay against an A6000
GPUS = [
    ("A6000", 48, 40, 0.8, 1.0),
    ("RTX4090", 24, 80, 0.5, 0.55),
    ("A100", 40, 160, 1.2, 0.27),
    ("H100", 80, 1000, 2.4, 0.05),
    ("L40S", 48, 90, 0.9, 0.45),
    ("V100", 32, 60, 0.45, 0.8),
    ("L4", 24, 30, 0.4, 1.3),
    ("H200", 141, 1000, 3.1, 0.04),
]
# suffix, factor on compute, on delay, on error
PRECISIONS = [("FP16", 1.0, 1.0, 1.0), ("INT8", 1.6, 0.7, 1.15), ("INT4", 2.2, 0.6, 1.35)]
# name, weights in GB, KV cache in GB per token, delay factor, error factor
MODELS = [
    ("Llama-1B", 2, 0.02, 0.6, 5.0),
    ("Llama-3B", 6, 0.05, 1.0, 2.1),
    ("Llama-8B", 16, 0.15, 2.5, 1.2),
    ("Llama-11B-V", 22, 0.25, 3.5, 1.1),
    ("Mistral-24B", 48, 0.4, 5.0, 0.8),
    ("Llama-70B", 140, 1.4, 10.0, 0.4),
    ("Qwen-32B", 64, 0.6, 6.0, 0.65),
    ("Gemma-9B", 18, 0.18, 2.8, 1.15),
    ("Phi-14B", 28, 0.28, 3.8, 1.0),
    ("Llama-405B", 810, 8.0, 30.0, 0.15),
]
# name, rate, TFLOP per 1000 tokens, GB stored per token, delay limit in ms, error limit
QUERIES = [
    ("Summarization", 120, 16000, 0.0008, 1000, 0.04),
    ("Code", 90, 33000, 0.0012, 1200, 0.08),
    ("Translation", 130, 6000, 0.0009, 800, 0.03),
    ("Maths", 45, 75000, 0.0008, 1500, 0.10),
    ("Image", 40, 230000, 0.005, 4000, 0.12),
    ("Video", 16, 850000, 0.009, 5000, 0.15),
]


def names(base, count):
    """The first `count` names: the base's own, then the same with a number."""
    return [base[n % len(base)] if n < len(base) else f"{base[n % len(base)]}-{n // len(base) + 1}"
            for n in range(count)]


def generate(family, queries, models, tiers, seed):
    draw = random.Random(f"{family}-{queries}x{models}x{tiers}-{seed}")

    def around(value, spread=0.25):
        return float(f"{value * draw.uniform(1 - spread, 1 + spread):.6g}")

    made = {
        "format": "inferplan-instance",
        "version": 1,
        "name": f"{family}-{queries}x{models}x{tiers}-{seed}",
        "horizon": {"rental_hours": 12, "penalty_hours": 1},
        "limits": {},
        "storage_usd_per_gb_hour": around(0.005),
        "policy": {"placement": "split", "slo_basis": "served",
                   "storage_basis": "deployment",
                   "max_replicas": 4 if family == "fleet" else 1},
        "uncertainty": {"kind": "none"},
        "queries": [], "models": [], "tiers": [], "performance": {},
    }
    base_models = MODELS if models >= len(MODELS) else sorted(
        draw.sample(MODELS, models), key=MODELS.index)
    model_factors = []
    for n, name in enumerate(names([m[0] for m in base_models], models)):
        _, weights, kv, slow, wrong = base_models[n % len(base_models)]
        made["models"].append({"name": name, "weights_gb": weights, "kv_gb_per_token": around(kv)})
        model_factors.append((around(slow, 0.15), around(wrong, 0.15)))
    kinds = [(gpu, precision) for gpu in GPUS for precision in PRECISIONS]
    chosen = kinds if tiers >= len(kinds) else sorted(draw.sample(kinds, tiers), key=kinds.index)
    tier_factors = []
    for n, name in enumerate(names([f"{g[0]}-{p[0]}" for g, p in chosen], tiers)):
        gpu, precision = chosen[n % len(chosen)]
        tier = {"name": name, "memory_gb": gpu[1], "tflops": around(gpu[2] * precision[1], 0.1),
                "usd_per_hour": around(gpu[3]), "tp_degrees": [1, 2, 4, 8]}
        if family == "fleet":
            tier["pool"] = gpu[0]
            tier["weight_scale"] = {"FP16": 1, "INT8": 0.5, "INT4": 0.25}[precision[0]]
        made["tiers"].append(tier)
        tier_factors.append((gpu[4] * precision[1 + 1], precision[3]))
    if family == "fleet":
        used = sorted({gpu[0] for gpu, _ in chosen})
        made["pools"] = [{"name": name, "gpus": draw.choice([8, 12, 16, 24])} for name in used]
    delay, error, delay_deviation, error_deviation = [], [], [], []
    for n, name in enumerate(names([q[0] for q in QUERIES], queries)):
        _, rate, compute, stored, delay_limit, error_limit = QUERIES[n % len(QUERIES)]
        tokens_in = draw.choice([32, 64, 128, 256, 512])
        tokens_out = draw.choice([64, 128, 256, 512, 1024])
        heavier = 3 if family == "fleet" else 1
        query = {
            "name": name, "input_tokens": tokens_in, "output_tokens": tokens_out,
            "rate_per_hour": round(heavier * around(rate)), "tflop_per_1k_tokens": around(compute),
            "storage_gb_per_token": around(stored), "error_limit": around(error_limit),
        }
        scale = draw.uniform(0.25, 0.4) * (0.7 + 0.1 * tokens_out / 256)
        base_delay = [[round(scale * slow * fast * draw.uniform(0.95, 1.05), 8)
                       for fast, _ in tier_factors] for slow, _ in model_factors]
        base_error = [[round(min(1, around(0.015, 0.05) * wrong * coarse), 8)
                       for _, coarse in tier_factors] for _, wrong in model_factors]
        delay.append(base_delay)
        error.append(base_error)
        delay_deviation.append([[round(d * draw.uniform(0.1, 0.3), 9) for d in row]
                                for row in base_delay])
        error_deviation.append([[round(e * draw.uniform(0.1, 0.25), 9) for e in row]
                                for row in base_error])
        tokens = tokens_in + tokens_out
        if family == "slo":
            fast = sorted(d * tokens for row in base_delay for d in row)
            query["delay_limit_ms"] = around(fast[len(fast) // 12])
            query["delay_penalty_usd_per_ms"] = around(0.02 / fast[len(fast) // 4])
        else:
            query["delay_limit_ms"] = around(delay_limit * 0.7)
            query["delay_penalty_usd_per_ms"] = around(0.018)
        query["unmet_penalty_usd"] = around(0.008 * tokens)
        made["queries"].append(query)
    load = sum(q["tflop_per_1k_tokens"] / 1000 * (q["input_tokens"] + q["output_tokens"])
               * q["rate_per_hour"] / 3600 for q in made["queries"])
    best = min(t["usd_per_hour"] / t["tflops"] for t in made["tiers"])
    made["limits"] = {
        "budget_usd": around(12 * load * best * draw.choice([0.8, 1.5, 3]), 0.2),
        "storage_gb": around(30 + 12 * queries * draw.choice([1, 3]), 0.4)}
    made["performance"] = {
        "delay_ms_per_token": delay, "delay_deviation_ms_per_token": delay_deviation,
        "error_rate": error, "error_deviation": error_deviation, "kv_residency_hours": 0.05,
        "delay_shrink": [[round(draw.uniform(0.1, 0.8), 4) for _ in range(tiers)]
                         for _ in range(models)],
        "error_shrink": [[round(draw.uniform(0.1, 0.6), 4) for _ in range(tiers)]
                         for _ in range(models)],
    }
    return made


def fail(message):
    print(f"generate.py: {message}", file=sys.stderr)
    sys.exit(2)


def number(word):
    """None where it is none."""
    for kind in (int, float):
        try:
            value = kind(word)
        except ValueError:
            continue
        return value if math.isfinite(value) else None
    return None


def change(made, given):
    """Do what a PATH=WORD says."""
    path, _, word = given.partition("=")
    if path not in CHANGES:
        fail(f"{given}: there is no such PATH=WORD; allowed: {', '.join(CHANGES)}")
    part, words = CHANGES[path]
    value = word if words else number(word)
    if value is None or (words and word not in words):
        fail(f"{path}: found \"{word}\"; allowed: {', '.join(words) or 'a number'}")
    made[part][path] = value


def main(arguments):
    if arguments in (["--help"], ["-h"]):
        print(__doc__.strip())
        return
    if len(arguments) < 5:
        fail(__doc__.split("\n\n")[1].split("   ")[0])
    if arguments[0] not in FAMILIES:
        fail(f"there is no family {arguments[0]}; allowed: {', '.join(FAMILIES)}")
    sizes = [number(word) for word in arguments[1:4]]
    if any(not isinstance(size, int) or size < 1 for size in sizes):
        fail(f"found \"{' '.join(arguments[1:4])}\"; allowed for QUERIES, MODELS and TIERS: whole "
             "numbers from 1")
    seed = number(arguments[4])
    if not isinstance(seed, int):
        fail(f"found the seed \"{arguments[4]}\"; allowed: a whole number")
    made = generate(arguments[0], *sizes, seed)
    for given in arguments[5:]:
        change(made, given)
    json.dump(made, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main(sys.argv[1:])
