# SPDX-License-Identifier: MIT
"""The text of a profile that was made from runs."""
import math
from typing import Any, List, Mapping, Optional, Sequence

from ._curve import Curve
from ._law import Fit
from ._runs import LeftOut

_LEFT_OUT_SHOWN = 12


def text_of_profile(profile: Mapping[str, Any], fit: Optional[Fit], curves: Sequence[Curve],
                    curve_fits: Sequence[Optional[Fit]], left_out: Sequence[LeftOut],
                    notes: Sequence[str]) -> str:
    count = sum(len(curve.runs) for curve in curves)
    form = "measured points" if "points" in profile else "law"
    lines = [f"{profile['model']} on {profile['tier']}, degree {profile['tp_degree']}: {form}, "
             f"from {count} of {count + len(left_out)} runs"]
    if fit is not None:
        lines += _law(fit)
    lines += _curves(curves, curve_fits)
    if fit is not None:
        lines += _runs(fit, curves)
    if "points" in profile:
        lines += _points(profile["points"])
    elif "paces_ms" in profile:
        lines.append("paces: " + ", ".join(f"{pace:g}" for pace in profile["paces_ms"]) + " ms")
    if profile.get("headroom"):
        lines.append("head-room: " + ", ".join(f"{key} {value}" for key, value
                                               in profile["headroom"].items()))
    if left_out:
        lines.append("left out:")
        lines += [f"  {one.run.source}: {one.reason}" for one in left_out[:_LEFT_OUT_SHOWN]]
        if len(left_out) > _LEFT_OUT_SHOWN:
            lines.append(f"  and {len(left_out) - _LEFT_OUT_SHOWN} more")
    lines += [f"note: {note}" for note in notes]
    return "\n".join(lines)


def percent(value: Optional[float]) -> str:
    if value is None:
        return "not known"
    if math.isinf(value):
        return "unbounded"
    return "0 %" if value < 1e-9 else f"{100 * value:.2g} %"


def _law(fit: Fit) -> List[str]:
    law = fit.law
    context = (f", {law.context_ms_per_token:.3g} ms per output token and token of context"
               if law.context_ms_per_token else "")
    return [f"law: iteration {law.iteration_ms:.4g} ms, {law.prefill_ms_per_token:.4g} ms per "
            f"input token, {law.decode_ms_per_token:.4g} ms per output token{context}",
            f"error of {fit.statistic} TPOT: largest {percent(fit.largest_error)}, median "
            f"{percent(fit.median_error)}, R2 " + ("not known" if fit.r2 is None
                                                   else f"{fit.r2:.3f}")]


def _curves(curves: Sequence[Curve], fits: Sequence[Optional[Fit]]) -> List[str]:
    rows = [("tokens in/out", "runs", "requests/s", "TPOT ms", "iteration ms", "largest",
             "between")]
    for curve, fit in zip(curves, fits):
        rows.append((f"{curve.input_tokens:.5g}/{curve.output_tokens:.5g}", str(len(curve.runs)),
                     f"{curve.rates[0]:.3g}-{curve.rates[-1]:.3g}",
                     f"{curve.fastest_ms:.4g}-{curve.slowest_ms:.4g}",
                     "" if fit is None else f"{fit.law.iteration_ms:.4g}",
                     "" if fit is None else percent(fit.largest_error),
                     percent(max(curve.errors)) if curve.errors else ""))
    return ["each length by its own law (largest error), and read off between its other runs "
            "(between):", *_table(rows)]


def _runs(fit: Fit, curves: Sequence[Curve]) -> List[str]:
    rows = [("tokens in/out", "requests/s", "TPOT ms", "law", "error")]
    by_run = {id(one.run): one for one in fit.runs}
    for run in (run for curve in curves for run in curve.runs):
        one = by_run[id(run)]
        rows.append((f"{run.input_tokens:.5g}/{run.output_tokens:.5g}",
                     f"{run.rate_per_second:.4g}", f"{one.tpot_ms:.4g}",
                     f"{one.law_tpot_ms:.4g}", percent(one.error)))
    return ["runs:", *_table(rows)]


def _points(points: Sequence[Mapping[str, Any]]) -> List[str]:
    rows = [("point", "query", "requests/h", "TTFT ms", "attainment")]
    for point in points:
        for query, entry in point["queries"].items():
            rows.append((point["name"], query, f"{entry['rate_per_hour']:.6g}",
                         f"{entry['ttft_ms']:.4g}",
                         f"{entry['attainment']:.3f}" if "attainment" in entry else ""))
    return ["points:", *_table(rows)]


def _table(rows: Sequence[Sequence[str]]) -> List[str]:
    """Columns as wide as their widest cell, to the right, without empty columns."""
    kept = [at for at in range(len(rows[0])) if any(row[at] for row in rows[1:])]
    widths = [max(len(row[at]) for row in rows) for at in kept]
    return ["  " + "  ".join(row[at].rjust(width) for at, width in zip(kept, widths))
            for row in rows]
