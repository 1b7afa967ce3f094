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

#: The examples without profiles, which have every table; test_profiles adds profiles to one.
INSTANCES = sorted(path for path in
                   glob.glob(os.path.join(os.environ["INFERPLAN_INSTANCES"], "*.json"))
                   if os.path.basename(path) != "four-gpus.json")

#: By the list of the file, the fields that are numbers or lists of numbers.
FIELDS: Dict[str, List[str]] = {
    "": ["storage_usd_per_gb_hour"],
    "horizon": ["rental_hours", "penalty_hours"],
    "limits": ["budget_usd", "storage_gb"],
    "policy": ["max_replicas", "deployments_per_pair", "paces", "headroom.utilization",
               "headroom.wait_ms", "headroom.quantile", "headroom.slots", "headroom.service_ms",
               "headroom.cv2"],
    "uncertainty": ["delay_budget", "error_budget"],
    "queries": ["input_tokens", "output_tokens", "rate_per_hour", "tflop_per_1k_tokens",
                "storage_gb_per_token", "delay_limit_ms", "error_limit",
                "delay_penalty_usd_per_ms", "unmet_penalty_usd", "max_unmet", "ttft_limit_ms",
                "tpot_limit_ms", "attainment_target", "cached_input_fraction"],
    "models": ["weights_gb", "kv_gb_per_token", "compute_scale"],
    "tiers": ["memory_gb", "tflops", "usd_per_hour", "weight_scale", "kv_scale", "tp_degrees",
              "tp_speedup", "tp_degrees[0]", "tp_speedup[0]", "tp_degrees[*]", "tp_speedup[*]",
              "memory_utilization"],
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

    def test_profiles(self) -> None:
        with inferplan.load(INSTANCES[0]) as base:
            document = base.to_dict()
        model, tier = document["models"][0]["name"], document["tiers"][0]["name"]
        query = document["queries"][0]["name"]
        document["policy"].update(whole_requests=True, headroom={"table": [0.5, 1.5]})
        document["tiers"][0]["tp_degrees"] = [1, 2]
        document["tiers"][0].pop("tp_speedup", None)
        document["profiles"] = [
            {"model": model, "tier": tier, "tp_degree": 1, "iteration_ms": 6.5,
             "prefill_ms_per_token": 0.1, "decode_ms_per_token": 0.2, "paces_ms": [10, 12]},
            {"model": model, "tier": tier, "tp_degree": 2, "headroom": {"utilization": 0.8},
             "points": [{"name": "fast", "tpot_ms": 20, "queries": {
                 query: {"rate_per_hour": 41, "ttft_ms": 42}}}]}]
        with inferplan.load(document) as instance:
            self.assertEqual(instance.to_dict()["profiles"], document["profiles"])
            paths = ["policy.headroom.table", "policy.headroom.table[1]", "policy.headroom.cv2",
                     "profiles[0].paces_ms", "profiles[*].iteration_ms", "profiles[0].max_sequences",
                     f"profiles[{model},{tier},2].headroom.utilization",
                     "profiles[*].headroom.utilization", "profiles[*].points[*].tpot_ms",
                     f"profiles[1].points[fast].queries[{query}].rate_per_hour",
                     f"profiles[1].points[fast].queries[{query}].attainment"]
            self.all_paths = paths
            self.before = {path: instance.numbers(path) for path in paths}
            for path in paths:
                self.assertGreater(self.held(instance, path), 1)
            instance["policy.whole_requests"] = False
            self.assertNotIn("whole_requests", instance.to_dict()["policy"])
            instance["policy.whole_requests"] = True
            self.assertTrue(instance.to_dict()["policy"]["whole_requests"])
            instance["performance.kv_residency_hours"] = "delay"
            self.assertEqual(instance.to_dict()["performance"]["kv_residency_hours"], "delay")
            with self.assertRaises(inferplan.InputError):
                instance["profiles[0].iteration_ms"] = True

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
