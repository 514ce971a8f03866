"""Learning: beliefs, settlement, victory, collapse and the streets, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from allegiance.base.normal import erfc
from allegiance.base.random import normal
from allegiance.day import learn
from allegiance.theory.model import Theory
from allegiance.world.chance import BATTLE, SETTLE
from allegiance.world.world import World
from day import small
from day.small import close, p


def ready(**options: Any) -> World:
    """Two contests whose sides all differ; nobody is near an end."""
    world = small.world(**options)
    side, contest, force = world.side, world.contest, world.force
    contest.log_ratio[:] = [0.8, -1.1]
    side.belief_mean[:], side.belief_variance[:] = [0.3, -0.2, 0.1, 0.5], [0.16, 0.09, 0.25, 0.2]
    side.given["resolve"] = np.array([0.8, 0.6, 0.8, 0.3])
    side.unreliable[:] = [0.1, 0.3, 0.05, 0.2]
    side.entry[:], side.obeying[:] = [1000, 800, 1200, 900], [700, 600, 1000, 500]
    force.killed[:], force.wounded[:] = [50, 10, 90, 30, 5, 200], [100, 40, 200, 80, 15, 100]
    return world


def test_both_sides_read_the_same_day_each_for_itself() -> None:
    world = ready()
    learn.step(world)
    for s in range(4):
        k, sign = s // 2, 1.0 - 2.0 * (s % 2)
        noise, drift, spread = (p(world, "learning", n, k) for n in ("noise", "drift", "spread"))
        seen = sign * ((0.8, -1.1)[k] + noise * normal(1, k, int(world.contest.key[k]), 0, BATTLE, 1))
        mean, variance = (0.3, -0.2, 0.1, 0.5)[s], (0.16, 0.09, 0.25, 0.2)[s]
        close(world.side.belief_mean[s], mean + variance / (variance + noise**2) * (seen - mean))
        sharper = 1.0 / (1.0 / variance + 1.0 / noise**2) + drift**2
        close(world.side.belief_variance[s], sharper)
        belief = 0.5 * float(erfc(-world.side.belief_mean[s] / math.sqrt(2.0 * (sharper + spread**2))))
        close(world.side.win_belief[s], belief)


def test_sides_settle_where_demands_fit_by_cost_resolve_losses_and_what_cannot_be_shared() -> None:
    for nudge, settled in ((-1e-9, 2), (1e-9, 0)):
        world, hazard = ready(fixed={"learning_cost": 0.4, "learning_indivisible": 0.1}), []
        world.side.shaken[2] = 1.0
        learn._learn(world)
        belief = world.side.win_belief.copy()
        world = ready(fixed={"learning_cost": 0.4, "learning_indivisible": 0.1})
        world.side.shaken[2] = 1.0
        for k in (0, 1):
            costs, resolves = [], []
            for s in (2 * k, 2 * k + 1):
                resolve = (0.8, 0.6, 0.8 * 0.4, 0.3)[s]  # a coup has left the third side little of its own
                lost = (60 + 70, 90 + 100, 35 + 47.5, 200 + 50)[s] / (1000, 800, 1200, 900)[s]
                burden = 0.5 + min(1.5, (0.1, 0.3, 0.05, 0.2)[s] + lost)
                costs.append(0.4 * (1.0 - resolve) * burden)
                resolves.append(resolve)
            surplus = sum(costs) - (belief[2 * k] + belief[2 * k + 1] - 1.0) - 0.1 * resolves[0] * resolves[1]
            hazard.append(p(world, "learning", "rate", k) * min(1.0, max(0.0, surplus) / 0.25))
            assert 0.0 < surplus < 0.25, f"the hazard is at a bound ({surplus}): nothing is shown"
        world.chance = small.Told(world, {(SETTLE, 0): np.array(hazard) + nudge})
        learn.step(world)
        assert len(small.events(world, "settlement")) == settled
        assert world.ended == ({0: ("settlement", 0), 1: ("settlement", 0)} if settled else {})
        assert world.contest.live.tolist() == [1.0 - (settled > 0)] * 2


def test_without_learning_beliefs_stand_still_and_nobody_settles() -> None:
    world = ready(theory=Theory(off=("learning",)))
    belief = world.side.win_belief.copy()
    world.chance = small.Told(world, {(SETTLE, 0): np.zeros(2)})
    learn.step(world)
    close(world.side.win_belief, belief)
    assert world.ended == {}


def never() -> dict[tuple[int, int], Any]:
    return {(SETTLE, 0): np.ones(2)}


def test_an_attacker_who_holds_all_he_wanted_has_won() -> None:
    world = ready()
    world.chance = small.Told(world, never())
    world.contest.given["area_target"] = np.array([5000.0, 5000.0])
    world.contest.given["area_start"] = np.array([1000.0, 1000.0])
    world.contest.area[:] = [4999.0, 5000.0]
    learn.step(world)
    assert world.ended == {1: ("attacker_victory", 0)}
    assert world.contest.live.tolist() == [1.0, 0.0]
    assert small.events(world, "end")["contest"].tolist() == [1]


@pytest.mark.parametrize(("side", "end"), [(0, "collapse_attacker"), (1, "collapse_defender")])
def test_an_army_of_which_few_obey_has_collapsed(side: int, end: str) -> None:
    world = ready()
    world.chance = small.Told(world, never())
    world.force.shirking[:] = 20.0  # who withholds effort gives what is left of it
    effort = world.per_side(world.force.shirking)[[side, side + 2]]
    effort *= [p(world, "capability", "shirker", k) for k in (0, 1)]
    few = 0.12 * world.side.entry[[side, side + 2]] - effort
    world.side.obeying[[side, side + 2]] = few + np.array([0.01, -0.01])
    learn.step(world)
    assert world.ended == {1: (end, 0)}


def test_an_army_that_vanishes_in_a_day_has_collapsed() -> None:
    world = ready()
    world.chance = small.Told(world, never())
    world.side.obeying[3] = 0.0
    learn.step(world)
    assert world.ended == {1: ("collapse_defender", 0)}


def test_a_contest_ends_once() -> None:
    world = ready()
    learn.finish(world, np.array([0]), "coup")
    world.day = 3
    learn.finish(world, np.array([0, 1]), "settlement")
    assert world.ended == {0: ("coup", 0), 1: ("settlement", 3)}
    assert len(world.events.table()) == 2


def streets() -> World:
    """Two contests of an army against its people, on the tenth day, while the wave lasts."""
    world = small.world((0, 1), kind="repression")
    world.waves[:], world.day = 0.0, 9
    world.waves[:20, :, 0] = 50_000.0
    world.side.entry[:], world.side.obeying[:] = 100.0, 90.0
    world.side.signal[:] = 0.4
    return world


def test_without_an_enemy_a_coup_ends_it() -> None:
    world = streets()
    learn.step(world)
    assert world.ended == {}
    world.side.shaken[0] = 1.0
    learn.step(world)
    assert world.ended == {0: ("coup", 9)}


def test_order_is_restored_once_protest_has_ended_for_good() -> None:
    world = streets()
    for day, ended in ((7, {}), (19, {}), (20, {0: ("order_restored", 20), 1: ("order_restored", 20)})):
        world.day = day
        learn.step(world)
        assert world.ended == ended


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(learn.step)
    small.beside_as_alone(learn.step, "repression")
