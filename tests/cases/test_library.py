"""Every episode of the library is whole: sourced numbers, a story, coded outcomes, what-ifs, and it can be played."""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from allegiance.cases.index import COLUMNS, index_page, index_rows
from allegiance.cases.loader import LIBRARY, library, load_case, load_observed
from allegiance.cases.paths import basis_counts, numbers
from allegiance.cases.schema import Case, Observed
from allegiance.runs.ensemble import simulate
from allegiance.runs.spec import RunSpec

CODED = {  # coup, mutiny, refusal
    "afghanistan-2021": (0, 0, 2), "bahrain-2011": (0, 0, 0), "burkina-faso-2022": (2, 2, 1), "china-1989": (0, 0, 2),
    "donetsk-militia-2022": (0, 1, 1), "east-germany-1989": (0, 0, 3), "egypt-2011": (2, 1, 3),
    "france-1917": (0, 2, 1), "iran-1979": (0, 2, 3), "iran-2022": (0, 0, 0), "iraq-mosul-2014": (0, 0, 1),
    "israel-gaza-2005": (0, 0, 1), "israel-hebron-2009": (0, 0, 0), "italy-1943": (0, 1, 2), "libya-2011": (0, 1, 2),
    "myanmar-2021": (0, 0, 1), "russia-1917": (1, 3, 3), "russia-chechnya-1994": (0, 1, 2),
    "russia-ukraine-2022": (0, 1, 2), "russia-ukraine-2023": (0, 1, 1), "serbia-2000": (0, 0, 3),
    "south-vietnam-1975": (0, 1, 2), "soviet-union-1991": (1, 0, 3), "sudan-2019": (2, 1, 3), "sudan-2023": (1, 0, 0),
    "syria-2011": (0, 1, 2), "tunisia-2011": (0, 1, 3), "turkey-2016": (1, 0, 0), "ukraine-2022": (0, 1, 1),
    "ukraine-crimea-2014": (0, 0, 1), "united-kingdom-falklands-1982": (0, 0, 0),
    "united-states-civil-war-1861": (0, 1, 1), "united-states-vietnam-1970": (0, 1, 1), "wagner-2023": (0, 2, 2),
}  # fmt: skip
"""Outcomes as coded by the rules: a change of these is a change of the data, and must be meant."""
DOCS = Path(__file__).resolve().parents[2] / "docs"
each = pytest.mark.parametrize("name", sorted(CODED))


@cache
def loaded(name: str) -> Case:
    return load_case(name)


@cache
def outcome(name: str) -> Observed:
    observed = load_observed(name)
    assert observed is not None, f"{name} has no observed.yaml"
    return observed


def story(name: str) -> str:
    return (LIBRARY / name / "README.md").read_text(encoding="utf-8")


def test_the_library_holds_the_episodes_and_the_reference() -> None:
    assert set(library()) == {*CODED, "reference"}


@each
def test_outcomes_are_as_coded(name: str) -> None:
    observed = outcome(name)
    coup, mutiny, refusal = CODED[name]
    assert (observed.coup, observed.mutiny, observed.refusal) == (coup, mutiny, refusal)
    assert observed.in_mutiny is not None
    # the level is of the largest episode: none above what all episodes together can hold
    assert observed.in_mutiny[1] >= (0.0, 0.0, 0.01, 0.1)[mutiny]
    assert mutiny > 0 or observed.in_mutiny[0] == 0


@each
def test_two_coders_coded_it_and_the_second_says_why(name: str) -> None:
    observed = outcome(name)
    assert observed.first is not None
    assert observed.second is not None
    assert observed.second.note
    assert observed.second.sources
    assert set(observed.first.sources) <= set(observed.sources)
    assert None not in (observed.first.disarmed, observed.second.disarmed, observed.second.in_mutiny)


@each
def test_outcomes_belong_to_the_case(name: str) -> None:
    case, observed = loaded(name), outcome(name)
    assert {observed.side, *(event.side for event in observed.events)} <= set(case.sides)
    for event in observed.events:
        assert 0 <= (event.date - case.start).days < case.days, f"{event.label} lies outside the horizon"
        assert event.source in observed.sources
    coups = [event for event in observed.events if event.type == "coup_attempt" and event.side == observed.side]
    assert not coups or observed.coup > 0


@each
def test_the_story_says_what_is_known(name: str) -> None:
    text = story(name)
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings[:3] == ["The story", "What is judgement", "What sources dispute"]
    assert 120 <= len(text.split()) <= 600


@each
def test_every_source_is_used_and_can_be_found(name: str) -> None:
    case, observed = loaded(name), outcome(name)
    used = {number.source for _, number in numbers(case)} | {d.source for d in case.decisions.values()}
    used |= {event.source for event in observed.events}
    for key, source in case.sources.items():
        assert key in used or key in story(name), f"{key} is cited nowhere"
        assert source.url or source.doi or source.note or source.author, f"{key} cannot be found"
    for key, source in observed.sources.items():
        assert source.url or source.doi or source.note or source.author, f"{key} cannot be found"


@each
def test_the_case_can_be_questioned(name: str) -> None:
    case = loaded(name)
    assert 5 <= len(case.conditions) <= 10
    assert {"deprivation"} <= set(case.conditions)
    assert len(case.counterfactuals) >= 2
    assert all(condition.claim for condition in case.conditions.values())


@each
def test_judgements_admit_doubt(name: str) -> None:
    """Most judgements that are not 0, 1 or a definition carry a range, and every one says why."""
    case = loaded(name)
    judged = [n for _, n in numbers(case) if n.basis == "judgement"]
    assert all(n.note or n.source for n in judged)
    inner = [n for n in judged if n.value not in (0.0, 1.0)]
    assert sum(n.range is not None for n in inner) >= 0.95 * len(inner)
    assert sum(basis_counts(case).values()) == len(numbers(case))


def test_a_war_with_one_side_is_a_repression() -> None:
    for name in library():
        if len(loaded(name).sides) == 1:
            assert loaded(name).war.kind == "repression", f"{name}: a war with one side is a repression"


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return index_rows()


def test_index_has_a_row_for_every_outcome_and_values_in_bounds(rows: list[dict[str, Any]]) -> None:
    assert [row["id"] for row in rows] == sorted(CODED)
    for row in rows:
        assert all(key in row for key, _ in COLUMNS)
        for key in ("compelled", "ties", "deprivation", "coup_proofing"):
            assert 0 <= row[key] <= 1, (row["id"], key)
        assert row["sourced"] <= row["numbers"]


def test_index_computes_conditions_of_the_coded_side(rows: list[dict[str, Any]]) -> None:
    found = {row["id"]: row for row in rows}
    assert found["russia-1917"]["soldiers"] == 7_167_000
    assert found["bahrain-2011"]["task"] == "repress"
    assert found["france-1917"]["task"] == "fight"
    assert math.isclose(found["france-1917"]["compelled"], 0.97)
    assert found["bahrain-2011"]["ties"] < 0.2 < found["egypt-2011"]["ties"]


def test_index_page_is_up_to_date() -> None:
    cure = "python -c \"from allegiance.cases.index import *; write_index(Path('docs/case-index.md'))\""
    assert (DOCS / "case-index.md").read_text(encoding="utf-8") == index_page(), f"write it again: {cure}"


def test_index_of_an_empty_folder_is_empty(tmp_path: Path) -> None:
    assert index_rows(tmp_path) == []


@pytest.mark.slow
@each
def test_the_case_can_be_played(name: str) -> None:
    case = loaded(name)
    played = simulate(case, RunSpec(members=1, days=min(case.days, 10), scale=0.01, threads=1, seed=3))
    row = played.members.row(0, named=True)
    assert 1 <= row["war.duration_days"] <= 10
    known = [k for k in row if k != "war.parity_share" or len(case.sides) == 2]
    assert all(math.isfinite(row[k]) for k in known if isinstance(row[k], float))
