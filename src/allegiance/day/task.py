"""Tasking: which brigades are in contact, against whom, among which civilians, and how well they are led."""

from __future__ import annotations

import numpy as np

from allegiance.world.world import World

ROTATION_DAYS = 60.0
"""Days of a turn of duty through the front (judgement)."""


def step(world: World) -> None:
    """Put each brigade on duty, in reserve, or held back."""
    brigade, company, side = world.brigade, world.company, world.side
    command, linkage, proofing = world.theory.command, world.theory.linkage, world.theory.coup_proofing
    deployed = world.force.deployed[brigade.force]
    against = world.zone.against_civilians
    on = ((brigade.phase + world.day / ROTATION_DAYS) % 1.0 < deployed) | (deployed >= 1.0)
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
