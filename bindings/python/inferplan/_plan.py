# SPDX-License-Identifier: MIT
"""What a solve has found and proven. Plain data: it can be copied, compared and pickled."""
import json
from dataclasses import dataclass, field
from typing import Any, Dict, Optional, Tuple


@dataclass(frozen=True)
class Deployment:
    """Rented: ``replicas`` copies of ``model``, each on ``tp_degree`` GPUs of ``tier``."""

    model: str
    tier: str
    tp_degree: int
    replicas: int
    gpus: int


@dataclass(frozen=True)
class Route:
    """The share of ``query``, from 0 to 1, that ``model`` on ``tier`` serves."""

    query: str
    model: str
    tier: str
    fraction: float


@dataclass(frozen=True)
class Unmet:
    """The share of ``query``, from 0 to 1, that nobody serves."""

    query: str
    fraction: float


@dataclass(frozen=True)
class Limit:
    """A limit and how much of it is used, in the limit's own unit: ``budget_usd``, ``storage_gb``,
    ``pool[NAME]``, ``memory[MODEL,TIER]``, ``compute[MODEL,TIER]``, ``delay[QUERY]``,
    ``error[QUERY]``."""

    name: str
    used: float
    limit: float


@dataclass(frozen=True)
class Costs:
    """Dollars over the horizon; under uncertainty the delay cost is that of the worst case."""

    rental_usd: float
    storage_usd: float
    delay_usd: float
    unmet_usd: float


@dataclass(frozen=True)
class Plan:
    """The result of one solve, or of holding a plan against an instance.

    ``status`` is "optimal" (proven within the gap), "feasible" (a limit was reached; the plan is
    verified), "infeasible" (proven; of a check: the plan breaks a limit) or "no_plan". Where there
    is no plan, ``objective_usd``, ``gap`` and ``costs`` are None and the lists empty; where nothing
    is proven, ``bound_usd`` is None. ``stop`` says why the solve ended: "proven", "time_limit",
    "cancelled" or "exhausted".
    """

    instance: str
    status: str
    objective_usd: Optional[float]
    bound_usd: Optional[float]
    gap: Optional[float]
    costs: Optional[Costs]
    deployments: Tuple[Deployment, ...]
    routes: Tuple[Route, ...]
    unmet: Tuple[Unmet, ...]
    limits: Tuple[Limit, ...]
    verified: bool
    max_violation: Optional[float]
    engine: Optional[str]
    seconds: Optional[float] = field(compare=False)
    stop: Optional[str] = None
    nodes: Optional[float] = None
    reason: str = ""  # of a check: the worst violated limit in words
    document: str = field(default="", repr=False, compare=False)

    def __bool__(self) -> bool:
        """Is there a plan?"""
        return self.objective_usd is not None

    def to_json(self) -> str:
        """The result document, as ``inferplan solve --json`` writes it."""
        return self.document

    def to_dict(self) -> Dict[str, Any]:
        """The result document as Python objects."""
        made: Dict[str, Any] = json.loads(self.document)
        return made


def plan_of(text: str, **known: Any) -> Plan:
    """From a result document, and what it does not say."""
    made = json.loads(text)
    costs = made.get("costs")
    return Plan(
        instance=made["instance"], status=made["status"], objective_usd=made["objective_usd"],
        bound_usd=made.get("bound_usd"), gap=made.get("gap"),
        costs=Costs(**costs) if costs and costs.get("rental_usd") is not None else None,
        deployments=tuple(Deployment(**entry) for entry in made["deployments"]),
        routes=tuple(Route(**entry) for entry in made["routes"]),
        unmet=tuple(Unmet(**entry) for entry in made["unmet"]),
        limits=tuple(Limit(**entry) for entry in made["limits"]),
        verified=made["verified"], max_violation=made.get("max_violation"),
        engine=made.get("engine"), seconds=made.get("seconds"), document=text, **known)
