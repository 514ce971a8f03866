"""Losses and ground."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.combat import (
    MECHANISM,
    entrenchment,
    fortune,
    ground_gain,
    ground_gain_hirshleifer1989,
    loss_rate,
    reach,
    works_left,
)

EXCHANGE, DECISIVENESS = (MECHANISM.parameter(n).value for n in ("exchange", "decisiveness"))
powers = st.floats(10.0, 1e6)


@given(powers, st.floats(0.0, 50.0), st.floats(0.0, 1.0))
def test_at_equal_power_the_rate_is_the_intensity(own: float, intensity: float, exchange: float) -> None:
    assert loss_rate(intensity, own, own, exchange) == pytest.approx(intensity / 1000.0)


@given(powers, powers, powers)
def test_a_stronger_enemy_kills_more(own: float, a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)
    assert loss_rate(3.0, low, own, EXCHANGE) <= loss_rate(3.0, high, own, EXCHANGE)


def test_exponent_zero_is_the_logarithmic_law_and_one_the_square_law() -> None:
    """Peterson: the rate per head ignores the enemy. Lanchester: it is proportional to his number."""
    assert loss_rate(2.0, 300.0, 100.0, 0.0) == loss_rate(2.0, 100.0, 300.0, 0.0)
    assert loss_rate(2.0, 300.0, 100.0, 1.0) == pytest.approx(3 * loss_rate(2.0, 100.0, 100.0, 1.0))


def test_square_law_conserves_the_difference_of_squares() -> None:
    a, b = 10_000.0, 6_000.0
    invariant = a * a - b * b
    for _ in range(20):
        a, b = a * (1 - loss_rate(1.0, b, a, 1.0)), b * (1 - loss_rate(1.0, a, b, 1.0))
    assert a * a - b * b == pytest.approx(invariant, rel=1e-3)


def test_half_gives_the_linear_law_whose_losses_are_equal_in_number() -> None:
    a, b = 10_000.0, 4_000.0
    assert a * loss_rate(1.0, b, a, 0.5) == pytest.approx(b * loss_rate(1.0, a, b, 0.5))


@given(st.floats(0.0, 1e4), powers, powers)
def test_losses_are_a_share(intensity: float, enemy: float, own: float) -> None:
    assert 0.0 <= loss_rate(intensity, enemy, own, EXCHANGE) <= 0.2


def test_no_fighting_no_losses() -> None:
    assert loss_rate(0.0, 1e5, 10.0, EXCHANGE) == 0.0


@pytest.mark.parametrize("form", [ground_gain, ground_gain_hirshleifer1989])
@given(a=powers, d=powers)
def test_ground_is_a_zero_sum_contest(form, a: float, d: float) -> None:  # type: ignore[no-untyped-def]
    gain = form(a, d, 25.0, DECISIVENESS)
    assert gain == pytest.approx(-form(d, a, 25.0, DECISIVENESS), abs=1e-9)
    assert abs(gain) <= 25.0
    assert form(a, a, 25.0, DECISIVENESS) == 0.0


@given(powers, powers)
def test_more_decisive_contests_reward_the_stronger_more(a: float, d: float) -> None:
    assert abs(ground_gain(a, d, 1.0, 2.0)) >= abs(ground_gain(a, d, 1.0, 1.0)) - 1e-12


def test_tullock_known_value_and_hirshleifer_depends_on_difference() -> None:
    assert ground_gain(3.0, 1.0, 1.0, 1.0) == pytest.approx(0.5)
    small = ground_gain_hirshleifer1989(2_000.0, 1_000.0, 1.0, 1.0)
    large = ground_gain_hirshleifer1989(52_000.0, 51_000.0, 1.0, 1.0)
    assert small == pytest.approx(large) == pytest.approx(math.tanh(0.5))


def test_ratios_beyond_five_to_one_count_as_five_to_one() -> None:
    assert loss_rate(1.0, 500.0, 100.0, 1.0) == pytest.approx(0.005)
    assert loss_rate(1.0, 9_000.0, 100.0, 1.0) == pytest.approx(0.005)
    assert loss_rate(1.0, 1.0, 100.0, 1.0) == pytest.approx(0.0002)
    assert loss_rate(1.0, 0.0, 0.0, 1.0) == pytest.approx(0.001)
    assert loss_rate(900.0, 500.0, 100.0, 1.0) == 0.2
    assert ground_gain(0.0, 0.0, 10.0, 1.0) == 0.0


def test_holders_dig_in_with_time_and_never_beyond_the_most() -> None:
    assert entrenchment(0.0, 1.2, 60.0) == 0.0
    assert entrenchment(60.0, 1.2, 60.0) == pytest.approx(1.2 * 0.632, rel=1e-3)
    assert entrenchment(10_000.0, 1.2, 60.0) == pytest.approx(1.2)
    assert entrenchment(500.0, 0.0, 60.0) == 0.0


def test_works_are_kept_by_a_still_front_and_lost_by_a_moving_one() -> None:
    assert works_left(40.0, 0.0, 0.05) == 41.0
    assert works_left(40.0, 0.025, 0.05) == pytest.approx(21.0)
    assert works_left(40.0, 0.2, 0.05) == 1.0


@given(st.floats(0.0, 2.0), st.floats(0.0, 2.0), st.floats(0.0, 2.0))
def test_an_attacker_weakens_with_his_advance(a: float, b: float, overreach: float) -> None:
    assert reach(0.0, overreach) == 1.0 == reach(-1.0, overreach)
    assert reach(max(a, b), overreach) <= reach(min(a, b), overreach) <= 1.0


def test_fortune_lasts_for_weeks_and_keeps_its_spread() -> None:
    """The path of an autoregression: its deviation is `spread`, its memory `tempo`."""
    luck = np.random.default_rng(0).standard_normal(200_000)
    path = [0.0]
    for z in luck:
        path.append(fortune(path[-1], z, 0.25, 30.0))
    x = np.array(path[500:])
    assert x.std() == pytest.approx(0.25, rel=0.05)
    assert np.corrcoef(x[:-30], x[30:])[0, 1] == pytest.approx(math.exp(-1), abs=0.05)
