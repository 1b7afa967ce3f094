# SPDX-License-Identifier: MIT
"""A handle of the library's, and the calls that use it: it is freed when it is closed and the last of
them has returned, whichever thread or garbage collection closes it."""
import functools
import threading
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, Optional

from ._errors import BusyError


class AtEnd:
    """Calls a function of C, once, when the last reference to it ends. Python finds the function in the
    attribute. In a method of Python, an interrupt could come before the call or after it, and would be
    lost: what is raised in a ``__del__`` is only printed."""

    __slots__ = ("__del__",)

    def __init__(self, call: Callable[[], object]) -> None:
        self.__del__ = call


class Use(AtEnd):
    """What is passed to a function in place of a pointer. It owns the pointer: nothing frees it as long
    as this is referenced, which ctypes does for the time of a call. Python counts the references, as an
    interrupt may come between any two instructions of a count of our own.

    ``callbacks`` are what the library calls as long as the pointer lives."""

    __slots__ = ("_as_parameter_", "_callbacks")

    def __init__(self, pointer: Any, free: Callable[[Any], None], callbacks: object) -> None:
        super().__init__(functools.partial(free, pointer))
        self._callbacks = callbacks
        self._as_parameter_ = pointer


class _Owner(AtEnd):
    """What a handle has until it is closed. Its end cancels what still runs."""

    __slots__ = ("use",)

    def __init__(self, use: Use, cancel: Optional[Callable[[Use], None]]) -> None:
        super().__init__(functools.partial(cancel or bool, use))
        self.use = use


# Of all handles that are open, by their keys. A garbage collection finalizes the members of a cycle in
# any order: a pointer that only a cycle had would be freed while others of the cycle may still use it.
_owners: Dict[object, _Owner] = {}


class Handle:
    """Hands out a pointer until it is closed, or garbage. Then ``cancel`` is called with it, which is to
    make a call that still runs return soon."""

    def __init__(self, pointer: Any, free: Callable[[Any], None], noun: str,
                 callbacks: object = None, cancel: Optional[Callable[[Any], None]] = None) -> None:
        self._key = object()
        self._end = AtEnd(functools.partial(_owners.pop, self._key, None))
        _owners[self._key] = _Owner(Use(pointer, free, callbacks), cancel)
        self._noun = noun
        # Held for a few instructions. A signal handler may run in between, on the same thread.
        self._lock = threading.RLock()
        self._doing: Optional[str] = None
        #: Held for short calls together with the error or the borrowed text that they leave.
        self.turn = threading.RLock()

    @property
    def closed(self) -> bool:
        return self._key not in _owners

    def use(self) -> Use:
        """ValueError if it is closed."""
        owner = _owners.get(self._key)
        if owner is None:
            raise ValueError(f"the {self._noun} has been closed")
        return owner.use

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
        _owners.pop(self._key, None)
