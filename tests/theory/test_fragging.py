"""C7: officers attacked by their own men."""

from __future__ import annotations

import math

import pytest

from allegiance.theory.fragging import MECHANISM, attack_hazard

RATE, ANGER = (MECHANISM.parameter(n).value for n in ("rate", "anger"))


def test_the_level_is_that_of_vietnam_in_an_aggrieved_army() -> None:
    """209 in 1970 among some 2,800 companies' worth of men; the model's army may be half as bad or twice."""
    yearly = 365 * 2800 * attack_hazard(2.5, 0.5, RATE, ANGER)
    assert 209 / 2.5 < yearly < 209 * 2.5


def test_grievance_and_poor_leaders_raise_it() -> None:
    assert attack_hazard(2.0, 0.5, RATE, ANGER) == pytest.approx(RATE)
    assert attack_hazard(3.0, 0.5, RATE, ANGER) == pytest.approx(RATE * math.exp(ANGER))
    assert attack_hazard(2.0, 1.0, RATE, ANGER) == pytest.approx(RATE / 2)
    assert attack_hazard(0.0, 0.5, RATE, ANGER) < RATE / 4
