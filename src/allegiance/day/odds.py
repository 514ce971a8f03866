"""The chance of what happened or not: daily chances of a first event, added up until it comes.

On average over wars the sum is the share of wars with the event (it is the compensator of the first one: Aalen 1978,
doi:10.1214/aos/1176344247), and it differs far less between wars than the event does: a few wars tell a rare chance.
"""

from __future__ import annotations

import numpy as np

from allegiance.world.columns import Array
from allegiance.world.units import Sides


def tally(side: Sides, form: str, chance: Array, happened: Array) -> None:
    """Add today's chance of an event to each side that has not had it yet; then note who had it today.

    Args:
        form: one of theory.forms.COUNTED. chance: that it happens today, for each side. happened: whether it did.
    """
    had, total = getattr(side, f"{form}_had"), getattr(side, f"{form}_chance")
    total += np.where(had > 0, 0.0, chance)
    had[:] = np.maximum(had, happened)
