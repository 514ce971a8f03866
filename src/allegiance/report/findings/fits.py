"""Titles of charts of what was fitted: what the data moved, and whether ranks are flat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from allegiance.report.labels import plural

BAND = 2.33
"""Standard deviations either side of a uniform count that hold 98 % of such counts."""


def informed(rows: Sequence[Mapping[str, Any]]) -> str:
    """How many parameters the data inform, and which moved furthest.

    Args:
        rows: parameter, informed, shift (in prior standard deviations).

    >>> informed([{"parameter": "a", "informed": False, "shift": 0.1}])
    'None of 1 parameter is informed'
    """
    of = plural(len(rows), "parameter")
    known = [r for r in rows if r["informed"]]
    if not known:
        return f"None of {of} is informed"
    far = max(known, key=lambda r: abs(r["shift"]))
    return f"{len(known)} of {of} informed; {far['parameter']} moved furthest, {far['shift']:+.1f} prior deviations"


def uniform_band(worlds: int, bins: int) -> tuple[float, float]:
    """Ends of what holds 98 % of the counts of a bin, if ranks are uniform.

    Args:
        worlds: ranks counted. bins: equal parts of [0, 1] they are counted in.
    """
    expected = worlds / bins
    half = BAND * float(np.sqrt(expected * (1 - 1 / bins)))
    return expected - half, expected + half


def ranks(counts: Sequence[ArrayLike]) -> str:
    """How many bins lie where 98 % of uniform counts lie.

    Args:
        counts: for each parameter, how many ranks fell into each bin.

    >>> ranks([[10, 10], [0, 20]])
    'Ranks: 2 of 4 bins inside the band that holds 98 % of uniform counts'
    """
    inside = of = 0
    for one in (np.asarray(c) for c in counts):
        low, high = uniform_band(int(one.sum()), len(one))
        inside, of = inside + int(np.sum((one >= low) & (one <= high))), of + len(one)
    return f"Ranks: {inside} of {of} bins inside the band that holds 98 % of uniform counts"
