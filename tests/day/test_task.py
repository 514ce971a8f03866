"""Tasking: rotation, doubted brigades, skill and what is faced, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from allegiance.cases.paths import dump
from allegiance.cases.schema import Case
from allegiance.day import task
from allegiance.theory.model import Theory
from allegiance.world.blueprint import build
from allegiance.world.enlist import enlist
from allegiance.world.soldiers import CATEGORIES, KILLED
from allegiance.world.world import World
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
    world.brigade.doubt_phase[:] = [
        h + d for row in held for h, d in zip(row, (-1e-3, 1e-3, 1e-3, -1e-3, 1e-3), strict=True)
    ]
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
    world.side.given["stacking"], world.side.given["purges"] = (
        np.array([0.1, 0.4, 0.7, 1.0]),
        np.array([0.8, 0.5, 0.2, 0.0]),
    )
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


def two_kinds(**roles: str) -> World:
    """The small war, in which one brigade of the stronger army is of contract soldiers and ready, one is not."""
    data = dump(small.small_case())

    def number(value: float, unit: str) -> dict[str, Any]:
        return {"value": value, "unit": unit, "basis": "judgement", "note": "made up"}

    data["sides"]["stronger"]["forces"]["army"]["brigades"] = {
        "first": {"name": "First", "role": roles.get("first", "line"), "share": number(0.5, "share"),
                  "ready": number(0.9, "level"), "composition": {"contract": number(1.0, "share")}},
        "second": {"name": "Second", "role": roles.get("second", "line"), "share": number(0.5, "share"),
                   "ready": number(0.4, "level")},
    }  # fmt: skip
    made = small.world(plan=build(Case.model_validate(data), 60, 1.0))
    made.force.given["deployed"], made.brigade.tie[:] = np.full(6, 0.5), 0.0
    return made


def test_the_ready_are_due_more_often_and_the_others_as_before() -> None:
    world = two_kinds()
    ready = [0, 1] if world.brigade.ready_at_start[0] == 0.9 else [1, 0]
    task.step(world)
    for k in (0, 1):
        first, second = (5 * k + b for b in ready)
        full = [world.company.present[2 * b : 2 * b + 2].sum() / (2 * small.MEN) for b in (first, second)]
        close(world.brigade.ready[[first, second]], [0.9 * full[0], 0.4 * full[1]])
        ratio = np.exp(p(world, "commitment", "first", k) * (0.9 * full[0] - 0.4 * full[1]))
        close(world.brigade.due[[first, second]], [ratio / (1.0 + ratio), 1.0 / (1.0 + ratio)])
        assert world.brigade.due[5 * k + 2 : 5 * k + 5].tolist() == [0.5, 0.5, 0.5]
    off = two_kinds()
    off.theory.commitment.on = False
    task.step(off)
    assert off.brigade.due.tolist() == [0.5] * 10


def test_a_garrison_stays_until_the_others_are_gone_and_a_reserve_comes_once_they_are_worn() -> None:
    for role in ("garrison", "reserve"):
        world = two_kinds(second=role)
        ready, back = (0, 1) if world.brigade.ready_at_start[0] == 0.9 else (1, 0)
        task.step(world)
        kept_back = world.brigade.due[back]
        assert kept_back < 0.3
        world.company.present[world.company.brigade == ready] *= 0.6
        task.step(world)
        assert world.brigade.due[back] > kept_back
        if role == "reserve":
            less = world.brigade.ready[back] - world.brigade.ready[ready]
            share = np.exp(p(world, "commitment", "first", 0) * less)
            close(world.brigade.due[back], share / (1.0 + share))  # by readiness alone: the others are spent
        else:
            close(world.brigade.due[[ready, back]].sum(), 1.0)


def test_recruits_lower_the_readiness_of_a_contract_brigade_and_make_it_a_mobilised_one() -> None:
    world = two_kinds()
    contract, mobilised = CATEGORIES.index("contract"), CATEGORIES.index("mobilised")
    ready = 0 if world.brigade.ready_at_start[0] == 0.9 else 1
    c = 2 * ready
    assert world.categories[contract, c] == small.MEN
    slots = np.arange(world.company.start[c], world.company.start[c] + 10)
    world.soldiers.status[slots] = KILLED
    world.recount(np.ones(20, bool))
    enlist(world, np.zeros(10, int), slots, np.arange(10) + (1 << 31), np.full(10, mobilised))
    world.recount(np.ones(20, bool))
    assert world.categories[[contract, mobilised], c].tolist() == [10, 10]
    close(world.company.drill[c], (0.9 + p(world, "commitment", "recruits", 0)) / 2.0)
    task.step(world)
    assert world.brigade.ready[ready] < 0.9
