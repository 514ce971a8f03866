"""The opponent (or the crowd) offers soldiers a way out; destruction makes the offer less credible."""

from __future__ import annotations

from allegiance.engine.state import World

DISCREDIT = 0.1
"""Credibility lost per rung of the offering side's own ladder of destruction (judgement, after Wallace 2012)."""
CROWD = 0.5
"""What a non-violent crowd adds to the offer of the civilians faced, at a signal of one (judgement)."""


def step(world: World) -> None:
    """Set the offer that each side's soldiers see tomorrow."""
    for side in world.sides:
        other = int(side["other"])
        if other >= 0:
            row = world.sides[other]
            side["offer"] = float(row["inducement"]) * (1.0 - DISCREDIT * float(row["rung"]))
        else:
            crowd = CROWD * float(side["signal"]) * float(side["nonviolent"])
            side["offer"] = min(1.0, float(side["inducement"]) + crowd)
