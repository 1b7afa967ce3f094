# SPDX-License-Identifier: MIT
"""The package, against the library that INFERPLAN_LIBRARY names."""
import array
import copy
import doctest
import gc
import json
import math
import os
import pickle
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from unittest import mock

import inferplan
import inferplan._instance
import inferplan._run
from inferplan import InputError

INSTANCES = os.environ["INFERPLAN_INSTANCES"]
ICC = os.path.join(INSTANCES, "icc2025.json")
HERE = os.path.dirname(os.path.abspath(__file__))


def hard():
    """One that no solve of a few seconds can prove."""
    draw = random.Random(1)
    queries, models, tiers = 14, 6, 10
    cells = queries * models * tiers
    instance = inferplan.Instance("hard")
    for q in range(queries):
        instance.add_query(f"query {q}", input_tokens=draw.uniform(50, 500), output_tokens=200,
                           rate_per_hour=draw.uniform(50, 500),
                           tflop_per_1k_tokens=draw.uniform(100, 900),
                           delay_limit_ms=draw.uniform(500, 900),
                           error_limit=draw.uniform(0.03, 0.07),
                           unmet_penalty_usd=draw.uniform(0.02, 0.2),
                           delay_penalty_usd_per_ms=draw.uniform(0, 1e-5))
    for m in range(models):
        instance.add_model(f"model {m}", weights_gb=draw.uniform(4, 60),
                           kv_gb_per_token=draw.uniform(0.001, 0.01))
    for t in range(tiers):
        instance.add_tier(f"tier {t}", memory_gb=draw.uniform(16, 80), tflops=draw.uniform(20, 200),
                          usd_per_hour=draw.uniform(0.4, 3), tp_degrees=[1, 2, 4])
    for path, value in (("horizon.rental_hours", 12), ("storage_usd_per_gb_hour", 0.002),
                        ("limits.budget_usd", 40 * queries), ("policy.placement", "matching"),
                        ("policy.storage_basis", "route"), ("policy.max_replicas", 2),
                        ("uncertainty.kind", "budget"), ("uncertainty.delay_budget", 2),
                        ("uncertainty.error_budget", 2)):
        instance[path] = value
    for field, low, high in (("delay_ms_per_token", 0.3, 3), ("error_rate", 0.01, 0.1),
                             ("delay_deviation_ms_per_token", 0.1, 1),
                             ("error_deviation", 0.005, 0.05),
                             ("kv_residency_hours", 0.001, 0.05)):
        instance["performance." + field] = [draw.uniform(low, high) for _ in range(cells)]
    return instance


class Instances(unittest.TestCase):
    def test_from_everywhere(self):
        read = inferplan.load(ICC)
        with open(ICC, encoding="utf-8") as file:
            document = json.load(file)
        text = read.to_json()
        for other in (inferplan.load(document), inferplan.Instance.from_json(text), copy.copy(read),
                      copy.deepcopy(read), pickle.loads(pickle.dumps(read)), inferplan.load(read),
                      inferplan.Instance.from_json(text.encode())):
            self.assertEqual(other.to_json(), text)
        self.assertEqual(read.name, document["name"])
        self.assertEqual(read.queries, tuple(entry["name"] for entry in document["queries"]))
        self.assertEqual(read.tiers, tuple(entry["name"] for entry in document["tiers"]))
        self.assertEqual(read.pools, ())
        self.assertEqual(read.to_dict()["limits"], document["limits"])

    def test_fields(self):
        instance = inferplan.load(ICC)
        instance["limits.budget_usd"] = 77
        self.assertEqual(instance["limits.budget_usd"], 77)
        instance.scale("limits.budget_usd", 0.5)
        self.assertEqual(instance["limits.budget_usd"], 38.5)
        instance["limits.budget_usd"] = None
        self.assertEqual(instance["limits.budget_usd"], math.inf)
        instance["policy.placement"] = "split"
        self.assertEqual(instance.to_dict()["policy"]["placement"], "split")

    def test_texts(self):
        """A factor is one everywhere; a text of a number is refused and changes nothing."""
        instance = inferplan.load(ICC)
        before = instance.numbers("tiers[*].usd_per_hour")
        model = inferplan.Model(instance)
        for target in (instance, model):
            target["tiers[*].usd_per_hour"] = "scale:1.5"
            target["limits.budget_usd"] = "scale:0.5"
        self.assertEqual(instance.numbers("tiers[*].usd_per_hour"),
                         [1.5 * price for price in before])
        self.assertEqual(instance["limits.budget_usd"], 1500)
        for target in (instance, model):
            target["queries[*].max_unmet"] = (0.5 for _ in instance.queries)
        self.assertEqual(model.solve().source.to_json(), instance.to_json())
        instance.add_tier("spare", usd_per_hour=2)
        instance["tiers[spare].usd_per_hour"] = "scale:2"
        self.assertEqual(instance["tiers[spare].usd_per_hour"], 4)
        instance = inferplan.load(ICC)
        text, program = instance.to_json(), instance.export("lp")
        with inferplan.Model(instance) as model:
            for target in (instance, model):
                for path in ("limits.budget_usd", "performance.error_rate", "tiers[0].tp_degrees"):
                    for value in ("100", "1e2", "[1, 2]", "null", "scale:", "scale:x", "scale:1e400"):
                        with self.assertRaises(InputError, msg=(path, value)) as caught:
                            target[path] = value
                        self.assertEqual(caught.exception.where, path)
            self.assertEqual(instance.to_json(), text)
            self.assertEqual(model.export("lp"), program)

    def test_a_pool_with_the_name_of_a_factor(self):
        instance = inferplan.load(ICC)
        instance.add_pool("scale:2", gpus=3)
        instance["tiers[0].pool"] = "scale:2"
        self.assertEqual(instance.to_dict()["tiers"][0]["pool"], "scale:2")

    def test_tables(self):
        instance = inferplan.load(ICC)
        shape = len(instance.queries), len(instance.models), len(instance.tiers)
        nested = [[[q + m / 10 + t / 100 for t in range(shape[2])] for m in range(shape[1])]
                  for q in range(shape[0])]
        flat = [value for row in nested for line in row for value in line]
        path = "performance.delay_ms_per_token"
        texts = set()
        tables = [nested, flat, array.array("d", flat), (value for value in flat)]
        try:
            import numpy
        except ImportError:
            pass
        else:
            whole = numpy.array(nested)
            tables += [whole, numpy.asfortranarray(whole), whole[::1], whole.astype(">f8"),
                       numpy.array(nested, dtype=numpy.float64)[:, :, ::-1][:, :, ::-1]]
            self.assertIsNone(whole.__array_interface__["strides"])
            for one in (numpy.float64(7), numpy.float32(7), numpy.int64(7), numpy.array(7)):
                instance["limits.budget_usd"] = one
                self.assertEqual(instance["limits.budget_usd"], 7)
        for table in tables:
            instance[path] = table
            self.assertEqual(instance[f"{path}[1][2][0]"], nested[1][2][0])
            texts.add(instance.to_json())
        self.assertEqual(len(texts), 1)

    def test_refused(self):
        instance = inferplan.load(ICC)
        text = instance.to_json()
        for path, value, where in (("limits.budget", 1, "limits.budget"),
                                   ("limits.budget_usd", -1, "limits.budget_usd"),
                                   ("limits.budget_usd", math.nan, "limits.budget_usd"),
                                   ("limits.budget_usd", True, "limits.budget_usd"),
                                   ("policy.placement", "wide", "policy.placement"),
                                   ("queries[99].rate_per_hour", 1, "queries[99].rate_per_hour"),
                                   ("performance.error_rate", [1, 2], "performance.error_rate")):
            with self.assertRaises(InputError, msg=path) as caught:
                instance[path] = value
            self.assertEqual(caught.exception.where, where)
            self.assertIsInstance(caught.exception, ValueError)
        self.assertEqual(instance.to_json(), text)
        with self.assertRaises(InputError):
            instance.add_query(instance.queries[0])
        tiers = len(instance.tiers)
        for add, fields, where in (
                (instance.add_query, {"rate_per_hour": 1, "rate_per_day": 1},
                 f"queries[{len(instance.queries)}].rate_per_day"),
                (instance.add_query, {"max_unmet": 2}, f"queries[{len(instance.queries)}].max_unmet"),
                (instance.add_model, {"weights_gb": "heavy"},
                 f"models[{len(instance.models)}].weights_gb"),
                (instance.add_tier, {"tp_degrees": [1, "two"]}, f"tiers[{tiers}].tp_degrees"),
                (instance.add_tier, {"pool": "none such"}, f"tiers[{tiers}].pool"),
                (instance.add_pool, {"gpus": -1}, f"pools[{len(instance.pools)}].gpus")):
            with self.assertRaises(InputError, msg=where) as caught:
                add("new", **fields)
            self.assertTrue(caught.exception.where.startswith(where), caught.exception.where)
            self.assertIn(where, str(caught.exception))
        self.assertEqual(instance.to_json(), text)
        instance.add_pool("new pool", gpus=3)
        instance.add_tier("new tier", pool="new pool", tp_degrees=iter([1, 2]))
        self.assertEqual(instance.to_dict()["tiers"][-1]["tp_degrees"], [1, 2])
        self.assertEqual(instance.to_dict()["tiers"][-1]["pool"], "new pool")
        for where in ("a\nb", "x" * 100000, "a\x1b" * 1000):
            error = InputError(f"{where}: found {where}; allowed: less", -5, where)
            again = pickle.loads(pickle.dumps(error))
            self.assertEqual((str(again), again.where), (str(error), error.where))
            self.assertTrue(str(error).isprintable() and len(str(error)) < 1024, error)
            self.assertTrue(str(error).startswith(f"{error.where}: found "), error)
            self.assertTrue(str(error).endswith("; allowed: less"), error)
        with self.assertRaises(inferplan.FileError) as caught:
            inferplan.load("/nowhere/at/all.json")
        self.assertIsInstance(caught.exception, OSError)
        again = pickle.loads(pickle.dumps(caught.exception))
        self.assertEqual((str(again), again.code), (str(caught.exception), caught.exception.code))
        with self.assertRaises(InputError) as caught:
            inferplan.Instance.from_json('{\n "format": }')
        self.assertIn("line 2", caught.exception.where)
        with self.assertRaises(InputError):
            inferplan.Instance("empty").validate()
        with self.assertRaises(ValueError):
            inferplan.load({"name": math.nan})

    def test_closed(self):
        with inferplan.load(ICC) as instance:
            pass
        instance.close()
        for use in (instance.to_json, instance.solve, lambda: instance.name):
            with self.assertRaises(ValueError):
                use()
        self.assertIn("closed", repr(instance))


class Solves(unittest.TestCase):
    def test_plan(self):
        instance = inferplan.load(ICC)
        plan = instance.solve()
        self.assertTrue(plan)
        self.assertEqual((plan.status, plan.stop), ("optimal", "proven"))
        self.assertAlmostEqual(plan.objective_usd, 469.46807, places=4)
        self.assertLessEqual(plan.bound_usd, plan.objective_usd)
        self.assertAlmostEqual(plan.costs.rental_usd + plan.costs.storage_usd +
                               plan.costs.delay_usd + plan.costs.unmet_usd, plan.objective_usd)
        served = {query: 0.0 for query in instance.queries}
        for route in plan.routes:
            served[route.query] += route.fraction
        for entry in plan.unmet:
            served[entry.query] += entry.fraction
        for share in served.values():
            self.assertAlmostEqual(share, 1)
        self.assertEqual(plan, pickle.loads(pickle.dumps(plan)))
        self.assertEqual(plan, instance.solve())
        self.assertEqual(plan.to_dict()["objective_usd"], plan.objective_usd)

    def test_scaled_by_a_word(self):
        """As the command's --set; other numbers are no texts, and what is refused changes nothing."""
        instance = inferplan.load(ICC)
        price = instance["tiers[0].usd_per_hour"]
        instance["tiers[*].usd_per_hour"] = "scale:2"
        self.assertEqual(instance["tiers[0].usd_per_hour"], 2 * price)
        with inferplan.Model(instance) as model:
            model["tiers[*].usd_per_hour"] = "scale:0.5"
            plan = model.solve()
            self.assertEqual(plan.source["tiers[0].usd_per_hour"], price)
            self.assertEqual(plan, inferplan.load(ICC).solve())
            for wrong in ("3", "scale:x", "scale:", "scale:-1"):
                for target in (instance, model):
                    with self.assertRaises(InputError) as caught:
                        target["limits.budget_usd"] = wrong
                    self.assertIn("allowed: ", str(caught.exception))
            self.assertEqual(model.solve(), plan)
        instance = inferplan.load({**instance.to_dict(), "pools": [{"name": "scale:2", "gpus": 3}]})
        instance["tiers[0].pool"] = "scale:2"
        self.assertEqual(instance.to_dict()["tiers"][0]["pool"], "scale:2")

    def test_check(self):
        instance = inferplan.load(ICC)
        plan = instance.solve()
        for form in (plan, plan.to_dict(), plan.to_json()):
            check = instance.check(form)
            self.assertEqual((check.status, check.reason), ("feasible", ""))
            self.assertEqual(check.objective_usd, plan.objective_usd)
        instance["limits.budget_usd"] = 1
        check = instance.check(plan)
        self.assertEqual(check.status, "infeasible")
        self.assertIn("budget_usd", check.reason)
        with self.assertRaises(InputError):
            instance.check({"format": "inferplan-plan"})

    def test_infeasible(self):
        instance = inferplan.load(ICC)
        instance["queries[*].max_unmet"] = 0
        instance["limits.budget_usd"] = 1
        plan = instance.solve()
        self.assertFalse(plan)
        self.assertEqual(plan.status, "infeasible")
        self.assertEqual((plan.objective_usd, plan.gap, plan.costs), (None, None, None))
        self.assertEqual((plan.deployments, plan.routes), ((), ()))

    def test_options(self):
        instance = inferplan.load(ICC)
        self.assertEqual(instance.solve(engine="mip", gap=0.01).engine, "mip")
        for options in ({"gap": 2}, {"engine": "fast"}, {"speed": 1}, {"gap": "wide"}):
            with self.assertRaises(InputError):
                instance.solve(**options)
        plan = hard().solve(time_limit=0.5)
        self.assertEqual((plan.status, plan.stop), ("feasible", "time_limit"))

    def test_export(self):
        instance = inferplan.load(ICC)
        texts = {kind: instance.export(kind) for kind in ("mps", "lp")}
        self.assertIn("ENDATA", texts["mps"])
        self.assertIn("Subject To", texts["lp"])
        with inferplan.Model(instance) as model:
            self.assertEqual(model.export("mps"), texts["mps"])
            model["limits.budget_usd"] = 77
            instance["limits.budget_usd"] = 77
            changed = model.export("mps")
            self.assertNotEqual(changed, texts["mps"])
            self.assertEqual(changed, instance.export("mps"))
            self.assertEqual(model.solve().objective_usd, instance.solve().objective_usd)
            for kind in ("MPS", "", None, "lp\0"):
                with self.assertRaises(InputError):
                    model.export(kind)
        with self.assertRaises(ValueError):
            model.export("lp")
        with inferplan.Model(instance) as model:
            model["uncertainty.kind"] = "decision_dependent"
            model["policy.placement"] = "split"
            with self.assertRaises(InputError) as caught:
                model.export("lp")
            self.assertEqual(caught.exception.where, "uncertainty.level")
        command = os.environ.get("INFERPLAN_COMMAND")
        if command:
            for kind, text in texts.items():
                run = subprocess.run([command, "export", ICC, "--format", kind], check=True,
                                     stdout=subprocess.PIPE)
                self.assertEqual(run.stdout.decode(), text)

    def test_log_and_progress(self):
        lines = []
        seen = []
        instance = hard()
        with inferplan.Model(instance, log=lines.append, time_limit=1) as model:
            model.solve(progress=seen.append)
        self.assertTrue(lines)
        self.assertTrue(seen)
        self.assertLess(seen[-1].bound_usd, seen[-1].objective_usd)
        with inferplan.Model(instance) as model:
            plan = model.solve(progress=lambda progress: progress.nodes > 0)
            self.assertEqual(plan.stop, "cancelled")

            class Odd(Exception):
                pass

            def fail(progress):
                raise Odd

            with self.assertRaises(Odd):
                model.solve(progress=fail)
            # It can be solved again all the same.
            plan = model.solve(progress=lambda progress: math.isfinite(progress.objective_usd))
            self.assertTrue(plan)
        with self.assertRaises(Odd):
            inferplan.Model(instance, log=fail).solve()

    def test_cancel_from_a_thread(self):
        with inferplan.Model(hard()) as model:
            threading.Timer(0.5, model.cancel).start()
            begin = time.monotonic()
            self.assertEqual(model.solve().stop, "cancelled")
            self.assertLess(time.monotonic() - begin, 30)

    def test_cancel_after_the_end(self):
        """The last callbacks run when the library has solved: a cancel in them is not for the next
        solve."""
        calls = []

        def cancel(progress):
            while not model._solver._ended:
                time.sleep(0.001)
            calls.append(model.cancel())

        with inferplan.Model(inferplan.load(ICC)) as model:
            self.assertEqual(model.solve(cancel).stop, "proven")
            self.assertTrue(calls)
            self.assertEqual(model.solve().stop, "proven")
            # Between solves it is for the next one.
            model.cancel()
            self.assertEqual(model.solve().stop, "cancelled")

    def test_closed_while_it_runs(self):
        """The solve ends first; the thread that waits for it has its plan."""
        model = inferplan.Model(hard())
        plans = []
        thread = threading.Thread(target=lambda: plans.append(model.solve()))
        thread.start()
        time.sleep(0.5)
        model.close()
        thread.join(60)
        self.assertEqual([plan.stop for plan in plans], ["cancelled"])
        with self.assertRaises(ValueError):
            model.solve()

    def test_interrupt(self):
        """Ctrl-C ends a solve with the best plan so far, with a progress function and without."""
        for progress in ("None", "lambda progress: None"):
            code = ("import sys; sys.path.insert(0, sys.argv[1])\n"
                    "from test_inferplan import hard, inferplan\n"
                    "model = inferplan.Model(hard())\n"
                    "print('begins', flush=True)\n"
                    f"plan = model.solve(progress={progress})\n"
                    "print(plan.stop, plan.status, flush=True)\n")
            child = subprocess.Popen([sys.executable, "-c", code, HERE], stdout=subprocess.PIPE,
                                     text=True)
            self.assertEqual(child.stdout.readline(), "begins\n")
            time.sleep(1)
            child.send_signal(signal.SIGINT)
            output, _ = child.communicate(timeout=60)
            self.assertEqual((child.returncode, output), (0, "cancelled feasible\n"))

    def test_interrupts_at_odd_moments(self):
        """Whatever they cut short, nothing crashes."""
        code = ("import os, random, signal, sys, threading, time\n"
                "sys.path.insert(0, sys.argv[1])\n"
                "from test_inferplan import hard\n"
                "def pester():\n"
                "    for _ in range(1000):\n"
                "        time.sleep(random.uniform(0.0001, 0.004))\n"
                "        os.kill(os.getpid(), signal.SIGINT)\n"
                "    over.append(True)\n"
                # The program's own loop does not catch interrupts, so they are ignored there.
                "def heard(number, frame):\n"
                "    if frame.f_code.co_name != '<module>':\n"
                "        raise KeyboardInterrupt\n"
                "signal.signal(signal.SIGINT, heard)\n"
                "instance, over = hard(), []\n"
                "thread = threading.Thread(target=pester, daemon=True)\n"
                "try:\n"
                "    thread.start()\n"
                "except KeyboardInterrupt:\n"
                "    pass\n"
                "while not over:\n"
                "    try:\n"
                "        while not over:\n"
                "            instance.solve(time_limit=0.05)\n"
                "    except KeyboardInterrupt:\n"
                "        pass\n"
                "print(instance.solve(time_limit=2).status)\n")
        run = subprocess.run([sys.executable, "-c", code, HERE], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True, timeout=120)
        self.assertEqual((run.returncode, run.stdout), (0, "feasible\n"))

    def test_interrupt_as_the_thread_starts(self):
        """Before the call has begun, it is not made. After that, it is cancelled and waited for."""
        begun, gate = [], threading.Event()

        class Late(threading.Thread):
            def start(self):
                super().start()
                if not held:
                    while not begun:
                        time.sleep(0.001)
                raise KeyboardInterrupt

            def run(self):
                if held:
                    gate.wait(10)
                super().run()

        def work():
            begun.append(True)
            self.assertTrue(cancelled.wait(60))
            return "result"

        cancelled = threading.Event()
        with mock.patch("inferplan._run.threading.Thread", Late):
            held = True
            with self.assertRaises(KeyboardInterrupt):
                inferplan._run.run(work, cancelled.set)
            gate.set()
            held = False
            self.assertEqual(inferplan._run.run(work, cancelled.set), "result")
        self.assertEqual(begun, [True])
        self.assertEqual(inferplan._run._calls, set())

    def test_exit_with_a_call_that_never_began(self):
        """An interrupt may leave one. The interpreter exits, and does not wait for it."""
        code = ("import sys; sys.path.insert(0, sys.argv[1])\n"
                "from test_inferplan import inferplan\n"
                "call = inferplan._run._Call(lambda: None)\n"
                "inferplan._run._add(call)\n"
                "print('exits', flush=True)\n")
        run = subprocess.run([sys.executable, "-c", code, HERE], stdout=subprocess.PIPE, text=True,
                             timeout=60)
        self.assertEqual((run.returncode, run.stdout), (0, "exits\n"))
        self.assertEqual(inferplan._run._calls, set())

    def test_solve_outlives_its_model(self):
        """An interrupt may leave a solve running. What it calls is there until it ends."""
        code = ("import gc, sys, threading; sys.path.insert(0, sys.argv[1])\n"
                "from test_inferplan import hard, inferplan\n"
                "from inferplan._library import lib\n"
                "model = inferplan.Model(hard(), time_limit=1, log=lambda line: None)\n"
                "thread = threading.Thread(target=lambda use: lib.model_solve(use),\n"
                "                          args=[model._handle])\n"
                "thread.start()\n"
                # Which would cancel the solve.
                "inferplan._handle._owners[model._owned._key].__del__ = bool\n"
                "del model\n"
                "gc.collect()\n"
                "junk = [inferplan.Model(hard()) for _ in range(20)]\n"
                "thread.join()\n"
                "print('ends')\n")
        run = subprocess.run([sys.executable, "-c", code, HERE], stdout=subprocess.PIPE, text=True,
                             timeout=120)
        self.assertEqual((run.returncode, run.stdout), (0, "ends\n"))

    def test_threads(self):
        """Each with an instance of its own, at once, and the same plans."""
        expected = inferplan.load(ICC).solve()
        plans = []
        threads = [threading.Thread(target=lambda: plans.append(inferplan.load(ICC).solve()))
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(plans, [expected] * 4)

    def test_no_growth(self):
        def resident():
            with open("/proc/self/statm", encoding="ascii") as file:
                return int(file.read().split()[1]) * 4096

        instance = inferplan.load(os.path.join(INSTANCES, "seed-sample.json"))

        def some(count):
            for _ in range(count):
                instance.solve()
                try:
                    instance["limits.nothing"] = 1
                except InputError:
                    pass
            gc.collect()

        some(300)
        before = resident()
        some(600)
        self.assertLess(resident() - before, 1 << 21)


class Package(unittest.TestCase):
    def test_examples(self):
        for module in (inferplan, inferplan._instance):
            failed, tried = doctest.testmod(module)
            self.assertEqual(failed, 0)
            self.assertGreater(tried, 0)

    def test_wrong_libraries(self):
        """One clear error each: none, another file, another release."""
        with tempfile.TemporaryDirectory() as directory:
            text = os.path.join(directory, "text.so")
            with open(text, "w", encoding="ascii") as file:
                file.write("no library")
            other = inferplan._library.lib.path
            for path, version, words in (
                    (os.path.join(directory, "none.so"), "", "INFERPLAN_LIBRARY"),
                    (os.path.join(directory, "no\nne.so"), "", "INFERPLAN_LIBRARY"),
                    (text, "", "INFERPLAN_LIBRARY"), ("libc.so.6", "", "has no ifp_"),
                    (other, "9.8", "this package needs 9.80")):
                # The package's own file, as of another release where one is given.
                code = ("import sys\n"
                        "with open(sys.argv[1], encoding='utf-8') as file:\n"
                        "    source = file.read()\n"
                        f"source = source.replace('VERSION = \"', 'VERSION = \"{version}')\n"
                        "try:\n"
                        "    exec(source, {'__file__': sys.argv[1], '__name__': 'library'})\n"
                        "except ImportError as error:\n"
                        "    print(error)\n")
                run = subprocess.run([sys.executable, "-c", code, inferplan._library.__file__],
                                     env={**os.environ, "INFERPLAN_LIBRARY": path},
                                     stdout=subprocess.PIPE, text=True, check=True)
                self.assertIn(words, run.stdout)
                self.assertEqual(run.stdout.count("\n"), 1)

    def test_parts(self):
        """They are attributes without an import of their own, and only read when one is used."""
        code = ("import sys, inferplan\n"
                "parts = 'catalogue', 'importers', 'pictures'\n"
                "assert not any(f'inferplan.{part}' in sys.modules for part in parts)\n"
                "assert set(parts) <= set(dir(inferplan))\n"
                "assert callable(inferplan.pictures.fleet) and inferplan.catalogue.gpus()\n"
                "assert callable(inferplan.importers.read_trace)\n"
                "assert all(f'inferplan.{part}' in sys.modules for part in parts)\n"
                "assert not hasattr(inferplan, 'picture')\n")
        subprocess.run([sys.executable, "-c", code], check=True)

    def test_version(self):
        self.assertEqual(inferplan.__version__, inferplan._library.lib.version().decode())


if __name__ == "__main__":
    unittest.main()
