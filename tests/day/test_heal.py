"""Medicine: who returns, who is invalided out and who is recaptured, by hand."""

from __future__ import annotations

import numpy as np

from allegiance.base.random import philox
from allegiance.day import heal
from allegiance.world.chance import RETURN
from allegiance.world.soldiers import AWOL, INVALID, OBEYING, SHIRKING, WOUNDED
from day import small
from day.small import close, p


def test_each_man_returns_by_his_own_luck_at_the_hazard_of_his_force() -> None:
    world = small.world(fixed={"wounded_days": 4.0, "choice_return_days": 3.0})
    status = world.soldiers.status
    status[:] = np.resize([WOUNDED, AWOL, SHIRKING], 400)
    world.recount(np.ones(20, bool))
    world.force.given["return_to_duty"] = np.array([0.2, 0.5, 0.9, 0.8, 0.4, 0.1])
    world.force.weight[:] = [3.0, 1.0, 2.0, 4.0, 1.5, 2.5]
    before = status.copy()
    heal.step(world)
    counts = np.zeros((3, 6))
    for i in range(400):
        c = i // 20
        j, f, k = i % 20, int(world.company.force[c]), c // 10
        u = int(philox(int(world.company.ordinal[c]) * 512 + j % 5, RETURN << 16, int(world.company.roll[c]), k, 1, 0)[j // 5])
        share, returns = u / 2.0**32, (0.2, 0.5, 0.9, 0.8, 0.4, 0.1)[f]
        assert p(world, "wounded", "days", k) == 4.0
        expected = before[i]
        if before[i] == WOUNDED and share < 1.0 / 4.0:
            expected = OBEYING if share < returns / 4.0 else INVALID
            counts[0 if expected == OBEYING else 1, f] += world.force.weight[f]
        elif before[i] == AWOL and share < 1.0 / 3.0:
            expected = OBEYING
            counts[2, f] += world.force.weight[f]
        assert status[i] == expected
    assert (counts.sum(axis=1) > 10).all(), "too few to show anything"
    close(world.force.returned, counts[0])
    close(world.force.invalid, counts[1])
    close(world.force.returned_absent, counts[2])


def test_the_days_fighting_is_counted() -> None:
    world = small.world()
    world.soldiers.status[[0, 1, 250]] = WOUNDED
    world.company.wounded_today[[0, 12]] = [2.0, 1.0]
    heal.step(world)
    assert world.company.present[[0, 1, 12, 13]].tolist() == [18, 20, 19, 20]
    assert world.company.away[[0, 12]].tolist() == [2, 1]


def test_a_contest_that_is_over_heals_nobody() -> None:
    world = small.world(fixed={"wounded_days": 1.0})
    world.soldiers.status[:] = WOUNDED
    world.recount(np.ones(20, bool))
    world.contest.live[0] = 0.0
    heal.step(world)
    assert (world.soldiers.status[:200] == WOUNDED).all()
    assert (world.soldiers.status[200:] != WOUNDED).all()


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(heal.step)
