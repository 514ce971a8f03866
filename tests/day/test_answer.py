"""The ruler's answer: who is dismissed, who is called out, and when he falls, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from allegiance.day import answer
from allegiance.theory.model import Theory
from allegiance.world.chance import RULER
from allegiance.world.world import World
from day import small
from day.small import close, p

STRETCH = (2.0, 0.5, 4.0, 1.5)


def ready(**options: Any) -> World:
    """Two contests in which brigades 1, 4 and 6 have halted and brigades 2 and 8 have no orders."""
    world = small.world(**options)
    brigade, side = world.brigade, world.side
    brigade.on_duty[:] = [1, 0, 0, 1, 0, 1, 0, 1, 0, 1]
    brigade.halted[:] = [0, 3, 0, 0, 2, 0, 5, 0, 0, 0]
    brigade.companies[:] = 2
    small.fill(brigade.loyalty, 0.3, 0.05)
    small.fill(brigade.competence, 0.4, 0.04)
    world.force.brigade_weight[:] = 1.0
    side.guards[:], side.called_out[:] = [0.5, 0.0, 0.2, 0.3], 0.0
    side.willing[:], side.signal[:] = [0.2, 0.9, 0.3, 0.6], [0.8, 0.8, 0.2, 0.5]
    side.near_capital[:], side.stretch[:] = [0.5, 1.0, 0.4, 1.0], STRETCH
    return world


CALM = {(RULER, 0): np.ones(10), (RULER, 1): np.ones(4), (RULER, 2): np.ones(4)}
RESOLVE = (0.5, 0.8, 1.0, 0.3)


def shares(world: World) -> list[float]:
    """Share of each side's brigades with orders that have halted, by hand."""
    made = []
    for s in range(4):
        mine = [b for b in range(10) if small.SIDE_OF_BRIGADE[b] == s and b not in (2, 8)]
        made.append(sum(b in (1, 4, 6) for b in mine) / len(mine))
    return made


@pytest.mark.parametrize("nudge", [-1e-9, 1e-9])
def test_a_commander_who_halted_is_replaced_by_a_loyal_and_less_able_one(nudge: float) -> None:
    world, halted = ready(), np.array(shares(ready()))
    chance = np.ones(10)
    for b in (1, 4, 6):
        hazard = p(world, "ruler", "dismiss", b // 5) * (1.0 - halted[small.SIDE_OF_BRIGADE[b]])
        chance[b] = 1.0 - math.exp(-hazard)
    world.chance = small.Told(world, {**CALM, (RULER, 0): chance + nudge})
    loyalty, competence = world.brigade.loyalty.copy(), world.brigade.competence.copy()
    answer._dismiss(world, halted)
    for b in range(10):
        replaced = b in (1, 4, 6) and nudge < 0
        assert (world.brigade.halted[b] > 0) == (b in (1, 4, 6) and not replaced)
        trusted, haste = p(world, "ruler", "trusted", b // 5), p(world, "ruler", "haste", b // 5)
        close(world.brigade.loyalty[b], max(loyalty[b], trusted) if replaced else loyalty[b])
        close(world.brigade.competence[b], competence[b] - haste if replaced else competence[b])
    assert len(small.events(world, "dismissal")) == (3 if nudge < 0 else 0)


def test_guards_are_called_out_once_and_only_where_there_are_any() -> None:
    world = ready()
    world.chance = small.Told(world, {(RULER, 0): np.array([1e-6, 1e-6, 1e-6, 1e-6])})
    answer._call_out(world, np.array([0.1, 0.5, 0.0, 0.5]))
    assert world.side.called_out.tolist() == [1.0, 0.0, 0.0, 1.0]  # no guards; nobody has halted
    assert small.events(world, "call_out")["side"].tolist() == [0, 3]
    answer._call_out(world, np.array([0.1, 0.5, 0.0, 0.5]))
    assert len(small.events(world, "call_out")) == 2


@pytest.mark.parametrize("nudge", [-1e-9, 1e-9])
def test_a_ruler_falls_by_unwilling_men_and_in_war_by_a_crowd_in_the_capital(nudge: float) -> None:
    world = ready()
    chance = np.zeros(4)
    for s in range(4):
        q = {n: p(world, "ruler", n, s // 2) for n in ("fall", "least", "crowd", "swamp")}
        crowd = (0.8 * 0.5, 0.8, 0.2 * 0.4, 0.5)[s]
        need = q["least"] * max(1.0, STRETCH[s]) ** q["swamp"]
        short = max(0.0, 1.0 - (0.2, 0.9, 0.3, 0.6)[s] / need)
        chance[s] = 1.0 - math.exp(-q["fall"] * short * min(1.0, crowd / q["crowd"]) ** 2)
    assert min(chance[0], chance[2]) > 0
    for s in (0, 2):  # one ruler after the other: only this one is near a fall
        world, luck = ready(), np.ones(4)
        luck[s] = chance[s] + nudge
        world.chance = small.Told(world, {(RULER, 1): luck, (RULER, 2): np.ones(4)})
        answer._fall(world, np.zeros(4))
        assert world.ended == ({s // 2: ("regime_fell", 0)} if nudge < 0 else {})
        assert len(small.events(world, "coup_success")) == 0


def test_generals_depose_him_only_where_most_have_halted() -> None:
    world = ready()
    world.chance = small.Told(world, {(RULER, 1): np.zeros(4), (RULER, 2): np.full(4, 1e-9)})
    answer._fall(world, np.array([0.5, 0.0, 0.49, 0.0]))
    assert set(world.ended) == {0, 1}
    assert small.events(world, "coup_success")["side"].tolist() == [0]
    assert small.events(world, "coup_attempt")["side"].tolist() == [0]


def conceding() -> World:
    """As `ready`, on day 9; the second side conceded something three days ago."""
    world = ready()
    world.day, world.side.given["resolve"] = 9, np.array(RESOLVE)
    world.side.conceded_day[:] = [-1e6, 6, -1e6, -1e6]
    return world


@pytest.mark.parametrize("nudge", [-1e-9, 1e-9])
def test_a_ruler_concedes_to_a_crowd_as_it_outgrows_him_and_soldiers_do_not_obey(nudge: float) -> None:
    world = conceding()
    chance = np.zeros(4)
    for s in range(4):
        q = {n: p(world, "concession", n, s // 2) for n in ("base", "doubtful", "home_days")}
        outgrown = STRETCH[s] ** 2 / (1.0 + STRETCH[s] ** 2)
        unwilling = 1.0 - (0.2, 0.9, 0.3, 0.6)[s]
        fresh = math.exp(-3.0 / q["home_days"]) if s == 1 else 0.0
        hazard = q["base"] * (1.0 - RESOLVE[s]) * outgrown * math.exp(q["doubtful"] * unwilling) * (1.0 - fresh)
        chance[s] = 1.0 - math.exp(-hazard)
    assert chance[2] == 0.0  # of full resolve
    assert (chance[[0, 1, 3]] > 1e-6).all()
    world.chance = small.Told(world, {(RULER, 3): chance + np.where(chance > 0, nudge, 1e-12)})
    before = world.side.conceded_day.copy()
    answer._concede(world)
    who = [0, 1, 3] if nudge < 0 else []
    assert small.events(world, "concession")["side"].tolist() == who
    assert world.side.conceded_day.tolist() == [9.0 if s in who else before[s] for s in range(4)]


def test_rulers_of_contests_that_are_over_concede_nothing() -> None:
    world = conceding()
    world.contest.live[:] = [0.0, 1.0]
    world.chance = small.Told(world, {(RULER, 3): np.full(4, 1e-9)})
    answer._concede(world)
    assert small.events(world, "concession")["side"].tolist() == [3]


@pytest.mark.parametrize("off", ["concession", "ruler"])
def test_concessions_do_not_depend_on_the_other_answers(off: str) -> None:
    world = conceding()
    world.theory = small.world(theory=Theory(off=(off,))).theory
    world.chance = small.Told(world, {(RULER, 1): np.ones(4), (RULER, 3): np.full(4, 1e-9)})
    answer.step(world)
    assert len(small.events(world, "concession")) == (0 if off == "concession" else 3)


def test_without_the_mechanism_nobody_answers() -> None:
    world = ready(theory=Theory(off=("concession", "ruler")))
    world.chance = small.Told(world, {(RULER, n): np.zeros(10 if n == 0 else 4) for n in range(4)})
    answer.step(world)
    assert world.ended == {}
    assert len(world.events.table()) == 0


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(answer.step)
    small.beside_as_alone(answer.step, "repression")
