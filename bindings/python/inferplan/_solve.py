# SPDX-License-Identifier: MIT
"""Solves a model of an instance: options in, progress and log to Python functions, a plan out."""
from collections import deque
from typing import Any, Callable, Deque, List, Mapping, Optional, Tuple, Union

from . import _calls
from ._arguments import as_number, encoded, flag, function, one_of, refused
from ._base_instance import BaseInstance
from ._library import lib
from ._plan import Plan, Progress, plan_of

# The largest number of points in the history of a solve. When it is reached, every second point is
# dropped, so that the points stay spread over the time of the solve.
_HISTORY_MOST = 2000


class Solver:
    """A model of the library, made from an instance and options, and the copy of the instance that
    its plans refer to."""

    def __init__(self, instance: BaseInstance, log: Optional[Callable[[str], object]], watched: bool,
                 options: Mapping[str, Any]) -> None:
        self._log = function("log", log)
        flag("watched", watched)
        given = {name: _text(name, value) for name, value in options.items() if value is not None}
        self.instance: BaseInstance = instance.copy()
        # Has the library solved, although ``solve`` has not returned yet?
        self._ended = False
        self._told: "Deque[Union[str, Progress]]" = deque()
        told = self._told

        # These callbacks run inside a solve, where no exception may leave them, so they only store
        # what they are given. They must not refer to the solver, because that would keep it alive.
        def note_progress(*state: float) -> int:
            told.append(Progress(*state))
            return 0

        self.owned = _calls.new_model(
            instance._handle, {encoded("options", name): value for name, value in given.items()},
            _calls.progress_callback(note_progress) if watched else None,
            _calls.log_callback(told.append) if log is not None else None)

    def solve(self, progress: Optional[Callable[[Progress], object]] = None) -> Plan:
        function("progress", progress)
        with self.owned.alone("solved") as handle:
            self._told.clear()
            history: List[Progress] = []
            try:
                solved = _calls.solve(handle, lambda: self._tell(progress, history), self._end)
            finally:
                self._ended = False
            return self._plan_of(solved, tuple(history))

    def _end(self) -> None:
        self._ended = True

    def cancel(self) -> None:
        """Cancel the running solve, or the next one if none is running. The last callbacks of a
        solve run when the library has solved. A cancel in them would apply to the next solve, and
        is ignored."""
        handle = self.owned.use()
        if not self._ended:
            lib.model_cancel(handle)

    def solve_here(self) -> Plan:
        with self.owned.alone("solved") as handle:
            return self._plan_of(_calls.solve_here(handle), ())

    def _plan_of(self, solved: _calls.Solved, history: Tuple[Progress, ...]) -> Plan:
        return plan_of(solved.document, stop=solved.stop, nodes=solved.nodes, source=self.instance,
                       history=history)

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

    def export(self, format: str) -> str:
        kind = one_of("format", format, ("mps", "lp")).encode()
        with self.owned.alone("exported") as handle:
            return _calls.export(handle, kind)

    def __enter__(self) -> "Solver":
        return self

    def __exit__(self, *_: Any) -> None:
        self.owned.close()


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
