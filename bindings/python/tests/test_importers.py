# SPDX-License-Identifier: MIT
"""Real inputs and the catalogue, on small files of the real formats, and on what may be wrong with
such files."""
import doctest
import gzip
import io
import json
import math
import os
import pickle
import random
import re
import tempfile
import tracemalloc
import unittest
import unittest.mock
from datetime import datetime, timedelta, timezone

import inferplan
from inferplan import InputError, catalogue
from inferplan.importers import (Benchmark, _benchmark, _cluster, _files, _prices, _trace,
                                 performance, read_benchmark, read_prices, read_trace)

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "data")
HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens\n"


def data(name):
    return os.path.join(DATA, name)


def traced(*rows, **options):
    """The trace of rows (time of 2023-11-16, tokens)."""
    text = HEADER + "".join(f"2023-11-16 {row}\n" for row in rows)
    return read_trace(io.StringIO(text), **options)


class Counted(str):
    """A text that counts how often it is compared."""

    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other):
        Counted.compared += 1
        return str.__eq__(self, other)

    def lstrip(self, *_):
        return self

    def strip(self, *_):
        return self


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


class Traces(Case):
    def test_of_2023(self):
        trace = read_trace(data("trace-2023.csv"), types=3)
        with open(data("trace-2023.csv"), encoding="ascii") as file:
            rows = [line.strip().split(",") for line in file][1:]
        self.assertEqual(sum(trace.counts), len(rows))
        # The means are those of the requests, to the last bit that matters.
        for column, means in ((1, trace.input_tokens), (2, trace.output_tokens)):
            self.assertAlmostEqual(sum(mean * count for mean, count in zip(means, trace.counts)),
                                   sum(int(row[column]) for row in rows), places=6)
        self.assertEqual(trace.hours, tuple(datetime(2023, 11, 16, hour) for hour in (18, 19, 20)))
        self.assertEqual(trace.start, datetime(2023, 11, 16, 18, 9, 19, 260000))
        self.assertAlmostEqual(trace.covered_hours[0], (3600 - 559.2600003) / 3600, places=9)
        self.assertEqual(trace.covered_hours[1], 1)
        # Rates of what is covered give back the requests of each hour.
        for hour, covered, rates in zip(trace.hours, trace.covered_hours, trace.rates):
            self.assertAlmostEqual(covered * sum(rates), sum(
                row[0].startswith(f"{hour:%Y-%m-%d %H}") for row in rows))
        covered = sum(trace.covered_hours)
        for rate, count in zip(trace.mean_rates, trace.counts):
            self.assertAlmostEqual(rate, count / covered, places=4)
        self.assertEqual(trace.names, tuple(f"in {a:.0f} out {b:.0f}" for a, b in zip(
            trace.input_tokens, trace.output_tokens)))
        self.assertEqual(pickle.loads(pickle.dumps(trace)), trace)

    def test_of_2024(self):
        """Times with a zone, whole seconds among them, and lines that end in CR and LF."""
        trace = read_trace(data("trace-2024.csv"), types=3)
        self.assertEqual(trace.start, datetime(2024, 5, 10, 0, 0, 0, 9930, timezone.utc))
        self.assertEqual(trace.counts, (2, 3, 1))
        self.assertEqual(trace.names[0], "in 78 out 16")
        self.assertAlmostEqual(trace.covered_hours[1], 900.5 / 3600)
        self.assertAlmostEqual(trace.rates[1][2], 3600 / 900.5)
        other = HEADER + "2024-05-10T02:00:00+02:00,5,5\n2024-05-10 00:30:00Z,5,5\n"
        trace = read_trace(io.StringIO(other))
        self.assertEqual(trace.start, datetime(2024, 5, 10, tzinfo=timezone.utc))
        self.assertEqual(trace.covered_hours, (0.5,))

    def test_forms(self):
        """Gzip, a byte order mark, CRLF, file objects, any order, more columns: all the same."""
        with open(data("trace-2023.csv"), "rb") as file:
            plain = file.read()
        expected = read_trace(data("trace-2023.csv"))
        head, *rows = plain.splitlines(keepends=True)
        random.Random(3).shuffle(rows)
        wide = b"".join([b"id," + head] + [b"1," + row for row in rows])
        text = plain.decode()
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "trace.csv.gz")
            with gzip.open(path, "wb") as file:
                file.write(plain)
            with gzip.open(path) as packed, open(data("trace-2023.csv"), encoding="ascii") as file:
                for source in (path, packed, file, io.BytesIO(b"\xef\xbb\xbf" + plain),
                               io.BytesIO(plain.replace(b"\n", b"\r\n")), io.BytesIO(wide),
                               io.BytesIO(gzip.compress(plain)), io.StringIO("\ufeff" + text),
                               io.StringIO(text.replace("\n", "\r\n") + "\r\n"),
                               io.BytesIO(head + b"".join(rows)),
                               io.StringIO(re.sub(r"(\d+)\n", r'"\1"\n', text))):
                    self.assertEqual(read_trace(source), expected)
                    if not isinstance(source, str):
                        self.assertFalse(source.closed)
        renamed = text.replace("TIMESTAMP", "Timestamp").replace("ContextTokens", "Request tokens")
        self.assertEqual(read_trace(io.StringIO(renamed), time_column="Timestamp",
                                    input_column="Request tokens"), expected)

    def test_seconds(self):
        trace = read_trace(io.StringIO("s,a,b\n0,5,5\n5400.5,5,6\n"), time_column="s",
                           input_column="a", output_column="b", types=1)
        self.assertEqual(trace.hours, (datetime(1970, 1, 1), datetime(1970, 1, 1, 1)))
        self.assertAlmostEqual(trace.mean_rates[0], 2 / (5400.5 / 3600))

    def test_queries(self):
        trace = read_trace(data("trace-2023.csv"), types=3)
        self.assertEqual(trace.peak_hour, datetime(2023, 11, 16, 19))
        mean, peak = trace.queries(), trace.queries("peak", unmet_penalty_usd=1, error_limit=0.1)
        self.assertEqual(list(mean[0]), ["name", "input_tokens", "output_tokens", "rate_per_hour"])
        self.assertEqual([each["rate_per_hour"] for each in mean], list(trace.mean_rates))
        self.assertEqual([each["rate_per_hour"] for each in peak], list(trace.rates[1]))
        self.assertTrue(all(each["unmet_penalty_usd"] == 1 for each in peak))
        for moment in ("2023-11-16 20:10", "2023-11-16 20:00:00.0000001", "2023-11-16T20:59:59.9",
                       datetime(2023, 11, 16, 20)):
            self.assertEqual([each["rate_per_hour"] for each in trace.queries(moment)],
                             list(trace.rates[2]))
        for rate in ("2023-11-16 21:00", "2023-11-15 18:30", "often", 7, None, datetime.max,
                     datetime(2023, 11, 16, 20, tzinfo=timezone.utc)):
            self.refuses(lambda rate=rate: trace.queries(rate), "rate")
        self.refuses(lambda: trace.queries(rate_per_hour=3), "rate_per_hour")
        table = trace.table()
        self.assertEqual(list(table[0]), ["hour", "covered_hours", *trace.names])
        self.assertEqual([row[trace.names[2]] for row in table], [row[2] for row in trace.rates])
        aware = read_trace(data("trace-2024.csv"), types=1)
        east = timezone(timedelta(hours=2))
        self.assertEqual(aware.queries(datetime(2024, 5, 10, 3, tzinfo=east)),
                         aware.queries("2024-05-10 01:30"))

    def test_covered(self):
        """A short last hour, or first, is none; and an hour without requests is one."""
        trace = traced("18:59:50,9,9", "19:10:00,9,9", "21:00:01,9,9", "21:00:02,9,9", types=1)
        self.assertEqual([round(rate[0]) for rate in trace.rates], [360, 1, 0, 3600])
        self.assertEqual(trace.peak_hour, datetime(2023, 11, 16, 19))
        self.assertAlmostEqual(trace.mean_rates[0], 4 / (7212 / 3600))
        # Nothing of the hour that begins with the last request is covered.
        trace = traced("18:30:00,9,9", "19:00:00,9,9")
        self.assertEqual((trace.covered_hours, trace.rates), ((0.5,), ((4.0,),)))
        trace = traced("18:30:00,9,9", "20:00:00.0,9,9", types=1)
        self.assertEqual((trace.covered_hours, trace.rates), ((0.5, 1), ((2.0,), (1.0,))))
        # Seconds that a double rounds up to the next hour.
        trace = traced("18:59:59.999999999,9,9", "20:30:00,9,9", "20:59:59.999999999,9,9", types=1)
        self.assertEqual(trace.hours, tuple(datetime(2023, 11, 16, hour) for hour in (19, 20)))
        self.assertEqual([round(rate[0], 3) for rate in trace.rates], [1, 2])

    def test_short(self):
        trace = traced("18:15:00,100,10", "18:15:30,100,10")
        self.assertAlmostEqual(trace.mean_rates[0], 2 * 120)
        self.refuses(lambda: trace.queries("peak"), "rate", "half", "'mean'")
        # Less than what a datetime can tell apart.
        trace = traced("18:15:00.0000001,100,10", "18:15:00.0000004,100,10")
        self.assertGreater(trace.mean_rates[0], 1e9)
        one = lambda **options: traced("18:15:00,100,10", **options)  # noqa: E731
        self.refuses(one, "input", "one moment")
        self.refuses(lambda: one(start="2023-11-16 18:15"), "input", "one moment")
        self.assertEqual(one(start="2023-11-16 18:00").mean_rates, (4.0,))
        whole = one(start=datetime(2023, 11, 16, 18), end="2023-11-16 20:00")
        self.assertEqual((whole.rates, whole.covered_hours), (((1.0,), (0.0,)), (1, 1)))

    def test_window(self):
        rows = "17:59:59,7,7", "18:00:00,5,5", "18:30:00,5,5", "19:00:00,9,9"
        trace = traced(*rows, start="2023-11-16 18:00:00.000", end="2023-11-16 19:00")
        self.assertEqual((trace.counts, trace.input_tokens, trace.rates), ((2,), (5,), ((2,),)))
        self.refuses(lambda: traced(*rows, start="2023-11-17"), "input", "no request from start")
        self.refuses(lambda: traced(*rows, start="2023-11-16 19:00", end="2023-11-16 18:00"), "end")
        self.refuses(lambda: traced(*rows, end="late"), "end")
        self.refuses(lambda: traced(*rows, start="2023-11-16 18:00+00:00"), "start", "zone")

    def test_types(self):
        """Groups far apart are found, whatever their weight; fewer lengths make fewer types."""
        draw = random.Random(5)
        rows = []
        groups = ((100, 20, 900), (110, 900, 60), (8000, 15, 200), (30000, 2000, 8))
        for inputs, outputs, count in groups:
            for _ in range(count):
                rows.append(f"{draw.randrange(10, 20)}:{draw.randrange(10, 60)}:00,"
                            f"{int(inputs * draw.uniform(0.8, 1.2))},"
                            f"{int(outputs * draw.uniform(0.8, 1.2))}")
        trace = traced(*rows, types=4)
        self.assertEqual(trace.counts, (900, 60, 200, 8))
        draw.shuffle(rows)
        self.assertEqual(traced(*rows, types=4), trace)
        for count in (1, 2, 3, 7, 100):
            trace = traced(*rows, types=count)
            self.assertLessEqual(len(trace.names), count)
            self.assertEqual(sum(trace.counts), len(rows))
            self.assertEqual(len(set(trace.names)), len(trace.names))
        same = traced("18:00:00,5,5", "18:30:00,5,5", "18:45:00,70,5", types=6)
        self.assertEqual((same.names, same.counts), (("in 5 out 5", "in 70 out 5"), (2, 1)))
        for wrong in (0, 101, 2.5, "3", True):
            self.refuses(lambda wrong=wrong: traced("18:00:00,5,5", types=wrong), "types")

    def test_clusters(self):
        """Few divisions into two, of a few points, have a smaller squared error; and of many points
        each is in the cluster whose mean is nearest."""
        draw = random.Random(8)

        def error(points, parts):
            total = 0
            for part in parts:
                weight = sum(points[at][2] for at in part)
                for axis in (0, 1):
                    mean = sum(points[at][axis] * points[at][2] for at in part) / weight
                    total += sum(points[at][2] * (points[at][axis] - mean) ** 2 for at in part)
            return total

        near = 0
        for _ in range(40):
            points = [(draw.uniform(0, 9), draw.uniform(0, 9), draw.randrange(1, 9))
                      for _ in range(8)]
            parts = _cluster.clusters_of(points, 2)
            self.assertEqual(sorted(at for part in parts for at in part), list(range(8)))
            best = min(error(points, [[at for at in range(8) if mask >> at & 1],
                                      [at for at in range(8) if not mask >> at & 1]])
                       for mask in range(1, 255))
            self.assertLess(error(points, parts), 1.5 * best)
            near += error(points, parts) < 1.0001 * best
        self.assertGreater(near, 25)
        for _ in range(5):
            points = [(draw.uniform(0, 9), draw.uniform(0, 9), draw.randrange(1, 9))
                      for _ in range(200)]
            parts = _cluster.clusters_of(points, 6)
            centres = [_cluster._centre(points, part) for part in parts]
            for at, (x, y, _) in enumerate(points):
                nearest = min(range(6), key=lambda part: math.dist((x, y), centres[part]))
                self.assertIn(at, parts[nearest])
        self.assertEqual(_cluster.clusters_of([(1, 1, 5)], 3), [[0]])
        self.assertEqual(_cluster.clusters_of([(1, 1, 5), (1, 1, 2)], 3), [[0, 1]])

    def test_clusters_of_very_many_points(self):
        """Distances are computed so many times, and no more."""
        walks = []

        class Points(list):
            def __iter__(self):
                walks.append(1)
                return super().__iter__()

        draw = random.Random(9)
        points = Points((draw.uniform(0, 9), draw.uniform(0, 9), 1) for _ in range(2000))
        with unittest.mock.patch.object(_cluster, "_DISTANCES", 2000 * 20 * 5):
            parts = _cluster.clusters_of(points, 20)
        self.assertEqual(sorted(at for part in parts for at in part), list(range(2000)))
        self.assertEqual(len(walks), 5)

    def test_extremes(self):
        """No input or no output tokens are fine, and huge numbers are exact."""
        trace = traced("18:00:00,0,1", "18:10:00,1,0", "18:30:00,1000000000000000,999999999999999",
                       "18:40:00,12.0, 3 ", types=4)
        self.assertEqual(trace.names, ("in 0 out 1", "in 1 out 0", "in 12 out 3",
                                       "in 1000000000000000 out 999999999999999"))
        self.assertEqual(trace.input_tokens[3], 1e15)
        self.assertEqual(_trace._named([(1.2, 3), (1.4, 3), (0.9, 3)]),
                         ("in 1 out 3", "in 1 out 3 (2)", "in 1 out 3 (3)"))

    def test_refused(self):
        for row, column, *words in (
                ("2023-11-16 18:00:00,-1,5", "ContextTokens", "'-1'", "whole number"),
                ("2023-11-16 18:00:00,nan,5", "ContextTokens", "'nan'"),
                ("2023-11-16 18:00:00,5,inf", "GeneratedTokens", "'inf'"),
                ("2023-11-16 18:00:00,5,1.5", "GeneratedTokens", "'1.5'"),
                ("2023-11-16 18:00:00,5,", "GeneratedTokens", "''"),
                ("2023-11-16 18:00:00,5,1_0", "GeneratedTokens", "'1_0'"),
                ("2023-11-16 18:00:00,5,\u0663", "GeneratedTokens"),
                ("2023-11-16 18:00:00,5,1000000000000001", "GeneratedTokens", "1e15"),
                ("2023-11-16 18:00:00," + "9" * 9999 + ",5", "ContextTokens", "999..."),
                ("2023-02-30 18:00:00,5,5", "TIMESTAMP", "'2023-02-30 18:00:00'"),
                ("2023-11-16 18:00:61,5,5", "TIMESTAMP"), ("2023-11-16 24:00:00,5,5", "TIMESTAMP"),
                ("0001-11-16 12:00:00,5,5", "TIMESTAMP", "year"), ("noon,5,5", "TIMESTAMP"),
                ("1700000000000,5,5", "TIMESTAMP"), ("-5,5,5", "TIMESTAMP"), (",5,5", "TIMESTAMP"),
                ("2023-11-16 18:00:00+00:00,5,5", "TIMESTAMP", "zone"),
                ("2023-11-16 18:00:00,0,0", "", "at least 1 token"),
                ("2023-11-16 18:00:00,5", "", "2 fields", "allowed: 3"),
                ("2023-11-16 18:00:00,5,5,5", "", "4 fields"),
                ("2023-11-16 18:00:00,\"5\"5,5", "", "no CSV"),
                ("2023-11-16 18:00:00,5,\"5", "", "no CSV")):
            text = f"{HEADER}2023-11-16 17:00:00,5,5\n\n{row}\n"
            where = "input, line 4" + (f", {column}" if column else "")
            self.refuses(lambda text=text: read_trace(io.StringIO(text)), where, *words)
        zoned = HEADER + "2023-11-16 17:00:00Z,5,5\n2023-11-16 18:00:00,5,5\n"
        self.refuses(lambda: read_trace(io.StringIO(zoned)), "input, line 3, TIMESTAMP", "zone")
        for first, second in (("2023-11-16 17:00:00Z", "7"), ("7", "1970-01-01 00:00:00"),
                              ("1970-01-01 00:00:00", "7"), ("7", "1970-01-01 00:00:00Z")):
            mixed = f"{HEADER}{first},5,5\n{second},5,5\n"
            self.refuses(lambda text=mixed: read_trace(io.StringIO(text)),
                         "input, line 3, TIMESTAMP", "as in the rows before")
        stray = HEADER + "1970-01-01 00:00:00,5,5\n2023-11-16 18:00:00,5,5\n"
        self.refuses(lambda: read_trace(io.StringIO(stray)), "input", "ten years")

    def test_very_many_columns(self):
        """Each is compared with few others."""
        header = [Counted(f"column {at}") for at in range(5000)]
        Counted.compared = 0
        self.assertEqual(_files.header_of(iter([(1, header)]), "input"), header)
        self.assertLess(Counted.compared, 30000)

    def test_no_trace(self):
        for content, where, *words in (
                (b"", "input", "empty"), (b"\n\n", "input", "empty"),
                (HEADER.encode(), "input", "no request"),
                (b"a,b,c\n1,2,3\n", "input, header", "TIMESTAMP", "time_column="),
                (HEADER.replace("\n", ",TIMESTAMP\n").encode(), "input, line 1", "twice"),
                (HEADER.encode("utf-16"), "input", "UTF-8"),
                (gzip.compress(HEADER.encode())[:20], "input", "gzip"),
                (gzip.compress(HEADER.encode())[:-8] + b"12345678", "input", "gzip"),
                (b"\x1f\x8bjunk", "input", "gzip")):
            self.refuses(lambda content=content: read_trace(io.BytesIO(content)), where, *words)
        self.refuses(lambda: read_trace(7), "source")
        for path in ("/nowhere/trace.csv", HERE):
            with self.assertRaises(inferplan.FileError) as caught:
                read_trace(path)
            self.assertEqual(caught.exception.where, path)

    def test_memory(self):
        """Four times the rows, of a stream that keeps none of them, take no more memory."""
        class Rows(io.TextIOBase):
            def __init__(self, count):
                draw = random.Random(2)
                self.lines = iter([HEADER])
                self.rows = (f"2023-11-16 {at * 20 // count:02}:{at % 60:02}:00,"
                             f"{draw.randrange(1, 300)},{draw.randrange(1, 300)}\n"
                             for at in range(count))

            def read(self, size=-1):
                return ""

            def __next__(self):
                return next(self.lines, None) or next(self.rows)

        peaks = []
        for count in (10000, 40000):
            tracemalloc.start()
            trace = read_trace(Rows(count))
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
            self.assertEqual((sum(trace.counts), len(trace.hours)), (count, 20))
        self.assertLess(peaks[1], 1.5 * peaks[0])
        lengths = _trace._Lengths()
        for tokens in range(_trace._KEPT + 100):
            self.assertEqual(lengths[str(tokens)][0], tokens)
        self.assertEqual(len(lengths), _trace._KEPT)


def document(name):
    with open(data(name), encoding="utf-8") as file:
        return json.load(file)


def written(content, **options):
    return read_benchmark(io.StringIO(json.dumps(content)), **options)


class Benchmarks(Case):
    def test_vllm(self):
        """By hand: ttft + tpot x 159, over 1360 tokens."""
        found = read_benchmark(data("vllm-8B-L4.json"))
        mean = 412 + 31 * 159
        self.assertAlmostEqual(found.delay_ms_per_token, mean / 1360)
        self.assertAlmostEqual(found.delay_deviation_ms_per_token, (980 + 44 * 159 - mean) / 1360)
        self.assertEqual((found.input_tokens, found.output_tokens, found.requests, found.format),
                         (1200, 160, 200, "vllm"))
        self.assertIn("ttft + tpot", found.source)
        ninety = read_benchmark(data("vllm-8B-L4.json"), percentile=90)
        self.assertAlmostEqual(ninety.delay_deviation_ms_per_token,
                               (640 + 36.5 * 159 - mean) / 1360)
        self.assertEqual(read_benchmark(data("vllm-8B-L4.json"), 50).delay_deviation_ms_per_token,
                         0)
        faster = read_benchmark(data("vllm-8B-L4.json"), speedup=2)
        self.assertAlmostEqual(faster.delay_ms_per_token, 2 * found.delay_ms_per_token)
        self.assertAlmostEqual(faster.delay_deviation_ms_per_token,
                               2 * found.delay_deviation_ms_per_token)
        self.refuses(lambda: read_benchmark(data("vllm-8B-L4.json"), 95),
                     data("vllm-8B-L4.json") + ", percentile", "found 95", "50, 90, 99")

    def test_vllm_end_to_end(self):
        content = document("vllm-8B-L4.json")
        content.update(mean_e2el_ms=5000, median_e2el_ms=4900, p99_e2el_ms=7000,
                       **{"p99.9_e2el_ms": 9000})
        found = written(content)
        self.assertEqual((found.delay_ms_per_token, found.delay_deviation_ms_per_token,
                          found.source), (5000 / 1360, 2000 / 1360, "e2el"))
        self.assertEqual(written(content, percentile=99.9).delay_deviation_ms_per_token,
                         4000 / 1360)
        self.refuses(lambda: written(content, percentile=90), "input, percentile", "50, 99, 99.9")

    def test_vllm_requests(self):
        """The four that succeeded took 0.5, 1.0, 0.5 and 0.25 s: one that failed is no fast one."""
        found = read_benchmark(data("vllm-detailed.json"), percentile=50)
        self.assertEqual((found.delay_ms_per_token, found.requests), (562.5 / 1004, 4))
        self.assertEqual(found.delay_deviation_ms_per_token, 0)
        for percentile, latency in ((99, 985), (95, 925), (90, 850), (75, 625)):
            found = read_benchmark(data("vllm-detailed.json"), percentile)
            self.assertAlmostEqual(found.delay_deviation_ms_per_token, (latency - 562.5) / 1004)
        content = document("vllm-detailed.json")
        del content["errors"]
        self.assertEqual(written(content), read_benchmark(data("vllm-detailed.json")))
        content["itls"].pop()
        self.refuses(lambda: written(content), "input, itls")
        content["itls"].append("slow")
        self.refuses(lambda: written(content), "input, request 4 of ttfts and itls")
        content["itls"][-1] = [math.nan]
        self.refuses(lambda: written(content), "input, request 4 of ttfts and itls")
        content["completed"] = 5
        self.refuses(lambda: written(content), "input, ttfts", "4 requests", "allowed: 5")
        # A summary that lacks the percentile gives way to the requests, mean and all.
        both = dict(document("vllm-detailed.json"), mean_e2el_ms=600, p99_e2el_ms=990)
        self.assertEqual(written(both).source, "e2el")
        self.assertEqual(written(both, percentile=75),
                         read_benchmark(data("vllm-detailed.json"), 75))

    def test_genai_perf(self):
        found = read_benchmark(data("genai-perf-8B-H100.json"))
        self.assertAlmostEqual(found.delay_ms_per_token, 1632 / 1360)
        self.assertAlmostEqual(found.delay_deviation_ms_per_token, (2448 - 1632) / 1360)
        self.assertEqual((found.requests, found.format, found.source),
                         (120, "genai-perf", "request_latency"))
        self.assertEqual(read_benchmark(data("genai-perf-8B-H100.json"), 25)
                         .delay_deviation_ms_per_token, 0)
        self.refuses(lambda: read_benchmark(data("genai-perf-8B-H100.json"), 98),
                     data("genai-perf-8B-H100.json") + ", percentile", "25, 50, 75, 90, 95, 99")
        content = document("genai-perf-8B-H100.json")
        del content["request_count"]
        for unit, factor in (("s", 1e-3), ("us", 1e3), ("ns", 1e6)):
            for key, value in content["request_latency"].items():
                if key != "unit":
                    content["request_latency"][key] = value * factor
            content["request_latency"]["unit"] = unit
            other = written(content)
            self.assertAlmostEqual(other.delay_ms_per_token, found.delay_ms_per_token)
            self.assertIsNone(other.requests)
            for key, value in content["request_latency"].items():
                if key != "unit":
                    content["request_latency"][key] = value / factor
        content["request_latency"]["unit"] = "fortnights"
        self.refuses(lambda: written(content), "input, request_latency, unit", "fortnights", "ms")

    def test_refused(self):
        vllm, genai = document("vllm-8B-L4.json"), document("genai-perf-8B-H100.json")
        for content, where, *words in (
                (dict(vllm, completed=0), "input, completed", "found 0", "at least 1"),
                (dict(vllm, completed=True), "input, completed"),
                (dict(vllm, completed=2.5), "input, completed"),
                (dict(vllm, completed=None), "input, completed"),
                (dict(vllm, total_input_tokens=-3), "input, total_input_tokens", "-3"),
                (dict(vllm, total_input_tokens=0, total_output_tokens=0), "input", "tokens"),
                (dict(vllm, mean_tpot_ms=math.nan), "input, mean_tpot_ms", "nan"),
                (dict(vllm, mean_tpot_ms="31"), "input, mean_tpot_ms", "'31'"),
                (dict(vllm, p99_tpot_ms=math.inf), "input, p99_tpot_ms", "inf"),
                (dict(vllm, mean_tpot_ms=10 ** 400), "input, mean_tpot_ms", "000..."),
                (dict(vllm, mean_ttft_ms=0, mean_tpot_ms=0),
                 "input, ttft + tpot x (mean output tokens - 1)", "0 ms"),
                ({key: value for key, value in vllm.items() if key != "mean_ttft_ms"},
                 "input, mean_ttft_ms", "nothing"),
                (dict(genai, request_count={"unit": "count", "avg": 0}),
                 "input, request_count, avg"),
                (dict(genai, request_latency=5), "input, request_latency", "found 5"),
                (dict(genai, input_sequence_length={}), "input, input_sequence_length, avg",
                 "nothing"),
                (dict(genai, request_latency={"unit": "ms", "avg": 5}), "input, percentile",
                 "no percentiles"),
                ({}, "input", "vLLM", "GenAI-Perf"), ([vllm], "input"), (7, "input"),
                ({"experiments": []}, "input")):
            self.refuses(lambda content=content: written(content), where, *words)
        many = json.dumps(dict(vllm, mean_tpot_ms=0)).replace('"mean_tpot_ms": 0',
                                                              '"mean_tpot_ms": ' + "7" * 5000)
        self.refuses(lambda: read_benchmark(io.StringIO(many)), "input, mean_tpot_ms", "inf")
        for text in ("", "{", "[" * 100000, json.dumps(vllm) + "\n" + json.dumps(vllm)):
            self.refuses(lambda text=text: read_benchmark(io.StringIO(text)), "input", "no JSON")
        for percentile in (0, 100, -1, "99", None, math.nan, True):
            self.refuses(lambda each=percentile: written(vllm, percentile=each), "percentile")
        for speedup in (0, -1, math.inf, None):
            self.refuses(lambda each=speedup: written(vllm, speedup=each), "speedup")
        with self.assertRaises(inferplan.FileError):
            read_benchmark("/nowhere/result.json")

    def test_performance(self):
        one = Benchmark(4.0, 2.0, 99, 400.0, 100.0, 10, "vllm", "e2el")
        names = {"queries": [{"name": "chat"}, "code"], "models": ["8B", "70B"],
                 "tiers": [{"name": "L4"}, {"name": "H100"}]}
        tables = performance({(None, "8B", "L4"): one,
                              ("code", "8B", "L4"): data("vllm-detailed.json"),
                              ("code", "70B", "H100"): data("vllm-detailed.json")},
                             percentile=75, **names)
        other = read_benchmark(data("vllm-detailed.json"), 75)
        delay, deviation = other.delay_ms_per_token, other.delay_deviation_ms_per_token
        self.assertEqual(tables["delay_ms_per_token"],
                         [[[4.0, None], [None, None]], [[delay, None], [None, delay]]])
        self.assertEqual(tables["delay_deviation_ms_per_token"],
                         [[[2.0, 0], [0, 0]], [[deviation, 0], [0, deviation]]])
        for key, where, *words in (
                ((None, "8B", "T4"), "measured[(None, '8B', 'T4')]", "tier 'T4'", "L4, H100"),
                ((None, None, "L4"), "measured[(None, None, 'L4')]", "model None"),
                (("talk", "8B", "L4"), "measured[('talk', '8B', 'L4')]", "chat, code, None"),
                (("8B", "L4"), "measured"), ("chat", "measured")):
            self.refuses(lambda key=key: performance({key: one}, **names), where, *words)
        self.refuses(lambda: performance({}, **dict(names, models=["8B", "8B"])), "models")
        Counted.compared = 0
        many = [Counted(f"m{at}") for at in range(2000)]
        performance({(None, Counted(f"m{at}"), "L4"): one for at in range(2000)},
                    **dict(names, models=many))
        self.assertLess(Counted.compared, 30000)
        self.refuses(lambda: performance({}, **dict(names, tiers=[{}])), "tiers")

    def test_delay_is_what_was_measured(self):
        """A plan's delay of a query as long as the benchmark's is the benchmark's latency, in the
        worst case its percentile."""
        one = read_benchmark(data("genai-perf-8B-H100.json"))
        tier = catalogue.tier("H100-SXM", "FP8")
        query = {"name": "q", "input_tokens": one.input_tokens, "output_tokens": one.output_tokens,
                 "rate_per_hour": 1, "unmet_penalty_usd": 1e6, "delay_penalty_usd_per_ms": 1}
        content = {
            "format": "inferplan-instance", "version": 1, "name": "one",
            "horizon": {"rental_hours": 1}, "storage_usd_per_gb_hour": 0, "queries": [query],
            "models": [{"name": "8B", "weights_gb": 16, "kv_gb_per_token": 0}], "tiers": [tier],
            "performance": {"error_rate": 0, **performance(
                {(None, "8B", "H100-SXM-FP8"): one}, queries=[query], models=["8B"],
                tiers=[tier])}}
        self.assertAlmostEqual(inferplan.load(content).solve().costs.delay_usd, 1632)
        content["uncertainty"] = {"kind": "budget", "delay_budget": 1, "error_budget": 0}
        self.assertAlmostEqual(inferplan.load(content).solve().costs.delay_usd, 2448)


def priced(text):
    return read_prices(io.StringIO(text))


class PriceLists(Case):
    def test_read(self):
        prices = read_prices(data("prices.csv"))
        self.assertEqual([tier["name"] for tier in prices.tiers],
                         ["L4-FP16", "L4-FP8", "H100-SXM-FP16", "H100-SXM-FP8"])
        self.assertEqual(prices.tiers[1], {
            "name": "L4-FP8", "memory_gb": 24, "tflops": 242.5, "usd_per_hour": 0.8048,
            "tp_degrees": [1, 2], "weight_scale": 0.5, "kv_scale": 0.5, "pool": "L4"})
        self.assertEqual(prices.tiers[2]["usd_per_hour"], 55.04 / 8)
        self.assertEqual(prices.tiers[2]["tp_degrees"], [1, 2, 4, 8])
        self.assertEqual(prices.pools, [{"name": "L4", "gpus": 8}])

    def test_own(self):
        """What the row says comes before the catalogue, and a GPU may be unknown to it."""
        tiers, pools = priced(
            "\ufeffgpu , usd_per_hour,name,precision,memory_gb,tflops,tp_degrees,tp_speedup,gpus,"
            "pool\r\n"
            "L4, 0.5 ,a,INT8,23,200,1;4,1;3.5,,\r\nX1,0,b,INT4,64,300,,,5,ours\r\n"
            "X1,2,c,,64,300,,,5,ours\r\nA10,1,d,INT4,,,,,,\r\n")
        self.assertEqual(tiers[0], {
            "name": "a", "memory_gb": 23, "tflops": 200, "usd_per_hour": 0.5, "tp_degrees": [1, 4],
            "weight_scale": 0.5, "kv_scale": 0.5, "tp_speedup": [1, 3.5]})
        self.assertEqual((tiers[1]["weight_scale"], tiers[1]["kv_scale"], tiers[1]["pool"],
                          tiers[1]["tp_degrees"]), (0.25, 1, "ours", [1]))
        self.assertEqual((tiers[2]["weight_scale"], tiers[2]["pool"]), (1, "ours"))
        self.assertEqual(tiers[3]["tflops"], 125)
        self.assertEqual(pools, [{"name": "ours", "gpus": 5}])

    def test_refused(self):
        head = "gpu,usd_per_hour,precision,gpus,pool,name\n"
        for text, where, *words in (
                ("", "input", "empty"), (head, "input", "no row"),
                ("gpu\nL4\n", "input, header", "usd_per_hour"),
                ("gpu,usd_per_hour,memory\nL4,1,24\n", "input, header", "'memory'", "memory_gb"),
                (head + "L4,,,,,\n", "input, line 2, usd_per_hour", "nothing"),
                (head + ",1,,,,\n", "input, line 2, gpu", "nothing"),
                (head + "L4,-1,,,,\n", "input, line 2, usd_per_hour", "'-1'"),
                (head + "L4,nan,,,,\n", "input, line 2, usd_per_hour", "'nan'"),
                (head + "L4,$1,,,,\n", "input, line 2, usd_per_hour", "'$1'"),
                (head + "L4,1e16,,,,\n", "input, line 2, usd_per_hour"),
                (head + "L4,1\n", "input, line 2", "2 fields"),
                (head + "L4,1,FP12,,,\n", "input, line 2, precision", "FP16, BF16, FP8"),
                (head + "A10,1,FP8,,,\n", "input, line 2, precision", "FP16, BF16, INT8, INT4"),
                (head + "L5,1,,,,\n", "input, line 2, gpu", "'L5'", "T4, ", "L4, ", "memory_gb"),
                (head + "L4,1,,1.5,,\n", "input, line 2, gpus", "'1.5'"),
                (head + "L4,1,,,,\nL4,2,,,,\n", "input, line 3, name", "line 2"),
                (head + "L4,1,FP8,8,,\nL4,2,,,,\n", "input, line 3, gpus", "nothing", "allowed: 8"),
                (head + "L4,1,FP8,8,,\nL4,2,,9,,\n", "input, line 3, gpus", "'9'", "line 2"),
                (head + "L4,1,,,ours,\n", "input, line 2, gpus", "pool ours"),
                ("gpu,usd_per_hour,tp_degrees\nL4,1,1;1\n", "input, line 2, tp_degrees", "'1;1'"),
                ("gpu,usd_per_hour,tp_degrees\nL4,1,1;2;\n", "input, line 2, tp_degrees"),
                ("gpu,usd_per_hour,tp_degrees\nL4,1,1.5\n", "input, line 2, tp_degrees"),
                ("gpu,usd_per_hour,tp_degrees\nL4,1,0\n", "input, line 2, tp_degrees"),
                ("gpu,usd_per_hour,tp_speedup\nL4,1,1;2\n", "input, line 2, tp_speedup"),
                ("gpu,usd_per_hour,memory_gb\nL4,1,0\n", "input, line 2, memory_gb", "above 0"),
                ("gpu,usd_per_hour,memory_gb\nX,1,9\n", "input, line 2, gpu", "tflops"),
                ("gpu,usd_per_hour,gpus_per_instance\nL4,1,0\n",
                 "input, line 2, gpus_per_instance"),
                ("gpu,usd_per_hour,gpus_per_instance\nL4,1,1e15\n",
                 "input, line 2, gpus_per_instance")):
            self.refuses(lambda text=text: priced(text), where, *words)


class Catalogue(Case):
    def test_facts(self):
        """Those that are used most, as their datasheets have them; and all are in proportion."""
        gpus = catalogue.gpus()
        self.assertGreaterEqual(len(gpus), 15)
        for name, memory, fp16, eight in (
                ("T4", 16, 65, 130), ("L4", 24, 121, 242.5), ("A100-80GB", 80, 312, 624),
                ("H100-SXM", 80, 989.4, 1978.9), ("MI300X", 192, 1307.4, 2614.9)):
            self.assertEqual((gpus[name].memory_gb, gpus[name].tflops(),
                              gpus[name].tflops("INT8")), (memory, fp16, eight))
        for gpu in gpus.values():
            half = gpu.bf16_tflops or gpu.fp16_tflops
            for figure in (gpu.fp8_tflops, gpu.int8_tflops):
                # A figure with sparsity among those without would be twice too large.
                if figure is not None and gpu.name != "RTX-4090":
                    self.assertAlmostEqual(figure / half, 2, delta=0.03, msg=gpu.name)
            self.assertTrue(gpu.facts_source and gpu.memory_gb > 0 and gpu.precisions)
            priced_fully = [gpu.usd_per_hour is not None, gpu.price_source is not None,
                            gpu.price_date is not None]
            self.assertIn(sum(priced_fully), (0, 3), gpu.name)
            if gpu.price_date is not None:
                datetime.strptime(gpu.price_date, "%Y-%m")
        gpus.clear()
        self.assertTrue(catalogue.gpus())

    def test_tier(self):
        """Each makes a tier that an instance takes."""
        instance = inferplan.Instance("all")
        for gpu in catalogue.gpus().values():
            for precision in gpu.precisions:
                instance.add_tier(**catalogue.tier(gpu.name, precision, usd_per_hour=1,
                                                   tp_degrees=(1, 2), tp_speedup=[1, 1.7]))
        self.assertEqual(instance["tiers[T4-INT4].weight_scale"], 0.25)
        self.assertEqual(instance["tiers[T4-INT4].tflops"], 65)
        self.assertEqual(instance["tiers[H200-FP8].tp_speedup[1]"], 1.7)
        own = catalogue.tier("L4", name="mine", kv_scale=1, memory_gb=20)
        self.assertEqual((own["name"], own["kv_scale"], own["memory_gb"], own["usd_per_hour"]),
                         ("mine", 1, 20, 0.8048))
        self.refuses(lambda: catalogue.tier("L5"), "catalogue", "'L5'", "T4, ")
        self.refuses(lambda: catalogue.tier("A10", "FP8"), "catalogue, A10", "'FP8'", "INT8")
        self.refuses(lambda: catalogue.tier("A10", "fp16"), "catalogue, A10", "'fp16'")
        self.refuses(lambda: catalogue.tier("B200"), "catalogue, B200", "no price")


class Examples(unittest.TestCase):
    def test_docstrings(self):
        for module in (catalogue, _trace, _benchmark, _prices):
            failed, tried = doctest.testmod(module)
            self.assertEqual(failed, 0)
            self.assertGreater(tried, 0)

    def test_page(self):
        here = os.getcwd()
        os.chdir(DATA)
        try:
            failed, tried = doctest.testfile(
                os.path.join(HERE, "..", "..", "..", "docs", "importers.md"), module_relative=False,
                encoding="utf-8")
        finally:
            os.chdir(here)
        self.assertEqual(failed, 0)
        self.assertGreater(tried, 10)


if __name__ == "__main__":
    unittest.main()
