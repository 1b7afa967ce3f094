# SPDX-License-Identifier: MIT
"""What can go wrong, as exceptions. Each is also the built-in exception that it is a case of."""
from typing import Any, Dict, Type

from ._library import lib
from ._text import one_line

# The library's own messages are no longer.
_WHERE_MOST, _MOST = 255, 1023


class Error(Exception):
    """Base of all. ``code`` is the library's (enum ifp_code); ``where`` the place alone, such as
    ``queries[2].rate_per_hour`` or ``line 3, column 14``, or empty. The message is one line, of at most
    1,023 characters, whatever names it quotes."""

    def __init__(self, message: str, code: int = 0, where: str = "") -> None:
        self.code = code
        self.where = one_line(where, _WHERE_MOST)
        begin = ""
        if where and message.startswith(f"{where}: "):
            # A place of any length leaves room for what was found there.
            begin, message = f"{self.where}: ", message[len(where) + 2:]
        super().__init__(begin + one_line(message, _MOST - len(begin)))

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""

    def __reduce__(self) -> Any:
        return type(self), (str(self), self.code, self.where)


class MemoryRanOut(Error, MemoryError):
    """No memory for what was asked."""


class InputError(Error, ValueError):
    """A field, an option, a path or a plan is not one that is allowed."""


class FileError(Error, OSError):
    """A file could not be read."""


class UnsupportedError(Error, NotImplementedError):
    """Meaningful, but this version cannot do it."""


class BusyError(Error, RuntimeError):
    """The object is in use by a call that has not returned: the model is being solved, the instance is
    being stress-tested."""


class EngineError(Error, RuntimeError):
    """The LP solver failed beyond repair."""


_BY_CODE: Dict[int, Type[Error]] = {
    -1: MemoryRanOut, -2: InputError, -3: FileError, -4: InputError, -5: InputError,
    -6: UnsupportedError, -7: EngineError, -8: BusyError,
}


def error_of(handle: Any) -> Error:
    """The exception for what an ifp_error says; NULL and an empty one are a lack of memory."""
    code = lib.error_code(handle) if handle else 0
    if code == 0:
        return MemoryRanOut("out of memory", -1)
    return _BY_CODE.get(code, Error)(lib.error_message(handle).decode("utf-8", "replace"), code,
                                     lib.error_where(handle).decode("utf-8", "replace"))


class Report:
    """An ifp_error to pass to a call, for the time of a ``with``."""

    def __enter__(self) -> "Report":
        self.handle = lib.error_new()
        if not self.handle:
            raise MemoryRanOut("out of memory", -1)
        return self

    def __exit__(self, *_: Any) -> None:
        lib.error_free(self.handle)

    def require(self, handle: Any) -> Any:
        """The handle that a constructor has returned, if it has."""
        if not handle:
            raise error_of(self.handle)
        return handle
