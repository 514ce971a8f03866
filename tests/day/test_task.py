"""Tasking: rotation, doubted brigades, skill and what is faced, by hand."""

from __future__ import annotations

import numpy as np

from allegiance.day import task
from allegiance.theory.model import Theory
from day import small
from day.small import close, p


def test_brigades_rotate_by_their_own_phase_and_the_share_deployed() -> None:
    world = small.world()
    world.force.given["deployed"] = np.array([0.5, 0.2, 1.0, 0.5, 0.2, 1.0])
    world.brigade.phase[:] = [0.1, 0.6, 0.15, 0.9, 0.4] * 2
    world.brigade.tie[:] = 0.0
    task.step(world)
    assert world.brigade.on_duty.tolist() == [1, 0, 1, 1, 1] * 2
    world.day = 15  # a quarter of a turn of sixty days: phases become 0.35, 0.85, 0.40, 0.15, 0.65
    task.step(world)
    assert world.brigade.on_duty.tolist() == [1, 0, 0, 1, 1] * 2
    world.day = 30  # 0.6, 0.1, 0.65
    task.step(world)
    assert world.brigade.on_duty.tolist() == [0, 1, 0, 1, 1] * 2


def test_doubted_brigades_are_held_back_from_civilians() -> None:
    world = small.world()
    world.force.given["deployed"] = np.ones(6)
    world.brigade.tie[:] = [0.5, 0.5, 0.0, 0.9, 0.9] * 2
    world.zone.given["against_civilians"] = np.array([0.8, 0.2])
    held = [[p(world, "command", "held_back", k) * tie * (0.8, 0.2)[k] for tie in (0.5, 0.5, 0.0, 0.9, 0.9)]
            for k in (0, 1)]  # fmt: skip
    world.brigade.doubt_phase[:] = [h + d for row in held for h, d in zip(row, (-1e-3, 1e-3, 1e-3, -1e-3, 1e-3), strict=True)]
    task.step(world)
    assert world.brigade.on_duty.tolist() == [0, 1, 1, 0, 1] * 2
    without = small.world(theory=Theory(off=("command",)))
    without.force.given["deployed"] = np.ones(6)
    without.brigade.tie[:], without.brigade.doubt_phase[:] = 1.0, 0.0
    task.step(without)
    assert without.brigade.on_duty.all()


def test_a_halted_brigade_is_off_duty_until_its_days_have_passed() -> None:
    world = small.world()
    world.force.given["deployed"], world.brigade.tie[:] = np.ones(6), 0.0
    world.brigade.halted[:] = 0.0
    world.brigade.halted[[0, 6]] = [2.0, 1.0]
    task.step(world)
    assert world.brigade.on_duty.tolist() == [0, 1, 1, 1, 1, 1, 0, 1, 1, 1]
    assert world.brigade.halted.tolist() == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    task.step(world)
    assert world.brigade.on_duty.tolist() == [0] + [1] * 9


def test_stacking_and_purges_of_the_own_side_cost_skill() -> None:
    world = small.world()
    small.fill(world.brigade.competence, 0.3, 0.05)
    world.side.given["stacking"], world.side.given["purges"] = np.array([0.1, 0.4, 0.7, 1.0]), np.array([0.8, 0.5, 0.2, 0.0])
    task.step(world)
    for b in range(10):
        s, k = int(world.brigade.side[b]), b // 5
        lost = p(world, "coup_proofing", "competence", k) * (
            0.6 * (0.1, 0.4, 0.7, 1.0)[s] + 0.4 * (0.8, 0.5, 0.2, 0.0)[s]
        )
        close(world.brigade.skill[b], (0.3 + 0.05 * b) * (1.0 - lost))
    off = small.world(theory=Theory(off=("coup_proofing",)))
    task.step(off)
    close(off.brigade.skill, off.brigade.competence)


def test_companies_of_brigades_on_duty_are_in_contact_and_face_civilians_unless_they_mutiny() -> None:
    world = small.world()
    world.force.given["deployed"], world.brigade.tie[:] = np.ones(6), 0.0
    world.brigade.halted[1] = 3.0
    world.company.mutiny_day[5] = 0
    world.zone.given["against_civilians"] = np.array([0.4, 0.9])
    task.step(world)
    assert world.company.contact.tolist() == [1, 1, 0, 0, 1, 0, 1, 1, 1, 1] + [1] * 10
    for c in range(20):
        duty, k = float(c not in (2, 3)), c // 10
        against = (0.4, 0.9)[k]
        close(world.company.faced[c], duty * (against + (1.0 - against) * p(world, "linkage", "fighting", k)))


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(task.step)
