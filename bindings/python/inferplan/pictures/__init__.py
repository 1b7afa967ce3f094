# SPDX-License-Identifier: MIT
"""Pictures of plans and sweeps with matplotlib, if it is installed. Each function returns the axes.
They need no display and do not change the state of pyplot."""
from ._plans import PLANS, costs, fleet, gap, traffic
from ._style import save
from ._sweeps import cost_bars, heat_map, trend_lines

__all__ = ["PLANS", "cost_bars", "costs", "fleet", "gap", "heat_map", "save", "traffic",
           "trend_lines"]
