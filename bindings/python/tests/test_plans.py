# SPDX-License-Identifier: MIT
"""What is done with plans and tables: frames, checks, stress tests, pictures and pages; instances from
arrays, and arrays from instances."""
import contextlib
import copy
import dataclasses
import doctest
import importlib.util
import io
import json
import math
import os
import pickle
import random
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import inferplan
import inferplan._instance
from inferplan import InputError
from inferplan._cells import RESULTS
from inferplan._costs import PARTS
from inferplan._plan import plan_of
from test_inferplan import HERE, ICC, hard

HAVE = {name: importlib.util.find_spec(name) is not None
        for name in ("numpy", "pandas", "matplotlib", "tqdm")}


def needs(*packages):
    missing = [name for name in packages if not HAVE[name]]
    return unittest.skipIf(missing, f"needs {', '.join(missing)}")


def split():
    instance = inferplan.load(ICC)
    instance["policy.placement"] = "split"
    instance["uncertainty.delay_budget"] = 2
    instance["uncertainty.error_budget"] = 2
    return instance


def tables():
    """The reference instance as from_arrays takes it."""
    document = inferplan.load(ICC).to_dict()
    made = {plural: document[plural] for plural in ("queries", "models", "tiers", "performance")}
    made.update({name: document[name] for name in ("horizon", "limits", "policy", "uncertainty",
                                                   "storage_usd_per_gb_hour")})
    return document, made


class Arrays(unittest.TestCase):
    def test_rows_and_columns(self):
        """The same instance from rows, and from columns."""
        document, made = tables()
        one = inferplan.Instance.from_arrays(document["name"], source=document.get("source", ""),
                                             **made)
        self.assertEqual(one.to_dict(), inferplan.load(ICC).to_dict())
        self.assertEqual(one.source, document.get("source", ""))
        columns = dict(made)
        for plural in ("queries", "models", "tiers"):
            names = made[plural][0]
            columns[plural] = {name: [row[name] for row in made[plural]] for name in names}
        other = inferplan.Instance.from_arrays(document["name"], **columns)
        other.source = one.source
        self.assertEqual(other.to_json(), one.to_json())

    def test_without_a_name(self):
        """The default name is valid."""
        instance = inferplan.Instance.from_arrays(**tables()[1])
        self.assertEqual(instance.name, "instance")
        instance.validate()
        with self.assertRaisesRegex(InputError, "^name: found an empty name"):
            inferplan.Instance.from_arrays("", **tables()[1])

    @needs("numpy", "pandas")
    def test_frames_and_numpy(self):
        import numpy
        import pandas
        document, made = tables()
        for plural in ("queries", "models", "tiers"):
            made[plural] = pandas.DataFrame(made[plural])
        made["performance"] = {field: numpy.array(values, dtype=float)
                               if isinstance(values, list) else values
                               for field, values in made["performance"].items()}
        one = inferplan.Instance.from_arrays(document["name"], **made)
        one.source = document.get("source", "")
        self.assertEqual(one.to_dict(), inferplan.load(ICC).to_dict())
        made["queries"]["max_unmet"] = pandas.array([0.5] + [None] * 5, dtype="Float64")
        one = inferplan.Instance.from_arrays(document["name"], **made)
        self.assertEqual(one.numbers("queries[*].max_unmet"), [0.5] + [1.0] * 5)

    @needs("numpy")
    def test_not_a_candidate(self):
        """None, NaN and infinity, in lists and in arrays of any layout."""
        import numpy
        _, made = tables()
        shape = (6, 6, 10)
        delay = numpy.random.default_rng(1).uniform(1, 2, shape)
        delay[2, 3, 4] = math.nan
        delay[0, 0, 0] = math.inf
        before = delay.copy()
        listed = [[[None if not math.isfinite(value) else value for value in row] for row in rows]
                  for rows in delay.tolist()]
        made["performance"] = dict(made["performance"], delay_ms_per_token=listed)
        expected = inferplan.Instance.from_arrays("a", **made).to_dict()
        self.assertIsNone(expected["performance"]["delay_ms_per_token"][2][3][4])
        for values in (delay, numpy.asfortranarray(delay), numpy.repeat(delay, 2, 2)[:, :, ::2]):
            made["performance"]["delay_ms_per_token"] = values
            self.assertEqual(inferplan.Instance.from_arrays("a", **made).to_dict(), expected)
        numpy.testing.assert_array_equal(delay, before)

    def test_missing_is_the_default(self):
        _, made = tables()
        for row in made["queries"]:
            row["max_unmet"] = None
            row["delay_limit_ms"] = math.nan
        instance = inferplan.Instance.from_arrays("a", **made)
        self.assertEqual(instance.numbers("queries[*].max_unmet"), [1.0] * 6)
        self.assertEqual(instance.numbers("queries[*].delay_limit_ms"), [math.inf] * 6)

    def test_refused(self):
        for change, where in (
                (lambda made: made["queries"][0].pop("name"), "queries[0].name"),
                (lambda made: made.update(models={"weights_gb": [1]}), "models"),
                (lambda made: made.update(models={"name": ["a", "b"], "weights_gb": [1]}),
                 "models.weights_gb"),
                (lambda made: made.update(models={"name": ["a"], "weights_gb": 1}),
                 "models.weights_gb"),
                (lambda made: made["tiers"][0].update(colour="red"), "tiers[0].colour"),
                (lambda made: made["tiers"][0].update(tflops=-1), "tiers[0].tflops"),
                (lambda made: made["limits"].update(budget=1), "limits.budget"),
                (lambda made: made.update(budget_usd=1), "budget_usd"),
                (lambda made: made.update(limits=5), "limits"),
                (lambda made: made.update(queries=5), "queries"),
                (lambda made: made["performance"].update(error_rate=[0.1] * 5),
                 "performance.error_rate"),
                (lambda made: made["performance"].update(error_rate=[[0.1], [0.1, 0.2]] * 3),
                 "performance.error_rate"),
                (lambda made: made["performance"].update(error_rate=["much"] * 6),
                 "performance.error_rate"),
                (lambda made: made["performance"].update(error_deviation=[None] * 6),
                 "performance.error_deviation"),
                (lambda made: made["performance"].pop("error_rate"), "performance.error_rate")):
            _, made = tables()
            change(made)
            with self.assertRaises(InputError) as caught:
                inferplan.Instance.from_arrays("a", **made)
            self.assertEqual(caught.exception.where, where)
            self.assertNotIn("\n", str(caught.exception))

    @needs("numpy")
    def test_transposed(self):
        """As many numbers in another shape are not taken for the right ones."""
        import numpy
        _, made = tables()
        made["models"] = made["models"][:3]
        made["performance"] = {"delay_ms_per_token": numpy.ones((3, 6)), "error_rate": 0.1}
        with self.assertRaises(InputError) as caught:
            inferplan.Instance.from_arrays("a", **made)
        self.assertIn("(3, 6)", str(caught.exception))

    def test_numbers(self):
        instance = inferplan.load(ICC)
        document = instance.to_dict()
        self.assertEqual(instance.numbers("tiers[*].usd_per_hour"),
                         [row["usd_per_hour"] for row in document["tiers"]])
        self.assertEqual(instance.numbers("tiers[0].tp_degrees"), document["tiers"][0]["tp_degrees"])
        self.assertEqual(len(instance.numbers("performance.error_rate")), 6 * 6 * 10)
        for path in ("policy.placement", "tiers[*].tp_degrees", "nowhere"):
            with self.assertRaises(InputError):
                instance.numbers(path)

    @needs("numpy")
    def test_array(self):
        import numpy
        instance = inferplan.load(ICC)
        whole = instance.array("performance.delay_ms_per_token")
        self.assertEqual(whole.shape, (6, 6, 10))
        self.assertEqual(instance.array("performance.delay_ms_per_token[1]").shape, (6, 10))
        self.assertEqual(instance.array("performance.delay_ms_per_token[*][2]").shape, (6, 10))
        self.assertEqual(instance.array("performance.delay_shrink").shape, (6, 10))
        self.assertEqual(instance.array("queries[*].error_limit").shape, (6,))
        numpy.testing.assert_array_equal(
            whole[1, 2], [instance[f"performance.delay_ms_per_token[1][2][{tier}]"]
                          for tier in range(10)])
        text = instance.to_json()
        instance["performance.delay_ms_per_token"] = whole
        self.assertEqual(json.loads(instance.to_json())["performance"]["delay_ms_per_token"],
                         json.loads(text)["performance"]["delay_ms_per_token"])


class Plans(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.instance = split()
        cls.plan = cls.instance.solve()
        cls.none = inferplan.load(ICC)
        cls.none["limits.budget_usd"] = 0.01
        cls.none["queries[*].max_unmet"] = 0.1
        cls.infeasible = cls.none.solve()

    def test_rows_add_up(self):
        """On random instances, of every placement and kind of uncertainty."""
        draw = random.Random(4)
        for _ in range(25):
            instance = inferplan.load(ICC)
            instance["policy.placement"] = draw.choice(["single", "matching", "split"])
            instance["uncertainty.kind"] = draw.choice(["none", "budget"])
            instance["policy.storage_basis"] = draw.choice(["route", "deployment"])
            instance["horizon.penalty_hours"] = draw.choice([0, 1, 12])
            instance.scale("tiers[*].usd_per_hour", draw.uniform(0.2, 5))
            instance.scale("queries[*].unmet_penalty_usd", draw.uniform(0.2, 3))
            plan = instance.solve(gap=0.05)
            rows = plan.to_rows()
            for part in ("rental_usd", "storage_usd", "delay_usd", "unmet_usd"):
                self.assertAlmostEqual(sum(row[part] for row in rows), getattr(plan.costs, part),
                                       delta=1e-9 * max(1, plan.objective_usd))
            for query in instance.queries:
                self.assertAlmostEqual(
                    sum(row["fraction"] for row in rows if row["query"] == query), 1, places=6)
            self.assertEqual(len(rows), len(plan.routes) + len(plan.unmet))

    def test_other_rows(self):
        self.assertEqual(self.plan.to_rows("deployments"),
                         [dataclasses.asdict(entry) for entry in self.plan.deployments])
        self.assertEqual(len(self.plan.to_rows("limits")), len(self.plan.limits))
        self.assertEqual(len(self.plan.to_rows("costs")), 1)
        with self.assertRaises(InputError):
            self.plan.to_rows("everything")
        for of in ("routes", "deployments", "unmet", "limits", "costs"):
            self.assertEqual(self.infeasible.to_rows(of), [])

    def test_notes(self):
        """A plan and its check have the notes of the document, and a document without any has none."""
        instance = split()
        instance["performance.kv_residency_hours"] = 0
        plan = instance.solve(time_limit=10)
        note = next(note for note in plan.notes if note.kind == "kv_residency_zero")
        self.assertEqual(note.path, "performance.kv_residency_hours")
        self.assertIn("kv_residency_hours is 0", note.text)
        self.assertEqual(plan.check().notes, plan.notes)
        document = plan.to_dict()
        self.assertEqual([entry["kind"] for entry in document.pop("notes")],
                         [note.kind for note in plan.notes])
        self.assertEqual(plan_of(json.dumps(document)).notes, ())

    def test_removed(self):
        """Reasons with examples; those about a limit have the nearest one."""
        removed = {entry.reason: entry for entry in self.plan.removed}
        weights = removed["weights"]
        self.assertEqual((weights.kind, len(weights.examples)), ("configuration", 3))
        self.assertIsNone(weights.examples[0].query)
        nearest = weights.nearest
        self.assertGreater(nearest.value, nearest.limit)
        self.assertEqual(nearest.unit, "GB")
        tiers = {tier["name"]: tier for tier in self.instance.to_dict()["tiers"]}
        self.assertEqual(nearest.limit, tiers[nearest.tier]["memory_gb"])
        self.assertEqual(self.plan.check().removed, ())

    def test_limits_know_what_they_apply_to(self):
        units = {"budget": "USD", "storage": "GB", "pool": "GPUs", "memory": "GB",
                 "compute": "TFLOP/s", "delay": "ms", "error": ""}
        stems = {"budget": "budget_usd", "storage": "storage_gb"}
        instance = inferplan.load({**self.instance.to_dict(), "pools": [{"name": "P", "gpus": 64}]})
        found = self.plan.check(instance).limits
        self.assertEqual({limit.kind for limit in found}, set(units))
        for limit in found:
            self.assertEqual(limit.unit, units[limit.kind])
            names = [name for name in (limit.query, limit.model, limit.tier, limit.pool) if name]
            ends = f"[{','.join(names)}]" if names else ""
            self.assertEqual(limit.name, stems.get(limit.kind, limit.kind) + ends)

    def test_cost_parts(self):
        """The class, the columns of a sweep and the library's table name the same parts."""
        keys = [part.key for part in PARTS]
        self.assertEqual(keys, list(inferplan.Costs.__annotations__))
        self.assertEqual(keys, [name for name in RESULTS if name in keys])
        self.assertEqual(keys, list(self.plan.to_dict()["costs"]))
        self.assertEqual([part.label for part in PARTS if part.penalty], ["delay", "unmet"])

    def test_members_of_later_releases_are_skipped(self):
        document = self.plan.to_dict()
        for entry in (document["costs"], *document["limits"], *document["routes"]):
            entry["later"] = 7
        read = plan_of(json.dumps(document))
        self.assertEqual((read.costs, read.limits, read.routes),
                         (self.plan.costs, self.plan.limits, self.plan.routes))
        for limit in document["limits"]:
            del limit["kind"], limit["unit"]
        self.assertEqual(plan_of(json.dumps(document)).limits[0].kind, "")

    @needs("pandas")
    def test_frames(self):
        for of in ("routes", "deployments", "unmet", "limits", "costs"):
            frame = self.plan.to_frame(of)
            self.assertEqual(len(frame), len(self.plan.to_rows(of)))
            self.assertEqual(list(self.infeasible.to_frame(of).columns), list(frame.columns))
        self.assertEqual(self.plan.to_frame("deployments")["gpus"].sum(),
                         sum(entry.gpus for entry in self.plan.deployments))

    def test_loaded(self):
        """Several deployments of a pair, with points and head-room: rows, texts and notebooks."""
        with open(os.path.join(HERE, "..", "..", "..", "tests", "data", "fast-and-bulk.json"),
                  encoding="utf-8") as file:
            document = json.load(file)
        for profile in document["profiles"]:
            profile["headroom"] = {"utilization": 0.8}
        document["policy"]["max_replicas"] = 8
        document["performance"]["error_rate"] = 0.25
        plan = inferplan.load(document).solve()
        rows = plan.to_rows("deployments")
        self.assertEqual([(row["tp_degree"], row["point"], row["tpot_ms"]) for row in rows],
                         [(1, "full", 30), (4, "full", 10)])
        for row in rows:
            self.assertAlmostEqual(row["load_limit"], 0.8 * row["replicas"])
            self.assertAlmostEqual(row["headroom"], 0.2 * row["replicas"])
        routes = plan.to_rows()
        self.assertEqual(len(routes), len(plan.routes))
        felt = {1: (100, 30, 370, 0.25), 4: (50, 10, 140, 0.25)}
        for row in routes:
            self.assertEqual(row["point"], "full")
            self.assertEqual((row["ttft_ms"], row["tpot_ms"], row["delay_ms"], row["error"]),
                             felt[row["tp_degree"]])
        self.assertAlmostEqual(sum(row["rental_usd"] for row in routes), plan.costs.rental_usd)
        self.assertIn("load", {row["kind"] for row in plan.to_rows("limits")})
        self.assertIn("point='full', tpot_ms=30", repr(plan.deployments[0]))
        fast = next(route for route in plan.routes if route.tp_degree == 4)
        self.assertIn("ttft_ms=50, tpot_ms=10, delay_ms=140, error=0.25", repr(fast))
        text = plan._repr_html_()
        for words in ("<th>point</th>", "<th>allowed load</th>", "<td>full</td>", "<td>0.8</td>"):
            self.assertIn(words, text)
        for words in ("point", "head-room"):
            self.assertNotIn(f"<th>{words}</th>", self.plan._repr_html_())
        self.assertNotIn("#ee6677", plan.report().split("How loaded")[1].split("</svg>")[0])
        instance = plan.source.copy()
        instance["queries[bulk].rate_per_hour"] = 36000
        over = plan.check(instance)
        self.assertEqual(over.status, "infeasible")
        picture = over.report().split("How loaded")[1].split("</svg>")[0]
        self.assertIn("#ee6677", picture)

    def test_unmet_rows(self):
        """Rows of unmet shares have the columns of routes, without figures of a route."""
        plan = inferplan.load({**self.instance.to_dict(), "limits": {"budget_usd": 0}}).solve()
        row = plan.to_rows()[0]
        self.assertEqual(set(row), set(self.plan.to_rows()[0]))
        for name in ("model", "point", "ttft_ms", "tpot_ms", "delay_ms", "error"):
            self.assertIsNone(row[name])

    def test_source(self):
        """A plan keeps the instance as it was, also when pickled, and after changes."""
        instance = split()
        plan = instance.solve()
        instance["tiers[*].usd_per_hour"] = 1000
        for one in (plan, pickle.loads(pickle.dumps(plan)), copy.deepcopy(plan)):
            self.assertEqual(one.check().status, "feasible")
            self.assertAlmostEqual(one.check().objective_usd, plan.objective_usd, places=6)
            self.assertEqual(one, plan)
        self.assertGreater(plan.check(instance).objective_usd, 2 * plan.objective_usd)
        lonely = dataclasses.replace(plan, source=None)
        for call in (lonely.check, lonely.stress, lonely.to_rows, lonely.report, lonely.svg):
            with self.assertRaises(ValueError):
                call()
        self.assertEqual(len(lonely.to_rows(instance=plan.source)), len(plan.to_rows()))

    def test_stress(self):
        stress = self.plan.stress(samples=30, seed=3)
        self.assertEqual((stress.samples, stress.seed, len(stress.rows)), (30, 3, 6))
        self.assertEqual(stress, self.instance.stress(self.plan, samples=30, seed=3))
        self.assertNotEqual(stress.rows, self.plan.stress(samples=30, seed=4).rows)
        kept = stress.rows[0]
        self.assertEqual((kept.routing, kept.inflation, kept.any_violated), ("kept", 1, 0))
        self.assertAlmostEqual(kept.worst_cost_usd, self.plan.objective_usd, places=4)
        self.assertLessEqual(kept.cost_mean_usd, kept.worst_cost_usd)
        self.assertIsNone(stress.rows[3].worst_cost_usd)
        for wrong in ({"samples": 0}, {"samples": 10**7}, {"seed": -1}, {"samples": 1.5},
                      {"seed": True}):
            with self.assertRaises(InputError):
                self.plan.stress(**wrong)
        nominal = inferplan.load(ICC)
        nominal["uncertainty.kind"] = "none"
        with self.assertRaises(InputError):
            nominal.solve().stress()

    @needs("pandas")
    def test_stress_frame(self):
        frame = self.plan.stress(samples=3).to_frame()
        self.assertEqual(list(frame["inflation"]), [1, 1.2, 1.5] * 2)

    def test_history(self):
        plan = hard().solve(time_limit=2)
        self.assertGreater(len(plan.history), 0)
        seconds = [now.seconds for now in plan.history]
        self.assertEqual(seconds, sorted(seconds))
        pairs = [(now.objective_usd, now.bound_usd) for now in plan.history]
        self.assertTrue(all(one != other for one, other in zip(pairs, pairs[1:])))
        self.assertIn("<path", plan.svg("gap"))

    def test_history_that_runs_backwards(self):
        late, early = (inferplan.Progress(seconds, 2, 1, 0.5, 1, 0) for seconds in (2, 1))
        plan = dataclasses.replace(self.plan, history=(late, early))
        with self.assertRaisesRegex(InputError, r"history: found \(1, 2, 1\); allowed: seconds"):
            plan.svg("gap")

    def test_svg(self):
        for picture in ("traffic", "costs", "fleet", "limits", "gap"):
            for plan in (self.plan, self.infeasible, self.plan.check()):
                text = plan.svg(picture, 400)
                xml.etree.ElementTree.fromstring(text)
                self.assertEqual(text, plan.svg(picture, 400))
        for wrong in (("money", 400), ("costs", 100), ("costs", math.nan)):
            with self.assertRaises(InputError):
                self.plan.svg(*wrong)

    def test_report(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "plan.html")
            text = self.plan.report(path)
            with open(path, encoding="utf-8") as file:
                self.assertEqual(file.read(), text)
        self.assertIn("no plan costs less", text)
        self.assertIn("no plan holds every limit", self.infeasible.report())
        self.assertIn("is not known", self.plan.check().report())
        self.assertNotIn("://", text.replace("http://www.w3.org/2000/svg", ""))

    def test_notebook(self):
        for plan in (self.plan, self.infeasible, self.plan.check()):
            text = plan._repr_html_()
            xml.etree.ElementTree.fromstring(text)
            self.assertNotIn("<script", text)
        self.assertIn("<svg", self.plan._repr_html_())
        odd = inferplan.load(ICC)
        odd.name = "<b>&"
        xml.etree.ElementTree.fromstring(odd.solve()._repr_html_())

    def test_model_changes(self):
        """The same as a fresh solve, and warm from a start."""
        with inferplan.Model(self.instance) as model:
            first = model.solve()
            model["limits.budget_usd"] = 200
            model["tiers[0].tp_degrees"] = [1, 2]
            model["policy.placement"] = "matching"
            second = model.solve()
            changed = self.instance.copy()
            changed["limits.budget_usd"] = 200
            changed["tiers[0].tp_degrees"] = [1, 2]
            changed["policy.placement"] = "matching"
            fresh = changed.solve()
            self.assertLessEqual(abs(second.objective_usd - fresh.objective_usd),
                                 2e-4 * fresh.objective_usd)
            self.assertEqual(second.source.to_json(), changed.to_json())
            self.assertEqual(first.source.to_json(), self.instance.to_json())
            model.start_from(second)
            third = model.solve()
            self.assertLessEqual(third.objective_usd, second.objective_usd * (1 + 1e-4))
            model.start_from(None)
            for path, value in (("limits.budget", 1), ("limits.budget_usd", -1),
                                ("limits.budget_usd", True), ("policy.placement", "all"),
                                ("performance.error_rate", [[0.1], [0.2]])):
                with self.assertRaises(InputError):
                    model[path] = value
            model["limits.budget_usd"] = None
            self.assertLessEqual(model.solve().objective_usd, third.objective_usd)


class Pictures(unittest.TestCase):
    """``plot`` gives the pictures that ``svg`` gives as texts; the library draws them."""

    NAMES = ("traffic", "costs", "fleet", "limits", "gap")

    @classmethod
    def setUpClass(cls):
        cls.plan = split().solve()

    def test_pictures(self):
        from inferplan import pictures
        self.assertEqual(sorted(pictures.PLANS), sorted(self.NAMES))
        for name in self.NAMES:
            picture = self.plan.plot(name)
            self.assertIsInstance(picture, pictures.Picture)
            self.assertEqual(picture.svg, self.plan.svg(name))
            self.assertEqual(picture._repr_svg_(), picture.svg)
            self.assertEqual(xml.etree.ElementTree.fromstring(picture.svg).get("class"), f"ifp-{name}")
            self.assertEqual(pictures.PLANS[name](self.plan), picture)
            self.assertEqual(getattr(pictures, name)(self.plan, width=300),
                             self.plan.plot(name, 300))
            self.assertNotEqual(self.plan.plot(name, 300), picture)
        self.assertEqual(self.plan.plot(), self.plan.plot("traffic"))

    def test_of_another_instance(self):
        alone = dataclasses.replace(self.plan, source=None)
        with self.assertRaisesRegex(ValueError, "does not know the instance"):
            alone.plot()
        self.assertEqual(alone.plot("fleet", instance=self.plan.source), self.plan.plot("fleet"))

    def test_refused(self):
        from inferplan import pictures
        for call in (lambda: self.plan.plot("money"), lambda: self.plan.plot(width=100),
                     lambda: pictures.costs(self.plan, width="wide"),
                     lambda: pictures.fleet(self.plan.document)):
            with self.assertRaises(InputError):
                call()

    def test_nothing_to_show(self):
        none = inferplan.load(ICC)
        none["limits.budget_usd"] = 0.01
        none["queries[*].max_unmet"] = 0.1
        silent = inferplan.load(ICC)
        silent["queries[*].rate_per_hour"] = 0
        for plan in none.solve(), silent.solve():
            for name in self.NAMES:
                xml.etree.ElementTree.fromstring(plan.plot(name).svg)

    def test_files(self):
        """The bytes of the picture, by its own method and by ``save``; without matplotlib."""
        code = ("import sys; sys.modules['matplotlib'] = None\n"
                "import inferplan\n"
                f"plan = inferplan.load({ICC!r}).solve()\n"
                "plan.plot('costs').save(sys.argv[1])\n"
                "inferplan.pictures.save(plan.plot('costs'), sys.argv[2])\n")
        with tempfile.TemporaryDirectory() as directory:
            paths = [os.path.join(directory, name) for name in ("a.svg", "b.svg")]
            subprocess.run([sys.executable, "-c", code, *paths], check=True)
            for path in paths:
                with open(path, encoding="utf-8") as file:
                    self.assertEqual(file.read().rstrip(),
                                     inferplan.load(ICC).solve().svg("costs").rstrip())


class Without(unittest.TestCase):
    def test_what_is_missing_is_said(self):
        """One line that says what to install, and plans all the same."""
        for package, call in (("numpy", "instance.array('tiers[*].tflops')"),
                              ("pandas", "plan.to_frame()"),
                              ("matplotlib", "inferplan.pictures.heat_map([{'x': 1, 'y': 2, "
                                             "'objective_usd': 3}])")):
            code = (f"import sys; sys.modules[{package!r}] = None\n"
                    "import inferplan\n"
                    f"instance = inferplan.load({ICC!r})\n"
                    "plan = instance.solve()\n"
                    "plan.to_rows(), plan._repr_html_(), plan.svg(), plan.plot()\n"
                    "try:\n"
                    f"    {call}\n"
                    "except ImportError as error:\n"
                    "    print(error)\n")
            run = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True,
                                 check=True)
            self.assertRegex(run.stdout, rf"\A\w[\w ]* need {package}: pip install {package}.*\n\Z")


class Examples(unittest.TestCase):
    def test_readme(self):
        """Its five lines: a plan and a picture."""
        top = os.path.join(HERE, "..", "..", "..")
        with open(os.path.join(top, "README.md"), encoding="utf-8") as file:
            code = re.search(r"```python\n(.*?)```", file.read(), re.DOTALL).group(1)
        self.assertEqual(code.count("\n"), 5)
        self.assertIn("optimal 469.", self.printed(code, top))
        with open(os.path.join(top, "examples", "quick_start.py"), encoding="utf-8") as file:
            self.assertIn("optimal: 469.47 USD", self.printed(file.read(), top))

    def printed(self, code, top):
        """What it prints, run where it finds the examples; it leaves a picture."""
        before = os.getcwd()
        with tempfile.TemporaryDirectory() as directory:
            os.symlink(os.path.abspath(os.path.join(top, "examples")),
                       os.path.join(directory, "examples"))
            os.chdir(directory)
            try:
                output = io.StringIO()
                with contextlib.redirect_stdout(output):
                    exec(code, {})
                self.assertGreater(os.path.getsize("plan.svg"), 1000)
            finally:
                os.chdir(before)
        return output.getvalue()

    def test_docstrings(self):
        for module in (inferplan, inferplan._instance):
            failed, tried = doctest.testmod(module)
            self.assertEqual(failed, 0)
            self.assertGreater(tried, 0)


if __name__ == "__main__":
    unittest.main()
