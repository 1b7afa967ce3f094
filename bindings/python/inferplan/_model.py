# SPDX-License-Identifier: MIT
"""An instance with options. It can be solved repeatedly."""
from collections import deque
from typing import Any, Callable, Deque, List, Optional, Tuple, Union

from ._arguments import (as_number, encoded, field_path, flag, flat_numbers, function, instance_of,
                         one_of, refused)
from ._errors import MemoryRanOut, Report, error_of
from ._calls import read_plan
from ._handle import Handle, Use
from ._instance import Instance, text_of
from ._library import Code, LogFunction, ProgressFunction, lib
from ._plan import Plan, Progress, plan_of
from ._run import Interrupted, run, running

# The largest number of points in the history of a solve. When it is reached, every second point is
# dropped, so that the points stay spread over the time of the solve.
_HISTORY_MOST = 2000


class Model:
    """A copy of an instance, with options by the names of the command line: ``gap``,
    ``time_limit``, ``memory_limit_mb``, ``engine``, ``linearization``. ``log`` is called with each
    line of the log of a solve. If ``watched`` is False, a solve reports no progress, and plans have
    no history.

    While a model is being solved or changed, other threads and the callbacks of the solve may only
    call ``cancel`` and ``close``. Other calls raise ``BusyError``. A model is freed as an instance
    is.
    """

    def __init__(self, instance: Instance, *, log: Optional[Callable[[str], object]] = None,
                 watched: bool = True, **options: Any) -> None:
        instance_of("instance", instance, Instance, "an Instance")
        self._log = function("log", log)
        flag("watched", watched)
        given = {name: _text(name, value) for name, value in options.items() if value is not None}
        self._instance = instance.copy()
        self._told: "Deque[Union[str, Progress]]" = deque()
        told = self._told
        own = lib.options_new()
        if not own:
            raise MemoryRanOut("out of memory", Code.MEMORY)

        # These callbacks run inside a solve, where no exception may leave them, so they only store
        # what they are given. They must not refer to the model, because that would keep it alive.
        def note_progress(state: Any, _: Any) -> int:
            told.append(_progress_of(state))
            return 0

        def note_line(line: bytes, _: Any) -> None:
            told.append(line.decode("utf-8", "replace"))

        note = ProgressFunction(note_progress), LogFunction(note_line)
        try:
            for name, value in given.items():
                if lib.options_set(own, encoded("options", name), value):
                    raise error_of(lib.options_last_error(own))
            code = 0
            if watched:
                code = lib.options_set_progress(own, note[0], None)
            if not code and log is not None:
                code = lib.options_set_log(own, note[1], None)
            if code:
                raise error_of(lib.options_last_error(own))
            with Report() as report:
                self._owned = Handle(report.require(
                    lib.model_new(instance._handle, own, report.handle)), lib.model_free, "model",
                    callbacks=note, cancel=lib.model_cancel)
        finally:
            lib.options_free(own)

    @property
    def _handle(self) -> Use:
        return self._owned.use()

    def solve(self, progress: Optional[Callable[[Progress], object]] = None) -> Plan:
        """Solve. Other threads can use the interpreter during the solve.

        ``progress`` is called repeatedly, and ``log`` for each line, on the calling thread. If
        ``progress`` returns a true value, the solve ends with the best plan so far, which is
        returned with ``stop`` "cancelled". (In C++, true continues the solve.) Ctrl-C does the
        same. If one of the two raises an exception, the solve ends and the exception is raised.
        """
        function("progress", progress)
        with self._owned.alone("solved") as handle:
            self._told.clear()
            history: List[Progress] = []
            try:
                solution = run(lambda: lib.model_solve(handle), lambda: lib.model_cancel(handle),
                               lambda: self._tell(progress, history))
            except Interrupted as interrupted:
                lib.solution_free(interrupted.result)
                assert interrupted.__cause__ is not None
                raise interrupted.__cause__ from None
            return self._plan_of(handle, solution, tuple(history))

    def solve_here(self) -> Plan:
        """Solve on the calling thread, without progress and log. Ctrl-C takes effect only after the
        solve. This is for threads other than the main one, which never receive Ctrl-C."""
        with self._owned.alone("solved") as handle:
            with running(lambda: lib.model_cancel(handle)):
                solution = lib.model_solve(handle)
            return self._plan_of(handle, solution, ())

    def _plan_of(self, handle: Use, solution: Any, history: Tuple[Progress, ...]) -> Plan:
        if not solution:
            raise error_of(lib.model_last_error(handle))
        try:
            return plan_of(text_of(lib.solution_write_json(solution)),
                           stop=lib.solution_stop_word(solution).decode(),
                           nodes=lib.solution_nodes(solution), source=self._instance,
                           history=history)
        finally:
            lib.solution_free(solution)

    def _tell(self, progress: Optional[Callable[[Progress], object]],
              history: List[Progress]) -> bool:
        """Pass the stored lines and progress to the callbacks. Returns whether the solve should
        end."""
        stop = False
        while self._told:
            told = self._told.popleft()
            if isinstance(told, Progress):
                _remember(history, told)
                stop |= progress is not None and bool(progress(told))
            elif self._log is not None:
                self._log(told)
        return stop

    def __setitem__(self, path: str, value: Any) -> None:
        """Change a field of the model's own copy of the instance, by its path: to a number, a word,
        "scale:1.1", None or a short list. Texts of numbers are refused, as in an ``Instance``. The
        next solve uses the changed instance."""
        name = field_path(path)
        text = _value_text(path, value)
        with self._owned.alone("changed") as handle:
            # Earlier plans keep a reference to the instance they were found for, so a copy is
            # changed. It is changed before the model, because it refuses texts of numbers, which
            # the library would accept.
            instance = self._instance.copy()
            if isinstance(value, str):
                instance[path] = value
            else:
                instance._do(lib.instance_set(instance._handle, name, text))
            if lib.model_set(handle, name, text):
                raise error_of(lib.model_last_error(handle))
            self._instance = instance

    def start_from(self, plan: Optional[Plan]) -> None:
        """Set a start plan for later solves, from another solve or from elsewhere. None removes it.
        While a start plan is set, each solve also reuses what earlier solves have learnt."""
        with self._owned.alone("changed") as handle:
            if plan is None:
                code = lib.model_set_start(handle, None)
            else:
                with read_plan(self._instance, plan) as start:
                    code = lib.model_set_start(handle, start)
            if code:
                raise error_of(lib.model_last_error(handle))

    def export(self, format: str) -> str:
        """The compact mixed-integer program of the current instance, as text for other solvers:
        "mps" (free MPS) or "lp" (CPLEX LP). Rows and columns are named after equations, query
        types, models and tiers. Configurations and routes that an optimal plan does not need are
        left out."""
        kind = one_of("format", format, ("mps", "lp")).encode()
        with self._owned.alone("exported") as handle:
            # Ctrl-C takes effect when the text is complete, because an export cannot be cancelled.
            with running(lambda: None):
                text = lib.model_export(handle, kind)
            if not text:
                raise error_of(lib.model_last_error(handle))
            return text_of(text)

    def cancel(self) -> None:
        """Ask the running solve, or the next one if none is running, to end with the best plan so
        far. May be called from any thread."""
        lib.model_cancel(self._handle)

    def close(self) -> None:
        """Free the model. A running solve is cancelled, and the model is freed when it has ended. A
        second call has no effect."""
        self._owned.close()

    def __enter__(self) -> "Model":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def _remember(history: List[Progress], now: Progress) -> None:
    if history and (history[-1].objective_usd, history[-1].bound_usd) == (now.objective_usd,
                                                                          now.bound_usd):
        return
    if len(history) == _HISTORY_MOST:
        del history[::2]
    history.append(now)


def _text(name: str, value: Any) -> bytes:
    """The text of an option's value."""
    if isinstance(value, str):
        return encoded(name, value)
    found = as_number(value)
    if found is None:
        raise refused(name, value, "a number, a word or None")
    return repr(found).encode()


def _value_text(path: str, value: Any) -> bytes:
    allowed = "a number, a list of numbers, a word, \"scale:F\" or None"
    if value is None:
        return b"null"
    if isinstance(value, str):
        return encoded(path, value, allowed)
    if hasattr(value, "__iter__") and getattr(value, "shape", None) != ():
        return ("[" + ", ".join(map(_number_text, flat_numbers(path, value, allowed)))
                + "]").encode()
    found = as_number(value)
    if found is None:
        raise refused(path, value, allowed)
    return _number_text(found).encode()


def _number_text(value: float) -> str:
    """"No limit" and "not a candidate" are read as infinity."""
    return "null" if value == float("inf") else repr(value)


def _progress_of(state: Any) -> Progress:
    return Progress(lib.progress_seconds(state), lib.progress_objective(state),
                    lib.progress_bound(state), lib.progress_gap(state), lib.progress_nodes(state),
                    lib.progress_open_nodes(state))
