# SPDX-License-Identifier: MIT
"""Pictures with matplotlib, where it is installed: of plans, and of sweeps. Each returns the axes; a
display is not needed, and nothing of pyplot's state is touched."""
from ._plans import PLANS, costs, fleet, gap, traffic
from ._style import save
from ._sweeps import cost_bars, heat_map, trend_lines

__all__ = ["PLANS", "cost_bars", "costs", "fleet", "gap", "heat_map", "save", "traffic",
           "trend_lines"]
