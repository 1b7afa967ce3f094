#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Make examples/instances/four-gpus.json from the benchmark figures in this directory.

usage: make.py [-v] [OUTPUT]     -v: also print how well each profile fits
"""
import csv
import json
import statistics
import sys
from pathlib import Path
from typing import Any, Dict, List

from inferplan.importers import profile

HERE = Path(__file__).resolve().parent
OUTPUT = HERE.parent / "instances" / "four-gpus.json"

SOURCE = (
    "A100 and H100: computed by aiconfigurator cli estimate of AISimulate 0.13.0, vLLM 0.24 tables. "
    "MI300X: estimated from H200's figures and public sweeps of gpt-oss-20b. L4: estimated from "
    "L40S's figures by memory bandwidth and compute. Prices: SkyPilot catalogue v8 (H100 Nebius, "
    "A100 RunPod), llm-d-planner (MI300X), AWS g6.xlarge (L4), on demand. Traffic, limits and error "
    "rates are assumptions. See examples/profiles/README.md.")

# L40S over L4: GB/s of memory, and dense TFLOP/s at 16 bits, from NVIDIA's datasheets.
L4_BANDWIDTH = 864 / 300
L4_COMPUTE = 362 / 121
# The memory of an L4 that vLLM uses by default, of 24 GB.
L4_GB = 0.9 * 24

# Name in the figures, name here, degree, weights in GB and KV cache in GB per token, both at 16 bits.
MODELS = (("Meta-Llama-3.1-8B", "Llama-3.1-8B", 1, 16.1, 131072e-9),
          ("Qwen3-32B", "Qwen3-32B", 2, 65.5, 262144e-9),
          ("Meta-Llama-3.1-70B", "Llama-3.1-70B", 4, 141.1, 327680e-9))

# Name, memory in GB, TFLOP/s at 16 bits, $/h of one GPU, degrees.
TIERS = (("L4", 24, 121, 0.8048, (1, 2)),
         ("A100", 80, 312, 1.39, (1, 2, 4)),
         ("H100", 80, 989, 2.95, (1, 2, 4)),
         ("MI300X", 192, 1307.4, 3.75, (1, 2, 4)))

QUERIES: List[Dict[str, Any]] = [
    {"name": "chat", "input_tokens": 512, "output_tokens": 256, "rate_per_hour": 72000,
     "ttft_limit_ms": 500, "tpot_limit_ms": 50, "error_limit": 0.10},
    {"name": "rag", "input_tokens": 4096, "output_tokens": 512, "rate_per_hour": 18000,
     "ttft_limit_ms": 2000, "tpot_limit_ms": 60, "error_limit": 0.05},
    {"name": "code", "input_tokens": 2048, "output_tokens": 256, "rate_per_hour": 36000,
     "ttft_limit_ms": 800, "tpot_limit_ms": 30, "error_limit": 0.08},
    {"name": "summaries", "input_tokens": 4096, "output_tokens": 512, "rate_per_hour": 14400,
     "tpot_limit_ms": 150, "error_limit": 0.10}]

# Assumed fractions of answers that the task would reject, by model.
ERRORS = {"chat": (0.10, 0.06, 0.05), "rag": (0.12, 0.07, 0.05), "code": (0.14, 0.06, 0.07),
          "summaries": (0.08, 0.05, 0.04)}

# 99 % of the requests wait at most this long for a free place among the slots of the replicas.
WAIT_MS, QUANTILE, SLOTS = 250, 0.99, 32


def rows(name: str) -> List[Dict[str, str]]:
    with open(HERE / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def mi300x_over_h200() -> float:
    """The median ratio of the times per token at equal concurrency."""
    times = {(row["gpu"], row["concurrency"]): float(row["tpot_ms"]) for row in rows("measured.csv")}
    return statistics.median(times["MI300X", count] / times["H200", count]
                             for gpu, count in times if gpu == "MI300X")


def run(row: Dict[str, str], tpot_factor: float = 1, ttft_factor: float = 1) -> Dict[str, float]:
    """The figures of a run whose times are multiplied. The rate is that of the same concurrency."""
    outputs = float(row["output_tokens"])
    ttft, tpot = float(row["ttft_ms"]), float(row["tpot_ms"])
    before = ttft + (outputs - 1) * tpot
    after = ttft * ttft_factor + (outputs - 1) * tpot * tpot_factor
    return {"input_tokens": float(row["input_tokens"]), "output_tokens": outputs,
            "concurrency": float(row["concurrency"]), "ttft_ms": ttft * ttft_factor,
            "tpot_ms": tpot * tpot_factor,
            "requests_per_second": float(row["requests_per_second"]) * before / after}


def runs(model: str, tier: str, degree: int) -> List[Dict[str, float]]:
    system, tpot, ttft = {"A100": ("a100_sxm", 1.0, 1.0), "H100": ("h100_sxm", 1.0, 1.0),
                          "MI300X": ("h200_sxm", mi300x_over_h200(), mi300x_over_h200()),
                          "L4": ("l40s", L4_BANDWIDTH, L4_COMPUTE)}[tier]
    return [run(row, tpot, ttft) for row in rows("computed.csv")
            if (row["system"], row["model"], row["tp"]) == (system, model, str(degree))
            and (tier != "L4" or float(row["memory_gb_per_gpu"]) <= L4_GB)]


def made(source: str, model: str, tier: str, degree: int) -> Dict[str, Any]:
    found = runs(source, tier, degree)
    # The places and the times of the chat's length: those at the highest concurrency up to SLOTS.
    top = max((one for one in found if one["input_tokens"] == 512 and one["concurrency"] <= SLOTS),
              key=lambda one: one["concurrency"])
    headroom = {"wait_ms": WAIT_MS, "quantile": QUANTILE, "slots": int(top["concurrency"]),
                "service_ms": float(f"{top['ttft_ms'] + 255 * top['tpot_ms']:.4g}")}
    points = tier in ("H100", "MI300X")
    result = profile(found, model=model, tier=tier, tp_degree=degree, queries=QUERIES,
                     form="points" if points else "law", headroom=headroom, deviation=None)
    if "-v" in sys.argv:
        print(result)
    written = dict(result.profile)
    if not points:
        # The law may be too fast by its largest error, so each request gets that much more work.
        assert result.fit is not None and result.fit.largest_error is not None
        for name in ("prefill_ms_per_token", "decode_ms_per_token", "context_ms_per_token"):
            if name in written:
                written[name] = float(f"{written[name] / (1 - result.fit.largest_error):.6g}")
    written["x_source"] = ("computed, AISimulate 0.13.0" if tier in ("A100", "H100")
                           else "estimated, see README.md")
    return written


def instance() -> Dict[str, Any]:
    profiles = [made(source, name, tier[0], degree)
                for source, name, own, _, _ in MODELS for tier in TIERS
                for degree in ((1, 2) if (tier[0], own) == ("L4", 1) else (own,))
                if (tier[0] != "L4" or own == 1)]
    return {
        "format": "inferplan-instance", "version": 1, "name": "four-gpus", "source": SOURCE,
        "horizon": {"rental_hours": 24}, "storage_usd_per_gb_hour": 0.0001,
        "policy": {"placement": "single", "max_replicas": 32, "limit_basis": "route",
                   "deployments_per_pair": None},
        "queries": [{**query, "max_unmet": 0, "unmet_penalty_usd": 0.05} for query in QUERIES],
        "models": [{"name": name, "weights_gb": weights, "kv_gb_per_token": kv}
                   for _, name, _, weights, kv in MODELS],
        "tiers": [{"name": name, "memory_gb": gb, "memory_utilization": 0.9, "tflops": tflops,
                   "usd_per_hour": usd, "tp_degrees": list(degrees)}
                  for name, gb, tflops, usd, degrees in TIERS],
        "profiles": profiles,
        "performance": {
            "error_rate": {query: {model[1]: rate for model, rate in zip(MODELS, rates)}
                           for query, rates in ERRORS.items()},
            "kv_residency_hours": "delay"}}


def main() -> None:
    paths = [Path(word) for word in sys.argv[1:] if word != "-v"]
    path = paths[0] if paths else OUTPUT
    path.write_text(json.dumps(instance(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
