"""Escalation: progress against hope, rungs climbed, civilians killed, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from allegiance.day import escalate
from allegiance.day.gather import gather
from allegiance.theory.forms import DEFECT, DESERT
from allegiance.theory.model import Theory
from allegiance.world.chance import LADDER
from allegiance.world.world import World
from day import small
from day.small import close, p


def ready(**options: Any) -> World:
    """Two contests on their thirtieth day whose sides and forces all differ."""
    world = small.world(**options)
    side, contest, force, zone = world.side, world.contest, world.force, world.zone
    world.day = 29
    contest.given["area_start"], contest.given["area_target"] = np.array([1000.0, 500.0]), np.array([5000.0, 2500.0])
    contest.area[:] = [2000.0, 300.0]
    side.given["expected_days"] = np.array([60.0, 90.0, 40.0, 20.0])
    side.given["escalation_ceiling"] = np.array([4.0, 2.0, 3.0, 5.0])
    side.rung[:] = [1.0, 2.0, 0.0, 3.0]
    side.power[:] = [300.0, 200.0, 0.0, 150.0]
    contest.close_fighting[:], contest.log_ratio[:] = [0.8, 0.3], [0.6, -0.2]
    contest.given["civilian_baseline"] = np.array([0.02, 0.05])
    zone.given["population"], zone.given["urban"] = np.array([5e5, 2e5]), np.array([0.4, 0.7])
    zone.fought[:] = [12.0, 30.0]
    force.present[:], force.obeying[:] = [500, 60, 400, 300, 90, 200], [400, 55, 380, 200, 80, 190]
    force.returned_absent[:] = [30, 5, 10, 0, 2, 60]
    world.acts[:, DESERT], world.acts[:, DEFECT] = [80, 10, 40, 20, 1, 30], [5, 1, 2, 4, 0, 6]
    return world


GONE = (55, 6, 32, 24, 0, 0)  # deserters and defectors less those who came back, never below nobody


def test_men_who_left_and_did_not_come_back_are_unreliable() -> None:
    world = ready()
    world.side.should[:] = [500 + 60 + 55 + 6, 400 + 32, 300 + 90 + 24 + 0, 200]
    world.side.obeying[:] = [455, 380, 280, 190]
    escalate.step(world)
    should = (500 + 60 + 55 + 6, 400 + 32, 300 + 90 + 24 + 0, 200)
    close(
        world.side.unreliable,
        [1.0 - 455 / should[0], 1.0 - 380 / should[1], 1.0 - 280 / should[2], 1.0 - 190 / should[3]],
    )
    gather(world)
    for s in range(4):
        gone = sum(GONE[f] for f in range(6) if small.SIDE_OF_FORCE[f] == s)
        close(world.side.should[s], world.side.present[s] + gone)


def test_progress_of_the_attacker_is_ground_gained_and_of_the_defender_ground_kept() -> None:
    world = ready()
    escalate.step(world)
    close(world.side.progress, [0.25, 0.75, -0.1, 1.0])
    close(world.side.gap, [30 / 60 - 0.25, 1.0 - 0.75, min(1.0, 30 / 40) + 0.1, 0.0])


def test_rungs_are_climbed_by_gap_and_unreliable_men_and_left_when_hopes_are_met() -> None:
    up, down = np.zeros(4), np.zeros(4)
    world = ready()
    world.contest.area[1] = 2500.0  # the second attacker has all he hoped for and more
    escalate.step(world)
    for s in range(4):
        q = {n: p(world, "escalation", n, s // 2) for n in ("rate", "gap", "unreliable", "show", "deescalate")}
        gap, unreliable = world.side.gap[s], world.side.unreliable[s]
        parity = math.exp(-((0.6, -0.2)[s // 2] ** 2) / 0.5)
        drive = q["gap"] * gap + q["unreliable"] * unreliable + q["show"] * parity
        up[s] = q["rate"] * max(0.0, gap) * math.exp(drive)
        down[s] = q["deescalate"] * max(0.0, -gap)
    assert (up > 0).tolist() == [True, True, False, True]
    assert down[2] > 0
    for luck, rungs in (
        (np.maximum(up - 1e-9, 0.0), [2, 2, 0, 4]),  # the second side stands at its ceiling
        (up + 1e-9, [1, 2, 0, 3]),
        (np.minimum(1.0 - down + 1e-9, 1.0 - 1e-12), [1, 2, 1, 3]),
        (1.0 - down - 1e-9, [1, 2, 2, 3]),
    ):
        world = ready()
        world.contest.area[1] = 2500.0
        world.side.rung[2] = 0.0 if rungs[2] == 0 else 2.0
        world.chance = small.Told(world, {(LADDER, 0): luck})
        escalate.step(world)
        assert world.side.rung.tolist() == rungs


def test_a_change_of_means_is_an_event_and_a_contest_that_is_over_sees_none() -> None:
    world = ready()
    world.contest.live[1] = 0.0
    world.chance = small.Told(world, {(LADDER, 0): np.zeros(4)})
    harmed = world.side.civilians_killed.copy()
    escalate.step(world)
    event = small.events(world, "escalation")
    assert (event["side"].tolist(), event["level"].tolist(), event["contest"].tolist()) == ([0], [2.0], [0])
    assert (world.side.civilians_killed[:2] > harmed[:2]).all()
    assert np.array_equal(world.side.civilians_killed[2:], harmed[2:])


def test_civilians_are_killed_by_fighting_in_towns_and_from_a_distance_where_they_have_stayed() -> None:
    world = ready()
    world.chance = small.Told(world, {(LADDER, 0): np.full(4, 0.5)})
    escalate.step(world)
    for s in range(4):
        k = s // 2
        share = (300 / 500, 200 / 500, 0.0, 1.0)[s]
        fighting = (0.8, 0.3)[k] * share
        flight, pace = p(world, "escalation", "flight", k), p(world, "escalation", "flight_days", k)
        there = 1.0 - flight * (1.0 - math.exp(-(12.0, 30.0)[k] / pace))
        rate = (0.02, 0.05)[k] * (fighting * (0.4, 0.7)[k] + p(world, "escalation", "standoff", k) * (1, 2, 0, 3)[s])
        close(world.side.civilians_killed[s], rate * there * (5e5, 2e5)[k] / 1000.0)
    close(world.zone.fought, [12.8, 30.3])


def test_without_escalation_nobody_climbs_strikes_or_flees() -> None:
    world = ready(theory=Theory(off=("escalation",)))
    world.chance = small.Told(world, {(LADDER, 0): np.zeros(4)})
    escalate.step(world)
    assert world.side.rung.tolist() == [1, 2, 0, 3]
    close(world.side.civilians_killed[0], 0.02 * 0.8 * 0.6 * 0.4 * 5e5 / 1000.0)


def test_without_an_enemy_those_who_obey_kill_in_the_streets() -> None:
    world = small.world((0, 1), kind="repression")
    world.day = 40
    world.waves[:] = 0.0
    world.waves[10:41, :, 0] = 1000.0
    world.waves[20, :, 0] = 4000.0
    side = world.side
    side.protest[:], side.signal[:], side.rung[:] = [1000.0, 3000.0], [0.2, 0.5], [0.0, 2.0]
    side.willing[:] = [0.8, 0.5]
    world.chance = small.Told(world, {(LADDER, 0): np.full(2, 0.5)})
    escalate.step(world)
    close(side.progress, [0.75, 0.25])
    for s in (0, 1):
        crowd = (0.8 * 0.2, 0.5 * 0.5)[s]
        rate = world.contest.civilian_baseline[s] * (
            crowd * world.zone.urban[s] + p(world, "escalation", "standoff", s) * (0.0, 2.0)[s]
        )
        close(side.civilians_killed[s], rate * world.zone.population[s] / 1000.0)
        close(world.zone.fought[s], crowd)


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(escalate.step)
    small.beside_as_alone(escalate.step, "repression")
