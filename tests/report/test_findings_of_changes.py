"""Titles of comparisons, attributions, updates and records: sure, small, open and empty."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from made_up import make_case

from allegiance.report.findings import changes, records

START = date(2001, 3, 1)


def row(
    key: str, difference: float, half: float, unit: str = "percentage points", side: str = "north"
) -> dict[str, Any]:
    ends = {"low": difference - half, "high": difference + half, "baseline": 50.0, "changed": 50.0 + difference}
    return {
        "key": f"{side}.{key}" if side else key,
        "side": side,
        "unit": unit,
        "difference": difference,
        "step": 1.0,
        **ends,
    }


def test_the_gravest_change_leads_and_the_others_are_counted() -> None:
    rows = [
        row("desertion", 20.0, 1.0),
        row("mutiny?", -10.0, 2.0),
        row("shirking", 0.1, 0.05),
        row("refusal", 9.0, 20.0),
    ]
    said = changes.outcomes(make_case(), rows)
    assert said.startswith("The probability of a mutiny in Northland falls from 50 to 40 %")
    assert said.endswith("2 of 4 outcomes change by a readable size")


def test_small_and_open_changes_are_no_findings() -> None:
    rows = [row("shirking", 0.1, 0.05), row("mutiny?", 9.0, 20.0)]
    assert changes.outcomes(make_case(), rows) == "No outcome changes by a readable size beyond its interval"
    war = [row("war.duration_days", 9.0, 1.0, "days", "")]
    assert (
        changes.outcomes(make_case(), war)
        == "1 of 1 outcomes change by a readable size, none of them a form of disloyalty"
    )


def days(difference: float, half: float) -> pl.DataFrame:
    return pl.DataFrame({"day": [0, 1], "difference": [0.0, difference], "low": [0.0, difference - half],
                         "high": [0.0, difference + half]})  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "since", "said"),
    [
        (days(109.0, 9.0), 1, "Deserters: 109 more at the end (100 to 118), there since 2 March 2001"),
        (days(-109.0, 9.0), 1, "Deserters: 109 fewer at the end (100 to 118), there since 2 March 2001"),
        (days(109.0, 200.0), None, "Deserters: no clear difference at the end"),
        (days(109.0, 200.0), 0, "Deserters: no clear difference at the end, one since 1 March 2001 that does not last"),
        (days(5.0, 1.0), 1, "Deserters: no material change at the end"),
    ],
)
def test_a_difference_by_day_is_told_where_it_is_sure_and_large(
    rows: pl.DataFrame, since: int | None, said: str
) -> None:
    assert changes.by_day("Deserters", rows, START, since, step=20.0) == said


def test_a_ratio_is_told_in_its_own_unit() -> None:
    assert "0.12 higher" in changes.by_day("Capability", days(0.12, 0.05), START, 0, step=20.0, ratio=True)


def test_contributions_whose_intervals_hold_zero_are_none() -> None:
    told = {"condition": "poor-pay", "shapley": 12.0, "low": 8.0, "high": 16.0, "unit": "percentage points"}
    open_ = {**told, "condition": "ties", "shapley": 30.0, "low": -5.0, "high": 65.0}
    both = [open_, told]
    assert changes.steps("Mutiny", both, both) == "Mutiny: most comes from poor pay, 12.0 pp (8.00 to 16.0)"
    assert changes.steps("Mutiny", [told], []) == "Mutiny: no condition changes it by a readable size"
    assert changes.steps("Mutiny", [open_], [open_]) == "Mutiny: no condition's contribution is told apart from none"


def test_what_conditions_do_together() -> None:
    rows = pl.DataFrame(
        {"joint": [10.0, -10.0, 5.0], "beyond_sum": [3.0, 3.0, 1.0], "low": [1.0, 1.0, -1.0], "high": [5.0, 5.0, 3.0]}
    )
    assert (
        changes.together(rows)
        == "Together conditions do more in 1 and less in 1 of 3 outcomes than the sum of each alone"
    )
    assert changes.together(rows.tail(1)).startswith("In none of 1 outcomes")
    assert (
        changes.together(rows.head(0))
        == "All conditions together change no outcome by a readable size beyond its interval"
    )


def test_reports_move_or_hardly_move_a_curve() -> None:
    before = np.array([100.0, 200.0, 300.0])
    assert changes.after_reports("Killed", before, before * 2, True) == (
        "Killed: 400 (220–580) at the end, before the reports 200 (110–290)"
    )
    assert changes.after_reports("Killed", before, before * 1.01, True).startswith("Killed: the reports hardly move it")


def test_a_sweep_rises_only_where_the_intervals_at_its_ends_are_apart() -> None:
    rows = pl.DataFrame({"x": [0.1, 0.9], "median": [10.0, 90.0], "low": [5.0, 80.0], "high": [15.0, 95.0]})
    assert changes.swept("Mutiny", "x", rows) == "Mutiny rises with x: 10.0 at 0.1, 90.0 at 0.9"
    wide = rows.with_columns(high=pl.lit(95.0))
    assert "overlap" in changes.swept("Mutiny", "x", wide)
    assert "too few points" in changes.swept("Mutiny", "x", rows.head(1))


STATES = pl.DataFrame({"country": ["A", "B", "C", "D", "E"], "probability": [0.1, 0.3, 0.05, 0.0, 0.2],
                       "low": [0.05, 0.2, 0.01, 0.0, 0.03], "climatology": [0.04] * 5})  # fmt: skip


def test_maps_name_the_highest_and_count_those_that_share_the_place() -> None:
    assert records.highest(STATES, "mutiny") == "Highest for mutiny: B 30 %, E 20 %, A 10 %"
    same = STATES.with_columns(probability=pl.lit(1.0))
    assert records.highest(same, "mutiny") == "5 of 5 states share the first place for mutiny, at 100 %"
    assert records.highest(STATES.head(0), "mutiny") == "No state stands above zero for mutiny"
    assert records.above_average(STATES.sort("probability", descending=True), 3).startswith(
        "2 of the 3 highest stand above"
    )


def test_reasons_by_theme_and_of_one_state() -> None:
    one = [SimpleNamespace(theme="protest", push=0.9), SimpleNamespace(theme="wealth", push=-0.5)]
    assert records.pushes([one, one, [one[1]]]) == "Protest raises the odds most in 2 of 3 states"
    assert records.pushes([[one[1]]]) == "Nothing raises their odds above the average state's"
    assert records.reason("Mali", []) == "Mali: nothing sets it apart from the average state"
    assert "raises it most" in records.reason("Mali", one[:1])
    assert "lowers" not in records.reason("Mali", one[:1])


def test_skill_is_told_only_where_its_interval_leaves_out_zero() -> None:
    sure = {"model": "m", "log_skill": 0.2, "log_skill_low": 0.1, "log_skill_high": 0.3}
    assert records.skill([sure], "m") == "What is issued is 20 % better than the world's rate (10 to 30 %)"
    assert "cannot be told apart" in records.skill([{**sure, "log_skill_low": -0.1}], "m")
    assert "worse" in records.skill([{**sure, "log_skill": -0.2, "log_skill_low": -0.3, "log_skill_high": -0.1}], "m")
    assert records.skill([], "m") == "What is issued was not scored"


def test_events_on_record_by_decade_and_place() -> None:
    rows = pl.DataFrame(
        {"date": [date(1991, 1, 1), date(1995, 1, 1), date(2012, 1, 1)], "country": ["Mali", "Mali", "Chad"]}
    )
    assert records.recorded(rows) == "2 of 3 events fall in the 1990s; the last in 2012"
    assert records.places(rows) == "Most in Mali: 2 of 3 events, in 2 countries"
    assert records.recorded(rows.head(1)) == "1 event on record, the last in 1991"
    assert records.recorded(rows.head(0)) == "No event on record"
    assert (
        records.per_year(np.array([1.0, 2.0]), np.array([0, 4]), [2001, 2002])
        == "3 events were expected and 4 came, most in 2002 (4)"
    )
