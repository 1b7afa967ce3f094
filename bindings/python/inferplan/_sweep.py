# SPDX-License-Identifier: MIT
"""Sweeps: a grid of solves, on threads of this process or on an executor."""
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
from ._library import Code
from ._model import Model
from ._rows import Table, Values, value_text
from ._save import write
from ._text import one_line

Path = Union[None, str, "os.PathLike[str]"]

# The largest number of pending tasks of an executor: enough for hundreds of workers, and few enough
# for memory.
_IN_FLIGHT = 512


class _Running:
    """The models that threads of this process are solving."""

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
    """The cells to solve, on an executor that may break."""

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
        # Processes of this machine read the instance from a file. Large tasks that fill the pipe to
        # them would also stop CPython before 3.11.5 from ever ending a pool whose worker was killed
        # (CPython issue 94777).
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
        """The rows, each as soon as it is done."""
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
                    except Exception as error:  # an error of the executor: solve_cells raises none
                        yield from self._after(error, mine, waiting)
                if broken:
                    # All tasks that the executor still has are lost.
                    for future, mine in flying.items():
                        if future.done() and not (future.cancelled() or future.exception()):
                            yield from zip(mine, future.result())
                        else:
                            lost += mine
                    flying.clear()
                    self._replace()
                    # One of the pending tasks has killed its worker. From now on there are at most
                    # as many tasks as workers, so that fewer are suspected.
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
        """Retry the cells of a failed task one at a time. A single cell becomes a row with the
        error."""
        if len(cells) > 1:
            waiting.extendleft([cell] for cell in reversed(cells))
            return
        yield cells[0], failed(one_line(f"{type(error).__name__}: {error}", 1023))

    def _replace(self) -> None:
        """A worker was killed. Continue in a new pool of processes."""
        warnings.warn("a worker of the executor was killed; what it had, and what is left, is solved in "
                      "a pool of processes of our own", RuntimeWarning, stacklevel=5)
        self._end_own()
        self._own = self._executor = ProcessPoolExecutor(self._jobs)

    def _alone(self, cells: Sequence[int]) -> Iterator[Tuple[int, Row]]:
        """Solve each cell in a separate process, so that only the cell that kills its process is
        lost."""
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
    """A progress bar of tqdm: on a terminal by default, or as requested."""

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
    """The rows of ``sweep`` as dicts, each as soon as it is done. Rows also have the number of the
    cell in "cell", and "seconds". Needs no pandas. Leaving the loop early ends the sweep."""
    checked = Grid(instance, grid)
    jobs = whole("jobs", jobs if jobs is not None else os.cpu_count() or 1, 1)
    chunk = whole("chunk", chunk, 1)
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise refused("executor", executor, "a concurrent.futures.Executor, or None")
    csv = None if csv is None else file_path("csv", csv, "a path, or None")
    resume = None if resume is None else file_path("resume", resume, "a path, or None")
    if progress is not None:
        flag("progress", progress)
    # Refuse wrong options before anything is solved.
    Model(instance, watched=False, **options).close()
    return _rows(instance, checked, executor, jobs, chunk, csv, resume, progress, options, RESULTS)


def _rows(instance: Instance, grid: Grid, executor: Optional[Executor], jobs: int, chunk: int,
          csv: Path, resume: Path, progress: Optional[bool], options: Mapping[str, Any],
          results: Sequence[str]) -> Iterator[Row]:
    table = None
    rows: Dict[int, Values] = {}
    if csv is not None and resume is not None:
        raise InputError("csv: found resume as well; allowed: one of the two", Code.VALUE, "csv")
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
    """A value for a data frame. A list becomes a text."""
    return value_text(value) if isinstance(value, list) else value


def sweep(instance: Instance, grid: Mapping[str, Any], executor: Optional[Executor] = None, *,
          jobs: Optional[int] = None, chunk: int = 1, csv: Path = None, resume: Path = None,
          progress: Optional[bool] = None, seconds: bool = False, **options: Any) -> Any:
    """Solve the instance with every combination of the values of some fields. Returns a pandas
    DataFrame with a row for each combination, in the order of the grid. The result does not depend
    on the executor.

    ``grid`` maps paths of fields to lists of values: numbers, words, None (no limit), or
    "scale:1.2" (times the current value). The last path varies fastest. Each cell is a copy of the
    instance with its values set in that order, and is solved independently. Options are those of
    ``Model``: ``gap``, ``time_limit``, ``memory_limit_mb``, ``engine``, ``linearization``.

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

    ``executor`` is any ``concurrent.futures.Executor``: a ``ProcessPoolExecutor``, Dask's
    ``client.get_executor()`` or mpi4py's ``MPIPoolExecutor``, for example. Their workers need this
    package. None means ``jobs`` threads of this process (by default one for each processor).
    Threads are as fast as processes, because the library does not hold the interpreter while it
    works. A task is ``chunk`` cells and carries the whole instance, so for large instances several
    cells per task are faster.

    A cell that cannot be solved becomes a row with status "error" and the message, and the sweep
    continues. If a killed worker breaks its executor, the remaining cells are solved in new
    processes, with a RuntimeWarning. A cell that kills those as well becomes a row that says so.

    ``csv`` is a new file. Each row is written to it as soon as it is done, and at the end the rows
    are put in the order of the grid. FileExistsError if the file exists. ``resume`` continues such
    a file of the same sweep, solving the cells that are missing or failed. It creates a file that
    does not exist. Changed line ends are accepted. InputError, without a change to the file, if it
    is any other file, or if another sweep is writing to it. docs/sweeps.md has the details.
    ``progress`` shows a bar if tqdm is installed: by default on a terminal, or as True or False
    says. With ``seconds`` there is a column for the time of each cell, which differs between runs
    and is empty if the row was read from a file.

    Ctrl-C ends the sweep with KeyboardInterrupt, and the file keeps its rows. InputError, before
    anything is solved, if a path is wrong or a value is not allowed on its own.
    """
    optional("pandas", "data frames")
    flag("seconds", seconds)
    made = sorted(sweep_rows(instance, grid, executor, jobs=jobs, chunk=chunk, csv=csv,
                             resume=resume, progress=progress, **options),
                  key=lambda row: int(row["cell"]))
    columns = [*grid, *(name for name in RESULTS if seconds or name != "seconds")]
    return frame(made, columns)
