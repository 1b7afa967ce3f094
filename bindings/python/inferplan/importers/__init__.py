# SPDX-License-Identifier: MIT
"""Real inputs as parts of an instance: traces of requests become query types, results of serving
benchmarks become performance tables, price lists become tiers and pools."""
from ._benchmark import Benchmark, performance, read_benchmark
from ._prices import Prices, read_prices
from ._trace import Trace, read_trace

__all__ = ["Benchmark", "Prices", "Trace", "performance", "read_benchmark", "read_prices",
           "read_trace"]
