"""A sourced number knows where it comes from and that it makes sense."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from allegiance.base.values import Basis, Sourced

GOOD: dict[str, Any] = {"value": 3.0, "unit": "ratio", "basis": "published", "source": "fazal2014", "range": (2.0, 5.0)}


def test_a_sound_number_is_kept_and_frozen() -> None:
    number = Sourced(**GOOD)
    assert (number.value, number.basis, number.range) == (3.0, Basis.published, (2.0, 5.0))
    with pytest.raises(ValidationError):
        number.value = 4.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": math.nan}, "finite"),
        ({"value": math.inf}, "finite"),
        ({"range": (4.0, 5.0)}, "does not contain"),
        ({"range": (5.0, 2.0)}, "does not contain"),
        ({"range": (2.0, math.inf)}, "two finite numbers"),
        ({"source": ""}, "needs a source key"),
        ({"basis": "guess"}, "measured"),
        ({"units": "people"}, "Extra inputs"),
        ({"value": "many"}, "valid number"),
    ],
)
def test_faulty_numbers_are_refused_with_the_reason(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Sourced(**{**GOOD, **change})


def test_a_judgement_needs_a_reason_or_a_source() -> None:
    bare = {"value": 1.0, "unit": "share", "basis": "judgement"}
    with pytest.raises(ValidationError, match="note saying why"):
        Sourced(**bare)
    assert Sourced(**bare, note="nobody counted").source == ""
    assert Sourced(**bare, source="gurr1970").note == ""


@settings(deadline=None)
@given(st.floats(-1e9, 1e9), st.floats(0.0, 1e6), st.floats(0.0, 1e6))
def test_any_range_around_the_value_is_accepted(value: float, below: float, above: float) -> None:
    number = Sourced(value=value, unit="x", basis=Basis.measured, source="s", range=(value - below, value + above))
    assert number.range is not None
    assert number.range[0] <= number.value <= number.range[1]
