"""A run beside what was counted up to a day, by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from allegiance.cases.loader import load_case, load_observed
from allegiance.cases.schema import Counted
from allegiance.report.by_month import beside_record
from allegiance.report.counted import Tally, on_record, tallies, up_to, verdict
from allegiance.report.page import Table

CASE = load_case("russia-ukraine-2022")
DAILY = pl.DataFrame(
    [(m, d, "russia", f, (d + 1.0) * k, 3.0 * (m + 1), 0.0, float(k))
     for m, days in ((0, 3), (1, 1)) for d in range(days) for f, k in (("army", 10), ("wagner", 1))]
    + [(0, 0, "ukraine", "army", 500.0, 500.0, 500.0, 500.0)],
    schema=["member", "day", "side", "force", "killed", "deserted", "defected", "new_refusal"], orient="row",
)  # fmt: skip
EVENTS = pl.DataFrame(
    [(0, 0, "mutiny", "russia", "army", 1, 40.0, 1.0), (0, 1, "mutiny", "russia", "wagner", 1, 60.0, 1.0),
     (0, 1, "mutiny", "russia", "army", 2, 20.0, 1.0), (0, 2, "mutiny", "russia", "army", 3, 20.0, 1.0),
     (0, 1, "halt", "russia", "army", 9, 20.0, 1.0), (0, 0, "mutiny", "ukraine", "army", 1, 20.0, 1.0)],
    schema=["member", "day", "type", "side", "force", "episode", "size", "weight"], orient="row",
)  # fmt: skip


def entry(what: str, **more: Any) -> Counted:
    given = {"what": what, "side": "russia", "by": "2022-02-25", "low": 1, "label": "Counted", "source": "s"}
    return Counted.model_validate(given | more)


def counted(what: str, day: int, **more: Any) -> list[float]:
    return [float(v) for v in up_to(entry(what, **more), day, DAILY, EVENTS)]


def test_the_dead_of_a_force_are_its_own_and_a_war_that_is_over_adds_none() -> None:
    assert counted("killed", 1) == [20.0 + 2.0, 10.0 + 1.0]
    assert counted("killed", 1, force="wagner") == [2.0, 1.0]
    assert counted("killed", 2, force="army") == [30.0, 10.0]


def test_people_who_left_are_those_of_all_forces_so_far() -> None:
    assert counted("deserters", 2) == [6.0, 12.0]
    assert counted("went_over", 2) == [0.0, 0.0]


def test_refusals_of_each_day_are_added_up() -> None:
    assert counted("refusers", 0) == [11.0, 11.0]
    assert counted("refusers", 2) == [33.0, 11.0]


def test_an_episode_counts_once_however_many_companies_days_and_forces_it_has() -> None:
    assert counted("mutiny_episodes", 0) == [1.0, 0.0]
    assert counted("mutiny_episodes", 1) == [2.0, 0.0]
    assert counted("mutiny_episodes", 2, force="wagner") == [1.0, 0.0]


def test_entries_stand_by_day_and_those_that_were_not_reached_are_left_out() -> None:
    dated = [entry("killed", by=f"2022-02-{day}") for day in (26, 24, 27)]
    assert [r.entry.by.day for r in tallies(CASE, dated, DAILY, EVENTS)] == [24, 26]
    found = tallies(CASE, [entry("killed")], DAILY, EVENTS)[0]
    assert (found.low, found.middle, found.high) == pytest.approx((11.0 + 0.05 * 11.0, 16.5, 22.0 - 0.05 * 11.0))


@pytest.mark.parametrize(
    ("low", "high", "inside", "words"),
    [
        (10, None, True, "at least 10"), (21, None, False, "at least 21"), (None, 10, True, "at most 10"),
        (None, 9, False, "at most 9"), (1, 9, False, "1 to 9"), (1, 10, True, "1 to 10"), (15, 15, True, "15"),
    ],
)  # fmt: skip
def test_inside_is_where_the_two_ranges_meet(low: float | None, high: float | None, inside: bool, words: str) -> None:
    row = Tally(entry("killed", low=low, high=high), 10.0, 15.0, 20.0)
    assert row.inside is inside
    assert on_record(row.entry) == words
    assert f"{int(inside)} of 1" in verdict([row])


def test_the_report_holds_the_table_where_the_run_reached_a_day() -> None:
    observed = load_observed("russia-ukraine-2022")
    assert observed is not None
    only = observed.model_copy(update={"record": [], "counted": [entry("killed", source="kirby-2023")]})
    section = beside_record(CASE, only, DAILY, EVENTS)
    assert section is not None
    (table,) = (b for b in section.blocks if isinstance(b, Table))
    assert table.rows[0] == ["25 Feb 2022", "Counted", "at least 1", "16", "12 to 21", "yes"]
    assert beside_record(CASE, only, DAILY.filter(pl.col("day") < 1), EVENTS) is None


def test_the_flagship_holds_episodes_refusers_deserters_and_the_dead_of_a_force() -> None:
    observed = load_observed("russia-ukraine-2022")
    assert observed is not None
    found = {(e.what, e.force): (e.by, e.low, e.high) for e in observed.counted}
    assert found["refusers", None] == (date(2022, 7, 21), 1793, None)
    assert found["killed", "wagner"] == (date(2023, 2, 17), 9000, 9000)
    assert {what for what, _ in found} == {"mutiny_episodes", "refusers", "deserters", "went_over", "killed"}
    named = [e for e in observed.events if e.type == "mutiny" and e.date <= found["mutiny_episodes", None][0]]
    assert len(named) == found["mutiny_episodes", None][1]
