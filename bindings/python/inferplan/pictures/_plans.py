# SPDX-License-Identifier: MIT
"""The pictures of a plan that the library draws, as functions."""
from typing import Callable, Dict, Optional

from .._arguments import instance_of
from .._instance import Instance
from .._picture import Picture
from .._plan import Plan


def _drawn(plan: Plan, picture: str, width: float, instance: Optional[Instance]) -> Picture:
    return instance_of("plan", plan, Plan, "a Plan").plot(picture, width, instance)


def traffic(plan: Plan, width: float = 720, instance: Optional[Instance] = None) -> Picture:
    """Query types, models and tiers, joined by bands. The width of a band is its share of all
    tokens, and its colour the cost per million tokens. Unmet demand is red."""
    return _drawn(plan, "traffic", width, instance)


def costs(plan: Plan, width: float = 720, instance: Optional[Instance] = None) -> Picture:
    """The cost in total and of each query type, split into rental, storage, delay and unmet
    demand."""
    return _drawn(plan, "costs", width, instance)


def fleet(plan: Plan, width: float = 720, instance: Optional[Instance] = None) -> Picture:
    """Rented GPUs by tier, and the models on them."""
    return _drawn(plan, "fleet", width, instance)


def limits(plan: Plan, width: float = 720, instance: Optional[Instance] = None) -> Picture:
    """How much of each limit is used, the fullest limit first."""
    return _drawn(plan, "limits", width, instance)


def gap(plan: Plan, width: float = 720, instance: Optional[Instance] = None) -> Picture:
    """The gap over the time of the solve, on a logarithmic scale."""
    return _drawn(plan, "gap", width, instance)


#: The pictures, by the names that ``Plan.plot`` takes.
PLANS: Dict[str, Callable[..., Picture]] = {"traffic": traffic, "costs": costs, "fleet": fleet,
                                            "limits": limits, "gap": gap}
