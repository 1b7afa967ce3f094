# SPDX-License-Identifier: MIT
"""Long calls of the library, with Ctrl-C and with callbacks that may raise."""
import atexit
import os
import threading
from contextlib import contextmanager
from typing import Any, Callable, Iterator, List, Optional, Set

# Seconds between two checks for new output of the call.
_TICK = 0.05


class _Call:
    """A running call of the library, and how to end it."""

    def __init__(self, cancel: Callable[[], object]) -> None:
        self.cancel = cancel
        self.done = threading.Event()
        self._first: List[str] = []

    def begin(self) -> bool:
        """Called on the thread that makes the call. False if the call has been abandoned."""
        self._first.append("begun")
        return self._first[0] == "begun"

    def abandon(self) -> bool:
        """Called on the thread that requested the call. False if the call has begun."""
        self._first.append("abandoned")
        if self._first[0] == "begun":
            return False
        _end(self)
        return True


# A daemon thread must not be inside the library when the interpreter exits. Python ends the thread
# in its next callback, while the thread that the library started still works on its stack.
_lock = threading.RLock()
_calls: Set[_Call] = set()
_exiting = False


def _add(call: _Call) -> None:
    with _lock:
        if _exiting and threading.current_thread() is not threading.main_thread():
            raise RuntimeError("the interpreter is exiting")
        _calls.add(call)


def _end(call: _Call) -> None:
    with _lock:
        _calls.discard(call)
    call.done.set()


def _end_all() -> None:
    """At the exit of the interpreter: cancel the calls of daemon threads and wait for them."""
    global _exiting
    with _lock:
        _exiting = True
        calls = list(_calls)
    for call in calls:
        call.cancel()
    for call in calls:
        # An interrupt may have left one that never began. It is not waited for.
        if not call.abandon():
            call.done.wait()


atexit.register(_end_all)
os.register_at_fork(after_in_child=_calls.clear)


@contextmanager
def running(cancel: Callable[[], object]) -> Iterator[None]:
    """For a long call on this thread."""
    call = _Call(cancel)
    try:
        _add(call)
        call.begin()
        yield
    finally:
        _end(call)


def run(work: Callable[[], Any], cancel: Callable[[], object],
        tell: Optional[Callable[[], bool]] = None) -> Any:
    """Run ``work`` on a new thread and return its result. Signals reach the main thread only
    between its own instructions, and other threads can use the interpreter during the call.

    ``tell`` is called repeatedly on the calling thread. If it returns true, and on Ctrl-C,
    ``cancel`` is called, which must make ``work`` return soon. If ``tell`` raises an exception, the
    call is ended, and then ``Interrupted`` is raised from that exception.
    """
    found: List[Any] = []
    raised: List[BaseException] = []
    running_call = _Call(cancel)
    done = running_call.done

    def call() -> None:
        if not running_call.begin():
            return
        try:
            found.append(work())
        except BaseException as error:
            raised.append(error)
        finally:
            _end(running_call)

    # A cancel after the end of the call would apply to the next call.
    def stop() -> None:
        if not done.is_set():
            cancel()

    told_wrong: List[BaseException] = []
    try:
        _add(running_call)
        threading.Thread(target=call, name="inferplan", daemon=True).start()
    except BaseException as error:
        if running_call.abandon():
            raise
        # This is an interrupt: the thread has started.
        stop()
    over = False
    while not over:
        try:
            over = done.wait(_TICK)
            if tell is not None and not told_wrong and tell():
                stop()
        except KeyboardInterrupt:
            stop()
        except BaseException as error:
            told_wrong.append(error)
            stop()
    result = found[0] if found else None
    if told_wrong:
        raise Interrupted(result) from told_wrong[0]
    if raised:
        raise raised[0]
    return result


class Interrupted(Exception):
    """A callback raised an exception, which is the cause. ``result`` is the result of the call."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result
