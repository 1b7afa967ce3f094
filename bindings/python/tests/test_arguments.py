# SPDX-License-Identifier: MIT
"""Every public function, method and property, given a wrong value in each of its arguments: an error
with one line that names the argument, what was found and what is allowed, and nothing else.

What is public is found by looking; what each argument takes stands in a table here, and a function that
is not in the table fails the test.
"""
import dataclasses
import decimal
import errno
import fractions
import importlib
import importlib.util
import inspect
import io
import os
import pathlib
import shutil
import tempfile
import unittest
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, Dict, List, Set, Tuple

import inferplan
from inferplan import catalogue, importers

DOCUMENT: Dict[str, Any] = {
    "format": "inferplan-instance", "version": 1, "name": "one",
    "horizon": {"rental_hours": 24}, "storage_usd_per_gb_hour": 0,
    "policy": {"placement": "single"},
    "uncertainty": {"kind": "budget", "delay_budget": 1, "error_budget": 1},
    "queries": [{"name": "chat", "input_tokens": 500, "output_tokens": 200, "rate_per_hour": 300,
                 "unmet_penalty_usd": 0.2}],
    "models": [{"name": "7B", "weights_gb": 14, "kv_gb_per_token": 0.0005}],
    "tiers": [{"name": "L4", "memory_gb": 24, "tflops": 100, "usd_per_hour": 0.7,
               "tp_degrees": [1, 2]}],
    "performance": {"delay_ms_per_token": 20, "error_rate": 0.02, "kv_residency_hours": 0.002},
}
BENCHMARK = ('{"completed": 10, "total_input_tokens": 4000, "total_output_tokens": 1000, '
             '"mean_e2el_ms": 2000, "p99_e2el_ms": 3000}')
TRACE = ("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:00,500,20\n"
         "2023-11-16 18:45:00,520,22\n2023-11-16 19:45:00,520,22\n")
PRICES = "gpu,usd_per_hour\nL4,0.7\n"
ROWS = [{"limits.budget_usd": budget, "tiers[*].usd_per_hour": price, "status": "optimal",
         **{f"{part}_usd": 1.0 for part in ("objective", "rental", "storage", "delay", "unmet")}}
        for budget in (10.0, 20.0) for price in ("scale:1", "scale:2")]

HERE = tempfile.mkdtemp()
unittest.addModuleCleanup(shutil.rmtree, HERE)
os.symlink("round", os.path.join(HERE, "round"))


def plan_of_one() -> Any:
    with inferplan.load(DOCUMENT) as instance:
        return instance.solve()


class Broken:
    """All that Python asks of it raises."""

    def __repr__(self) -> str:
        raise AttributeError("no repr")

    def __float__(self) -> float:
        raise RuntimeError("no float")

    def __index__(self) -> int:
        raise RuntimeError("no index")

    def __iter__(self) -> Any:
        raise RuntimeError("no members")

    def __fspath__(self) -> str:
        raise RuntimeError("no path")


class Odd(str):
    """A text whose methods are not those of texts."""

    def encode(self, *_: Any) -> Any:
        return 5


class Anything:
    def __init__(self, *_: Any) -> None:
        pass


def endless() -> List[Any]:
    made: List[Any] = []
    made.append(made)
    return made


def endless_mapping() -> Dict[str, Any]:
    made: Dict[str, Any] = {}
    made["name"] = made
    return made


#: Wrong values, and what each could be right as all the same.
WRONG: List[Tuple[Any, Set[str]]] = [
    (None, {"none"}), (3, {"number", "whole"}), (-7, {"number"}), (0, {"number", "whole"}),
    (2.5, {"number"}), (float("nan"), {"nan"}), (float("inf"), {"infinite"}),
    (10**400, {"whole"}), (True, {"flag"}), (False, {"flag"}), (1j, set()),
    ("no such word", {"text", "path"}), ("", {"text", "path"}), ("a\0b", set()),
    ("\ud800", set()), ("\u202e", {"text", "path"}), (b"bytes", {"bytes"}), (b"\xff", {"bytes"}),
    (bytearray(b"x"), {"bytes"}), ([], {"list"}), ([None], {"list"}), (["x"], {"list"}),
    ([b"x"], {"list"}), ([True], {"list"}), ([object()], {"list"}), ([10**400], {"list"}),
    ([[1, 2], [3]], {"list"}), (endless(), {"list"}), ((), {"list"}), ({}, {"mapping"}),
    ({1: 2}, {"mapping"}), ({"x": object()}, {"mapping"}), ({"name": ["x"]}, {"mapping"}),
    ({"name": b"x"}, {"mapping"}), (endless_mapping(), {"mapping"}), ({1, 2}, set()),
    (frozenset(), set()), (object(), set()), (Anything, {"function"}), (Broken(), set()),
    (lambda *_: None, {"function"}), (pathlib.Path("/no/such/file"), {"path"}),
    (pathlib.Path(HERE), {"path"}), (range(2), {"list"}),
    ("a\nb\x1b\u2028" + "x" * 100000, {"text", "path"}), (Odd("x" * 5000), {"text", "path"}),
    (Odd("x"), {"text", "path"}), (pathlib.Path(HERE, "no\nsuch\nfile"), {"path"}),
    (pathlib.Path(HERE, "round"), {"path"}),
    (decimal.Decimal("2.5"), {"number"}), (decimal.Decimal("sNaN"), set()),
    (fractions.Fraction(1, 3), {"number"}), (inferplan, set()), (ValueError("x"), set()),
    (io.StringIO("text"), {"file", "list"}), (io.BytesIO(b"\x80"), {"file", "list"}),
]
try:
    import numpy
    WRONG += [
        (numpy.int64(3), {"number", "whole"}), (numpy.float64(2.5), {"number"}),
        (numpy.float32(2.5), {"number"}), (numpy.bool_(True), set()), (numpy.str_("x"), {"text", "path"}),
        (numpy.complex128(1), set()), (numpy.array(2.5), {"number"}), (numpy.array("x"), set()),
        (numpy.array([1.0, 2.0]), {"list"}), (numpy.array(["x"]), {"list"}),
        (numpy.array([object()]), {"list"}), (numpy.array([True]), {"list"}),
        (numpy.zeros((0, 2)), {"list"}), (numpy.datetime64("2020-01-01"), set()),
    ]
except ImportError:
    pass
try:
    import pandas
    WRONG += [(pandas.NA, {"none"}), (pandas.Series([1.0]), {"list"}), (pandas.DataFrame(), {"frame", "list"}),
              (pandas.Timestamp("2020-01-01"), {"moment"})]
except ImportError:
    pass

#: Kinds of arguments: a valid value, and the kinds of WRONG that may be right.
INSTANCE = (lambda: inferplan.load(DOCUMENT), set())
INSTANCE_OR_NONE = (lambda: inferplan.load(DOCUMENT), {"none"})
ANY_PLAN = (plan_of_one, {"text", "mapping"})
PLAN = (plan_of_one, set())
NAME = (lambda: "one more", {"text"})
FIELD = (lambda: "limits.budget_usd", set())
TABLE_OF_ROWS = (lambda: ROWS, {"path"})


def text_or(*more: str) -> Any:
    return (lambda: "", {"text", *more})


def column(value: Any) -> Any:
    return (lambda: value, {"none"})


AX = (lambda: None, {"none"})
FLAG = (lambda: True, {"flag"})
VALUE = (lambda: 5.0, {"none", "number", "whole", "infinite", "list"})
#: A mapping is what from_arrays and load take; whether its members are right is the library's to say.
MEMBERS = {"gap": (lambda: 0.01, {"none", "number", "whole", "nan", "infinite"}),
           "time_limit": (lambda: 5, {"none", "number", "whole", "infinite"}),
           "engine": (lambda: "auto", {"none"}),
           "linearization": (lambda: "exact", {"none"})}
MODEL = {**MEMBERS, "log": (lambda: None, {"none", "function"}), "watched": FLAG}
PROGRESS = {"progress": (lambda: None, {"none", "function"})}
GRID = {"instance": INSTANCE, "grid": (lambda: {"limits.budget_usd": [1]}, {"mapping"}),
        "executor": (lambda: ThreadPoolExecutor(1), {"none"}),
        "jobs": (lambda: 1, {"none", "whole"}), "chunk": (lambda: 1, {"whole"}),
        "csv": (lambda: os.path.join(tempfile.mkdtemp(dir=HERE), "a.csv"), {"none", "path"}),
        "resume": (lambda: None, {"none", "path"}),
        "progress": (lambda: False, {"none", "flag"}), **MEMBERS}
WIDTH = (lambda: 720, set())
PICTURE = {"plan": PLAN, "width": WIDTH, "instance": INSTANCE_OR_NONE}
SWEPT = {"rows": TABLE_OF_ROWS, "ax": AX}

RUNS = [{"input_tokens": 512, "output_tokens": 256, "request_throughput": rate, "mean_ttft_ms": 30,
         "mean_tpot_ms": 10 + rate} for rate in (1, 2, 3, 4)]
TOKENS = {"input_tokens": (lambda: None, {"none", "number", "whole"}),
          "output_tokens": (lambda: None, {"none", "number", "whole"}),
          "where": (lambda: {"request_throughput": 1}, {"none", "mapping"})}

#: What a valid value of an argument is, by function. Arguments of ** are named one by one.
TAKES: Dict[str, Dict[str, Any]] = {
    "inferplan.load": {"source": (lambda: DOCUMENT, {"path", "mapping"})},
    "inferplan.sweep": {**GRID, "seconds": FLAG},
    "inferplan.sweep_rows": GRID,
    "inferplan.Instance": {"name": text_or()},
    "inferplan.Instance.read": {"path": (lambda: written("instance.json"), {"path"})},
    "inferplan.Instance.from_json": {"text": (lambda: written_text(), {"text", "path", "bytes"})},
    "inferplan.Instance.from_dict": {"document": (lambda: DOCUMENT, {"mapping"})},
    "inferplan.Instance.from_arrays": {
        "name": (lambda: "one", {"text"}), "source": text_or(),
        "queries": (lambda: DOCUMENT["queries"], {"mapping"}),
        "models": (lambda: DOCUMENT["models"], {"mapping"}),
        "tiers": (lambda: DOCUMENT["tiers"], {"mapping"}), "pools": (lambda: [{"name": "p", "gpus": 3}],
                                                               {"none", "mapping"}),
        "performance": (lambda: DOCUMENT["performance"], {"mapping"}),
        "horizon": (lambda: DOCUMENT["horizon"], {"mapping"}),
        "policy": (lambda: {}, {"mapping"}),
        "limits": (lambda: {"budget_usd": 3}, {"mapping"}),
        "uncertainty": (lambda: {}, {"mapping"}),
        "storage_usd_per_gb_hour": (lambda: 0, {"number", "whole", "list"}),
    },
    "inferplan.Instance.__setitem__": {"path": FIELD, "value": VALUE},
    "inferplan.Instance.__getitem__": {"path": FIELD},
    "inferplan.Instance.numbers": {"path": FIELD},
    "inferplan.Instance.array": {"path": FIELD},
    "inferplan.Instance.scale": {"path": FIELD, "factor": (lambda: 2, {"number", "whole"})},
    "inferplan.Instance.add_query": {"name": NAME, "input_tokens": (lambda: 3, {"number", "whole", "list"})},
    "inferplan.Instance.add_model": {"name": NAME, "weights_gb": (lambda: 3, {"number", "whole", "list"})},
    "inferplan.Instance.add_tier": {"name": NAME, "tp_degrees": (lambda: [1], {"number", "whole",
                                                                               "list"})},
    "inferplan.Instance.add_pool": {"name": NAME, "gpus": (lambda: 3, {"number", "whole", "none",
                                                                       "infinite", "list"})},
    "inferplan.Instance.name": {"text": NAME},
    "inferplan.Instance.source": {"text": (lambda: "x", {"text"})},
    "inferplan.Instance.solve": {**MODEL, **PROGRESS},
    "inferplan.Instance.check": {"plan": ANY_PLAN},
    "inferplan.Instance.stress": {"plan": ANY_PLAN, "samples": (lambda: 2, {"whole"}),
                                  "seed": (lambda: 2, {"whole"})},
    "inferplan.Model": {"instance": INSTANCE, **MODEL},
    "inferplan.Model.solve": PROGRESS,
    "inferplan.Model.__setitem__": {"path": FIELD, "value": VALUE},
    "inferplan.Instance.export": {"format": (lambda: "mps", set())},
    "inferplan.Model.export": {"format": (lambda: "lp", set())},
    "inferplan.Model.start_from": {"plan": (plan_of_one, {"none", "text", "mapping"})},
    "inferplan.Plan.check": {"instance": INSTANCE_OR_NONE},
    "inferplan.Plan.stress": {"instance": INSTANCE_OR_NONE, "samples": (lambda: 2, {"whole"}),
                              "seed": (lambda: 2, {"whole"})},
    "inferplan.Plan.to_rows": {"of": (lambda: "costs", set()), "instance": INSTANCE_OR_NONE},
    "inferplan.Plan.to_frame": {"of": (lambda: "costs", set()), "instance": INSTANCE_OR_NONE},
    "inferplan.Plan.svg": {"picture": (lambda: "fleet", set()), "width": (lambda: 720, set()),
                           "instance": INSTANCE_OR_NONE},
    "inferplan.Plan.plot": {"picture": (lambda: "fleet", set()), "width": WIDTH,
                            "instance": INSTANCE_OR_NONE},
    "inferplan.Plan.report": {"path": (lambda: os.path.join(HERE, "page.html"), {"none", "path"}),
                              "instance": INSTANCE_OR_NONE},
    "inferplan.catalogue.tier": {
        "gpu": (lambda: "L4", set()), "precision": (lambda: "FP8", set()),
        "name": (lambda: "x", {"none", "text"}),
        "usd_per_hour": (lambda: 0.7, {"none", "number", "whole"}),
        "tp_degrees": (lambda: [1], {"list"})},
    "inferplan.catalogue.Gpu.tflops": {"precision": (lambda: "FP8", set())},
    "inferplan.importers.read_benchmark": {
        "source": (lambda: io.StringIO(BENCHMARK), {"path", "file"}),
        "percentile": (lambda: 99, set()), "speedup": (lambda: 1, {"number", "whole"})},
    "inferplan.importers.performance": {
        "measured": (lambda: {("chat", "7B", "L4"): written("benchmark.json")}, {"mapping"}),
        "queries": (lambda: ["chat"], set()), "models": (lambda: ["7B"], set()),
        "tiers": (lambda: ["L4"], set()), "percentile": (lambda: 99, set())},
    "inferplan.importers.read_prices": {"source": (lambda: io.StringIO(PRICES), {"path", "file"})},
    "inferplan.importers.read_trace": {
        "source": (lambda: io.StringIO(TRACE), {"path", "file"}),
        "types": (lambda: 2, {"whole"}), "time_column": (lambda: "TIMESTAMP", set()),
        "input_column": (lambda: "ContextTokens", set()),
        "output_column": (lambda: "GeneratedTokens", set()),
        "start": (lambda: None, {"none", "moment"}), "end": (lambda: None, {"none", "moment"})},
    "inferplan.importers.read_runs": {
        "files": (lambda: RUNS, {"path", "file", "list", "mapping"}), **TOKENS},
    "inferplan.importers.profile": {
        "files": (lambda: RUNS, {"path", "file", "list", "mapping"}),
        "model": (lambda: "7B", {"text"}), "tier": (lambda: "L4", {"text"}),
        "tp_degree": (lambda: 1, {"whole"}),
        "queries": (lambda: {"chat": (512, 256)}, {"none", "list", "mapping"}),
        "form": (lambda: "points", {"none"}), "statistic": (lambda: "mean", set()),
        "paces": (lambda: [11], {"none", "list"}),
        "limits": (lambda: {"chat": {"tpot_limit_ms": 11}}, {"none", "mapping"}),
        "extrapolate": FLAG, "headroom": (lambda: 0.9, {"none", "number", "mapping"}),
        "deviation": (lambda: None, {"none"}), "network_ms": (lambda: 0, {"number", "whole"}),
        "chunk_tokens": (lambda: None, {"none", "whole"}),
        "max_sequences": (lambda: None, {"none", "whole"}),
        "spare_replicas": (lambda: 0, {"whole"}), "min_replicas": (lambda: 0, {"whole"}), **TOKENS},
    "inferplan.importers.Trace.queries": {"rate": (lambda: "mean", {"moment"})},
    "inferplan.pictures.traffic": PICTURE,
    "inferplan.pictures.costs": PICTURE,
    "inferplan.pictures.fleet": PICTURE,
    "inferplan.pictures.gap": PICTURE,
    "inferplan.pictures.limits": PICTURE,
    "inferplan.pictures.Picture.save": {
        "path": (lambda: os.path.join(HERE, "b.svg"), {"path", "text"})},
    "inferplan.pictures.heat_map": {**SWEPT, "x": column("limits.budget_usd"),
                                    "y": column("tiers[*].usd_per_hour"),
                                    "value": (lambda: "objective_usd", set())},
    "inferplan.pictures.trend_lines": {**SWEPT, "x": column("limits.budget_usd"),
                                       "by": column("tiers[*].usd_per_hour"),
                                       "value": (lambda: "objective_usd", set())},
    "inferplan.pictures.cost_bars": {"rows": (lambda: ROWS[::2], {"path"}),
                                     "x": column("limits.budget_usd"), "ax": AX},
    "inferplan.pictures.save": {"axes_or_figure": (lambda: drawn(), set()),
                                "path": (lambda: os.path.join(HERE, "a.svg"), {"path", "text"})},
}

#: What a failure may also say in place of the argument's own name.
ALSO_NAMED = {"value": "limits.budget_usd", "text": "line 1", "plan": "line 1",
              "gpu": "GPU", "queries": "query ", "models": "model ", "tiers": "tier "}

#: Plain data that keeps what it is given, and exceptions: nothing to check.
PLAIN = {"inferplan.Costs", "inferplan.Deployment", "inferplan.Limit", "inferplan.Note",
         "inferplan.Plan", "inferplan.Progress", "inferplan.Removed", "inferplan.RemovedExample",
         "inferplan.Route", "inferplan.Stress", "inferplan.StressRow",
         "inferplan.Unmet", "inferplan.catalogue.Gpu", "inferplan.catalogue.Precision",
         "inferplan.pictures.Picture", "inferplan.importers.Benchmark", "inferplan.importers.Prices", "inferplan.importers.Trace",
         "inferplan.importers.MeasuredProfile", "inferplan.importers.Run"}


def written(name: str) -> str:
    path = os.path.join(HERE, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(written_text() if name == "instance.json" else BENCHMARK)
    return path


def written_text() -> str:
    with inferplan.load(DOCUMENT) as instance:
        return instance.to_json()


def drawn() -> Any:
    from inferplan import pictures
    return pictures.heat_map(ROWS)


#: What the methods of a class are called on.
OWNERS: Dict[str, Callable[[], Any]] = {
    "inferplan.Instance": lambda: inferplan.load(DOCUMENT),
    "inferplan.Model": lambda: inferplan.Model(inferplan.load(DOCUMENT)),
    "inferplan.Plan": plan_of_one,
    "inferplan.pictures.Picture": lambda: plan_of_one().plot("fleet"),
    "inferplan.Stress": lambda: plan_of_one().stress(samples=1),
    "inferplan.catalogue.Gpu": lambda: catalogue.gpus()["L4"],
    "inferplan.importers.Trace": lambda: importers.read_trace(io.StringIO(TRACE)),
}


def parameters(function: Any) -> List[inspect.Parameter]:
    return [each for each in inspect.signature(function).parameters.values()
            if each.name != "self"]


def public() -> Dict[str, Any]:
    """Every function that takes an argument, by its name: a function, a class, a method, or the setter
    of a property."""
    found: Dict[str, Any] = {}
    for module_name in ("inferplan", "inferplan.catalogue", "inferplan.importers",
                        "inferplan.pictures"):
        module = importlib.import_module(module_name)
        for name in module.__all__:
            value, where = getattr(module, name), f"{module_name}.{name}"
            if inspect.isclass(value):
                if not issubclass(value, Exception):
                    found.update(of_class(where, value))
            elif callable(value):
                if parameters(value):
                    found[where] = value
    return found


def of_class(where: str, kind: Any) -> Dict[str, Any]:
    found: Dict[str, Any] = {}
    if where not in PLAIN:
        found[where] = kind
    for name, member in inspect.getmembers(kind):
        own = any(name in vars(base) for base in kind.__mro__
                  if base.__module__.startswith("inferplan"))
        generated = dataclasses.is_dataclass(kind) and name in (
            "__eq__", "__hash__", "__repr__", "__setattr__", "__delattr__")
        if not own or generated or issubclass(kind, tuple):
            continue
        if isinstance(member, property):
            if member.fset is not None:
                found[f"{where}.{name}"] = member.fset
        elif callable(member) and (not name.startswith("_") or name in ("__getitem__",
                                                                        "__setitem__")):
            if parameters(member):
                found[f"{where}.{name}"] = member
    return found


def called(where: str, function: Any, arguments: Dict[str, Any]) -> Any:
    owner = where.rsplit(".", 1)[0]
    if owner in OWNERS and not inspect.ismethod(function):
        made = OWNERS[owner]()
        with Closing(made):
            return function(made, **arguments)
    result = function(**arguments)
    if inspect.isgenerator(result):
        return list(result)
    return result


class Closing:
    """Closes what can be closed."""

    def __init__(self, thing: Any) -> None:
        self._thing = thing

    def __enter__(self) -> Any:
        return self._thing

    def __exit__(self, *_: Any) -> None:
        if hasattr(self._thing, "close"):
            self._thing.close()


def have(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def setUpModule() -> None:
    """Some words are paths as well: what is written to them goes to the directory of the test."""
    os.chdir(HERE)


class Arguments(unittest.TestCase):
    def setUp(self) -> None:
        # Files that the wrong values name stay here.
        before = os.getcwd()
        os.chdir(tempfile.mkdtemp(dir=HERE))
        self.addCleanup(os.chdir, before)

    def test_every_function_is_in_the_table(self) -> None:
        self.assertEqual(sorted(set(public()) - set(TAKES)), [])
        self.assertEqual(sorted(set(TAKES) - set(public())), [])
        for where, function in public().items():
            named = {each.name for each in parameters(function)
                     if each.kind not in (each.VAR_KEYWORD, each.VAR_POSITIONAL)}
            self.assertEqual(sorted(named - set(TAKES[where])), [], where)
            open_ended = any(each.kind == each.VAR_KEYWORD for each in parameters(function))
            if not open_ended:
                self.assertEqual(sorted(set(TAKES[where]) - named), [], where)

    def needs(self, where: str) -> bool:
        """Whether what the function needs is installed."""
        if where.rpartition(".")[2] in ("heat_map", "trend_lines", "cost_bars", "save") and \
                where.startswith("inferplan.pictures") and "Picture" not in where:
            return have("matplotlib")
        if where in ("inferplan.sweep", "inferplan.Plan.to_frame"):
            return have("pandas")
        return not where.endswith(".array") or have("numpy")

    def test_valid_arguments(self) -> None:
        for where, function in public().items():
            if self.needs(where):
                with self.subTest(function=where):
                    called(where, function, {name: make() for name, (make, _) in
                                             TAKES[where].items()})

    def test_wrong_arguments(self) -> None:
        tried = 0
        for where, function in public().items():
            if not self.needs(where):
                continue
            for name, (_, allowed) in TAKES[where].items():
                for wrong, kinds in WRONG:
                    with self.subTest(function=where, argument=name,
                                      wrong=f"{type(wrong).__name__} {kinds}"):
                        self.one(where, function, name, wrong, kinds, bool(kinds & allowed))
                        tried += 1
        self.assertGreater(tried, 1000)

    def one(self, where: str, function: Any, name: str, wrong: Any, kinds: Set[str],
            may_work: bool) -> None:
        arguments = {each: make() for each, (make, _) in TAKES[where].items()}
        arguments[name] = wrong
        if hasattr(wrong, "seek"):
            wrong.seek(0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                called(where, function, arguments)
        except (TypeError, ValueError, inferplan.Error, OSError) as error:
            # Files are written by Python, where their path is one that a file system takes.
            if not isinstance(error, OSError) or isinstance(error, inferplan.Error):
                self.held(error, name, may_work, "text" in kinds)
            else:
                self.assertTrue(may_work, error)
                self.assertNotIn(error.errno, (errno.ENAMETOOLONG, errno.ELOOP))
                self.assertIn(repr(str(os.fspath(wrong)))[1:-1], str(error))
                self.assertEqual(len(str(error).splitlines()), 1, error)
            self.assertNotIsInstance(error, UnicodeError)
            return
        except ImportError:
            self.assertEqual((name, have("tqdm")), ("progress", False))
            return
        self.assertTrue(may_work, "it was taken")

    def held(self, error: Exception, name: str, may_work: bool, is_text: bool) -> None:
        line = str(error)
        self.assertEqual(len(line.splitlines()), 1, line)
        self.assertTrue(line.isprintable(), line)
        self.assertLess(len(line), 1024)
        if isinstance(error, inferplan.FileError):
            self.assertTrue(may_work, line)
            return
        self.assertIn("; allowed: ", line)
        # A text that is no path is named itself.
        if not may_work and not is_text:
            self.assertIn("found ", line)
            self.assertTrue(name in line or ALSO_NAMED.get(name, name) in line, line)


if __name__ == "__main__":
    unittest.main()
