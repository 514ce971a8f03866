"""Overtures: how kind each side is to the other's soldiers, what dissidents ask of soldiers, and the ruler's answer."""

from __future__ import annotations

import numpy as np

from allegiance.day.command import share_of
from allegiance.theory.forms import DEFECT
from allegiance.world.chance import OVERTURE
from allegiance.world.columns import Array
from allegiance.world.world import World


def step(world: World) -> None:
    """Remember who went over and who fell; reconsider kindness and appeals; answer."""
    _remember(world)
    if world.theory.overtures.on:
        _reconsider(world)
        _answer(world)
    if world.theory.appeals.on:
        _appeal(world)


def _remember(world: World) -> None:
    """Own soldiers who went over, and who were killed, in about the last month."""
    side, force, company = world.side, world.force, world.company
    left = 1.0 - 1.0 / world.theory.overtures.p.memory[side.contest]
    gone = np.bincount(world.brigade.force, world.acts_today[:, DEFECT], len(force)) * force.weight
    side.went_over[:] = side.went_over * left + world.per_side(gone) / np.maximum(side.should, 1.0)
    killed = world.per_side(world.per_force(company.killed_today))
    side.bled[:] = side.bled * left + killed / np.maximum(side.present + killed, 1.0)


def _noticed(world: World) -> Array:
    """How much is made of each side's own soldiers who went over."""
    overtures = world.theory.overtures
    return overtures.noticed(world.side.went_over, overtures.p.half[world.side.contest])  # type: ignore[no-any-return]


def _reconsider(world: World) -> None:
    """Let some rulers with an enemy look at what kindness brings, and at what was done to their own."""
    side, overtures = world.side, world.theory.overtures
    k, p, other = side.contest, overtures.p, side.other
    come = _noticed(world)[other]
    near = world.theory.escalation.parity(world.contest.log_ratio[k])
    theirs = side.kindness * overtures.credible(side.rung, p.discredit[k])
    pull = overtures.case_for(come, side.gap, near, p.gain[k], p.need[k])
    pull = pull - overtures.case_against(side.bled, theirs[other], p.revenge[k], p.bitter[k], p.mirror[k])
    pull = pull - overtures.habit(side.kindness, come, p.thrift[k])
    due = (world.chance.uniform(OVERTURE, side) < p.review[k]) & (side.has_enemy > 0) & (world.contest.live[k] > 0)
    kindness = overtures.reconsidered(side.kindness, pull, p.step[k], p.most[k])
    side.kindness[:] = np.where(due, kindness, side.kindness)


def _answer(world: World) -> None:
    """Each ruler watches and warns the more, the more soldiers went over lately."""
    side, overtures = world.side, world.theory.overtures
    side.answered[:] = overtures.answer(side.answered, _noticed(world), overtures.p.days[side.contest])


def _appeal(world: World) -> None:
    """Let dissidents reconsider how far to appeal to soldiers; some of those who do are arrested."""
    side, appeals = world.side, world.theory.appeals
    k, p = side.contest, appeals.p
    men = np.maximum(side.present, 1.0)
    waver = appeals.wavering(
        world.per_side(world.force.refusing) / men, side.mutiny_share, share_of(world, world.brigade.halted > 0),
        side.went_over,
    )  # fmt: skip
    exposure = appeals.exposed(side.broken, side.monitoring)
    pull = appeals.balance(waver * (side.protest > 0), p.half[k], exposure, p.hope[k], p.fear[k])
    due = (world.chance.uniform(OVERTURE, side, number=1) < p.review[k]) & (world.contest.live[k] > 0)
    # who is arrested today was appealing as far as was decided before
    side.at_large[:] = appeals.free_tomorrow(side.at_large, side.appeal, exposure, p.arrest[k], p.release[k])
    effort = appeals.effort(side.appeal, pull, p.usual[k], p.step[k], p.most[k])
    side.appeal[:] = np.where(due, effort, side.appeal)
