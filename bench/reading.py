#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measure how reading grows: seconds for each megabyte of input that is hard for naive readers.

usage: reading.py [--megabytes M] [--limit SECONDS] [FAMILY]...

Each family of inputs is read at M/4 and at M megabytes (default 2), in a process of its own that is
killed after SECONDS (default 60). The library is that of the package inferplan, which PYTHONPATH and
INFERPLAN_LIBRARY choose. Columns: megabytes, seconds, seconds for each megabyte, how much longer four
times the input takes (4 is linear, 16 quadratic), and the peak of the memory in bytes for each byte
of input, less what the process has before. Inputs that are refused count as read.
"""
import argparse
import ctypes
import gc
import io
import json
import os
import subprocess
import sys
import tempfile
import time


def document(**changes):
    """A small instance, with some members replaced."""
    made = {
        "format": "inferplan-instance", "version": 1, "name": "hard",
        "horizon": {"rental_hours": 24}, "storage_usd_per_gb_hour": 0,
        "queries": [query("q")], "models": [model("m")], "tiers": [tier("t")],
        "performance": {"delay_ms_per_token": 20, "error_rate": 0.02},
    }
    made.update(changes)
    return made


def query(name, **changes):
    return {"name": name, "input_tokens": 500, "output_tokens": 200, "rate_per_hour": 1,
            "unmet_penalty_usd": 0.1, **changes}


def model(name, **changes):
    return {"name": name, "weights_gb": 14, "kv_gb_per_token": 0.0005, **changes}


def tier(name, **changes):
    return {"name": name, "memory_gb": 24, "tflops": 100, "usd_per_hour": 0.7, "tp_degrees": [1],
            **changes}


def text(**changes):
    return json.dumps(document(**changes), separators=(",", ":"))


def until(size, make):
    """make(0), make(1), ... until they take `size` bytes as JSON."""
    found, used = [], 0
    while used < size:
        found.append(make(len(found)))
        used += len(json.dumps(found[-1], separators=(",", ":"))) + 1
    return found


def keyed(size, value, name="n{}".format):
    """A table keyed by names takes half of the bytes, the list of the names the rest."""
    names = [name(at) for at in range(max(1, int(size) // 130))]
    return text(queries=[query(one) for one in names],
                performance={"delay_ms_per_token": dict.fromkeys(names, value), "error_rate": 0.02})


def sparse(size):
    """A table of three dimensions with an entry in each of its rows."""
    count = max(2, int(size) // 250)
    names = [f"n{at}" for at in range(count)]
    table = {name: {name: {name: 1}} for name in names}
    return text(queries=[query(one) for one in names], models=[model(one) for one in names],
                tiers=[tier(one) for one in names],
                performance={"delay_ms_per_token": table, "error_rate": 0.02})


def dense(size):
    side = max(1, round((size / 2) ** (1 / 3)))
    table = [[[1] * side] * side] * side
    return text(queries=[query(f"q{at}") for at in range(side)],
                models=[model(f"m{at}") for at in range(side)],
                tiers=[tier(f"t{at}") for at in range(side)],
                performance={"delay_ms_per_token": table, "error_rate": table})


def raw(value, where="x_raw"):
    """The small instance with a member of the user's, whose text is given."""
    return text()[:-1] + f',"{where}":{value}}}'


def degrees(size):
    """Descending, so that they are not in order."""
    count = min(1000000, int(size) // 7)
    return list(range(count, 0, -1))


INSTANCES = {
    "degrees": lambda size: text(tiers=[tier("t", tp_degrees=degrees(size))]),
    "degrees and speedups": lambda size: text(tiers=[tier(
        "t", tp_degrees=degrees(size / 2), tp_speedup=degrees(size / 2))]),
    "degrees, one twice": lambda size: text(tiers=[tier("t", tp_degrees=degrees(size) + [7])]),
    "queries": lambda size: text(queries=until(size, lambda at: query(f"q{at}"))),
    "models": lambda size: text(models=until(size, lambda at: model(f"m{at}"))),
    "tiers": lambda size: text(tiers=until(size, lambda at: tier(f"t{at}"))),
    "pools": lambda size: text(pools=until(size, lambda at: {"name": f"p{at}", "gpus": 1})),
    "pools with tiers": lambda size: text(
        pools=until(size / 4, lambda at: {"name": f"p{at}", "gpus": 1}),
        tiers=until(size / 2, lambda at: tier(f"t{at}", pool=f"p{at // 4}"))),
    "names with one beginning": lambda size: text(
        pools=until(size, lambda at: {"name": 200 * "a" + str(at), "gpus": 1})),
    "names, each in the next": lambda size: text(
        pools=until(size, lambda at: {"name": (at + 1) * "a", "gpus": 1})),
    "last name twice": lambda size: text(
        pools=until(size, lambda at: {"name": f"p{at}", "gpus": 1}) + [{"name": "p0", "gpus": 1}]),
    "x_ members": lambda size: text(**{f"x_{at}": at for at in range(int(size) // 15)}),
    "x_ members of a query": lambda size: text(
        queries=[query("q", **{f"x_{at}": at for at in range(int(size) // 15)})]),
    "x_ members of performance": lambda size: text(
        performance={"delay_ms_per_token": 20, "error_rate": 0.02,
                     **{f"x_{at}": at for at in range(int(size) // 15)}}),
    "table keyed by names": lambda size: keyed(size, 1),
    "table keyed by names, null": lambda size: keyed(size, None),
    "table of three keys": sparse,
    "dense tables": dense,
    "empty objects": lambda size: raw("[" + ",".join(["{}"] * (int(size) // 3)) + "]"),
    "empty lists": lambda size: raw("[" + ",".join(["[]"] * (int(size) // 3)) + "]"),
    "digits": lambda size: raw("[" + ",".join(["1"] * (int(size) // 2)) + "]"),
    "one long string": lambda size: raw('"' + int(size) * "a" + '"'),
    "one long name": lambda size: text(queries=[query(int(size) * "q")]),
    "one long key": lambda size: text(**{"x_" + int(size) * "k": 1}),
    "one long number": lambda size: raw("0." + int(size) * "7"),
    "one long integer": lambda size: raw(int(size) * "7"),
    "long numbers": lambda size: raw("[" + ",".join(["0." + 1000 * "7"] * (int(size) // 1000)) + "]"),
    "nested 500 deep": lambda size: raw("[" + ",".join([500 * "[" + 500 * "]"]
                                                        * (int(size) // 1000)) + "]"),
    "nested without end": lambda size: raw(int(size) * "["),
    "blanks": lambda size: raw(int(size) * "\n" + "1"),
    "keys twice at the end": lambda size: text(**{f"x_{at}": at for at in range(int(size) // 15)})
    [:-1] + ',"x_0":1}',
    "escapes": lambda size: raw('"' + int(size) // 6 * "\\u0041" + '"'),
    "control characters": lambda size: text(queries=[query(int(size) * "q" + "\n")]),
}


def plan(size, degrees=False):
    """An instance, and a plan with as many deployments and routes as it has pairs."""
    count = max(1, int(size) // 500)
    lists = {"models": [model(f"m{at}") for at in range(count)],
             "queries": [query(f"q{at}") for at in range(count)]}
    if degrees:
        lists["tiers"] = [tier("t", tp_degrees=list(range(1, 40 * count)))]
    deployments = [{"model": f"m{at}", "tier": "t", "tp_degree": 40 * count - 1 if degrees else 1,
                    "replicas": 1} for at in range(count)]
    routes = [{"query": f"q{at}", "model": f"m{at}", "tier": "t", "fraction": 1}
              for at in range(count)]
    unmet = [{"query": f"q{at}", "fraction": 0.1} for at in range(count)]
    answer = {"format": "inferplan-plan", "version": 1, "instance": "hard",
              "deployments": deployments, "routes": routes, "unmet": unmet}
    return text(**lists), json.dumps(answer)


def read_instance(family, size):
    import inferplan
    given = INSTANCES[family](size)
    return len(given), lambda: inferplan.Instance.from_json(given)


def read_and_write(size):
    import inferplan
    made = inferplan.Instance.from_json(INSTANCES["queries"](size))
    return len(made.to_json()), made.to_json


def copies(size):
    import inferplan
    made = inferplan.Instance.from_json(INSTANCES["queries"](size))
    return len(made.to_json()), made.copy


def check(size, degrees=False):
    import inferplan
    given, answer = plan(size, degrees)
    instance = inferplan.Instance.from_json(given)
    return len(given) + len(answer), lambda: instance.check(json.loads(answer))


def added(size):
    """Members one by one, each with a field set by its name."""
    import inferplan
    names = [f"query {at}" for at in range(int(size) // 60)]

    def build():
        instance = inferplan.Instance("built")
        for name in names:
            instance.add_query(name)
            instance[f"queries[{name}].rate_per_hour"] = 1
    return 60 * len(names), build


def entries(size):
    """The entries of a table one by one."""
    import inferplan
    side = max(1, int((size / 40) ** 0.5))
    instance = inferplan.Instance("built")
    for at in range(side):
        instance.add_query(f"q{at}")
        instance.add_model(f"m{at}")
    instance.add_tier("t")

    def build():
        for i in range(side):
            for j in range(side):
                instance[f"performance.error_rate[{i}][{j}]"] = 0.5
    return 40 * side * side, build


def brackets(size):
    """A path that is one long name of brackets."""
    import inferplan
    instance = inferplan.Instance("built")
    for at in range(1, 1000):
        instance.add_query(at * "]")
    path = "queries[" + int(size) * "]" + "].rate_per_hour"
    return len(path), lambda: instance.__setitem__(path, 1)


def header(size):
    """A CSV file of columns."""
    from inferplan.importers import read_trace
    given = ",".join(f"c{at}" for at in range(int(size) // 8)) + "\n"
    return len(given), lambda: read_trace(io.StringIO(given))


def prices(size):
    from inferplan.importers import read_prices
    given = "gpu,usd_per_hour,name,pool,gpus\n" + "".join(
        f"H100-SXM,2,tier {at},pool {at},8\n" for at in range(int(size) // 33))
    return len(given), lambda: read_prices(io.StringIO(given))


def trace(size):
    """Requests of as many different lengths as there can be."""
    from inferplan.importers import read_trace
    lengths = [2 ** (at / 4) for at in range(190)]
    pairs = [(round(one), round(other)) for one in lengths for other in lengths]
    rows = [f"{at},{pairs[at * 7919 % len(pairs)][0]},{pairs[at * 7919 % len(pairs)][1]}\n"
            for at in range(int(size) // 30)]
    given = "TIMESTAMP,ContextTokens,GeneratedTokens\n" + "".join(rows)
    return len(given), lambda: read_trace(io.StringIO(given))


def grid(size):
    """A sweep's values, which are tried on an instance of a tenth of their bytes."""
    import inferplan
    from inferplan._cells import Grid
    instance = inferplan.Instance.from_json(INSTANCES["queries"](size / 10))
    values = list(range(int(size) // 20))
    return int(size), lambda: Grid(instance, {"limits.budget_usd": values})


def factors(size):
    """The same of factors for all members of a list, on an instance of half of the bytes."""
    import inferplan
    from inferplan._cells import Grid
    instance = inferplan.Instance.from_json(INSTANCES["queries"](size / 2))
    values = [f"scale:{at}e-3" for at in range(int(size) // 40)]
    return int(size), lambda: Grid(instance, {"queries[*].rate_per_hour": values})


OTHERS = {
    "written": read_and_write,
    "copied": copies,
    "plan, and its check": check,
    "plan of many degrees": lambda size: check(size, True),
    "members added by name": added,
    "table set by entry": entries,
    "path of brackets": brackets,
    "CSV header": header,
    "price list": prices,
    "trace of many lengths": trace,
    "values of a sweep": grid,
    "factors of a sweep": factors,
}


def memory(key):
    """A figure of this process, in KiB."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(key))


def forget_peak():
    """What making the input has needed does not count. Linux and the GNU C library."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
        file.write("5")
    return memory("VmRSS")


def measure(family, size):
    """In this process: bytes, seconds, and peak of the memory above what there was."""
    import inferplan
    made = OTHERS[family](size) if family in OTHERS else read_instance(family, size)
    length, run = made
    before = forget_peak()
    start = time.process_time()
    try:
        kept = run()
    except inferplan.Error:
        kept = None
    seconds = time.process_time() - start
    del kept
    print(json.dumps([length, seconds, 1024 * (memory("VmHWM") - before)]))


def measured(family, size, limit):
    try:
        done = subprocess.run([sys.executable, __file__, "--one", family, str(size)], check=True,
                              stdout=subprocess.PIPE, timeout=limit)
    except subprocess.TimeoutExpired:
        return None
    except subprocess.CalledProcessError as error:
        return error.returncode
    return json.loads(done.stdout)


def main():
    families = [*INSTANCES, *OTHERS]
    arguments = argparse.ArgumentParser(description=__doc__,
                                        formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--megabytes", type=float, default=2)
    arguments.add_argument("--limit", type=float, default=60)
    arguments.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments.add_argument("families", nargs="*", metavar="FAMILY")
    given = arguments.parse_args()
    if given.one:
        measure(given.one[0], float(given.one[1]))
        return
    for family in given.families:
        if family not in families:
            arguments.error(f"found {family!r}; allowed: {', '.join(families)}")
    print(f"{'family':28} {'MB':>6} {'s':>8} {'s/MB':>8} {'growth':>7} {'bytes/byte':>10}")
    for family in given.families or families:
        small = measured(family, given.megabytes * 250000, given.limit)
        large = measured(family, given.megabytes * 1000000, given.limit)
        if not isinstance(large, list):
            words = "killed" if large is None else f"status {large}"
            first = f"{small[1]:.2f} s at {small[0] / 1e6:.2f} MB, " if isinstance(small, list) else ""
            print(f"{family:28} {first}{words}", flush=True)
            continue
        length, seconds, memory = large
        growth = seconds / max(small[1], 1e-3) * (4 * small[0] / length)
        print(f"{family:28} {length / 1e6:6.2f} {seconds:8.3f} {1e6 * seconds / length:8.3f} "
              f"{growth:7.1f} {memory / length:10.1f}", flush=True)


if __name__ == "__main__":
    main()
