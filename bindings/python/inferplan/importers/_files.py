# SPDX-License-Identifier: MIT
"""Input and errors of the importers: paths and file objects, compressed or not."""
import contextlib
import csv
import gzip
import io
import math
import os
import zlib
from typing import Any, Iterator, List, Sequence, Set, Tuple, Union

from .. import _arguments
from .._errors import Error, FileError, InputError
from .._library import Code

# A path, or a file object that returns text or bytes.
Source = Union[str, "os.PathLike[str]", Any]

# The largest number that an instance file allows.
LARGEST = 1e15

_SOURCES = "a path or a file object"


def refusal(where: str, found: str, allowed: str) -> InputError:
    """An error of one line: the place, what was found, and what is allowed."""
    return InputError(f"{where}: found {found}; allowed: {allowed}", Code.VALUE, where)


def shown(value: Any) -> str:
    """A value as text for a line of an error."""
    return _arguments.shown(value, 50)


def integer_of(text: str) -> float:
    """An integer, or a float if there are very many digits: Python refuses these, or takes a time
    quadratic in their number."""
    return int(text) if len(text) < 4000 else float(text)


def is_number(value: Any) -> bool:
    """True for a finite number of Python that is no truth value."""
    try:
        return (isinstance(value, (int, float)) and not isinstance(value, bool)
                and math.isfinite(value))
    except OverflowError:
        return False


def name_of(source: Source) -> str:
    """The name of a source in error lines."""
    if isinstance(source, (str, os.PathLike)):
        return _arguments.file_path("source", source, _SOURCES, tried=False)
    if not hasattr(source, "read") or isinstance(source, type):
        raise refusal("source", shown(source), _SOURCES)
    name = getattr(source, "name", None)
    return name if isinstance(name, str) else "input"


@contextlib.contextmanager
def opened(source: Source) -> Iterator[Any]:
    """The text of a path (closed afterwards) or of a file object (left open). Gzip is recognised by
    its first bytes, whatever the name. FileError or InputError if it cannot be read."""
    name = name_of(source)
    try:
        with contextlib.ExitStack() as stack:
            yield _text(source, stack)
    except Error:
        raise
    except UnicodeDecodeError:
        raise refusal(name, "bytes that are not UTF-8", "text in UTF-8") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise refusal(name, f"a damaged gzip file ({error})",
                      "a whole one, or plain text") from None
    except OSError as error:
        raise FileError(f"{name}: {error.strerror or error}", Code.FILE, name) from None


def _text(source: Source, stack: contextlib.ExitStack) -> Any:
    data: Any = source
    if isinstance(source, (str, os.PathLike)):
        data = stack.enter_context(open(source, "rb"))
    elif isinstance(source.read(0), str):
        return source
    # A wrapper closes the wrapped object when it is freed. It is detached first, because the object
    # belongs to the caller.
    if not hasattr(data, "peek"):
        data = io.BufferedReader(data)
        stack.callback(data.detach)
    if data.peek(2)[:2] == b"\x1f\x8b":
        data = stack.enter_context(gzip.GzipFile(fileobj=data, mode="rb"))
    text = io.TextIOWrapper(data, encoding="utf-8-sig", newline="")
    stack.callback(text.detach)
    return text


def rows_of(text: Any, name: str) -> Iterator[Tuple[int, List[str]]]:
    """The nonempty rows of a CSV text, each with the number of its last line."""
    reader = csv.reader(text, strict=True)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        where = f"{name}, line {reader.line_num}"
        raise refusal(where, f"no CSV ({error})", "fields separated by commas") from None


def header_of(rows: Iterator[Tuple[int, List[str]]], name: str) -> List[str]:
    """The names of the columns, from the first row."""
    line, header = next(rows, (0, []))
    if not header:
        raise refusal(name, "an empty file", "a line with the names of the columns, then rows")
    # A file object that returns text may still contain the byte order mark.
    header = [cell.lstrip("\ufeff").strip() for cell in header]
    seen: Set[str] = set()
    for cell in header:
        if cell in seen:
            raise refusal(f"{name}, line {line}", f"column {shown(cell)} twice",
                          "each column once")
        seen.add(cell)
    return header


def column_of(header: Sequence[str], column: str, name: str, hint: str = "") -> int:
    """The index of a column."""
    if column not in header:
        raise refusal(f"{name}, header", f"columns {shown(', '.join(header))}",
                      f"one called {column}{hint}")
    return header.index(column)


def length_checked(row: Sequence[str], header: Sequence[str], where: str) -> None:
    """InputError if a row does not have as many fields as the header."""
    if len(row) != len(header):
        raise refusal(where, f"{len(row)} fields", f"{len(header)}, as in the first line")
