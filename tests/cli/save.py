#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files given to --output hold a result whole, or what they held before.

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

OLD = b"what was there before\n"
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


def put_old(path):
    with open(path, "wb") as file:
        file.write(OLD)


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
failures()
ended(result, signal.SIGTERM)
ended(result, signal.SIGINT)
print("\n".join(sorted(set(problems))))
sys.exit(1 if problems else 0)
