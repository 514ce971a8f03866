"""C13: the bereaved, the street and the limits of repression."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.home_front import (
    MECHANISM,
    bereavement,
    participation,
    participation_gartner_segura1998,
    surviving,
)

MEMORY, PER_DEATH, THRESHOLD, BROKEN = (
    MECHANISM.parameter(n).value for n in ("memory", "participation", "threshold", "repression")
)
deaths = st.floats(0.0, 50_000.0)
people = st.floats(1e4, 1e8)
FORMS = pytest.mark.parametrize("form", [participation, participation_gartner_segura1998])


def test_no_deaths_nobody_mourns_and_mourning_fades() -> None:
    assert bereavement(0.0, 0.0, MEMORY) == 0.0
    assert bereavement(100.0, 0.0, MEMORY) < 100.0


def test_steady_deaths_settle_at_memory_times_rate() -> None:
    stock = 0.0
    for _ in range(5000):
        stock = bereavement(stock, 3.0, MEMORY)
    assert stock == pytest.approx(3.0 * MEMORY, rel=1e-6)


@FORMS
@given(stock=deaths, population=people, more=st.floats(1.0, 1e4))
def test_more_deaths_more_protest_and_none_without(form, stock: float, population: float, more: float) -> None:  # type: ignore[no-untyped-def]
    assert form(0.0, population, PER_DEATH, THRESHOLD) == 0.0
    assert form(stock + more, population, PER_DEATH, THRESHOLD) > form(stock, population, PER_DEATH, THRESHOLD)


@given(st.floats(100.0, 50_000.0), people, st.floats(1.5, 10.0))
def test_the_same_deaths_move_a_small_region_more(stock: float, population: float, larger: float) -> None:
    assert participation(stock, population, PER_DEATH, THRESHOLD) > participation(
        stock, population * larger, PER_DEATH, THRESHOLD
    )


def test_half_response_at_the_threshold() -> None:
    assert participation(400.0, 1e6, 0.5, 0.0004) == pytest.approx(100.0)


def test_the_rival_is_linear_in_small_losses_and_concave() -> None:
    assert participation_gartner_segura1998(1.0, 1e9, 0.5, 0.0004) == pytest.approx(0.5, rel=1e-3)
    one, two = (participation_gartner_segura1998(s, 1e6, 0.5, 0.0004) for s in (1000.0, 2000.0))
    assert two < 2 * one


@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6), st.floats(0.0, 1.0))
def test_repression_removes_at_most_what_it_can_reach(protesters: float, capacity: float, broken: float) -> None:
    left = surviving(protesters, capacity, broken)
    assert protesters - min(protesters, capacity) - 1e-9 <= left <= protesters
    assert surviving(protesters, 0.0, broken) == protesters


@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6), st.floats(0.0, 1e6))
def test_less_capacity_more_survives(protesters: float, a: float, b: float) -> None:
    assert surviving(protesters, min(a, b), BROKEN) >= surviving(protesters, max(a, b), BROKEN)


def test_known_values() -> None:
    assert bereavement(100.0, 5.0, 50.0) == pytest.approx(103.0)
    assert surviving(1000.0, 400.0, 0.5) == pytest.approx(800.0)
    assert participation_gartner_segura1998(400.0, 1e6, 0.5, 0.0004) == pytest.approx(200.0 * 0.6931471805599453)
    assert participation(1.0, 0.0, 0.5, 1.0) == pytest.approx(0.25)  # an empty region counts as one head
    assert participation_gartner_segura1998(1.0, 0.0, 1.0, 1.0) == pytest.approx(0.6931471805599453)
