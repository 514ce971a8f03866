"""Who is sent first, and when those kept back come."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.day.task import level_of
from allegiance.theory.commitment import MECHANISM, precedence, readiness, spent, turn

FIRST, LEAD, KEPT, WORN, RECRUITS = (
    MECHANISM.parameter(n).value for n in ("first", "lead", "kept", "worn", "recruits")
)
share = st.floats(0.0, 1.0)


def test_a_ready_formation_goes_e_to_the_first_times_as_often() -> None:
    assert precedence(0.9, 1.0, 0.0, FIRST) / precedence(0.4, 1.0, 0.0, FIRST) == pytest.approx(math.exp(1.0))
    assert precedence(0.6, LEAD, 0.0, FIRST) == pytest.approx(1.5 * math.exp(1.2))
    assert precedence(0.6, 1.0, KEPT, FIRST) == pytest.approx(0.1 * math.exp(1.2))


@given(share, share)
def test_a_staff_that_does_not_mind_readiness_sends_all_alike(ready: float, other: float) -> None:
    assert precedence(ready, 1.0, 0.0, 0.0) == precedence(other, 1.0, 0.0, 0.0) == 1.0


def test_a_company_refilled_by_recruits_is_not_as_ready_as_it_was() -> None:
    """Half the soldiers of a full formation at 0.9 are gone, then replaced."""
    assert readiness(0.9, 0.5) == pytest.approx(0.45)
    assert readiness((0.9 + RECRUITS) / 2.0, 1.0) == pytest.approx(0.65)


def test_the_line_is_spent_once_it_has_lost_a_third() -> None:
    assert spent(0.8, 0.8, WORN) == 0.0
    assert spent(0.8 * (1.0 - 0.5 * WORN), 0.8, WORN) == pytest.approx(0.5)
    assert spent(0.4, 0.8, WORN) == 1.0
    assert spent(0.9, 0.8, WORN) == 0.0, "readier than before"
    assert spent(0.0, 0.0, WORN) == 1.0, "nobody there"


def test_a_level_by_hand() -> None:
    """0.4 of ten formations: three spearheads at 9, five of the line at 3, two of a garrison at 0.2."""
    sent, most = np.array([9.0] * 3 + [3.0] * 5 + [0.2] * 2), np.ones(10)
    level = level_of(sent, most, 4.0)
    assert level == pytest.approx(4.0 / 42.4)
    due = turn(sent, level, most, 0.4)
    assert due[[0, 3, 8]] == pytest.approx([0.849, 0.283, 0.0189], abs=1e-3)


def test_a_burden_too_heavy_for_those_who_go_first_falls_on_those_kept_back() -> None:
    """Of the spearheads and the line only half are left: they give 0.5 each, and the garrison the rest."""
    sent, here = np.array([9.0] * 3 + [3.0] * 5 + [0.2] * 2), np.array([0.5] * 8 + [1.0] * 2)
    due = turn(sent, level_of(sent, here, 5.0), here, 0.5)
    assert due == pytest.approx([0.5] * 10)
    due = turn(sent, level_of(sent, here, 4.4), here, 0.44)
    assert due == pytest.approx([0.5] * 8 + [0.2] * 2)


@given(
    st.lists(st.tuples(st.floats(0.01, 50.0), share), min_size=1, max_size=12),
    st.floats(0.0, 1.0),
)
def test_the_share_deployed_is_filled_and_nobody_gives_more_than_is_there(
    formations: list[tuple[float, float]], deployed: float
) -> None:
    sent, here = np.array(formations).T
    most = np.maximum(here, deployed)
    due = turn(sent, level_of(sent, most, deployed * len(sent)), here, deployed)
    assert due.sum() == pytest.approx(deployed * len(sent), abs=1e-6)
    assert (due <= most + 1e-12).all()
