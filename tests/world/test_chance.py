"""Chance is a function of the seed, the member, the day, the decision and the name of who decides."""

from __future__ import annotations

import numpy as np
import pytest

from allegiance.base.random import key_of, normal, uniform
from allegiance.world import chance as decisions
from allegiance.world.chance import HALT, PLOT, TRIGGER, Chance
from day import small


def test_draws_are_those_of_the_plain_generator_by_key_and_member() -> None:
    world = small.world((3, 8))
    world.chance.day = 17
    u, z = world.chance.uniform(PLOT, world.side, number=1), world.chance.normal(HALT, world.brigade, np.array([1, 7]))
    for s in range(4):
        key = key_of(("stronger", "weaker")[s % 2])
        assert u[s] == uniform(1, (3, 8)[s // 2], key, 17, PLOT, 1)
    for n, b in enumerate((1, 7)):
        key = key_of(("stronger.army/brigade 2", "stronger.guard/brigade 1")[n])
        assert z[n] == pytest.approx(normal(1, (3, 8)[b // 5], key, 17, HALT, 0))


def test_keys_are_made_of_full_names_and_never_of_positions() -> None:
    world = small.world()
    assert world.company.key[:10].tolist() == [
        key_of(f"{force}/company {n}") for force, count in (("stronger.army", 4), ("stronger.guard", 2), ("weaker.army", 4)) for n in range(1, count + 1)
    ]  # fmt: skip
    assert world.force.key[:3].tolist() == [key_of(n) for n in world.plan.names.forces]
    assert world.pool.key[:4].tolist() == [key_of(n) for n in world.plan.names.pools]
    for table in (world.side, world.force, world.brigade, world.company, world.pool):
        half = len(table) // 2
        assert len(set(table.key[:half].tolist())) == half
        assert np.array_equal(table.key[:half], table.key[half:])


def test_every_decision_has_its_own_number() -> None:
    numbers = [v for k, v in vars(decisions).items() if k.isupper() and isinstance(v, int)]
    assert len(numbers) == len(set(numbers)) >= 16
    assert all(0 < n < 256 for n in numbers)


def test_a_question_that_nobody_asks_has_no_answer() -> None:
    world = small.world()
    none = np.zeros(0, int)
    assert world.chance.uniform(TRIGGER, world.company, none).shape == (0,)
    assert world.chance.normal(TRIGGER, world.company, none).shape == (0,)


def test_luck_changes_with_day_decision_number_member_and_seed() -> None:
    world = small.world()
    drawn = {tuple(world.chance.uniform(PLOT, world.side).round(12)), tuple(world.chance.uniform(PLOT, world.side, number=1).round(12)),
             tuple(world.chance.uniform(HALT, world.side).round(12))}  # fmt: skip
    for seed, members, day in ((1, [0, 1], 1), (2, [0, 1], 0), (1, [5, 6], 0)):
        other = Chance(seed, np.array(members))
        other.day = day
        drawn.add(tuple(other.uniform(PLOT, world.side).round(12)))
    assert len(drawn) == 6
