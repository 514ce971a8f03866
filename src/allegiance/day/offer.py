"""The opponent (or the crowd) offers soldiers a way out; destruction makes the offer less credible."""

from __future__ import annotations

import numpy as np

from allegiance.theory.model import Active
from allegiance.theory.registry import PARAMETERS
from allegiance.world.columns import Array
from allegiance.world.world import World

DISCREDIT, CROWD = (PARAMETERS[name].value for name in ("overtures_discredit", "appeals_crowd"))
"""Credibility that each level of destruction takes, and what a peaceful million adds to the offer of the civilians
faced, where nobody chooses (`overtures` or `appeals` left out): the middle of their priors."""


def step(world: World) -> None:
    """Set the offer that each side's soldiers see tomorrow."""
    side, overtures, appeals = world.side, world.theory.overtures, world.theory.appeals
    k = side.contest
    discredit = _chosen(overtures, overtures.p.discredit[k], DISCREDIT)
    made = overtures.offered(side.inducement, side.kindness, side.rung, discredit)
    crowd = appeals.crowd_offer(
        side.signal, side.nonviolent, side.appeal * side.at_large, _chosen(appeals, appeals.p.crowd[k], CROWD)
    )
    seen = np.where(side.other >= 0, made[side.other], np.minimum(1.0, side.inducement + crowd))
    side.offer[:] = seen * overtures.believed(side.answered, overtures.p.hold[k])


def _chosen(mechanism: Active, drawn: Array, fixed: float) -> Array:
    return drawn if mechanism.on else np.full(len(drawn), fixed)
