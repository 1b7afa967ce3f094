# SPDX-License-Identifier: MIT
"""The worked example: its instance is what its script makes, and its plan is what README.md shows."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

import inferplan

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
INSTANCE = os.path.join(TOP, "examples", "instances", "four-gpus.json")


class FourGpus(unittest.TestCase):
    def test_script(self):
        """It makes the same bytes again."""
        with tempfile.TemporaryDirectory() as directory:
            made = os.path.join(directory, "made.json")
            subprocess.run([sys.executable, os.path.join(TOP, "examples", "profiles", "make.py"),
                            made], check=True)
            with open(made, "rb") as again, open(INSTANCE, "rb") as kept:
                self.assertEqual(again.read(), kept.read())

    def test_plan(self):
        """Both engines prove the cost. Rent is worked out by hand, from 24 hours of five A100 and
        26 H100."""
        for engine in ("mip", "decompose"):
            plan = inferplan.load(INSTANCE).solve(engine=engine, gap=1e-6)
            self.assertEqual(plan.status, "optimal")
            self.assertAlmostEqual(plan.objective_usd, 2008.13448, places=4)
            self.assertAlmostEqual(plan.costs.rental_usd, 24 * (5 * 1.39 + 26 * 2.95), places=6)
            self.assertEqual(plan.costs.unmet_usd, 0)

    def test_dollars_per_million_tokens(self):
        """The figures of the README's table."""
        instance = inferplan.load(INSTANCE)
        plan = instance.solve()
        tokens = {name: 24 * instance[f"queries[{name}].rate_per_hour"]
                  * (instance[f"queries[{name}].input_tokens"]
                     + instance[f"queries[{name}].output_tokens"]) / 1e6
                  for name in ("chat", "rag", "code", "summaries")}
        price = {"A100": 1.39, "H100": 2.95}
        found = {one.model: sum(other.gpus * 24 * price[other.tier] for other in plan.deployments
                                if other.model == one.model)
                 / sum(tokens[row["query"]] * row["fraction"] for row in plan.to_rows()
                       if row["model"] == one.model) for one in plan.deployments}
        with open(os.path.join(TOP, "README.md"), encoding="utf-8") as file:
            table = dict(re.findall(r"^\| (\S+) \|.*?\| (0\.\d+) \|", file.read(), re.MULTILINE))
        self.assertEqual(table, {model: f"{usd:.2f}" for model, usd in found.items()})


if __name__ == "__main__":
    unittest.main()
