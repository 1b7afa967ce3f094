#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files given to --output and --report hold a result whole, or what they held before; no other file is
replaced; and a result is printed only once they are written.

usage: save.py PROGRAM INSTANCE        in an empty directory; prints what is not so, one a line
"""

import os
import resource
import signal
import stat
import subprocess
import sys
import threading
import time

OLD = b"\\ Made by inferplan.\nwhat was there before\n"
OLD_PAGE = b'<!DOCTYPE html>\n<meta name="generator" content="inferplan">\nwhat was there before\n'
problems = []


def expect(good, words):
    if not good:
        problems.append(words)


def command(path):
    return [sys.argv[1], "export", sys.argv[2], "--format", "lp", "--output", path]


def export(path, before=None):
    return subprocess.run(command(path), capture_output=True, preexec_fn=before, check=False)


def content(path):
    with open(path, "rb") as file:
        return file.read()


def put(path, data):
    with open(path, "wb") as file:
        file.write(data)


def put_old(path):
    put(path, OLD)


def beside(*known):
    return sorted(set(os.listdir(".")) - set(known))


def small_files(action):
    def limit():
        signal.signal(signal.SIGXFSZ, action)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    return limit


def rights():
    old_mask = os.umask(0o027)
    expect(export("new.lp").returncode == 0, "a new file is not written")
    expect(stat.S_IMODE(os.stat("new.lp").st_mode) == 0o640, "a new file ignores the umask")
    os.umask(old_mask)
    put_old("replaced.lp")
    os.chmod("replaced.lp", 0o604)
    os.symlink("replaced.lp", "link.lp")
    expect(export("link.lp").returncode == 0, "a link's target is not written")
    expect(os.path.islink("link.lp"), "a link does not stay one")
    expect(content("replaced.lp") == content("new.lp"), "a link's target is not replaced")
    expect(stat.S_IMODE(os.stat("replaced.lp").st_mode) == 0o604, "rights are not kept")
    os.symlink("later.lp", "early.lp")
    expect(export("early.lp").returncode == 0, "a link to nothing yet is refused")
    expect(content("later.lp") == content("new.lp"), "a link to nothing yet is not followed")
    if os.geteuid() != 0:
        put_old("fixed.lp")
        os.chmod("fixed.lp", 0o444)
        expect(export("fixed.lp").returncode == 5, "a file without rights to write is written")
        expect(content("fixed.lp") == OLD, "a file without rights to write is replaced")
        os.remove("fixed.lp")
    for name in ("link.lp", "early.lp", "later.lp", "replaced.lp"):
        os.remove(name)
    expect(beside("new.lp") == [], "writing leaves files behind")


def not_regular(whole):
    os.mkfifo("pipe")
    found = []
    reader = threading.Thread(target=lambda: found.append(content("pipe")))
    reader.start()
    expect(export("pipe").returncode == 0, "a pipe is not written")
    reader.join(10)
    expect(found == [whole], "a pipe does not get the result")
    expect(stat.S_ISFIFO(os.stat("pipe").st_mode), "a pipe is replaced")
    os.remove("pipe")


def links():
    """Links stay, however many there are, and other names of a file keep what it held."""
    os.mkdir("far")
    os.symlink("one.lp", "far/two.lp")
    os.symlink("far/two.lp", "three.lp")
    expect(export("three.lp").returncode == 0, "links to nothing yet are refused")
    expect(content("far/one.lp") == content("new.lp"), "links to nothing yet are not followed")
    expect(os.path.islink("three.lp") and os.path.islink("far/two.lp"), "links do not stay")
    os.symlink("round.lp", "round.lp")
    expect(export("round.lp").returncode == 5, "a link to itself is written")
    expect(os.path.islink("round.lp"), "a link to itself is replaced")
    os.symlink("far", "directory.lp")
    expect(export("directory.lp").returncode == 5, "a link to a directory is written")
    expect(os.path.islink("directory.lp"), "a link to a directory is replaced")
    put_old("first.lp")
    os.link("first.lp", "second.lp")
    expect(export("first.lp").returncode == 0, "a file of two names is refused")
    expect(content("second.lp") == OLD, "the other name of a file loses what it held")
    expect(sorted(os.listdir("far")) == ["one.lp", "two.lp"], "links leave files behind")
    for name in ("far/one.lp", "far/two.lp", "three.lp", "round.lp", "directory.lp", "first.lp",
                 "second.lp"):
        os.remove(name)
    os.rmdir("far")
    expect(beside("new.lp") == [], "links leave files behind")


def open_files(whole):
    """What the shell has opened for the program is written to where it is open."""
    for stream, name in (("stdout", "/dev/stdout"), ("stdout", "log"), ("stderr", "/dev/stderr"),
                         ("stderr", "log")):
        put_old("log")
        with open("log", "ab") as log:
            done = subprocess.run(command(name), **{stream: log}, check=False)
        expect(done.returncode == 0 and content("log") == OLD + whole,
               f"{name} loses what {stream} held")
    os.remove("log")


def instance_itself():
    own = content(sys.argv[2])
    with open("own.json", "wb") as file:
        file.write(own)
    os.symlink("own.json", "link.json")
    os.link("own.json", "hard.json")
    for words in (["export", "own.json", "--format", "lp", "--output"],
                  ["solve", "own.json", "--report"], ["solve", "-", "--report"]):
        for name in ("own.json", "link.json", "hard.json"):
            with open("own.json", "rb") as file:
                done = subprocess.run([sys.argv[1], *words, name], stdin=file,
                                      capture_output=True, timeout=60, check=False)
            expect(done.returncode == 2 and not done.stdout and b"the instance itself" in done.stderr,
                   f"{' '.join(words)} {name} is not refused")
            expect(content("own.json") == own, f"{' '.join(words)} {name} destroys the instance")
    for name in ("own.json", "link.json", "hard.json"):
        os.remove(name)


def others():
    """What is neither empty nor ours is refused in one line, before the solve, and stays."""
    with open(sys.argv[2], "rb") as file:
        instance = file.read()
    foreign = {"mine.json": (instance, "found an inferplan-instance"),
               "saved.json": (b'{"format": "inferplan-plan", "version": 1}', "found an inferplan-plan"),
               "notes.txt": (b"my notes\n", "found a file of another kind"),
               "mine.html": (b"<!DOCTYPE html>\n<title>mine</title>\n", "found a file of another kind"),
               "mine.lp": (b"Minimize\n cost: x\nEnd\n", "found a file of another kind"),
               "zero": (b"\0", "found a file of another kind")}
    words = {"a page that inferplan made": ["solve", sys.argv[2], "--report"],
             "a file that export made": ["export", sys.argv[2], "--format", "mps", "--output"]}
    kinds = {"page.html": (OLD_PAGE, "found a file of another kind"),
             "old.lp": (OLD, "found a file of another kind")}
    for allowed, arguments in words.items():
        own = "page.html" if arguments[0] == "solve" else "old.lp"
        for name, (data, found) in {**foreign, **kinds}.items():
            if name == own:
                continue
            put(name, data)
            os.symlink(name, "link")
            for path in (name, "link"):
                done = subprocess.run([sys.argv[1], *arguments, path], capture_output=True, timeout=60,
                                      text=True, check=False)
                expect(done.returncode == 2 and not done.stdout and done.stderr.count("\n") == 1 and
                       f"{path}: {found}" in done.stderr and allowed in done.stderr,
                       f"{arguments[0]} to {path} ({name}) is not refused: {done.stderr}")
                expect(content(name) == data, f"{arguments[0]} destroys {name}")
            os.remove("link")
            os.remove(name)
    for path, before in (("empty", b""), ("old.lp", OLD), ("old.mps", b"* Made by inferplan.\n")):
        put(path, before)
        expect(export(path).returncode == 0 and content(path) == content("new.lp"),
               f"export does not replace {path}")
        expect(export(path).returncode == 0, f"export does not replace its own {path}")
        os.remove(path)
    for before in (b"", OLD_PAGE):
        put("page.html", before)
        for _ in range(2):
            done = solve("page.html", "--time-limit", "0.1")
            expect(done.returncode in (0, 1, 4) and content("page.html").startswith(b"<!DOCTYPE") and
                   content("page.html") != before, "a page is not replaced")
        os.remove("page.html")
    expect(beside("new.lp") == [], "what is refused leaves files behind")


def solve(report, *more, **keywords):
    return subprocess.run([sys.argv[1], "solve", sys.argv[2], "--report", report, *more],
                          stderr=subprocess.PIPE, timeout=60, check=False,
                          **{"stdout": subprocess.PIPE, **keywords})


def reports():
    """Refused before the solve, which takes longer than the test, or written before the result."""
    os.mkdir("directory")
    unwritable = ["nowhere/page.html", "directory", "new.lp/page.html"]
    if os.geteuid() != 0:
        put("fixed.html", OLD_PAGE)
        os.chmod("fixed.html", 0o444)
        unwritable.append("fixed.html")
    for name in unwritable:
        done = solve(name)
        expect(done.returncode == 5 and not done.stdout and done.stderr.count(b"\n") == 1 and
               name.encode() in done.stderr, f"--report {name} is not refused before the solve")
    os.rmdir("directory")
    put("page.html", OLD_PAGE)
    short = ("--time-limit", "0.1")
    done = solve("page.html", *short, preexec_fn=small_files(signal.SIG_IGN))
    expect(done.returncode == 5 and not done.stdout and b"page.html" in done.stderr,
           "a page that fails lets the result out")
    expect(content("page.html") == OLD_PAGE, "a page that fails loses the old one")
    if os.path.exists("/dev/full"):
        done = solve("/dev/full", *short, "--json")
        expect(done.returncode == 5 and not done.stdout and b"/dev/full" in done.stderr,
               "a page to a full disk lets the result out")
    for name in ("page.html", "/dev/stdout"):
        put_old("page.html")
        with open("page.html", "ab") as page:
            done = solve(name, stdout=page)
        expect(done.returncode == 2 and b"standard output, where" in done.stderr,
               f"--report {name} to where the result goes is not refused")
        expect(content("page.html") == OLD, f"--report {name} mixes page and result")
        with open("page.html", "ab") as page:
            done = solve(name, *short, "--quiet", stdout=page)
        expect(done.returncode in (0, 1, 4) and content("page.html").startswith(OLD + b"<!DOCTYPE"),
               f"--quiet --report {name} is not written there")
    done = solve("/dev/null", *short, stdout=subprocess.DEVNULL)
    expect(done.returncode in (0, 1, 4), "a page to nowhere is refused")
    os.remove("page.html")
    for name in beside("new.lp"):
        expect(name == "fixed.html", "a report leaves a file behind")
        os.remove(name)


def failures():
    put_old("kept.lp")
    failed = export("kept.lp", small_files(signal.SIG_IGN))
    expect(failed.returncode == 5 and b"kept.lp: cannot be written: " in failed.stderr,
           "a failed write is not reported")
    expect(content("kept.lp") == OLD, "a failed write loses the old file")
    expect(beside("kept.lp", "new.lp") == [], "a failed write leaves a file behind")
    killed = export("kept.lp", small_files(signal.SIG_DFL))
    expect(killed.returncode == -signal.SIGXFSZ, "nothing was killed half-way")
    expect(content("kept.lp") == OLD, "a kill half-way loses the old file")
    for name in beside("kept.lp", "new.lp"):
        os.remove(name)
    os.remove("kept.lp")


def ended(whole, signal_number):
    """A signal while the file is written, or a little later: it is never known when."""
    for _ in range(10):
        put_old("kept.lp")
        with subprocess.Popen(command("kept.lp"), stderr=subprocess.DEVNULL) as process:
            until = time.monotonic() + 20
            while process.poll() is None and time.monotonic() < until:
                if beside("kept.lp", "new.lp"):
                    process.send_signal(signal_number)
                    break
            status = process.wait(20)
        expect(status in (0, -signal_number), f"a signal ends it with {status}")
        expect(content("kept.lp") in (OLD, whole), "a signal leaves half a file")
        expect(beside("kept.lp", "new.lp") == [], "a signal leaves a file behind")
    os.remove("kept.lp")


rights()
result = content("new.lp")
expect(len(result) > 8192, "the result is too short to be cut")
not_regular(result)
links()
open_files(result)
instance_itself()
others()
reports()
failures()
ended(result, signal.SIGTERM)
ended(result, signal.SIGINT)
print("\n".join(sorted(set(problems))))
sys.exit(1 if problems else 0)
