"""C14: plain arithmetic, exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.wounded import MECHANISM, invalid_hazard, return_hazard, wounded

DAYS = MECHANISM.parameter("days").value


def test_fifteen_thousand_killed_at_three_to_one() -> None:
    assert wounded(15_000.0, 3.0) == 45_000.0
    assert wounded(15_000.0, 3.0) / 135_000.0 == pytest.approx(1 / 3)


def test_a_third_to_a_half_of_the_front_line_force() -> None:
    """The reader's arithmetic: 45,000 wounded of 100,000 to 150,000 are 30 to 45 per cent."""
    assert wounded(15_000.0, 3.0) / 150_000.0 == pytest.approx(0.30)
    assert wounded(15_000.0, 3.0) / 100_000.0 == pytest.approx(0.45)


def test_twelve_to_one_is_four_times_three_to_one() -> None:
    assert wounded(1_000.0, 12.0) == 4 * wounded(1_000.0, 3.0)


@given(st.floats(0.0, 1e6), st.floats(0.0, 20.0), st.floats(0.0, 20.0))
def test_linear_in_killed_and_ratio(killed: float, a: float, b: float) -> None:
    assert wounded(killed, a + b) == pytest.approx(wounded(killed, a) + wounded(killed, b))
    assert wounded(0.0, a) == 0.0


@given(st.floats(0.0, 1.0), st.floats(1.0, 400.0))
def test_the_two_exits_split_the_wounded_and_share_the_mean_stay(share: float, days: float) -> None:
    back, out = return_hazard(share, days), invalid_hazard(share, days)
    assert back + out == pytest.approx(1.0 / days)
    assert back / (back + out) == pytest.approx(share, abs=1e-9)


def test_playing_it_out_returns_the_stated_share() -> None:
    waiting, back, discharged = 45_000.0, 0.0, 0.0
    for _ in range(3000):
        b, i = waiting * return_hazard(0.6, DAYS), waiting * invalid_hazard(0.6, DAYS)
        waiting, back, discharged = waiting - b - i, back + b, discharged + i
    assert back == pytest.approx(27_000.0)
    assert back + discharged + waiting == pytest.approx(45_000.0)
