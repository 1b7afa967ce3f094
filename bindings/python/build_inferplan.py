# SPDX-License-Identifier: MIT
"""The build backend: setuptools, with the shared library built by Meson and carried in the wheel.

Meson and Ninja are the ones on the PATH, where they are new enough, and else come from PyPI. Where the
system has a libinferplan of the same version, nothing is built and the wheel carries no library:
INFERPLAN_CARRY=1 in the environment builds it all the same. INFERPLAN_MESON_ARGS has further
arguments for meson setup, such as --force-fallback-for=glpk,jansson for a wheel that needs neither.
"""
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from setuptools import build_meta
from setuptools.build_meta import get_requires_for_build_editable  # noqa: F401
from setuptools.build_meta import (build_sdist, get_requires_for_build_sdist,  # noqa: F401
                                   prepare_metadata_for_build_editable,
                                   prepare_metadata_for_build_wheel)

HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARY = "libinferplan.so.0"
LEAST_MESON = (1, 0, 1)

# What a wheel is built from, in a source archive; of a checkout all that is there.
SOURCES = ("LICENSE", "meson.build", "meson_options.txt", "include", "lib", "scripts/version",
           "docs/licensing.md", "subprojects/glpk.wrap", "subprojects/jansson.wrap",
           "subprojects/packagefiles")


def source_directory():
    """Where the library's source is: beside us in a source archive, above us in a checkout."""
    for place in (os.path.join(HERE, "source"), os.path.join(HERE, "..", "..")):
        if os.path.exists(os.path.join(place, "lib", "inferplan.map")):
            return os.path.abspath(place)
    raise SystemExit("inferplan: the library's source is not there; build from a checkout or from a "
                     "source archive, or install libinferplan first")


def package_version():
    with open(os.path.join(HERE, "inferplan", "_library.py"), encoding="utf-8") as file:
        return re.search(r'^VERSION = "(.*)"', file.read(), re.MULTILINE).group(1)


def clean_environment():
    """Without what an isolated build sets for its own Python: a system's Meson is a program of the
    system's Python, and has to find its modules."""
    return {name: value for name, value in os.environ.items()
            if name not in ("PYTHONPATH", "PYTHONHOME", "PYTHONNOUSERSITE")}


def tool(name, least=()):
    """The command and its environment, or None: of the build's own environment, or the system's."""
    path = shutil.which(name)
    for environment in (dict(os.environ), clean_environment()):
        if path is None:
            return None
        run = subprocess.run([path, "--version"], env=environment, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True, check=False)
        found = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", run.stdout)
        if run.returncode == 0 and found:
            if tuple(int(part or 0) for part in found.groups()) >= least:
                return path, environment
            return None
    return None


def system_library():
    """Does the system have this very version? Asked of another process, so that it is not loaded."""
    code = (f"import ctypes\nlibrary = ctypes.CDLL({LIBRARY!r})\n"
            "library.ifp_version.restype = ctypes.c_char_p\n"
            "print(library.ifp_version().decode())\n")
    run = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True, check=False)
    return run.stdout.strip() == package_version()


def carries():
    return os.environ.get("INFERPLAN_CARRY") == "1" or not system_library()


def run(command, environment):
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        last = "\n".join(done.stdout.splitlines()[-30:])
        raise SystemExit(f"inferplan: {shlex.join(command)} failed:\n{last}\n"
                         "Needed: a C compiler, and on Debian libglpk-dev and libjansson-dev, or "
                         "access to the sites of GLPK and jansson")


def build_library(target):
    """Build it in a directory of its own, and put it at ``target``."""
    meson, ninja = tool("meson", LEAST_MESON), tool("ninja")
    if meson is None or ninja is None:
        raise SystemExit("inferplan: Meson 1.0.1 or later and Ninja are needed to build the library")
    with tempfile.TemporaryDirectory(prefix="inferplan-build-") as directory:
        # A prefix's library directory would be written into the library as its run path.
        run([meson[0], "setup", directory, source_directory(), "--buildtype=release",
             "-Ddefault_library=shared", "-Dtests=disabled", "-Dtool=false", "-Dexamples=false",
             "-Dbench=false", *shlex.split(os.environ.get("INFERPLAN_MESON_ARGS", ""))], meson[1])
        run([meson[0], "compile", "-C", directory], meson[1])
        shutil.copyfile(os.path.join(directory, "lib", LIBRARY), target)
    if shutil.which("strip"):
        run(["strip", "--strip-unneeded", target], dict(os.environ))


def get_requires_for_build_wheel(config_settings=None):
    wanted = build_meta.get_requires_for_build_wheel(config_settings)
    if carries():
        wanted += ["meson>=1.0.1"] if tool("meson", LEAST_MESON) is None else []
        wanted += ["ninja"] if tool("ninja") is None else []
    return wanted


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    """The library that the package finds by itself: INFERPLAN_LIBRARY's, or the system's."""
    return build_meta.build_editable(wheel_directory, config_settings, metadata_directory)
