# SPDX-License-Identifier: MIT
"""Build parts of an instance from existing data: query types from traces of requests, performance
tables and profiles from results of serving benchmarks, tiers and pools from price lists."""
from ._benchmark import Benchmark, performance, read_benchmark
from ._prices import Prices, read_prices
from ._profile import MeasuredProfile, profile
from ._run_rows import read_runs
from ._runs import Run
from ._trace import Trace, read_trace

__all__ = ["Benchmark", "MeasuredProfile", "Prices", "Run", "Trace", "performance", "profile",
           "read_benchmark", "read_prices", "read_runs", "read_trace"]
