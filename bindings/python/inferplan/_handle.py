# SPDX-License-Identifier: MIT
"""A handle of the library's, and the calls that use it: it is freed when it is closed and the last of
them has returned, whichever thread or garbage collection closes it."""
import threading
from contextlib import contextmanager
from typing import Any, Callable, Iterator, Optional

from ._errors import BusyError


class Use:
    """What is passed to a function in place of a pointer: nothing frees the handle as long as this is
    referenced, which ctypes does for the time of a call."""

    __slots__ = ("_as_parameter_", "_handle")

    def __init__(self, handle: "Handle") -> None:
        self._handle = handle
        self._as_parameter_ = handle._enter()

    def __del__(self) -> None:
        self._handle._leave()


class Handle:
    """Owns a pointer, which only a ``Use`` tells."""

    def __init__(self, pointer: Any, free: Callable[[Any], None], noun: str) -> None:
        self._pointer: Optional[int] = pointer
        self._free = free
        self._noun = noun
        # Held for a few instructions. A signal handler may run in between, on the same thread.
        self._lock = threading.RLock()
        self._uses = 0
        self._doing: Optional[str] = None
        self.closed = False
        #: Held for short calls together with the error or the borrowed text that they leave.
        self.turn = threading.RLock()

    def use(self) -> Use:
        """ValueError if it is closed."""
        made = Use(self)
        if self.closed:
            raise ValueError(f"the {self._noun} has been closed")
        return made

    @contextmanager
    def alone(self, doing: str) -> Iterator[Use]:
        """For calls that may not overlap: BusyError for the second, on the same thread as well."""
        use = self.use()
        with self._lock:
            found = self._doing
            if found is None:
                self._doing = doing
        if found is not None:
            allowed = "to cancel it" if found == "solved" else "one call at a time"
            raise BusyError(f"the {self._noun} is being {found}; allowed until that ends: {allowed}",
                            -8)
        try:
            yield use
        finally:
            self._doing = None

    def close(self) -> None:
        """Free it: now, or when the last use ends."""
        with self._lock:
            self.closed = True
            pointer = self._to_free()
        if pointer is not None:
            self._free(pointer)

    def _enter(self) -> Optional[int]:
        with self._lock:
            self._uses += 1
            return self._pointer

    def _leave(self) -> None:
        with self._lock:
            self._uses -= 1
            pointer = self._to_free()
        if pointer is not None:
            self._free(pointer)

    def _to_free(self) -> Optional[int]:
        if not self.closed or self._uses:
            return None
        pointer, self._pointer = self._pointer, None
        return pointer
