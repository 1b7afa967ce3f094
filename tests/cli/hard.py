#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes an instance that takes far longer than a test may, to reach limits and to interrupt.

usage: hard.py > hard.json
"""

import json
import random
import sys

QUERIES, MODELS, TIERS = 20, 6, 6


def main():
    draw = random.Random(7).uniform
    instance = {
        "format": "inferplan-instance",
        "version": 1,
        "name": "hard",
        "source": "Made by tests/cli/hard.py; every figure is random.",
        "horizon": {"rental_hours": 12, "penalty_hours": 1},
        "limits": {"budget_usd": 1000, "storage_gb": 900},
        "storage_usd_per_gb_hour": 0.001,
        "policy": {"placement": "matching", "max_replicas": 8},
        "uncertainty": {"kind": "none"},
        "queries": [
            {
                "name": f"query {i}",
                "input_tokens": round(draw(100, 800)),
                "output_tokens": round(draw(50, 500)),
                "rate_per_hour": round(draw(40000, 180000)),
                "tflop_per_1k_tokens": draw(10, 30),
                "storage_gb_per_token": 1e-6,
                "delay_limit_ms": draw(1500, 4000),
                "error_limit": draw(0.03, 0.06),
                "delay_penalty_usd_per_ms": draw(1e-5, 4e-5),
                "unmet_penalty_usd": draw(0.05, 0.2),
            }
            for i in range(QUERIES)
        ],
        "models": [
            {
                "name": f"model {j}",
                "weights_gb": draw(6, 140),
                "kv_gb_per_token": draw(1e-5, 1e-4),
            }
            for j in range(MODELS)
        ],
        "tiers": [
            {
                "name": f"tier {k}",
                "memory_gb": [24, 48, 80][k % 3],
                "tflops": draw(30, 400),
                "usd_per_hour": draw(0.4, 4),
                "tp_degrees": [1, 2, 4, 8],
                "weight_scale": [1, 0.5][k % 2],
            }
            for k in range(TIERS)
        ],
        "performance": {
            field: [
                [[draw(low, high) for _ in range(TIERS)] for _ in range(MODELS)]
                for _ in range(QUERIES)
            ]
            for field, low, high in (
                ("delay_ms_per_token", 1, 6),
                ("delay_deviation_ms_per_token", 0, 2),
                ("error_rate", 0.005, 0.06),
                ("error_deviation", 0, 0.01),
                ("kv_residency_hours", 0.001, 0.02),
            )
        },
    }
    json.dump(instance, sys.stdout)


if __name__ == "__main__":
    main()
