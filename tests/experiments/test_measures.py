"""Measures against the tables they are taken from."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.cases.loader import load_case
from allegiance.experiments.measures import take
from allegiance.experiments.protocol import Measure, bind
from allegiance.runs.ensemble import Ensemble, simulate
from allegiance.runs.spec import RunSpec


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return simulate(load_case("reference"), RunSpec(members=4, days=70, scale=0.1, seed=3, threads=2))


@pytest.fixture(scope="module")
def meanings() -> dict[str, str]:
    return bind(load_case("reference"))


def test_a_column_its_presence_and_its_unit(ensemble: Ensemble, meanings: dict[str, str]) -> None:
    killed = ensemble.members["stronger.killed"].to_numpy()
    assert take(ensemble, Measure(column="{side}.killed", scaled=0.5), meanings)[0].tolist() == (killed / 2).tolist()
    assert take(ensemble, Measure(column="{side}.killed", any=True), meanings)[0].tolist() == [1.0] * 4
    with pytest.raises(AllegianceError, match=r"no outcome 'stronger\.kiled'"):
        take(ensemble, Measure(column="{side}.kiled"), meanings)


def test_events_are_summed_by_weight_and_force(ensemble: Ensemble, meanings: dict[str, str]) -> None:
    measure = Measure(events="desertion", force="{army}", days=(10, 30))
    rows = ensemble.events.filter(
        (pl.col("side") == "stronger") & (pl.col("force") == "army") & (pl.col("type") == "desertion")
        & pl.col("day").is_between(10, 29)
    )  # fmt: skip
    assert take(ensemble, measure, meanings)[0].sum() == pytest.approx(float(rows["weight"].sum()))


def test_daily_sums_and_side_wide_columns(ensemble: Ensemble, meanings: dict[str, str]) -> None:
    rows = ensemble.daily.filter((pl.col("side") == "stronger") & (pl.col("member") == 1))
    area = take(ensemble, Measure(daily=("area",), take="last"), meanings)[0][1]
    assert area == pytest.approx(float(rows.sort("day")["area"][-1])), "what a side has is not added up over its forces"
    strength = take(ensemble, Measure(daily=("strength",), take="max"), meanings)[0][1]
    assert strength == pytest.approx(float(rows.group_by("day").agg(pl.col("strength").sum())["strength"].max() or 0))


def test_half_of_what_came_had_come_by_the_half_day(ensemble: Ensemble, meanings: dict[str, str]) -> None:
    day = take(ensemble, Measure(daily=("killed",), take="half_rise"), meanings)[0]
    rows = ensemble.daily.filter((pl.col("side") == "stronger") & (pl.col("member") == 0))
    killed = rows.group_by("day").agg(pl.col("killed").sum()).sort("day")["killed"].to_numpy().astype(float)
    gained = killed - killed[0]
    assert gained[int(day[0])] >= gained[-1] / 2 > gained[int(day[0]) - 1]


def test_mantel_haenszel_is_that_of_statsmodels(ensemble: Ensemble, meanings: dict[str, str]) -> None:
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    measure = Measure(odds="desertion", exposed=("conscript",), against=("contract",))
    up, down = take(ensemble, measure, meanings)
    rows = ensemble.individuals.filter((pl.col("side") == "stronger") & (pl.col("form") == "desertion"))
    strata = []
    for _, one in rows.group_by("member", "tie_bin"):
        cells = {r["category"]: (r["count"], r["of"] - r["count"]) for r in one.iter_rows(named=True)}
        if {"conscript", "contract"} <= set(cells):
            strata.append(np.array([cells["conscript"], cells["contract"]]))
    assert up.sum() / down.sum() == pytest.approx(tables.StratifiedTable(strata).oddsratio_pooled)


def test_months_with_an_event_are_at_most_the_months_of_war(ensemble: Ensemble, meanings: dict[str, str]) -> None:
    months, whole = take(ensemble, Measure(events="desertion", take="months"), meanings)
    assert (whole == ensemble.members["war.duration_days"].to_numpy() // 30).all()
    assert (months <= whole).all()
    assert months.sum() > 0
