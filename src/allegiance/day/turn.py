"""Turncoats: those who went over and fight on, for the other side's army or as the armed opposition of a crowd."""

from __future__ import annotations

import numpy as np

from allegiance.theory.forms import DEFECT
from allegiance.theory.turncoats import BATTLE_DEATHS
from allegiance.world.columns import Array
from allegiance.world.world import World

LEADERLESS = 0.0
"""Competence of the command of those who went over alone: they left theirs behind."""


def step(world: World) -> None:
    """Let some of those who went over today take up arms, and tell when it has become a civil war."""
    side, turncoats = world.side, world.theory.turncoats
    if not turncoats.on:
        return
    _cross_over(world)
    delay = turncoats.p.delay[side.contest]
    for waiting, fighting in ((side.waiting, side.turncoats), (side.waiting_power, side.turned_power)):
        now = turncoats.ready(waiting, delay)
        waiting -= now
        fighting += now
    war = (side.recent_deaths >= BATTLE_DEATHS) & (world.contest.live[side.contest] > 0)
    rows = np.flatnonzero(war & (side.civil_war_days == 0))
    world.events.add("civil_war", world.day, side.contest[rows], side=rows, size=side.turncoats[rows])
    side.civil_war_days += war


def _cross_over(world: World) -> None:
    """Add those of today who will fight against the side they left, and the power that they bring."""
    side, force, brigade, turncoats = world.side, world.force, world.brigade, world.theory.turncoats
    over = world.acts_today[:, DEFECT]
    if not over.any():
        return
    f, s, k, p = brigade.force, brigade.side, brigade.contest, turncoats.p
    # in peace nobody is there to fight for
    welcome, there = side.offer[s], world.contest.faced[k] * force.weight[f]
    formation, single = brigade.followed, np.maximum(over - brigade.followed, 0.0)

    def fighters(of_formation: Array, of_single: Array) -> Array:
        men = turncoats.fight_on(of_formation, of_single, welcome, p.formation[k], p.single[k])
        return np.bincount(s, men * there, len(side))

    side.waiting += fighters(formation, single)
    side.waiting_power += fighters(formation * _worth(world, brigade.skill), single * _worth(world, LEADERLESS))


def _worth(world: World, competence: Array | float) -> Array:
    """Power of one soldier of each brigade who fights with the arms brought along, fed and of ordinary morale."""
    force, brigade, capability = world.force, world.brigade, world.theory.capability
    f, p = brigade.force, capability.p
    material = capability.kit(1.0, (force.equipment * force.upkeep)[f], p.supply[brigade.contest])
    return capability.company_power(  # type: ignore[no-any-return]
        1.0, force.quality[f], material, competence, 0.0, p.morale[brigade.contest]
    )


def reinforce(world: World) -> None:
    """Add those who came over to the power of the army they fight for, as far as that army is in contact."""
    side = world.side
    side.power += _at_the_front(world) * side.turned_power[side.other] * (side.other >= 0)


def bury(world: World, rate: Array) -> None:
    """Let those who fight for the other army die as its soldiers do; `rate` is each side's loss in contact."""
    side = world.side
    _lose(world, ((_at_the_front(world) * rate)[side.other]) * (side.other >= 0))


def _at_the_front(world: World) -> Array:
    return world.side.present_in_contact / np.maximum(world.side.present, 1.0)


def _lose(world: World, rate: Array) -> None:
    world.side.turncoats *= 1.0 - rate
    world.side.turned_power *= 1.0 - rate


def clash(world: World) -> Array:
    """Loss of each side's soldiers in contact [share] to those who left it, where no army stands against it.

    The deaths that make it a civil war are those expected, so that they do not come in lumps at a small scale.
    """
    side, turncoats, combat = world.side, world.theory.turncoats, world.theory.combat
    k, p = side.contest, turncoats.p
    alone = (side.other < 0) & (world.contest.live[k] > 0)
    own, theirs = alone * side.power, alone * side.turned_power
    met, meeting = turncoats.within_reach(own, theirs, p.reach[k]), turncoats.within_reach(theirs, own, p.reach[k])
    intensity, exchange = p.fierceness[k] * combat.p.intensity[k], combat.p.exchange[k]
    rate: Array = met * combat.loss_rate(intensity, theirs * meeting, own * met, exchange)
    lost = meeting * combat.loss_rate(intensity, own * met, theirs * meeting, exchange)
    deaths = rate * side.present_in_contact + lost * side.turncoats
    side.recent_deaths[:] = turncoats.within_a_year(side.recent_deaths, deaths)
    side.civil_war_deaths += deaths
    _lose(world, lost)
    return rate
