"""C12, C15: sergeants and lieutenants enforce orders, look away, or lead."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory import anchors
from allegiance.theory.hidden_effort import MECHANISM as HIDDEN
from allegiance.theory.hidden_effort import deterrence
from allegiance.theory.junior_leaders import (
    LOYAL,
    MECHANISM,
    WATCHED,
    at_the_head,
    bereft,
    complicity,
    enforcing,
    example,
    hold,
    lead,
    moved,
    resentment,
    settled,
)
from allegiance.theory.registry import PARAMETERS

ORDINARY, USUAL, ANGER, THREAT, TRUST, NEIGHBOURS = (
    MECHANISM.parameter(n).value for n in ("ordinary", "usual", "anger", "threat", "trust", "neighbours")
)
share, inner = st.floats(0.0, 1.0), st.floats(0.05, 0.95)
CENTRAL = {name: p.value for name, p in PARAMETERS.items()}


def test_known_values() -> None:
    assert enforcing(0.8, 0.0) == pytest.approx(0.8)
    assert enforcing(0.8, -math.log(4.0)) == pytest.approx(0.5)
    assert resentment(2.0, 0.8, 0.5) == pytest.approx(-0.6)
    assert hold(0.5, 0.8, 0.9, 0.5, 1.0) == pytest.approx(0.5 * 0.2 + 0.2)
    assert example(0.65, 0.85, 2.0) == pytest.approx(-0.4)
    assert bereft(0.8, 0.05, 1.4, 0.7) == pytest.approx(0.8 * (1 - 0.07 * 0.3))
    assert moved(0.8, 0.6, 20.0) == pytest.approx(0.79)
    assert complicity(0.4, 0.8, 1.0) == pytest.approx(0.5)
    assert complicity(0.88, 0.8, 1.0) == pytest.approx(-0.1)
    assert at_the_head(0.6, 0.5, 0.4) == pytest.approx(0.4 * 0.8)
    assert lead(0.4, 0.8, 0.5, 0.4, 1.5) == pytest.approx(1.5 * 0.5 * 0.8)
    assert lead(0.88, 0.8, 0.5, 0.4, 1.5) == pytest.approx(-0.15)


def test_an_ordinary_army_is_the_one_of_the_anchors() -> None:
    assert anchors.CONTENTED["side.monitoring"] * anchors.CONTENTED["side.punishment"] == pytest.approx(WATCHED)
    grievance = anchors.grievance(anchors.CONTENTED, CENTRAL)
    lean = resentment(grievance, USUAL, ANGER) + hold(0.5, 0.4, LOYAL, THREAT, TRUST)
    assert settled(ORDINARY, lean, NEIGHBOURS) == pytest.approx(ORDINARY)


@given(inner, share, share)
def test_ordinary_leaders_change_nothing(ordinary: float, monitoring: float, punishment: float) -> None:
    assert complicity(ordinary, ordinary, 2.0) == 0.0
    assert lead(ordinary, ordinary, monitoring, punishment, 1.5) == 0.0


@given(share, share, inner, share, share)
def test_more_who_enforce_never_mean_more_disobedience(a: float, b: float, o: float, m: float, p: float) -> None:
    less, more = min(a, b), max(a, b)
    assert complicity(less, o, 2.0) >= complicity(more, o, 2.0)
    assert lead(less, o, m, p, 1.5) >= lead(more, o, m, p, 1.5) - 1e-12
    assert at_the_head(less, m, p) >= at_the_head(more, m, p)


@given(inner, st.floats(-5.0, 5.0), st.floats(0.0, 3.9))
def test_leaders_settle_where_they_no_longer_move(ordinary: float, lean: float, neighbours: float) -> None:
    at = settled(ordinary, lean, neighbours)
    assert 0.0 < at < 1.0
    assert enforcing(ordinary, lean + example(at, ordinary, neighbours)) == pytest.approx(at, abs=0.02)


def test_the_example_of_neighbours_moves_leaders_further_the_way_they_lean() -> None:
    for lean in (-0.5, 0.5):
        alone, together = settled(ORDINARY, lean, 0.0), settled(ORDINARY, lean, NEIGHBOURS)
        assert abs(together - ORDINARY) > abs(alone - ORDINARY)


def test_punishment_keeps_leaders_from_the_head_of_a_mutiny_less_than_soldiers_from_joining() -> None:
    deter = HIDDEN.parameter("deterrence").value
    for punishment in (0.3, 0.6, 1.0):
        leaders = lead(0.5, ORDINARY, 0.8, punishment, 1.0) / lead(0.5, ORDINARY, 0.8, 0.0, 1.0)
        assert 1.0 > leaders > math.exp(deterrence(0.8, punishment, deter))


@given(share, share, st.floats(0.0, 3.0), share)
def test_losses_leave_a_share_and_never_more_who_enforce(leaders: float, lost: float, ratio: float, g: float) -> None:
    left = bereft(leaders, lost, ratio, g)
    assert g * leaders - 1e-12 <= left <= leaders


def test_the_hungry_mutiny_at_the_rate_asked_for_with_their_leaders_as_they_are() -> None:
    """Leaders who resent more lower the intercept, since the rate of the hungry army is what is asked for."""
    mild, bitter = (anchors.solve(CENTRAL | {"junior_leaders_anger": a}) for a in (0.3, 1.3))
    assert bitter["choice_base_mutiny"] < mild["choice_base_mutiny"] - 0.1
    for form in ("shirk", "refuse", "desert", "defect"):
        assert bitter[f"choice_base_{form}"] == pytest.approx(mild[f"choice_base_{form}"])
