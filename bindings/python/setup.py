# SPDX-License-Identifier: MIT
"""The two steps that setuptools does not have: the library into the wheel, its source into an sdist."""
import atexit
import os
import shutil
import sys
import tempfile

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:  # before 70.1
    from wheel.bdist_wheel import bdist_wheel

try:
    from setuptools.command.build import build
except ImportError:  # before 62.4
    from distutils.command.build import build

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import build_inferplan  # noqa: E402


class Build(build):
    """In a directory of its own: what an older build has left must not come into a wheel."""

    def initialize_options(self):
        super().initialize_options()
        self.build_base = tempfile.mkdtemp(prefix="inferplan-package-")
        atexit.register(shutil.rmtree, self.build_base, ignore_errors=True)


class BuildPackage(build_py):
    """The package's files, and the library beside them."""

    def run(self):
        super().run()
        if self.editable_mode:
            return
        target = os.path.join(self.build_lib, "inferplan", build_inferplan.LIBRARY)
        if os.path.exists(target):
            os.unlink(target)
        if build_inferplan.carries():
            build_inferplan.build_library(target)
        else:
            print("inferplan: the system's libinferplan is of this version and will be used")


class Wheel(bdist_wheel):
    """For any Python 3; for this platform where it carries the library."""

    def finalize_options(self):
        super().finalize_options()
        self.root_is_pure = not build_inferplan.carries()

    def get_tag(self):
        return ("py3", "none", "any" if self.root_is_pure else super().get_tag()[2])


class Source(sdist):
    """With the library's source below source/."""

    def make_release_tree(self, base_dir, files):
        super().make_release_tree(base_dir, files)
        top = build_inferplan.source_directory()
        for name in build_inferplan.SOURCES:
            source, target = os.path.join(top, name), os.path.join(base_dir, "source", name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if os.path.isdir(source):
                shutil.copytree(source, target)
            else:
                shutil.copy2(source, target)


class Package(Distribution):
    """Its library is no extension module, but no less of this platform."""

    def has_ext_modules(self):
        return build_inferplan.carries()


setup(distclass=Package, license="MIT AND GPL-3.0-or-later",
      cmdclass={"build": Build, "build_py": BuildPackage, "bdist_wheel": Wheel, "sdist": Source})
