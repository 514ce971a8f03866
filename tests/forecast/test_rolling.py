"""Rolling forecasts: coherent, blind to the future, and quick to follow a rate that turns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from made import QUICK, world

from allegiance.base.errors import AllegianceError
from allegiance.forecast import backtest as module
from allegiance.forecast.backtest import backtest, forecast_all
from allegiance.forecast.definitions import OUTCOMES
from allegiance.forecast.models.frame import make_frame
from allegiance.forecast.models.stack import learn_weights
from allegiance.forecast.rolling import roll


@pytest.fixture(scope="module")
def frame():
    return make_frame(world())


@pytest.fixture(scope="module")
def forecasts(frame):
    return roll(frame, "coup_attempt", (1, 3, 6, 12), 1972 * 12, 1974 * 12 + 11, QUICK)


def test_forecasts_are_probabilities_in_order_of_horizon(frame, forecasts):
    here = (frame.t >= 1972 * 12) & (frame.t < 1975 * 12)
    for model in forecasts.models:
        p = np.column_stack([forecasts.p[h, model][here] for h in (1, 3, 6, 12)])
        assert ((p > 0) & (p < 1)).all()
        assert (np.diff(p, axis=1) >= -1e-12).all()
        assert np.isnan(forecasts.p[1, model][~here]).all()


def test_success_and_failure_never_exceed_the_attempt_and_leave_nothing_of_it(frame):
    made = forecast_all(frame, dict.fromkeys(OUTCOMES, ((1976, 1976),)), (1, 12), lambda text: None)
    for key, whole in made["coup_attempt"].p.items():
        known = ~np.isnan(whole)
        a, s, f = (made[n].p[key][known] for n in ("coup_attempt", "coup_success", "coup_failed"))
        assert known.any()
        assert (s < a).all()
        assert (f <= a).all()
        assert (s + f >= a - 1e-12).all()


def test_models_learn_what_makes_the_difference(frame, forecasts):
    poor = frame.x[:, frame.names.index("gdp_per_head")] < -0.5
    p = forecasts.p[12, "stack"]
    assert np.nanmean(p[poor]) > 1.5 * np.nanmean(p[~poor])


def test_shuffling_the_future_leaves_forecasts_as_they_are(frame, forecasts):
    """Outcomes from the forecast month on, and features after it, are dealt to other states."""
    rng = np.random.default_rng(3)
    last = 1974 * 12 + 11
    now_on, later = np.flatnonzero(frame.t >= last), np.flatnonzero(frame.t > last)
    y = {name: values.copy() for name, values in frame.y.items()}
    for values in y.values():
        values[now_on] = rng.permutation(values[now_on])
    x = frame.x.copy()
    x[later] = x[rng.permutation(later)]
    again = roll(replace(frame, x=x, y=y, _targets={}), "coup_attempt", (1, 3, 6, 12), 1972 * 12, last, QUICK)
    for key, p in forecasts.p.items():
        np.testing.assert_array_equal(again.p[key], p)


def test_a_changed_past_changes_forecasts(frame, forecasts):
    y = {name: values.copy() for name, values in frame.y.items()}
    y["coup_attempt"][(frame.t >= 1970 * 12) & (frame.t < 1972 * 12)] = 0
    again = roll(replace(frame, y=y, _targets={}), "coup_attempt", (1,), 1972 * 12, 1972 * 12, QUICK)
    here = frame.t == 1972 * 12
    assert (again.p[1, "stack"][here] < forecasts.p[1, "stack"][here]).mean() > 0.95


def test_a_planted_column_is_refused():
    planted = world(years=3).with_columns(next_coup=pl.col("coup_attempt").shift(-1).over("gwcode"))
    with pytest.raises(AllegianceError, match="'next_coup' of which nobody said when it becomes known"):
        make_frame(planted)


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_within_two_years_the_level_follows_a_rate_that_turns(factor):
    """Before: right. In the third year after the turn: at most a third of the error is left."""
    frame = make_frame(world(years=28, rate=0.03, turn=(1970, factor), seed=5))
    p = roll(frame, "coup_attempt", (1,), 1966 * 12, 1973 * 12 + 11, QUICK).p[1, "logit"]

    def ratio(first: int, last: int) -> float:
        years = (frame.t >= first * 12) & (frame.t < (last + 1) * 12)
        return float(np.nansum(p[years]) / frame.y["coup_attempt"][years].sum())

    assert 0.8 < ratio(1966, 1969) < 1.25
    assert abs(np.log(ratio(1970, 1970))) > 0.2
    assert abs(np.log(ratio(1972, 1973))) < abs(np.log(factor)) / 3


def test_the_stack_trusts_who_was_right():
    rng = np.random.default_rng(0)
    truth = rng.beta(1, 30, 20_000)
    y = (rng.random(20_000) < truth).astype(float)
    weights = learn_weights(np.column_stack([truth, np.full(20_000, truth.mean())]), y, 1)
    assert weights.sum() == pytest.approx(1)
    assert weights[0] > 0.8
    np.testing.assert_allclose(learn_weights(np.empty((0, 3)), np.empty(0), 1), 1 / 3)


def test_nothing_is_forecast_before_anything_is_known(frame):
    with pytest.raises(AllegianceError, match="nothing to learn from"):
        roll(frame, "coup_attempt", (12,), 1950 * 12, 1950 * 12, QUICK)


def test_the_backtest_scores_every_model_and_says_what_is_wrong(frame, monkeypatch):
    monkeypatch.setattr(module, "WARM_UP_YEARS", 3)
    with pytest.raises(AllegianceError, match="the data start in 1950"):
        backtest(frame, ["coup_attempt"], (1,), (1940, 1960))
    with pytest.raises(AllegianceError, match="no outcome is called 'coup'"):
        backtest(frame, ["coup"], (1,))
    with pytest.raises(AllegianceError, match="horizon 0"):
        backtest(frame, ["mutiny"], (0,))
    quiet = replace(frame, y=frame.y | {"coup_success": np.where(frame.t < 1970 * 12, frame.y["coup_success"], 0.0)},
                    _targets={})  # fmt: skip
    with pytest.raises(AllegianceError, match="no coup_success is known"):
        backtest(quiet, ["coup_success"], (1,), (1975, 1976))
    result = backtest(frame, ["mutiny"], (1, 12), (1975, 1977))
    assert set(result.scores["model"]) >= {"climatology", "hazard", "logit", "boosting", "stack", "coup transfer"}
    stack = result.scores.filter((pl.col("model") == "stack") & (pl.col("horizon") == 1)).row(0, named=True)
    assert stack["auc_low"] < stack["auc"] < stack["auc_high"]
    assert stack["log_skill"] > 0
    assert 0.6 < stack["expected_observed"] < 1.6
