"""The layer of coding error finds known errors, and keeps to the stated thresholds where the codes say little."""

import numpy as np
import pytest

from allegiance.inference.coding_error import fit_ordinal, fit_share


def sharp(levels: np.ndarray) -> np.ndarray:
    """Forecasts that are nearly sure of their level."""
    return 0.97 * np.eye(4)[levels] + 0.0075


def test_codes_that_follow_the_levels_keep_them() -> None:
    levels = np.repeat(np.arange(4), 10)
    found = fit_ordinal(sharp(levels), levels.tolist())
    assert found.matrix.diagonal().min() > 0.9
    assert found.matrix.sum(axis=1) == pytest.approx(1, abs=1e-6)


def test_codes_one_level_lower_are_forecast_one_level_lower() -> None:
    levels = np.tile(np.arange(1, 4), 15)
    found = fit_ordinal(sharp(levels), (levels - 1).tolist())
    assert found.codes(sharp(np.array([3]))[0]).argmax() == 2


def test_levels_that_tell_nothing_are_forecast_as_the_rate_of_the_codes() -> None:
    rng = np.random.default_rng(0)
    codes = rng.choice(4, 400, p=(0.15, 0.5, 0.15, 0.2))
    found = fit_ordinal(sharp(rng.integers(0, 4, 400)), codes.tolist())
    assert abs(found.slope) < 0.25
    assert found.codes(np.full(4, 0.25)) == pytest.approx((0.15, 0.5, 0.15, 0.2), abs=0.08)


def test_without_cases_to_speak_of_the_stated_thresholds_stay() -> None:
    found = fit_ordinal(sharp(np.array([1])), [1])
    assert found.slope == pytest.approx(1, abs=0.1)
    assert found.cuts == pytest.approx((0.5, 1.5, 2.5), abs=0.2)


def test_a_known_error_of_the_share_is_found_and_forecast() -> None:
    rng = np.random.default_rng(1)
    truth = rng.uniform(-5, -1, 60)
    playings = [t + 0.3 * rng.normal(size=40) for t in truth]
    codes = truth - 0.8 + 0.5 * rng.normal(size=60)
    found = fit_share(playings, codes, np.full(60, 0.05))
    assert found.shift == pytest.approx(-0.8, abs=0.25)
    assert found.slope == pytest.approx(1, abs=0.15)
    # what a playing's own spread explains is not counted again as error
    assert np.hypot(found.error, 0.3) == pytest.approx(0.5, abs=0.15)
    assert np.std(found.shares(np.full(40, -3.0))) == pytest.approx(found.error, rel=0.15)
