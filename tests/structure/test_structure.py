# SPDX-License-Identifier: MIT
"""scripts/check-structure finds a planted violation of each of its rules, and nothing else."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PACKAGE = os.path.join("bindings", "python", "inferplan")
TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Planted(unittest.TestCase):
    """A copy of some folders of the tree, in which a test plants a violation."""

    FOLDERS = ()

    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)
        for folder in self.FOLDERS:
            shutil.copytree(os.path.join(TREE, folder), os.path.join(self.root, folder))

    def plant(self, path, before="", after="", replace=None):
        """Change a file of the copy, or make it."""
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
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


class Library(Planted):
    FOLDERS = ("include", "lib", "tools")

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

    def test_upward_in_tools(self):
        self.plant("tools/terminal/output.c", before='#include "sweep/grid.h"\n')
        self.expect("tools/terminal/output.c", "arrows", "sweep/grid.h")

    def test_commands_in_sweep(self):
        self.plant("tools/sweep/cell.c", before='#include "commands/summary.h"\n')
        self.expect("tools/sweep/cell.c", "arrows", "commands/summary.h")

    def test_other_room_of_tools(self):
        self.plant("tools/other/other.c", before='#include "terminal/output.h"\n')
        self.expect("tools/other/other.c", "arrows", "only the rooms terminal sweep commands")

    def test_header_of_a_tool_without_room(self):
        self.plant("tools/terminal/save.c", before='#include "output.h"\n')
        self.expect("tools/terminal/save.c", "arrows", "output.h")

    def test_private_header_in_an_example(self):
        self.plant("examples/other.c", before='#include "util/text.h"\n')
        self.expect("examples/other.c", "arrows", "util/text.h")

    def test_lp_solver_elsewhere(self):
        self.plant("lib/milp/milp.c", before="#include <glpk.h>\n")
        self.expect("lib/milp/milp.c", "arrows", "glpk.h")

    def test_lp_backend_elsewhere(self):
        self.plant("lib/engine/watch.c", before='#include "lp/backend.h"\n')
        self.expect("lib/engine/watch.c", "arrows", "lp/backend.h")

    def test_circle_of_includes(self):
        self.plant("lib/util/first.h", before='#include "util/second.h"\n')
        self.plant("lib/util/second.h", before='#include "util/first.h"\n')
        self.expect("lib/util/first.h", "circles", "first.h -> lib/util/second.h -> lib/util/first.h")

    def test_circle_of_calls(self):
        self.plant("lib/util/first.c", after="int ifp_first(void)\n{\n    return ifp_second();\n}\n")
        self.plant("lib/util/second.c", after="int ifp_second(void)\n{\n    return ifp_first();\n}\n")
        self.expect("lib/util/first.c", "circles", "calls: lib/util/first.c -> lib/util/second.c")

    def test_circle_of_includes_in_tools(self):
        self.plant("tools/terminal/output.h", before='#include "terminal/table.h"\n')
        self.expect("tools/terminal/output.h", "circles", "includes: tools/terminal/output.h -> "
                    "tools/terminal/table.h -> tools/terminal/output.h")

    def test_circle_of_calls_in_tools(self):
        self.plant("tools/terminal/printable.c", after="void fail(void)\n{\n    output_note();\n}\n")
        self.expect("tools/terminal/output.c", "circles", "calls: tools/terminal/output.c -> "
                    "tools/terminal/printable.c -> tools/terminal/output.c")

    def test_no_circle_through_a_static_function(self):
        self.plant("tools/terminal/printable.c",
                   after="static void output_note(void)\n{\n}\n"
                         "void fail(void)\n{\n    output_note();\n}\n")
        self.assertEqual(self.found(), [])

    def test_defined_in_another_room_of_tools(self):
        self.plant("tools/terminal/save.h", after="int save_all(void);\n")
        self.plant("tools/commands/solve.c", after="int save_all(void)\n{\n    return 1;\n}\n")
        self.expect("tools/terminal/save.h", "homes", "save_all is defined in tools/commands/solve.c")

    def test_public_function_in_util(self):
        self.plant("include/inferplan/version.h", after="IFP_API int ifp_everywhere(void);\n")
        self.plant("lib/util/clock.c", after="int ifp_everywhere(void)\n{\n    return 1;\n}\n")
        self.expect("lib/util/clock.c", "homes", "ifp_everywhere is public")

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

    def test_words(self):
        words = ("fleet fleets room rooms most least part parts draw draws drawn stock stocks stocked "
                 "dormant asleep sleep sleepers wake woken awake look looks looked member members assign "
                 "settle settled lack lacks lacking patient hasty rough").split()
        self.plant("lib/plan/words.c", after="".join(f"static int the_{w};\n" for w in words))
        lines = self.found()
        self.assertEqual(len(lines), len(words), lines)
        for number, word in enumerate(words, 1):
            self.assertTrue(any(re.match(rf"lib/plan/words\.c:{number}: words: the_{word} has the word "
                                         rf"{word}; use \w", line) for line in lines), word)

    def test_word_in_capitals(self):
        self.plant("tools/main.c", after="enum { LINES_MOST = 2 };\n")
        self.expect("tools/main.c", "words", "LINES_MOST has the word most; use max")

    def test_word_in_a_macro(self):
        self.plant("lib/util/clock.c", after="#define PART_OF(x) (x)\n")
        self.expect("lib/util/clock.c", "words", "PART_OF")

    def test_word_in_a_file_name(self):
        self.plant("tools/drawn.c", after="int main_size;\n")
        self.expect("tools/drawn.c", "words", "the file's name has the word drawn")

    def test_words_elsewhere(self):
        self.plant("lib/util/clock.c", after='/* a fleet */ static const char *mostly = "the least room";\n')
        self.plant("lib/report/svg.c", after="static int draw_more;\n")
        self.plant("lib/instance/path.c", after="static int member_more;\n")
        self.plant("tools/main.c", after="static int cost_parts;\nstatic int picture = IFP_PICTURE_FLEET;\n")
        self.assertEqual(self.found(), [])

    def test_allowed_words_elsewhere(self):
        self.plant("lib/plan/plan.c", after="static int draw_more;\n")
        self.expect("lib/plan/plan.c", "words", "draw_more")

    def test_homonym(self):
        self.plant("lib/util/clock.c", after="static const double TICK_LENGTH = 1e-3;\n")
        self.plant("lib/util/file.c", after="enum { TICK_LENGTH = 2, OTHER };\n")
        lines = self.found()
        self.assertEqual(len(lines), 1, lines)
        self.assertRegex(lines[0], r"^lib/util/\w+\.c:\d+: homonyms: TICK_LENGTH is ")

    def test_the_same_constant_twice(self):
        self.plant("lib/util/clock.c", after="static const double TICK_LENGTH = 1e-3;\n")
        self.plant("lib/util/file.c", after="static const double TICK_LENGTH = 1e-3;\n")
        self.assertEqual(self.found(), [])

    def test_long_file(self):
        self.plant("lib/util/clock.c", after="\n" * 800)
        self.expect("lib/util/clock.c", "sizes", "at most 800")

    def test_long_function(self):
        self.plant("lib/util/clock.c", after="static void f(void)\n{\n" + "    ;\n" * 78 + "}\n")
        self.expect("lib/util/clock.c", "sizes", "f has 81 lines")


class Package(Planted):
    FOLDERS = (PACKAGE,)

    def test_nothing(self):
        self.assertEqual(self.found(), [])

    def plant_python(self, module, **how):
        path = os.path.join(PACKAGE, module)
        self.plant(path, **how)
        return path

    def test_upward_module(self):
        path = self.plant_python("_plan.py", after="from ._model import Model\n")
        self.expect(path, "layers", "imports _model; _plan may import only: ")

    def test_upward_module_as_a_name(self):
        path = self.plant_python("_plan.py", after="from . import _model\n")
        self.expect(path, "layers", "imports _model; _plan may import only: ")

    def test_module_of_the_same_layer(self):
        path = self.plant_python("_save.py", after="from ._handle import Handle\n")
        self.expect(path, "layers", "imports _handle; _save may import only: ")

    def test_upward_from_a_subpackage(self):
        path = self.plant_python("_sweep.py", after="from .pictures._style import COSTS\n")
        self.expect(path, "layers", "imports pictures._style")

    def test_import_for_annotations(self):
        self.plant_python("_plan.py", after="if TYPE_CHECKING:\n    from ._model import Model\n")
        self.assertEqual(self.found(), [])

    def test_import_beside_one_for_annotations(self):
        path = self.plant_python("_plan.py", after="if TYPE_CHECKING:\n    pass\n"
                                 "else:\n    from ._model import Model\n")
        self.expect(path, "layers", "imports _model")

    def test_module_without_a_layer(self):
        path = self.plant_python("_more.py", after="import os\n")
        self.expect(path, "layers", "_more has no layer")

    def test_circle_of_imports(self):
        self.plant_python("importers/_cluster.py", after="from ._trace import Trace\n")
        path = os.path.join(PACKAGE, "importers", "_trace.py")
        self.expect(path, "circles", f"imports: {path} -> ")

    def test_import_inside_a_function(self):
        path = self.plant_python("_plan.py", after="def f():\n    from ._errors import Error\n")
        self.expect(path, "imports", "f imports _errors; only optional packages")

    def test_standard_module_inside_a_method(self):
        path = self.plant_python("_plan.py", after="class A:\n    def f(self):\n        import json\n")
        self.expect(path, "imports", "f imports json")

    def test_optional_package_inside_a_function(self):
        self.plant_python("_plan.py", after="def f():\n    import numpy.linalg\n")
        self.assertEqual(self.found(), [])

    def test_optional_package_without_a_place(self):
        path = self.plant_python("_plan.py", after="def f():\n    return optional('scipy', 'x')\n")
        self.expect(path, "imports", "imports scipy; optional packages are: numpy")

    def test_import_by_name(self):
        path = self.plant_python("_plan.py", after="def f(x):\n    importlib.import_module(x)\n")
        self.expect(path, "imports", "imports by a name")


if __name__ == "__main__":
    unittest.main()
