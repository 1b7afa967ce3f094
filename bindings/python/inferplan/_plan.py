# SPDX-License-Identifier: MIT
"""What a solve has found and proven. Plain data: it can be copied, compared and pickled."""
import json
import os
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Tuple, Union

from ._save import PAGE, check, save

if TYPE_CHECKING:
    from ._instance import Instance


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
class Progress:
    """How a running solve stands. ``objective_usd`` is infinity while there is no plan, and
    ``bound_usd`` minus infinity while there is no bound."""

    seconds: float
    objective_usd: float
    bound_usd: float
    gap: float
    nodes: float
    open_nodes: float


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

    #: The instance that it was made for, as it was then; not that of a document that was read.
    source: "Optional[Instance]" = field(default=None, repr=False, compare=False)
    #: How the solve went, where plan or bound changed.
    history: Tuple[Progress, ...] = field(default=(), repr=False, compare=False)

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

    # -- held against an instance: the plan's own, unless another one is given --

    def _of(self, instance: "Optional[Instance]") -> "Instance":
        if instance is None:
            if self.source is None:
                raise ValueError("the plan does not know the instance it was made for; pass it")
            return self.source
        from ._arguments import instance_of
        from ._instance import Instance
        return instance_of("instance", instance, Instance, "an Instance, or None")

    def check(self, instance: "Optional[Instance]" = None) -> "Plan":
        """Every limit and every cost, from the instance's own numbers: a plan of status "feasible"
        or "infeasible"."""
        from ._evaluate import check
        return check(self._of(instance), self)

    def stress(self, instance: "Optional[Instance]" = None, samples: int = 1000,
               seed: int = 1) -> "Stress":
        """How the plan fares when delay and error deviate: in ``samples`` (1 to 1,000,000) points of
        the uncertainty set, as docs/stress.md says. Ctrl-C ends it with the samples that are done.
        InputError where the instance is not uncertain."""
        from ._evaluate import stress
        return stress(self._of(instance), self, samples, seed)

    def to_rows(self, of: str = "routes",
                instance: "Optional[Instance]" = None) -> List[Dict[str, Any]]:
        """The rows of ``to_frame`` as dicts, without pandas."""
        from ._arguments import one_of
        of = one_of("of", of, ("routes", "deployments", "unmet", "limits", "costs"))
        if instance is not None:
            self._of(instance)
        if of == "routes":
            if not self:
                return []
            from ._evaluate import bill
            return bill(self._of(instance), self)
        if of == "costs":
            return [asdict(self.costs)] if self.costs else []
        return [asdict(entry) for entry in getattr(self, of)]

    def to_frame(self, of: str = "routes", instance: "Optional[Instance]" = None) -> Any:
        """A pandas DataFrame of the routes, the deployments, the unmet shares, the limits or the
        costs. Routes come with their degree and what each pays of the whole, in dollars (rental is
        shared by the routes of a deployment in proportion to their tokens), and are followed by the
        unmet shares, whose model and tier are None: the columns in dollars add up to the costs."""
        columns = {"routes": ["query", "model", "tier", "tp_degree", "fraction", "rental_usd",
                              "storage_usd", "delay_usd", "unmet_usd"],
                   "deployments": list(Deployment.__annotations__),
                   "unmet": list(Unmet.__annotations__), "limits": list(Limit.__annotations__),
                   "costs": list(Costs.__annotations__)}
        rows = self.to_rows(of, instance)
        from ._frames import frame
        return frame(rows, columns[of])

    def svg(self, picture: str = "traffic", width: float = 720,
            instance: "Optional[Instance]" = None) -> str:
        """A picture as SVG: "traffic", "costs", "fleet", "limits" or "gap"; ``width`` units wide (240
        to 4000), with letters of 12 units. Nothing else is needed for it."""
        from ._evaluate import svg
        return svg(self._of(instance), self, picture, width, self.history)

    def plot(self, picture: str = "traffic", ax: Any = None,
             instance: "Optional[Instance]" = None) -> Any:
        """A picture with matplotlib: "traffic", "costs", "fleet" or "gap"; on ``ax``, or on a figure
        of its own. Returns the axes, whose figure can be saved: ``.figure.savefig("plan.png")``."""
        from ._arguments import one_of
        from .pictures import PLANS
        return PLANS[one_of("picture", picture, list(PLANS))](self, ax=ax, instance=instance)

    def report(self, path: "Union[None, str, os.PathLike[str]]" = None,
               instance: "Optional[Instance]" = None) -> str:
        """The page of ``inferplan solve --report``: one HTML file with all pictures, which loads
        nothing. Returned, and written to ``path`` if one is given. An empty file and another such page
        are replaced once the page is whole; InputError if ``path`` is any other file."""
        from ._arguments import file_path
        from ._evaluate import page
        if path is not None:
            path = file_path("path", path, "a path, or None")
            check(path, PAGE)
        text = page(self._of(instance), self, self.history)
        if path is not None:
            save(path, text.encode(), PAGE)
        return text

    def _repr_html_(self) -> Optional[str]:
        """For notebooks: the verdict, the deployments, and where the traffic goes."""
        from ._notebook import html_of_plan
        return html_of_plan(self)


#: A plan, its result document as text, or as Python objects.
AnyPlan = Union[Plan, Mapping[str, Any], str]


@dataclass(frozen=True)
class StressRow:
    """What came of one routing, with deviations as drawn times ``inflation``. ``routing`` is "kept" or
    "reoptimised"; costs are dollars over the horizon; ``*_violated`` are shares from 0 to 1; None
    where there is nothing to tell. docs/stress.md says the rest."""

    routing: str
    inflation: float
    cost_mean_usd: Optional[float]
    cost_p95_usd: Optional[float]
    cost_largest_usd: Optional[float]
    delay_violated: Optional[float]
    error_violated: Optional[float]
    any_violated: Optional[float]
    samples_without_plan: int
    worst_cost_usd: Optional[float]
    worst_delay_full: Optional[float]
    worst_error_full: Optional[float]


@dataclass(frozen=True)
class Stress:
    """How a plan fares in samples of what may deviate."""

    instance: str
    samples: int
    seed: int
    rows: Tuple[StressRow, ...]

    def to_frame(self) -> Any:
        """The rows as a pandas DataFrame."""
        from ._frames import frame
        return frame([asdict(row) for row in self.rows], list(StressRow.__annotations__))


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
