"""History beside the run: levels and shares inside or missed, and nothing said where nothing is coded."""

from __future__ import annotations

import polars as pl
import pytest

from allegiance.cases.loader import load_case, load_observed
from allegiance.report.history import Line, beside, known, lines, record, verdict

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


def test_a_case_without_coded_outcomes_has_no_such_section() -> None:
    assert beside(load_case("reference"), known(load_case("reference")), members()) is None


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
