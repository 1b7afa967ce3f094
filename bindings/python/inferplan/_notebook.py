# SPDX-License-Identifier: MIT
"""The HTML of a plan in a notebook: a table and a picture, without scripts."""
import html
from typing import TYPE_CHECKING, Iterable, Optional, Sequence

from ._text import readable

if TYPE_CHECKING:
    from ._plan import Plan

# The largest number of rows. More rows would push the picture out of view.
_ROWS_MOST = 12


def html_of_plan(plan: "Plan", picture: Optional[str]) -> str:
    """The verdict, the deployments, and a picture as SVG if there is one."""
    parts = [f"<p><b>{_shown(plan.instance)}</b>: {_verdict(plan)}</p>"]
    if plan:
        parts.append(_table(("model", "tier", "degree", "replicas", "GPUs"),
                            ((d.model, d.tier, d.tp_degree, d.replicas, d.gpus)
                             for d in plan.deployments)))
    if picture is not None:
        parts.append(picture)
    return "<div>" + "\n".join(parts) + "</div>"


def _shown(text: str) -> str:
    return html.escape(readable(text))


def _verdict(plan: "Plan") -> str:
    words = {"optimal": "proven within the gap", "feasible": "feasible",
             "infeasible": "infeasible", "no_plan": "no plan was found"}[plan.status]
    if plan.objective_usd is None:
        return words
    cost = f"${plan.objective_usd:,.2f}, {words}"
    if plan.gap is not None:
        cost += f" (gap {100 * max(plan.gap, 0):.3g} %)"
    return cost + ("" if not plan.reason else ": " + _shown(plan.reason))


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
