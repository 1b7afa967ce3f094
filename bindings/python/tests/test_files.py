# SPDX-License-Identifier: MIT
"""No file is destroyed: what ``resume=`` refuses, what it takes whatever was done to it, links, locks, and
files that are replaced whole. Needs no pandas."""
import csv
import io
import os
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings

import inferplan
from inferplan import FileError, InputError, importers
from inferplan._fields import field, line, plain
from test_inferplan import HERE, ICC
from test_plans import needs

GRID = {"tiers[*].usd_per_hour": ["scale:0.5", "scale:2"], "limits.budget_usd": [100, 300.5, None],
        "tiers[0].tp_degrees": [[1, 2], [4]]}
OLD = b'<!DOCTYPE html>\n<meta name="generator" content="inferplan">\nold\n'
MARK = b"\xef\xbb\xbf"


def instance():
    made = inferplan.load(ICC)
    made["uncertainty.kind"] = "none"
    return made


def rows(grid=None, **more):
    """Of a sweep, in the order of its grid, without what is never the same."""
    made = list(inferplan.sweep_rows(instance(), grid or GRID, progress=False, **more))
    for row in made:
        del row["seconds"]
    return sorted(made, key=lambda row: row["cell"])


def python(code, *arguments):
    """Another process, with this directory on its path and sys imported."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); import test_files\n" + code
    return subprocess.Popen([sys.executable, "-c", code, HERE, *arguments], text=True,
                            stdout=subprocess.PIPE)


def output_of(code, *arguments):
    with python(code, *arguments) as child:
        output = child.communicate()[0]
    if child.returncode:
        raise AssertionError(f"exit status {child.returncode}")
    return output


class Case(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.path = self.named("rows.csv")

    def named(self, name):
        return os.path.join(self.directory, name)

    def bytes(self, path=None):
        with open(path or self.path, "rb") as file:
            return file.read()

    def put(self, data, path=None):
        with open(path or self.path, "wb") as file:
            file.write(data)

    def only(self, *names):
        self.assertEqual(sorted(os.listdir(self.directory)), sorted(names))

    def refused(self, words="found another file"):
        with self.assertRaises(InputError) as caught:
            rows(resume=self.path)
        self.assertIn(words, str(caught.exception))
        self.assertEqual(caught.exception.where, self.path)


class Foreign(Case):
    def test_left_alone(self):
        """Whatever its line ends."""
        rows(csv=self.path)
        whole = self.bytes()
        lines = whole.splitlines(keepends=True)
        other = whole.replace(whole.splitlines()[1][-16:], b"0123456789abcdef")
        texts = [b"name,age\nme,3\nyou,4\n", b"my notes", b"my notes\n", b"one\ntwo\nthree", b"\0\0\0",
                 b"a,b\rc,d\r", b"\xff\xfea\0", b"\n\n", b'"', lines[0][:30] + b"\n", b"x" + whole,
                 lines[0] + b"notes", lines[0] + b"notes\n", whole + b"notes", whole + b"notes\n",
                 whole + b"scale:3,100", whole + b'scale:2,100,"[1, 2]",great', whole + b"scale:2\nnotes",
                 whole + b'"notes', b"".join(lines[:3]) + b"notes\r\n" + b"".join(lines[3:]), other,
                 b"".join(lines[:4]) + other.splitlines()[4], whole.replace(b",", b";"),
                 whole + lines[1].replace(b"scale", b'"scale'), whole.replace(b"optimal", b"best", 1)]
        for text in texts:
            for made in {text, text.replace(b"\r\n", b"\n"), text.replace(b"\n", b"\r\n"), MARK + text}:
                with self.subTest(text=made[-60:]):
                    self.put(made)
                    self.refused()
                    self.assertEqual(self.bytes(), made)
                    with self.assertRaises(FileExistsError):
                        rows(csv=self.path)
                    self.assertEqual(self.bytes(), made)
        self.only("rows.csv")

    def test_says_what_differs(self):
        """Of another sweep's file, and of the command's."""
        made = instance()
        rows(csv=self.path, gap=0.01)
        whole = self.bytes()
        made["limits.budget_usd"] = 77
        other_values = {**GRID, "limits.budget_usd": [100, 301, None]}

        def refusal(of, grid, **options):
            with self.assertRaises(InputError) as caught:
                list(inferplan.sweep_rows(of, grid, progress=False, resume=self.path, **options))
            self.assertEqual(self.bytes(), whole)
            return str(caught.exception)

        head = f"{self.path}: found another file than this sweep's "
        tail = "; allowed: what a sweep of the same instance, grid, options and version has written"
        for found, words in (
                (refusal(instance(), GRID, gap=0.02), "(its options differ)"),
                (refusal(made, GRID, gap=0.01), "(its instance differs)"),
                (refusal(instance(), other_values, gap=0.01), "(its grid differs)"),
                (refusal(instance(), {"limits.budget_usd": [100]}, gap=0.01), "(its grid differs)"),
                (refusal(made, other_values), "(its instance and grid and options differ)")):
            self.assertEqual(found, head + words + tail)
        names = whole.splitlines()[0].decode().split(",")[:-2]
        self.put((",".join(names) + ",seconds\r\n").encode())
        self.refused("(it has no columns cell and sweep: written by the command)")

    def test_not_a_file(self):
        os.mkfifo(self.named("pipe"))
        for name in (self.directory, self.named("pipe"), "/dev/null", "/dev/zero", "/dev/full"):
            self.path = name
            self.refused()
            with self.assertRaises(FileExistsError):
                rows(csv=name)
        os.symlink("round", self.named("round"))
        with self.assertRaises(FileNotFoundError):
            rows(resume=self.named("nowhere/rows.csv"))
        for name, reason in (("round", "loop"), ("x" * 300, "short enough")):
            for how in ("csv", "resume"):
                with self.assertRaises(InputError) as caught:
                    rows(**{how: self.named(name)})
                self.assertIn(f"{how}: found '", str(caught.exception))
                self.assertIn(reason, str(caught.exception).split("; allowed: ")[1])
            with self.assertRaises(FileError):
                inferplan.load(self.named(name))
            with self.assertRaises(FileError):
                importers.read_trace(self.named(name))
        self.only("pipe", "round")

    @unittest.skipIf(os.geteuid() == 0, "root may write everything")
    def test_rights(self):
        rows(csv=self.path)
        whole = self.bytes()
        for path, mode in ((self.path, 0o444), (self.directory, 0o555)):
            before = os.stat(path).st_mode
            os.chmod(path, mode)
            with self.assertRaises(PermissionError):
                next(inferplan.sweep_rows(instance(), GRID, resume=self.path))
            os.chmod(path, before)
        self.assertEqual(self.bytes(), whole)

    def meanwhile(self, action):
        """Do something while the sweep runs; its warnings."""
        running = inferplan.sweep_rows(instance(), GRID, progress=False, jobs=1, csv=self.path)
        next(running)
        action()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            self.assertEqual(len(list(running)), 11)
        return [str(one.message) for one in caught if one.category is RuntimeWarning]

    def test_changed_meanwhile(self):
        """Another file in its place, more in it, or none."""
        def replaced():
            os.rename(self.path, self.named("moved.csv"))
            self.put(b"mine\n")

        def added():
            with open(self.path, "ab") as file:
                file.write(b"mine\r\n")

        self.assertIn("left as it is", " ".join(self.meanwhile(replaced)))
        self.assertEqual(self.bytes(), b"mine\n")
        whole = self.bytes(self.named("moved.csv"))
        self.assertEqual(whole.count(b"\r\n"), 13)
        os.remove(self.path)
        self.assertIn("left as it is", " ".join(self.meanwhile(added)))
        self.assertIn(b"mine\r\n", self.bytes())
        os.remove(self.path)
        self.assertEqual(self.meanwhile(lambda: os.remove(self.path)), [])
        self.assertEqual(sorted(self.bytes().splitlines()), sorted(whole.splitlines()))
        self.only("moved.csv", "rows.csv")


class Own(Case):
    def test_changed_line_ends(self):
        """By an editor, by git or by a spreadsheet: nothing is lost."""
        expected = rows(csv=self.path)
        whole = self.bytes()
        lines = whole.splitlines(keepends=True)
        for text in (whole, b"".join(lines[:7]), lines[0] + lines[5] + lines[2]):
            for made in (text, text.replace(b"\r\n", b"\n"), text.replace(b"\r\n", b"\r"), text[:-1],
                         text.replace(b"\r\n", b"\n")[:-1], text.rstrip(), text + b"\r\n\n",
                         text.replace(b"\r\n", b"\n", 2), text.replace(b"\n", b"\n\n")):
                for marked in (made, MARK + made):
                    self.put(marked)
                    running = inferplan.sweep_rows(instance(), GRID, progress=False,
                                                   resume=self.path)
                    found = [next(running)["seconds"] for _ in lines[1:text.count(b"\r\n")]]
                    running.close()
                    # All were read, and what was there still is.
                    self.assertEqual(set(found), {None})
                    self.assertTrue(self.bytes().startswith(marked))
                    self.assertEqual(rows(resume=self.path), expected)
                    self.assertEqual(self.bytes(), whole)

    def test_cut_anywhere(self):
        """A file that was cut is continued, wherever that was."""
        grid = {"limits.budget_usd": [100, 300.5], "tiers[0].tp_degrees": [[4]],
                "queries[0].input_tokens": [5, 0], "queries[0].output_tokens": [0]}
        expected = rows(grid, csv=self.path)
        self.assertEqual({row["status"] for row in expected}, {"optimal", "error"})
        whole = self.bytes()
        for text in (whole, whole.replace(b"\r\n", b"\n")):
            for end in range(len(whole.splitlines()[0]) if text is not whole else 0, len(text) + 1, 17):
                self.put(text[:end])
                self.assertEqual(rows(grid, resume=self.path), expected)
                self.assertEqual(self.bytes(), whole)
        self.put(whole[:-8])
        running = inferplan.sweep_rows(instance(), grid, progress=False, resume=self.path)
        next(running)
        running.close()
        self.assertEqual(self.bytes(), b"".join(whole.splitlines(keepends=True)[:-1]))

    def test_links(self):
        """They stay, and their target is written; another name of a file keeps its rows."""
        rows(csv=self.path)
        whole = self.bytes()
        os.mkdir(self.named("far"))
        target = self.named("far/target.csv")
        self.put(b"".join(whole.splitlines(keepends=True)[:5]), target)
        os.chmod(target, 0o604)
        os.link(target, self.named("far/other.csv"))
        os.symlink("far/target.csv", self.named("link.csv"))
        for _ in range(2):
            rows(resume=self.named("link.csv"))
            self.assertEqual(os.readlink(self.named("link.csv")), "far/target.csv")
            self.assertEqual(self.bytes(target), whole)
        self.assertEqual(os.stat(target).st_mode & 0o777, 0o604)
        self.assertEqual(sorted(self.bytes(self.named("far/other.csv")).splitlines()),
                         sorted(whole.splitlines()))
        os.symlink("far/later.csv", self.named("early.csv"))
        with self.assertRaises(FileExistsError):
            rows(csv=self.named("early.csv"))
        rows(resume=self.named("early.csv"))
        self.assertEqual(self.bytes(self.named("far/later.csv")), whole)
        self.put(b"mine\n", target)
        self.path = self.named("link.csv")
        self.refused()
        self.assertEqual((os.path.islink(self.path), self.bytes(target)), (True, b"mine\n"))
        self.assertEqual(sorted(os.listdir(self.named("far"))), ["later.csv", "other.csv", "target.csv"])

    def test_two_at_once(self):
        """The second is refused, in this process and in another."""
        for more in ({"csv": self.path}, {"resume": self.path}):
            first = inferplan.sweep_rows(instance(), GRID, progress=False, jobs=1, **more)
            next(first)
            self.refused("another sweep that writes to it")
            self.assertIn("allowed: one at a time", output_of(
                "try:\n"
                "    test_files.rows(resume=sys.argv[2])\n"
                "except test_files.InputError as error:\n"
                "    print(error)\n", self.path))
            first.close()
        rows(resume=self.path)

    def test_workers_that_outlive(self):
        """Of a process that was killed, the forks do not keep the file locked."""
        with python("import os, time\n"
                    "first = test_files.inferplan.sweep_rows(\n"
                    "    test_files.instance(), test_files.GRID, jobs=1,\n"
                    "    progress=False, csv=sys.argv[2])\n"
                    "next(first)\n"
                    "child = os.fork()\n"
                    "if not child:\n"
                    "    os.closerange(0, 3)\n"
                    "    time.sleep(60)\n"
                    "    os._exit(0)\n"
                    "print(child, flush=True)\n"
                    "os.kill(os.getpid(), 9)\n", self.path) as parent:
            forked = int(parent.communicate()[0])
        try:
            self.assertEqual(parent.returncode, -9)
            self.assertEqual(len(rows(resume=self.path)), 12)
        finally:
            os.kill(forked, 9)

    def test_full_disk(self):
        """Rows that still fit are whole, and the sweep goes on from them."""
        expected = rows(csv=self.path)
        whole = self.bytes()
        os.remove(self.path)
        for size in (10, 700, len(whole) - 5):
            for how in ("csv", "resume"):
                self.assertEqual(output_of(
                    "import resource, signal\n"
                    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
                    f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
                    "try:\n"
                    f"    test_files.rows({how}=sys.argv[2])\n"
                    "except OSError as error:\n"
                    "    print(type(error).__name__, error.filename == sys.argv[2])\n",
                    self.path), "OSError True\n")
                if size == 10 and how == "csv":
                    self.only()
                    continue
                left = self.bytes()
                self.assertTrue(left == b"" or left.endswith(b"\r\n"))
                self.assertEqual(set(left.splitlines()) - set(whole.splitlines()), set())
                self.assertEqual(rows(resume=self.path), expected)
                self.assertEqual(self.bytes(), whole)
                os.remove(self.path)

    def test_killed_at_the_end(self):
        """kill -9 at any time leaves every row that was there."""
        expected = rows(csv=self.path)
        lines = self.bytes().splitlines(keepends=True)
        self.put(b"".join([lines[0], *reversed(lines[1:])]))
        for delay in (0, 0.001, 0.002, 0.004, 0.008):
            with python("print(flush=True); test_files.rows(resume=sys.argv[2])\n", self.path) as child:
                child.stdout.readline()
                time.sleep(delay)
                child.kill()
            self.assertEqual(sorted(self.bytes().splitlines(keepends=True)), sorted(lines))
        self.assertEqual(rows(resume=self.path), expected)


class Fields(Case):
    def test_formulas(self):
        """No field is one to a spreadsheet, and each reads back."""
        for text, written in (
                ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("+cmd", "'+cmd"), ("-1+1", "'-1+1"),
                ("\t=1", "'\t=1"), ("\r=1", "\"'\r=1\""), ("'=1", "''=1"), ("''-x", "'''-x"),
                ("-5", "-5"), ("+5", "+5"), ("-1e-05", "-1e-05"), ("-.5", "-.5"), ("'t", "'t"), ("", ""),
                ("-", "'-"), ("-1 ", "'-1 "), ("-inf", "'-inf"), ("-0x1", "'-0x1"),
                ('=a "b", c', '"\'=a ""b"", c"'),
                ("pools[=1+1].gpus", "pools[=1+1].gpus")):
            self.assertEqual(field(text), written)
            read, = csv.reader([line([text, "x"])], strict=True)
            self.assertEqual([plain(part) for part in read], [text, "x"])

    def test_odd_names(self):
        """In the paths and values of a sweep, also as the command writes them."""
        document = inferplan.load(ICC).to_dict()
        names = ["=1+1", 'c",=1+1,"', "@x", "-1+1"]
        document["pools"] = [{"name": name, "gpus": 8} for name in names]
        varied = inferplan.load(document)
        grid = {**{f"pools[{name}].gpus": [8] for name in names}, "tiers[0].pool": names}
        made = list(inferplan.sweep_rows(varied, grid, csv=self.path, progress=False))
        whole = self.bytes()
        self.put(b"".join(whole.splitlines(keepends=True)[:3]) + b"8,'=")
        self.refused()
        self.put(b"".join(whole.splitlines(keepends=True)[:3]) + b"8,8,8,8,'")
        again = list(inferplan.sweep_rows(varied, grid, resume=self.path, progress=False))
        self.assertEqual((len(again), self.bytes()), (len(made), whole))
        texts = [whole]
        command = os.environ.get("INFERPLAN_COMMAND")
        if command:
            self.put(varied.to_json().encode(), self.named("instance.json"))
            words = [word for path in list(grid)[:-1] for word in ("--vary", f"{path}=8")]
            words += ["--vary", "tiers[0].pool==1+1,@x,-1+1"]
            run = subprocess.run([command, "sweep", self.named("instance.json"), "--csv", *words],
                                 stdout=subprocess.PIPE, check=True)
            texts.append(run.stdout)
        for text in texts:
            read = list(csv.reader(io.StringIO(text.decode(), newline=""), strict=True))
            self.assertEqual(read[0][:len(grid)], list(grid))
            self.assertLessEqual({"'=1+1", "'@x", "'-1+1"}, {line[len(grid) - 1] for line in read})
            for line in read:
                for word in line:
                    self.assertFalse(word.startswith(("=", "+", "-", "@", "\t")), word)

    def test_pictures_read_them(self):
        """Also with a byte order mark."""
        from inferplan.pictures._sweeps import _rows_of
        self.put(MARK + line(["=a", "status", "-b"]).encode() + line(["@x", "optimal", "-5"]).encode())
        self.assertEqual(_rows_of(self.path), [{"=a": "@x", "status": "optimal", "-b": "-5"}])


class Reports(Case):
    def plan(self):
        return instance().solve(gap=0.5)

    def test_report(self):
        """Links, rights and what was there: as ``inferplan solve --report`` has it."""
        plan = self.plan()
        page = plan.report()
        target = self.named("page.html")
        self.put(OLD, target)
        os.chmod(target, 0o604)
        os.link(target, self.named("other.html"))
        os.symlink("page.html", self.named("link.html"))
        plan.report(self.named("link.html"))
        self.assertEqual(self.bytes(target).decode(), page)
        self.assertTrue(os.path.islink(self.named("link.html")))
        self.assertEqual(os.stat(target).st_mode & 0o777, 0o604)
        self.assertEqual(self.bytes(self.named("other.html")), OLD)
        os.symlink("later.html", self.named("early.html"))
        old = os.umask(0o027)
        plan.report(self.named("early.html"))
        os.umask(old)
        self.assertEqual(self.bytes(self.named("later.html")).decode(), page)
        self.assertEqual(os.stat(self.named("later.html")).st_mode & 0o777, 0o640)
        for name in (self.directory, self.named("nowhere/page.html"), "/dev/full"):
            with self.assertRaises(OSError) as caught:
                plan.report(name)
            self.assertEqual(caught.exception.filename, name)
        plan.report("/dev/null")
        self.only("page.html", "other.html", "link.html", "later.html", "early.html")
        os.mkfifo(self.named("pipe"))
        found = []
        reader = threading.Thread(target=lambda: found.append(self.bytes(self.named("pipe"))))
        reader.start()
        plan.report(self.named("pipe"))
        reader.join(10)
        self.assertEqual(found, [page.encode()])

    def test_others(self):
        """Neither an instance nor a plan, nor anything else that is not such a page."""
        plan = self.plan()
        path = self.named("mine")
        for data, found in ((instance().to_json().encode(), "an inferplan-instance"),
                            (plan.to_json().encode(), "an inferplan-plan"),
                            (b"my notes\n", "a file of another kind"), (b"\0", "a file of another kind"),
                            (b"<!DOCTYPE html>\nmine", "a file of another kind")):
            self.put(data, path)
            os.symlink("mine", self.named("link"))
            for name in (path, self.named("link")):
                with self.assertRaises(InputError) as caught:
                    plan.report(name)
                self.assertEqual(str(caught.exception), f"path: {name}: found {found}, which is not replaced; "
                                 "allowed: a new or empty file, or a page that inferplan made")
                self.assertEqual(caught.exception.where, "path")
                self.assertEqual(self.bytes(path), data)
            os.remove(self.named("link"))
        for data in (b"", OLD):
            self.put(data, path)
            page = plan.report(path)
            self.assertEqual(self.bytes(path).decode(), page)
            plan.report(path)
        self.only("mine")

    def fails_whole(self, action, path, before="pass", old=OLD):
        self.assertEqual(output_of(
            "import resource, signal\n"
            "from inferplan.pictures import save\n"
            "plan = test_files.instance().solve(gap=0.5)\n"
            f"{before}\n"
            "with open(sys.argv[2], 'wb') as file:\n"
            f"    file.write({old!r})\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))\n"
            "try:\n"
            f"    {action}\n"
            "except OSError as error:\n"
            "    print('failed', error.filename)\n", path), f"failed {os.path.realpath(path)}\n")
        self.assertEqual(self.bytes(path), old)
        self.only(os.path.basename(path))

    def test_full_disk(self):
        self.fails_whole("plan.report(sys.argv[2])", self.named("page.html"))

    @unittest.skipIf(os.geteuid() == 0, "root may write everything")
    def test_rights(self):
        self.put(OLD, self.named("page.html"))
        os.chmod(self.named("page.html"), 0o444)
        with self.assertRaises(PermissionError):
            self.plan().report(self.named("page.html"))
        self.assertEqual(self.bytes(self.named("page.html")), OLD)

    def test_standard_output(self):
        """What it goes to is not replaced."""
        self.put(b"old\n")
        code = (f"import inferplan; print('before')\n"
                f"inferplan.load({ICC!r}).solve(gap=0.5).report('/dev/stdout')\n"
                "print('after')\n")
        with open(self.path, "ab") as file:
            subprocess.run([sys.executable, "-c", code], stdout=file, check=True)
        text = self.bytes()
        self.assertTrue(text.startswith(b"old\nbefore\n<!DOCTYPE"))
        self.assertTrue(text.endswith(b"after\n"))

    def test_plan_picture(self):
        picture = self.plan().plot()
        old = b'<svg class="ifp-costs">old</svg>'
        self.fails_whole("plan.plot('traffic', 4000).save(sys.argv[2])", self.named("target.svg"), old=old)
        os.symlink("target.svg", self.named("link.svg"))
        picture.save(self.named("link.svg"))
        self.assertTrue(os.path.islink(self.named("link.svg")))
        self.assertEqual(self.bytes(self.named("target.svg")).decode().rstrip(), picture.svg.rstrip())
        picture.save(self.named("bare"))
        with self.assertRaisesRegex(InputError, "^path: found .*; allowed: one that ends in .svg$"):
            picture.save(self.named("wrong.png"))
        self.only("link.svg", "target.svg", "bare")
        for data in (b"mine", OLD, b"<svg mine", b'<?xml?><svg class="ifp-costs">'):
            self.put(data, self.named("mine.svg"))
            with self.assertRaises(InputError) as caught:
                picture.save(self.named("mine.svg"))
            self.assertIn("which is not replaced; allowed: a new or empty file", str(caught.exception))
            self.assertEqual(self.bytes(self.named("mine.svg")), data)
        for data in (b"", old):
            self.put(data, self.named("mine.svg"))
            picture.save(self.named("mine.svg"))

    @needs("matplotlib")
    def test_sweep_pictures(self):
        from inferplan.pictures import heat_map, save
        rows = [{"a": a, "b": b, "gpus": a + b} for a in (1, 2) for b in (3, 4)]
        self.fails_whole("save(axes, sys.argv[2])", self.named("target.svg"),
                         f"from inferplan.pictures import heat_map; axes = heat_map({rows}, value='gpus')"
                         "; save(axes, sys.argv[2])",
                         b"<?xml ?><dc:title>inferplan.pictures</dc:title>")
        axes = heat_map(rows, value="gpus")
        os.symlink("target.svg", self.named("link.svg"))
        save(axes, self.named("link.svg"))
        self.assertTrue(os.path.islink(self.named("link.svg")))
        self.assertIn(b"<svg", self.bytes(self.named("target.svg")))
        save(axes, self.named("bare"))
        with self.assertRaises(ValueError):
            save(axes, self.named("wrong.xyz"))
        self.only("link.svg", "target.svg", "bare.png")
        for ending in ("svg", "png", "pdf", "svgz"):
            name = self.named("mine." + ending)
            for data in (b"mine", OLD, b"<?xml mine", b"\x89PNG mine", b"%PDF mine"):
                self.put(data, name)
                with self.assertRaises(InputError) as caught:
                    save(axes, name)
                self.assertIn("which is not replaced; allowed: a new or empty file", str(caught.exception))
                self.assertEqual(self.bytes(name), data)
            self.put(b"", name)
            save(axes, name)
            if ending != "svgz":
                save(axes, name)


if __name__ == "__main__":
    unittest.main()
