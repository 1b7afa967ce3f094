# SPDX-License-Identifier: MIT
"""What pip and other front ends call to build the package: setuptools, in a copy of the tree.

The copy has the layout of the source archive, with the C source in source/. So a wheel from a
checkout and one from the archive are built alike, nothing is written to the tree (which may be
read-only), and no file of an earlier build gets into a wheel. Only `pip install -e` works in the
tree itself.
"""
import contextlib
import os
import tempfile
from typing import Any, Dict, Iterator, List, Optional

import wheel_library
from setuptools import build_meta

_PROJECT = ("LICENSE", "MANIFEST.in", "README.md", "hooks", "inferplan", "pyproject.toml",
            "setup.py")

Settings = Optional[Dict[str, Any]]


@contextlib.contextmanager
def _copy(with_source: bool = False) -> Iterator[None]:
    here = os.getcwd()
    with tempfile.TemporaryDirectory(prefix="inferplan-") as copy:
        wheel_library.copy_files(here, copy, _PROJECT)
        if with_source:
            wheel_library.copy_source(here, os.path.join(copy, "source"))
        os.chdir(copy)
        try:
            yield
        finally:
            os.chdir(here)


def get_requires_for_build_wheel(config_settings: Settings = None) -> List[str]:
    """Also Meson and Ninja, where they are needed and the machine has none that will do."""
    wanted = wheel_library.requirements(os.getcwd())
    with _copy():
        return [*build_meta.get_requires_for_build_wheel(config_settings), *wanted]


def get_requires_for_build_editable(config_settings: Settings = None) -> List[str]:
    wanted = wheel_library.requirements(os.getcwd())
    with _copy():
        return [*build_meta.get_requires_for_build_editable(config_settings), *wanted]


def get_requires_for_build_sdist(config_settings: Settings = None) -> List[str]:
    with _copy():
        return list(build_meta.get_requires_for_build_sdist(config_settings))


def prepare_metadata_for_build_wheel(metadata_directory: str,
                                     config_settings: Settings = None) -> str:
    directory = os.path.abspath(metadata_directory)
    with _copy():
        return str(build_meta.prepare_metadata_for_build_wheel(directory, config_settings))


def prepare_metadata_for_build_editable(metadata_directory: str,
                                        config_settings: Settings = None) -> str:
    directory = os.path.abspath(metadata_directory)
    with _copy():
        return str(build_meta.prepare_metadata_for_build_editable(directory, config_settings))


def build_wheel(wheel_directory: str, config_settings: Settings = None,
                metadata_directory: Optional[str] = None) -> str:
    directory = os.path.abspath(wheel_directory)
    metadata = metadata_directory and os.path.abspath(metadata_directory)
    with _copy(with_source=wheel_library.carries(os.getcwd())):
        return str(build_meta.build_wheel(directory, config_settings, metadata))


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    directory = os.path.abspath(sdist_directory)
    with _copy(with_source=True):
        return str(build_meta.build_sdist(directory, config_settings))


def build_editable(wheel_directory: str, config_settings: Settings = None,
                   metadata_directory: Optional[str] = None) -> str:
    return str(build_meta.build_editable(wheel_directory, config_settings, metadata_directory))
