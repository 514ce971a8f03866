"""Scores agree with scikit-learn, intervals are paired, and little evidence is called little."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from allegiance.base.errors import AllegianceError
from allegiance.forecast.scores import UNDECIDED, Rows, _columns, compare, reliability, score_all, top_decile


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(1)
    p = np.round(rng.beta(1, 20, 4000), 3)  # rounded, so that there are ties
    y = (rng.random(4000) < p).astype(float)
    return Rows(y, np.repeat(np.arange(40), 100), np.tile(np.arange(100), 40)), p


def test_every_draw_is_what_scikit_learn_says_of_the_drawn_countries(rows):
    table, p = rows
    weights = np.random.default_rng(2).multinomial(40, np.full(40, 1 / 40), 3).astype(float)
    ours = _columns(table, table.unit, p, weights)
    for k, country in enumerate(weights):
        w = country[table.unit]
        assert ours["auc"][k] == pytest.approx(roc_auc_score(table.y, p, sample_weight=w))
        assert ours["ap"][k] == pytest.approx(average_precision_score(table.y, p, sample_weight=w))
        assert ours["brier"][k] == pytest.approx(brier_score_loss(table.y, p, sample_weight=w))
        assert ours["log"][k] == pytest.approx(log_loss(table.y, np.clip(p, 1e-12, 1), sample_weight=w))


def test_a_good_forecast_beats_a_flat_one_and_a_copy_cannot_be_distinguished(rows):
    table, p = rows
    scored = score_all(table, {"flat": np.full(4000, table.y.mean()), "good": p, "copy": p * 1.0001}, "flat")
    assert compare(scored["good"], scored["flat"], "log")["verdict"] == "better"
    assert compare(scored["flat"], scored["good"], "brier")["verdict"] == "worse"
    low, high = scored["good"].interval("auc")
    assert low < scored["good"].value["auc"] < high
    noisy = score_all(table, {"flat": np.full(4000, table.y.mean()), "a": p, "b": np.roll(p, 1) * 0 + p[::1]}, "flat")
    assert compare(noisy["a"], noisy["b"], "auc")["verdict"] == UNDECIDED
    assert scored["flat"].value["log_skill"] == pytest.approx(0, abs=1e-9)


def test_draws_without_an_event_say_nothing_of_ranks() -> None:
    y, unit = np.zeros(40), np.repeat(np.arange(20), 2)
    y[0] = 1  # a third of all draws leave this country out
    p = np.where(y > 0, 0.5, 0.02)
    rows = Rows(y, unit, np.zeros(40, dtype=np.int64))
    scored = score_all(rows, {"flat": np.full(40, y.mean()), "good": p}, "flat")["good"]
    assert np.isnan(scored.draws["auc"]).mean() == pytest.approx(np.exp(-1), abs=0.05)
    assert scored.interval("auc") == (1.0, 1.0)
    assert scored.interval("expected_observed")[1] < 10


def test_without_an_event_nothing_is_scored(rows):
    table, p = rows
    with pytest.raises(AllegianceError, match="0 events in 4000 rows"):
        score_all(Rows(np.zeros(4000), table.unit, table.t), {"p": p}, "p")
    with pytest.raises(AllegianceError, match="not all probabilities"):
        score_all(table, {"p": np.where(p > 0.1, np.nan, p)}, "p")


def test_the_top_tenth_of_each_period_is_counted_with_ties_shared():
    t = np.repeat([0, 1], 20)
    flat = top_decile(np.ones(40), t)
    np.testing.assert_allclose(flat, 0.1)
    assert top_decile(np.arange(40.0), t).nonzero()[0].tolist() == [18, 19, 38, 39]


def test_reliability_groups_cover_all_rows_and_expect_alike(rows):
    table, p = rows
    groups = reliability(table.y, p)
    assert sum(g["rows"] for g in groups) == 4000
    assert sum(g["events"] for g in groups) == table.y.sum()
    expected = [g["forecast"] * g["rows"] for g in groups]
    assert max(expected) < 1.3 * min(expected)
