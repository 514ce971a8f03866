"""The opponent (or the crowd) offers soldiers a way out; destruction makes the offer less credible."""

from __future__ import annotations

import numpy as np

from allegiance.world.world import World

DISCREDIT = 0.1
"""Credibility lost per level of the offering side's own ladder of destruction (judgement, after Wallace 2012)."""
CROWD = 0.5
"""What a non-violent crowd adds to the offer of the civilians faced, at a signal of one (judgement)."""


def step(world: World) -> None:
    """Set the offer that each side's soldiers see tomorrow."""
    side = world.side
    theirs = side.inducement[side.other] * (1.0 - DISCREDIT * side.rung[side.other])
    crowd = np.minimum(1.0, side.inducement + CROWD * side.signal * side.nonviolent)
    side.offer[:] = np.where(side.other >= 0, theirs, crowd)
