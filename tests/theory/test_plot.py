"""C4 and C5 at the top: attempts and their success."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.plot import MECHANISM, attempt_hazard, success_probability

SUPPORT, TOP = (MECHANISM.parameter(n).value for n in ("support", "top"))
share = st.floats(0.0, 1.0)
shift = st.floats(-6.0, 6.0)


@given(st.floats(0.001, 0.2))
def test_without_pressure_the_year_shows_the_base_rate(yearly: float) -> None:
    daily = attempt_hazard(yearly, 0.0)
    assert daily * 365 == pytest.approx(yearly)
    assert 1 - (1 - daily) ** 365 == pytest.approx(1 - math.exp(-yearly), rel=1e-3)


@given(st.floats(0.001, 0.2), shift, shift)
def test_the_shift_is_a_log_odds_ratio(yearly: float, a: float, b: float) -> None:
    def logit(p: float) -> float:
        return math.log(p / (1 - p))

    gap = logit(attempt_hazard(yearly, a)) - logit(attempt_hazard(yearly, b))
    assert gap == pytest.approx(a - b, abs=1e-6)


def test_impossible_base_rates_are_kept_in_bounds() -> None:
    assert 0.0 < attempt_hazard(0.0, 0.0) < 1e-8
    assert attempt_hazard(5.0, 0.0) == attempt_hazard(0.95, 0.0)
    assert 0.0 < attempt_hazard(1.0, 50.0) <= 1.0


@given(share, st.floats(0.0, 2.0))
def test_success_is_a_probit(disaffection: float, guards: float) -> None:
    expected = NormalDist().cdf(TOP + SUPPORT * disaffection - guards)
    assert success_probability(disaffection, guards, SUPPORT, TOP) == pytest.approx(expected, abs=1e-12)


@given(share, share, st.floats(0.0, 2.0), st.floats(0.0, 2.0))
def test_disaffection_helps_and_guards_hinder(a: float, b: float, g: float, h: float) -> None:
    assert success_probability(max(a, b), g, SUPPORT, TOP) >= success_probability(min(a, b), g, SUPPORT, TOP)
    assert success_probability(a, max(g, h), SUPPORT, TOP) <= success_probability(a, min(g, h), SUPPORT, TOP)


def test_half_of_attempts_succeed() -> None:
    """236 of 474 attempts, 1950-2015."""
    assert success_probability(0.6, 0.0, SUPPORT, TOP) == pytest.approx(236 / 474, abs=0.02)


def test_bounds_of_the_base_rate() -> None:
    assert attempt_hazard(0.0, 0.0) == pytest.approx(1e-6 / 365, rel=1e-6)
    assert attempt_hazard(1.0, 0.0) == pytest.approx(0.95 / 365)
