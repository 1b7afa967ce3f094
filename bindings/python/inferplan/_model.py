# SPDX-License-Identifier: MIT
"""An instance with options, ready to be solved and solved again."""
import threading
import weakref
from collections import deque
from dataclasses import dataclass
from typing import Any, Callable, Deque, List, Optional, Union

from ._errors import MemoryRanOut, Report, error_of
from ._instance import Instance, text_of
from ._library import LogFunction, ProgressFunction, lib
from ._plan import Plan, plan_of

# Seconds between two looks at what a running solve has told.
_TICK = 0.05


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


class _Owned:
    """A model of the library's, and who uses it: an interrupt may leave a solve running on its
    thread when the model is to go."""

    def __init__(self, pointer: Any) -> None:
        self.pointer: Optional[int] = pointer
        self.busy = threading.Lock()  # held while a solve runs

    def free(self) -> None:
        if self.pointer is not None:
            lib.model_cancel(self.pointer)
        with self.busy:
            pointer, self.pointer = self.pointer, None
            lib.model_free(pointer)


class Model:
    """An instance as it is now, with options by the names of the command line: ``gap``,
    ``time_limit``, ``engine``, ``linearization``; and ``log``, which is called with each line that
    a solve has to tell.

    A model belongs to one thread at a time, ``cancel`` apart. It is freed as an instance is.
    """

    def __init__(self, instance: Instance, *, log: Optional[Callable[[str], object]] = None,
                 **options: Any) -> None:
        self._log = log
        self._told: "Deque[Union[str, Progress]]" = deque()
        told = self._told
        own = lib.options_new()
        if not own:
            raise MemoryRanOut("out of memory", -1)

        # These run inside a solve, where no exception may get out: they only take down what is
        # told. They must not know the model, which would keep it alive.
        def note_progress(state: Any, _: Any) -> int:
            told.append(_progress_of(state))
            return 0

        def note_line(line: bytes, _: Any) -> None:
            told.append(line.decode("utf-8", "replace"))

        self._functions = ProgressFunction(note_progress), LogFunction(note_line)
        try:
            for name, value in options.items():
                if value is not None and lib.options_set(own, name.encode(), _text(value)):
                    raise error_of(lib.options_last_error(own))
            code = lib.options_set_progress(own, self._functions[0], None)
            if not code and log is not None:
                code = lib.options_set_log(own, self._functions[1], None)
            if code:
                raise error_of(lib.options_last_error(own))
            with Report() as report:
                self._owned = _Owned(report.require(
                    lib.model_new(instance._handle, own, report.handle)))
        finally:
            lib.options_free(own)
        self._finalizer = weakref.finalize(self, self._owned.free)

    @property
    def _handle(self) -> Any:
        if self._owned.pointer is None:
            raise ValueError("the model has been closed")
        return self._owned.pointer

    def solve(self, progress: Optional[Callable[[Progress], object]] = None) -> Plan:
        """Solve, with the interpreter free for other threads meanwhile.

        ``progress`` is called now and then, on the calling thread as ``log`` is; if it returns
        something true, the solve ends with the best plan so far, which is returned with ``stop``
        "cancelled". Ctrl-C does the same. Where one of the two raises, the solve ends, and then
        that is raised.
        """
        handle = self._handle
        self._told.clear()
        found: List[Any] = []
        raised: List[BaseException] = []
        done = threading.Event()

        # On a thread of its own: signals reach the main one only between its own instructions.
        def work() -> None:
            try:
                with self._owned.busy:
                    # An interrupt may have had it freed before this thread came to run.
                    if self._owned.pointer is not None:
                        found.append(lib.model_solve(handle))
            finally:
                done.set()

        # A cancel that comes too late would be for the next solve.
        def cancel() -> None:
            if not done.is_set():
                lib.model_cancel(handle)

        worker = threading.Thread(target=work, name="inferplan", daemon=True)
        try:
            worker.start()
        except KeyboardInterrupt:
            if worker.ident is None:
                raise
            cancel()
        over = False
        while not over:
            try:
                over = done.wait(_TICK)
                if not raised and self._tell(progress):
                    cancel()
            except KeyboardInterrupt:
                cancel()
            except BaseException as error:
                raised.append(error)
                cancel()
        solution = found[0] if found else None
        if raised:
            lib.solution_free(solution)
            raise raised[0]
        if not solution:
            raise error_of(lib.model_last_error(self._handle))
        try:
            return plan_of(text_of(lib.solution_write_json(solution)),
                           stop=lib.solution_stop_word(solution).decode(),
                           nodes=lib.solution_nodes(solution))
        finally:
            lib.solution_free(solution)

    def _tell(self, progress: Optional[Callable[[Progress], object]]) -> bool:
        """Hand on what has been told. Is the solve to end?"""
        stop = False
        while self._told:
            told = self._told.popleft()
            if isinstance(told, Progress):
                stop |= progress is not None and bool(progress(told))
            elif self._log is not None:
                self._log(told)
        return stop

    def cancel(self) -> None:
        """Ask a running solve, or else the next one, to end with the best plan so far. From any
        thread."""
        lib.model_cancel(self._handle)

    def close(self) -> None:
        """Free it now; a solve that still runs is ended first. Harmless when done twice."""
        self._finalizer()

    def __enter__(self) -> "Model":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def _text(value: Any) -> bytes:
    return (repr(float(value)) if isinstance(value, (int, float)) else str(value)).encode()


def _progress_of(state: Any) -> Progress:
    return Progress(lib.progress_seconds(state), lib.progress_objective(state),
                    lib.progress_bound(state), lib.progress_gap(state), lib.progress_nodes(state),
                    lib.progress_open_nodes(state))
