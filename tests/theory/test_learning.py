"""C10: belief, bargaining and settlement."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.learning import (
    MECHANISM,
    broken_promise,
    disappointment,
    settlement_hazard,
    surplus,
    update_mean,
    update_variance,
    win_probability,
)

NOISE, DRIFT, SPREAD, RATE = (MECHANISM.parameter(n).value for n in ("noise", "drift", "spread", "rate"))
belief = st.floats(-4.0, 4.0)
variance = st.floats(1e-3, 4.0)
share = st.floats(0.0, 1.0)


@given(belief, variance, belief)
def test_the_update_is_the_conjugate_normal_posterior(mean: float, var: float, observed: float) -> None:
    precision = 1.0 / var + 1.0 / NOISE**2
    assert update_mean(mean, var, observed, NOISE) == pytest.approx(
        (mean / var + observed / NOISE**2) / precision, abs=1e-9
    )
    assert update_variance(var, NOISE, 0.0) == pytest.approx(1.0 / precision)


def test_n_days_of_evidence_equal_one_day_of_their_mean() -> None:
    mean, var = 0.5, 0.8
    for observed in (0.1, -0.4, 0.9, 0.2):
        mean, var = update_mean(mean, var, observed, NOISE), update_variance(var, NOISE, 0.0)
    assert mean == pytest.approx(update_mean(0.5, 0.8, 0.2, NOISE / 2.0))
    assert var == pytest.approx(update_variance(0.8, NOISE / 2.0, 0.0))


def test_certainty_is_never_reached_while_strength_drifts() -> None:
    var = 1.0
    for _ in range(5000):
        var = update_variance(var, NOISE, DRIFT)
    assert var == pytest.approx(NOISE * DRIFT, rel=0.05)


@given(belief, variance)
def test_win_probability_is_the_normal_distribution_function(mean: float, var: float) -> None:
    expected = NormalDist().cdf(mean / math.sqrt(var + SPREAD**2))
    assert win_probability(mean, var, SPREAD) == pytest.approx(expected, abs=1e-12)


@given(belief, variance)
def test_the_two_sides_chances_sum_to_one_when_they_agree(mean: float, var: float) -> None:
    assert win_probability(mean, var, SPREAD) + win_probability(-mean, var, SPREAD) == pytest.approx(1.0)


@given(st.floats(0.01, 4.0), variance, variance)
def test_doubt_pulls_towards_even_chances(mean: float, a: float, b: float) -> None:
    assert win_probability(mean, max(a, b), SPREAD) <= win_probability(mean, min(a, b), SPREAD)


@given(share, share, share, share, share)
def test_surplus_treats_the_sides_alike(p: float, q: float, c: float, d: float, indivisible: float) -> None:
    assert surplus(p, q, c, d, indivisible) == pytest.approx(surplus(q, p, d, c, indivisible))


@given(share, share)
def test_agreement_leaves_the_costs_to_share_and_optimism_eats_them(p: float, optimism: float) -> None:
    """Fearon: with common beliefs any cost leaves a bargain; only mutual optimism or indivisibility prevents it."""
    assert surplus(p, 1.0 - p, 0.1, 0.1, 0.0) == pytest.approx(0.2)
    assert surplus(p, 1.0 - p + optimism, 0.1, 0.1, 0.0) == pytest.approx(0.2 - optimism)
    assert surplus(p, 1.0 - p, 0.1, 0.1, 0.3) == pytest.approx(-0.1)


def test_talks_need_a_surplus_and_have_a_top_speed() -> None:
    assert settlement_hazard(-0.3, RATE) == settlement_hazard(0.0, RATE) == 0.0
    assert settlement_hazard(0.125, RATE) == pytest.approx(RATE / 2)
    assert settlement_hazard(0.25, RATE) == settlement_hazard(3.0, RATE) == pytest.approx(RATE)


def test_evidence_far_from_parity_settles_doubt_sooner() -> None:
    """Two sides, both optimistic, meeting the same evidence: the true ratio decides how soon demands fit."""

    def days(truth: float) -> int:
        first, second, var = 1.0, 1.0, 0.5  # each believes in its own superiority
        for day in range(1, 2000):
            first = update_mean(first, var, truth, NOISE)
            second = update_mean(second, var, -truth, NOISE)
            var = update_variance(var, NOISE, 0.0)
            p, q = win_probability(first, var, SPREAD), win_probability(second, var, SPREAD)
            if surplus(p, q, 0.05, 0.05, 0.0) > 0.0:
                return day
        return 2000

    assert days(0.0) > days(1.5)
    assert days(1.5) == days(-1.5)


def test_disappointment_comes_with_bad_news_and_fades() -> None:
    assert disappointment(0.0, 0.4, 90.0) == pytest.approx(0.4)
    assert disappointment(0.4, -0.3, 90.0) == pytest.approx(0.4 * 89 / 90), "good news takes nothing back at once"
    left = 1.0
    for _ in range(90):
        left = float(disappointment(left, 0.0, 90.0))
    assert left == pytest.approx(math.exp(-1.0), rel=0.01)


def test_a_broken_promise_weighs_what_was_promised() -> None:
    assert broken_promise(0.0, 1.5) == 0.0
    assert broken_promise(0.5, 1.5) == pytest.approx(0.75)
