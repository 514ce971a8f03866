"""Flight: which commanders leave, by hand."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from allegiance.day import flee
from allegiance.world.chance import FLEE
from allegiance.world.world import World
from day import small
from day.small import close, p

RELIEF = (1.0, 1.0, 0.2, 1.0, 1.0, 0.5)


def ready() -> World:
    """Two contests; defenders' brigades are 3, 4 and 8, 9; brigade 8's commander fled lately, 9 is off duty."""
    world = small.world()
    brigade = world.brigade
    brigade.on_duty[:], brigade.companies[:] = [1, 1, 1, 1, 1, 1, 1, 1, 1, 0], 2
    small.fill(brigade.loyalty, 0.2, 0.05)
    brigade.fled[:] = [0, 0, 0, 0, 0, 0, 0, 0, 0.9, 0]
    world.force.given["relief"] = np.array(RELIEF)
    world.contest.log_ratio[:] = [0.3, 0.6]
    world.force.brigade_weight[:] = 1.0
    return world


def chance_of(world: World, b: int, fled: float) -> float:
    """Chance that the commander of a defender's brigade leaves today."""
    k, f = b // 5, small.FORCE_OF_BRIGADE[b]
    q = {n: p(world, "command", n, k) for n in ("flight", "disloyal", "example")}
    spread = p(world, "learning", "spread", k)
    hold = NormalDist().cdf((-(0.3, 0.6)[k] + math.log(RELIEF[f])) / spread)
    doubt = max(0.0, 1.0 - 2.0 * hold)
    hazard = q["flight"] * doubt**2 * math.exp(q["disloyal"] * (1.0 - 2.0 * (0.2 + 0.05 * b)))
    return 1.0 - math.exp(-hazard * math.exp(q["example"] * math.sqrt(fled)))


@pytest.mark.parametrize("nudge", [-1e-9, 1e-9])
def test_commanders_of_attacked_places_leave_by_power_relief_loyalty_and_example(nudge: float) -> None:
    world = ready()
    luck = np.zeros(10)  # attackers stay whatever their luck
    luck[3], luck[4] = (chance_of(world, b, 0.0) + nudge for b in (3, 4))
    world.chance = small.Told(world, {(FLEE, 0): luck})
    flee.step(world)
    left = [3, 4] if nudge < 0 else []
    assert small.events(world, "flight")["brigade"].tolist() == left
    for b in range(10):
        faded = 0.9 * (1.0 - 1.0 / 14.0) if b == 8 else 0.0
        close(world.brigade.fled[b], 1.0 if b in left else faded)
    assert (world.company.belief == 1.0).tolist() == [c // 2 in left for c in range(20)]


def test_where_one_has_fled_others_follow_sooner() -> None:
    world = ready()
    world.brigade.fled[:] = [0, 0, 0, 0.4, 0, 0, 0, 0, 0, 0]
    after = 0.4 * (1.0 - 1.0 / 14.0)
    assert chance_of(world, 4, after / 2) > chance_of(world, 4, 0.0)
    luck = np.ones(10)
    luck[4] = chance_of(world, 4, after / 2) - 1e-9
    world.chance = small.Told(world, {(FLEE, 0): luck})
    flee.step(world)
    assert small.events(world, "flight")["brigade"].tolist() == [4]


def test_without_an_enemy_army_nobody_flees() -> None:
    world = small.world((0, 1), kind="repression")
    world.brigade.on_duty[:], world.brigade.companies[:] = 1, 2
    world.chance = small.Told(world, {(FLEE, 0): np.zeros(len(world.brigade))})
    flee.step(world)
    assert len(world.events.table()) == 0


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(flee.step)
