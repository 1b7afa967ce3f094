# SPDX-License-Identifier: MIT
"""Objects that are changed, freed or left behind while the library works with them."""
import ctypes
import gc
import os
import random
import signal
import subprocess
import sys
import threading
import time
import unittest
import unittest.mock

import inferplan
from inferplan import BusyError
from inferplan._errors import error_of
from inferplan._handle import Handle
from inferplan._library import lib

INSTANCES = os.environ["INFERPLAN_INSTANCES"]
DDU = os.path.join(INSTANCES, "icc2025-ddu.json")
SOLVED = "the model is being solved; allowed meanwhile: to cancel it"

# Also the beginning of the programs that are run on their own.
HARD = """
import random
import threading
import time

import inferplan


def hard():
    draw = random.Random(1)
    queries, models, tiers = 14, 6, 10
    cells = queries * models * tiers
    return inferplan.Instance.from_arrays(
        "hard",
        queries=[{"name": f"query {q}", "input_tokens": draw.uniform(50, 500),
                  "output_tokens": 200, "rate_per_hour": draw.uniform(50, 500),
                  "tflop_per_1k_tokens": draw.uniform(100, 900),
                  "delay_limit_ms": draw.uniform(500, 900),
                  "error_limit": draw.uniform(0.03, 0.07),
                  "unmet_penalty_usd": draw.uniform(0.02, 0.2)} for q in range(queries)],
        models=[{"name": f"model {m}", "weights_gb": draw.uniform(4, 60),
                 "kv_gb_per_token": draw.uniform(0.001, 0.01)} for m in range(models)],
        tiers=[{"name": f"tier {t}", "memory_gb": draw.uniform(16, 80),
                "tflops": draw.uniform(20, 200), "usd_per_hour": draw.uniform(0.4, 3),
                "tp_degrees": [1, 2, 4]} for t in range(tiers)],
        performance={field: [[[draw.uniform(low, high) for _ in range(tiers)]
                              for _ in range(models)] for _ in range(queries)]
                     for field, low, high in (
                         ("delay_ms_per_token", 0.3, 3), ("error_rate", 0.01, 0.1),
                         ("kv_residency_hours", 0.001, 0.05),
                         ("delay_deviation_ms_per_token", 0.1, 1),
                         ("error_deviation", 0.005, 0.05))},
        horizon={"rental_hours": 12}, limits={"budget_usd": 560}, storage_usd_per_gb_hour=0.002,
        policy={"placement": "matching", "max_replicas": 2},
        uncertainty={"kind": "budget", "delay_budget": 2, "error_budget": 2})
"""
exec(HARD)


class Modelled(unittest.TestCase):
    def setUp(self):
        self.instance = hard()  # noqa: F821
        self.model = inferplan.Model(self.instance, gap=0)
        self.first = self.instance.solve(time_limit=0.3)

    def tearDown(self):
        self.model.close()

    def refused(self):
        """Every change is refused with the same words."""
        for change in (lambda: self.model.__setitem__("limits.budget_usd", 1),
                       lambda: self.model.start_from(self.first),
                       lambda: self.model.start_from(None), self.model.solve,
                       self.model.solve_here, lambda: self.model.export("lp")):
            with self.assertRaises(BusyError) as caught:
                change()
            self.assertEqual((str(caught.exception), caught.exception.code), (SOLVED, -8))
            self.assertEqual(caught.exception.where, "model")
            self.assertIsInstance(caught.exception, inferplan.Error)

    def solve_on_a_thread(self):
        plans = []
        begun = threading.Event()
        thread = threading.Thread(
            target=lambda: plans.append(self.model.solve(lambda _: begun.set())))
        thread.start()
        self.assertTrue(begun.wait(60))
        return thread, plans

    def test_in_the_progress_callback(self):
        def progress(_):
            self.refused()
            return True

        plan = self.model.solve(progress)
        self.assertEqual(plan.stop, "cancelled")
        self.model["limits.budget_usd"] = 500
        self.model.start_from(plan)

    def test_in_the_log(self):
        model = inferplan.Model(self.instance, gap=0, time_limit=1, log=lambda _: change())

        def change():
            with self.assertRaises(BusyError):
                model["limits.budget_usd"] = 1

        self.assertEqual(model.solve().stop, "time_limit")

    def test_a_refusal_that_is_not_caught(self):
        def progress(_):
            self.model["limits.budget_usd"] = 1

        with self.assertRaisesRegex(BusyError, "^the model is being solved"):
            self.model.solve(progress)
        self.model["limits.budget_usd"] = 500

    def test_on_another_thread(self):
        thread, plans = self.solve_on_a_thread()
        for _ in range(20):
            self.refused()
        self.model.cancel()
        thread.join(60)
        self.assertEqual(plans[0].stop, "cancelled")
        self.assertEqual(plans[0].source["limits.budget_usd"], 560)

    def test_the_library_refuses(self):
        """Without the package's own guard."""
        thread, plans = self.solve_on_a_thread()
        handle = self.model._handle
        self.assertEqual(lib.model_set(handle, b"limits.budget_usd", b"1"), -8)
        self.assertIsNone(lib.model_solve(handle))
        error = error_of(lib.model_last_error(handle))
        self.assertEqual((type(error), str(error)), (BusyError, SOLVED))
        self.model.cancel()
        thread.join(60)
        self.assertEqual(plans[0].stop, "cancelled")

    def test_what_it_was_made_of(self):
        """The model has copies: its instance may change, and go."""
        def progress(_):
            if not self.instance._owned.closed:
                self.instance["limits.budget_usd"] = 1
                self.instance.close()
                gc.collect()
            return True

        self.assertEqual(self.model.solve(progress).stop, "cancelled")

    def test_another_model(self):
        def progress(_):
            return bool(self.instance.solve(time_limit=0.2).stop)

        self.assertEqual(self.model.solve(progress).stop, "cancelled")

    def test_closed_in_the_progress_callback(self):
        def progress(_):
            self.model.close()
            with self.assertRaisesRegex(ValueError, "closed"):
                self.model["limits.budget_usd"] = 1

        self.assertEqual(self.model.solve(progress).stop, "cancelled")
        with self.assertRaisesRegex(ValueError, "closed"):
            self.model.solve()

    def test_closed_on_another_thread(self):
        thread, plans = self.solve_on_a_thread()
        self.model.close()
        thread.join(60)
        self.assertEqual(plans[0].stop, "cancelled")


class Instances(unittest.TestCase):
    def stress_on_a_thread(self, instance, plan):
        results = []
        thread = threading.Thread(target=lambda: results.append(instance.stress(plan, 60)))
        thread.start()
        time.sleep(0.1)
        return thread, results

    def test_stressed_and_changed(self):
        instance = inferplan.load(DDU)
        thread, results = self.stress_on_a_thread(instance, instance.solve())
        for change in (lambda: instance.__setitem__("limits.budget_usd", 1),
                       lambda: instance.scale("queries[*].rate_per_hour", 2),
                       lambda: setattr(instance, "name", "another"),
                       lambda: instance.add_pool("another")):
            with self.assertRaises(BusyError) as caught:
                change()
            self.assertRegex(str(caught.exception), "^the instance is being read")
        self.assertEqual(len(instance.copy().queries), len(instance.queries))
        self.assertTrue(thread.is_alive())
        thread.join(60)
        self.assertEqual(results[0].samples, 60)
        instance["limits.budget_usd"] = 1

    def changed_meanwhile(self, instance, change, during):
        """What ``during`` returns while another thread tries the change, and the errors of that."""
        errors = []

        def attempt():
            try:
                change()
            except BusyError as error:
                errors.append(error)

        def meanwhile():
            thread.start()
            thread.join(0.3)  # it may have to wait for its turn

        thread = threading.Thread(target=attempt)
        result = during(meanwhile)
        thread.join(60)
        self.assertFalse(thread.is_alive())
        return result, errors

    def test_numbers_and_a_change(self):
        """A change on another thread waits for the two calls that read numbers."""
        instance = inferplan.load(DDU)
        instance["tiers[0].tp_degrees"] = [1, 2, 4]
        count = instance._count

        def during(meanwhile):
            def counted(path):
                found = count(path)
                meanwhile()
                return found

            with unittest.mock.patch.object(instance, "_count", counted):
                return instance.numbers("tiers[0].tp_degrees")

        result, errors = self.changed_meanwhile(
            instance, lambda: instance.__setitem__("tiers[0].tp_degrees", [2]), during)
        self.assertEqual((result, errors), ([1, 2, 4], []))
        self.assertEqual(instance.numbers("tiers[0].tp_degrees"), [2])

    def test_two_changes(self):
        """The second one waits: here until the first has read the values it is to set."""
        instance = inferplan.load(DDU)

        def during(meanwhile):
            def values():
                meanwhile()
                yield from (1, 2)

            instance["tiers[0].tp_degrees"] = values()

        _, errors = self.changed_meanwhile(
            instance, lambda: instance.__setitem__("tiers[0].tp_degrees", [2, 4]), during)
        self.assertEqual(errors, [])
        self.assertEqual(instance.numbers("tiers[0].tp_degrees"), [2, 4])

    def test_two_changes_of_a_model(self):
        """The second one does not wait."""
        model = inferplan.Model(inferplan.load(DDU))
        with model._owned.alone("changed"):
            _, errors = self.changed_meanwhile(
                model, lambda: model.__setitem__("limits.budget_usd", 1), lambda call: call())
        self.assertRegex(str(errors[0]), "^the model is being changed; allowed meanwhile: one call")

    def test_stressed_and_closed(self):
        instance = inferplan.load(DDU)
        thread, results = self.stress_on_a_thread(instance, instance.solve())
        instance.close()
        thread.join(60)
        self.assertEqual(results[0].samples, 60)

    def test_many_threads(self):
        """They change, read, copy and close one instance: exceptions, and nothing worse."""
        wrong = []
        for _ in range(20):
            instance = inferplan.load(DDU)
            barrier = threading.Barrier(4)

            def work(seed, instance=instance, barrier=barrier):
                draw = random.Random(seed)
                calls = (lambda: instance.name, lambda: instance.tiers, instance.copy,
                         lambda: setattr(instance, "name", "n" * draw.randrange(1, 99)),
                         lambda: instance.scale("queries[*].rate_per_hour", 1.001),
                         lambda: instance.__setitem__("tiers[*].tp_degrees", [1, 2]),
                         instance.validate, lambda: setattr(instance, "source", "s" * 99))
                barrier.wait()
                for step in range(60):
                    try:
                        draw.choice(calls)()
                        if seed == 0 and step == 55:
                            instance.close()
                    except BusyError:
                        pass
                    except Exception as error:
                        if str(error) != "the instance has been closed":
                            wrong.append(error)

            threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        self.assertEqual(wrong, [])


class Freed(unittest.TestCase):
    """Handles of a library whose functions only say that they were called."""

    def setUp(self):
        self.done = []
        self.free, self.cancel = (
            ctypes.CFUNCTYPE(None, ctypes.c_void_p)(lambda pointer, what=what:
                                                    self.done.append((what, pointer)))
            for what in ("free", "cancel"))
        for function in (self.free, self.cancel):
            function.argtypes = [ctypes.c_void_p]

    def made(self):
        return Handle(7, self.free, "thing", cancel=self.cancel)

    def test_once(self):
        """Cancelled and then freed, when the last of them ends."""
        for end in ("close", "drop", "cycle"):
            for use_ends_last in (False, True):
                with self.subTest(end=end, use_ends_last=use_ends_last):
                    self.done.clear()
                    handle = self.made()
                    use = handle.use() if use_ends_last else None
                    if end == "close":
                        handle.close()
                        handle.close()
                        self.assertTrue(handle.closed)
                    elif end == "cycle":
                        handle.itself = handle
                    del handle
                    gc.collect()
                    self.assertEqual(self.done[:1], [("cancel", 7)])
                    del use
                    gc.collect()
                    self.assertEqual(self.done, [("cancel", 7), ("free", 7)])

    def test_in_a_cycle_with_finalizers(self):
        """What a collection has found may still be asked by its neighbours, and is not freed before."""
        found = []

        class Neighbour:
            def __del__(self):
                try:
                    found.append(self.handle.use() and list(test.done))
                except ValueError:
                    found.append([])

        test = self
        for _ in range(20):
            self.done.clear()
            first, last = Neighbour(), Neighbour()
            first.handle = last.handle = handle = self.made()
            handle.both = first, last
            del first, last, handle
            gc.collect()
            self.assertEqual(self.done, [("cancel", 7), ("free", 7)])
        self.assertEqual(found, [[]] * 40)

    def test_interrupts_are_kept(self):
        """One that comes while something is freed is raised behind that, and not lost in a finalizer."""
        lost = []
        self.addCleanup(setattr, sys, "unraisablehook", sys.unraisablehook)
        sys.unraisablehook = lost.append
        send = ctypes.CDLL(None)["raise"]
        send.argtypes, send.restype = [ctypes.c_int], None
        for end in (lambda handles: handles[0].close(), lambda handles: handles.pop(),
                    lambda handles: (setattr(handles[0], "itself", handles), handles.pop(),
                                     gc.collect())):
            with self.assertRaises(KeyboardInterrupt):
                end([Handle(signal.SIGINT, send, "thing")])
                time.sleep(0.1)
        self.assertEqual(lost, [])


class Exit(unittest.TestCase):
    """The interpreter exits while a daemon thread is in the library: at once, and without a crash, since
    the calls have ended before the interpreter does."""

    # Registered first, it is called last.
    FIRST = ("import atexit\n"
             "atexit.register(lambda: print(len(inferplan._run._calls), 'left'))\n")

    def run_program(self, program):
        begun = time.monotonic()
        done = subprocess.run([sys.executable, "-X", "faulthandler", "-c", self.FIRST + HARD + program,
                               DDU], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, "exits\n0 left\n")
        self.assertLess(time.monotonic() - begun, 30)

    def test_solve(self):
        self.run_program("begun = threading.Event()\n"
                         "model = inferplan.Model(hard(), gap=0)\n"
                         "threading.Thread(target=model.solve, args=(lambda _: begun.set(),),\n"
                         "                 daemon=True).start()\n"
                         "begun.wait()\n"
                         "print('exits')\n")

    def test_solve_here(self):
        self.run_program("model = inferplan.Model(hard(), gap=0)\n"
                         "threading.Thread(target=model.solve_here, daemon=True).start()\n"
                         "time.sleep(1)\n"
                         "print('exits')\n")

    def test_stress(self):
        self.run_program("import sys\n"
                         "instance = inferplan.load(sys.argv[1])\n"
                         "plan = instance.solve()\n"
                         "threading.Thread(target=instance.stress, args=(plan, 10**6),\n"
                         "                 daemon=True).start()\n"
                         "time.sleep(0.5)\n"
                         "print('exits')\n")


if __name__ == "__main__":
    unittest.main()
