# SPDX-License-Identifier: MIT
"""scripts/check-structure finds a planted violation of each of its rules, and nothing else."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Structure(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)
        for folder in ("include", "lib", "tools"):
            shutil.copytree(os.path.join(TREE, folder), os.path.join(self.root, folder))

    def plant(self, path, before="", after="", replace=None):
        """Change a file of the copy, or make it."""
        full = os.path.join(self.root, path)
        text = ""
        if os.path.exists(full):
            with open(full, encoding="utf-8") as file:
                text = file.read()
        if replace:
            self.assertIn(replace[0], text)
            text = text.replace(*replace)
        with open(full, "w", encoding="utf-8") as file:
            file.write(before + text + after)

    def found(self):
        run = subprocess.run([sys.executable, os.path.join(TREE, "scripts", "check-structure"),
                              self.root], capture_output=True, text=True, check=False)
        self.assertEqual(run.stderr, "")
        self.assertEqual(run.returncode, 1 if run.stdout else 0)
        return run.stdout.splitlines()

    def expect(self, path, rule, part):
        lines = self.found()
        self.assertEqual(len(lines), 1, lines)
        self.assertRegex(lines[0], "^" + path.replace(".", r"\.") + r":\d+: " + rule + ": ")
        self.assertIn(part, lines[0])

    def test_nothing(self):
        self.assertEqual(self.found(), [])

    def test_upward_room(self):
        self.plant("lib/util/clock.h", after='#include "plan/plan.h"\n')
        self.expect("lib/util/clock.h", "arrows", "plan/plan.h")

    def test_verifier_apart(self):
        self.plant("lib/check/check.c", before='#include "problem/problem.h"\n')
        self.expect("lib/check/check.c", "arrows", "problem/problem.h")

    def test_upward_in_engine(self):
        self.plant("lib/engine/master/coupling.c", before='#include "engine/tree/search.h"\n')
        self.expect("lib/engine/master/coupling.c", "arrows", "engine/tree/search.h")

    def test_no_room(self):
        self.plant("lib/util/clock.c", before='#include "clock.h"\n')
        self.expect("lib/util/clock.c", "arrows", "clock.h")

    def test_private_header_in_a_program(self):
        self.plant("tools/main.c", before='#include "engine/watch.h"\n')
        self.expect("tools/main.c", "arrows", "engine/watch.h")

    def test_lp_solver_elsewhere(self):
        self.plant("lib/milp/milp.c", before="#include <glpk.h>\n")
        self.expect("lib/milp/milp.c", "arrows", "glpk.h")

    def test_circle_of_includes(self):
        self.plant("lib/util/first.h", before='#include "util/second.h"\n')
        self.plant("lib/util/second.h", before='#include "util/first.h"\n')
        self.expect("lib/util/first.h", "circles", "first.h -> lib/util/second.h -> lib/util/first.h")

    def test_circle_of_calls(self):
        self.plant("lib/util/first.c", after="int ifp_first(void)\n{\n    return ifp_second();\n}\n")
        self.plant("lib/util/second.c", after="int ifp_second(void)\n{\n    return ifp_first();\n}\n")
        self.expect("lib/util/first.c", "circles", "calls: lib/util/first.c -> lib/util/second.c")

    def test_defined_in_another_room(self):
        self.plant("lib/util/clock.h", after="int ifp_at_the_top(int x);\n")
        self.plant("lib/api/model.c", after="int ifp_at_the_top(int x)\n{\n    return x;\n}\n")
        self.expect("lib/util/clock.h", "homes", "ifp_at_the_top is defined in lib/api/model.c")

    def test_defined_nowhere(self):
        self.plant("lib/util/clock.h", after="int ifp_nowhere(int x);\nint ifp_not_there(void);\n")
        self.assertEqual(len(self.found()), 2)

    def test_function_without_prefix(self):
        self.plant("lib/util/clock.h", after="static inline int seconds(void)\n{\n    return 1;\n}\n")
        self.expect("lib/util/clock.h", "prefixes", "seconds")

    def test_struct_without_prefix(self):
        self.plant("lib/util/clock.h", after="struct instant {\n    double seconds;\n};\n")
        self.expect("lib/util/clock.h", "prefixes", "instant")

    def test_macro_without_prefix(self):
        self.plant("include/inferplan/version.h", after="#define SECONDS 1\n")
        self.expect("include/inferplan/version.h", "prefixes", "SECONDS")

    def test_long_file(self):
        self.plant("lib/util/clock.c", after="\n" * 800)
        self.expect("lib/util/clock.c", "sizes", "at most 800")

    def test_long_function(self):
        self.plant("lib/util/clock.c", after="static void f(void)\n{\n" + "    ;\n" * 78 + "}\n")
        self.expect("lib/util/clock.c", "sizes", "f has 81 lines")


if __name__ == "__main__":
    unittest.main()
