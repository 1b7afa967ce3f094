# SPDX-License-Identifier: MIT
"""The pictures of sweeps: what is drawn is what is in the rows; what is refused; and the four studies."""
import os
import subprocess
import sys
import tempfile
import unittest

import inferplan
from inferplan import FileError, InputError
from test_inferplan import HERE, ICC
from test_plans import needs

PRICES = [f"scale:{factor}" for factor in (0.5, 1, 2)]
BUDGETS = [0.01, 300, None]


@needs("matplotlib", "pandas")
class Sweeps(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        instance = inferplan.load(ICC)
        instance["queries[*].max_unmet"] = 0.9
        cls.frame = inferplan.sweep(instance, {"tiers[*].usd_per_hour": PRICES,
                                               "limits.budget_usd": BUDGETS}, progress=False)

    def setUp(self):
        from inferplan import pictures
        self.pictures = pictures

    def test_heat_map(self):
        """The numbers of the frame, and hatches where there is none."""
        ax = self.pictures.heat_map(self.frame, x="limits.budget_usd")
        drawn = ax.images[0].get_array()
        hatched = {(patch.get_xy()[1] + 0.5, patch.get_xy()[0] + 0.5) for patch in ax.patches}
        self.assertTrue(hatched)
        for at, row in self.frame.iterrows():
            place = divmod(at, 3)
            if row["status"] == "infeasible":
                self.assertIn(place, hatched)
            else:
                self.assertEqual(drawn[place], row["objective_usd"])
        self.assertEqual(len(hatched), (self.frame["status"] == "infeasible").sum())
        self.assertEqual([label.get_text() for label in ax.get_xticklabels()],
                         ["0.01", "300", "none"])
        self.assertEqual([label.get_text() for label in ax.get_yticklabels()],
                         ["× 0.5", "× 1", "× 2"])
        self.assertEqual((ax.get_xlabel(), ax.get_ylabel()), ("budget (USD)", "price of GPUs"))
        other = self.pictures.heat_map(self.frame, x="tiers[*].usd_per_hour", value="gpus")
        self.assertEqual(other.images[0].get_array()[2][0], self.frame["gpus"][2])

    def test_trend_lines(self):
        ax = self.pictures.trend_lines(self.frame)
        self.assertEqual(len(ax.lines), 3)
        for at, line in enumerate(ax.lines):
            values = self.frame["objective_usd"][3 * at:3 * at + 3]
            self.assertEqual([None if y != y else y for y in line.get_ydata()],
                             [None if y != y else y for y in values])
        self.assertEqual(ax.get_ylim()[0], 0)
        self.assertEqual((ax.get_legend().get_title().get_text(), ax.get_xlabel()),
                         ("price of GPUs", "budget (USD)"))
        turned = self.pictures.trend_lines(self.frame, x="tiers[*].usd_per_hour")
        self.assertEqual((turned.get_legend().get_title().get_text(), turned.get_xlabel()),
                         ("budget (USD)", "price of GPUs"))
        one = self.frame[self.frame["tiers[*].usd_per_hour"] == "scale:1"]
        self.assertEqual(len(self.pictures.trend_lines(
            one.drop(columns="tiers[*].usd_per_hour")).lines), 1)

    def test_cost_bars(self):
        """Parts are stacked, and add up to the cost."""
        rows = self.frame[self.frame["tiers[*].usd_per_hour"] == "scale:0.5"]
        ax = self.pictures.cost_bars(rows, x="limits.budget_usd")
        heights = {}
        for bar in ax.patches:
            heights.setdefault(round(bar.get_x(), 3), []).append(bar.get_height())
        for parts, cost in zip(heights.values(), rows["objective_usd"]):
            self.assertEqual(len(parts), 4)
            self.assertAlmostEqual(sum(parts), cost if cost == cost else 0, places=6)
        self.assertEqual(len(ax.texts), int(rows["objective_usd"].isna().sum()))

    def test_rows_from_anywhere(self):
        """A frame, its file, the dicts of either: the same bytes."""
        with tempfile.TemporaryDirectory() as directory:
            table = os.path.join(directory, "rows.csv")
            self.frame.to_csv(table, index=False, na_rep="")
            made = []
            for rows in (self.frame, self.frame.to_dict("records"), table):
                path = os.path.join(directory, "map.svg")
                self.pictures.save(self.pictures.heat_map(rows, value="gpus"), path)
                with open(path, "rb") as file:
                    made.append(file.read())
            self.assertEqual(made[0], made[1])
            self.assertEqual(made[0], made[2])
        self.assertNotIn("matplotlib.pyplot", sys.modules)

    def test_names_in_messages(self):
        """One line, which says the argument, whatever name it was given."""
        name = "a\nb\u202e" + "x" * 100000
        draw = self.pictures
        for call, argument in ((draw.heat_map, "x"), (draw.heat_map, "y"), (draw.heat_map, "value"),
                               (draw.trend_lines, "by"), (draw.cost_bars, "x")):
            with self.assertRaises(InputError) as caught:
                call(self.frame, **{argument: name})
            message = str(caught.exception)
            self.assertTrue(message.isprintable(), message)
            self.assertLess(len(message), 1024)
            self.assertTrue(message.startswith(f"{argument}: found 'a\\nb\\u202exxx"), message)
            self.assertIn("limits.budget_usd", message.split("; allowed: one of the columns ")[1])
        with self.assertRaises(FileError) as caught:
            draw.heat_map("/nowhere/a\nb.csv")
        self.assertEqual(str(caught.exception), "/nowhere/a\\nb.csv: No such file or directory")

    def test_refused(self):
        for call in (lambda: self.pictures.heat_map(self.frame, value="money"),
                     lambda: self.pictures.heat_map(self.frame, x="money"),
                     lambda: self.pictures.heat_map([]),
                     lambda: self.pictures.trend_lines(self.frame, value="status"),
                     lambda: self.pictures.trend_lines(self.frame, by="money"),
                     lambda: self.pictures.cost_bars(self.frame),  # several rows a budget
                     lambda: self.pictures.heat_map(self.frame.drop(columns="limits.budget_usd"))):
            with self.assertRaises(InputError) as caught:
                call()
            self.assertIn("allowed:", str(caught.exception))


@needs("matplotlib")
class Studies(unittest.TestCase):
    def test_draw(self):
        """One command each; the pictures in docs/ are those that it draws."""
        command = os.environ.get("INFERPLAN_COMMAND")
        if not command:
            self.skipTest("INFERPLAN_COMMAND names no command")
        top = os.path.join(HERE, "..", "..", "..")
        with tempfile.TemporaryDirectory() as directory:
            for name in ("cost-budget", "delay-error", "gpu-cost-error", "memory-error"):
                subprocess.run([sys.executable, os.path.join(top, "examples", "studies", "draw.py"),
                                name, directory], env={**os.environ, "INFERPLAN": command},
                               stdout=subprocess.DEVNULL, check=True)
            self.assertEqual(len(os.listdir(directory)), 12)
            for name in os.listdir(directory):
                self.assertTrue(os.path.exists(os.path.join(top, "docs", "pictures", name)), name)
                self.assertLess(os.path.getsize(os.path.join(directory, name)), 100_000)
        run = subprocess.run([sys.executable, os.path.join(top, "examples", "studies", "draw.py"),
                              "all"], stderr=subprocess.PIPE, text=True)
        self.assertEqual(run.returncode, 1)
        self.assertIn("usage:", run.stderr)


if __name__ == "__main__":
    unittest.main()
