"""Verdicts by rule: every branch, and how many members would do."""

from __future__ import annotations

import math

import numpy as np
import pytest

from allegiance.experiments.effects import Estimate
from allegiance.experiments.protocol import Effect
from allegiance.experiments.verdict import adjusted, answer, members_needed, verdict


def effect(expect: str, scale: str = "odds ratio", target: float | None = None, margin: float = 0.0,
           role: str = "main") -> Effect:  # fmt: skip
    return Effect(label="", measure="m", terms={}, scale=scale, expect=expect, target=target, margin=margin, role=role)  # type: ignore[arg-type]


def found(low: float, high: float, draws: int = 40, se: float = 0.1) -> Estimate:
    value = math.sqrt(low * high) if low > 0 else (low + high) / 2
    return Estimate(value, low, high, se, 0.01, draws, {})


@pytest.mark.parametrize(
    ("expect", "target", "margin", "low", "high", "says"),
    [
        ("up", None, 0, 1.1, 2.0, "shows"),
        ("up", None, 0, 0.9, 2.0, "open"),
        ("up", None, 0, 0.3, 0.9, "denies"),
        ("down", None, 0, 0.3, 0.9, "shows"),
        ("down", None, 0, 1.1, 2.0, "denies"),
        ("below", 1.25, 0, 0.8, 1.2, "shows"),
        ("below", 1.25, 0, 1.3, 1.6, "denies"),
        ("equal", 1.0, 0.1, 0.95, 1.05, "shows"),
        ("equal", 1.0, 0.1, 0.85, 1.05, "open"),
        ("equal", 1.0, 0.1, 1.2, 1.4, "denies"),
        ("up", None, 0, float("nan"), float("nan"), "open"),
    ],
)
def test_answers(expect: str, target: float | None, margin: float, low: float, high: float, says: str) -> None:
    assert answer(effect(expect, target=target, margin=margin), found(low, high), 12) == says


def test_too_few_draws_answer_nothing_however_clear() -> None:
    assert answer(effect("up"), found(5.0, 6.0, draws=11), 12) == "open"


def test_a_claim_needs_all_main_effects_and_checks() -> None:
    effects = {"a": effect("up"), "b": effect("up", role="check"), "c": effect("up", role="context")}
    assert verdict(effects, {"a": "shows", "b": "shows", "c": "denies"}) == "supported"
    assert verdict(effects, {"a": "shows", "b": "open", "c": "shows"}) == "inconclusive"
    assert verdict(effects, {"a": "shows", "b": "denies", "c": "shows"}) == "contradicted"


def test_members_needed_shrink_with_the_square_of_the_effect() -> None:
    small = members_needed(effect("up", "days"), Estimate(1.0, -1, 3, 1.2, 0.2, 30, {}), 12)
    large = members_needed(effect("up", "days"), Estimate(2.0, -1, 5, 1.2, 0.2, 30, {}), 12)
    assert small is not None
    assert large is not None
    assert small > 3 * large
    assert members_needed(effect("up", "days"), Estimate(0.0, -1, 1, 1.0, 0.5, 30, {}), 12) is None


def test_adjusted_p_values_are_those_of_statsmodels() -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    values = [0.001, 0.02, 0.04, 0.3, 0.8]
    expected = multitest.multipletests(values, method="fdr_bh")[1]
    assert adjusted([*values[:2], float("nan"), *values[2:]]) == pytest.approx(
        [*expected[:2], float("nan"), *expected[2:]], nan_ok=True
    )
    assert np.isnan(adjusted([float("nan")])[0])
