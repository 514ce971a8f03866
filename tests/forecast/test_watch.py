"""Facts, watch lists, scenarios, shapes, records, and the monthly issue."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from allegiance.base.errors import AllegianceError
from allegiance.cli import data as data_module
from allegiance.cli.forecast import in_region
from allegiance.cli.main import app
from allegiance.forecast import record
from allegiance.forecast.facts import facts, is_new, watch_list
from allegiance.forecast.issue import make_forecast
from allegiance.forecast.ledger import freeze, read
from allegiance.forecast.monthly import make_monthly, year_before
from allegiance.forecast.scenario import SCENARIOS, parse, protests
from allegiance.forecast.shapes import samples, shaped


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"coup_attempt_since": 0.0, "coup_attempt_60m": 1.0}, "a coup attempt 1 month ago"),
        ({"coup_attempt_since": 40.0, "coup_attempt_60m": 2.0}, "2 coup attempts in five years"),
        ({"coup_attempt_since": 5.0, "coup_attempt_60m": 0.0}, None),  # a young state: no coup ever
        ({"leader_months": 300.0}, "a leader of 25 years"),
        ({"civil_war": 1.0}, None),  # the source's column stays 1 for decades
        ({"battle_deaths": 1204.0}, "1,204 battle deaths in the last year counted"),
        ({"gdp_growth": -0.08}, "income per head fell by 8 %"),
        ({"gdp_growth": 0.03, "inflation": 3.0, "leader_months": 60.0}, None),
        ({"inflation": None, "protests": None}, None),
    ],
)
def test_facts_are_those_of_the_row(row: dict[str, float], said: str | None) -> None:
    assert list(facts(row).values()) == ([said] if said else [])


def test_the_watch_list_names_what_is_new() -> None:
    def table(p: list[float], told: list[list[str]]) -> pl.DataFrame:
        names = {"gwcode": [1, 2, 3], "country": ["A", "B", "C"], "iso3": ["AAA", "BBB", "CCC"]}
        return pl.DataFrame(names | {"probability": p}).with_columns(facts=pl.Series(told))

    before = table([0.01, 0.05, 0.02], [["war"], [], ["war"]])
    now = table([0.03, 0.04, 0.10], [["war", "a coup next door"], [], ["war"]])
    risen = watch_list(now, before, 1)
    assert risen["country"].to_list() == ["C", "A"]  # B fell
    assert risen["new"].to_list() == ["", "a coup next door"]
    assert risen["standing"].to_list() == ["war", "war"]
    assert risen["times"].to_list() == pytest.approx([5.0, 3.0])


@pytest.mark.parametrize(
    ("fact", "past", "elapsed", "new"),
    [
        ("a coup attempt 9 months ago", [], 1, True),
        ("a coup attempt 9 months ago", ["a coup attempt 8 months ago"], 1, False),
        ("a coup attempt 1 month ago", ["a coup attempt 8 months ago"], 1, True),
        ("1 coup attempt in five years", ["a coup attempt 23 months ago"], 12, False),
        ("a leader of 8 months", ["a leader of 9 months"], 12, True),
        ("a leader of 21 years", ["a leader of 20 years"], 12, False),
        ("prices rose by 63 %", ["prices rose by 33 %"], 12, False),
        ("military rule", ["a leader of 20 years"], 1, True),
    ],
)
def test_what_only_grew_older_is_no_news(fact: str, past: list[str], elapsed: int, new: bool) -> None:
    assert is_new(fact, past, elapsed) == new


@pytest.mark.parametrize("text", ["protest", "protests=much", "protests=-1", "protests=1e9", "", "nan"])
def test_faulty_scenarios_are_refused(text: str) -> None:
    with pytest.raises(AllegianceError):
        parse(text)


@pytest.mark.usefixtures("quick")
def test_scenarios_move_the_forecast_as_the_ridge_says(small_panel: pl.DataFrame) -> None:
    issue = make_forecast(Path("unused"), "coup_attempt", 12, date(1968, 6, 1))
    assert issue.scenario is not None
    under = issue.scenario([SCENARIOS["recession"], protests(2.0)])
    p = issue.table["probability"].to_list()
    # the made-up world has no protest: nothing can change; growth is not among its features either
    assert [u["protests × 2"] for u in under] == pytest.approx(p)
    poorer = parse("recession")
    from dataclasses import replace

    richer = replace(poorer, words="richer", put={}, add={"gdp_per_head": 1.0})
    moved = issue.scenario([richer])
    assert all(m["richer"] < q for m, q in zip(moved, p, strict=True))  # wealth protects in that world


@pytest.mark.usefixtures("quick")
def test_shapes_and_samples_agree_with_the_table() -> None:
    issue = make_forecast(Path("unused"), "coup_attempt", 12, date(1968, 6, 1))
    views = shaped(issue, "views")
    assert views.columns[:7] == ["country_id", "month_id", "name", "gwcode", "isoab", "year", "month"]
    assert views.select("year", "month", "month_id").unique().rows() == [(1969, 6, (1969 - 1980) * 12 + 6)]
    assert views["main_dich"].sum() == pytest.approx(issue.expected)
    cats = shaped(issue, "coupcats")
    assert cats.columns == ["country", "ccode", "year", "month", "prediction_prob"]
    assert cats["prediction_prob"].sum() == pytest.approx(100 * issue.expected)
    drawn = samples(issue, 400)
    assert drawn.height == 400 * issue.table.height
    mean = drawn.group_by("country_id").agg(pl.col("outcome").mean()).sort("country_id")["outcome"].to_numpy()
    assert np.corrcoef(mean, views["main_dich"].to_numpy())[0, 1] > 0.8
    assert drawn["outcome"].mean() == pytest.approx(float(views["main_dich"].mean()), rel=0.25)  # type: ignore[arg-type]
    with pytest.raises(AllegianceError, match="no shape"):
        shaped(issue, "excel")


@pytest.mark.usefixtures("quick")
def test_a_region_is_shown_alone_or_named() -> None:
    issue = make_forecast(Path("unused"), "coup_attempt", 12, date(1968, 6, 1))
    some = in_region(issue, "americas")
    assert set(some.table["region"]) == {"Americas"}
    assert len(some.pushes) == some.table.height < issue.table.height
    with pytest.raises(AllegianceError, match="no region 'Atlantis'"):
        in_region(issue, "Atlantis")


@pytest.mark.usefixtures("quick")
def test_the_record_of_a_state_says_what_came(small_panel: pl.DataFrame, tmp_path: Path) -> None:
    for year in (1966, 1969):
        freeze(make_forecast(Path("unused"), "coup_attempt", 12, date(year, 6, 1)), tmp_path)
    code = int(small_panel["gwcode"][0])
    done, open_ = record.record(tmp_path, code, Path("unused")).to_dicts()
    within = pl.col("month").is_between(date(1966, 7, 1), date(1967, 6, 1))
    window = small_panel.filter((pl.col("gwcode") == code) & within)
    assert done["happened"] == window["coup_attempt"].max()
    assert open_["happened"] is None  # reaches past the last month of the data
    assert record.record(tmp_path / "none", code, Path("unused")).is_empty()


@pytest.mark.usefixtures("quick")
def test_a_monthly_issue_is_coherent_and_scored_a_year_later(tmp_path: Path) -> None:
    first = make_monthly(Path("unused"), date(1967, 6, 1), ("coup_attempt", "coup_success"), (1, 12))
    assert set(first.issues) == {(o, h) for o in ("coup_attempt", "coup_success") for h in (1, 12)}
    at = {k: i.table.sort("gwcode")["probability"] for k, i in first.issues.items()}
    assert (at["coup_attempt", 1] <= at["coup_attempt", 12]).all()
    assert (at["coup_success", 12] < at["coup_attempt", 12]).all()
    for one in first.issues.values():
        freeze(one, tmp_path)
    assert len(read(tmp_path)) == 4
    scored = year_before(tmp_path, date(1968, 6, 1), Path("unused"))
    assert scored is not None
    assert scored["state"].unique().to_list() == ["scored"]
    assert year_before(tmp_path, date(1969, 6, 1), Path("unused")) is None
    assert first.table.height == 4 * first.issues["coup_attempt", 1].table.height


def test_a_folder_without_events_or_a_faulty_month_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["data", "get", "ucdp", "--data", str(tmp_path)])
    assert isinstance(result.exception, AllegianceError)
    assert "nothing was added" in str(result.exception)
    assert data_module._last_over().day == 1
    assert data_module._last_over() < datetime.now(UTC).date()
