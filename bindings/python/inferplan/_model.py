# SPDX-License-Identifier: MIT
"""An instance with options. It can be solved repeatedly."""
from typing import Any, Callable, Optional

from ._arguments import as_number, encoded, field_path, flat_numbers, instance_of, refused
from ._calls import read_plan
from ._errors import error_of
from ._handle import Handle, Use
from ._instance import Instance
from ._library import lib
from ._plan import Plan, Progress, document_of
from ._solve import Solver


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
        self._solver = Solver(instance, log, watched, options)

    @property
    def _owned(self) -> Handle:
        return self._solver.owned

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
        return self._solver.solve(progress)

    def solve_here(self) -> Plan:
        """Solve on the calling thread, without progress and log. Ctrl-C takes effect only after the
        solve. This is for threads other than the main one, which never receive Ctrl-C."""
        return self._solver.solve_here()

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
            instance = self._solver.instance.copy()
            if isinstance(value, str):
                instance[path] = value
            else:
                instance._do(lib.instance_set(instance._handle, name, text))
            if lib.model_set(handle, name, text):
                raise error_of(lib.model_last_error(handle))
            self._solver.instance = instance

    def start_from(self, plan: Optional[Plan]) -> None:
        """Set a start plan for later solves, from another solve or from elsewhere. None removes it.
        While a start plan is set, each solve also reuses what earlier solves have learnt."""
        with self._owned.alone("changed") as handle:
            if plan is None:
                code = lib.model_set_start(handle, None)
            else:
                with read_plan(self._solver.instance._handle, document_of(plan)) as start:
                    code = lib.model_set_start(handle, start)
            if code:
                raise error_of(lib.model_last_error(handle))

    def export(self, format: str) -> str:
        """The compact mixed-integer program of the current instance, as text for other solvers:
        "mps" (free MPS) or "lp" (CPLEX LP). Rows and columns are named after equations, query
        types, models and tiers. Configurations and routes that an optimal plan does not need are
        left out."""
        return self._solver.export(format)

    def cancel(self) -> None:
        """Ask the running solve, or the next one if none is running, to end with the best plan so
        far. May be called from any thread."""
        self._solver.cancel()

    def close(self) -> None:
        """Free the model. A running solve is cancelled, and the model is freed when it has ended. A
        second call has no effect."""
        self._owned.close()

    def __enter__(self) -> "Model":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


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
