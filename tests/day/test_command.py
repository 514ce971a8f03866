"""Command: which commanders halt, and for how long, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from allegiance.day import command
from allegiance.day.counts import poisson
from allegiance.theory.model import Theory
from allegiance.world.chance import HALT, REPRESENTED
from allegiance.world.world import World
from day import small
from day.small import close, p


def ready(**options: Any) -> World:
    """Two contests of brigades that all differ; brigades 2 and 8 are off duty, brigade 4 has no men."""
    world = small.world(**options)
    brigade, side = world.brigade, world.side
    brigade.on_duty[:] = [1, 1, 0, 1, 1, 1, 1, 1, 0, 1]
    brigade.companies[:] = [2, 2, 2, 2, 0, 2, 1, 2, 2, 2]
    small.fill(brigade.loyalty, 0.2, 0.06)
    small.fill(brigade.tie, 0.1, 0.05)
    small.fill(brigade.grievance, 0.3, 0.1)
    brigade.halted[:] = [0, 3, 0, 0, 2, 0, 0, 0, 1, 0]
    side.coup_pressure[:], side.signal[:] = [0.1, 0.0, 0.4, 0.2], [0.3, 0.6, 1.4, 0.0]
    world.zone.given["against_civilians"] = np.array([0.8, 0.3])
    world.force.brigade_weight[:] = [4.0, 1.0, 2.0, 3.0, 1.5, 5.0]
    world.force.weight[:] = [5.0, 1.0, 2.5, 3.0, 2.0, 6.0]
    world.company.present[:] = 10 + np.arange(20) % 7
    return world


def hazards(world: World, linked: bool = True) -> np.ndarray:
    """Chance that each commander halts, by hand; brigades without men or without orders are no example to others."""
    made = np.zeros(10)
    for b in range(10):
        k, s = b // 5, small.SIDE_OF_BRIGADE[b]
        known = halted = 0.0
        for other in range(10):
            if small.SIDE_OF_BRIGADE[other] == s and other != 4:
                weight = (4.0, 1.0, 2.0, 3.0, 1.5, 5.0)[small.FORCE_OF_BRIGADE[other]]
                stopped = (0, 3, 0, 0, 2, 0, 0, 0, 1, 0)[other] > 0
                known += weight * (stopped or (1, 1, 0, 1, 1, 1, 1, 1, 0, 1)[other])
                halted += weight * stopped
        q = {name: p(world, "command", name, k) for name in ("halt", "disloyal", "tied", "example", "orders")}
        tie = (0.1 + 0.05 * b) * (0.8, 0.3)[k] * linked
        odds = q["disloyal"] * (1.0 - 2.0 * (0.2 + 0.06 * b)) + q["tied"] * tie + 0.5 * (0.3 + 0.1 * b) - 1.0
        example = q["example"] * math.sqrt(halted / known)
        orders = 1.0 + q["orders"] * (0.8, 0.3)[k] * min(1.0, (0.3, 0.6, 1.4, 0.0)[s])
        made[b] = 1.0 - math.exp(
            -q["halt"] * math.exp(odds) * orders * math.exp((0.1, 0.0, 0.4, 0.2)[s] + example)
        )
    return made


FIXED = {"command_halt": 0.02, "command_example": 1.0, "command_days": 4.0}


@pytest.mark.parametrize("theory", [Theory(), Theory(off=("linkage",))])
def test_a_commander_halts_by_loyalty_ties_grievance_streets_and_example(theory: Theory) -> None:
    for nudge in (-1e-9, 1e-9):
        world = ready(fixed=FIXED, theory=theory)
        hazard = hazards(world, linked="linkage" not in theory.off)
        assert 0.001 < hazard[[0, 1, 3, 5, 6, 7, 9]].min() < hazard.max() < 0.95
        world.chance = small.Told(world, {(HALT, 0): hazard + nudge, (REPRESENTED, 0): np.zeros(10)})
        command.step(world)
        halting = [0, 1, 3, 5, 6, 7, 9] if nudge < 0 else []
        before = [0, 3, 0, 0, 2, 0, 0, 0, 1, 0]
        assert world.brigade.halted.tolist() == [4.0 if b in halting else before[b] for b in range(10)]
        events = small.events(world, "halt")
        assert events["brigade"].tolist() == halting
        for event in events:
            b = int(event["brigade"])
            f = small.FORCE_OF_BRIGADE[b]
            men = sum(10 + c % 7 for c in (2 * b, 2 * b + 1))
            close(event["size"], men * world.force.weight[f] / world.force.brigade_weight[f])
            assert (event["force"], event["side"], event["contest"]) == (f, small.SIDE_OF_BRIGADE[b], b // 5)
            assert (event["weight"], event["officers"]) == (1.0, 1)


def test_days_of_a_halt_are_those_of_the_own_contest() -> None:
    world = ready()
    world.chance = small.Told(world, {(HALT, 0): np.zeros(10), (REPRESENTED, 0): np.zeros(10)})
    command.step(world)
    close(world.brigade.halted[[0, 9]], [p(world, "command", "days", k) for k in (0, 1)])
    assert p(world, "command", "days", 0) != p(world, "command", "days", 1)


def test_a_hazard_however_great_is_a_chance_of_one_at_most() -> None:
    world = ready(fixed={"command_halt": 1e6})
    world.chance = small.Told(world, {(HALT, 0): np.full(10, 1.0 - 1e-12), (REPRESENTED, 0): np.zeros(10)})
    command.step(world)
    assert small.events(world, "halt")["brigade"].tolist() == [0, 1, 3, 5, 6, 7, 9]


def test_brigades_that_are_stood_for_halt_in_their_number_less_the_one_played() -> None:
    world = ready(fixed=FIXED)
    hazard = hazards(world)
    world.chance = small.Told(world, {(HALT, 0): np.ones(10), (REPRESENTED, 0): np.full(10, 0.97)})
    command.step(world)
    events = small.events(world, "halt")
    assert (events["brigade"] == -1).all()
    expected = []
    for b in (0, 1, 3, 5, 6, 7, 9):
        f = small.FORCE_OF_BRIGADE[b]
        many = poisson(np.array([0.97]), np.array([(world.force.brigade_weight[f] - 1.0) * hazard[b]]))[0]
        if many:
            expected.append((b // 5, small.SIDE_OF_BRIGADE[b], f, many))
    got = zip(*(events[n].tolist() for n in ("contest", "side", "force", "weight")), strict=True)
    assert sorted(got) == sorted(expected)
    assert len(expected) >= 3
    assert (world.brigade.halted <= 3).all(), "the brigade that is played has not halted"


def test_a_contest_that_is_over_and_an_army_without_the_mechanism_never_halt() -> None:
    for theory, over in ((Theory(), [0.0, 0.0]), (Theory(off=("command",)), [1.0, 1.0])):
        world = ready(theory=theory)
        world.contest.live[:] = over
        world.chance = small.Told(world, {(HALT, 0): np.zeros(10), (REPRESENTED, 0): np.full(10, 0.9999)})
        command.step(world)
        assert len(world.events.table()) == 0


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(command.step)
