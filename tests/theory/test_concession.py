"""C4: when a ruler concedes to a crowd, and what comes of it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.concession import MECHANISM, concession_hazard, doubt, left_of, turnout
from allegiance.theory.model import draw

BASE, DOUBTFUL, HOME, COURAGE, HOME_DAYS, WEAK_DAYS = (
    MECHANISM.parameter(n).value for n in ("base", "doubtful", "home", "courage", "home_days", "weak_days")
)
share = st.floats(0.0, 1.0)
stretch = st.floats(0.0, 50.0)


def test_a_crowd_of_the_size_the_ruler_is_fit_for_brings_half_of_the_hazard() -> None:
    assert concession_hazard(1.0, 0.0, 0.65, 0.0, 0.1, 1.0) == pytest.approx(0.1 * 0.35 * 0.5)
    assert concession_hazard(3.0, 0.5, 0.2, 0.25, 0.1, 1.0) == pytest.approx(0.1 * 0.8 * 0.9 * math.exp(0.5) * 0.75)


@given(share, share)
def test_without_a_crowd_or_with_full_resolve_nothing_is_conceded(a: float, b: float) -> None:
    assert concession_hazard(0.0, a, b, 0.0, BASE, DOUBTFUL) == 0.0
    assert concession_hazard(10.0 * a, b, 1.0, 0.0, BASE, DOUBTFUL) == 0.0
    assert concession_hazard(10.0 * a, b, 0.5, 1.0, BASE, DOUBTFUL) == 0.0


def test_some_hundred_mourners_in_an_ordinary_war_move_nobody() -> None:
    assert concession_hazard(0.02, 0.1, 0.65, 0.0, BASE, DOUBTFUL) * 365 < 0.01


@given(stretch, stretch, share, share, share, share)
def test_larger_crowds_and_unwilling_men_bring_it_nearer_and_resolve_further(
    c: float, d: float, a: float, b: float, r: float, s: float
) -> None:
    low = concession_hazard(min(c, d), min(a, b), max(r, s), 0.0, BASE, DOUBTFUL)
    assert 0.0 <= low <= concession_hazard(max(c, d), max(a, b), min(r, s), 0.0, BASE, DOUBTFUL)


def test_first_some_go_home_and_later_more_come_than_before() -> None:
    def crowd(day: float) -> float:
        return float(turnout(left_of(day, HOME_DAYS), left_of(day, WEAK_DAYS), HOME, COURAGE))

    assert crowd(0.0) == pytest.approx(math.exp(0.15 - 0.25))
    assert crowd(0.0) < 1.0 < crowd(30.0)
    assert crowd(1e6) == 1.0


def test_over_six_weeks_the_sum_has_either_sign_and_is_small_in_the_middle() -> None:
    def net(p: dict[str, float]) -> float:
        home, courage, home_days, weak_days = (
            p[f"concession_{n}"] for n in ("home", "courage", "home_days", "weak_days")
        )
        return sum(
            math.log(turnout(left_of(d, home_days), left_of(d, weak_days), home, courage)) for d in range(42)
        ) / 42  # fmt: skip

    assert abs(net({f"concession_{p.name}": p.value for p in MECHANISM.parameters})) < 0.02
    drawn = [net(draw(1, n)) for n in range(400)]
    assert 0.3 < sum(x > 0 for x in drawn) / len(drawn) < 0.7
    assert abs(sum(drawn) / len(drawn)) < 0.03


@given(share, share, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_effects_are_bounded_and_gone_where_nothing_was_conceded(a: float, b: float, home: float, more: float) -> None:
    assert math.exp(-home) - 1e-12 <= turnout(a, b, home, more) <= math.exp(more) + 1e-12
    assert turnout(0.0, 0.0, home, more) == 1.0
    assert doubt(0.0, more) == 0.0 <= doubt(a, more) <= more


def test_a_sign_of_weakness_outlasts_the_relief() -> None:
    assert left_of(0.0, HOME_DAYS) == 1.0
    assert left_of(14.0, 14.0) == pytest.approx(math.exp(-1.0))
    assert WEAK_DAYS > HOME_DAYS
