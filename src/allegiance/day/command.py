"""Command: commanders pass orders on or halt."""

from __future__ import annotations

import numpy as np

from allegiance.day.counts import poisson
from allegiance.world.chance import HALT, REPRESENTED
from allegiance.world.columns import Array
from allegiance.world.world import World

MOST = 0.5
"""Most that a commander's daily chance of halting can be (judgement)."""


def step(world: World) -> None:
    """Let the commanders of brigades on duty pass orders on, or halt."""
    if not world.theory.command.on:
        return
    brigade, force = world.brigade, world.force
    live = world.contest.live[brigade.contest] > 0
    rows = np.flatnonzero((brigade.on_duty > 0) & (brigade.companies > 0) & live)
    hazard = _hazard(world, rows)
    weight = force.brigade_weight[brigade.force[rows]]
    others = poisson(world.chance.uniform(REPRESENTED, brigade, rows), (weight - 1.0) * hazard)
    halts = world.chance.uniform(HALT, brigade, rows) < hazard
    brigade.halted[rows[halts]] = world.theory.command.p.days[brigade.contest[rows[halts]]]
    played: Array = np.bincount(world.company.brigade, world.company.present, len(brigade))[rows]
    men = played * force.weight[brigade.force[rows]] / weight
    _tell(world, rows[halts], men[halts], np.ones(int(halts.sum())), True)
    _tell(world, rows[others > 0], men[others > 0], others[others > 0], False)


def _hazard(world: World, rows: Array) -> Array:
    """Chance that each of these commanders halts today."""
    brigade, side, command = world.brigade, world.side, world.theory.command
    k, s, p = brigade.contest[rows], brigade.side[rows], command.p
    faced = world.zone.against_civilians[brigade.zone[rows]] * float(world.theory.linkage.on)
    hazard = command.halt_hazard(
        brigade.loyalty[rows], brigade.tie[rows] * faced, brigade.grievance[rows], p.halt[k], p.disloyal[k], p.tied[k]
    )
    # generals read the streets as plotters do, and count on others who have halted
    example = command.example_pressure(_share_halted(world)[s], p.example[k])
    return np.minimum(MOST, hazard * np.exp(side.coup_pressure[s] + example))  # type: ignore[no-any-return]


def _share_halted(world: World) -> Array:
    """Share of each side's brigades with men whose commanders have halted."""
    brigade = world.brigade
    weight = world.force.brigade_weight[brigade.force] * (brigade.companies > 0)
    known = np.bincount(brigade.side, weight, len(world.side))
    return np.bincount(brigade.side, weight * (brigade.halted > 0), len(world.side)) / np.maximum(known, 1.0)


def _tell(world: World, rows: Array, men: Array, weight: Array, own: bool) -> None:
    brigade = world.brigade
    world.events.add(
        "halt", world.day, brigade.contest[rows], side=brigade.side[rows], force=brigade.force[rows], size=men,
        weight=weight, officers=1, grievance=brigade.grievance[rows], **({"brigade": rows} if own else {}),
    )  # fmt: skip
