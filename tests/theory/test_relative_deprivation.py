"""C6: comparison with the better kept force."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.relative_deprivation import MECHANISM, gap_gurr1970, privilege_loss, relative_deprivation

WEIGHT = MECHANISM.parameter("weight").value
level = st.floats(0.02, 2.0)
share = st.floats(0.0, 1.0)
FORMS = pytest.mark.parametrize("form", [relative_deprivation, gap_gurr1970])


@FORMS
@given(own=level, seen=share)
def test_no_grievance_among_equals_or_the_better_off(form, own: float, seen: float) -> None:  # type: ignore[no-untyped-def]
    assert form(own, own, seen, WEIGHT) == 0.0
    assert form(own, own / 2, seen, WEIGHT) == 0.0


@FORMS
@given(own=level, reference=level)
def test_what_is_not_seen_does_not_hurt(form, own: float, reference: float) -> None:  # type: ignore[no-untyped-def]
    assert form(own, reference, 0.0, WEIGHT) == 0.0


@FORMS
@given(own=level, reference=level, more=st.floats(0.01, 1.0))
def test_a_richer_reference_never_comforts(form, own: float, reference: float, more: float) -> None:  # type: ignore[no-untyped-def]
    assert form(own, reference + more, 1.0, WEIGHT) >= form(own, reference, 1.0, WEIGHT)


@given(level, level, st.floats(0.5, 2.0))
def test_only_the_ratio_matters(own: float, reference: float, scale: float) -> None:
    assert relative_deprivation(own * scale, reference * scale, 1.0, WEIGHT) == pytest.approx(
        relative_deprivation(own, reference, 1.0, WEIGHT), abs=1e-9
    )


def test_known_values() -> None:
    assert relative_deprivation(0.4, 0.8, 1.0, 1.0) == pytest.approx(math.log(2.0))
    assert gap_gurr1970(0.4, 0.8, 1.0, 1.0) == pytest.approx(0.5)


def test_moving_a_fixed_budget_to_the_parallel_force_aggrieves_regulars() -> None:
    """The claim's contrast: equal total, one force of four times the size of the other."""
    grievance = [relative_deprivation((1.0 - x) / 0.8, x / 0.2, 1.0, WEIGHT) for x in (0.2, 0.3, 0.4)]
    assert grievance[0] == pytest.approx(0.0, abs=1e-9)
    assert grievance[0] < grievance[1] < grievance[2]


def test_parallel_force_is_content_until_told_to_fold() -> None:
    assert privilege_loss(0.0, 3.0) == 0.0
    assert privilege_loss(1.0, 3.0) == 3.0


def test_floors_keep_ruin_finite() -> None:
    assert relative_deprivation(0.0, 1.0, 1.0, 1.0) == pytest.approx(math.log(100.0))
    assert relative_deprivation(0.0, 0.0, 1.0, 1.0) == 0.0
    assert gap_gurr1970(0.0, 1e-6, 1.0, 1.0) == pytest.approx(1e-4)
