"""The panel: keys, states, outcomes and the lag of every feature, on real tables and on a small hand-made folder."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from panel_sample import write_sample

from allegiance.base.errors import AllegianceError
from allegiance.evidence.folder import read_table
from allegiance.evidence.states import states
from allegiance.forecast.features import MONTH_FEATURES, PANEL, REFUSED, feature_words
from allegiance.forecast.panel import KEYS, OUTCOMES, build_panel, cut, feature_names


@pytest.fixture(scope="session")
def panel(data_dir: Path) -> pl.DataFrame:
    return build_panel(data_dir)


@pytest.fixture(scope="session")
def years(data_dir: Path) -> pl.DataFrame:
    return build_panel(data_dir, "year")


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return write_sample(tmp_path / "data")


def row(panel: pl.DataFrame, gwcode: int, month: date) -> dict[str, object]:
    return panel.row(by_predicate=(pl.col("gwcode") == gwcode) & (pl.col("month") == month), named=True)


def test_keys_are_unique_known_and_sorted(panel: pl.DataFrame, years: pl.DataFrame) -> None:
    for table in (panel, years):
        assert not table.select("gwcode", "month").is_duplicated().any()
        assert table.select("gwcode", "month").equals(table.select("gwcode", "month").sort("gwcode", "month"))
        assert set(table["gwcode"]) <= set(states()["gwcode"])
        assert set(KEYS) | set(OUTCOMES) < set(table.columns)


def test_bar_rows_of_the_country_month_test(panel: pl.DataFrame) -> None:
    test = panel.filter(pl.col("month").dt.year().is_between(2005, 2019))
    assert (test.height, test["coup_attempt"].sum()) == (34_980, 32)


def test_bar_rows_of_forecaster2(years: pl.DataFrame, data_dir: Path) -> None:
    table = pl.read_csv(data_dir / "forecaster2" / "forecasts_2011_2020.csv.gz")
    for outcome, ours, events in (("attempt", "coup_attempt", 18), ("coup", "coup_success", None)):
        bar = table.filter((pl.col("outcome") == outcome) & pl.col("for_year").is_between(2011, 2019))
        keyed = bar.select(pl.col("gwcode").cast(pl.Int32), pl.date("for_year", 1, 1).alias("month"), "observed")
        both = keyed.join(years, on=["gwcode", "month"])
        assert both.height == 1518
        assert (both["observed"].cast(pl.Int8) == both[ours]).all()
        assert events is None or both[ours].sum() == events


def test_attempts_are_successes_and_failures(panel: pl.DataFrame) -> None:
    known = panel.drop_nulls(["coup_attempt"])
    assert (known["coup_attempt"] == known["coup_success"] + known["coup_failed"]).all()


@pytest.mark.parametrize(
    ("gwcode", "first", "last", "months"),
    [
        (260, date(1990, 1, 1), date(1990, 12, 1), 12),  # one Germany all through 1990
        (265, date(1990, 10, 1), date(1990, 10, 1), 1),  # East Germany's last month
        (678, date(1990, 1, 1), date(1990, 12, 1), 12),  # one Yemen
        (345, date(2006, 1, 1), date(2006, 5, 1), 5),  # Yugoslavia, then
        (340, date(2006, 6, 1), date(2006, 12, 1), 7),  # Serbia
        (817, date(1975, 4, 1), date(1975, 4, 1), 1),  # South Vietnam's last month
        (816, date(1975, 1, 1), date(1976, 12, 1), 24),  # Vietnam goes on under one code
    ],
)
def test_states_that_change_codes(panel: pl.DataFrame, gwcode: int, first: date, last: date, months: int) -> None:
    mine = panel.filter((pl.col("gwcode") == gwcode) & pl.col("month").is_between(first, last) & pl.col("in_system"))
    assert mine.height == months


def test_serbia_remembers_yugoslavia(panel: pl.DataFrame) -> None:
    before, after = row(panel, 345, date(2006, 5, 1)), row(panel, 340, date(2006, 6, 1))
    assert after["coup_attempt_since"] == before["coup_attempt_since"] + 1  # type: ignore[operator]
    assert after["polyarchy"] == before["polyarchy"]


def test_history_of_mali_2012(panel: pl.DataFrame) -> None:
    """A coup in March, a failed one in May: each is in the next month's row and not in its own."""
    since = {m: row(panel, 432, date(2012, m, 1)) for m in (3, 4, 5, 6)}
    assert [since[m]["coup_attempt"] for m in (3, 4, 5, 6)] == [1, 0, 1, 0]
    assert [since[m]["coup_attempt_12m"] for m in (3, 4, 5, 6)] == [0, 1, 1, 2]
    assert [since[m]["coup_attempt_since"] for m in (4, 5, 6)] == [0, 1, 0]
    assert since[3]["leader_months"] > 100  # the leader of the first of March
    assert since[4]["leader_months"] == 1


def test_release_lags_on_known_dates(panel: pl.DataFrame) -> None:
    """V-Dem's 2012 collapse of Malian democracy was public with the release of March 2013, UCDP's wars in July."""
    polyarchy = {m: row(panel, 432, date(2013, m, 1))["polyarchy"] for m in (1, 3, 4)}
    assert polyarchy[1] == polyarchy[3] == 0.604
    assert polyarchy[4] == 0.353
    war = {m: row(panel, 770, date(1972, m, 1))["civil_war"] for m in (7, 8)}
    assert war == {7: 0.0, 8: 1.0}  # Pakistan's war of 1971
    iraq = {(y, m): row(panel, 645, date(y, m, 1))["interstate_conflict"] for y, m in ((1981, 6), (1981, 8))}
    assert iraq == {(1981, 6): 0.0, (1981, 8): 1.0}  # the war of September 1980


def test_leaders_are_given_as_of_the_start_of_the_month(data_dir: Path) -> None:
    """The claim on which leaders carry no further lag: coups reset the clock in the next row, not in their own."""
    raw = read_table(data_dir, PANEL).sort("ccode", "year", "month")
    fresh = (pl.col("Leader_duration") <= 1).over("ccode")
    raw = raw.with_columns(now=fresh, after=fresh.shift(-1).over("ccode"), before=fresh.shift(1).over("ccode"))
    coups = raw.filter(pl.col("coup_successful") == 1)
    assert coups["after"].mean() > 0.9  # type: ignore[operator]
    assert coups["now"].mean() < 0.05  # type: ignore[operator]


def test_elec_lag_looks_ahead_and_is_refused(data_dir: Path) -> None:
    """Why `elec_lag` is no feature: it is set before the vote; `elec_lead`, set from the vote on, is."""
    months = read_table(data_dir, PANEL).with_columns(t=pl.col("year") * 12 + pl.col("month"))
    votes = read_table(data_dir, "coupcats-country-month/elections_reign_update_2025_09")
    votes = votes.filter(pl.col("event").str.starts_with("Vote")).drop_nulls(["elec_year", "elec_month"])
    before = votes.select(
        pl.col("ccode").cast(pl.Int64), t=(pl.col("elec_year") * 12 + pl.col("elec_month") - 1).cast(pl.Int64)
    ).unique()
    eve = months.join(before, on=["ccode", "t"]).filter(pl.col("year") > 1985)
    assert (eve["elec_lag"] > 0).mean() > 0.7  # type: ignore[operator]
    assert (eve["elec_lead"] > 0).mean() < 0.2  # type: ignore[operator]
    assert "elec_lag" in REFUSED
    assert all(f.column not in REFUSED or f.table != PANEL for f in MONTH_FEATURES)


def test_mutiny_outcome(panel: pl.DataFrame) -> None:
    late = panel.filter(pl.col("month") > date(2018, 12, 1))
    assert late["mutiny"].null_count() == late.height
    mali = panel.filter((pl.col("gwcode") == 432) & pl.col("month").is_between(date(2012, 11, 1), date(2013, 10, 1)))
    assert mali["mutiny"].to_list() == [0, 1, *[None] * 9, 0]
    assert panel["mutiny"].sum() == 327


def test_every_feature_has_words_and_a_lag(panel: pl.DataFrame) -> None:
    assert set(feature_names(panel)) == set(feature_words())
    assert all(f.release >= -1 for f in MONTH_FEATURES)
    assert len({f.name for f in MONTH_FEATURES}) == len(MONTH_FEATURES)


def test_coding_rule_decides_ukraine_2014(data_dir: Path, panel: pl.DataFrame) -> None:
    colpus = build_panel(data_dir, coding="colpus")
    month = date(2014, 2, 1)
    assert (row(panel, 369, month)["coup_attempt"], row(colpus, 369, month)["coup_attempt"]) == (1, 0)
    assert row(colpus, 369, date(2014, 3, 1))["coup_attempt_12m"] == 0


def test_built_in_time(data_dir: Path) -> None:
    start = time.perf_counter()
    build_panel(data_dir)
    assert time.perf_counter() - start < 20


# ---- the same on a hand-made folder of three states, wherever tests run


def test_sample_panel(sample: Path) -> None:
    panel = build_panel(sample)
    assert panel["month"].max() == date(2002, 1, 1)
    assert panel.filter(pl.col("month") == date(2002, 1, 1))["coup_attempt"].null_count() == 3
    assert row(panel, 432, date(2001, 6, 1))["coup_attempt"] == 1
    assert row(panel, 432, date(2001, 6, 1))["coup_attempt_12m"] == 0
    assert row(panel, 432, date(2001, 7, 1))["coup_attempt_12m"] == 1
    assert row(panel, 433, date(2001, 7, 1))["coup_attempt_region_12m"] == 1
    assert row(panel, 200, date(2001, 7, 1))["coup_attempt_region_12m"] == 0
    assert row(panel, 200, date(2001, 7, 1))["coup_attempt_world_12m"] == 1
    assert row(panel, 433, date(2001, 3, 1))["polyarchy"] == pytest.approx(0.99)  # described 1999
    assert row(panel, 433, date(2001, 4, 1))["polyarchy"] == pytest.approx(1.00)  # 2000, released in March


def test_sample_years(sample: Path) -> None:
    panel = build_panel(sample, "year")
    assert panel["month"].max() == date(2002, 1, 1)
    assert row(panel, 432, date(2002, 1, 1))["coup_attempt_1y"] == 1
    assert row(panel, 432, date(2001, 1, 1))["coup_attempt_1y"] == 0


def test_without_mutinies_their_outcome_is_unknown(sample: Path) -> None:
    (sample / "coupcats-country-month" / "mutiny_spells.csv").unlink()
    panel = build_panel(sample)
    assert panel["mutiny"].null_count() == panel.height
    assert panel["mutiny_12m"].null_count() == panel.height


def test_cut_leaves_one_empty_month(sample: Path) -> None:
    whole = build_panel(sample)
    early = build_panel(sample, as_of=date(2001, 5, 1))
    assert early["month"].max() == date(2001, 6, 1)
    last = early.filter(pl.col("month") == date(2001, 6, 1))
    assert all(last[o].null_count() == last.height for o in OUTCOMES)
    assert early.drop(OUTCOMES).equals(whole.filter(pl.col("month") <= date(2001, 6, 1)).drop(OUTCOMES))


@pytest.mark.parametrize("day", [date(1960, 1, 1), date(2030, 1, 1)])
def test_as_of_outside_the_data_is_refused(sample: Path, day: date) -> None:
    with pytest.raises(AllegianceError, match="outside the data"):
        cut(build_panel(sample), day)


def test_faults_are_named(sample: Path) -> None:
    path = sample / f"{PANEL}.csv"
    good = pl.read_csv(path)

    pl.concat([good, good.head(1)]).write_csv(path)
    with pytest.raises(AllegianceError, match="share a key"):
        build_panel(sample)

    good.with_columns(ccode=pl.when(pl.col("ccode") == 432).then(999).otherwise(pl.col("ccode"))).write_csv(path)
    with pytest.raises(AllegianceError, match="unknown country code 999"):
        build_panel(sample)

    good.drop("polyarchy").write_csv(path)
    with pytest.raises(AllegianceError, match="lacks column polyarchy"):
        build_panel(sample)

    path.unlink()
    with pytest.raises(AllegianceError, match="no table"):
        build_panel(sample)

    with pytest.raises(AllegianceError, match="no panel by 'week'"):
        build_panel(sample, "week")  # type: ignore[arg-type]
