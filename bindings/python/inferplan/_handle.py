# SPDX-License-Identifier: MIT
"""A handle of the library and the calls that use it. The handle is freed when it has been closed
and the last call has returned, whichever thread or garbage collection closes it."""
import functools
import threading
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, Optional

from ._errors import BusyError
from ._library import Code


class AtEnd:
    """Calls a C function once, when the last reference to this object ends. Python finds the
    function in the attribute ``__del__``. If that were a Python method, an interrupt could arrive
    before or after the call and would be lost, because an exception raised in ``__del__`` is only
    printed."""

    __slots__ = ("__del__",)

    def __init__(self, call: Callable[[], object]) -> None:
        self.__del__ = call


class Use(AtEnd):
    """Passed to a C function in place of a pointer. It owns the pointer, which is not freed as long
    as this object is referenced; ctypes holds a reference during a call. Python counts the
    references, because an interrupt may arrive between any two instructions of a counter in Python
    code.

    ``callbacks`` are the functions that the library may call as long as the pointer lives."""

    __slots__ = ("_as_parameter_", "_callbacks")

    def __init__(self, pointer: Any, free: Callable[[Any], None], callbacks: object) -> None:
        super().__init__(functools.partial(free, pointer))
        self._callbacks = callbacks
        self._as_parameter_ = pointer


class _Owner(AtEnd):
    """Owned by a handle until it is closed. When this object ends, it cancels the calls that still
    run."""

    __slots__ = ("use",)

    def __init__(self, use: Use, cancel: Optional[Callable[[Use], None]]) -> None:
        super().__init__(functools.partial(cancel or bool, use))
        self.use = use


# The owners of all open handles, by key. The garbage collector finalizes the members of a cycle in
# any order: a pointer referenced only from a cycle could be freed while other members still use it.
_owners: Dict[object, _Owner] = {}


class Handle:
    """Hands out a pointer until the handle is closed or collected. Then ``cancel`` is called with
    the pointer, to make a call that still runs return soon."""

    def __init__(self, pointer: Any, free: Callable[[Any], None], noun: str,
                 callbacks: object = None, cancel: Optional[Callable[[Any], None]] = None) -> None:
        self._key = object()
        self._end = AtEnd(functools.partial(_owners.pop, self._key, None))
        _owners[self._key] = _Owner(Use(pointer, free, callbacks), cancel)
        self._noun = noun
        # Held for a few instructions. A signal handler may run between them on the same thread.
        self._lock = threading.RLock()
        self._doing: Optional[str] = None
        #: Held during a short call and the reading of the error or the borrowed text that it
        #: leaves.
        self.turn = threading.RLock()

    @property
    def closed(self) -> bool:
        return self._key not in _owners

    def use(self) -> Use:
        """The pointer. ValueError if the handle is closed."""
        owner = _owners.get(self._key)
        if owner is None:
            raise ValueError(f"the {self._noun} has been closed")
        return owner.use

    @contextmanager
    def alone(self, doing: str) -> Iterator[Use]:
        """For calls that must not overlap. The second call raises BusyError, on the same thread as
        well."""
        use = self.use()
        with self._lock:
            found = self._doing
            if found is None:
                self._doing = doing
        if found is not None:
            allowed = "to cancel it" if found == "solved" else "one call at a time"
            raise BusyError(f"the {self._noun} is being {found}; allowed meanwhile: {allowed}",
                            Code.BUSY, self._noun)
        try:
            yield use
        finally:
            self._doing = None

    def close(self) -> None:
        """Free the handle now, or when its last use ends."""
        _owners.pop(self._key, None)
