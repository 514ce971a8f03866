"""Effects against numbers worked out by hand and by statsmodels."""

from __future__ import annotations

import numpy as np
import pytest

from allegiance.experiments.contrast import sums_by_draw
from allegiance.experiments.effects import estimate, interval
from allegiance.experiments.protocol import Effect, Measure

HAPPENED = Measure(column="a.coup_attempt", any=True)
AMOUNT = Measure(column="a.desertion")


def arms(**values: list[float]) -> dict[str, dict[str, tuple[np.ndarray, np.ndarray]]]:
    return {k: {"m": (np.array(v, float), np.ones(len(v)))} for k, v in values.items()}


def effect(scale: str, expect: str = "up", **terms: float) -> Effect:
    return Effect(label="x", measure="m", terms=terms, scale=scale, expect=expect, target=1.0)  # type: ignore[arg-type]


def test_odds_ratio_of_a_two_by_two_table() -> None:
    high, low = [1.0] * 30 + [0.0] * 10, [1.0] * 10 + [0.0] * 30
    found = estimate(effect("odds ratio", high=1, low=-1), {"m": HAPPENED}, arms(high=high, low=low), 0.9, 499)
    assert found.value == pytest.approx((30.5 / 10.5) / (10.5 / 30.5))
    assert found.low < found.value < found.high
    assert found.draws == 20
    assert found.arms == {"high": 0.75, "low": 0.25}


def test_rate_ratio_points_and_days() -> None:
    data = arms(high=[2.0, 4.0, 6.0, 8.0], low=[1.0, 2.0, 3.0, 4.0])
    measures = {"m": AMOUNT}
    assert estimate(effect("rate ratio", high=1, low=-1), measures, data, 0.9, 199).value == pytest.approx(2.0)
    assert estimate(effect("percentage points", high=1, low=-1), measures, data, 0.9, 199).value == pytest.approx(250)
    assert estimate(effect("days", high=1, low=-1), measures, data, 0.9, 199).value == pytest.approx(2.5)


def test_a_constant_ratio_has_no_width_because_arms_share_their_luck() -> None:
    rng = np.random.default_rng(1)
    low = rng.lognormal(size=40)
    found = estimate(
        effect("rate ratio", high=1, low=-1), {"m": AMOUNT}, arms(high=list(3 * low), low=list(low)), 0.9, 499
    )
    assert found.low == pytest.approx(3.0)
    assert found.high == pytest.approx(3.0)


def test_interval_covers_the_truth_about_nine_times_in_ten() -> None:
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(120):
        draws = np.repeat(rng.normal(size=30), 2) + 0.5 * rng.normal(size=60)
        found = estimate(effect("days", a=1), {"m": AMOUNT}, arms(a=list(draws)), 0.9, 199)
        hits += found.low <= 0 <= found.high
    assert 0.80 <= hits / 120 <= 0.97


def test_members_of_a_pair_are_resampled_together() -> None:
    assert sums_by_draw(np.array([1.0, 2.0, 3.0])).tolist() == [3.0, 3.0]
    rng = np.random.default_rng(2)
    shared = np.repeat(rng.normal(size=40), 2)
    narrow = rng.normal(size=80)
    width = [np.diff(interval((v, np.ones(80)), 0.9, 499)[1:])[0] for v in (shared, narrow)]
    assert width[0] > 1.2 * width[1], "copies of a draw are not new evidence"


def test_nothing_at_all_is_rare_and_not_impossible() -> None:
    found = estimate(
        effect("odds ratio", high=1, low=-1), {"m": HAPPENED}, arms(high=[0.0] * 40, low=[0.0] * 40), 0.9, 199
    )
    assert found.value == pytest.approx(1.0)
    none = estimate(effect("rate ratio", high=1, low=-1), {"m": AMOUNT}, arms(high=[0.0] * 4, low=[0.0] * 4), 0.9, 99)
    assert not np.isfinite(none.value)


def test_probability_has_an_interval_even_when_nothing_happened() -> None:
    one = Effect(label="x", measure="m", terms={"a": 1}, scale="probability", expect="below", target=0.05)
    found = estimate(one, {"m": HAPPENED}, arms(a=[0.0] * 200), 0.9, 99)
    assert found.value == 0.0
    assert 0.005 < found.high < 0.03
