# SPDX-License-Identifier: MIT
"""Calls of the library on handles and texts of documents: reading a plan, its check, its cost by
route, its stress test, its pictures and its page; solving and exporting a model. The arguments have
been checked. Handles are ``Use`` objects, or addresses that live as long as a ``with`` block."""
import ctypes
import json
import threading
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from ._arguments import refused
from ._costs import PARTS
from ._errors import MemoryRanOut, Report, error_of
from ._handle import Handle, Use
from ._library import (Code, LogFunction, Picture, ProgressFunction, Status, StressFunction,
                       StressOptions, lib)
from ._run import Interrupted, run, running

#: The pictures by name.
PICTURES = {"traffic": Picture.TRAFFIC, "costs": Picture.COSTS, "fleet": Picture.FLEET,
            "limits": Picture.LIMITS, "gap": Picture.GAP}

#: The statuses by name.
STATUSES = {"optimal": Status.OPTIMAL, "feasible": Status.FEASIBLE,
            "infeasible": Status.INFEASIBLE, "no_plan": Status.NO_PLAN}


def text_of(pointer: Any) -> str:
    """The text at a pointer that the library returned. Frees the pointer."""
    if not pointer:
        raise MemoryRanOut("out of memory", Code.MEMORY)
    try:
        return ctypes.string_at(pointer).decode("utf-8", "replace")
    finally:
        lib.text_free(pointer)


# -- plans --

@contextmanager
def read_plan(instance: Use, document: bytes) -> Iterator[Any]:
    """A plan as a handle, from its document. It lives as long as the ``with`` block."""
    with Report() as report:
        handle = report.require(
            lib.plan_read_string(instance, document, len(document), report.handle))
    try:
        yield handle
    finally:
        lib.plan_free(handle)


@contextmanager
def _checked(instance: Use, document: bytes) -> Iterator[Any]:
    with read_plan(instance, document) as handle:
        with Report() as report:
            check_handle = report.require(lib.check_new(instance, handle, report.handle))
        try:
            yield check_handle
        finally:
            lib.check_free(check_handle)


def check(instance: Use, document: bytes) -> Tuple[str, str]:
    """The document of a plan's check, and the most violated limit in words."""
    with _checked(instance, document) as handle:
        return text_of(lib.check_write_json(handle)), lib.check_reason(handle).decode()


#: What a request of a route feels: fields of a route in the result document.
FELT = ("ttft_ms", "tpot_ms", "delay_ms", "error")


def bill(instance: Use, document: bytes) -> List[Dict[str, Any]]:
    """A row for each route, then one for each unmet share: its query type, model and tier, the degree
    and the point of its deployment, what a request feels, and its costs."""
    rows: List[Dict[str, Any]] = []
    with _checked(instance, document) as handle:
        found = json.loads(text_of(lib.check_write_json(handle)))
        for at, route in enumerate(found["routes"]):
            rows.append({
                "query": route["query"], "model": route["model"], "tier": route["tier"],
                "tp_degree": route.get("tp_degree"), "point": route.get("point"),
                "fraction": route["fraction"],
                **{name: route.get(name) for name in FELT},
                **{part.key: lib.check_route_cost(handle, at, part.cost) for part in PARTS}})
        for at, unmet in enumerate(found["unmet"]):
            rows.append({
                "query": unmet["query"], "model": None, "tier": None, "tp_degree": None,
                "point": None, "fraction": unmet["fraction"], **{name: None for name in FELT},
                **{part.key: 0.0 for part in PARTS},
                "unmet_usd": lib.check_unmet_cost(handle, at)})
    return rows


def stress(instance: Use, document: bytes, samples: int, seed: int) -> str:
    """The document of a stress test. Ctrl-C ends it with the samples that are done."""
    stopped = threading.Event()
    options = StressOptions(ctypes.sizeof(StressOptions), samples, seed,
                            StressFunction(lambda part, user: 1 if stopped.is_set() else 0), None)
    with Report() as report, read_plan(instance, document) as handle:
        made = run(lambda: lib.stress_new(instance, handle, ctypes.byref(options), report.handle),
                   stopped.set)
        if not made:
            raise error_of(report.handle)
        try:
            return text_of(lib.stress_write_json(made))
        finally:
            lib.stress_free(made)


class Shown(NamedTuple):
    """What pictures and pages show: the document of a plan (None: there is no plan), the status and
    the bound that a solve has proven (None: no solve), and points of its progress, each with the
    seconds, the cost and the bound."""

    document: Optional[bytes]
    proof: Optional[Tuple[int, float]]
    progress: Sequence[Tuple[float, float, float]]


@contextmanager
def _reported(instance: Use, shown: Shown) -> Iterator[Any]:
    with Report() as report:
        if shown.document is not None:
            with read_plan(instance, shown.document) as handle:
                made = report.require(lib.report_new(instance, handle, report.handle))
        else:
            made = report.require(lib.report_new(instance, None, report.handle))
    try:
        if shown.proof is not None:
            lib.report_set_proof(made, *shown.proof)
        for point in shown.progress:
            code = lib.report_add_progress(made, *point)
            if code == Code.ARGUMENT:
                raise refused("history", point, "seconds that do not decrease, a cost and a bound")
            if code:
                raise MemoryRanOut("out of memory", Code.MEMORY)
        yield made
    finally:
        lib.report_free(made)


def svg(instance: Use, shown: Shown, picture: str, width: float) -> str:
    with _reported(instance, shown) as report:
        return text_of(lib.report_write_svg(report, PICTURES[picture], width))


def page(instance: Use, shown: Shown) -> str:
    with _reported(instance, shown) as report:
        return text_of(lib.report_write_html(report))


# -- models --

def new_model(instance: Use, options: Mapping[bytes, bytes], progress: Any, log: Any) -> Handle:
    """A model of the instance with options by name and text. ``progress`` and ``log`` are callbacks
    of the library, or None. They live as long as the model."""
    own = lib.options_new()
    if not own:
        raise MemoryRanOut("out of memory", Code.MEMORY)
    try:
        for name, value in options.items():
            if lib.options_set(own, name, value):
                raise error_of(lib.options_last_error(own))
        code = 0
        if progress is not None:
            code = lib.options_set_progress(own, progress, None)
        if not code and log is not None:
            code = lib.options_set_log(own, log, None)
        if code:
            raise error_of(lib.options_last_error(own))
        with Report() as report:
            return Handle(report.require(lib.model_new(instance, own, report.handle)),
                          lib.model_free, "model", callbacks=(progress, log),
                          cancel=lib.model_cancel)
    finally:
        lib.options_free(own)


class Solved(NamedTuple):
    """The result of a solve: its document, why it ended, and the nodes of the tree."""

    document: str
    stop: str
    nodes: float


def solve(model: Use, tell: Callable[[], bool], ended: Callable[[], None]) -> Solved:
    """Solve a model. ``tell`` is called repeatedly on this thread. If it returns true, and on Ctrl-C,
    the solve ends with the best plan so far. An exception that it raises ends the solve, and is
    raised then. ``ended`` is called on another thread when the library has solved; ``tell`` may be
    called after that."""
    def work() -> Any:
        solution = lib.model_solve(model)
        ended()
        return solution

    try:
        solution = run(work, lambda: lib.model_cancel(model), tell)
    except Interrupted as interrupted:
        lib.solution_free(interrupted.result)
        assert interrupted.__cause__ is not None
        raise interrupted.__cause__ from None
    return _solved(model, solution)


def solve_here(model: Use) -> Solved:
    """Solve a model on this thread. Ctrl-C takes effect only after the solve."""
    with running(lambda: lib.model_cancel(model)):
        solution = lib.model_solve(model)
    return _solved(model, solution)


def _solved(model: Use, solution: Any) -> Solved:
    if not solution:
        raise error_of(lib.model_last_error(model))
    try:
        return Solved(text_of(lib.solution_write_json(solution)),
                      lib.solution_stop_word(solution).decode(), lib.solution_nodes(solution))
    finally:
        lib.solution_free(solution)


def export(model: Use, kind: bytes) -> str:
    """The mixed-integer program of a model as text, "mps" or "lp". Ctrl-C takes effect when the text
    is complete, because an export cannot be cancelled."""
    with running(lambda: None):
        text = lib.model_export(model, kind)
    if not text:
        raise error_of(lib.model_last_error(model))
    return text_of(text)


def progress_callback(note: Callable[..., int]) -> Any:
    """The callback of the library that passes on the seconds, the cost, the bound, the gap, the
    nodes and the open nodes. ``note`` must not raise."""
    def read(state: Any, _: Any) -> int:
        return note(lib.progress_seconds(state), lib.progress_objective(state),
                    lib.progress_bound(state), lib.progress_gap(state), lib.progress_nodes(state),
                    lib.progress_open_nodes(state))
    return ProgressFunction(read)


def log_callback(note: Callable[[str], None]) -> Any:
    """The callback of the library that passes on a line of the log. ``note`` must not raise."""
    def read(line: bytes, _: Any) -> None:
        note(line.decode("utf-8", "replace"))
    return LogFunction(read)
