"""Turncoats: who takes up arms, whom they kill, and when it is a civil war, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from allegiance.day import answer, fight, learn, turn
from allegiance.day.gather import gather
from allegiance.theory.forms import DEFECT
from allegiance.theory.model import Theory
from allegiance.world.world import World
from day import small
from day.small import close, p

POWER = (60.0, 45.0, 30.0, 80.0)
PRESENT = (200.0, 160.0, 90.0, 150.0)
IN_CONTACT = (100.0, 120.0, 60.0, 50.0)


def left(**options: Any) -> World:
    """A day on which brigades 0 and 6 went over with some of their soldiers, and single soldiers of all but one."""
    world = small.world(**options)
    world.acts_today[:, DEFECT] = [12, 1, 0, 3, 2, 5, 15, 1, 4, 2]
    world.brigade.followed[:] = [10, 0, 0, 0, 0, 0, 15, 0, 0, 0]
    world.side.offer[:] = [0.8, 0.3, 0.5, 0.0]
    world.force.weight[:] = [3.0, 1.0, 2.0, 4.0, 1.5, 2.5]
    world.force.upkeep[:] = 0.9
    small.fill(world.brigade.skill, 0.2, 0.06)
    return world


def by_hand(world: World) -> tuple[list[float], list[float]]:
    """Soldiers and power that will fight against each side they left."""
    men, power = [0.0] * 4, [0.0] * 4
    for b in range(10):
        f, s, k = small.FORCE_OF_BRIGADE[b], small.SIDE_OF_BRIGADE[b], b // 5
        together = float(world.brigade.followed[b])
        formation = p(world, "turncoats", "formation", k) * together
        single = p(world, "turncoats", "single", k) * (0.8, 0.3, 0.5, 0.0)[s]
        single *= float(world.acts_today[b, DEFECT]) - together
        weight = (3.0, 1.0, 2.0, 4.0, 1.5, 2.5)[f]
        each = float(world.force.quality[f] * world.force.equipment[f]) * 0.9
        men[s] += weight * (formation + single)
        # who comes alone has left the officers behind
        power[s] += weight * each * (formation * (0.5 + 0.5 * (0.2 + 0.06 * b)) + single * 0.5)
    return men, power


def test_formations_fight_on_under_their_commanders_and_single_soldiers_where_they_are_welcome() -> None:
    world = left()
    men, power = by_hand(world)
    turn.step(world)
    assert men[0] > 0
    for s in range(4):
        delay = p(world, "turncoats", "delay", s // 2)
        close(world.side.turncoats[s], men[s] / delay)
        close(world.side.waiting[s], men[s] * (1.0 - 1.0 / delay))
        close(world.side.turned_power[s], power[s] / delay)
        close(world.side.waiting_power[s], power[s] * (1.0 - 1.0 / delay))


def test_in_peace_and_without_the_mechanism_nobody_takes_up_arms() -> None:
    for world in (left(), left(theory=Theory(off=("turncoats",)))):
        if world.theory.turncoats.on:
            world.contest.faced[:] = 0.0
        turn.step(world)
        assert not world.side.waiting.any()
        assert not world.side.turncoats.any()


def fighting(kind: str = "interstate") -> World:
    """Sides of known power, each with soldiers who left it and fight."""
    world = small.world(kind=kind)
    side, many = world.side, len(world.side)
    side.power[:], side.present[:], side.present_in_contact[:] = POWER[:many], PRESENT[:many], IN_CONTACT[:many]
    side.turncoats[:], side.turned_power[:] = (8.0, 6.0, 4.0, 0.0)[:many], (5.0, 3.0, 2.0, 0.0)[:many]
    return world


def test_who_came_over_adds_to_the_power_of_the_other_army_as_far_as_it_is_in_contact() -> None:
    world = fighting()
    turn.reinforce(world)
    expected = [
        POWER[s] + IN_CONTACT[s] / PRESENT[s] * (5.0, 3.0, 2.0, 0.0)[small.ENEMY[s]] for s in range(4)
    ]
    close(world.side.power, expected)


def test_who_came_over_dies_as_the_soldiers_do_they_fight_beside() -> None:
    world, rate = fighting(), np.array([0.01, 0.02, 0.03, 0.04])
    turn.bury(world, rate)
    for s in range(4):
        e = small.ENEMY[s]
        keep = 1.0 - rate[e] * IN_CONTACT[e] / PRESENT[e]
        close(world.side.turncoats[s], (8.0, 6.0, 4.0, 0.0)[s] * keep)
        close(world.side.turned_power[s], (5.0, 3.0, 2.0, 0.0)[s] * keep)


def test_defection_counts_twice_in_a_days_balance() -> None:
    world, without = small.world(), small.world()
    world.company.contact[:], without.company.contact[:] = 1.0, 1.0
    gather(world)
    gather(without)
    world.side.turned_power[0] = 4.0
    fight.step(world)
    fight.step(without)
    close(world.side.power[0], without.side.power[0])
    assert world.side.power[1] > without.side.power[1]
    assert world.contest.log_ratio[0] < without.contest.log_ratio[0]
    assert world.contest.log_ratio[1] == without.contest.log_ratio[1]


def test_where_no_army_stands_those_who_left_and_those_who_stayed_kill_each_other() -> None:
    world = fighting("repression")
    rate = turn.clash(world)
    for s in range(2):
        own, theirs = POWER[s], (5.0, 3.0)[s]
        reach, exchange = p(world, "turncoats", "reach", s), p(world, "combat", "exchange", s)
        met, meeting = min(1.0, reach * theirs / own), min(1.0, reach * own / theirs)
        fierce = p(world, "turncoats", "fierceness", s) * p(world, "combat", "intensity", s) / 1000.0
        ratio = min(5.0, max(0.2, theirs * meeting / (own * met)))
        killed, lost = met * fierce * ratio**exchange, meeting * fierce * ratio**-exchange
        close(rate[s], killed)
        deaths = killed * IN_CONTACT[s] + lost * (8.0, 6.0)[s]
        close(world.side.civil_war_deaths[s], deaths)
        close(world.side.recent_deaths[s], deaths)
        close(world.side.turncoats[s], (8.0, 6.0)[s] * (1.0 - lost))


def test_between_two_armies_they_fight_in_the_other_army_and_not_beside_it() -> None:
    world = fighting()
    before = world.side.turncoats.copy()
    assert not turn.clash(world).any()
    assert world.side.turncoats.tolist() == before.tolist()
    assert not world.side.civil_war_deaths.any()


def test_soldiers_killed_by_those_who_left_are_real_ones_and_are_mourned() -> None:
    world = small.world(kind="repression", fixed={"turncoats_fierceness": 1000.0})
    world.contest.given["intensity"], world.company.contact[:] = world.contest.given["intensity"] * 0.0, 1.0
    fight.step(world)
    assert not world.company.killed_today.any()
    world.side.turned_power[0], world.side.turncoats[0] = 1000.0, 1000.0
    fight.step(world)
    killed = world.per_force(world.company.killed_today)
    mine = world.force.side == 0
    assert killed[mine].sum() > 0
    assert not killed[~mine].any()
    close(world.region.deaths.sum(), killed.sum())
    close(world.force.killed, killed)


def test_a_civil_war_is_told_once_on_the_day_of_the_twenty_fifth_death_and_then_counted() -> None:
    world = fighting("repression")
    for recent, told in ((24.9, 0), (25.1, 1), (30.0, 0)):
        world.side.recent_deaths[0] = recent
        turn.step(world)
        assert len(small.events(world, "civil_war")) == told
        world.day += 1
        world.chance.day = world.day
    assert world.side.civil_war_days.tolist() == [2.0, 0.0]


def test_there_is_no_order_while_a_civil_war_goes_on() -> None:
    for recent, over in ((24.9, True), (25.1, False)):
        world = fighting("repression")
        world.day, world.waves = 40, world.waves * 0.0
        world.waves[:20, :, 0] = 9000.0
        world.side.recent_deaths[0] = recent
        learn.step(world)
        assert (0 in world.ended) == over
        assert world.ended[1][0] == "order_restored"


def test_armed_opponents_bind_soldiers_that_would_hold_the_streets() -> None:
    hazards = []
    for armed in (0.0, 5000.0):
        world = fighting("repression")
        side = world.side
        side.given["capacity"] = np.full(2, 1e4)
        side.stretch[:], side.willing[:], side.signal[:], side.turncoats[:] = 0.8, 0.3, 0.5, armed
        need = p(world, "ruler", "least", 0) * max(
            1.0, 0.8 + p(world, "turncoats", "armed", 0) * armed / 1e4
        ) ** p(world, "ruler", "swamp", 0)
        hazard = p(world, "ruler", "fall", 0) * max(0.0, 1.0 - 0.3 / need)
        hazard *= min(1.0, 0.5 / p(world, "ruler", "crowd", 0)) ** 2
        for nudge, falls in ((-1e-9, True), (1e-9, False)):
            chance = np.array([1.0 - math.exp(-hazard) + nudge, 2.0])
            world.contest.live[:] = 1.0
            world.chance = small.Told(world, {(answer.RULER, 1): chance})
            answer._fall(world, np.zeros(2))
            assert (world.contest.live[0] == 0.0) == falls
        hazards.append(hazard)
    assert hazards[0] < hazards[1]


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(turn.step)
    small.beside_as_alone(turn.step, kind="repression")
    small.beside_as_alone(fight.step, kind="repression")
