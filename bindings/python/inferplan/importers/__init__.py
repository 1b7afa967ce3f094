# SPDX-License-Identifier: MIT
"""Build parts of an instance from existing data: query types from traces of requests, performance
tables from results of serving benchmarks, tiers and pools from price lists."""
from ._benchmark import Benchmark, performance, read_benchmark
from ._prices import Prices, read_prices
from ._trace import Trace, read_trace

__all__ = ["Benchmark", "Prices", "Trace", "performance", "read_benchmark", "read_prices",
           "read_trace"]
