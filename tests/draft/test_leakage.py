"""A draft is the same whatever the tables say of later days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allegiance.cases.draft.columns import CAMPAIGNS, COLUMNS, CONFLICTS, GROUPS, LEADERS, REBELS
from allegiance.cases.draft.drafting import draft_case
from allegiance.cases.draft.panel import FIRST, Panel, load_panel
from allegiance.cases.paths import case_hash

Row = dict[str, Any]
DAY = date(2011, 4, 1)


def scrambled(panel: Panel, day: date) -> Panel:
    """The panel with every value later than `day` replaced by noise, and later rows of lists gone or cut."""
    chance = np.random.default_rng(1)
    columns = {}
    for name, table in panel.columns.items():
        later = table.copy()
        cut = day.year - FIRST - (COLUMNS[name].lag - 1)
        if COLUMNS[name].year:
            known = np.nan_to_num(later[:, cut:], nan=0.7)
            later[:, cut:] = known * chance.uniform(0.3, 2.0, known.shape)
        columns[name] = later
    lists = {
        t: {s: _cut(rows, CUTS[t], day) for s, rows in states.items()} for t, states in panel.lists.items() if t in CUTS
    }
    lists |= {t: states for t, states in panel.lists.items() if t not in CUTS}
    return Panel(columns, lists, panel.missing)


def _cut(rows: list[Row], rule: Callable[[Row, date], Row | None], day: date) -> list[Row]:
    return [kept for row in rows if (kept := rule(row, day)) is not None]


def _groups(row: Row, day: date) -> Row | None:
    return None if row["from"] >= day.year else {**row, "to": min(row["to"], day.year - 1)}


def _conflicts(row: Row, day: date) -> Row | None:
    began, over = str(row["start_date2"]), str(row["ep_end_date"])
    if row["year"] > day.year or (row["year"] == day.year and began > day.isoformat()):
        return None
    later = {"intensity_level": 2.0} if row["year"] == day.year else {}
    return row | later | ({"ep_end_date": None, "ep_end": None} if over > day.isoformat() else {})


def _leaders(row: Row, day: date) -> Row | None:
    if (row["syear"], row["smonth"]) > (day.year, day.month):
        return None
    ended = row["eyear"] is not None and (row["eyear"], row["emonth"] or 12) <= (day.year, day.month)
    return row if ended else {**row, "eyear": None, "emonth": None, "l_year": None, "l_month": None}


CUTS: dict[str, Callable[[Row, date], Row | None]] = {
    GROUPS: _groups,
    CONFLICTS: _conflicts,
    LEADERS: _leaders,
    REBELS: lambda row, day: None if row["Year"] >= day.year else row,
    CAMPAIGNS: lambda row, day: None if row["year"] >= day.year else row,
    "coups": lambda row, day: None if row["date_known"] > day else row,
}


@pytest.mark.parametrize("code", [652, 651, 432, 365, 437, 640, 700, 620, 101, 850])
@pytest.mark.parametrize("day", [DAY, date(1985, 7, 1), date(1998, 1, 1)])
def test_nothing_later_is_read(data_dir: Path, code: int, day: date) -> None:
    panel = load_panel(data_dir)
    later = scrambled(panel, day)
    assert case_hash(draft_case(code, day, data=panel).case) == case_hash(draft_case(code, day, data=later).case)


def test_the_scramble_reaches_what_is_read(data_dir: Path) -> None:
    """The test above can fail: with one more year scrambled the draft changes."""
    panel = load_panel(data_dir)
    later = scrambled(panel, date(DAY.year - 1, DAY.month, DAY.day))
    assert case_hash(draft_case(651, DAY, data=panel).case) != case_hash(draft_case(651, DAY, data=later).case)
