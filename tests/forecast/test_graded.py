"""Graded labels, the trees that learn from them, and the level of safe states."""

from __future__ import annotations

import warnings
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from made import world

from allegiance.forecast.grades import CSP, with_grades
from allegiance.forecast.models.boosting import Boosting
from allegiance.forecast.models.frame import make_frame, make_task, standardise
from allegiance.forecast.models.graded import BINS, Bins, Graded, _grow
from allegiance.forecast.models.tail import learn_stretch, stretch, threshold
from allegiance.forecast.panel import GRADE, cut, feature_names
from allegiance.forecast.rolling import one_thread_each, side_by_side


def months(*coups: tuple[int, int]) -> pl.DataFrame:
    """Mali and Iraq in 2012; `coups` are (gwcode, month) of Powell and Thyne's attempts; December is not known."""
    rows = [
        {"gwcode": g, "month": date(2012, m, 1), "coup_attempt": None if m == 12 else int((g, m) in coups)}
        for g in (432, 645) for m in range(1, 13)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema={"gwcode": pl.Int32, "month": pl.Date, "coup_attempt": pl.Int8})


def write(folder: Path, name: str, frame: pl.DataFrame) -> None:
    path = folder / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_csv(path)


def grade(panel: pl.DataFrame, gwcode: int, month: int) -> float | None:
    value = panel.filter((pl.col("gwcode") == gwcode) & (pl.col("month") == date(2012, month, 1)))[GRADE].item()
    return None if value is None else float(value)


def test_grades_of_each_list(tmp_path: Path) -> None:
    """1 for Powell and Thyne, 0.7 where only another list has an attempt, 0.3 for a plot, null where unknown."""
    csp = {"country": ["Mali", "Iraq", "Iraq", "Mali", "Iraq"], "year": [2012] * 5, "mth": [3, 5, 6, 6, 12],
           "success": [1, 2, 3, 4, 1]}  # fmt: skip
    write(tmp_path, CSP, pl.DataFrame(csp))
    panel = with_grades(months((432, 3)), tmp_path)
    assert [grade(panel, g, m) for g, m in ((432, 3), (645, 5), (645, 6), (432, 6), (432, 1), (645, 12))] == [
        1.0, 0.7, 0.3, 0.3, 0.0, None,
    ]  # fmt: skip
    assert GRADE not in feature_names(panel)


def test_without_other_lists_the_grade_is_the_attempt(tmp_path: Path) -> None:
    panel = with_grades(months((432, 3)), tmp_path)
    known = panel.drop_nulls("coup_attempt")
    assert known[GRADE].to_list() == known["coup_attempt"].to_list()


def test_a_cut_panel_knows_no_later_grade() -> None:
    panel = world(years=6).with_columns(pl.lit(0.7).alias(GRADE))
    then = cut(panel, date(1952, 5, 1)).filter(pl.col("month") == date(1952, 6, 1))
    assert then[GRADE].null_count() == then.height > 0


@pytest.fixture(scope="module")
def frame():
    return make_frame(world(years=30, rate=0.02))


def task(frame, year: int, memory: dict[str, object] | None = None):
    z = standardise(frame, year * 12)
    return make_task(frame, "coup_attempt", 1, year * 12, z, {} if memory is None else memory)


def test_trees_find_what_makes_the_difference_and_are_calibrated(frame) -> None:
    with one_thread_each():
        fit = Graded().fit(task(frame, 1977))
    rows = np.flatnonzero((frame.t >= 1977 * 12) & (frame.t < 1978 * 12))
    p = fit.predict(rows)
    wealth = frame.x[rows, frame.names.index("gdp_per_head")]
    assert p[wealth < -0.5].mean() > 2 * p[wealth > 0.5].mean()
    late = (frame.t >= 1972 * 12) & (frame.t < 1977 * 12)
    said = fit.predict(np.flatnonzero(late))
    assert 0.8 < said.sum() / frame.y["coup_attempt"][late].sum() < 1.25


def test_past_forecasts_are_those_of_trees_grown_before(frame) -> None:
    """What is said of a year does not change when later years are added; nothing is said before there were trees."""
    memory: dict[str, object] = {}
    with one_thread_each():
        early = Graded().fit(task(frame, 1971, memory))
        later = Graded().fit(task(frame, 1977, memory))
    then = frame.t < 1971 * 12
    np.testing.assert_array_equal(early.raw[then], later.raw[then])
    assert np.isnan(later.raw[frame.t < 1951 * 12]).all()


def test_grades_move_what_is_learned(frame) -> None:
    """Plots in rich states alone: trees that see them say more of rich states than those that do not."""
    y = dict(frame.y)
    rich = frame.x[:, frame.names.index("gdp_per_head")] > 0.5
    y[GRADE] = np.where(rich & (np.arange(len(rich)) % 10 == 0), 0.7, frame.y["coup_attempt"])
    from dataclasses import replace

    graded = replace(frame, y=y, _targets={})
    with one_thread_each():
        plain, seen = (_grow(f, "coup_attempt", 1, 1977 * 12) for f in (frame, graded))
    assert plain is not None
    assert seen is not None
    rows = rich & (frame.t == 1977 * 12)
    said = [model.decision_function(bins.codes(frame.x[rows])).mean() for bins, _, model in (plain, seen)]
    assert said[1] > said[0] + 1
    assert seen[1] < plain[1] + 1e-9  # and the shift takes the level of grades back to that of events


def test_bins_keep_order_and_gaps_and_leave_out_what_says_nothing() -> None:
    rng = np.random.default_rng(1)
    x = np.column_stack([rng.normal(size=4000), np.full(4000, 2.0), rng.integers(0, 3, 4000), rng.normal(size=4000)])
    x[::7, 0] = np.nan
    bins = Bins(x, np.array([True, True, True, False]))
    assert list(bins.edges) == [0, 2]  # the second never varies, the fourth is not known in the year to come
    codes = bins.codes(x)
    assert np.isnan(codes[:, 0]).tolist() == np.isnan(x[:, 0]).tolist()
    known = codes[~np.isnan(codes[:, 0]), 0]
    assert len(np.unique(known)) == BINS
    assert np.unique(known, return_counts=True)[1].std() < 2  # quantiles: as many rows in each
    order = np.argsort(x[~np.isnan(x[:, 0]), 0])
    assert (np.diff(known[order]) >= 0).all()
    assert codes[:, 1].tolist() == x[:, 2].tolist()


def test_other_trees_leave_what_these_keep(frame) -> None:
    """Growing the boosted trees anew must not make the graded ones grow again."""
    memory: dict[str, object] = {}
    with one_thread_each():
        for year in (1974, 1975):  # boosted trees are grown anew in 1975
            Boosting().fit(task(frame, year, memory))
            Graded().fit(task(frame, year, memory))
            kept = memory["graded coup_attempt 1"]
        Boosting().fit(task(frame, 1980 - 1, memory))
    assert memory["graded coup_attempt 1"] is kept
    assert [k for k in memory if k.startswith("raw ")] == ["raw coup_attempt 1 23700"]


def test_safe_states_come_to_sum_to_what_happens() -> None:
    rng = np.random.default_rng(0)
    truth = np.exp(rng.uniform(np.log(1e-5), np.log(0.2), 60_000))
    y = (rng.random(len(truth)) < truth).astype(float)
    edge = threshold(12)
    blurred = np.where(truth < edge, edge * (truth / edge) ** 0.3, truth)  # probability spread over safe states
    factor = learn_stretch(blurred, y, 12, 1)
    safe = blurred < edge
    before, after = (p[safe].sum() / y[safe].sum() for p in (blurred, stretch(blurred, factor, 12)))
    assert before > 1.5
    assert 0.85 < after < 1.15
    np.testing.assert_allclose(stretch(blurred, factor, 12)[~safe], blurred[~safe])
    order = np.argsort(blurred)
    assert (np.diff(stretch(blurred, factor, 12)[order]) >= 0).all()


def test_nothing_is_stretched_where_nothing_is_known() -> None:
    assert learn_stretch(np.empty(0), np.empty(0), 12, 12) == 1.0
    assert learn_stretch(np.full(100, 0.001), np.zeros(100), 12, 12) == pytest.approx(1.0, abs=0.2)


def test_trees_grown_side_by_side_say_nothing_of_scikit_learn_and_leave_the_filters_alone() -> None:
    """Filters that were emptied, as scikit-learn empties them for moments, are back; other warnings are told."""
    with warnings.catch_warnings(record=True) as heard:
        before = list(warnings.filters)
        with side_by_side():
            warnings.resetwarnings()
            warnings.warn("`sklearn.utils.parallel.delayed` should be used with `Parallel`", UserWarning, stacklevel=1)
            warnings.warn("something else", UserWarning, stacklevel=1)
        assert warnings.filters == before
    assert [str(w.message) for w in heard] == ["something else"]
