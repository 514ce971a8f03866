"""Supply: what reaches each force and company, and what each force sees of a better-kept one, by hand."""

from __future__ import annotations

import numpy as np

from allegiance.day import supply
from day import small
from day.small import close


def test_supply_of_the_side_is_split_by_portion_and_luck() -> None:
    world = small.world()
    world.side.given["supply"] = np.array([0.5, 0.7, 0.9, 0.3])
    world.force.portion[:] = [0.8, 1.5, 1.0, 0.6, 2.0, 1.1]
    world.force.given["pay"] = np.array([1.0, 2.0, 0.5, 0.9, 1.2, 0.7])
    small.fill(world.company.quality_supply, 0.6, 0.05)
    supply.step(world)
    of_force = [0.5 * 0.8, 0.5 * 1.5, 0.7, 0.9 * 0.6, 1.3, 0.3 * 1.1]  # 0.9 · 2 is more than a soldier can use
    close(world.force.supply, of_force)
    for c in range(20):
        f = (0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 5, 5)[c]
        got = min(1.3, of_force[f] * (0.6 + 0.05 * c))
        close(world.company.supply[c], got)
        close(world.company.package[c], got * (1.0, 2.0, 0.5, 0.9, 1.2, 0.7)[f])


def test_a_force_sees_the_parallel_force_of_its_own_side_and_no_other() -> None:
    world = small.world()
    world.side.given["supply"] = np.array([0.5, 0.7, 0.5, 0.7])
    world.force.portion[:] = [0.8, 1.6, 1.0] * 2
    world.force.given["pay"] = np.array([1.0, 1.5, 9.0, 1.0, 2.0, 9.0])
    world.force.given["strength"] = np.array([1000.0, 200.0, 500.0, 1000.0, 200.0, 500.0])
    world.force.given["deployed"] = np.array([0.5, 0.3, 0.9, 0.02, 0.05, 0.9])
    supply.step(world)
    # the army sees its guard: 0.5 · 1.6 · pay; the guard has no better-kept guard beside it, nor has the weaker side
    close(world.force.reference, [1.2, 0.0, 0.0, 1.6, 0.0, 0.0])
    # 60 guards in the field against 500 of the army is 12 %, of the quarter that is seen by all
    close(world.force.seen[:3], [60.0 / 500.0 / 0.25, 0.0, 0.0])
    # 10 guards against an army that counts as at least a twentieth in the field
    close(world.force.seen[3:], [10.0 / 50.0 / 0.25, 0.0, 0.0])


def test_a_guard_at_home_is_not_seen() -> None:
    world = small.world()
    world.force.given["deployed"] = np.array([0.5, 0.0, 0.9, 0.5, 0.3, 0.9])
    supply.step(world)
    assert world.force.seen[0] == 0.0
    assert world.force.reference[0] == 0.0
    assert world.force.seen[3] > 0.0


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(supply.step)
