"""C5: one set of measures, four effects."""

from __future__ import annotations

from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.coup_proofing import (
    MECHANISM,
    competence,
    coordination_cost,
    guard_strength,
    resentment,
    trust,
)

COORDINATION, GUARDS, COMPETENCE, RESENTMENT = (
    MECHANISM.parameter(n).value for n in ("coordination", "guards", "competence", "resentment")
)
share = st.floats(0.0, 1.0)


def test_without_measures_nothing_changes() -> None:
    assert coordination_cost(0.0, 0.0, COORDINATION) == 0.0
    assert guard_strength(0.0, GUARDS) == 0.0
    assert competence(0.7, 0.0, 0.0, COMPETENCE) == pytest.approx(0.7)
    assert resentment(0.0, 0.0, 0.0, RESENTMENT) == 0.0


def test_full_measures_carry_the_full_weights() -> None:
    assert coordination_cost(1.0, 1.0, COORDINATION) == pytest.approx(COORDINATION)
    assert competence(1.0, 1.0, 1.0, COMPETENCE) == pytest.approx(1.0 - COMPETENCE)
    assert resentment(1.0, 1.0, 1.0, RESENTMENT) == pytest.approx(RESENTMENT)


@given(share, share, share, st.integers(0, 2), share)
def test_every_measure_costs_plotters_skill_or_goodwill(a: float, b: float, c: float, which: int, more: float) -> None:
    before = [a, b, c]
    after = list(before)
    after[which] = min(1.0, after[which] + more)
    assert coordination_cost(*after[1:], COORDINATION) >= coordination_cost(*before[1:], COORDINATION)
    assert resentment(*after, RESENTMENT) >= resentment(*before, RESENTMENT)
    assert competence(0.8, after[0], after[1], COMPETENCE) <= competence(0.8, before[0], before[1], COMPETENCE)


def test_guards_about_halve_the_success_of_attempts() -> None:
    """At a middling counterweight success falls from a half to about a third, at the fullest to about a fifth."""
    middling, fullest = (NormalDist().cdf(-guard_strength(x, GUARDS)) for x in (0.5, 1.0))
    assert 0.3 < middling < 0.36
    assert 0.15 < fullest < 0.25


@given(share, share, share)
def test_competence_stays_a_share(base: float, stacking: float, purges: float) -> None:
    assert 0.0 <= competence(base, stacking, purges, COMPETENCE) <= base


def test_which_measure_works_through_which_effect() -> None:
    """The shares inside the formulas, as documented."""
    assert coordination_cost(1.0, 0.0, 1.0) == pytest.approx(0.6)
    assert coordination_cost(0.0, 1.0, 1.0) == pytest.approx(0.4)
    assert resentment(1.0, 0.0, 0.0, 1.0) == pytest.approx(0.4) == resentment(0.0, 1.0, 0.0, 1.0)
    assert resentment(0.0, 0.0, 1.0, 1.0) == pytest.approx(0.2)
    assert competence(1.0, 1.0, 0.0, 0.5) == pytest.approx(0.7)
    assert competence(1.0, 0.0, 1.0, 0.5) == pytest.approx(0.8)


def test_trust_outweighs_the_resentment_of_those_passed_over() -> None:
    """What stacking takes from a coup's support is more than what the grievance it breeds can add."""
    weight = MECHANISM.parameter("trust").value
    resented = resentment(0.0, 1.0, 0.0, MECHANISM.parameter("resentment").value)
    assert trust(0.0, weight) == 0.0
    assert trust(1.0, weight) == weight > resented
