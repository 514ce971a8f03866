"""C5: parallel forces deter soldiers from leaving, a little."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.anchors import solve
from allegiance.theory.coup_proofing import MECHANISM as PROOFING
from allegiance.theory.coup_proofing import resentment
from allegiance.theory.forms import DEFECT, DESERT, NAMES, Routes
from allegiance.theory.model import draw
from allegiance.theory.watching import MECHANISM, watched

WEIGHT = MECHANISM.parameter("weight")
share = st.floats(0.0, 1.0)


def test_half_of_full_strength_takes_half_of_the_weight() -> None:
    assert watched(1.0, 0.5, 0.25) == pytest.approx(-0.125)
    assert watched(0.4, 0.5, 0.25) == pytest.approx(-0.05)


@given(share, share, share, share)
def test_more_watchers_deter_more_and_never_the_other_way(a: float, b: float, c: float, d: float) -> None:
    most = watched(max(a, b), max(c, d), WEIGHT.value)
    assert -WEIGHT.value <= most <= watched(min(a, b), min(c, d), WEIGHT.value) <= 0.0


@given(share)
def test_without_forces_that_obey_or_beside_forces_that_are_no_counterweight_nobody_is_watched(a: float) -> None:
    assert watched(a, 0.0, WEIGHT.value) == 0.0
    assert watched(0.0, a, WEIGHT.value) == 0.0


def test_it_acts_on_leaving_and_on_regular_soldiers_alone() -> None:
    (term,) = MECHANISM.terms
    assert isinstance(term.into, Routes)
    assert [k for k in range(len(NAMES)) if term.into.array()[k]] == [DESERT, DEFECT]
    assert term.where == "force.regular"


def test_base_rates_are_what_they_were() -> None:
    off, full = (solve(draw(3, 1, {"watching_weight": w})) for w in (0.0, WEIGHT.high))
    assert off == full


def test_it_is_small_and_may_be_nothing() -> None:
    assert WEIGHT.low == 0.0
    assert WEIGHT.quantile(-1.6449) == pytest.approx(0.0, abs=1e-4)
    assert math.exp(-WEIGHT.high) > 0.45


def test_resentment_of_the_same_forces_is_still_there() -> None:
    assert resentment(1.0, 0.0, 0.0, PROOFING.parameter("resentment").value) > 0.0
