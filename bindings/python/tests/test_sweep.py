# SPDX-License-Identifier: MIT
"""Sweeps on threads and processes: what they come to, what is refused, and what is left when something
is killed. test_sweep_dask.py and test_sweep_mpi.py run the same study elsewhere."""
import csv
import doctest
import io
import itertools
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tracemalloc
import unittest
import unittest.mock
import warnings
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import inferplan
import inferplan._sweep
from inferplan import InputError
from inferplan._cells import Grid
from test_inferplan import HERE, ICC, hard
from test_plans import needs

FACTORS = [f"scale:{5 + step}e-1" for step in range(11)]
#: The paper's study of prices and error limits: 121 cells.
STUDY = {"tiers[*].usd_per_hour": FACTORS, "queries[*].error_limit": FACTORS}
SMALL = {"tiers[*].usd_per_hour": ["scale:0.5", "scale:2"], "limits.budget_usd": [100, 300.5, None],
         "policy.placement": ["single", "split"]}


def study(executor=None, **more):
    """Its frame as text."""
    return inferplan.sweep(inferplan.load(ICC), STUDY, executor, progress=False, **more).to_csv()


class Killer(Executor):
    """Hands on to a pool of processes, and kills one of them at some tasks."""

    def __init__(self, at):
        self.pool = ProcessPoolExecutor(2)
        self.at = set(at)
        self.tasks = 0

    def submit(self, function, *arguments, **keywords):
        self.tasks += 1
        future = self.pool.submit(function, *arguments, **keywords)
        if self.tasks in self.at:
            os.kill(next(iter(self.pool._processes)), signal.SIGKILL)
        return future


class Late(Executor):
    """Does everything in the order that pleases it: the last task first."""

    def __init__(self):
        self.waiting = []
        self.tasks = 0

    def submit(self, function, *arguments):
        future = Future()
        self.waiting.append((future, function, arguments))
        self.tasks += 1
        threading.Timer(0.01, self.work).start()
        return future

    def work(self):
        future, function, arguments = self.waiting.pop()
        future.set_result(function(*arguments))


class Grids(unittest.TestCase):
    def test_many_values(self):
        """They are tried on one copy of the instance, except what depends on what was there."""
        instance = inferplan.load(ICC)
        copies = []

        class Counting(inferplan.Instance):
            def copy(self):
                copies.append(1)
                return super().copy()

        counting = Counting.from_json(instance.to_json())
        Grid(counting, {"limits.budget_usd": range(1, 501), "limits.storage_gb": [None, 5, None]})
        self.assertEqual(len(copies), 2)
        Grid(counting, {"tiers[*].usd_per_hour": ["scale:1e10"] * 3})
        self.assertEqual(len(copies), 3)

    def test_work(self):
        """Copies and changes stay few however many values there are."""
        class Counting(inferplan.Instance):
            copies = 0

            def copy(self):
                Counting.copies += 1
                return super().copy()

        instance = Counting.from_dict(inferplan.load(ICC).to_dict())
        tier = instance.tiers[0]
        entry = f"tiers[{tier}].tp_degrees[0]"
        other = max(instance.numbers(f"tiers[{tier}].tp_degrees")) + 1
        for path, values in (("limits.budget_usd", [f"scale:{at}" for at in range(5000)]),
                             ("queries[*].rate_per_hour", [at / 7 for at in range(5000)]),
                             ("performance.error_rate[*][*][*]", [f"scale:{at}e-4" for at in range(5000)]),
                             ("policy.max_replicas", list(range(1, 5000))),
                             ("tiers[*].tp_degrees", [f"scale:{at}" for at in range(1, 5000)]),
                             (entry, [other + at for at in range(5000)])):
            Counting.copies = 0
            sets = []
            put = inferplan._cells._put
            with unittest.mock.patch("inferplan._cells._put",
                                     lambda *given: (sets.append(1), put(*given))):
                Grid(instance, {path: values})
            self.assertLess(Counting.copies, 40, path)
            self.assertLess(len(sets), 40, path)

    def test_every_value(self):
        """What is refused is what is refused when each value is set in a copy of its own."""
        instance = inferplan.load(ICC)
        instance["limits.budget_usd"] = 5
        columns = {
            "limits.budget_usd": [-1, 0, 2, 1e15, 2e15, float("inf"), None, "scale:2", "scale:-1", "any",
                                  "scale: 2", "scale:1_0", "scale:x", "scale:1e400", "2", "null", [3]],
            "policy.max_replicas": [0, 1, 1.5, 2, 10**6, 10**6 + 1, "scale:2", "scale:0.5", None],
            "queries[*].error_limit": [0, 0.5, 1, 1.1, "scale:0.5", "scale:9", "scale:5000", None],
            "tiers[*].tp_degrees": [1, 2, 2.5, 0, [1], [1, 2], [2, 2], "scale:2", "scale:0.5",
                                    "scale:2e6", "[1, 3]"],
            "tiers[*].tp_degrees[0]": [1, 2, 3, 4, 5, 6, 7, 2.5, "scale:2", "scale:1", "scale:3"],
            "tiers[*].tp_speedup": [None, 1, [1], [1, 1.5], 0, "scale:2", "scale:0"],
            "performance.error_rate": [0, 0.5, 1, 1.5, None, float("nan"), "scale:0.5", "scale:900", [1, 2]],
            "performance.delay_shrink": [-1, 0, 1, 2, "scale:2", "scale:-2"],
            "policy.placement": ["single", "split", "any", 1, None],
        }
        chance = random.Random(1)
        outcomes = {True: 0, False: 0}
        for _ in range(1500):
            path = chance.choice(list(columns))
            values = [chance.choice(columns[path]) for _ in range(chance.randrange(1, 7))]
            expected = None
            for value in values:
                try:
                    inferplan._cells.apply(instance.copy(), (path,), (value,))
                except InputError as error:
                    expected = str(error)
                    break
            try:
                Grid(instance, {path: values})
                found = None
            except InputError as error:
                found = str(error)
            self.assertEqual(found, expected, (path, values))
            outcomes[found is None] += 1
        self.assertGreater(min(outcomes.values()), 200)


@needs("pandas")
class Sweeps(unittest.TestCase):
    def test_against_single_solves(self):
        instance = inferplan.load(ICC)
        frame = inferplan.sweep(instance, SMALL, progress=False)
        self.assertEqual(len(frame), 12)
        for (_, row), values in zip(frame.iterrows(), itertools.product(*SMALL.values())):
            single = instance.copy()
            single.scale("tiers[*].usd_per_hour", float(values[0][6:]))
            single["limits.budget_usd"] = values[1]
            single["policy.placement"] = values[2]
            plan = single.solve()
            self.assertEqual(row["objective_usd"], plan.objective_usd)
            self.assertEqual(row["bound_usd"], plan.bound_usd)
            self.assertEqual(row["gpus"], sum(entry.gpus for entry in plan.deployments))
            self.assertEqual((row["policy.placement"], row["status"]), (values[2], plan.status))
        self.assertEqual(instance.to_json(), inferplan.load(ICC).to_json())

    def test_against_the_command(self):
        """The same columns, and the same optima within the gap."""
        command = os.environ.get("INFERPLAN_COMMAND")
        if not command:
            self.skipTest("INFERPLAN_COMMAND names no command")
        arguments = [word for path, values in SMALL.items() for word in
                     ("--vary", path + "=" + ",".join("null" if value is None else str(value)
                                                      for value in values))]
        run = subprocess.run([command, "sweep", ICC, "--csv", *arguments], stdout=subprocess.PIPE,
                             check=True)
        rows = list(csv.DictReader(io.StringIO(run.stdout.decode(), newline="")))
        frame = inferplan.sweep(inferplan.load(ICC), SMALL, progress=False, seconds=True)
        self.assertEqual(list(rows[0]), list(frame.columns))
        for row, (_, mine) in zip(rows, frame.iterrows()):
            self.assertEqual(row["policy.placement"], mine["policy.placement"])
            self.assertAlmostEqual(float(row["objective_usd"]), mine["objective_usd"],
                                   delta=2e-4 * mine["objective_usd"])
            self.assertEqual(row["status"], mine["status"])
            if float(row["objective_usd"]) == mine["objective_usd"]:
                self.assertAlmostEqual(float(row["unmet_fraction"]), mine["unmet_fraction"],
                                       places=12)

    def test_the_same_whatever_solves_it(self):
        expected = study(jobs=1)
        self.assertEqual(expected.count("\n"), 122)
        for more in ({"jobs": 2}, {"jobs": 4}, {"chunk": 7}):
            self.assertEqual(study(**more), expected)
        for executor in (ThreadPoolExecutor(3), ProcessPoolExecutor(2)):
            with executor:
                self.assertEqual(study(executor, chunk=5), expected)
                self.assertEqual(executor.submit(abs, -1).result(), 1)  # it is still the caller's
        late = Late()
        self.assertEqual(study(late, chunk=11), expected)
        self.assertEqual(late.tasks, 11)

    def test_rows_as_they_come(self):
        """The first is there while the others take for ever, and leaving the loop ends them."""
        rows = inferplan.sweep_rows(hard(), {"limits.budget_usd": [0.001, 500, 600]}, jobs=1)
        first = next(rows)
        self.assertEqual((first["cell"], first["limits.budget_usd"]), (0, 0.001))
        rows.close()

    def test_what_fails_is_a_row(self):
        instance = inferplan.load(ICC)
        frame = inferplan.sweep(instance, {"uncertainty.kind": ["none", "budget"],
                                           "uncertainty.delay_budget": [1, None],
                                           "queries[*].max_unmet": [1, 0],
                                           "limits.budget_usd": [0]}, progress=False)
        self.assertEqual(list(frame["status"]), ["optimal", "infeasible"] * 3 + ["error"] * 2)
        self.assertIn("delay_budget", frame["error"][6])
        self.assertTrue(frame["objective_usd"][6:].isna().all())

    def test_docstring(self):
        failed, tried = doctest.testmod(inferplan._sweep)
        self.assertEqual(failed, 0)
        self.assertGreater(tried, 0)

    def test_refused(self):
        instance = inferplan.load(ICC)
        for grid, where in (({}, "grid"), ({"limits.budget": [1]}, "limits.budget"),
                            ({"limits.budget_usd": []}, "limits.budget_usd"),
                            ({"limits.budget_usd": "100"}, "limits.budget_usd"),
                            ({"limits.budget_usd": 100}, "limits.budget_usd"),
                            ({"limits.budget_usd": [100, -1]}, "limits.budget_usd"),
                            ({"limits.budget_usd": [True]}, "limits.budget_usd"),
                            ({"limits.budget_usd": [{}]}, "limits.budget_usd"),
                            ({"limits.budget_usd": [[[1]]]}, "limits.budget_usd"),
                            ({"limits.budget_usd": [10**400]}, "limits.budget_usd"),
                            ({"policy.placement": ["single", "all"]}, "policy.placement"),
                            ({"limits.budget_usd": range(1, 1002),
                              "limits.storage_gb": range(1, 1001)}, "grid")):
            with self.assertRaises(InputError) as caught:
                inferplan.sweep(instance, grid)
            self.assertEqual(caught.exception.where, where)
        for options in ({"jobs": 0}, {"jobs": 1.5}, {"chunk": 0}, {"gap": 2}, {"speed": 1}):
            with self.assertRaises(InputError):
                inferplan.sweep(instance, SMALL, **options)

    @needs("tqdm")
    def test_progress(self):
        """A bar where it is asked for, and none where nobody looks."""
        code = (f"import inferplan; instance = inferplan.load({ICC!r})\n"
                "rows = list(inferplan.sweep_rows(instance, {'limits.budget_usd': [1, 2]}, "
                "progress=%s))\n")
        for asked, words in ((None, ""), (True, "2/2"), (False, "")):
            run = subprocess.run([sys.executable, "-c", code % asked], stderr=subprocess.PIPE,
                                 text=True, check=True)
            if words and not run.stderr:
                self.fail("tqdm showed nothing")
            self.assertIn(words, run.stderr)
            self.assertTrue(words or not run.stderr)
        code = "import sys; sys.modules['tqdm'] = None\n" + code
        subprocess.run([sys.executable, "-c", code % None], check=True)
        run = subprocess.run([sys.executable, "-c", code % True], stderr=subprocess.PIPE, text=True)
        self.assertEqual(run.returncode, 1)
        self.assertIn("pip install tqdm", run.stderr)

    def test_killed_workers(self):
        """One is killed, and all rows are there; the caller is warned once for each."""
        expected = study(jobs=1)
        for at in ([1], [60], [3, 50], [121]):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                self.assertEqual(study(Killer(at)), expected)
            self.assertEqual({str(one.message)[:30] for one in caught
                              if one.category is RuntimeWarning},
                             {"a worker of the executor was k"})

    def test_a_cell_that_kills(self):
        """A cell whose process dies again and again is a row that says so; all others are there."""
        code = ("import os, sys, warnings\n"
                "import inferplan, inferplan._cells as cells\n"
                "from concurrent.futures import ProcessPoolExecutor\n"
                "solve = cells.solve_cell\n"
                "def deadly(instance, paths, values, options, running=None):\n"
                "    if values == (300.0,):\n"
                "        os.kill(os.getpid(), 9)\n"
                "    return solve(instance, paths, values, options, running)\n"
                "cells.solve_cell = deadly\n"  # the workers are forks of this process
                "warnings.simplefilter('ignore')\n"
                f"instance = inferplan.load({ICC!r})\n"
                "import multiprocessing\n"
                "multiprocessing.set_start_method('fork')\n"
                "with ProcessPoolExecutor(2) as pool:\n"
                "    rows = list(inferplan.sweep_rows(instance, {'limits.budget_usd': "
                "[100, 200, 300, 400]}, pool))\n"
                "for row in sorted(rows, key=lambda row: row['cell']):\n"
                "    print(row['status'], row['error'])\n")
        run = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True,
                             timeout=100)
        self.assertEqual(run.stdout.splitlines(),
                         ["optimal None", "optimal None",
                          "error the process that solved it was killed", "optimal None"])

    def test_interrupt(self):
        """Ctrl-C: rows that are done stay, what runs ends at once, and no thread is left."""
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "rows.csv")
            code = ("import sys, threading; sys.path.insert(0, sys.argv[1])\n"
                    "from test_inferplan import hard, inferplan\n"
                    "try:\n"
                    "    for row in inferplan.sweep_rows(hard(), {'limits.budget_usd': "
                    "[0.001, 0.002, 500, 600, 700]}, jobs=2, csv=sys.argv[2]):\n"
                    "        print('row', flush=True)\n"
                    "except KeyboardInterrupt:\n"
                    "    print('interrupted', threading.active_count(), flush=True)\n")
            child = subprocess.Popen([sys.executable, "-c", code, HERE, path],
                                     stdout=subprocess.PIPE, text=True)
            self.assertEqual(child.stdout.readline() + child.stdout.readline(), "row\nrow\n")
            time.sleep(0.5)
            child.send_signal(signal.SIGINT)
            output, _ = child.communicate(timeout=60)
            self.assertEqual((child.returncode, output), (0, "interrupted 1\n"))
            with open(path, encoding="utf-8") as file:
                self.assertEqual(len(file.readlines()), 3)


@needs("pandas")
class Files(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.path = os.path.join(directory.name, "rows.csv")

    def bytes(self):
        with open(self.path, "rb") as file:
            return file.read()

    def sweep(self, grid=None, **more):
        return inferplan.sweep(inferplan.load(ICC), grid or SMALL, progress=False, **more)

    def test_resume(self):
        """From every state that a killed sweep can leave: the same bytes in the end, and the same
        frame."""
        frame = self.sweep(csv=self.path).to_csv()
        whole = self.bytes()
        lines = whole.splitlines(keepends=True)
        self.assertEqual(len(lines), 13)
        for left in (whole, b"".join(lines[:1]), b"".join(lines[:5]), b"".join(lines[5:2:-1]), b"",
                     b"".join(lines[:7]) + lines[7][:20], lines[0][:10], whole[:-1], whole[:-2],
                     lines[0] + lines[9] + lines[3]):
            if left and not left.startswith(lines[0][:10]):
                left = lines[0] + left
            with open(self.path, "wb") as file:
                file.write(left)
            self.assertEqual(self.sweep(resume=self.path).to_csv(), frame)
            self.assertEqual(self.bytes(), whole)
        os.remove(self.path)
        self.assertEqual(self.sweep(resume=self.path).to_csv(), frame)
        self.assertEqual(self.bytes(), whole)
        self.assertEqual(os.listdir(os.path.dirname(self.path)), ["rows.csv"])

    def test_memory(self):
        """The rows of a file take a few times its bytes while it is read, and their lines are not kept."""
        instance = inferplan.load(ICC)
        grid = Grid(instance, {"limits.budget_usd": list(range(5000))})
        names = [name for name in inferplan._cells.RESULTS if name != "seconds"]
        row = {name: 1.2345678901234567 + at for at, name in enumerate(names)}
        row.update(status="optimal", gpus=3, deployments=1, error=None)
        table = inferplan._rows.Table(self.path, grid, names, grid.digest(instance, {}))
        table.begin()
        for cell in range(grid.count):
            table.add(cell, row)
        table.close()
        tracemalloc.start()
        try:
            rows = table.resume()
            kept, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
            table.close()
        self.assertEqual(len(rows), grid.count)
        self.assertEqual(table.row(rows[17]), row)
        size = os.path.getsize(self.path)
        self.assertLess(kept, 5 * size)
        self.assertLess(peak, 8 * size)

    def test_only_what_is_missing(self):
        self.sweep(csv=self.path)
        lines = self.bytes().splitlines(keepends=True)
        with open(self.path, "wb") as file:
            file.writelines(lines[:10])
        pool = Late()
        self.sweep(resume=self.path, executor=pool)
        self.assertEqual(pool.tasks, 3)
        pool = Late()
        self.sweep(resume=self.path, executor=pool)
        self.assertEqual(pool.tasks, 0)

    def test_failed_cells_are_tried_again(self):
        grid = {"uncertainty.delay_budget": [1, None]}
        frame = self.sweep(grid, csv=self.path)
        self.assertEqual(list(frame["status"]), ["optimal", "error"])
        pool = Late()
        self.assertEqual(self.sweep(grid, resume=self.path, executor=pool).to_csv(), frame.to_csv())
        self.assertEqual(pool.tasks, 1)

    def test_another_sweep(self):
        """Its file is refused, and stays."""
        self.sweep(csv=self.path)
        before = self.bytes()
        for grid, more in (({**SMALL, "limits.budget_usd": [100, 300.5, 7]}, {}),
                           (dict(reversed(SMALL.items())), {}), (SMALL, {"gap": 0.01}),
                           ({"limits.budget_usd": [1]}, {})):
            with self.assertRaises(InputError) as caught:
                self.sweep(grid, resume=self.path, **more)
            self.assertEqual(caught.exception.where, self.path)
            self.assertEqual(self.bytes(), before)
        other = inferplan.load(ICC)
        other.scale("tiers[*].usd_per_hour", 1.1)
        with self.assertRaises(InputError):
            inferplan.sweep(other, SMALL, resume=self.path)
        with self.assertRaises(FileExistsError) as caught:
            self.sweep(csv=self.path)
        self.assertIn("resume=", str(caught.exception))
        with self.assertRaises(InputError):
            self.sweep(csv=self.path, resume=self.path)
        self.assertEqual(self.bytes(), before)
        for path in (os.path.dirname(self.path), "/dev/zero"):
            with self.assertRaises(InputError):
                self.sweep(resume=path)
        for wrong in (b"name,age\r\nme,3\r\n", b"\"\r\n", b"\xff\xfe\r\n", before.replace(b",0,", b",99,", 1)):
            with open(self.path, "wb") as file:
                file.write(wrong)
            with self.assertRaises(InputError):
                self.sweep(resume=self.path)
            self.assertEqual(self.bytes(), wrong)
        with self.assertRaises(FileNotFoundError):
            self.sweep(csv=os.path.join(self.path + "-none", "rows.csv"))

    def test_odd_names(self):
        """Paths and words with commas and quotes are read back."""
        document = inferplan.load(ICC).to_dict()
        document["tiers"][0]["name"] = 'a "tier", 24 GB'
        instance = inferplan.load(document)
        grid = {'tiers[a "tier", 24 GB].tp_degrees': [[1, 2], [4]],
                "tiers[*].usd_per_hour": ["scale:1.5"]}
        frame = inferplan.sweep(instance, grid, csv=self.path, progress=False)
        whole = self.bytes()
        with open(self.path, "wb") as file:
            file.write(b"".join(whole.splitlines(keepends=True)[:2]))
        again = inferplan.sweep(instance, grid, resume=self.path, progress=False)
        self.assertEqual((again.to_csv(), self.bytes()), (frame.to_csv(), whole))

    def test_killed(self):
        """kill -9 in the middle: what was done is there, and the sweep goes on from it."""
        code = ("import sys; sys.path.insert(0, sys.argv[1])\n"
                "from test_sweep import study\n"
                "study(csv=sys.argv[2])\n")
        child = subprocess.Popen([sys.executable, "-c", code, HERE, self.path])
        while not os.path.exists(self.path) or self.bytes().count(b"\n") < 10:
            self.assertIsNone(child.poll())
            time.sleep(0.002)
        child.kill()
        child.wait()
        left = self.bytes().count(b"\n") - 1
        self.assertLess(left, 121)
        self.assertEqual(study(resume=self.path), study())

    def test_numbers_of_numpy(self):
        try:
            import numpy
        except ImportError:
            self.skipTest("needs numpy")
        plain = self.sweep({"limits.budget_usd": [100, 150, 200], "policy.max_replicas": [1, 2]})
        arrays = self.sweep({"limits.budget_usd": numpy.linspace(100, 200, 3),
                             "policy.max_replicas": numpy.array([1, 2])})
        self.assertEqual(arrays.to_csv(), plain.to_csv())
        with self.assertRaises(InputError):
            self.sweep({"limits.budget_usd": numpy.array([True])})


if __name__ == "__main__":
    unittest.main()
