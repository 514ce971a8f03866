"""Flight: commanders who leave hopeless places before their soldiers do."""

from __future__ import annotations

import numpy as np

from allegiance.day.command import on_duty, share_of, tell
from allegiance.world.chance import FLEE
from allegiance.world.world import World

KNOWN = 14.0
"""Days over which it stops being news that a commander fled (judgement)."""
FRESH = 0.5
"""While so much of the news is left, nobody has taken the place (judgement)."""


def step(world: World) -> None:
    """Let commanders of places under attack who see no hope leave; the soldiers they leave believe that all is over."""
    brigade, contest, command = world.brigade, world.contest, world.theory.command
    brigade.fled[:] *= 1.0 - 1.0 / KNOWN
    if not command.on:
        return
    rows = on_duty(world)
    attacked = (contest.has_enemy[brigade.contest[rows]] > 0) & (world.side.sign[brigade.side[rows]] < 0)
    rows = rows[attacked & (brigade.fled[rows] < FRESH)]
    k, s, p = brigade.contest[rows], brigade.side[rows], command.p
    relief = world.force.relief[brigade.force[rows]]
    hold = command.hold_probability(-contest.log_ratio[k], relief, world.theory.learning.p.spread[k])
    example = command.example_pressure(share_of(world, brigade.fled)[s], p.example[k])
    hazard = command.flight_hazard(hold, brigade.loyalty[rows], p.flight[k], p.disloyal[k]) * np.exp(example)
    rows = rows[world.chance.uniform(FLEE, brigade, rows) < command.daily_probability(hazard)]
    if len(rows) == 0:
        return
    brigade.fled[rows], brigade.competence[rows] = 1.0, 0.0
    world.company.belief[np.isin(world.company.brigade, rows)] = 1.0
    tell(world, "flight", rows, np.ones(len(rows)), world.force.brigade_weight[brigade.force[rows]], True)
