# SPDX-License-Identifier: MIT
"""The exceptions of the package. Each is also a subclass of the matching built-in exception."""
from typing import Any, Dict, Type

from ._library import Code, lib
from ._text import one_line

# The limits of the library for the length of a place and of a message.
_WHERE_MOST, _MOST = 255, 1023


class Error(Exception):
    """Base class of all errors. ``code`` is the library's enum ifp_code. ``where`` is the place
    alone, such as ``queries[2].rate_per_hour`` or ``line 3, column 14``, or empty. The message is
    one line of at most 1,023 characters, whatever names it quotes."""

    def __init__(self, message: str, code: int = 0, where: str = "") -> None:
        self.code = code
        self.where = one_line(where, _WHERE_MOST)
        begin = ""
        if where and message.startswith(f"{where}: "):
            # Shorten the place, so that the message still has room for what was found there.
            begin, message = f"{self.where}: ", message[len(where) + 2:]
        super().__init__(begin + one_line(message, _MOST - len(begin)))

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""

    def __reduce__(self) -> Any:
        return type(self), (str(self), self.code, self.where)


class MemoryRanOut(Error, MemoryError):
    """The memory does not suffice for the call."""


class InputError(Error, ValueError):
    """A field, an option, a path or a plan is not allowed."""


class FileError(Error, OSError):
    """A file could not be read."""


class UnsupportedError(Error, NotImplementedError):
    """The request is meaningful, but this version cannot do it."""


class BusyError(Error, RuntimeError):
    """Another call that has not returned uses the object: the model is being solved, or the
    instance is being stress-tested."""


class EngineError(Error, RuntimeError):
    """The LP solver failed and could not recover."""


_BY_CODE: Dict[int, Type[Error]] = {
    Code.MEMORY: MemoryRanOut, Code.ARGUMENT: InputError, Code.FILE: FileError,
    Code.SYNTAX: InputError, Code.VALUE: InputError, Code.UNSUPPORTED: UnsupportedError,
    Code.ENGINE: EngineError, Code.BUSY: BusyError,
}


def error_of(handle: Any) -> Error:
    """The exception for an ifp_error. NULL and an empty ifp_error mean that memory ran out."""
    code = lib.error_code(handle) if handle else 0
    if code == 0:
        return MemoryRanOut("out of memory", Code.MEMORY)
    return _BY_CODE.get(code, Error)(lib.error_message(handle).decode("utf-8", "replace"), code,
                                     lib.error_where(handle).decode("utf-8", "replace"))


class Report:
    """An ifp_error to pass to a call. It lives as long as the ``with`` block."""

    def __enter__(self) -> "Report":
        self.handle = lib.error_new()
        if not self.handle:
            raise MemoryRanOut("out of memory", Code.MEMORY)
        return self

    def __exit__(self, *_: Any) -> None:
        lib.error_free(self.handle)

    def require(self, handle: Any) -> Any:
        """Return the handle that a constructor returned. If it is NULL, raise the error."""
        if not handle:
            raise error_of(self.handle)
        return handle
