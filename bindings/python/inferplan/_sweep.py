# SPDX-License-Identifier: MIT
"""Sweeps: a grid of solves, on threads of this process or by any executor."""
import os
import sys
import tempfile
import threading
import warnings
import zlib
from collections import deque
from concurrent.futures import (FIRST_COMPLETED, BrokenExecutor, Executor, Future,
                                ProcessPoolExecutor, ThreadPoolExecutor, wait)
from typing import (Any, Deque, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple,
                    Union)

from ._arguments import file_path, flag, refused, shown, whole
from ._cells import RESULTS, Grid, Row, failed, solve_cell, solve_cells
from ._errors import InputError
from ._frames import frame, optional
from ._instance import Instance
from ._model import Model
from ._rows import Table, Values, value_text
from ._save import write
from ._text import one_line

Path = Union[None, str, "os.PathLike[str]"]

# Tasks that an executor has at once: enough for hundreds of workers, and few enough for memory.
_IN_FLIGHT = 512


class _Running:
    """The models that are being solved on threads of this process."""

    def __init__(self) -> None:
        self._models: List[Model] = []
        self._lock = threading.Lock()
        self.stopped = False

    def add(self, model: Model) -> None:
        with self._lock:
            self._models.append(model)
            if self.stopped:
                model.cancel()

    def discard(self, model: Model) -> None:
        with self._lock:
            self._models.remove(model)

    def stop(self) -> None:
        with self._lock:
            self.stopped = True
            for model in self._models:
                model.cancel()


class _Work:
    """Cells that are to be solved, by an executor that may break."""

    def __init__(self, instance: Instance, grid: Grid, options: Mapping[str, Any], jobs: int,
                 executor: Optional[Executor], chunk: int) -> None:
        self._instance = instance.copy()
        self._text = zlib.compress(instance.to_json().encode())
        self._file: Optional[str] = None
        self._grid = grid
        self._options = dict(options)
        self._jobs = jobs
        self._chunk = chunk
        self._running = _Running()
        self._here = executor is None
        self._own: Optional[Executor] = ThreadPoolExecutor(jobs, "inferplan") if executor is None \
            else None
        self._executor: Executor = executor if executor is not None else self._own  # type: ignore

    def _submit(self, executor: Executor, cells: Sequence[int]) -> "Future[List[Row]]":
        values = [self._grid.cell(cell) for cell in cells]
        if self._here:
            return executor.submit(self._solve_here, values)
        # Processes of this machine read it from a file. Tasks that fill the pipe to them would also
        # keep CPython before 3.11.5 from ever ending a pool whose worker was killed (its issue 94777).
        source: Union[bytes, str] = self._text
        if isinstance(executor, ProcessPoolExecutor):
            if self._file is None:
                self._file = self._written()
            source = self._file
        return executor.submit(solve_cells, source, self._grid.paths, values, self._options)

    def _written(self) -> str:
        descriptor, path = tempfile.mkstemp(prefix="inferplan-")
        try:
            with open(descriptor, "wb", buffering=0) as file:
                write(file.fileno(), self._text, path)
        except BaseException:
            os.unlink(path)
            raise
        return path

    def _solve_here(self, cells: Sequence[Sequence[Any]]) -> List[Row]:
        return [solve_cell(self._instance, self._grid.paths, values, self._options, self._running)
                for values in cells]

    def rows(self, cells: Sequence[int]) -> Iterator[Tuple[int, Row]]:
        """Each as it is done."""
        waiting: Deque[List[int]] = deque(list(cells[at:at + self._chunk])
                                          for at in range(0, len(cells), self._chunk))
        flying: Dict["Future[List[Row]]", List[int]] = {}
        most = 2 * self._jobs if self._here else _IN_FLIGHT
        try:
            while waiting or flying:
                lost: List[int] = []
                broken = False
                try:
                    while waiting and len(flying) < most:
                        flying[self._submit(self._executor, waiting[0])] = waiting[0]
                        waiting.popleft()
                except BrokenExecutor:
                    broken = True
                done: "Sequence[Future[List[Row]]]" = ()
                if flying:
                    done = list(wait(flying, return_when=FIRST_COMPLETED).done)
                for future in done:
                    mine = flying.pop(future)
                    try:
                        yield from zip(mine, future.result())
                    except BrokenExecutor:
                        broken = True
                        lost += mine
                    except Exception as error:  # of the executor: solve_cells itself raises nothing
                        yield from self._after(error, mine, waiting)
                if broken:
                    # It is broken for all that it still has.
                    for future, mine in flying.items():
                        if future.done() and not (future.cancelled() or future.exception()):
                            yield from zip(mine, future.result())
                        else:
                            lost += mine
                    flying.clear()
                    self._replace()
                    # One of few has killed its worker: from now on there are no more than workers.
                    most = self._jobs
                    if len(lost) > self._jobs:
                        waiting.extendleft([cell] for cell in sorted(lost, reverse=True))
                    else:
                        yield from self._alone(sorted(lost))
        except BaseException:
            self._running.stop()
            for future in flying:
                future.cancel()
            raise
        finally:
            self.close()

    @staticmethod
    def _after(error: Exception, cells: List[int],
               waiting: Deque[List[int]]) -> Iterator[Tuple[int, Row]]:
        """Of several cells at once, each is tried again by itself."""
        if len(cells) > 1:
            waiting.extendleft([cell] for cell in reversed(cells))
            return
        yield cells[0], failed(one_line(f"{type(error).__name__}: {error}", 1023))

    def _replace(self) -> None:
        """A worker was killed: go on in a pool of our own."""
        warnings.warn("a worker of the executor was killed; what it had, and what is left, is solved in "
                      "a pool of processes of our own", RuntimeWarning, stacklevel=5)
        self._end_own()
        self._own = self._executor = ProcessPoolExecutor(self._jobs)

    def _alone(self, cells: Sequence[int]) -> Iterator[Tuple[int, Row]]:
        """Each in a process of its own, so that only the one that kills it is lost."""
        for cell in cells:
            with ProcessPoolExecutor(1) as alone:
                try:
                    row = self._submit(alone, [cell]).result()[0]
                except BrokenExecutor:
                    row = failed("the process that solved it was killed")
            yield cell, row

    def _end_own(self) -> None:
        if self._own is not None:
            self._own.shutdown()
            self._own = None

    def close(self) -> None:
        self._end_own()
        if self._file is not None:
            os.unlink(self._file)
            self._file = None


class _Bar:
    """Progress by tqdm: on a terminal, or as asked."""

    def __init__(self, asked: Optional[bool], total: int, done: int) -> None:
        self._bar: Any = None
        if not (sys.stderr.isatty() if asked is None else asked):
            return
        try:
            tqdm = optional("tqdm", "progress bars").tqdm
        except ImportError:
            if asked:
                raise
            return
        self._bar = tqdm(total=total, initial=done, unit="cell")

    def step(self) -> None:
        if self._bar is not None:
            self._bar.update()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def sweep_rows(instance: Instance, grid: Mapping[str, Any], executor: Optional[Executor] = None, *,
               jobs: Optional[int] = None, chunk: int = 1, csv: Path = None, resume: Path = None,
               progress: Optional[bool] = None, **options: Any) -> Iterator[Row]:
    """The rows of ``sweep``, each as soon as it is done, as dicts with the number of the cell in
    "cell", "seconds" with them; needs no pandas. Leaving the loop early ends the sweep."""
    checked = Grid(instance, grid)
    jobs = whole("jobs", jobs if jobs is not None else os.cpu_count() or 1, 1)
    chunk = whole("chunk", chunk, 1)
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise refused("executor", executor, "a concurrent.futures.Executor, or None")
    csv = None if csv is None else file_path("csv", csv, "a path, or None")
    resume = None if resume is None else file_path("resume", resume, "a path, or None")
    if progress is not None:
        flag("progress", progress)
    # Options are refused before anything is solved.
    Model(instance, watched=False, **options).close()
    return _rows(instance, checked, executor, jobs, chunk, csv, resume, progress, options, RESULTS)


def _rows(instance: Instance, grid: Grid, executor: Optional[Executor], jobs: int, chunk: int,
          csv: Path, resume: Path, progress: Optional[bool], options: Mapping[str, Any],
          results: Sequence[str]) -> Iterator[Row]:
    table = None
    rows: Dict[int, Values] = {}
    if csv is not None and resume is not None:
        raise InputError("csv: found resume as well; allowed: one of the two", -5, "csv")
    path = csv if csv is not None else resume
    if path is not None:
        table = Table(path, grid, [name for name in results if name != "seconds"],
                      grid.digest(instance, options))
        if resume is not None:
            rows = table.resume()
        else:
            try:
                table.begin()
            except FileExistsError:
                raise FileExistsError(f"csv: found {shown(path)}, which is there already; allowed: a path "
                                      "without a file (resume= continues one)") from None
    bar = _Bar(progress, grid.count, len(rows))
    work = None
    try:
        for cell in sorted(rows):
            assert table is not None
            yield _named(grid, cell, {"seconds": None, **table.row(rows[cell])})
        missing = [cell for cell in range(grid.count) if cell not in rows]
        work = _Work(instance, grid, options, jobs, executor, chunk)
        for cell, row in work.rows(missing):
            if table is not None:
                rows[cell] = table.add(cell, row)
            bar.step()
            yield _named(grid, cell, row)
        if table is not None:
            table.finish(rows[cell] for cell in range(grid.count))
    finally:
        if work is not None:
            work.close()
        bar.close()
        if table is not None:
            table.close()


def _named(grid: Grid, cell: int, row: Row) -> Row:
    return {"cell": cell, **{path: _shown(value) for path, value in zip(grid.paths, grid.cell(cell))},
            **{name: row[name] for name in RESULTS}}


def _shown(value: Any) -> Any:
    """As it can stand in a data frame: a list as text."""
    return value_text(value) if isinstance(value, list) else value


def sweep(instance: Instance, grid: Mapping[str, Any], executor: Optional[Executor] = None, *,
          jobs: Optional[int] = None, chunk: int = 1, csv: Path = None, resume: Path = None,
          progress: Optional[bool] = None, seconds: bool = False, **options: Any) -> Any:
    """Solve the instance with every combination of the values of some fields: a pandas DataFrame with
    a row for each, in the order of the grid, the same whatever solves it.

    ``grid`` maps paths of fields to lists of values: numbers, words, None (no limit), or "scale:1.2"
    (times what stands there). The last path varies fastest; each cell is a copy of the instance with
    its values set in that order, solved by itself. Options are those of ``Model``: ``gap``,
    ``time_limit``, ``memory_limit_mb``, ``engine``, ``linearization``.

    >>> import inferplan
    >>> instance = inferplan.load({
    ...     "format": "inferplan-instance", "version": 1, "name": "one",
    ...     "horizon": {"rental_hours": 24}, "storage_usd_per_gb_hour": 0,
    ...     "queries": [{"name": "chat", "input_tokens": 500, "output_tokens": 200,
    ...                  "rate_per_hour": 300, "unmet_penalty_usd": 0.01}],
    ...     "models": [{"name": "7B", "weights_gb": 14, "kv_gb_per_token": 0.0005}],
    ...     "tiers": [{"name": "L4", "memory_gb": 24, "tflops": 100, "usd_per_hour": 0.7,
    ...                "tp_degrees": [1]}],
    ...     "performance": {"delay_ms_per_token": 20, "error_rate": 0.02,
    ...                     "kv_residency_hours": 0.002},
    ... })
    >>> frame = inferplan.sweep(instance, {"tiers[*].usd_per_hour": ["scale:1", "scale:5"],
    ...                                    "limits.budget_usd": [10, None]})
    >>> list(frame["gpus"])
    [0, 1, 0, 0]

    ``executor`` is any ``concurrent.futures.Executor``: None for ``jobs`` threads of this process (by
    default one for each processor), which is as fast as processes, as the interpreter is free while
    the library works; a ``ProcessPoolExecutor``; Dask's ``client.get_executor()``; mpi4py's
    ``MPIPoolExecutor``. Their workers need this package. A task is ``chunk`` cells, and is sent the
    whole instance: of large instances, several cells a task are faster.

    A cell that cannot be solved is a row with status "error" and what was wrong; the rest goes on.
    Where a worker is killed and breaks its executor, what is missing is solved in processes of our
    own, with a RuntimeWarning; a cell that kills those as well is a row that says so.

    ``csv`` is a new file that each row is written to as soon as it is done, and in the order of the grid at
    the end; FileExistsError if there is one already. ``resume`` continues such a file, of the same sweep,
    solving what is missing or failed, and begins it if there is none. It takes the file whatever was done
    to its line ends, and raises InputError, without changing it, if it is any other file, or one that
    another sweep is writing. docs/sweeps.md says the rest. ``progress`` is shown by tqdm
    where that is installed, on a terminal unless True or False is said. With ``seconds``, there is a
    column for the time that each cell took (empty where it was read from a file), which is never the
    same.

    Ctrl-C ends the sweep with KeyboardInterrupt; rows in the file stay. InputError, before anything is
    solved, where a path or a value is wrong by itself.
    """
    optional("pandas", "data frames")
    flag("seconds", seconds)
    made = sorted(sweep_rows(instance, grid, executor, jobs=jobs, chunk=chunk, csv=csv,
                             resume=resume, progress=progress, **options),
                  key=lambda row: int(row["cell"]))
    columns = [*grid, *(name for name in RESULTS if seconds or name != "seconds")]
    return frame(made, columns)
