"""Titles of charts are true of the numbers drawn: rising, falling, flat, peaked, rare, empty, and two sides."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from allegiance.report.findings import chances, course, sides
from allegiance.report.findings.course import Act

START = date(2001, 3, 1)
ACT = Act("deserts", "desert")
DAYS = 101
UP = np.linspace(0.0, 1000.0, DAYS)


def totals(column: str, curves: list[Any], side: str = "a", **others: float) -> pl.DataFrame:
    """One side's rows: a curve for each war."""
    frames = [
        pl.DataFrame({"member": m, "day": np.arange(len(c)), "side": side, column: np.asarray(c, float)} | others)
        for m, c in enumerate(curves)
    ]
    return pl.concat(frames)


def test_a_total_says_how_many_and_by_when_half_of_them() -> None:
    said = course.total("Aland", ACT, totals("deserted", [UP, UP, UP]), "deserted", START)
    assert said == "Aland: 1,000 desert until the end, half of them by 20 April 2001"


def test_a_total_of_none_or_of_few_wars_is_told_as_such() -> None:
    none = np.zeros(DAYS)
    assert course.total("Aland", ACT, totals("deserted", [none, none]), "deserted", START).endswith(
        "nobody deserts in any war"
    )
    rare = totals("deserted", [none, none, none, UP])
    assert course.total("Aland", ACT, rare, "deserted", START) == "Aland: nobody deserts in 75 % of wars"


def test_fewer_than_one_simulated_soldier_is_nobody() -> None:
    few = totals("deserted", [UP / 100] * 4)  # ten people, where one simulated soldier stands for twenty
    assert course.total("Aland", ACT, few, "deserted", START, least=20.0) == "Aland: nobody deserts in any war"


@pytest.mark.parametrize(
    ("curve", "said"),
    [
        (UP, "rise from 0 to 1,000"),
        (UP[::-1], "fall from 1,000 to 0"),
        (np.full(DAYS, 500.0), "hardly changes, 500 at most"),
        (np.concatenate([UP[::2], UP[::-2][1:]]), "1,000 desert at the peak, about 20 April 2001, 0 at the end"),
        (np.concatenate([UP[::-2], UP[::2][1:]]), "dip to 0 about 20 April 2001"),
        (np.full(DAYS, 5.0), "hardly anybody deserts, 5 of 10,000 at most"),
        (np.zeros(DAYS), "nobody deserts in any war"),
    ],
)
def test_a_level_rises_falls_peaks_dips_or_stays(curve: Any, said: str) -> None:
    assert said in course.level("Aland", ACT, totals("x", [curve, curve], strength=10_000.0), "x", START)


def test_a_comb_of_single_days_is_told_by_its_worst_day() -> None:
    combs = [np.where(np.arange(DAYS) == day, 300.0, 0.0) for day in (3, 40, 77)]
    said = course.level("Aland", ACT, totals("in_mutiny", combs), "in_mutiny", START)
    assert said == "Aland: 300 desert on the worst day of a war, on most days nobody"


def test_days_that_few_wars_see_say_nothing() -> None:
    """Where two wars of three end on day 50, the third alone makes no rise."""
    curves = [np.full(51, 500.0), np.full(51, 500.0), np.concatenate([np.full(51, 500.0), np.full(50, 9000.0)])]
    assert "hardly changes" in course.level("Aland", ACT, totals("x", curves), "x", START)


def test_strength_and_who_serves() -> None:
    frame = totals("strength", [2000.0 - UP, 2000.0 - UP]).with_columns(effective=pl.col("strength") * 0.5)
    assert (
        course.strength("Aland", frame) == "Aland's strength shrinks from 2,000 to 1,000; 50 % of them obey at the end"
    )
    mix = totals("share_contract", [1.0 - UP / 2000] * 2).with_columns(share_mobilised=1.0 - pl.col("share_contract"))
    assert course.composition("Aland", mix) == "Aland: the share of contract soldiers shrinks from 100 % to 50 %"
    still = totals("share_contract", [np.ones(DAYS)] * 2)
    assert course.composition("Aland", still) == "Aland: who serves hardly changes; 100 % are contract at first"


def test_ground_gained_lost_and_held() -> None:
    assert course.ground("Aland", totals("area", [100 + UP] * 2)).startswith("Aland gains ground: 100 km²")
    assert course.ground("Aland", totals("area", [2000 - UP] * 2)).startswith("Aland loses ground: 2,000 km²")
    assert "neither gains nor loses" in course.ground("Aland", totals("area", [np.full(DAYS, 50.0)] * 2))


NAMES = {"a": "Aland", "b": "Bland"}


def both(a: list[Any], b: list[Any], column: str = "killed") -> pl.DataFrame:
    return pl.concat([totals(column, a, "a"), totals(column, b, "b")])


def test_a_side_is_ahead_only_where_it_is_in_nearly_all_wars() -> None:
    clear = sides.counted(NAMES, both([UP * 2] * 10, [UP] * 10), "killed", "soldiers killed", "of {}")
    assert clear == "Soldiers killed: 2,000 of Aland, 1,000 of Bland; more of Aland in 100 % of wars"
    open_ = sides.counted(NAMES, both([UP * 2, UP] * 5, [UP, UP * 2] * 5), "killed", "soldiers killed", "of {}")
    assert "which side has more is open" in open_
    nobody = both([UP * 0] * 2, [UP * 0] * 2)
    assert sides.counted(NAMES, nobody, "killed", "soldiers killed", "of {}") == "No soldiers killed in any war"
    one = sides.counted({"a": "Aland"}, totals("killed", [UP] * 2), "killed", "soldiers killed", "of {}")
    assert one == "Soldiers killed: 1,000 of Aland"


def test_destruction_is_told_by_the_wars_and_not_by_those_that_last() -> None:
    long, short = np.concatenate([np.zeros(50), np.full(51, 2.0)]), np.zeros(20)
    said = sides.destruction(NAMES, both([long, short, short], [np.full(20, 4.0)] * 3, "escalation"))
    assert said == "Destruction: Aland stays at level 0 in 67 % of wars; Bland turns to level 4 of 5"


def test_the_gravest_form_that_is_not_remote_leads() -> None:
    outcomes = {
        "coup_attempt": {"probability": 0.02, "interval": [0.0, 0.1]},
        "mutiny": {"probability": 0.6, "interval": [0.2, 0.9]},
        "shirking": {"probability": 1.0, "interval": [0.9, 1.0]},
    }
    assert chances.sides({"a": "Aland"}, {"a": outcomes}) == "Aland: a mutiny in 60 % of wars"
    assert chances.one("Aland", outcomes).endswith("2 of 3 forms come in more than half of wars")
    none = {"mutiny": {"probability": 0.0}}
    assert chances.sides({"a": "Aland"}, {"a": none}) == "Aland: every form is remote, below 5 %"


def test_events_by_when_half_of_the_wars_see_the_gravest() -> None:
    rows = pl.DataFrame({"member": [0, 1, 2, 0], "day": [10, 20, 30, 0], "type": ["mutiny"] * 3 + ["desertion"]})
    said = chances.events("Aland", START, rows, 4)
    assert said == "Aland: half of the wars see a mutiny of a company by 21 March 2001, 75 % at some time"
    rare = chances.events("Aland", START, rows.head(1), 4)
    assert rare == "Aland: no type of event comes in half of the wars; most often a mutiny of a company (25 %)"
    assert chances.events("Aland", START, rows.head(0), 4) == "Aland: no event in any war"
