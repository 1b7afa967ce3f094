# SPDX-License-Identifier: MIT
"""Groups requests into query types: weighted clusters of points in the plane.

This is k-means with a deterministic start. The points are split repeatedly, each time by the cut
that lowers the squared error most ("variance partitioning", Su and Dy 2007). Then Lloyd's method
moves the means of the parts. In logarithms of token counts the squared error measures relative
differences, so that 100 and 200 tokens are as far apart as 10000 and 20000.
"""
from typing import List, Optional, Sequence, Tuple

# x, y, weight
Point = Tuple[float, float, float]

# Rounds of Lloyd's method. It converges long before this; later changes to the types are
# negligible.
_ROUNDS = 100
# The largest number of distances to compute. Only a trace with thousands of different lengths
# reaches it.
_DISTANCES = 2_000_000


def clusters_of(points: Sequence[Point], most: int) -> List[List[int]]:
    """The indices of the points of each cluster: at most ``most`` clusters, and no empty ones."""
    parts = _partitioned(points, most)
    centres = [_centre(points, part) for part in parts]
    for _ in range(min(_ROUNDS, max(1, _DISTANCES // (len(points) * len(centres))))):
        moved: List[List[int]] = [[] for _ in centres]
        for at, (x, y, _weight) in enumerate(points):
            distances = [(x - a) ** 2 + (y - b) ** 2 for a, b in centres]
            moved[distances.index(min(distances))].append(at)
        moved = [part for part in moved if part]
        if moved == parts:
            break
        parts = moved
        centres = [_centre(points, part) for part in parts]
    return parts


def _centre(points: Sequence[Point], part: Sequence[int]) -> Tuple[float, float]:
    weight = sum(points[at][2] for at in part)
    return (sum(points[at][0] * points[at][2] for at in part) / weight,
            sum(points[at][1] * points[at][2] for at in part) / weight)


# The reduction of the squared error by a cut, and the two parts.
_Cut = Tuple[float, List[int], List[int]]


def _partitioned(points: Sequence[Point], most: int) -> List[List[int]]:
    parts = [sorted(range(len(points)), key=lambda at: points[at])]
    cuts: List[Optional[_Cut]] = [_best_cut(points, parts[0])]
    while len(parts) < most:
        gains = [cut[0] if cut else 0.0 for cut in cuts]
        at = gains.index(max(gains))
        cut = cuts[at]
        if cut is None or cut[0] <= 0:
            break
        parts[at:at + 1] = [cut[1], cut[2]]
        cuts[at:at + 1] = [_best_cut(points, cut[1]), _best_cut(points, cut[2])]
    return [sorted(part) for part in parts]


def _best_cut(points: Sequence[Point], part: Sequence[int]) -> Optional[_Cut]:
    """The cut across one of the two axes that lowers the squared error most. None if there is no
    cut."""
    # Relative to the centre, the sums of a part and of the rest cancel, which keeps rounding errors
    # small.
    centre = _centre(points, part)
    whole = sum(points[at][2] for at in part)
    best: Optional[Tuple[float, List[int], int]] = None
    for axis in (0, 1):
        order = sorted(part, key=lambda at: (points[at][axis], points[at][1 - axis]))
        weight = x = y = 0.0
        for place, at in enumerate(order[:-1]):
            weight += points[at][2]
            x += (points[at][0] - centre[0]) * points[at][2]
            y += (points[at][1] - centre[1]) * points[at][2]
            if points[at][axis] == points[order[place + 1]][axis]:
                continue
            gain = (x * x + y * y) * (1 / weight + 1 / (whole - weight))
            if best is None or gain > best[0]:
                best = gain, order, place + 1
    return (best[0], best[1][:best[2]], best[1][best[2]:]) if best else None
