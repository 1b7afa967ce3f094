# SPDX-License-Identifier: MIT
"""The steps of setuptools that differ where a wheel carries the shared library: it is built into
the package, and the wheel is one for this kind of machine, but for any Python."""
import os
import sys
from typing import Dict, List, Tuple

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:  # before setuptools 70.1
    from wheel.bdist_wheel import bdist_wheel

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "hooks"))
import wheel_library  # noqa: E402


class WholeDistribution(Distribution):
    """It installs where compiled packages go, if the library is carried."""

    def has_ext_modules(self) -> bool:
        return wheel_library.carries(HERE)


class BuildPackage(build_py):
    """Also builds the library: into the wheel to be, or beside the sources for `pip install -e`."""

    def run(self) -> None:
        super().run()
        package = self._package()
        carried = os.path.join(package, wheel_library.LIBRARY)
        if os.path.exists(carried):
            os.remove(carried)  # an earlier editable install's, which would be found first
        print("inferplan: " + wheel_library.reason(HERE), flush=True)
        if wheel_library.carries(HERE):
            wheel_library.build(HERE, package)

    def get_output_mapping(self) -> Dict[str, str]:
        mapping: Dict[str, str] = super().get_output_mapping()
        if self.editable_mode and wheel_library.carries(HERE):
            inside = os.path.join("inferplan", wheel_library.LIBRARY)
            mapping[os.path.join(self.build_lib, inside)] = inside
        return mapping

    def get_outputs(self, include_bytecode: bool = True) -> List[str]:
        outputs: List[str] = super().get_outputs(include_bytecode)
        if wheel_library.carries(HERE):
            outputs.append(os.path.join(self.build_lib, "inferplan", wheel_library.LIBRARY))
        return outputs

    def _package(self) -> str:
        return os.path.join("" if self.editable_mode else self.build_lib, "inferplan")


class BuildWheel(bdist_wheel):
    """The library is reached by ctypes and not tied to a Python."""

    def finalize_options(self) -> None:
        super().finalize_options()
        self.root_is_pure = not wheel_library.carries(HERE)

    def get_tag(self) -> Tuple[str, str, str]:
        platform = super().get_tag()[2]
        return "py3", "none", platform


setup(
    license="MIT; a wheel that carries the library with GLPK is GPL-3.0-or-later as a whole",
    distclass=WholeDistribution,
    cmdclass={"build_py": BuildPackage, "bdist_wheel": BuildWheel},
)
