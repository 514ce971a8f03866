"""Kind 3, within a case: fields make sense beside each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from allegiance.cases.loader import library, load_case
from allegiance.cases.sense import warnings
from faults.probe import command, refused

KIND = "Fields of a case beside each other"
STRONG = "strength: {value: 11000, unit: soldiers, basis: published, source: example-2001, range: [9000, 13000]}"
PEOPLE = "population: {value: 10000000, unit: people"
HOME = "population: {value: 8000000, unit: people"
ROLE = "    role: attacker"
EDITS = {
    "sample an army larger than the people": ((STRONG, STRONG.replace("value: 11000", "value: 11000000").replace(
        ", range: [9000, 13000]", "")), "more than half of the 10,000,000 people"),
    "an army of half of the people": ((STRONG, STRONG.replace("value: 11000", "value: 5000001").replace(
        ", range: [9000, 13000]", "")), "more than half"),
    "sample nobody": ((PEOPLE, "population: {value: 0, unit: people"), "a side has people"),
    "less than one": ((PEOPLE, "population: {value: 0.4, unit: people"), "a side has people"),
    "sample regions larger than the state": ((HOME, HOME.replace("8000000", "800000000")), "times the people"),
    "sample no capital": (("capital: true", "capital: false"), "no home region is the capital"),
    "sample a country that is none": ((ROLE, "    country: ZZZ\n" + ROLE), "no state has this code"),
    "a country in small letters": ((ROLE, "    country: rus\n" + ROLE), "country"),
    "a country's name": ((ROLE, "    country: Russia\n" + ROLE), "country"),
    "a code of two letters": ((ROLE, "    country: RU\n" + ROLE), "country"),
    "a number for a country": ((ROLE, "    country: 365\n" + ROLE), "country"),
    "a company larger than its force": (("formation: {company: 100, battalion: 5, brigade: 2}",
                                         "formation: {company: 400, battalion: 5, brigade: 2}"), ""),
    "sample a decision on the day after the last": (("date: 2000-04-01", "date: 2000-06-29"), "ends on 2000-06-28"),
    "a decision long after": (("date: 2000-04-01", "date: 2009-06-29"), "ends on 2000-06-28"),
    "a wave after the last day": (("date: 2000-02-15", "date: 2000-06-29"), "ends on 2000-06-28"),
    "aid before the war": (("date: 2000-03-01, materiel", "date: 1999-03-01, materiel"), ""),
    "a pool larger than the people": (("size: {value: 2000, unit: people, basis: judgement, range: [1000, 4000]",
                                       "size: {value: 20000000, unit: people, basis: judgement"), "warning"),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_what_contradicts_itself(edit: str, template: str, tmp_path: Path) -> None:
    """Forces, regions, people, capital, state and days that contradict each other are refused or warned of."""
    (old, new), said = EDITS[edit]
    assert old in template
    (tmp_path / "m.yaml").write_text(template.replace(old, new), encoding="utf-8")
    answer = command("case", "check", str(tmp_path / "m.yaml"))
    if said in ("", "warning"):
        assert answer.code == 0, answer
        assert said in answer.out
    else:
        refused(answer, said, "m.yaml:")


def test_a_decision_on_the_last_day_is_played(template: str, tmp_path: Path) -> None:
    """The last day is the start and the days less one: a decision on it is part of the war."""
    (tmp_path / "m.yaml").write_text(template.replace("date: 2000-04-01", "date: 2000-06-28"), encoding="utf-8")
    assert command("case", "check", str(tmp_path / "m.yaml")).code == 0
    assert str(load_case(tmp_path / "m.yaml").last_day()) == "2000-06-28"


@pytest.mark.parametrize("name", library())
def test_the_library_makes_sense(name: str) -> None:
    """No case of the library contradicts itself, and none that names a state lacks its capital."""
    assert [w for w in warnings(load_case(name)) if "capital" in w] == []


def test_settings_cannot_contradict_either() -> None:
    """A setting that makes a case contradict itself is refused like a file that does."""
    refused(command("run", "reference", "--set", "sides.weaker.population=100"), "more than half")
