"""C4, C5: what a ruler answers, and when he falls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.ruler import MECHANISM, call_out_hazard, dismissal_hazard, fall_hazard, needed

DISMISS, CALL_OUT, FALL, LEAST, CROWD = (
    MECHANISM.parameter(n).value for n in ("dismiss", "call_out", "fall", "least", "crowd")
)
share = st.floats(0.0, 1.0)


def test_one_who_halts_alone_is_replaced_within_weeks_and_nobody_when_all_have() -> None:
    assert dismissal_hazard(0.0, DISMISS) == DISMISS
    assert 5 <= 1.0 / DISMISS <= 20
    assert dismissal_hazard(1.0, DISMISS) == 0.0


def test_guards_are_called_out_in_full_speed_once_a_fifth_have_halted() -> None:
    assert call_out_hazard(0.0, CALL_OUT) == 0.0
    assert call_out_hazard(0.1, CALL_OUT) == pytest.approx(CALL_OUT / 2)
    assert call_out_hazard(0.2, CALL_OUT) == pytest.approx(CALL_OUT) == call_out_hazard(0.9, CALL_OUT)


@given(share, st.floats(0.0, 2.0))
def test_enough_willing_men_or_no_crowd_is_safety(willing: float, signal: float) -> None:
    assert fall_hazard(LEAST + (1.0 - LEAST) * willing, signal, FALL, LEAST, CROWD) == pytest.approx(0.0, abs=1e-12)
    assert fall_hazard(willing, 0.0, FALL, LEAST, CROWD) == 0.0


@given(share, share, st.floats(0.0, 2.0), st.floats(0.0, 2.0))
def test_fewer_men_and_larger_crowds_never_help(a: float, b: float, c: float, d: float) -> None:
    assert fall_hazard(min(a, b), c, FALL, LEAST, CROWD) >= fall_hazard(max(a, b), c, FALL, LEAST, CROWD)
    assert fall_hazard(a, max(c, d), FALL, LEAST, CROWD) >= fall_hazard(a, min(c, d), FALL, LEAST, CROWD)


def test_a_ruler_whom_nobody_obeys_before_a_great_crowd_falls_within_days() -> None:
    assert fall_hazard(0.0, 1.0, FALL, LEAST, CROWD) == pytest.approx(FALL)
    assert fall_hazard(LEAST / 2, CROWD / 2, FALL, LEAST, CROWD) == pytest.approx(FALL / 8)


def test_a_crowd_of_the_usual_size_needs_no_more_and_a_greater_one_does() -> None:
    swamp = MECHANISM.parameter("swamp").value
    assert needed(LEAST, 0.0, swamp) == needed(LEAST, 1.0, swamp) == LEAST
    assert needed(LEAST, 1.5, swamp) < 0.6  # as in Bahrain and Peking, where no ruler fell
    assert needed(LEAST, 10.0, swamp) == pytest.approx(LEAST * 10.0**swamp)
