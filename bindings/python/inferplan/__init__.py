# SPDX-License-Identifier: MIT
"""inferplan: which GPUs to rent, which models to deploy on them, and which share of each query
type to route where, at the least total cost, with proof.

>>> import inferplan
>>> instance = inferplan.load({
...     "format": "inferplan-instance", "version": 1, "name": "one",
...     "horizon": {"rental_hours": 24}, "storage_usd_per_gb_hour": 0,
...     "queries": [{"name": "chat", "input_tokens": 500, "output_tokens": 200,
...                  "rate_per_hour": 300, "unmet_penalty_usd": 0.2}],
...     "models": [{"name": "7B", "weights_gb": 14, "kv_gb_per_token": 0.0005}],
...     "tiers": [{"name": "L4", "memory_gb": 24, "tflops": 100, "usd_per_hour": 0.7,
...                "tp_degrees": [1, 2]}],
...     "performance": {"delay_ms_per_token": 20, "error_rate": 0.02, "kv_residency_hours": 0.002},
... })
>>> plan = instance.solve()
>>> plan.status, round(plan.objective_usd, 2)
('optimal', 16.8)
>>> plan.deployments
(Deployment(model='7B', tier='L4', tp_degree=1, replicas=1, gpus=1),)
"""
import importlib
from types import ModuleType
from typing import TYPE_CHECKING, List

from ._errors import (BusyError, EngineError, Error, FileError, InputError, MemoryRanOut,
                      UnsupportedError)
from ._instance import Instance, load
from ._library import VERSION as __version__
from ._model import Model
from ._plan import (Costs, Deployment, Limit, Note, Plan, Progress, Removed, RemovedExample, Route,
                    Stress, StressRow, Unmet)
from ._sweep import sweep, sweep_rows

__all__ = ["BusyError", "Costs", "Deployment", "EngineError", "Error", "FileError", "InputError",
           "Instance", "Limit", "MemoryRanOut", "Model", "Note", "Plan", "Progress", "Removed",
           "RemovedExample", "Route", "Stress", "StressRow", "Unmet", "UnsupportedError",
           "__version__", "load", "sweep", "sweep_rows"]

if TYPE_CHECKING:
    from . import catalogue as catalogue
    from . import importers as importers
    from . import pictures as pictures
else:
    def __getattr__(name: str) -> ModuleType:
        """Import ``inferplan.pictures`` and the other submodules when they are first used."""
        if name in ("catalogue", "importers", "pictures"):
            return importlib.import_module(f"{__name__}.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> List[str]:
    return sorted({*globals(), "catalogue", "importers", "pictures"})
