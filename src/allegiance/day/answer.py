"""The ruler's answer: concessions to a crowd, commanders dismissed, parallel forces called out; or the ruler's fall."""

from __future__ import annotations

import numpy as np

from allegiance.day.command import men_of, share_of, tell
from allegiance.day.learn import finish
from allegiance.world.chance import RULER
from allegiance.world.columns import Array
from allegiance.world.world import World

MOST = 0.5
"""Share of the formations with orders that have halted from which the generals decide (judgement)."""


def step(world: World) -> None:
    """Answer the crowd and those who halted; see whether the ruler can still hold the streets."""
    if world.theory.concession.on:
        _concede(world)
    if not world.theory.ruler.on:
        return
    halted = share_of(world, world.brigade.halted > 0)
    _dismiss(world, halted)
    _call_out(world, halted)
    _fall(world, halted)


def _concede(world: World) -> None:
    """Give a crowd something, as it outgrows police and troops and as these do not obey."""
    side, concession = world.side, world.theory.concession
    k, p = side.contest, concession.p
    fresh = concession.left_of(world.day - side.conceded_day, p.home_days[k])
    hazard = concession.concession_hazard(
        side.stretch, 1.0 - side.willing, side.resolve, fresh, p.base[k], p.doubtful[k]
    )
    chance = world.theory.command.daily_probability(hazard)
    rows = np.flatnonzero((world.chance.uniform(RULER, side, number=3) < chance) & (world.contest.live[k] > 0))
    side.conceded_day[rows] = world.day
    world.events.add("concession", world.day, k[rows], side=rows)


def _dismiss(world: World, halted: Array) -> None:
    """Put more loyal and less able soldiers in the place of some who halted: their formations have orders again."""
    brigade, ruler = world.brigade, world.theory.ruler
    rows = np.flatnonzero((brigade.halted > 0) & (brigade.companies > 0) & (world.contest.live[brigade.contest] > 0))
    k, p = brigade.contest[rows], ruler.p
    hazard = ruler.dismissal_hazard(halted[brigade.side[rows]], p.dismiss[k])
    rows = rows[world.chance.uniform(RULER, brigade, rows) < world.theory.command.daily_probability(hazard)]
    k = brigade.contest[rows]
    brigade.halted[rows] = 0.0
    brigade.loyalty[rows] = np.maximum(brigade.loyalty[rows], p.trusted[k])
    brigade.competence[rows] = np.maximum(0.0, brigade.competence[rows] - p.haste[k])
    weight = world.force.brigade_weight[brigade.force[rows]]
    tell(world, "dismissal", rows, men_of(world, rows), weight, True)


def _call_out(world: World, halted: Array) -> None:
    side, ruler = world.side, world.theory.ruler
    k = side.contest
    hazard = ruler.call_out_hazard(halted, ruler.p.call_out[k]) * (side.guards > 0) * (side.called_out < 1.0)
    chance = world.theory.command.daily_probability(hazard)
    rows = np.flatnonzero((world.chance.uniform(RULER, side) < chance) & (world.contest.live[k] > 0))
    side.called_out[rows] = 1.0
    world.events.add("call_out", world.day, k[rows], side=rows)


def _fall(world: World, halted: Array) -> None:
    """End the contest where too few would hold the streets against the crowd."""
    side, ruler = world.side, world.theory.ruler
    k, p = side.contest, ruler.p
    # while an enemy army stands against him, it takes a crowd in the capital
    crowd = side.signal * np.where(side.has_enemy > 0, side.near_capital, 1.0)
    # while an enemy army stands against him, those who went over fight at the front
    armed = np.where(side.has_enemy > 0, 0.0, side.turncoats)
    stretch = world.theory.turncoats.armed_crowd(
        side.stretch, armed, side.capacity, world.theory.turncoats.p.armed[k]
    )
    need = ruler.needed(p.least[k], stretch, p.swamp[k])
    hazard = ruler.fall_hazard(side.willing, crowd, p.fall[k], need, p.crowd[k])
    falls = world.chance.uniform(RULER, side, number=1) < world.theory.command.daily_probability(hazard)
    chance = p.depose[k] * (halted >= MOST)
    deposed = np.flatnonzero(
        falls & (world.contest.live[k] > 0) & (world.chance.uniform(RULER, side, number=2) < chance)
    )
    for kind in ("coup_attempt", "coup_success"):
        world.events.add(kind, world.day, k[deposed], side=deposed, officers=1, grievance=side.disaffection[deposed])
    finish(world, k[falls], "regime_fell")
