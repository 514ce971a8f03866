"""Tasking: which brigades are in contact, against whom, among which civilians."""

from __future__ import annotations

from allegiance.base.compiler import kernel
from allegiance.engine.state import Array, World
from allegiance.theory.command import doubted
from allegiance.theory.linkage import facing

ROTATION_DAYS = 60.0
"""Days of a turn of duty through the front (judgement)."""


@kernel
def _task(company: Array, brigade: Array, force: Array, zone: Array, theta: Array, day: int) -> None:
    p = theta[0]
    for b in range(brigade.shape[0]):
        unit = brigade[b]
        f = force[unit.force]
        on = ((unit.phase + day / ROTATION_DAYS) % 1.0) < f.deployed or f.deployed >= 1.0
        against = zone[unit.zone].against
        # governments hold back the troops they doubt, most of all against civilians
        kept = unit.doubt_phase >= p.command_on * doubted(unit.tie, against, p.command_held_back)
        unit.on = 1.0 if on and kept and unit.halted <= 0.0 else 0.0
        if unit.halted > 0.0:
            unit.halted -= 1.0
    for c in range(company.shape[0]):
        row = company[c]
        unit = brigade[row.brigade]
        row.contact = unit.on if row.mutiny_day < 0 else 0.0
        row.faced = facing(zone[row.zone].against, p.linkage_fighting, unit.on)


def step(world: World) -> None:
    """Put each brigade on duty, in reserve, or held back."""
    _task(world.company, world.brigade, world.force, world.zone, world.theta, world.day)
