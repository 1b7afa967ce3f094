# SPDX-License-Identifier: MIT
"""Pictures of plans and of sweeps. The library draws those of plans, as SVG. Those of sweeps are
drawn with matplotlib, if it is installed: each function returns the axes, needs no display, and does
not change the state of pyplot."""
from .._picture import Picture
from ._plans import PLANS, costs, fleet, gap, limits, traffic
from ._style import save
from ._sweeps import cost_bars, heat_map, trend_lines

__all__ = ["PLANS", "Picture", "cost_bars", "costs", "fleet", "gap", "heat_map", "limits", "save",
           "traffic", "trend_lines"]
