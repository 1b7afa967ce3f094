# SPDX-License-Identifier: MIT
"""Whether a wheel carries the shared library, and how Meson builds it there.

It does not where the dynamic loader finds a libinferplan of just this version. INFERPLAN_CARRY=1
has it carried all the same, and INFERPLAN_CARRY=0 never. INFERPLAN_MESON_ARGS holds further
arguments for `meson setup`, quoted as for a shell.
"""
import functools
import glob
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from typing import Dict, Iterable, List, NamedTuple, NoReturn, Optional, Tuple

#: The library's file in the package, which inferplan/_library.py looks for.
LIBRARY = "libinferplan.so.0"

# What of the project is needed to build the library and to give it away, and nothing else.
_SOURCE = ("LICENSE", "docs/licensing.md", "include", "lib", "meson.build", "meson_options.txt",
           "scripts/version", "subprojects/glpk.wrap", "subprojects/jansson.wrap",
           "subprojects/packagefiles", "subprojects/packagecache")
_OPTIONAL = ("subprojects/packagecache",)  # made by scripts/fetch-sources, or by Meson

_NINJA = "1.8.2"  # what Meson 1.0 asks for

# A Python script such as /usr/bin/meson fails when it is shown another Python's packages, as pip
# does while it builds.
_FOREIGN = ("PYTHONPATH", "PYTHONHOME", "PYTHONNOUSERSITE")


class _Tool(NamedTuple):
    words: List[str]
    environment: Dict[str, str]


def _fail(message: str) -> NoReturn:
    raise SystemExit("inferplan: " + message)


def copy_files(origin: str, target: str, names: Iterable[str]) -> None:
    """Copies the files and whole directories with these names, less what Python and earlier
    editable installs leave there. What is copied can be written to, even if its origin cannot."""
    for name in names:
        path = os.path.join(origin, name)
        if os.path.isdir(path):
            inside = [os.path.join(name, entry) for entry in sorted(os.listdir(path))
                      if entry not in ("__pycache__", LIBRARY)]
            copy_files(origin, target, inside)
        else:
            copied = os.path.join(target, name)
            os.makedirs(os.path.dirname(copied), exist_ok=True)
            shutil.copyfile(path, copied)
            os.chmod(copied, 0o755 if os.access(path, os.X_OK) else 0o644)


def _project(package: str) -> str:
    """The directory of the C source: source/ in a source archive, or the checkout."""
    for place in (os.path.join(package, "source"), os.path.join(package, os.pardir, os.pardir)):
        if all(os.path.exists(os.path.join(place, name)) for name in _SOURCE
               if name not in _OPTIONAL):
            return os.path.abspath(place)
    _fail(f"the C source is neither in {package}/source nor in {package}/../..; build from a "
          f"checkout or a whole source archive (pip 21.3 and later leave a checkout where it is)")


def copy_source(package: str, target: str) -> None:
    """Copies the C source that belongs to the package in a directory."""
    project = _project(package)
    copy_files(project, target, [name for name in _SOURCE if name not in _OPTIONAL or
                                 os.path.exists(os.path.join(project, name))])


def _text(*parts: str) -> str:
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return file.read()


def _package_version(package: str) -> str:
    found = re.search(r'^VERSION = "([0-9.]+)"$', _text(package, "inferplan", "_library.py"), re.M)
    return found.group(1) if found else _fail("inferplan/_library.py has no line VERSION = \"...\"")


def _source_version(project: str) -> str:
    header = _text(project, "include", "inferplan", "version.h")
    return ".".join(re.findall(r"^#define IFP_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)$", header, re.M))


def _system_version(package: str) -> Tuple[str, str]:
    """The version of the library that the dynamic loader finds, if the package takes it; or else an
    empty text, and why not. In a process of its own, as what is loaded stays, and may crash."""
    ask = "import runpy, sys; print(runpy.run_path(sys.argv[1])['lib'].version().decode())"
    module = os.path.join(package, "inferplan", "_library.py")
    asked = subprocess.run([sys.executable, "-I", "-c", ask, module], stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, encoding="utf-8", errors="replace", check=False,
                           env={**os.environ, "INFERPLAN_LIBRARY": LIBRARY})
    if asked.returncode == 0:
        return asked.stdout.strip(), ""
    return "", (asked.stderr.strip() or f"status {asked.returncode}").splitlines()[-1]


@functools.lru_cache(maxsize=None)
def _decision(package: str) -> Tuple[bool, str]:
    wish = os.environ.get("INFERPLAN_CARRY", "")
    if wish not in ("", "0", "1"):
        _fail(f"INFERPLAN_CARRY is {wish!r}; allowed are 0, 1 and nothing")
    if wish == "0":
        return False, f"{LIBRARY} is not carried, as INFERPLAN_CARRY is 0"
    if wish == "1":
        return True, f"{LIBRARY} is built and carried, as INFERPLAN_CARRY is 1"
    version = _package_version(package)
    found, unfit = _system_version(package)
    if found == version:
        return False, f"the system's {LIBRARY} is used and none carried, as it is {version} too"
    unfit = unfit or f"the system's is {found} and this is {version}"
    return True, f"{LIBRARY} is built and carried, as the system has none that will do ({unfit})"


def carries(package: str) -> bool:
    """Whether a wheel of the package in a directory carries the library."""
    return _decision(package)[0]


def reason(package: str) -> str:
    """What is done and why, in a line."""
    return _decision(package)[1]


def _numbers(version: str) -> List[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:3]]


def _does(tool: _Tool, least: str) -> bool:
    """Whether it runs, and is new enough."""
    try:
        asked = subprocess.run([*tool.words, "--version"], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, env=tool.environment,
                               universal_newlines=True, check=False)
    except OSError:
        return False
    return asked.returncode == 0 and _numbers(asked.stdout) >= _numbers(least)


def _on_path(names: Iterable[str]) -> List[_Tool]:
    own = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    places = os.environ.get("PATH", os.defpath).split(os.pathsep)
    files = [os.path.join(place, name) for place in places if place for name in names]
    return [_Tool([file], own) for file in files if os.access(file, os.X_OK)]


def _least_meson(project: str) -> str:
    found = re.search(r"meson_version: '>=([0-9.]+)'", _text(project, "meson.build"))
    return found.group(1) if found else _fail("meson.build has no meson_version: '>=...'")


def _meson(least: str) -> Optional[_Tool]:
    candidates = _on_path(["meson"])
    if importlib.util.find_spec("mesonbuild") is not None:
        candidates.append(_Tool([sys.executable, "-m", "mesonbuild.mesonmain"], dict(os.environ)))
    return next((tool for tool in candidates if _does(tool, least)), None)


def _ninja() -> Optional[_Tool]:
    candidates = _on_path(["ninja", "ninja-build"])
    spec = importlib.util.find_spec("ninja")  # PyPI's: the program lies in or beside the package
    if spec is not None and spec.origin is not None:
        inside = os.path.join(os.path.dirname(spec.origin), "data", "bin", "ninja")
        candidates.append(_Tool([inside], dict(os.environ)))
    return next((tool for tool in candidates if _does(tool, _NINJA)), None)


def requirements(package: str) -> List[str]:
    """What has to come from PyPI for the build: Meson and Ninja, each only where the machine has
    none that will do, and neither where nothing is built."""
    if not carries(package):
        return []
    least = _least_meson(_project(package))
    wanted = [] if _meson(least) else [f"meson>={least}"]
    return wanted if _ninja() else [*wanted, f"ninja>={_NINJA}"]


def _run(tool: _Tool, *words: str) -> None:
    done = subprocess.run([*tool.words, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=tool.environment, encoding="utf-8", errors="replace", check=False)
    if done.returncode != 0:
        print("\n".join(done.stdout.splitlines()[-40:]), flush=True)
        _fail(f"`meson {words[0]}` failed with status {done.returncode}; its last lines are above")


def build(package: str, target: str) -> None:
    """Builds the library of the package in a directory and puts it into another one, stripped; with
    the licences of what Meson had to build into it."""
    project = _project(package)
    wanted, found = _package_version(package), _source_version(project)
    if wanted != found:
        _fail(f"inferplan/_library.py is version {wanted}, and include/inferplan/version.h "
              f"{found}; they have to be equal")
    least = _least_meson(project)
    meson, ninja = _meson(least), _ninja()
    if meson is None or ninja is None:
        missing = f"Meson {least}" if meson is None else f"Ninja {_NINJA}"
        _fail(f"{missing} or later is needed to build the library and not on PATH (Debian: apt-get "
              f"install meson ninja-build); without --no-build-isolation, pip takes it from PyPI")
    try:
        further = shlex.split(os.environ.get("INFERPLAN_MESON_ARGS", ""))
    except ValueError as error:
        _fail(f"INFERPLAN_MESON_ARGS is not quoted as for a shell: {error}")
    meson.environment["NINJA"] = ninja.words[0]
    with tempfile.TemporaryDirectory(prefix="inferplan-") as work:
        source, objects, stage = (os.path.join(work, name) for name in ("source", "build", "stage"))
        copy_source(package, source)
        _run(meson, "setup", objects, source, "--prefix=/usr", "--libdir=lib",
             "-Dbuildtype=release", "-Ddefault_library=shared", "-Dtests=disabled", "-Dtool=false",
             "-Dexamples=false", "-Dbench=false", *further)
        _run(meson, "compile", "-C", objects)
        # Installing also takes the paths of the build out of the library.
        _run(meson, "install", "-C", objects, "--no-rebuild", "--strip", "--tags", "runtime",
             "--destdir", stage)
        built = glob.glob(os.path.join(glob.escape(stage), "**", LIBRARY), recursive=True)
        if len(built) != 1:
            _fail(f"Meson has installed {len(built)} files {LIBRARY}; one is expected (shared "
                  f"libraries with that name are for Linux)")
        os.makedirs(target, exist_ok=True)
        shutil.copy(built[0], os.path.join(target, LIBRARY))
        for licence in ("COPYING", "LICENSE"):
            for file in glob.glob(os.path.join(glob.escape(source), "subprojects", "*", licence)):
                part = os.path.basename(os.path.dirname(file))
                os.makedirs(os.path.join(target, "licenses"), exist_ok=True)
                shutil.copy(file, os.path.join(target, "licenses", f"{part}-{licence}"))
