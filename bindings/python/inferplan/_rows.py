# SPDX-License-Identifier: MIT
"""The rows of a sweep on disk: CSV as ``inferplan sweep --csv`` writes it, with two more columns that
say which cell of which sweep a row is."""
import csv
import io
import os
import tempfile
from typing import Any, Dict, Iterable, List, Mapping, Sequence, Union

from ._cells import Grid, Row
from ._errors import InputError

_WHOLE = ("gpus", "deployments")
_WORDS = ("status", "error")


def value_text(value: Any) -> str:
    """As ``--set`` takes it; numbers read back to the last bit."""
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
        return text or None
    return int(text) if name in _WHOLE else float(text)


class Table:
    """The file of a sweep."""

    def __init__(self, path: "Union[str, os.PathLike[str]]", grid: Grid, results: Sequence[str],
                 digest: str) -> None:
        self.path = os.fspath(path)
        self._grid = grid
        self._results = tuple(results)
        self._digest = digest
        self._file: Any = None

    def begin(self) -> None:
        """A new file, with its head. FileExistsError where there is one."""
        self._file = open(self.path, "x", encoding="utf-8", newline="")
        self._put([*self._grid.paths, *self._results, "cell", "sweep"])

    def resume(self) -> Dict[int, Row]:
        """What an earlier sweep has left, by cell; a new file where there is none. A last line that
        was cut off is dropped, and cells that failed are not in it: they are tried again."""
        if os.path.exists(self.path) and not os.path.isfile(self.path):
            raise self._another()
        try:
            with open(self.path, encoding="utf-8", newline="") as file:
                text = file.read()
        except FileNotFoundError:
            self.begin()
            return {}
        except UnicodeDecodeError:
            raise self._another() from None
        whole = text[:text.rfind("\r\n") + 2] if "\r\n" in text else ""
        rows = self._rows_of(whole)
        if whole != text:
            _replace(self.path, whole)
        self._file = open(self.path, "a", encoding="utf-8", newline="")
        if not whole:
            self._put([*self._grid.paths, *self._results, "cell", "sweep"])
        return rows

    def _rows_of(self, text: str) -> Dict[int, Row]:
        head = [*self._grid.paths, *self._results, "cell", "sweep"]
        rows: Dict[int, Row] = {}
        try:
            lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
            if lines and lines[0] != head:
                raise ValueError
            for line in lines[1:]:
                if len(line) != len(head) or line[-1] != self._digest:
                    raise ValueError
                named = dict(zip(head, line))
                cell = int(named["cell"])
                if not 0 <= cell < self._grid.count:
                    raise ValueError
                row = {name: _read(name, named[name]) for name in self._results}
                if row["status"] != "error":
                    rows[cell] = row
        except (ValueError, csv.Error):
            raise self._another() from None
        return rows

    def _another(self) -> InputError:
        return InputError(f"{self.path}: found another file than this sweep's; allowed: what a sweep "
                          "of the same instance, grid, options and version has written", -5,
                          self.path)

    def add(self, cell: int, row: Mapping[str, Any]) -> None:
        """A row, which is on its way to the disk when this returns."""
        self._put(self._line(cell, row))

    def _line(self, cell: int, row: Mapping[str, Any]) -> List[str]:
        return [*map(value_text, self._grid.cell(cell)),
                *(_result_text(row[name]) for name in self._results), str(cell), self._digest]

    def _put(self, fields: Sequence[str]) -> None:
        self._file.write(_csv([fields]))
        self._file.flush()

    def finish(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """All rows, by cell: the file is replaced by one in the order of the grid."""
        self.close()
        head = [*self._grid.paths, *self._results, "cell", "sweep"]
        _replace(self.path, _csv([head, *(self._line(cell, row)
                                          for cell, row in enumerate(rows))]))

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _csv(lines: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue()


def _replace(path: str, text: str) -> None:
    """In one step, so that a kill leaves the one file or the other."""
    descriptor, beside = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(path)),
                                          prefix=os.path.basename(path) + ".")
    try:
        with open(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, os.stat(path).st_mode & 0o777)
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise
