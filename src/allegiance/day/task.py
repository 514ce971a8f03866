"""Tasking: which brigades are in contact, against whom, among which civilians, and how well they are led."""

from __future__ import annotations

import numpy as np

from allegiance.cases.parts import ROLES
from allegiance.world.columns import Array
from allegiance.world.world import World

ROTATION_DAYS = 60.0
"""Days of a turn of duty through the front (judgement)."""
LINE, SPEARHEAD, RESERVE, GARRISON = range(len(ROLES))


def step(world: World) -> None:
    """Put each brigade on duty, in reserve, or held back."""
    brigade, company, side = world.brigade, world.company, world.side
    command, linkage, proofing = world.theory.command, world.theory.linkage, world.theory.coup_proofing
    brigade.due[:] = world.force.deployed[brigade.force]
    _commit(world)
    against = world.zone.against_civilians
    on = ((brigade.phase + world.day / ROTATION_DAYS) % 1.0 < brigade.due) | (brigade.due >= 1.0)
    # parallel forces that are called out leave their barracks
    on |= (world.force.regular[brigade.force] == 0.0) & (side.called_out[brigade.side] > 0)
    if command.on:
        # governments hold back the troops they doubt, most of all against civilians
        on &= brigade.doubt_phase >= command.doubted(
            brigade.tie, against[brigade.zone], command.p.held_back[brigade.contest]
        )
    brigade.on_duty[:] = on & (brigade.halted <= 0.0)
    brigade.halted[:] = np.maximum(brigade.halted - 1.0, 0.0)
    brigade.skill[:] = brigade.competence
    if proofing.on:
        s = brigade.side
        brigade.skill[:] = proofing.competence(
            brigade.competence, side.stacking[s], side.purges[s], proofing.p.competence[brigade.contest]
        )
    duty = brigade.on_duty[company.brigade]
    company.contact[:] = duty * (company.mutiny_day < 0)
    company.faced[:] = linkage.facing(against[company.zone], linkage.p.fighting[company.contest], duty)


def _commit(world: World) -> None:
    """Where the brigades of a force are of different kinds: how ready each is; the ready ones are due more often."""
    brigade, company, commitment = world.brigade, world.company, world.theory.commitment
    mixed = np.flatnonzero(np.bincount(world.kinds_of_force, minlength=len(world.force)) > 1)
    if len(mixed) == 0:
        return
    places = world.per_brigade(company.stop - company.start)
    drill = world.per_brigade(company.drill * company.present) / np.maximum(world.per_brigade(company.present), 1.0)
    here = world.per_brigade(company.present) / places
    brigade.ready[:] = commitment.readiness(drill, here)
    if not commitment.on:
        return
    for f in mixed:
        rows = np.flatnonzero((brigade.force == f) & (brigade.companies > 0))
        if len(rows):
            k, deployed = int(world.force.contest[f]), float(world.force.deployed[f])
            sent = _precedence(world, rows, k)
            level = level_of(sent, np.maximum(here[rows], deployed), deployed * len(rows))
            brigade.due[rows] = commitment.turn(sent, level, here[rows], deployed)


def _precedence(world: World, rows: Array, k: int) -> Array:
    """How often each of a force's brigades goes against the others."""
    brigade, commitment = world.brigade, world.theory.commitment
    p, role = commitment.p, brigade.role[rows]
    ahead = rows[((role == LINE) | (role == SPEARHEAD)) & (brigade.pool[rows] < 0)]
    spent = commitment.spent(
        brigade.ready[ahead].mean() if len(ahead) else 0.0,
        brigade.ready_at_start[ahead].mean() if len(ahead) else 0.0, p.worn[k],
    )  # fmt: skip
    held = np.select([role == GARRISON, role == RESERVE], [p.kept[k], p.kept[k] * (1.0 - spent)], 0.0)
    return commitment.precedence(  # type: ignore[no-any-return]
        brigade.ready[rows], np.where(role == SPEARHEAD, p.lead[k], 1.0), held, p.first[k]
    )


def level_of(sent: Array, most: Array, wanted: float) -> float:
    """The level at which min(most, level · sent) adds up to `wanted`, which is no more than all of `most`.

    >>> level_of(np.array([2.0, 1.0]), np.array([1.0, 1.0]), 0.75)
    0.25
    >>> level_of(np.array([2.0, 1.0]), np.array([0.5, 1.0]), 1.2)
    0.7
    """
    full_at = most / np.maximum(sent, 1e-12)
    order = np.argsort(full_at, kind="stable")
    given, rest = 0.0, float(sent.sum())
    for row in order.tolist():
        level = (wanted - given) / max(rest, 1e-12)
        if level <= full_at[row]:
            return float(level)
        given, rest = given + float(most[row]), rest - float(sent[row])
    return float(full_at.max())  # but for rounding, all that they can give is wanted
