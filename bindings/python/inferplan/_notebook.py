# SPDX-License-Identifier: MIT
"""The HTML of a plan in a notebook: a table and a picture, without scripts."""
import html
from typing import Iterable, Optional, Sequence

from ._text import readable

# The largest number of rows. More rows would push the picture out of view.
_ROWS_MOST = 12


def html_of_plan(instance: str, verdict: str, head: Sequence[str],
                 rows: Optional[Iterable[Sequence[object]]], picture: Optional[str]) -> str:
    """The instance's name and a verdict, a table, and a picture as SVG. Without table or picture if
    they are None. Texts are escaped; the picture is not."""
    blocks = [f"<p><b>{_shown(instance)}</b>: {_shown(verdict)}</p>"]
    if rows is not None:
        blocks.append(_table(head, rows))
    if picture is not None:
        blocks.append(picture)
    return "<div>" + "\n".join(blocks) + "</div>"


def _shown(text: str) -> str:
    return html.escape(readable(text))


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["<table><thead><tr>" + "".join(f"<th>{name}</th>" for name in head)
             + "</tr></thead><tbody>"]
    entries = list(rows)
    for row in entries[:_ROWS_MOST]:
        lines.append("<tr>" + "".join(f"<td>{_shown(str(cell))}</td>" for cell in row)
                     + "</tr>")
    if len(entries) > _ROWS_MOST:
        lines.append(f"<tr><td colspan=\"{len(head)}\">and {len(entries) - _ROWS_MOST} more</td>"
                     "</tr>")
    return "".join(lines) + "</tbody></table>"
