"""Junior leaders: how they move, and what their soldiers and mutinies owe them, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from allegiance.day import enforce, rise
from allegiance.day.appraise import step as appraise
from allegiance.day.gather import gather
from allegiance.theory.forms import DESERT, REFUSE, RISE, SHIRK
from allegiance.theory.model import Theory
from allegiance.world.chance import LEADERS, TRIGGER
from allegiance.world.world import World
from day import small
from day.small import close, p


def ready(theory: Theory | None = None) -> World:
    """Companies that all differ; company 3 has nobody present, and the second contest is over."""
    world = small.world(theory=theory)
    company = world.company
    small.fill(company.grievance, 0.2, 0.15)
    small.fill(company.leaders, 0.95, -0.03)
    small.fill(company.killed_today, 0.0, 0.3)
    small.fill(company.wounded_today, 0.5, 0.1)
    small.fill(world.brigade.loyalty, 0.3, 0.06)
    company.present[3] = 0.0
    world.contest.live[:] = [1.0, 0.0]
    return world


def test_leaders_move_by_losses_grievance_hold_and_example() -> None:
    world = ready()
    company, side, before = world.company, world.side, world.company.leaders.copy()
    enforce.step(world)

    def v(name: str) -> float:
        return p(world, "junior_leaders", name, 0)

    for c in range(10):
        if c == 3:
            close(company.leaders[c], before[c])
            continue
        beside = [x for x in (c - c % 2, c - c % 2 + 1) if x != 3]
        around = sum(before[x] for x in beside) / len(beside)
        s = small.SIDE_OF_COMPANY[c]
        lean = v("spread") * company.firmness[c] - v("anger") * max(0.0, company.grievance[c] - v("usual"))
        lean += v("threat") * (side.monitoring[s] * side.punishment[s] - 0.2)
        lean += v("trust") * (world.brigade.loyalty[c // 2] - 0.7) + v("neighbours") * (around - v("ordinary"))
        towards = 1.0 / (1.0 + (1.0 / v("ordinary") - 1.0) * math.exp(-lean))
        lost = company.killed_today[c] + company.wounded_today[c]
        fallen = min(1.0, v("fallen") * lost / (company.present[c] + lost))
        left = before[c] * (1.0 - fallen * (1.0 - v("green")))
        close(company.leaders[c], left + (towards - left) / v("days"))
    close(company.leaders[10:], before[10:])


def test_left_out_it_does_nothing() -> None:
    world = ready(Theory(off=("junior_leaders",)))
    before = world.company.leaders.copy()
    enforce.step(world)
    assert np.array_equal(world.company.leaders, before)
    odds = {}
    for leaders in (0.2, 0.9):
        world = ready(Theory(off=("junior_leaders",)))
        world.company.leaders[:] = leaders
        appraise(world)
        odds[leaders] = world.log_odds.copy()
    assert np.array_equal(odds[0.2], odds[0.9])


def test_leaders_who_look_away_let_soldiers_shirk_and_head_the_rest() -> None:
    odds = {}
    for leaders in (None, 0.3):
        world = small.world()
        company, ordinary = world.company, world.theory.junior_leaders.p.ordinary[world.company.contest]
        company.leaders[:] = ordinary if leaders is None else leaders
        appraise(world)
        odds[leaders] = world.log_odds.copy()
    side, more = world.side, odds[0.3] - odds[None]
    for c in range(20):
        k, s = c // 10, small.SIDE_OF_COMPANY[c]
        short = 1.0 - 0.3 / p(world, "junior_leaders", "ordinary", k)
        close(more[SHIRK, c], p(world, "junior_leaders", "watch", k) * short)
        led = p(world, "junior_leaders", "rally", k) * short * (1.0 - side.monitoring[s] * side.punishment[s])
        close(more[RISE, c], led)
        close(more[REFUSE, c], 0.5 * led)
        close(more[DESERT, c], 0.0)


def test_companies_begin_around_the_ordinary_each_by_its_own_name() -> None:
    world = small.world()
    for c in range(20):
        k = c // 10
        ordinary, spread = p(world, "junior_leaders", "ordinary", k), p(world, "junior_leaders", "spread", k)
        odds = ordinary / (1.0 - ordinary) * math.exp(spread * world.company.firmness[c])
        close(world.company.leaders[c], odds / (1.0 + odds))
    assert len(set(world.company.firmness.tolist())) == 20


@pytest.mark.parametrize("on", [True, False])
def test_a_mutiny_is_led_by_the_chance_that_a_leader_is_at_its_head(on: bool) -> None:
    world = small.world(theory=Theory(off=() if on else ("junior_leaders",)))
    company, side, rows = world.company, world.side, np.arange(20)
    small.fill(company.leaders, 0.2, 0.03)
    s = company.side
    head = (1.0 - company.leaders) * (1.0 - side.monitoring[s] * side.punishment[s])
    told = head + np.where(rows % 2 == 0, -1e-12, 1e-12)
    world.chance = small.Told(world, {(LEADERS, 1): told, (TRIGGER, 2): np.ones(20)})
    rise._tell(world, rows, np.full(20, 15.0), np.ones(20), True)
    assert small.events(world, "mutiny")["led"].tolist() == [int(on and c % 2 == 0) for c in range(20)]


def test_a_force_knows_how_many_of_its_leaders_enforce_and_of_its_companies_look_away() -> None:
    world = small.world()
    company = world.company
    small.fill(company.leaders, 0.9, -0.04)
    company.present[3], company.present[9] = 0.0, 5.0
    gather(world)
    for f in range(6):
        mine = [c for c in range(20) if small.FORCE_OF_COMPANY[c] == f and company.present[c] > 0]
        men = sum(company.present[c] for c in mine)
        close(world.force.leaders[f], sum(company.present[c] * company.leaders[c] for c in mine) / men)
        close(world.force.looking_away[f], sum(company.leaders[c] < 0.5 for c in mine) / len(mine))


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(enforce.step)
