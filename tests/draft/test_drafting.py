"""Drafted cases: complete, checked, and refused in one sentence where they cannot be made."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from small_world import world

from allegiance.base.errors import AllegianceError
from allegiance.cases.draft.drafting import Draft, draft_case, reread
from allegiance.cases.draft.page import draft_page, pattern, reading_of
from allegiance.cases.draft.panel import Panel, load_panel
from allegiance.cases.draft.registry import DEFAULTED, READINGS
from allegiance.cases.neutral import is_neutral
from allegiance.cases.paths import numbers
from allegiance.cases.template import field_table

TASKS = ("peace", "repression", "civil", "interstate")


@pytest.fixture
def panel(tmp_path: Path) -> Panel:
    return load_panel(world(tmp_path))


def drafted(panel: Panel, task: str, day: str = "2005-01-01") -> Draft:
    return draft_case("MLI", day, task=task, against="CIV" if task == "interstate" else None, data=panel)  # type: ignore[arg-type]


@pytest.mark.parametrize("task", TASKS)
def test_a_draft_of_each_task_is_read_again_as_it_was(panel: Panel, task: str) -> None:
    made = drafted(panel, task)
    assert made.case.war.kind == task
    assert reread(made.case) == made.case
    assert len(made.case.sides) == (2 if task in ("civil", "interstate") else 1)


@pytest.mark.parametrize("task", TASKS)
def test_every_number_names_the_reading_that_made_it(panel: Panel, task: str) -> None:
    for path, number in numbers(drafted(panel, task).case):
        made_by = reading_of(number)
        assert made_by in READINGS or made_by in ("the format", "expected_advantage"), (path, number.note)
        assert is_neutral(number) or number.note


NO_READING = ("recruitment", "aid", "dissolution", "given_up", "expected_advantage", "brigades")
"""Inputs a draft does not hold (what happens later; kinds of brigades), and one computed from readings of two sides."""


def test_every_input_of_a_case_has_a_reading_or_a_declared_default() -> None:
    filled = {pattern(path) for reading in READINGS.values() for path in reading.fills}
    sourced = [row["path"] for row in field_table() if row["takes"].startswith("[")]
    wanted = {pattern(p.replace("NAME", "x")) for p in sourced if not any(part in p for part in NO_READING)}
    assert sorted(wanted - filled - set(DEFAULTED) - {"areas.*.weight"}) == []  # the frame of the task sets weights
    assert sorted(set(DEFAULTED) & filled) == []
    assert set(DEFAULTED) <= wanted


def test_a_page_says_what_is_known_and_what_is_not(panel: Panel) -> None:
    text = draft_page(drafted(panel, "peace"))
    assert "sides.mali.forces.army.strength` | 7,000 soldiers" in text
    assert "## What no reading can see" in text
    assert "food, fuel and kit that arrive" in text
    assert "- `sides.*.forces.*.relief` 1 share (0.7 to 1): no table says how an army is spread" in text


def test_a_counted_army_of_none_is_not_made_of_policemen(tmp_path: Path) -> None:
    """Costa Rica, Panama and Haiti: the World Bank's total counts police where no soldiers are."""
    folder = world(tmp_path)
    path = folder / "wars-and-capabilities/cow_nmc_state_year.csv"
    path.write_text(re.sub(r"(?m)^(432,\d{4},\d+),7,", r"\1,0,", path.read_text()))
    (folder / "armed-forces-paramilitary").mkdir()
    total = folder / "armed-forces-paramilitary/armed_forces_total_vs_nmc.csv"
    total.write_text("gwcode,year,personnel_total\n432,2004,9000\n433,2004,9000\n434,2004,9000\n")
    with pytest.raises(AllegianceError, match="no army on 2005-01-01: no soldiers are counted in 2004"):
        draft_case("MLI", "2005-01-01", data=folder)


def test_a_name_that_two_states_bore_is_said(data_dir: Path) -> None:
    made = draft_case("Yemen", "1980-01-01", data=data_dir)
    assert made.notices[0] == "Yemen of that day is the state with code 678; beside it stood South Yemen (680)"


def test_rebels_have_people_behind_them(data_dir: Path) -> None:
    """Bosnia in 1994: a hundred thousand fighters cannot come from a twentieth of the people."""
    sides = draft_case("BIH", "1994-01-01", data=data_dir).case.sides
    fighters = sum(force.strength.value for force in sides["rebels"].forces.values())
    assert sides["rebels"].population.value >= 10 * fighters > 0.05 * sides["bosnia-and-herzegovina"].population.value


def test_what_is_missing_is_said_with_the_way_to_get_it(tmp_path: Path) -> None:
    made = draft_case("MLI", "2005-01-01", data=world(tmp_path, only_armies=True))
    said = " ".join(made.notices)
    assert "epr-2021/epr_groups_1946_2021" in said
    assert "allegiance data get epr" in said


def test_without_armies_nothing_is_drafted(tmp_path: Path) -> None:
    (tmp_path / "epr-2021").mkdir()
    with pytest.raises(AllegianceError, match="cow_nmc_state_year") as caught:
        draft_case("MLI", "2005-01-01", data=tmp_path)
    assert "allegiance data get nmc" in str(caught.value)


@pytest.mark.parametrize(
    ("country", "day", "options", "said"),
    [
        ("Atlantis", "2005-01-01", {}, "no state is called 'Atlantis'"),
        ("SSD", "2005-01-01", {}, "South Sudan did not exist on 2005-01-01.*Sudan"),
        ("SRB", "1999-01-01", {}, "Serbia did not exist.*Yugoslavia"),
        ("SUN", "1999-01-01", {}, "no state is called 'SUN'"),
        ("MLI", "2035-01-01", {}, "no population of Mali is known.*ends in 2012"),
        ("MLI", "01.01.2005", {}, "is not a day"),
        ("MLI", "2005-01-01", {"task": "war"}, "no task is called 'war'"),
        ("MLI", "2005-01-01", {"task": "interstate"}, "no war between states was on for Mali.*--against"),
        ("MLI", "2005-01-01", {"task": "civil", "against": "CIV"}, "--against names an enemy state"),
        ("MLI", "2005-01-01", {"against": "MLI"}, "cannot be at war with itself"),
        ("MLI", "2005-01-01", {"days": 0}, "days must be between 1 and 3650"),
        ("MLI", "2005-01-01", {"like": "atlantis-1900"}, "unknown case"),
    ],
)
def test_bad_questions_are_answered_in_a_sentence(
    panel: Panel, country: str, day: str, options: dict[str, object], said: str
) -> None:
    with pytest.raises(AllegianceError) as caught:
        draft_case(country, day, data=panel, **options)  # type: ignore[arg-type]
    assert re.search(said, str(caught.value), re.DOTALL), str(caught.value)


def test_a_state_at_war_with_two_is_told_so(panel: Panel) -> None:
    made = draft_case("MLI", "2006-06-01", data=panel)
    assert made.case.war.kind == "interstate"
    assert any("at war with 2 states" in notice and "--against" in notice for notice in made.notices)


def test_more_soldiers_than_people_is_a_contradiction(tmp_path: Path) -> None:
    folder = world(tmp_path)
    path = folder / "wars-and-capabilities/cow_nmc_state_year.csv"
    path.write_text(re.sub(r"432,2004,40000,7,0,0,10500", "432,2004,40000,7,0,0,20", path.read_text()))
    with pytest.raises(AllegianceError, match="contradict each other"):
        draft_case("MLI", "2005-01-01", data=folder)


def test_borrowed_values_replace_defaults_only(panel: Panel) -> None:
    plain, like = drafted(panel, "peace"), draft_case("MLI", "2005-01-01", task="peace", like="egypt-2011", data=panel)
    before, after = dict(numbers(plain.case)), dict(numbers(like.case))
    changed = [p for p in before if before[p] != after[p]]
    assert changed
    assert all(str(before[p].basis) == "judgement" and after[p].note == "as in the case egypt-2011" for p in changed)


def test_states_are_known_by_the_names_of_their_time(data_dir: Path) -> None:
    for name, day, soldiers in (
        ("USSR", "1985-01-01", 3e6),
        ("South Vietnam", "1970-01-01", 2e5),
        ("YEM", "2005-01-01", 1e4),
    ):
        made = draft_case(name, date.fromisoformat(day), data=data_dir)
        assert made.case.sides[made.side].forces["army"].strength.value > soldiers
