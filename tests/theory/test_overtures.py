"""C8: how kind a side chooses to be, and what the ruler answers whom soldiers leave."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.overtures import (
    MECHANISM,
    answer,
    believed,
    case_against,
    case_for,
    credible,
    habit,
    left_to_fight,
    noticed,
    offered,
    reconsidered,
    resentment,
)

P = {p.name: p.value for p in MECHANISM.parameters}
SHARE = st.floats(0.0, 1.0)


def test_a_month_of_defections_by_hand() -> None:
    """Three in a thousand came over, success lags by 0.4 between equals; one in a hundred of one's own was killed."""
    come = noticed(0.003, 0.003)
    assert come == 0.5
    for_it = case_for(come, 0.4, 1.0, 0.6, 0.3)
    assert for_it == pytest.approx(0.6 * 0.5 + 0.3 * 0.4)
    against = case_against(0.01, 0.8, 0.5, 0.03, 0.5)
    assert against == pytest.approx(0.5 * 0.25 - 0.5 * math.log(0.8))
    back = habit(1.2, come, 0.5)
    assert back == pytest.approx(0.5 * 0.5 * math.log(1.2))
    pull = for_it - against - back
    assert pull == pytest.approx(0.42 - 0.125 - 0.11157 - 0.04558, abs=1e-5)
    assert reconsidered(1.2, pull, 0.3, 2.0) == pytest.approx(1.2 * math.exp(0.3 * pull))


def test_in_ordinary_times_nothing_is_changed() -> None:
    """Nobody comes over, nobody is killed, success is as hoped, the other side is as it was."""
    pull = case_for(noticed(0.0, P["half"]), -0.2, 1.0, P["gain"], P["need"])
    pull -= case_against(0.0, 1.0, P["revenge"], P["bitter"], P["mirror"]) + habit(1.0, 0.0, P["thrift"])
    assert pull == 0.0
    assert reconsidered(1.0, pull, P["step"], P["most"]) == 1.0
    assert answer(0.0, 0.0, P["days"]) == 0.0
    assert believed(0.0, P["hold"]) == left_to_fight(0.0, P["pickets"]) == 1.0
    assert resentment(1.0, 0.3, P["resent"]) == 0.0


def test_the_base_rate_of_a_contented_army_is_hardly_noticed() -> None:
    """Thirty in a million a year go over in peace."""
    assert noticed(0.00003 / 12, P["half"]) < 0.001


@given(SHARE, SHARE, SHARE, SHARE)
def test_success_raises_kindness_and_dead_and_cruelty_lower_it(a: float, b: float, c: float, d: float) -> None:
    low, high = sorted((a, b))
    assert case_for(low, c, d, P["gain"], P["need"]) <= case_for(high, c, d, P["gain"], P["need"])
    for_dead = [case_against(x, 1.0, P["revenge"], P["bitter"], P["mirror"]) for x in (low, high)]
    assert for_dead[0] <= for_dead[1]
    for_theirs = [case_against(c, 0.5 + x, P["revenge"], P["bitter"], P["mirror"]) for x in (low, high)]
    assert for_theirs[0] >= for_theirs[1]


@given(st.floats(0.5, 2.0), st.floats(-9.0, 9.0))
def test_a_review_moves_by_a_step_at_most_and_stays_within_bounds(kindness: float, pull: float) -> None:
    after = reconsidered(kindness, pull, 0.3, 2.0)
    assert 0.5 <= after <= 2.0
    assert abs(math.log(after / kindness)) <= 0.3 + 1e-12
    assert (after >= kindness) if pull > 0 else (after <= kindness)


def test_what_brings_nobody_is_given_up_and_what_brings_many_is_kept() -> None:
    assert habit(1.5, 0.0, 0.5) == pytest.approx(0.5 * math.log(1.5))
    assert habit(1.5, 1.0, 0.5) == 0.0
    assert habit(0.6, 0.0, 0.5) < 0.0


def test_an_offer_is_bounded_and_believed_less_of_those_who_destroy() -> None:
    assert credible(3.0, 0.1) == pytest.approx(0.7)
    assert credible(5.0, 0.3) == 0.0
    assert offered(0.4, 1.5, 2.0, 0.1) == pytest.approx(0.6 * 0.8)
    assert offered(0.8, 2.0, 0.0, 0.1) == 1.0


def test_the_answer_comes_in_weeks_costs_soldiers_and_fades() -> None:
    answered = 0.0
    for _ in range(60):
        answered = answer(answered, 0.5, 14.0)
    assert answered == pytest.approx(0.5 * (1 - (13 / 14) ** 60))
    assert believed(answered, 0.3) == pytest.approx(1 - 0.3 * answered)
    assert left_to_fight(answered, 0.03) == pytest.approx(1 - 0.03 * answered)
    for _ in range(140):
        answered = answer(answered, 0.0, 14.0)
    assert answered < 0.001


def test_only_soldiers_in_want_resent_kindness_and_only_more_of_it() -> None:
    assert resentment(1.5, 0.6, 0.6) == pytest.approx(0.6 * 0.5 * 0.4)
    assert resentment(1.5, 1.2, 0.6) == 0.0
    assert resentment(0.6, 0.2, 0.6) == 0.0
