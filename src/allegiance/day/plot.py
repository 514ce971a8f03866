"""Plots: commanders move against the ruler, or do not."""

from __future__ import annotations

import numpy as np

from allegiance.day.odds import tally
from allegiance.world.chance import PLOT
from allegiance.world.columns import Array
from allegiance.world.world import World

AVERAGE_PROOFING = 0.35
"""Level of coup-proofing of an average ruler: what the statistical base rate already contains (judgement)."""
AVERAGE_LOYALTY = 0.6
"""Loyalty of the commanders of an average ruler (judgement)."""
ORDINARY_GRIEVANCE = 1.0
"""Mean grievance of an ordinary army (judgement)."""
PURGED_LOYALTY, PURGED_COMPETENCE = 0.1, 0.05
"""A failed attempt is followed by a purge: more loyal commanders by this much, less able ones by this (judgement)."""


def step(world: World) -> None:
    """Let commanders plot; carry out attempts and what follows from them."""
    side, plot, proofing = world.side, world.theory.plot, world.theory.coup_proofing
    k, loyal = side.contest, _loyalty(world)
    disaffection = side.disaffection - ORDINARY_GRIEVANCE
    hazard = plot.attempt_hazard(side.coup_base_rate, _shift(world, disaffection, loyal))
    attempts = (world.chance.uniform(PLOT, side) < hazard) & (world.contest.live[k] > 0)
    guards = float(proofing.on) * proofing.guard_strength(
        side.counterbalancing * (1.0 - world.theory.ruler.p.exposed[k] * side.called_out) - AVERAGE_PROOFING,
        proofing.p.guards[k],
    )
    # those passed over for the trusted do not command the troops that decide it
    passed = float(proofing.on) * proofing.resentment(
        side.counterbalancing, side.stacking, side.purges, proofing.p.resentment[k]
    )
    held = float(proofing.on) * proofing.trust(side.stacking - AVERAGE_PROOFING, proofing.p.trust[k])
    support = disaffection - passed - held + AVERAGE_LOYALTY - loyal
    chance = plot.success_probability(support, guards, plot.p.support[k], plot.p.top[k])
    won = attempts & (world.chance.uniform(PLOT, side, number=1) < chance)
    today = hazard * (world.contest.live[k] > 0)
    tally(side, "coup_attempt", today, attempts)
    tally(side, "coup_success", today * chance, won)
    side.shaken[won] = 1.0
    for kind, those in (("coup_attempt", attempts), ("coup_success", won)):
        rows = np.flatnonzero(those)
        world.events.add(kind, world.day, k[rows], side=rows, officers=1, grievance=side.disaffection[rows])
    _purge(world, attempts & ~won)


def _loyalty(world: World) -> Array:
    """Mean loyalty of the commanders of each side's brigades, each counted for those it stands for."""
    brigade = world.brigade
    weight = world.force.brigade_weight[brigade.force] * (brigade.companies > 0)
    total = np.bincount(brigade.side, weight, len(world.side))
    return np.bincount(brigade.side, weight * brigade.loyalty, len(world.side)) / np.maximum(total, 1.0)


def _shift(world: World, disaffection: Array, loyal: Array) -> Array:
    """What conditions add to the log-odds of an attempt, over an average ruler in ordinary times."""
    side, plot, proofing = world.side, world.theory.plot, world.theory.coup_proofing
    k, p = side.contest, plot.p
    cost = float(proofing.on) * proofing.coordination_cost(
        side.surveillance - AVERAGE_PROOFING, side.purges - AVERAGE_PROOFING, proofing.p.coordination[k],
    )  # fmt: skip
    return (  # type: ignore[no-any-return]
        p.grievance[k] * disaffection
        + p.loyalty[k] * (AVERAGE_LOYALTY - loyal)
        + p.war[k] * (1.0 - 2.0 * side.win_belief)
        + side.coup_pressure
        + side.march_pressure
        + p.mutiny[k] * np.minimum(1.0, 10.0 * side.mutiny_share)
        - cost
    )


def _purge(world: World, failed: Array) -> None:
    brigade = world.brigade
    hit = failed[brigade.side]
    brigade.loyalty[:] = np.where(hit, np.minimum(1.0, brigade.loyalty + PURGED_LOYALTY), brigade.loyalty)
    brigade.competence[:] = np.where(hit, np.maximum(0.0, brigade.competence - PURGED_COMPETENCE), brigade.competence)
