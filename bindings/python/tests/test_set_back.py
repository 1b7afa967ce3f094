# SPDX-License-Identifier: MIT
"""What is read by a path can be set back by the same path, as a number, as a list and as an array, in
every example: absent limits, what is no candidate, and what stands in for what was not given too."""
import glob
import importlib.util
import itertools
import os
import unittest
from typing import Any, Dict, Iterator, List

import inferplan

INSTANCES = sorted(glob.glob(os.path.join(os.environ["INFERPLAN_INSTANCES"], "*.json")))

#: By the list of the file, the fields that are numbers or lists of numbers.
FIELDS: Dict[str, List[str]] = {
    "": ["storage_usd_per_gb_hour"],
    "horizon": ["rental_hours", "penalty_hours"],
    "limits": ["budget_usd", "storage_gb"],
    "policy": ["max_replicas"],
    "uncertainty": ["delay_budget", "error_budget"],
    "queries": ["input_tokens", "output_tokens", "rate_per_hour", "tflop_per_1k_tokens",
                "storage_gb_per_token", "delay_limit_ms", "error_limit",
                "delay_penalty_usd_per_ms", "unmet_penalty_usd", "max_unmet"],
    "models": ["weights_gb", "kv_gb_per_token", "compute_scale"],
    "tiers": ["memory_gb", "tflops", "usd_per_hour", "weight_scale", "kv_scale", "tp_degrees",
              "tp_speedup", "tp_degrees[0]", "tp_speedup[0]", "tp_degrees[*]", "tp_speedup[*]"],
    "pools": ["gpus"],
}
TABLES = ["delay_ms_per_token", "delay_deviation_ms_per_token", "error_rate", "error_deviation",
          "kv_residency_hours", "delay_shrink", "error_shrink"]


def paths(instance: inferplan.Instance) -> Iterator[str]:
    lists = {"queries": instance.queries, "models": instance.models, "tiers": instance.tiers,
             "pools": instance.pools}
    for section, fields in FIELDS.items():
        members = [section + "." if section else ""]
        if section in lists:
            names = lists[section]
            members = [f"{section}[{at}]." for at in range(len(names))]
            members += [f"{section}[{name}]." for name in names] + [f"{section}[*]."] * bool(names)
        for member, field in itertools.product(members, fields):
            yield member + field
    for table in TABLES:
        dimensions = [lists[name] for name in ("queries", "models", "tiers")]
        if table.endswith("_shrink"):
            del dimensions[0]
        choices = [("[*]", "[0]", f"[{names[-1]}]") for names in dimensions]
        for depth in range(len(dimensions) + 1):
            for chosen in itertools.product(*choices[:depth]):
                yield f"performance.{table}" + "".join(chosen)


class SetBack(unittest.TestCase):
    def held(self, instance: inferplan.Instance, path: str) -> int:
        """How many forms the path was read and set back in."""
        forms: List[Any] = []
        try:
            numbers = instance.numbers(path)
        except inferplan.InputError:
            return 0  # of several lists, or not set
        forms.append(numbers)
        forms.append([None if one == float("inf") else one for one in numbers])
        if importlib.util.find_spec("numpy") is not None:
            forms += [instance.array(path), instance.array(path)[..., ::-1][..., ::-1]]
        try:
            forms.append(instance[path])
        except inferplan.InputError:
            pass
        for form in forms:
            with instance.copy() as copy:
                copy[path] = form
                self.assertEqual(copy.numbers(path), numbers, path)
                copy[path] = form
                for other in self.all_paths:
                    self.assertEqual(copy.numbers(other), self.before[other], (path, other))
        return len(forms)

    def test_every_field(self) -> None:
        self.assertEqual(len(INSTANCES), 3)
        for file in INSTANCES:
            with inferplan.load(file) as instance, self.subTest(file=file):
                self.all_paths = [f"performance.{table}" for table in TABLES] + [
                    "queries[*].delay_limit_ms", "tiers[0].tp_degrees", "limits.budget_usd"]
                self.before = {path: instance.numbers(path) for path in self.all_paths}
                count = sum(self.held(instance, path) for path in paths(instance))
                self.assertGreater(count, 500)

    def test_models_too(self) -> None:
        with inferplan.load(INSTANCES[0]) as instance, inferplan.Model(instance) as model:
            for path in ("limits.budget_usd", "queries[*].delay_limit_ms", "tiers[*].usd_per_hour",
                         "tiers[0].tp_degrees", "performance.error_rate",
                         "performance.error_rate[0]"):
                model[path] = instance.numbers(path)
            model["limits.budget_usd"] = float("inf")
            before = instance.solve()
            instance["limits.budget_usd"] = None
            self.assertEqual(model.solve().status, before.status)


if __name__ == "__main__":
    unittest.main()
