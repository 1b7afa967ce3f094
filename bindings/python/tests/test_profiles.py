# SPDX-License-Identifier: MIT
"""Profiles made from benchmark runs: runs of a known law in every format, what is read off measured
curves, and what is refused. INFERPLAN_REAL_RUNS names a folder of published runs to try as well."""
import csv
import doctest
import io
import itertools
import json
import math
import os
import random
import statistics
import tempfile
import unittest

import inferplan
from inferplan import InputError
from inferplan.importers import Run, _curve, _least_squares, _profile, profile, read_runs
from inferplan.importers._law import Law

LAW = Law(6.6, 0.011, 0.19, 1e-6)
LENGTHS = {(512, 256): 9.0, (4096, 512): 4.0, (1024, 1024): 3.0}
NAMES = {"model": "8B", "tier": "H100", "tp_degree": 1}
# The fields of a profile and of a measured entry in an instance file.
FIELDS = {"model", "tier", "tp_degree", "headroom", "spare_replicas", "min_replicas", "network_ms",
          "delay_deviation", "iteration_ms", "prefill_ms_per_token", "decode_ms_per_token",
          "context_ms_per_token", "max_sequences", "chunk_tokens", "paces_ms", "points", "x_fit"}
ENTRY = {"rate_per_hour", "ttft_ms", "tpot_ms", "e2e_ms", "attainment", "ttft_deviation_ms",
         "tpot_deviation_ms", "e2e_deviation_ms"}


def pace_of(rate, inputs, outputs, law=LAW):
    """The law, written down once more, in seconds."""
    work = (law.prefill_ms_per_token * inputs + law.decode_ms_per_token * outputs
            + law.context_ms_per_token * outputs * (inputs + (outputs + 1) / 2)) / 1000
    return law.iteration_ms / (1 - rate * work)


def runs_of(lengths=None, count=8, noise=0.0, seed=1, law=LAW, **more):
    """Runs of the law at rates up to the largest of each length, as plain figures."""
    generator = random.Random(seed)
    made = []
    for (inputs, outputs), most in (lengths or LENGTHS).items():
        for at in range(count):
            rate = most * (at + 1) / count
            pace = pace_of(rate, inputs, outputs, law) * (1 + noise * generator.uniform(-1, 1))
            first = 2 * pace + law.prefill_ms_per_token * inputs
            made.append({"input_tokens": inputs, "output_tokens": outputs, "request_rate": rate,
                         "request_throughput": rate, "mean_ttft_ms": first, "mean_tpot_ms": pace,
                         "p99_ttft_ms": 2 * first, "p99_tpot_ms": 1.1 * pace, **more})
    return made


def made(runs, **options):
    return profile(runs, **{**NAMES, **options})


class Case(unittest.TestCase):
    def refuses(self, call, where, *words):
        """InputError in one line: the place, and some words of what was found and is allowed."""
        with self.assertRaises(InputError) as caught:
            call()
        text = str(caught.exception)
        self.assertEqual(caught.exception.where, where, text)
        self.assertNotIn("\n", text)
        for word in ("found ", "; allowed: ", *words):
            self.assertIn(word, text)

    def is_profile(self, found):
        """Only fields that an instance file has, and no number that JSON does not have."""
        self.assertLessEqual(set(found), FIELDS)
        for point in found.get("points", ()):
            self.assertLessEqual(set(point), {"name", "tpot_ms", "queries"})
            for entry in point["queries"].values():
                self.assertLessEqual(set(entry), ENTRY)
                self.assertGreater(entry["rate_per_hour"], 0)
        self.assertNotEqual("points" in found, "iteration_ms" in found)
        json.dumps(found, allow_nan=False)

    def has_note(self, result, *words):
        self.assertTrue(any(all(word in note for word in words) for note in result.notes),
                        result.notes)


class LeastSquares(unittest.TestCase):
    def test_optimal(self):
        """The conditions of an optimum: no gradient at positive coefficients, and none that could be
        followed down at zeros."""
        generator = random.Random(5)
        zeros = 0
        for _ in range(300):
            count = generator.randint(1, 4)
            rows = [[generator.gauss(0, 1) for _ in range(count)]
                    for _ in range(count + generator.randint(0, 6))]
            values = [generator.gauss(0, 1) for _ in rows]
            found = _least_squares.nonnegative_least_squares(rows, values)
            rest = [sum(a * b for a, b in zip(row, found)) - value
                    for row, value in zip(rows, values)]
            for at, one in enumerate(found):
                gradient = sum(row[at] * each for row, each in zip(rows, rest))
                self.assertGreaterEqual(one, 0)
                self.assertGreater(gradient, -1e-7)
                if one > 0:
                    self.assertLess(abs(gradient), 1e-7)
                else:
                    zeros += 1
        self.assertGreater(zeros, 100)

    def test_dependent(self):
        self.assertIsNone(_least_squares.least_squares([[1, 2], [2, 4], [3, 6]], [1, 2, 3]))
        self.assertIsNone(_least_squares.least_squares([[0.0], [0.0]], [1, 2]))


class Fits(Case):
    def test_exact(self):
        """All lengths at once give back the law that made them, context included."""
        result = made(runs_of())
        law = result.fit.law
        for name in ("iteration_ms", "prefill_ms_per_token", "decode_ms_per_token",
                     "context_ms_per_token"):
            self.assertAlmostEqual(getattr(law, name) / getattr(LAW, name), 1, places=3, msg=name)
        self.assertLess(result.fit.largest_error, 1e-5)
        self.assertGreater(result.fit.r2, 0.99999)
        self.is_profile(result.profile)
        self.assertEqual(result.profile["x_fit"]["runs"], 24)
        self.assertEqual(result.profile["x_fit"]["tokens"], [[512, 256], [1024, 1024], [4096, 512]])

    def test_one_length(self):
        """One length determines the work as a whole, and the first token its parts."""
        one = {(512, 256): 9.0}
        law = made(runs_of(one)).fit.law
        self.assertAlmostEqual(law.iteration_ms, LAW.iteration_ms, places=6)
        self.assertAlmostEqual(law.work_ms(512, 256), LAW.work_ms(512, 256), places=6)
        self.assertAlmostEqual(law.prefill_ms_per_token, LAW.prefill_ms_per_token, places=6)
        silent = [{key: value for key, value in run.items() if "ttft" not in key}
                  for run in runs_of(one)]
        result = made(silent)
        self.assertAlmostEqual(result.fit.law.work_ms(512, 256), LAW.work_ms(512, 256), places=6)
        self.assertEqual(result.fit.law.prefill_ms_per_token, result.fit.law.decode_ms_per_token)
        self.has_note(result, "shared evenly")

    def test_errors(self):
        """The errors are those of the fitted law on the runs, computed here once more."""
        runs = runs_of(noise=0.05, seed=3)
        fit = made(runs).fit
        errors = [abs(pace_of(run["request_throughput"], run["input_tokens"], run["output_tokens"],
                              fit.law) / run["mean_tpot_ms"] - 1) for run in runs]
        self.assertAlmostEqual(fit.largest_error, max(errors), places=9)
        self.assertAlmostEqual(fit.median_error, statistics.median(errors), places=9)
        self.assertTrue(0.02 < fit.largest_error < 0.12, fit.largest_error)
        inverse = [1 / run["mean_tpot_ms"] for run in runs]
        mean = sum(inverse) / len(inverse)
        self.assertAlmostEqual(fit.r2, 1 - sum(
            (value - 1 / one.law_tpot_ms) ** 2 for value, one in zip(inverse, sorted(
                fit.runs, key=lambda one: inverse.index(1 / one.tpot_ms))))
            / sum((value - mean) ** 2 for value in inverse), places=9)

    def test_first_token_shortfall(self):
        """What the law lacks of the time to the first token, waiting at high rates aside."""
        runs = runs_of({(512, 256): 9.0, (4096, 512): 4.0})
        plain = made(runs).fit.ttft_shortfall
        self.assertLess(plain, 1e-3)
        for run in runs[6:8] + runs[14:]:
            run["mean_ttft_ms"] += 1000
        self.assertAlmostEqual(made(runs).fit.ttft_shortfall, plain, places=6)
        runs[1]["mean_ttft_ms"] *= 2
        result = made(runs)
        self.assertAlmostEqual(result.fit.ttft_shortfall, 0.5, places=2)
        self.has_note(result, "50 % of the measured time to the first token")

    def test_headroom(self):
        result = made(runs_of(noise=0.05, seed=3))
        used = result.profile["headroom"]["utilization"]
        self.assertTrue(0 <= 1 - result.fit.largest_error - used < 1.1e-4)
        bent = runs_of({(512, 256): 9.0})
        bent[-1]["mean_tpot_ms"] *= 6
        result = made(bent)
        self.assertEqual(result.profile["headroom"], {"utilization": 0.5})
        self.has_note(result, "does not fit")
        self.assertEqual(made(bent, headroom=0.9).profile["headroom"], {"utilization": 0.9})
        table = {"table": [0.5, 1.2]}
        self.assertEqual(made(bent, headroom=table).profile["headroom"], table)
        # Two runs go through any law: they do not tell its error.
        result = made(runs_of({(512, 256): 9.0}, count=2))
        self.assertEqual((result.fit.largest_error, result.profile["headroom"]),
                         (None, {"utilization": 0.8}))

    def test_more_than_the_law_bears(self):
        """A run beyond the law's capacity has an unbounded error, and JSON has no infinity."""
        runs = [{**run, "mean_tpot_ms": pace} for run, pace in zip(
            runs_of({(512, 256): 4.0}, count=4), (10, 40, 90, 160))]
        result = made(runs)
        self.assertEqual(result.fit.largest_error, math.inf)
        self.assertEqual(result.profile["headroom"], {"utilization": 0.5})
        self.assertIsNone(result.profile["x_fit"]["largest_error"])
        self.assertIn("largest unbounded", str(result))
        self.has_note(result, "does not fit")
        self.is_profile(result.profile)

    def test_statistic(self):
        law = made(runs_of(), statistic="p99").fit.law
        self.assertAlmostEqual(law.iteration_ms, 1.1 * LAW.iteration_ms, places=2)
        self.refuses(lambda: made(runs_of(), statistic="p95"), "files[0], statistic", "p95",
                     "mean, p99")
        for wrong in ("median", "p0", "p100", "p", 99, None):
            self.refuses(lambda wrong=wrong: made(runs_of(), statistic=wrong), "statistic", "p99")

    def test_deviation(self):
        """From the spread of the first token and of the others, never from that of the lengths."""
        plain = made(runs_of()).profile["delay_deviation"]
        worst = max((first + (outputs - 1) * 0.1 * pace) / (first + (outputs - 1) * pace)
                    for first, outputs, pace in ((run["mean_ttft_ms"], run["output_tokens"],
                                                  run["mean_tpot_ms"]) for run in runs_of()))
        self.assertAlmostEqual(plain, worst, places=5)
        spread = made(runs_of(mean_e2el_ms=3000, p99_e2el_ms=30000)).profile["delay_deviation"]
        self.assertEqual(spread, plain)
        self.assertNotIn("delay_deviation", made(runs_of(), deviation=None).profile)
        result = made(runs_of(), deviation="p90")
        self.assertNotIn("delay_deviation", result.profile)
        self.has_note(result, "no deviation", "p90")
        # A percentile of the gaps between tokens is not one of requests.
        gaps = [{key.replace("tpot", "itl"): value for key, value in run.items()}
                for run in runs_of()]
        self.assertNotIn("delay_deviation", made(gaps).profile)

    def test_one_run(self):
        run = runs_of({(512, 256): 9.0}, count=1)[0]
        result = made([run])
        law, pace = result.fit.law, run["mean_tpot_ms"]
        self.assertAlmostEqual(law.tpot_ms(9.0, 512, 256), pace)
        self.assertEqual(result.profile["paces_ms"], [_profile.floored(pace)])
        self.assertEqual(result.profile["headroom"], {"utilization": 0.8})
        self.has_note(result, "one rate only", "guess elsewhere")
        del run["mean_ttft_ms"]
        result = made([run], deviation=None)
        self.assertAlmostEqual(result.fit.law.tpot_ms(9.0, 512, 256), pace)
        self.has_note(result, "50 %")

    def test_no_growth(self):
        runs = [{**run, "mean_tpot_ms": 10} for run in runs_of({(512, 256): 9.0})]
        self.refuses(lambda: made(runs), "files[0]", "does not grow", "higher rates")
        flat = made(runs, queries={"chat": (512, 256)})
        self.assertEqual([point["queries"]["chat"]["rate_per_hour"]
                          for point in flat.profile["points"]], [32400])


class Formats(Case):
    def test_same(self):
        """The same runs in every format give the same profile."""
        runs = runs_of()
        expected = made(runs).profile
        vllm = [{"model_id": "8B", "completed": 200, "failed": 0, "num_prompts": 200,
                 "total_input_tokens": 200 * run["input_tokens"],
                 "total_output_tokens": 200 * run["output_tokens"], "burstiness": 1.0,
                 "request_goodput": None, "max_concurrency": None,
                 **{key: value for key, value in run.items() if not key.endswith("_tokens")}}
                for run in runs]
        planner = {"_metadata": {}, "benchmarks": [
            {"model_hf_repo": "meta/8b", "hardware": "H100", "hardware_count": 1,
             "prompt_tokens": run["input_tokens"], "output_tokens": run["output_tokens"],
             "requests_per_second": run["request_rate"],
             "responses_per_second": run["request_throughput"], "ttft_mean": run["mean_ttft_ms"],
             "itl_mean": run["mean_tpot_ms"], "e2e_mean": 1} for run in runs]}
        table = io.StringIO()
        writer = csv.writer(table)
        writer.writerow(["system", "model", "tp", "input_tokens", "output_tokens", "concurrency",
                         "ttft_ms", "tpot_ms", "requests_per_second", "memory_gb_per_gpu"])
        for run in runs:
            writer.writerow(["h100", "8B", 1, run["input_tokens"], run["output_tokens"],
                             round(run["request_rate"] * 10), run["mean_ttft_ms"],
                             run["mean_tpot_ms"], run["request_throughput"], 70])
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for at, run in enumerate(vllm):
                os.makedirs(os.path.join(folder, f"sweep/rate={at}"))
                paths.append(os.path.join(folder, f"sweep/rate={at}/run=0.json"))
                with open(paths[-1], "w", encoding="utf-8") as file:
                    json.dump(run, file)
            lines = "\n".join(map(json.dumps, vllm)) + "\n"
            for form, files in (("files", paths), ("folder", folder), ("list", io.StringIO(
                    json.dumps(vllm))), ("lines", io.StringIO(lines)), ("bytes", io.BytesIO(
                        b"\xef\xbb\xbf" + lines.encode())), ("mappings", vllm),
                                ("records", read_runs(vllm)),
                                ("planner", io.StringIO(json.dumps(planner))),
                                ("table", io.StringIO(table.getvalue()))):
                with self.subTest(form):
                    found = made(files, deviation=None).profile
                    for name in ("iteration_ms", "prefill_ms_per_token", "decode_ms_per_token",
                                 "context_ms_per_token", "paces_ms"):
                        self.assertEqual(found[name], expected[name])

    def test_records(self):
        run = read_runs({"input_tokens": "10", "mean_output_tokens": 20, "concurrency": 4,
                         "requests_per_second": 2, "mean_e2e_ms": 1900, "success_rate": 0.75,
                         "tpot_ms": "7.5", "median_ttft": 0.25, "tp": 2, "gpu": "L4"})[0]
        self.assertEqual((run.input_tokens, run.output_tokens, run.concurrency, run.tpot_ms,
                          run.ttft_ms, run.e2e_ms, run.failed, run.tp_degree, run.tier),
                         (10, 20, 4, {"mean": 7.5}, {"p50": 250}, {"mean": 1900}, 0.25, 2, "L4"))
        self.assertEqual((run.served_per_second, run.offered_per_second, run.in_flight),
                         (2, None, 3.8))
        run = read_runs({"request_rate": "inf", "max_concurrency": None, "concurrency": 11.8,
                         "request_throughput": 3, "input_tokens": 5, "output_tokens": 6,
                         "tpot_ms": 7, "mean_e2e_latency_ms": 900})[0]
        self.assertEqual((run.offered_per_second, run.concurrency, run.e2e_ms),
                         (math.inf, None, {"mean": 900}))
        run = read_runs({"completed": 10, "duration": 5, "request_rate": "inf", "input_tokens": 5,
                         "max_concurrency": 3, "concurrency": 2.5, "tpot_ms": 7},
                        output_tokens=6)[0]
        self.assertEqual((run.served_per_second, run.offered_per_second, run.concurrency,
                          run.output_tokens), (2, None, 3, 6))

    def test_single_requests(self):
        """Messages with several tokens count all of them, and failed requests do not count."""
        run = read_runs({"completed": 2, "total_input_tokens": 20, "total_output_tokens": 8,
                         "request_throughput": 1, "ttfts": [0.5, 0.0, 0.1],
                         "itls": [[0.02, 0.02], [], [0.03, 0.03]], "output_lens": [5, 0, 3],
                         "errors": ["", "refused", ""]})[0]
        for found, expected in zip(run.requests, ((500, 10, 540), (100, 30, 160))):
            for one, other in zip(found, expected):
                self.assertAlmostEqual(one, other)
        self.assertAlmostEqual(run.tpot_ms["mean"], 20)
        self.assertAlmostEqual(run.ttft_ms.get("p50"), 300)

    def test_choice(self):
        runs = [{**run, "model": name, "gpu": gpu, "tp": degree}
                for name, gpu, degree, scale in (("org/8B", "H100", 1, 1), ("org/8B", "H100", 2, 2),
                                                 ("org/8B", "L4", 1, 3), ("70B", "L4", 1, 4))
                for run in runs_of(law=Law(6.6 * scale, 0.011, 0.19, 1e-6))]
        for options, expected in (
                ({}, 6.6), ({"tp_degree": 2}, 13.2), ({"tier": "l4"}, 19.8),
                ({"model": "70B", "tier": "mine"}, 26.4),
                ({"model": "mine", "tier": "L4", "where": {"model": "70B"}}, 26.4),
                ({"model": "mine", "where": {"gpu": "h100", "tp": 2}, "tp_degree": 2}, 13.2)):
            with self.subTest(options):
                result = made(runs, **options)
                self.assertAlmostEqual(result.fit.law.iteration_ms, expected, places=3)
                self.assertEqual(result.profile["model"], options.get("model", "8B"))
        self.has_note(made(runs, model="70B", tier="mine"), "tier L4", "mine")
        self.refuses(lambda: made(runs, model="13B"), "model", "'13B'", "70B, org/8B", "where=")
        self.refuses(lambda: made(runs, tier="A100"), "tier", "'A100'", "H100, L4")
        self.refuses(lambda: made(runs, tp_degree=4), "tp_degree", "4", "1, 2")
        self.refuses(lambda: made(runs, where={"system": 1}), "where", "'system'")
        self.refuses(lambda: made(runs, where={"tp": 9}), "files", "no run")

    def test_refused(self):
        good = runs_of()[0]
        for change, where, *words in (
                ({"mean_tpot_ms": "fast"}, "files[0], mean_tpot_ms", "'fast'", "a number"),
                ({"mean_tpot_ms": -1}, "files[0], mean_tpot_ms", "-1"),
                ({"mean_tpot_ms": math.nan}, "files[0], mean_tpot_ms", "nan"),
                ({"request_throughput": True}, "files[0], request_throughput", "True"),
                ({"completed": 0}, "files[0], completed", "0"),
                ({"tp": 1.5}, "files[0], tp", "1.5"), ({"hardware_count": 0}, "files[0], hardware_count"),
                ({"mean_ttft_ms": [1]}, "files[0], mean_ttft_ms", "[1]"),
                ({"success_rate": 1.5}, "files[0], success_rate", "1.5"),
                ({"input_tokens": None}, "files[0], total_input_tokens", "input_tokens="),
                ({"output_tokens": 0}, "files[0], output_tokens", "more than 0"),
                ({"request_throughput": None, "request_rate": "inf"},
                 "files[0], request_throughput"),
                ({"ttfts": [1], "itls": []}, "files[0], itls", "one entry a request"),
                ({"ttfts": [1], "itls": [["x"]]}, "files[0], request 0 of ttfts and itls")):
            self.refuses(lambda change=change: made([{**good, **change}]), where, *words)
        for text, where in (("", "input"), ("{", "input"), ("[1]", "input[0]"), ("a\n1\n", "input"),
                            ("{}\n{\n", "input"), ("[{}]", "input[0]"),
                            ('{"benchmarks": [{"metrics": {}}]}', "input, benchmarks[0]"),
                            ("tpot_ms,tpot_ms\n1,2\n", "input, line 1"),
                            ("tpot_ms,tp\n1\n", "input, line 2")):
            self.refuses(lambda text=text: made(io.StringIO(text)), where)
        self.refuses(lambda: made([Run("mine", 512, 256, tpot_ms={"mean": 9})]), "mine", "a rate")
        with tempfile.TemporaryDirectory() as folder:
            self.refuses(lambda: made(folder), folder, "run=*.json")
            with self.assertRaises(inferplan.FileError):
                made(os.path.join(folder, "missing.json"))
        for options, where in (
                ({"model": 1}, "model"), ({"tp_degree": 0}, "tp_degree"), ({"form": "line"}, "form"),
                ({"deviation": "mean"}, "deviation"), ({"extrapolate": 1}, "extrapolate"),
                ({"paces": []}, "paces"), ({"paces": [0]}, "paces"), ({"headroom": 2}, "headroom"),
                ({"chunk_tokens": 0}, "chunk_tokens"), ({"max_sequences": 1.5}, "max_sequences"),
                ({"network_ms": -1}, "network_ms"), ({"where": 3}, "where"),
                ({"queries": 3}, "queries"), ({"queries": {"a": (1,)}}, "queries[a]"),
                ({"queries": {"a": (1, 0)}}, "queries[a].output_tokens"),
                ({"queries": [{"name": "a"}]}, "queries[a].input_tokens"),
                ({"limits": {"b": {}}}, "limits"),
                ({"queries": {"a": (512, 256)}, "limits": {"a": {"tpot": 1}}}, "limits[a]"),
                ({"form": "points"}, "queries")):
            with self.subTest(options):
                self.refuses(lambda options=options: made(runs_of(), **options), where)


class LeftOut(Case):
    def test_reasons(self):
        """Each run that says nothing about a load that a replica bears is left out with its
        reason, and the others give the law."""
        runs = runs_of({(512, 256): 9.0})
        last = runs[-1]
        bad = [({**last, "request_rate": 12, "request_throughput": 11.5, "mean_tpot_ms": 90},
                "served 11.5 of 12"),
               ({**last, "request_rate": "inf", "mean_tpot_ms": 91}, "all requests were sent"),
               ({**last, "completed": 95, "failed": 5, "mean_tpot_ms": 92}, "95 %"),
               ({**last, "completed": 95, "num_prompts": 100, "mean_tpot_ms": 93}, "95 %"),
               (dict(last), "the same as another run"),
               ({**last, "mean_tpot_ms": None}, "no mean")]
        result = made(runs + [one for one, _ in bad])
        self.assertEqual(len(result.left_out), len(bad))
        self.assertLess(result.fit.largest_error, 1e-9)
        for _, words in bad:
            self.assertTrue(any(words in one.reason for one in result.left_out), words)
            self.assertIn(words, str(result))
        kept = {**last, "request_rate": 9.3, "request_throughput": 9.0, "completed": 96, "failed": 4}
        self.assertEqual(len(made(runs[:-1] + [kept]).left_out), 0)
        self.refuses(lambda: made([bad[0][0]]), "files", "no usable run", "served 11.5 of 12")

    def test_closed_loop(self):
        """A server that is saturated, and a client that is the limit itself."""
        runs = []
        for concurrency, rate, pace in ((1, 0.5, 7), (4, 1.8, 8), (16, 5, 12), (64, 8, 30),
                                        (128, 8.02, 61)):
            runs.append({"input_tokens": 512, "output_tokens": 256, "concurrency": concurrency,
                         "requests_per_second": rate, "tpot_ms": pace, "ttft_ms": 50,
                         "mean_e2e_ms": 1000 * concurrency / rate})
        result = made(runs)
        self.assertEqual([one.run.concurrency for one in result.left_out], [128])
        self.assertIn("8.02 requests per second at concurrency 128, and 8 at 64",
                      result.left_out[0].reason)
        runs[-1].update(mean_e2e_ms=4000, tpot_ms=31)
        result = made(runs)
        self.assertEqual(result.left_out, ())
        self.has_note(result, "client was the limit in 1 of 5 runs", "32.1 requests", "concurrency 128")


class Curves(Case):
    def test_isotonic(self):
        """Against the formula: the largest, over starts, of the least mean up to an end."""
        generator = random.Random(7)
        for _ in range(200):
            pairs = [(generator.gauss(at / 3, 1), generator.randint(1, 3))
                     for at in range(generator.randint(1, 8))]

            def mean(low, high):
                return sum(value * weight for value, weight in pairs[low:high + 1]) / sum(
                    weight for _, weight in pairs[low:high + 1])

            expected = [max(min(mean(low, high) for high in range(at, len(pairs)))
                            for low in range(at + 1)) for at in range(len(pairs))]
            for found, value in itertools.zip_longest(_curve._isotonic(pairs), expected):
                self.assertAlmostEqual(found, value)

    def test_read_off(self):
        """Runs of the law are read off exactly, since 1 / TPOT is linear between them."""
        result = made(runs_of(), queries={"chat": (512, 256), "rag": (4096, 512)},
                      paces=[9, 11.5, 13])
        self.is_profile(result.profile)
        self.assertNotIn("headroom", result.profile)
        self.assertEqual([point["name"] for point in result.profile["points"]],
                         ["9ms", "11.5ms", "13ms"])
        for point in result.profile["points"]:
            pace = point["tpot_ms"]
            for name, (inputs, outputs) in (("chat", (512, 256)), ("rag", (4096, 512))):
                entry = point["queries"].get(name)
                fastest = pace_of(LENGTHS[inputs, outputs] / 8, inputs, outputs)
                slowest = pace_of(LENGTHS[inputs, outputs], inputs, outputs)
                if pace < fastest:
                    self.assertIsNone(entry)
                    continue
                rate = 3600 * 1000 * (1 - LAW.iteration_ms / min(pace, slowest)) / LAW.work_ms(
                    inputs, outputs)
                self.assertAlmostEqual(entry["rate_per_hour"] / rate, 1, places=4)
                self.assertAlmostEqual(entry["tpot_deviation_ms"] / min(pace, slowest), 0.1,
                                       delta=0.02)

    def test_bent(self):
        """Where a sweep leaves the law, points follow the sweep, and the law's error is shown."""
        runs = runs_of({(512, 256): 9.0}, count=10)
        for at, run in enumerate(runs):
            run["mean_tpot_ms"] = 5 + 3 * math.sqrt(at)
        result = made(runs, queries={"chat": (512, 256)}, paces=[8, 11])
        self.assertGreater(result.fit.largest_error, 0.1)
        for point, place in zip(result.profile["points"], (1, 4)):
            self.assertAlmostEqual(point["queries"]["chat"]["rate_per_hour"],
                                   3600 * runs[place]["request_throughput"], places=1)
        self.assertAlmostEqual(result.profile["x_fit"]["largest_error"], result.fit.largest_error,
                               places=5)

    def test_noise(self):
        """A run that is better at a higher rate is averaged with the one before."""
        runs = runs_of({(512, 256): 9.0}, count=4)
        for run, pace in zip(runs, (10, 20, 16, 30)):
            run["mean_tpot_ms"] = pace
        curve = made(runs, queries={"a": (512, 256)}, paces=[15]).curves[0]
        middle = 2 / (1 / 20 + 1 / 16)
        self.assertAlmostEqual(curve.tpot_at(4.5), middle)
        self.assertAlmostEqual(curve.tpot_at(6.75), middle)
        self.assertAlmostEqual(curve.rate_at(middle), 6.75)

    def test_limits(self):
        """The slowest pace that meets a limit is written, and it meets it."""
        limits = {"tpot_limit_ms": 9.5, "ttft_limit_ms": 27, "delay_limit_ms": 2500}
        for name, limit in limits.items():
            query = {"name": "chat", "input_tokens": 512, "output_tokens": 256, name: limit}
            points = made(runs_of(count=30), queries=[query], network_ms=3).profile["points"]
            self.assertEqual(len(points), 1)
            entry, pace = points[0]["queries"]["chat"], points[0]["tpot_ms"]
            reached = {"tpot_limit_ms": pace, "ttft_limit_ms": 3 + entry["ttft_ms"],
                       "delay_limit_ms": 3 + entry["ttft_ms"] + 255 * pace}[name]
            self.assertLessEqual(reached, limit * (1 + 1e-12), name)
            self.assertGreater(reached, limit * (1 - 1e-4), name)
        queries = {"chat": (512, 256), "rag": (4096, 512)}
        result = made(runs_of(), queries=queries, limits={
            "chat": {"tpot_limit_ms": 9}, "rag": {"tpot_limit_ms": 60}})
        self.assertEqual(result.profile["points"][0]["name"], "9ms")
        self.assertEqual(len(result.profile["points"]), 2)
        self.has_note(result, "rag would bear a pace of 60 ms")
        result = made(runs_of(), queries=queries, limits={
            "chat": {"tpot_limit_ms": 2}, "rag": {"tpot_limit_ms": 9}})
        self.has_note(result, "chat asks for a pace of 2 ms")
        self.refuses(lambda: made(runs_of(), queries=queries, limits={
            "chat": {"tpot_limit_ms": 2}}), "queries", "no pace")

    def test_attainment(self):
        """The fraction of the requests of a run, those that failed included, within all limits."""
        runs = []
        generator = random.Random(2)
        for at, run in enumerate(runs_of({(512, 256): 9.0}, count=5)):
            firsts = [generator.uniform(10, 40 + 10 * at) / 1000 for _ in range(40)]
            paces = [generator.uniform(5, 12 + 2 * at) / 1000 for _ in range(40)]
            runs.append({"input_tokens": 512, "output_tokens": 256, "completed": 40, "failed": 1,
                         "request_rate": run["request_rate"],
                         "request_throughput": run["request_rate"], "ttfts": firsts + [0.0],
                         "itls": [[pace] * 255 for pace in paces] + [[]],
                         "errors": [""] * 40 + ["refused"]})
        chat = {"name": "chat", "input_tokens": 512, "output_tokens": 256, "ttft_limit_ms": 45,
                "tpot_limit_ms": 11, "delay_limit_ms": 2600}
        result = made(runs, queries=[chat], paces=[9.5])
        curve = result.curves[0]
        rate = curve.rate_at(9.5)
        around = [run for run in runs if abs(run["request_rate"] - rate) < 1.8]
        counted = [sum(first <= 0.045 and gaps[0] <= 0.011 and first + 255 * gaps[0] <= 2.6
                       for first, gaps in zip(run["ttfts"][:40], run["itls"])) / 41
                   for run in around]
        found = result.profile["points"][0]["queries"]["chat"]["attainment"]
        self.assertEqual(len(counted), 2)
        along = (rate - around[0]["request_rate"]) / 1.8
        self.assertAlmostEqual(found, counted[0] + along * (counted[1] - counted[0]), places=5)
        self.assertGreater(curve.runs[0].tpot_ms.get("p95"), curve.runs[0].tpot_ms["mean"])
        self.is_profile(result.profile)
        self.assertIn("attainment", str(result))


class Extrapolation(Case):
    def test_paces(self):
        fastest = pace_of(LENGTHS[512, 256] / 8, 512, 256)
        for form, queries in (("law", None), ("points", {"chat": (512, 256)})):
            for pace in (0.99 * fastest, 40):
                call = lambda **more: made(runs_of({(512, 256): 9.0}), form=form, queries=queries,
                                           paces=[pace], **more)
                self.refuses(call, "paces", "as measured, or extrapolate=True")
                result = call(extrapolate=True)
                self.has_note(result, "extrapolated", f"{pace:g} ms")
        rate = result.profile["points"][0]["queries"]["chat"]["rate_per_hour"]
        self.assertAlmostEqual(rate / (3.6e6 * (1 - 6.6 / 40) / LAW.work_ms(512, 256)), 1, places=3)

    def test_law_is_held_to_its_paces(self):
        """Without paces the law gets those between the fastest and the slowest that were
        measured."""
        runs = runs_of({(512, 256): 9.0})
        paces = made(runs).profile["paces_ms"]
        self.assertEqual(len(paces), 8)
        self.assertGreater(paces[0], LAW.iteration_ms)
        self.assertAlmostEqual(paces[0], runs[0]["mean_tpot_ms"], places=4)
        self.assertLessEqual(paces[-1], runs[-1]["mean_tpot_ms"])
        chat = {"chat": {"input_tokens": 512, "output_tokens": 256, "tpot_limit_ms": 8.25}}
        self.assertIn(8.25, made(runs, queries=chat, form="law").profile["paces_ms"])
        result = made(runs, extrapolate=True)
        self.assertNotIn("paces_ms", result.profile)
        self.has_note(result, "extrapolated")
        self.refuses(lambda: made(runs, paces=[6.6]), "paces", "above iteration_ms")

    def test_lengths(self):
        """Lengths between those that were measured are the law's, less its error; others are
        refused."""
        runs = runs_of(noise=0.02)
        between = {"chat": (512, 256), "mail": (2048, 400)}
        result = made(runs, queries=between, paces=[11])
        entry = result.profile["points"][0]["queries"]["mail"]
        law, used = result.fit.law, 1 - result.fit.largest_error
        self.assertAlmostEqual(entry["rate_per_hour"] / (
            3600 * used * law.rate_per_second(11, 2048, 400)), 1, places=3)
        self.assertAlmostEqual(entry["ttft_ms"], law.ttft_ms(11, 2048))
        self.has_note(result, "mail", "the law's")
        for form, tokens, kind in (("points", (9000, 256), "input_tokens"),
                                   ("law", (512, 100), "output_tokens")):
            call = lambda **more: made(runs, form=form, queries={"chat": (512, 256), "far": tokens},
                                       **more)
            self.refuses(call, f"queries[far].{kind}", "as measured, or extrapolate=True")
            self.has_note(call(extrapolate=True), "extrapolated: far", kind)
        near = made(runs_of(), queries={"chat": (540, 256)}, paces=[9]).profile["points"][0]
        exact = made(runs_of(), queries={"chat": (512, 256)}, paces=[9]).profile["points"][0]
        self.assertAlmostEqual(near["queries"]["chat"]["rate_per_hour"]
                               / exact["queries"]["chat"]["rate_per_hour"],
                               LAW.work_ms(512, 256) / LAW.work_ms(540, 256), places=4)


class Whole(Case):
    def test_rounding(self):
        """Rounded paces stay those that were measured, whatever the digits."""
        generator = random.Random(4)
        for _ in range(200):
            law = Law(generator.uniform(0.9, 1.1) * generator.choice((1, 10)), 0.01, 0.2, 0)
            result = made(runs_of({(512, 256): 9.0}, count=4, law=law),
                          queries={"chat": (512, 256)})
            self.assertEqual([len(point["queries"]) for point in result.profile["points"]], [1] * 8)
            self.assertEqual(len(made(runs_of({(512, 256): 9.0}, count=4, law=law)).profile[
                "paces_ms"]), 8)

    def test_arguments_are_written(self):
        found = made(runs_of(), max_sequences=64, chunk_tokens=2048, spare_replicas=1,
                     min_replicas=2, network_ms=5).profile
        self.assertEqual([found[name] for name in ("max_sequences", "chunk_tokens", "spare_replicas",
                                                   "min_replicas", "network_ms")],
                         [64, 2048, 1, 2, 5])

    def test_text(self):
        text = str(made(runs_of(noise=0.02), queries={"chat": (512, 256)}))
        for words in ("8B on H100, degree 1: measured points, from 24 of 24 runs", "law: iteration",
                      "largest", "median", "R2", "512/256", "points:", "chat"):
            self.assertIn(words, text)
        self.assertIn("head-room: utilization", str(made(runs_of())))

    def test_instance(self):
        """An instance takes both forms, if the library knows profiles."""
        queries = [{"name": "chat", "input_tokens": 512, "output_tokens": 256, "rate_per_hour": 9000,
                    "unmet_penalty_usd": 1, "tpot_limit_ms": 9}]
        for form in ("law", "points"):
            document = {
                "format": "inferplan-instance", "version": 1, "name": "measured",
                "horizon": {"rental_hours": 1}, "storage_usd_per_gb_hour": 0, "queries": queries,
                "models": [{"name": "8B", "weights_gb": 16, "kv_gb_per_token": 1e-4}],
                "tiers": [{"name": "H100", "memory_gb": 80, "tflops": 989, "usd_per_hour": 3,
                           "tp_degrees": [1]}],
                "performance": {"error_rate": 0},
                "profiles": [made(runs_of(), queries=queries, form=form, headroom=1).profile]}
            try:
                instance = inferplan.load(document)
            except InputError as error:
                if "profiles" in str(error) and "unknown" in str(error).lower():
                    self.skipTest("the library does not know profiles")
                raise
            plan = instance.solve()
            self.assertEqual((plan.status, plan.objective_usd), ("optimal", 3))

    def test_docstring(self):
        failed, tried = doctest.testmod(_profile)
        self.assertEqual((failed, tried > 0), (0, True))


@unittest.skipUnless(os.environ.get("INFERPLAN_REAL_RUNS"), "INFERPLAN_REAL_RUNS is not set")
class Published(Case):
    """Published tables: the figures that the law was judged by."""

    def curves(self, name, **options):
        groups = {}
        for run in read_runs(os.path.join(os.environ["INFERPLAN_REAL_RUNS"], name), **options):
            key = run.model, run.tier, run.tp_degree, run.input_tokens, run.output_tokens
            groups.setdefault(key, []).append(run)
        for (model, tier, degree, *lengths), runs in groups.items():
            try:
                yield (model, tier, degree, *lengths), profile(
                    runs, model=model, tier=tier, tp_degree=degree)
            except InputError as error:
                self.assertTrue("does not grow" in str(error) or "no usable run" in str(error),
                                str(error))

    def test_simulated(self):
        errors = [result.fit.largest_error
                  for _, result in self.curves("llm-d-planner_BLIS_simulated.json")
                  if len(result.fit.runs) >= 6
                  and result.curves[0].slowest_ms >= 1.05 * result.curves[0].fastest_ms]
        self.assertEqual(len(errors), 58)
        self.assertLessEqual(statistics.median(errors), 0.02)

    def test_kernels(self):
        found = dict(self.curves("aic_estimates.csv"))
        errors = [result.fit.largest_error for result in found.values()]
        self.assertEqual(len(errors), 48)
        self.assertLess(statistics.median(errors), 0.07)
        self.assertEqual(sum(error < 0.315 for error in errors), 45)
        ratios = [result.fit.law.iteration_ms / found[key[:3] + (4096, 512)].fit.law.iteration_ms
                  for key, result in found.items()
                  if key[3] == 512 and key[:3] + (4096, 512) in found]
        self.assertTrue(1 < statistics.median(ratios) < 1.02)

    def test_mixture_of_experts(self):
        for tier, error in (("H200", 0.11), ("B200", 0.23), ("MI300X", 0.29)):
            result = profile(
                os.path.join(os.environ["INFERPLAN_REAL_RUNS"], "gpt-oss-20b_concurrency_sweeps.csv"),
                model="gpt-oss-20b", tier=tier, tp_degree=1, input_tokens=1000,
                queries={"chat": (1000, 940)})
            self.assertAlmostEqual(result.fit.largest_error, error, delta=0.006)
            self.assertIn("points", result.profile)
            self.has_note(result, "client was the limit")


if __name__ == "__main__":
    unittest.main()
