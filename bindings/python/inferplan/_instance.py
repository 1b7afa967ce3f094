# SPDX-License-Identifier: MIT
"""The instance, with what can be done with it: solve it, check a plan, stress-test a plan."""
from typing import Any, Mapping

from ._arguments import file_path
from ._base_instance import BaseInstance
from ._plan import AnyPlan, Plan, Stress, checked, stressed
from ._solve import Solver


class Instance(BaseInstance):
    """A planning problem. Fields are named by their path in the instance file:

    >>> import inferplan
    >>> instance = inferplan.Instance("chat")
    >>> instance.add_query("chat", input_tokens=500, output_tokens=200, rate_per_hour=300,
    ...                    unmet_penalty_usd=0.2)
    >>> instance["queries[chat].rate_per_hour"]
    300.0
    >>> instance["limits.budget_usd"] = 100
    >>> instance.queries
    ('chat',)

    Several threads may read an instance at once. A change while another thread reads it, for a
    stress test for example, raises ``BusyError``; docs/threads.md lists the calls. The instance is
    freed when its last reference ends, by ``close``, or at the end of a ``with``, but not before
    calls that still use it return. It can be copied and pickled.
    """

    # -- solving and checking --

    def solve(self, **options: Any) -> Plan:
        """Find the cheapest plan: see ``inferplan.Model.solve``. Options are those of
        ``inferplan.Model``."""
        progress, log = options.pop("progress", None), options.pop("log", None)
        with Solver(self, log, options.pop("watched", True), options) as solver:
            return solver.solve(progress)

    def check(self, plan: AnyPlan) -> Plan:
        """Evaluate a plan against this instance: every limit and every cost, from the instance's
        own numbers, in the worst case of the uncertainty. ``status`` is "feasible" or
        "infeasible"."""
        return checked(self, plan)

    def stress(self, plan: AnyPlan, samples: int = 1000, seed: int = 1) -> Stress:
        """Evaluate a fixed plan with sampled deviations of delay and error: see ``Plan.stress``."""
        return stressed(self, plan, samples, seed)

    def export(self, format: str) -> str:
        """The mixed-integer program as text for other solvers, "mps" or "lp": see
        ``inferplan.Model.export``."""
        with Solver(self, None, False, {}) as solver:
            return solver.export(format)


def load(source: Any) -> Instance:
    """Make an instance from the path of a file, from its document as a dict, or as a copy of an
    Instance."""
    if isinstance(source, Instance):
        return source.copy()
    if isinstance(source, Mapping):
        return Instance.from_dict(source)
    return Instance.read(file_path("source", source, "a path, a document as a dict, or an Instance",
                                   tried=False))

