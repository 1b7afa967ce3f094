# SPDX-License-Identifier: MIT
"""Shared by the pictures of sweeps: colours, axes without pyplot, and files with equal bytes for equal
input."""
import io
import os
from typing import Any, Tuple, Union

from .._arguments import file_path, refused
from .._frames import optional
from .._picture import Picture
from .._save import Kind, check, save as save_bytes
from .._text import readable

#: The colours of models, in order. They repeat if there are more models.
SERIES: Tuple[str, ...] = ("#4477aa", "#ee8866", "#228833", "#aa3377", "#ccbb44", "#66ccee",
                           "#bbbbbb", "#882255")

#: The colours of costs, from low to high.
SCALE: Tuple[str, ...] = ("#c7e9b4", "#7fcdbb", "#41b6c4", "#2c7fb8", "#253494")

_SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "inferplan", "font.family": "sans-serif"}


_MAKER = "inferplan.pictures"

# The formats in which the maker can be stored and found again.
_KINDS = {"svg": Kind("a picture (SVG) that inferplan made", b"<?xml", f"<dc:title>{_MAKER}</dc:title>".encode()),
          "png": Kind("a picture (PNG) that inferplan made", b"\x89PNG", f"Software\0{_MAKER}".encode()),
          "pdf": Kind("a picture (PDF) that inferplan made", b"%PDF", f"/Creator ({_MAKER})".encode())}


def literal(text: str) -> str:
    """Text that matplotlib shows unchanged. Without this, text between two dollar signs would be
    set as mathematics."""
    return readable(text).replace("$", r"\$")


def new_axes(width: float, height: float) -> Any:
    """Axes on a new figure of the given size in inches, which needs no display."""
    figures = optional("matplotlib.figure", "pictures")
    return figures.Figure(figsize=(width, height), facecolor="white",
                          layout="constrained").add_subplot()


def save(axes_or_figure: Any, path: "Union[str, os.PathLike[str]]") -> None:
    """Write a picture of a sweep as SVG, PNG or PDF, according to the extension of the path. Equal
    pictures give equal bytes. Text in SVG stays text. An empty file, or another picture of the same
    format that this function wrote, is replaced in one step when the picture is complete. InputError
    if ``path`` is any other file. A picture of a plan is written as ``Picture.save`` does."""
    if isinstance(axes_or_figure, Picture):
        axes_or_figure.save(path)
        return
    matplotlib = optional("matplotlib", "pictures")
    figure = getattr(axes_or_figure, "figure", axes_or_figure)
    if not callable(getattr(figure, "savefig", None)):
        raise refused("axes_or_figure", axes_or_figure, "axes or a figure of matplotlib, or a Picture")
    path = file_path("path", path)
    kind = os.path.splitext(path)[1][1:].lower()
    if not kind:
        # The default of matplotlib.
        kind = matplotlib.rcParams["savefig.format"]
        path = path.rstrip(".") + "." + kind
    kinds = sorted(figure.canvas.get_supported_filetypes())
    if kind not in kinds:
        raise refused("path", path, f"one that ends in {', '.join(kinds)}")
    check(path, _KINDS.get(kind))
    metadata = {"svg": {"Date": None, "Creator": _MAKER}, "png": {"Software": _MAKER},
                "pdf": {"CreationDate": None, "Producer": None, "Creator": _MAKER}}.get(kind)
    picture = io.BytesIO()
    with matplotlib.rc_context(_SETTINGS):
        figure.savefig(picture, format=kind, metadata=metadata, dpi=150)
    save_bytes(path, picture.getvalue(), _KINDS.get(kind))
