# SPDX-License-Identifier: MIT
"""A call of the library that may take long, with Ctrl-C and callbacks that may raise."""
import threading
from typing import Any, Callable, List, Optional

# Seconds between two looks at what the call has told.
_TICK = 0.05


def run(work: Callable[[], Any], cancel: Callable[[], object],
        tell: Optional[Callable[[], bool]] = None) -> Any:
    """What ``work`` returns, from a thread of its own: signals reach the main one only between its
    own instructions, and the interpreter is free meanwhile.

    ``tell`` is called now and then on the calling thread. Where it returns true, and on Ctrl-C,
    ``cancel`` is called, which is to make ``work`` return soon. Where ``tell`` raises, the call is
    ended, and then ``Interrupted`` is raised from that.
    """
    found: List[Any] = []
    raised: List[BaseException] = []
    done = threading.Event()

    def call() -> None:
        try:
            found.append(work())
        except BaseException as error:
            raised.append(error)
        finally:
            done.set()

    # A cancel that comes too late would be for the next call.
    def stop() -> None:
        if not done.is_set():
            cancel()

    told_wrong: List[BaseException] = []
    worker = threading.Thread(target=call, name="inferplan", daemon=True)
    try:
        worker.start()
    except KeyboardInterrupt:
        if worker.ident is None:
            raise
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
    """A callback raised: its exception is the cause, and this has what the call came to."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result
