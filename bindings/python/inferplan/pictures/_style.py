# SPDX-License-Identifier: MIT
"""What pictures have in common: colours, axes without pyplot, and files that are the same bytes for
the same input."""
import io
import os
from typing import Any, Dict, Tuple, Union

from .._arguments import file_path, refused
from .._frames import optional
from .._save import Kind, check, save as save_bytes
from .._text import readable

#: One colour for each part of the cost, the same as in the library's own pictures; told apart by the
#: colour-blind.
COSTS: Dict[str, str] = {"rental": "#4477aa", "storage": "#66ccee", "delay": "#ccbb44",
                         "unmet": "#ee6677"}

#: Of models, in their order; they come again where there are more.
SERIES: Tuple[str, ...] = ("#4477aa", "#ee8866", "#228833", "#aa3377", "#ccbb44", "#66ccee",
                           "#bbbbbb", "#882255")

#: From cheap to dear.
SCALE: Tuple[str, ...] = ("#c7e9b4", "#7fcdbb", "#41b6c4", "#2c7fb8", "#253494")

_SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "inferplan", "font.family": "sans-serif"}


_MAKER = "inferplan.pictures"

# What is not among them can hold no maker, or none that is found again.
_KINDS = {"svg": Kind("a picture (SVG) that inferplan made", b"<?xml", f"<dc:title>{_MAKER}</dc:title>".encode()),
          "png": Kind("a picture (PNG) that inferplan made", b"\x89PNG", f"Software\0{_MAKER}".encode()),
          "pdf": Kind("a picture (PDF) that inferplan made", b"%PDF", f"/Creator ({_MAKER})".encode())}


def literal(text: str) -> str:
    """Text for matplotlib as it stands: between two dollar signs it would be set as mathematics."""
    return readable(text).replace("$", r"\$")


def new_axes(width: float, height: float) -> Any:
    """Axes on a figure of their own, that many inches large, which needs no display."""
    figures = optional("matplotlib.figure", "pictures")
    return figures.Figure(figsize=(width, height), facecolor="white",
                          layout="constrained").add_subplot()


def save(axes_or_figure: Any, path: "Union[str, os.PathLike[str]]") -> None:
    """Write a picture as SVG, PNG or PDF, by the ending of the path. Equal pictures give equal
    bytes; text in SVG stays text. An empty file and another picture of the same format that this function
    wrote are replaced once the picture is whole; InputError if ``path`` is any other file."""
    matplotlib = optional("matplotlib", "pictures")
    figure = getattr(axes_or_figure, "figure", axes_or_figure)
    if not callable(getattr(figure, "savefig", None)):
        raise refused("axes_or_figure", axes_or_figure, "axes or a figure of matplotlib")
    path = file_path("path", path)
    kind = os.path.splitext(path)[1][1:].lower()
    if not kind:
        # As matplotlib does.
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
