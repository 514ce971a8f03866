"""C2: the cheapest pool first, compulsion late."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.recruitment import MECHANISM, daily_intake, pool_cost, tolerated_cost

URGENCY, MONEY, SHORTFALL = (MECHANISM.parameter(n).value for n in ("urgency", "money", "shortfall"))
share = st.floats(0.0, 1.0)
men = st.floats(0.0, 1e6)


@given(share, share, share, st.floats(0.01, 1.0))
def test_cost_rises_with_politics_money_and_use(political: float, money: float, used: float, more: float) -> None:
    cost = pool_cost(political, money, used, MONEY)
    assert pool_cost(political + more, money, used, MONEY) > cost
    assert pool_cost(political, money + more, used, MONEY) > cost
    assert pool_cost(political, money, used + more, MONEY) > cost


def test_politics_outweighs_money() -> None:
    """A free but hated draft is dearer than the most expensive volunteers."""
    assert pool_cost(1.0, 0.0, 0.0, MONEY) > pool_cost(0.2, 1.0, 0.0, MONEY)


def test_without_need_only_cheap_pools_are_open_and_need_opens_the_dear_ones() -> None:
    volunteers, conscripts = pool_cost(0.1, 0.6, 0.0, MONEY), pool_cost(0.9, 0.1, 0.0, MONEY)
    early, late = tolerated_cost(0.2, SHORTFALL, URGENCY), tolerated_cost(0.7, SHORTFALL, URGENCY)
    assert volunteers < early < conscripts < late


def test_at_the_threshold_pools_of_middling_cost_open() -> None:
    assert tolerated_cost(SHORTFALL, SHORTFALL, URGENCY) == pytest.approx(0.5)


@given(st.floats(-1e6, 1e6), men, men)
def test_intake_never_exceeds_need_supply_or_speed(shortfall: float, available: float, daily: float) -> None:
    taken = daily_intake(shortfall, available, daily)
    assert 0.0 <= taken <= max(0.0, min(shortfall, available, daily))


def test_a_full_force_or_an_empty_pool_takes_nobody() -> None:
    assert daily_intake(0.0, 1000.0, 100.0) == 0.0
    assert daily_intake(500.0, 0.0, 100.0) == 0.0
    assert daily_intake(500.0, 1000.0, 100.0) == 100.0


def test_known_values() -> None:
    assert pool_cost(0.4, 0.5, 0.2, 0.1) == pytest.approx(0.4 + 0.05 + 0.1)
    assert tolerated_cost(0.5, 0.3, 2.0) == pytest.approx(0.9)
    assert tolerated_cost(0.1, 0.3, 2.0) == pytest.approx(0.1)
