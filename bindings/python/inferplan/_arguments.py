# SPDX-License-Identifier: MIT
"""Checks of arguments. Each function returns the argument, or raises InputError with one line: the
name of the argument, what was found, and what is allowed."""
import errno
import json
import numbers
import operator
import os
from typing import Any, Callable, List, Mapping, Optional, Sequence, Type, TypeVar, Union

from ._errors import InputError
from ._library import Code

T = TypeVar("T")
Path = Union[str, "os.PathLike[str]"]

# Errors for paths that no file system accepts, and what is allowed instead.
_NO_PATH = {errno.ENAMETOOLONG: ", short enough for its file system",
            errno.ELOOP: ", without a loop of symbolic links"}

# The deepest nesting of lists of numbers. It ends the recursion for a list that contains itself.
_DEEPEST = 16


def shown(value: Any, most: int = 60) -> str:
    """A value as text for a line of an error. It never raises, whatever the repr of the value
    does."""
    try:
        text = " ".join(repr(value).split())
    except Exception:
        # Integers of thousands of digits, lists that are nested too deeply, and faulty reprs.
        text = f"a value of type {type(value).__name__}"
    return text if len(text) <= most else text[:most - 3] + "..."


def refused(name: str, value: Any, allowed: str) -> InputError:
    """The exception for a refused argument. The caller raises it."""
    return InputError(f"{name}: found {shown(value)}; allowed: {allowed}", Code.VALUE, name)


def instance_of(name: str, value: Any, kind: Type[T], allowed: str) -> T:
    if not isinstance(value, kind):
        raise refused(name, value, allowed)
    return value


def encoded(name: str, value: Any, allowed: str = "a text") -> bytes:
    """A text as bytes for the library, whose texts end at a NUL. A subclass of str may override its
    methods, so the methods of str are called, here and below."""
    if isinstance(value, str):
        try:
            found = str.encode(value)
            if b"\0" not in found:
                return found
        except UnicodeEncodeError:
            pass
    raise refused(name, value, allowed + ("" if not isinstance(value, str) else
                                          ", without U+0000 and halves of surrogate pairs"))


def text(name: str, value: Any, allowed: str = "a text") -> str:
    return encoded(name, value, allowed).decode()


def document_text(value: Union[str, bytes, bytearray]) -> bytes:
    """The text of a document as bytes. The library reports NUL characters itself. Unpaired
    surrogates are passed through, so that it refuses them too."""
    if isinstance(value, str):
        return str.encode(value, "utf-8", "surrogatepass")
    return memoryview(value).tobytes()


def field_path(value: Any) -> bytes:
    return encoded("path", value, "the path of a field, such as \"limits.budget_usd\"")


def one_of(name: str, value: Any, words: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in words:
        raise refused(name, value, f"one of {', '.join(words)}")
    return str.__str__(value)


def file_path(name: str, value: Any, allowed: str = "a path", tried: bool = True) -> str:
    """A text or an os.PathLike, as open() takes it. If ``tried`` is False, a path that no file
    system accepts is not refused here; opening it then raises FileError."""
    path = ""
    if isinstance(value, (str, os.PathLike)):
        try:
            path = str.__str__(os.fsdecode(value))
            if "\0" in path or not os.fsencode(path):
                path = ""
        except Exception:  # whatever __fspath__ raises
            path = ""
    if not path:
        raise refused(name, value, allowed)
    if tried:
        try:
            os.stat(path)
        except OSError as error:
            if error.errno in _NO_PATH:
                raise refused(name, value, allowed + _NO_PATH[error.errno]) from None
    return path


def flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise refused(name, value, "True or False")
    return value


def function(name: str, value: Any) -> Optional[Callable[..., Any]]:
    if value is not None and not callable(value):
        raise refused(name, value, "a function, or None")
    return value  # type: ignore[no-any-return]


def is_missing(value: Any) -> bool:
    """True for None and for the missing values of data frames: NaN, and pandas.NA, which cannot be
    compared."""
    return value is None or type(value).__name__ == "NAType" or (isinstance(value, float)
                                                                 and value != value)


def as_number(value: Any) -> Optional[float]:
    """A real number as a float. None for other values, for truth values, and for integers that no
    float can hold."""
    if isinstance(value, (bool, str, bytes)) or type(value).__name__ in ("bool_", "bool"):
        return None
    # NumPy scalars and arrays of dimension 0 are numbers. Arrays of one entry are arrays.
    if not isinstance(value, numbers.Real) and (not hasattr(value, "__float__")
                                                or getattr(value, "shape", ()) != ()
                                                or getattr(getattr(value, "dtype", None), "kind",
                                                           "f") not in "iuf"):
        return None
    try:
        return float(value)
    except Exception:  # whatever __float__ raises
        return None


def number(name: str, value: Any, allowed: str = "a number", *, above: float = -float("inf"),
           least: float = -float("inf"), most: float = float("inf"),
           below: float = float("inf")) -> float:
    """A number within the bounds. NaN is refused."""
    found = as_number(value)
    if found is None or not (above < found < below and least <= found <= most):
        raise refused(name, value, allowed)
    return found


def whole(name: str, value: Any, least: int, most: Optional[int] = None) -> int:
    allowed = f"a whole number of at least {least}" + ("" if most is None else f" and at most {most}")
    if isinstance(value, bool) or type(value).__name__ in ("bool_", "bool"):
        raise refused(name, value, allowed)
    try:
        found = operator.index(value)
    except Exception:
        raise refused(name, value, allowed) from None
    if found < least or (most is not None and found > most):
        raise refused(name, value, allowed)
    return found


def items(name: str, value: Any, allowed: str) -> List[Any]:
    """The members of a list, an array or another ordered iterable."""
    if isinstance(value, (str, bytes, bytearray, memoryview, Mapping, set, frozenset)) or \
            isinstance(value, type) or not hasattr(value, "__iter__"):
        raise refused(name, value, allowed)
    try:
        return list(value)
    except Exception:
        raise refused(name, value, allowed) from None


def mapping(name: str, value: Any, allowed: str) -> Mapping[str, Any]:
    """A mapping whose keys are texts."""
    if not isinstance(value, Mapping):
        raise refused(name, value, allowed)
    for key in value:
        if not isinstance(key, str):
            raise refused(name, value, f"{allowed}; its keys are texts, unlike {shown(key, 30)}")
    return value


def flat_numbers(name: str, value: Any, allowed: str, depth: int = 0) -> List[float]:
    """The numbers of nested lists, row by row. None becomes infinity: no limit, or not a
    candidate."""
    found: List[float] = []
    for entry in items(name, value, allowed):
        if entry is None or type(entry).__name__ == "NAType":
            found.append(float("inf"))
            continue
        one = as_number(entry)
        if one is not None:
            found.append(one)
        elif depth < _DEEPEST and getattr(entry, "shape", None) != ():
            found.extend(flat_numbers(name, entry, allowed, depth + 1))
        else:
            raise refused(name, entry, allowed)
    return found


def document(name: str, value: Any, allowed: str) -> bytes:
    """A mapping as JSON."""
    if not isinstance(value, Mapping):
        raise refused(name, value, allowed)
    try:
        return json.dumps(value if isinstance(value, dict) else dict(value),
                          allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        # Infinity and NaN, objects that JSON cannot represent, and lists that contain themselves.
        raise InputError(f"{name}: found what is no JSON ({shown_error(error)}); allowed: {allowed}",
                         Code.VALUE, name) from None


def shown_error(error: BaseException) -> str:
    return " ".join(str(error).split())[:80] or type(error).__name__


def axes(value: Any) -> Any:
    """Axes of matplotlib, or None."""
    if value is not None and not (hasattr(value, "figure") and callable(getattr(value, "add_patch",
                                                                                None))):
        raise refused("ax", value, "axes of matplotlib, or None")
    return value


