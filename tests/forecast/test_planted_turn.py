"""A world whose rate doubles or halves overnight: what is issued is back at the level within two years."""

from __future__ import annotations

import numpy as np
import pytest
from made import world

from allegiance.forecast.models.frame import make_frame
from allegiance.forecast.rolling import FINAL, issued, one_thread_each, roll

TURN, WORLDS = 1970, 3


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_two_years_after_a_planted_turn_the_level_is_right_again(factor: float) -> None:
    """Expected over observed in the third year after the turn, over several worlds: within 0.8 to 1.25.

    In the first year the forecast must be off by much more, or the test would test nothing. The worlds see about
    thirty events a year; where there are fewer, the level needs longer (docs/forecasting.md).
    """
    expected, observed = np.zeros(4), np.zeros(4)
    for seed in range(WORLDS):
        frame = make_frame(world(years=24, rate=0.06, turn=(TURN, factor), seed=seed))
        with one_thread_each():
            p = roll(
                frame, "coup_attempt", (1,), (TURN - 6) * 12, (TURN + 3) * 12 - 1, models=issued("coup_attempt")
            ).p[1, FINAL]
        for k, year in enumerate((TURN - 1, TURN, TURN + 1, TURN + 2)):
            rows = frame.t // 12 == year
            expected[k] += p[rows].sum()
            observed[k] += frame.y["coup_attempt"][rows].sum()
    ratio = expected / observed
    assert 0.8 < ratio[0] < 1.25
    assert abs(np.log(ratio[1])) > 0.25
    assert 0.8 < ratio[3] < 1.25
