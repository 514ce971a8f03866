"""The cases that come with the package: whole, sourced, documented, and true to their definitions."""

from __future__ import annotations

import math

import pytest

from allegiance.cases.loader import LIBRARY, library, load_case, load_observed
from allegiance.cases.paths import dump, numbers, with_values
from allegiance.cases.schema import Case

SIX = [
    "russia-ukraine-2022",
    "russia-chechnya-1994",
    "israel-hebron-2009",
    "syria-2011",
    "wagner-2023",
    "united-kingdom-falklands-1982",
]
CONDITIONS = set("conscription ties deprivation relative-deprivation coup-proofing protest inducement losses".split())


@pytest.fixture(scope="module")
def cases() -> dict[str, Case]:
    return {name: load_case(name) for name in library()}


def test_the_library_is_whole(cases: dict[str, Case]) -> None:
    assert {*SIX, "reference"} <= set(cases)
    assert all(case.id == name for name, case in cases.items())


@pytest.mark.parametrize("name", SIX)
def test_a_case_has_its_story_and_what_happened(name: str) -> None:
    story = (LIBRARY / name / "README.md").read_text(encoding="utf-8")
    for heading in ("## The story", "## What is judgement", "## What sources dispute"):
        assert heading in story
    assert load_observed(name) is not None


@pytest.mark.parametrize("name", library())
def test_every_setting_of_a_case_can_be_made(cases: dict[str, Case], name: str) -> None:
    case = cases[name]
    settings = [e.set for e in (*case.decisions.values(), *case.counterfactuals.values())]
    for values in [*settings, *(c.neutral for c in case.conditions.values())]:
        assert dump(with_values(case, values)) != dump(case), values


@pytest.mark.parametrize("name", library())
def test_decisions_can_follow_one_another(cases: dict[str, Case], name: str) -> None:
    so_far: dict[str, float] = {}
    for decision in sorted(cases[name].decisions.values(), key=lambda d: d.date):
        so_far.update(decision.set)
        with_values(cases[name], so_far)


@pytest.mark.parametrize("name", SIX)
def test_cases_can_be_questioned(cases: dict[str, Case], name: str) -> None:
    case = cases[name]
    assert case.decisions
    assert len(case.counterfactuals) >= 5
    assert 6 <= len(case.conditions) <= 8
    assert {"conscription", "ties"} <= set(case.conditions)


@pytest.mark.parametrize("name", SIX)
def test_every_source_is_used_and_can_be_found(cases: dict[str, Case], name: str) -> None:
    case = cases[name]
    used = {n.source for _, n in numbers(case)} | {d.source for d in case.decisions.values()}
    observed = load_observed(name)
    assert observed is not None
    used |= {e.source for e in observed.events}
    story = (LIBRARY / name / "README.md").read_text(encoding="utf-8")
    for key, source in case.sources.items():
        assert key in used or key in story, f"{key} is cited nowhere"
        assert source.url or source.doi or source.note, f"{key} cannot be found"


def test_what_happened_names_sides_of_the_case(cases: dict[str, Case]) -> None:
    for name, case in cases.items():
        if (observed := load_observed(name)) is not None:
            assert {observed.side, *(e.side for e in observed.events)} <= set(case.sides)


def test_the_flagship_has_the_force_of_the_invasion(cases: dict[str, Case]) -> None:
    case = cases["russia-ukraine-2022"]
    total = sum(f.strength.value for f in case.sides["russia"].forces.values())
    assert math.isclose(total, 190_000, rel_tol=0.01)
    assert (case.start.isoformat(), case.days) == ("2022-02-24", 365)
    assert set(case.conditions) >= CONDITIONS


def test_the_control_has_volunteers_without_ties_to_fight(cases: dict[str, Case]) -> None:
    force = cases["united-kingdom-falklands-1982"].sides["britain"].forces["land-force"]
    assert set(force.composition) == {"contract"}


def test_the_reference_is_neutral(cases: dict[str, Case]) -> None:
    case = cases["reference"]
    assert {n.basis for _, n in numbers(case)} == {"judgement"}
    strength = {k: sum(f.strength.value for f in s.forces.values()) for k, s in case.sides.items()}
    assert strength == {"stronger": 12000, "weaker": 10000}
