# SPDX-License-Identifier: MIT
"""A picture that the library has drawn: shown by notebooks, or written to a file."""
import os
from dataclasses import dataclass
from typing import Union

from ._arguments import file_path, refused
from ._save import Kind, save

_KIND = Kind("a picture that Picture.save wrote", b"<svg ", b'class="ifp-')


@dataclass(frozen=True)
class Picture:
    """A picture as SVG. Notebooks show it. ``svg`` is its text, an ``<svg>`` element."""

    svg: str

    def save(self, path: "Union[str, os.PathLike[str]]") -> None:
        """Write the picture to a file whose name ends in ``.svg`` or has no extension. An empty
        file, or another picture that this method wrote, is replaced in one step when the picture is
        complete. InputError if ``path`` is any other file."""
        path = file_path("path", path)
        if os.path.splitext(path)[1].lower() not in ("", ".svg"):
            raise refused("path", path, "one that ends in .svg")
        save(path, (self.svg.rstrip("\n") + "\n").encode(), _KIND)

    def _repr_svg_(self) -> str:
        return self.svg
