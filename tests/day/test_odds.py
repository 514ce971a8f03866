"""Daily chances of a first event, added up: what they are on average, and which days they count."""

from __future__ import annotations

import numpy as np
import pytest

from allegiance.day import rise
from allegiance.day.odds import tally
from allegiance.runs.summary import expected
from allegiance.world.units import Sides
from day import small


def test_chances_are_added_until_the_event_comes_that_day_among_them() -> None:
    side = Sides.of_length(2)
    for happened in ([0, 0], [1, 0], [0, 0]):
        tally(side, "mutiny", np.array([0.1, 0.2]), np.array(happened))
    assert side.mutiny_chance.tolist() == pytest.approx([0.2, 0.6])
    assert side.mutiny_had.tolist() == [1.0, 0.0]
    assert side.coup_attempt_chance.tolist() == [0.0, 0.0]


def test_their_mean_over_wars_is_the_share_with_the_event_and_varies_less() -> None:
    """Two thousand wars of thirty days, each day with a chance of its own."""
    rng = np.random.default_rng(0)
    chances = 0.01 * (1 + np.arange(30) % 3)
    side = Sides.of_length(2000)
    for chance in chances:
        tally(side, "coup_attempt", np.full(2000, chance), rng.random(2000) < chance)
    truth = 1 - np.prod(1 - chances)
    assert side.coup_attempt_had.mean() == pytest.approx(truth, abs=0.03)
    assert side.coup_attempt_chance.mean() == pytest.approx(truth, abs=0.015)
    assert side.coup_attempt_chance.std() < 0.6 * side.coup_attempt_had.std()


def test_a_side_rises_where_any_company_does_also_one_that_is_not_played() -> None:
    world = small.world()
    company, weight = world.company, world.force.weight
    company.chance[:] = 0.0
    near = np.flatnonzero(company.side == 0)[:2]
    company.chance[near] = [0.1, 0.25]
    others = [weight[company.force[c]] - 1.0 for c in near]
    quiet = 0.9 * np.exp(-0.1 * others[0]) * 0.75 * np.exp(-0.25 * others[1])
    found = rise._any(world, near)
    assert found[0] == pytest.approx(1.0 - quiet)
    assert found[1:].tolist() == [0.0] * (len(world.side) - 1)


@pytest.mark.parametrize("rate", [0.05, 0.7, 3.0])
def test_a_probability_by_chances_is_right_and_less_noisy_than_the_share(rate: float) -> None:
    """Eight wars, a thousand times, with a constant hazard."""
    rng = np.random.default_rng(1)
    when = rng.exponential(size=(1000, 8))
    came, chance = (when < rate).astype(float), np.minimum(when, rate)
    found = np.array([expected(n, a)["probability"] for n, a in zip(came, chance, strict=True)])
    assert found.mean() == pytest.approx(1 - np.exp(-rate), abs=0.02)
    assert found.std() < 1.001 * came.mean(axis=1).std() * (0.8 if rate < 0.1 else 1.0)
    told = [expected(n, a)["interval"] for n, a in zip(came[:300], chance[:300], strict=True)]
    assert np.mean([low <= 1 - np.exp(-rate) <= high for low, high in told]) > 0.75
