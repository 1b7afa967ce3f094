# SPDX-License-Identifier: MIT
"""A handle of the library's, and the calls that use it: it is freed when it is closed and the last of
them has returned, whichever thread or garbage collection closes it."""
import threading
from contextlib import contextmanager
from typing import Any, Callable, Iterator, Optional

from ._errors import BusyError


class Use:
    """What is passed to a function in place of a pointer. It owns the pointer: nothing frees it as long
    as this is referenced, which ctypes does for the time of a call. Python counts the references, as an
    interrupt may come between any two instructions of a count of our own.

    ``callbacks`` are what the library calls as long as the pointer lives."""

    __slots__ = ("_as_parameter_", "_callbacks", "_free")

    def __init__(self, pointer: Any, free: Callable[[Any], None], callbacks: object) -> None:
        self._callbacks = callbacks
        self._free = free
        self._as_parameter_ = pointer

    def __del__(self) -> None:
        self._free(self._as_parameter_)


class Handle:
    """Hands out a pointer until it is closed."""

    def __init__(self, pointer: Any, free: Callable[[Any], None], noun: str,
                 callbacks: object = None) -> None:
        self._use: Optional[Use] = Use(pointer, free, callbacks)
        self._noun = noun
        # Held for a few instructions. A signal handler may run in between, on the same thread.
        self._lock = threading.RLock()
        self._doing: Optional[str] = None
        #: Held for short calls together with the error or the borrowed text that they leave.
        self.turn = threading.RLock()

    @property
    def closed(self) -> bool:
        return self._use is None

    def use(self) -> Use:
        """ValueError if it is closed."""
        use = self._use
        if use is None:
            raise ValueError(f"the {self._noun} has been closed")
        return use

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
            raise BusyError(f"the {self._noun} is being {found}; allowed meanwhile: {allowed}", -8,
                            self._noun)
        try:
            yield use
        finally:
            self._doing = None

    def close(self) -> None:
        """Free it: now, or when the last use ends."""
        self._use = None
