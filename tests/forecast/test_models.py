"""Single models against algebra."""

from __future__ import annotations

import numpy as np
import pytest
from made import world

from allegiance.forecast.models.boosting import platt
from allegiance.forecast.models.climatology import Climatology
from allegiance.forecast.models.drift import HALF_LIFE_YEARS, PRIOR_EVENTS, factors, scale_hazard
from allegiance.forecast.models.frame import make_frame, make_task, standardise
from allegiance.forecast.models.hazard import Hazard
from allegiance.forecast.models.logit import Logit
from allegiance.forecast.models.longmemory import long_memory


@pytest.fixture(scope="module")
def task():
    frame = make_frame(world(years=20))
    origin = 1968 * 12
    return make_task(frame, "coup_attempt", 1, origin, standardise(frame, origin), {})


def test_training_windows_close_before_the_origin(task):
    frame = task.frame
    assert frame.t[task.train].max() == task.origin - 1
    longer = make_task(frame, "coup_attempt", 12, task.origin, task.z, {})
    assert frame.t[longer.train].max() == task.origin - 12
    assert longer.weight.max() < 0.3  # overlapping windows count the same event once


def test_climatology_is_the_rate_of_its_window(task):
    frame = task.frame
    fit = Climatology("c", "", years=5).fit(task)
    window = (frame.t >= task.origin - 60) & (frame.t < task.origin)
    assert fit.predict(np.array([0, 1])).tolist() == pytest.approx([frame.y["coup_attempt"][window].mean()] * 2)


def test_the_hazard_lies_between_the_state_and_the_world(task):
    frame, rows = task.frame, np.flatnonzero(task.frame.t == task.origin)
    p = Hazard().fit(task).predict(rows)
    past = frame.t < task.origin
    counts = np.bincount(frame.unit[past], frame.y["coup_attempt"][past])
    order = np.argsort(counts[frame.unit[rows]])
    assert p[order[-10:]].mean() > 2 * p[order[:10]].mean()
    own = counts[frame.unit[rows]] / past.sum() * counts.size
    world_rate = frame.y["coup_attempt"][past].mean()
    top = order[-1]
    assert world_rate < p[top] < 1.5 * max(own[top], world_rate)


def test_drift_is_the_shrunk_ratio_of_events_to_expectation():
    closes = np.arange(24)
    factor, seen = factors(closes, np.full(24, 0.5), np.ones(24), np.array([24]), 12, 1)
    fade = 0.5 ** ((23 - closes) / (12 * HALF_LIFE_YEARS))
    assert seen[0] == pytest.approx(fade.sum() + PRIOR_EVENTS)
    assert factor[0] == pytest.approx((fade.sum() + PRIOR_EVENTS) / (0.5 * fade.sum() + PRIOR_EVENTS))
    blind, _ = factors(closes, np.full(24, 0.5), np.ones(24), np.array([0]), 12, 1)
    assert blind[0] == 1.0  # nothing has closed yet
    assert scale_hazard(np.array([0.1]), np.array([1.0]))[0] == pytest.approx(0.1)


def test_platt_leaves_calibrated_log_odds_alone():
    rng = np.random.default_rng(0)
    z = rng.normal(-3, 1, 30_000)
    y = (rng.random(30_000) < 1 / (1 + np.exp(-z))).astype(float)
    slope, level = platt(z, y, np.ones(30_000))
    assert slope == pytest.approx(1, abs=0.06)
    assert level == pytest.approx(0, abs=0.15)
    assert platt(2 * z, y, np.ones(30_000))[0] == pytest.approx(0.5, abs=0.05)


def test_the_record_of_a_state_knows_only_earlier_periods():
    t, unit = np.tile(np.arange(36), 2), np.repeat([0, 1], 36)
    y = np.zeros(72)
    y[10] = 1
    record = long_memory(t, unit, y, 12)
    later = y.copy()
    later[20] = 1
    np.testing.assert_array_equal(long_memory(t, unit, later, 12)[:21], record[:21])
    assert record[11] > record[10]
    assert long_memory(t, unit, later, 12)[21] > record[21]


def test_spread_is_wider_where_less_is_known_and_contributions_add_up(task):
    fit = Logit("l", "", 0.01).fit(task)
    rows = np.flatnonzero(task.frame.t == task.origin)
    spread = fit.spread(rows)
    assert ((spread > 0) & (spread < 2)).all()
    np.testing.assert_allclose(fit.contributions(rows).sum(1) + fit.intercept, fit.log_odds(rows))
    weak = Logit("l", "", 10.0).fit(task)
    assert weak.spread(rows).mean() > spread.mean()
