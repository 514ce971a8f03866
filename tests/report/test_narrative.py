"""Words that follow from numbers: which side, which way, how sure."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from made_up import make_case, make_daily, make_summary

from allegiance.cases.loader import load_case
from allegiance.report import narrative
from allegiance.report.labels import likelihood, percent, span


def told(first: float, last: float, north: float, south: float) -> str:
    """The paragraph for a balance that moves from one ratio to another, with given shares of soldiers leaving."""
    case, days = make_case(), 50
    summary: dict[str, Any] = make_summary(case)
    summary["shares"]["north"] = {"desertion": {"median": north, "interval": [0, 1]}}
    summary["shares"]["south"] = {"desertion": {"median": south, "interval": [0, 1]}}
    day = pl.int_range(0, days, eager=True)
    ratio = first + (last - first) * day / (days - 1)
    daily = pl.DataFrame({"member": [0] * days, "day": day, "capability_log_ratio": ratio})
    return narrative.meaning(case, summary, daily)


@pytest.mark.parametrize(
    ("first", "last", "north", "south", "wanted"),
    [
        (
            0.9,
            0.2,
            0.05,
            0.01,
            ["moves towards parity", "larger on the stronger side", "longer war", "Northland starts as"],
        ),
        (0.9, 1.4, 0.01, 0.05, ["moves away from parity", "larger on the weaker side", "towards a decision"]),
        (-0.9, -0.3, 0.01, 0.05, ["Southland starts as the stronger", "larger on the stronger side"]),
        (0.9, -0.9, 0.05, 0.01, ["past parity to the other side"]),
        (0.9, 0.9, 0.05, 0.05, ["hardly moves", "about equally"]),
    ],
)
def test_which_side_and_which_way(first: float, last: float, north: float, south: float, wanted: list[str]) -> None:
    text = told(first, last, north, south)
    for phrase in wanted:
        assert phrase in text


def test_how_often_it_came_to_civil_war_is_said_where_an_army_faces_a_crowd() -> None:
    case = load_case("syria-2011")
    found = {"probability": 0.75, "deaths": {"median": 30.0, "interval": [0.0, 212.0]}}
    text = narrative._civil_war(case, {"civil_war": {"syria": found}})
    assert "civil war (25 dead within a year)" in text
    assert "in 75 % of these wars, with 212 dead or more in one of twenty" in text
    assert "dead or more" not in narrative._civil_war(case, {"civil_war": {"syria": found | {"probability": 0.0}}})
    assert narrative._civil_war(case, {"civil_war": {}}) == narrative._civil_war(case, {}) == ""


@pytest.mark.parametrize(
    ("coup", "mutiny", "desertion", "order"),
    [
        (0.2, 0.6, 0.9, ["coup attempt", "mutiny", "desertion"]),  # the gravest first, not the likeliest
        (0.02, 0.6, 0.9, ["mutiny", "desertion", "coup attempt"]),  # what is remote does not lead
        (0.02, 0.01, 0.9, ["desertion", "coup attempt", "mutiny"]),
        (0.01, 0.01, 0.01, ["coup attempt", "mutiny", "desertion"]),
    ],
)
def test_the_gravest_form_that_is_not_remote_leads(
    coup: float, mutiny: float, desertion: float, order: list[str]
) -> None:
    case = make_case()
    summary = make_summary(case)
    given = {"coup_attempt": coup, "mutiny": mutiny, "desertion": desertion}
    summary["outcomes"] = {"north": {form: {"probability": p, "interval": [0, 1]} for form, p in given.items()}}
    said = narrative.headline(case, summary)
    places = [said.index(form) for form in order]
    assert places == sorted(places), said
    assert likelihood(narrative.REMOTE - 0.001) != likelihood(narrative.REMOTE + 0.001)


def test_paragraph_carries_its_numbers() -> None:
    case = make_case()
    text = narrative.meaning(case, make_summary(case), make_daily(case, 3))
    for number in (
        "110 (90 % interval 70–120)",
        "40 % of them within parity",
        "2,600 (90 % interval 2,400–2,900)",
        "level 3",
        "settled 25 %",
    ):
        assert number in text


def test_uncertainty_names_the_widest_interval() -> None:
    case = make_case()
    summary = make_summary(case)
    summary["outcomes"]["south"] = dict(summary["outcomes"]["south"])
    summary["outcomes"]["south"]["refusal"] = {
        "probability": 0.5,
        "interval": [0.0, 1.0],
        "interval_chance_only": [0.4, 0.6],
    }
    found = dict(narrative.uncertainty(case, summary))
    assert (
        "Refusal in Southland: 50 %, 90 % interval 0–100 %; from chance alone 40–60 %" in found["Widest probability."]
    )
    assert f"of {sum(summary['basis'].values())} numbers" in found["Judgement."]


def test_words_of_likelihood_rise_with_probability() -> None:
    words = [likelihood(p / 100) for p in range(101)]
    assert len(dict.fromkeys(words)) == 7
    assert words == sorted(words, key=list(dict.fromkeys(words)).index)
    assert span([0.0, 0.5], percent) == "0–50 %"
