# SPDX-License-Identifier: MIT
"""A plan evaluated against an instance: its check, its cost per route, its stress test, its
pictures and its page. Each of them needs the plan as a handle of the library."""
import ctypes
import json
import math
import threading
from contextlib import contextmanager
from typing import Any, Dict, Iterator, List, Mapping, Sequence

from ._arguments import document, document_text, instance_of, number, one_of, refused, whole
from ._errors import MemoryRanOut, Report, error_of
from ._instance import Instance, text_of
from ._library import Code, Cost, Picture, Status, StressFunction, StressOptions, lib
from ._plan import AnyPlan, Plan, Progress, Stress, StressRow, plan_of
from ._run import run

#: The pictures by name.
PICTURES = {"traffic": Picture.TRAFFIC, "costs": Picture.COSTS, "fleet": Picture.FLEET,
            "limits": Picture.LIMITS, "gap": Picture.GAP}

_STATUSES = {"optimal": Status.OPTIMAL, "feasible": Status.FEASIBLE,
             "infeasible": Status.INFEASIBLE, "no_plan": Status.NO_PLAN}


@contextmanager
def read_plan(instance: Instance, plan: AnyPlan) -> Iterator[Any]:
    """The plan as a handle, which lives as long as the ``with`` block."""
    instance_of("instance", instance, Instance, "an Instance")
    if isinstance(plan, Plan):
        data = plan.document.encode()
    elif isinstance(plan, str):
        data = document_text(plan)
    elif isinstance(plan, Mapping):
        data = document("plan", plan, "the document of a plan")
    else:
        raise refused("plan", plan, "a Plan, or its document as a text or a dict")
    with Report() as report:
        handle = report.require(
            lib.plan_read_string(instance._handle, data, len(data), report.handle))
    try:
        yield handle
    finally:
        lib.plan_free(handle)


@contextmanager
def _checked(instance: Instance, plan: AnyPlan) -> Iterator[Any]:
    with read_plan(instance, plan) as handle:
        with Report() as report:
            check_handle = report.require(
                lib.check_new(instance._handle, handle, report.handle))
        try:
            yield check_handle
        finally:
            lib.check_free(check_handle)


def check(instance: Instance, plan: AnyPlan) -> Plan:
    with _checked(instance, plan) as handle:
        return plan_of(text_of(lib.check_write_json(handle)),
                       reason=lib.check_reason(handle).decode(), source=instance.copy())


def bill(instance: Instance, plan: AnyPlan) -> List[Dict[str, Any]]:
    """A row for each route, then one for each unmet share: its query type, model and tier, and its
    costs."""
    rows: List[Dict[str, Any]] = []
    with _checked(instance, plan) as handle:
        found = plan_of(text_of(lib.check_write_json(handle)))
        degrees = {(entry.model, entry.tier): entry.tp_degree for entry in found.deployments}
        for at, route in enumerate(found.routes):
            rows.append({
                "query": route.query, "model": route.model, "tier": route.tier,
                "tp_degree": degrees.get((route.model, route.tier)), "fraction": route.fraction,
                "rental_usd": lib.check_route_cost(handle, at, Cost.RENTAL),
                "storage_usd": lib.check_route_cost(handle, at, Cost.STORAGE),
                "delay_usd": lib.check_route_cost(handle, at, Cost.DELAY),
                "unmet_usd": lib.check_route_cost(handle, at, Cost.UNMET)})
        for at, unmet in enumerate(found.unmet):
            rows.append({
                "query": unmet.query, "model": None, "tier": None, "tp_degree": None,
                "fraction": unmet.fraction, "rental_usd": 0.0, "storage_usd": 0.0,
                "delay_usd": 0.0, "unmet_usd": lib.check_unmet_cost(handle, at)})
    return rows


def stress(instance: Instance, plan: AnyPlan, samples: int, seed: int) -> Stress:
    samples = whole("samples", samples, 0, 10**6)
    seed = whole("seed", seed, 0, 2**64 - 1)
    stopped = threading.Event()
    options = StressOptions(ctypes.sizeof(StressOptions), samples, seed,
                            StressFunction(lambda part, user: 1 if stopped.is_set() else 0), None)
    with Report() as report, read_plan(instance, plan) as handle:
        made = run(lambda: lib.stress_new(instance._handle, handle, ctypes.byref(options),
                                          report.handle), stopped.set)
        if not made:
            raise error_of(report.handle)
        try:
            document = json.loads(text_of(lib.stress_write_json(made)))
        finally:
            lib.stress_free(made)
    return Stress(document["instance"], document["samples"], seed,
                  tuple(_stress_row(row) for row in document["rows"]))


def _stress_row(row: Dict[str, Any]) -> StressRow:
    cost, violated, worst = row["cost_usd"], row["violated"], row["worst_case"]
    return StressRow(row["routing"], row["inflation"], cost["mean"], cost["p95"], cost["largest"],
                     violated["delay"], violated["error"], violated["any"],
                     row["samples_without_plan"], worst["cost_usd"], worst["delay_full"],
                     worst["error_full"])


@contextmanager
def _reported(instance: Instance, plan: Plan, history: Sequence[Progress]) -> Iterator[Any]:
    with Report() as report:
        if plan:
            with read_plan(instance, plan) as handle:
                made = report.require(
                    lib.report_new(instance._handle, handle, report.handle))
        else:
            made = report.require(lib.report_new(instance._handle, None, report.handle))
    try:
        # A check proves no bound.
        if plan.engine is not None:
            bound = -math.inf if plan.bound_usd is None else plan.bound_usd
            lib.report_set_proof(made, _STATUSES[plan.status], bound)
        for now in history:
            if lib.report_add_progress(made, now.seconds, now.objective_usd, now.bound_usd):
                raise MemoryRanOut("out of memory", Code.MEMORY)
        yield made
    finally:
        lib.report_free(made)


def svg(instance: Instance, plan: Plan, picture: str, width: float,
        history: Sequence[Progress] = ()) -> str:
    picture = one_of("picture", picture, list(PICTURES))
    width = number("width", width, "240 to 4000", least=240, most=4000)
    with _reported(instance, plan, history) as report:
        return text_of(lib.report_write_svg(report, PICTURES[picture], width))


def page(instance: Instance, plan: Plan, history: Sequence[Progress]) -> str:
    with _reported(instance, plan, history) as report:
        return text_of(lib.report_write_html(report))
