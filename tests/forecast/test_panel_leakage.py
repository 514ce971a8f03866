"""No row of the panel may know what came after its first day: planted futures, shuffled futures, moved sources."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from panel_sample import STATES, write_sample

from allegiance.forecast.features import MILITARY, MONTH_FEATURES, PANEL, Feature
from allegiance.forecast.outcomes import OUTCOMES
from allegiance.forecast.panel import build_panel, feature_names
from allegiance.forecast.panel_year import YEAR_FEATURES

CUT = date(2001, 4, 1)
"""The panel cut here has rows to May 2001, which may hold only what was public on the first of May."""
FIRST_OF_MAY = 2001 * 12 + 4


def public_from(table: str, column: str) -> pl.Expr:
    """The month in which a source's value became public, worked out from the declared lags alone."""
    month = pl.col("year") * 12 + (pl.col("month") - 1 if table in (PANEL, MILITARY) else 0)
    names = {column, "protests_counted"} if column in ("protests", "stability_WB") else {column}  # made from both
    declared = [f for f in (*MONTH_FEATURES, *YEAR_FEATURES) if f.table == table and f.column in names]
    dates = [
        month + 1 + f.release if f.cadence == "month" else (pl.col("year") - f.lagged + 1) * 12 + f.release
        for f in declared
    ]
    outcome = month + 1 if table in (PANEL, MILITARY) else (pl.col("year") + 1) * 12
    return pl.min_horizontal(dates or [outcome])


def scrambled(frame: pl.DataFrame, table: str, future: bool, rng: np.random.Generator) -> pl.DataFrame:
    """The frame with noise in place of every value that became public after (or by) the first of May 2001."""
    keys = {"ccode", "gwcode", "year", "month", "government"}
    noise = []
    for column in frame.columns:
        if column not in keys:
            late = public_from(table, column) > FIRST_OF_MAY
            values = pl.Series(rng.integers(0, 2, frame.height))
            noise.append(pl.when(late if future else ~late).then(values).otherwise(pl.col(column)).alias(column))
    return frame.with_columns(noise)


def scramble_folder(folder: Path, future: bool) -> None:
    rng = np.random.default_rng(0)
    for path in sorted(folder.glob("*/*.csv")):
        frame = pl.read_csv(path)
        if "year" in frame.columns:
            scrambled(frame, f"{path.parent.name}/{path.stem}", future, rng).write_csv(path)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return write_sample(tmp_path / "data")


def test_scrambling_the_future_changes_no_earlier_row(sample: Path) -> None:
    before = build_panel(sample, as_of=CUT)
    scramble_folder(sample, future=True)
    assert before.equals(build_panel(sample, as_of=CUT))
    assert not before.equals(build_panel(sample))


def test_scrambling_the_future_changes_no_earlier_year(sample: Path) -> None:
    first_of_2001 = date(2000, 1, 1)
    before = build_panel(sample, "year", as_of=first_of_2001)
    for path in sample.glob("*/*.csv"):
        frame = pl.read_csv(path)
        if "year" in frame.columns:
            values = [c for c in frame.columns if c not in {"ccode", "gwcode", "year", "month", "government"}]
            late = pl.col("year") >= 2001
            frame.with_columns(pl.when(late).then(1).otherwise(pl.col(c)).alias(c) for c in values).write_csv(path)
    assert before.equals(build_panel(sample, "year", as_of=first_of_2001))


def test_scrambling_the_past_does_change_rows(sample: Path) -> None:
    """The guard can fail: values that were public do reach the panel."""
    before = build_panel(sample, as_of=CUT)
    scramble_folder(sample, future=False)
    assert not before.equals(build_panel(sample, as_of=CUT))


@pytest.mark.parametrize("feature", [f for f in MONTH_FEATURES if f.cadence == "month"], ids=lambda f: f.name)
def test_a_monthly_value_enters_in_its_month_and_not_before(sample: Path, feature: Feature) -> None:
    """Plant a mark in one month of the source; it must appear first exactly `release + 1` months later."""
    if feature.name == "protests_counted":
        pytest.skip("made from the same column as protests")
    mark = 777.0
    path = sample / f"{feature.table}.csv"
    here = (pl.col("ccode") == 433) & (pl.col("year") == 2000) & (pl.col("month") == 9)
    frame = pl.read_csv(path)
    if feature.table == MILITARY:
        frame = pl.concat([frame, pl.DataFrame({"ccode": [433], "year": [2000], "month": [9], "milreg": [1]})])
        mark = 1.0
    else:
        frame = frame.with_columns(pl.when(here).then(mark).otherwise(pl.col(feature.column)).alias(feature.column))
    frame.write_csv(path)
    panel = build_panel(sample).filter(pl.col("gwcode") == 433)
    seen = panel.filter(pl.col(feature.name) == mark)["month"].to_list()
    month = 9 + 1 + feature.release
    assert seen == [date(2000 + (month - 1) // 12, (month - 1) % 12 + 1, 1)]


@pytest.mark.parametrize("feature", [f for f in MONTH_FEATURES if f.cadence == "year"], ids=lambda f: f.name)
def test_a_yearly_value_enters_with_its_release_and_not_before(sample: Path, feature: Feature) -> None:
    """Plant a mark in one year of the source; it must appear first in the month after the release."""
    mark, year = 777.0, 2000
    path = sample / f"{feature.table}.csv"
    code = "ccode" if feature.table == PANEL else "gwcode"
    frame = pl.read_csv(path)
    column = pl.when((pl.col(code) == 433) & (pl.col("year") == year)).then(mark).otherwise(pl.col(feature.column))
    frame.with_columns(column.alias(feature.column)).write_csv(path)
    panel = build_panel(sample).filter(pl.col("gwcode") == 433)
    seen = panel.filter(pl.col(feature.name) == mark)["month"].to_list()
    number = (year - feature.lagged + 1) * 12 + feature.release
    due = date(number // 12, number % 12 + 1, 1)
    if due > date(2002, 1, 1):
        assert seen == []
    else:
        assert seen[0] == due


def test_moving_a_source_by_a_month_is_noticed(sample: Path) -> None:
    """What these tests are for: a source whose months are one too early puts the future into the panel."""
    honest = build_panel(sample)
    path = sample / f"{PANEL}.csv"
    frame = pl.read_csv(path)
    moved = frame.sort("ccode", "year", "month").with_columns(
        pl.col("coup_attempt").shift(-1).over("ccode").fill_null(0)
    )
    moved.write_csv(path)
    shifted = build_panel(sample)
    may = (pl.col("gwcode") == 432) & (pl.col("month") == date(2001, 6, 1))
    assert honest.filter(may)["coup_attempt_12m"].item() == 0
    assert shifted.filter(may)["coup_attempt_12m"].item() == 1  # the coup of June is known on the first of June


def test_a_planted_future_column_has_no_effect(sample: Path) -> None:
    before = build_panel(sample)
    path = sample / f"{PANEL}.csv"
    frame = pl.read_csv(path).sort("ccode", "year", "month")
    planted = frame.with_columns(
        next_coup=pl.col("coup_attempt").shift(-1).over("ccode"),
        elec_lag=pl.col("coup_attempt"),
        mutiny6=pl.col("coup_attempt"),
        pce=pl.col("coup_attempt"),
    )
    planted.write_csv(path)
    assert build_panel(sample).equals(before)


def test_features_of_a_month_do_not_hold_its_outcome(data_dir: Path) -> None:
    """On real tables: change what happened in one month, and only later rows may differ."""
    panel = build_panel(data_dir, as_of=date(2012, 2, 1))
    later = build_panel(data_dir, as_of=date(2012, 3, 1))
    features = feature_names(panel)
    march = pl.col("month") <= date(2012, 3, 1)
    assert panel.filter(march).select(features).equals(later.filter(march).select(features))
    correlated = later.filter(pl.col("coup_attempt").is_not_null())
    for name in features:
        pair = correlated.select(name, "coup_attempt").drop_nulls()
        if pair.height and pair[name].n_unique() > 1:
            r = pair.select(pl.corr(name, "coup_attempt")).item()
            assert abs(r) < 0.5, f"{name} all but tells the outcome (r = {r:.2f})"


def test_three_states(sample: Path) -> None:
    panel = build_panel(sample)
    assert sorted(set(panel["gwcode"])) == list(STATES)
    assert set(OUTCOMES) < set(panel.columns)
