"""History beside the run: levels and shares inside or missed, and nothing said where nothing is coded."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from allegiance.cases.loader import load_case, load_observed
from allegiance.report.figures import disloyalty
from allegiance.report.figures.past import UNKNOWN, on_record, past
from allegiance.report.history import Line, beside, known, lines, opening, record, verdict

CASE = "israel-gaza-2005"


def members(count: int = 20, **columns: float) -> pl.DataFrame:
    """Members in which nothing happens but what is given."""
    still = dict.fromkeys(
        ("desertion", "defection", "coup_success", "coup_attempt", "mutinous_companies", "largest_mutiny", "refusal",
         "halted_share"), 0.0,
    )  # fmt: skip
    row = {f"israel.{k}": v for k, v in {**still, "served": 40000.0, **columns}.items()} | {"war.end": "ongoing"}
    return pl.DataFrame([row] * count)


def test_quiet_wars_hold_what_was_quiet_and_miss_what_was_not() -> None:
    case, observed = load_case(CASE), load_observed(CASE)
    assert observed is not None
    observed = observed.model_copy(update={"coup": 0, "mutiny": 0, "refusal": 1, "left": (0.002, 0.005)})
    found = {line.outcome: line for line in lines(case, observed, members())}
    assert [found[k].holds for k in ("coup", "mutiny", "refusal", "left")] == [True, True, False, False]
    assert "most often: none or single people" in found["refusal"].given


def test_the_middle_of_the_coded_range_must_lie_inside_not_its_edge() -> None:
    case, observed = load_case(CASE), load_observed(CASE)
    assert observed is not None
    observed = observed.model_copy(update={"left": (0.01, 0.09)})
    assert not lines(case, observed, members(desertion=0.02))[-1].holds
    wide = pl.concat([members(10, desertion=0.04), members(10, desertion=0.06)])
    assert lines(case, observed, wide)[-1].holds


def test_shares_too_small_to_be_told_apart_agree() -> None:
    case, observed = load_case(CASE), load_observed(CASE)
    assert observed is not None
    observed = observed.model_copy(update={"left": (0.0, 0.0005)})
    assert lines(case, observed, members())[-1].holds
    assert not lines(case, observed, members(desertion=0.004))[-1].holds


def test_a_case_without_coded_outcomes_has_no_such_section() -> None:
    assert beside(load_case("reference"), known(load_case("reference")), members()) is None


def test_a_report_opens_with_what_happened_or_says_that_nothing_is_coded() -> None:
    case, observed = load_case(CASE), load_observed(CASE)
    (said,) = opening(case, observed, members())
    assert "What happened in Israel: coup: none" in said
    assert "share that left: 0 % to" in said
    assert "The model misses" in said or "lies within" in said
    assert "Nothing is coded" in opening(load_case("reference"), None, members())[0]


def test_the_past_of_a_side_is_drawn_on_its_curves() -> None:
    case = load_case("russia-ukraine-2022")
    observed = known(case)
    assert observed is not None
    found = past(case, observed, 365)["russia"]
    assert found.events == tuple(sorted({e.date for e in observed.events if e.side == "russia"}))
    assert {"killed", "area"} & set(found.series)
    assert all(case.start <= day <= case.last_day(365) for day in (*found.events, *found.decisions))
    short = past(case, observed, 10)["russia"]
    assert 0 < len(short.events) < len(found.events)
    day = pl.int_range(0, 365, eager=True)
    totals = pl.DataFrame({"member": 0, "day": day, "side": "russia", "deserted": day.cast(pl.Float64)})
    plain, marked = (disloyalty.disloyalty("Russia", case.start, totals, None, of)[0] for of in (UNKNOWN, found))
    assert "What happened is marked" in marked.alt
    assert "What happened" not in plain.alt
    assert marked.svg.count("<use") > plain.svg.count("<use") + len(found.events) - 1


def test_a_total_on_the_record_ends_where_a_month_is_not_known() -> None:
    first = date(2022, 2, 24)
    assert [v for _, v in on_record("area", first, [3.0, None, 2.0], first, date(2023, 1, 1))] == [3.0, 2.0]
    assert on_record("killed", date(2022, 3, 1), [3.0], first, date(2023, 1, 1)) == ()
    assert len(on_record("killed", first, [3.0, 1.0], first, date(2022, 3, 30))) == 1


@pytest.mark.parametrize(("count", "said"), [(4, "cannot be said"), (20, "coded outcomes")])
def test_few_wars_say_nothing(count: int, said: str) -> None:
    section = beside(load_case(CASE), known(load_case(CASE)), members(count))
    assert section is not None
    assert said in str(section.blocks[0])
    case, observed = load_case(CASE), load_observed(CASE)
    assert observed is not None
    assert said in verdict(lines(case, observed, members(count)), count)


def test_the_verdict_says_what_happened_and_what_was_given_where_it_missed() -> None:
    missed = Line("left", "1 % to 5 %", "9 % (6 % to 20 %)", False)
    said = verdict([Line("coup", "none", "", True), missed], 64)
    assert "in history 1 % to 5 %, here 9 % (6 % to 20 %)" in said
    assert "all 1 coded" in verdict([Line("coup", "none", "", True)], 64)


def test_a_record_counts_what_came_true_and_claims_no_foresight() -> None:
    said = record([(0.9, True), (0.95, False), (0.1, True), (0.5, True)], 2, "faced crowds")
    assert "of 2 outcomes given at least 80 %, 1 came true" in said
    assert "of 1 given at most 20 %, 1 did" in said
    assert "fit, not foresight" in said
    assert record([], 0, "faced crowds") == ""
