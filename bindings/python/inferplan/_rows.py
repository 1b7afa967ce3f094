# SPDX-License-Identifier: MIT
"""The rows of a sweep on disk: CSV as ``inferplan sweep --csv`` writes it, with two more columns,
which identify the cell and the sweep of each row."""
import csv
import errno
import fcntl
import hashlib
import os
import re
import stat
import sys
import warnings
import weakref
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

from ._cells import MARKED, Grid, Row
from ._errors import InputError
from ._fields import field, line, plain
from ._library import Code
from ._save import replace, write
from ._text import one_line

_WHOLE = ("gpus", "deployments")
_WORDS = ("status", "error")
_STATUSES = ("optimal", "feasible", "infeasible", "no_plan", "error")

#: The results of a row in the order of the columns. A million tuples take less memory than a
#: million dicts.
Values = Tuple[Any, ...]

# Attempts to open a file that other processes keep replacing.
_ATTEMPTS = 10

# A line with its line end, of any kind.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")

# The errors of a file system without locks.
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)


def value_text(value: Any) -> str:
    """A value as ``--set`` takes it. Numbers read back to the last bit."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "[" + ", ".join(value_text(entry) for entry in value) + "]"
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") else text


def _result_text(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return str(value) if isinstance(value, int) else value_text(value)


def _read(name: str, text: str) -> Any:
    if name in _WORDS or not text:
        return sys.intern(text) if text else None
    return int(text) if name in _WHOLE else float(text)


# A part of a digest.
_PART = re.compile("[0-9a-f]{12}")


class Table:
    """The file of a sweep. It is locked while it is open. Until the end of the sweep it is only
    appended to. A file is replaced only if it holds just what this sweep has written."""

    def __init__(self, path: "Union[str, os.PathLike[str]]", grid: Grid, results: Sequence[str],
                 digest: str) -> None:
        self.path = os.fspath(path)
        self._grid = grid
        self._results = tuple(results)
        self._digest = digest
        self._head = [*grid.paths, *self._results, "cell", "sweep"]
        self._descriptor: Optional[int] = None
        self._target = ""
        self._size = 0
        self._written = hashlib.sha256()

    # -- opening --

    def begin(self) -> None:
        """Make a new file with its header line. FileExistsError if the name is taken."""
        self._open(self.path, os.O_CREAT | os.O_EXCL)
        try:
            self._put(line(self._head).encode())
        except BaseException:
            os.unlink(self._target)
            self.close()
            raise

    def resume(self) -> Dict[int, Values]:
        """The rows of an earlier sweep, by cell, as ``values`` returns them. Makes a new file if
        there is no file at the path. An incomplete last line is dropped. Cells that failed are left
        out, so that they are tried again."""
        if os.path.exists(self.path) and not os.path.isfile(self.path):
            raise self._another()
        self._open(self.path, os.O_CREAT)
        try:
            data = self._content()
            rows, whole, more = self._read(data)
            assert self._descriptor is not None
            if len(whole) != len(data):
                os.ftruncate(self._descriptor, len(whole))
            self._size = len(whole)
            self._written.update(whole)
            if more:
                self._put(more)
        except BaseException:
            self.close()
            raise
        return rows

    def _open(self, path: str, how: int) -> None:
        for _ in range(_ATTEMPTS):
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_NONBLOCK | how, 0o666)
            try:
                facts = os.fstat(descriptor)
                if not stat.S_ISREG(facts.st_mode):
                    raise self._another()
                self._target = os.path.realpath(path)
                self._lock(descriptor)
                # The previous owner of the lock may have replaced the file.
                here = self._is_at_target(facts)
                directory = os.path.dirname(self._target)
                if here and not os.access(directory, os.W_OK | os.X_OK):
                    raise PermissionError(errno.EACCES, "a sweep ends with a new file in the place of "
                                          "its own, in this directory", directory)
            except BaseException:
                os.close(descriptor)
                raise
            if here:
                self._descriptor = descriptor
                _OPEN.add(self)
                return
            os.close(descriptor)
        raise self._another()

    def _lock(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(f"{self.path}: found another sweep that writes to it; allowed: one at a "
                             "time", Code.VALUE, self.path) from None
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise

    def _is_at_target(self, facts: os.stat_result) -> bool:
        try:
            return os.path.samestat(os.lstat(self._target), facts)
        except FileNotFoundError:
            return False

    # -- reading --

    def _content(self) -> bytes:
        assert self._descriptor is not None
        with open(self._descriptor, "rb", closefd=False) as file:
            file.seek(0)
            return file.read()

    def _read(self, data: bytes) -> Tuple[Dict[int, Values], bytes, bytes]:
        """The rows, the part of the file to keep, and what to append before the next row. An editor
        may have changed line ends or added a byte order mark or empty lines."""
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise self._another() from None
        head = line(self._head)
        if head.startswith(text):
            return {}, data, head[len(text):].encode()
        rows: Dict[int, Values] = {}
        # One by one, because there may be a million.
        records = (record for record in _records(text) if record[1] != [])
        first = next(records, None)
        if first is None or first[1] is None or list(map(plain, first[1])) != self._head:
            raise self._another(self._other_head(list(map(plain, first[1] or ())) if first else []))
        for start, fields in records:
            if fields is not None and self._is_row(fields):
                self._take(fields, rows)
            elif next(records, None) is None and self._was_cut(text[start:], fields):
                data = data[:len(data) - len(text[start:].encode())]
            else:
                raise self._another(self._other_mark(fields or ()))
        return rows, data, b"" if data.endswith(b"\n") else b"\n" if data.endswith(b"\r") else b"\r\n"

    def _is_row(self, fields: Sequence[str]) -> bool:
        return len(fields) == len(self._head) and fields[-1] == self._digest

    def _take(self, fields: Sequence[str], rows: Dict[int, Values]) -> None:
        named = dict(zip(self._head, map(plain, fields)))
        try:
            cell = int(named["cell"])
            values = tuple(_read(name, named[name]) for name in self._results)
        except ValueError:
            raise self._another() from None
        if not 0 <= cell < self._grid.count or named["status"] not in _STATUSES:
            raise self._another()
        if named["status"] != "error":
            rows[cell] = values

    def _was_cut(self, text: str, fields: Optional[Sequence[str]]) -> bool:
        """Whether the text is the beginning of a row of this sweep. It is if it begins with values
        of the grid and a status, as far as the text goes. ``fields`` is None if the text ends
        within quotes."""
        text = text.rstrip("\r\n")
        if "\n" in text or "\r" in text:
            return False
        if fields is not None and (len(fields) > len(self._head) or len(fields) == len(self._head) and
                                   not self._digest.startswith(fields[-1])):
            return False
        for allowed in (*(map(value_text, values) for values in self._grid.values), _STATUSES):
            for word in allowed:
                whole = field(word) + ","
                if whole.startswith(text):
                    return True
                if text.startswith(whole):
                    text = text[len(whole):]
                    break
            else:
                return False
        return True

    def _other_head(self, fields: Sequence[str]) -> str:
        """How the file differs from the file of this sweep, as far as its header line shows."""
        if set(self._results) <= set(fields) and not {"cell", "sweep"} & set(fields):
            return "it has no columns cell and sweep: written by the command"
        if list(fields[-2:]) == ["cell", "sweep"]:
            return "its grid differs"
        return ""

    def _other_mark(self, fields: Sequence[str]) -> str:
        """How a row differs from the rows of this sweep: the parts of its digest that differ."""
        parts = fields[-1].split("-") if len(fields) == len(self._head) else []
        if len(parts) != len(MARKED) or not all(_PART.fullmatch(part) for part in parts):
            return ""
        differ = [name for name, part, own in zip(MARKED, parts, self._digest.split("-")) if part != own]
        return f"its {' and '.join(differ)} differ" + ("s" if len(differ) == 1 and
                                                       differ[0] != "options" else "") if differ else ""

    def _another(self, why: str = "") -> InputError:
        return InputError(f"{self.path}: found another file than this sweep's{why and f' ({why})'}; "
                          "allowed: what a sweep "
                          "of the same instance, grid, options and version has written", Code.VALUE,
                          self.path)

    # -- writing --

    def add(self, cell: int, row: Mapping[str, Any]) -> Values:
        """Write a row and return its values. The row has been handed to the operating system when
        this returns."""
        values = tuple(row[name] for name in self._results)
        self._put(self._line(cell, values).encode())
        return values

    def row(self, values: Values) -> Row:
        return dict(zip(self._results, values))

    def _line(self, cell: int, values: Values) -> str:
        return line([*map(value_text, self._grid.cell(cell)), *map(_result_text, values), str(cell),
                     self._digest])

    def _put(self, data: bytes) -> None:
        assert self._descriptor is not None
        try:
            write(self._descriptor, data, self.path)
        except OSError:
            os.ftruncate(self._descriptor, self._size)
            raise
        self._size += len(data)
        self._written.update(data)

    def finish(self, rows: Iterable[Values]) -> None:
        """Replace the file by one in the order of the grid, from the values of all rows by cell. If
        another program has changed or replaced the file since, it is left as it is, with a warning.
        If it was deleted, it is written again."""
        assert self._descriptor is not None
        data = bytearray(line(self._head).encode())
        for cell, values in enumerate(rows):
            data += self._line(cell, values).encode()
        facts = os.fstat(self._descriptor)
        now = self._content()
        if not os.path.lexists(self._target):
            self.close()
            self._open(self._target, os.O_CREAT | os.O_EXCL)
            self._size = 0
            self._put(data)
        elif not self._is_at_target(facts) or \
                hashlib.sha256(now).digest() != self._written.digest():
            warnings.warn(f"{one_line(self.path, 255)}: was changed or replaced while the sweep ran, and is left as it "
                          "is", RuntimeWarning, stacklevel=4)
        elif now != data:
            replace(self._target, data, facts)
        self.close()

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            _OPEN.discard(self)


# Tables that are open. A forked process also has their files open, and would keep them locked after
# this process was killed.
_OPEN: "weakref.WeakSet[Table]" = weakref.WeakSet()


def _close_all() -> None:
    for table in list(_OPEN):
        table.close()


os.register_at_fork(after_in_child=_close_all)


def _records(text: str) -> Iterator[Tuple[int, Optional[List[str]]]]:
    """The start of each record and its fields. The fields are None for the rest of the text if that
    is not CSV."""
    at = 0

    def lines() -> Iterator[str]:
        nonlocal at
        for found in _LINE.finditer(text):
            at = found.end()
            yield found.group()

    reader = csv.reader(lines(), strict=True)
    while True:
        start = at
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield start, None
            return
        yield start, fields
