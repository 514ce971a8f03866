"""A visitor's own case: whatever the text, the check ends in time and says why, and nobody else waits."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from allegiance.app import yours
from allegiance.app.admission import ENTRIES, NUMBERS, SOLDIERS, admit, admit_text, entries, soldiers
from allegiance.app.check_task import Checked, check
from allegiance.app.downloads import case_file
from allegiance.app.jobs import Desk, Job
from allegiance.app.main import CHECK_SECONDS
from allegiance.app.wizard import blank
from allegiance.base.errors import AllegianceError
from allegiance.cases.faults import validated
from allegiance.cases.loader import LIBRARY, library, load_case
from allegiance.cases.paths import dump, numbers
from allegiance.cases.reader import Document
from allegiance.cases.schema import Case
from allegiance.cases.template import TEMPLATE

sys.path.insert(0, str(Path(__file__).parent))
GOOD = TEMPLATE.read_text(encoding="utf-8")
HOSTILE = {
    "470,000 lists": "a: [" + ",".join(["[a]"] * 470_000) + "]\n",
    "150,000 unknown keys": "".join(f"k{n}: 1\n" for n in range(150_000)),
    "150,000 keys in one line": "{" + ",".join(f"k{n}: 1" for n in range(150_000)) + "}",
    "900,000 items": "a:\n" + "- 1\n" * 450_000,
    "an empty list, often": "a: [" + "[]," * 600_000 + "]",
    "one key, often": "a: 1\n" * 390_000,
    "colons": ":" * 1_900_000,
    "brackets": "[" * 1_900_000,
    "commas": "a: [" + "," * 1_900_000 + "]",
    "a word of 1.9 MB": "a: " + "x" * 1_900_000,
    "a quoted word of 1.9 MB": 'a: "' + "\\n" * 950_000 + '"',
    "words over many lines": "a: x\n" + "  x\n" * 470_000,
    "a block of many lines": "a: |\n" + "  x\n" * 470_000,
    "comments": "# x\n" * 470_000,
    "empty lines": "\n" * 1_900_000 + "a: 1",
    "spaces": " " * 1_900_000 + "a: 1",
    "a key of 1.9 MB": "x" * 1_900_000 + ": 1",
    "question marks": "? " * 900_000,
    "dashes": "- " * 900_000,
    "anchors": "a: [" + "&a 1, " * 300_000 + "]",
    "aliases": "a: &a [1]\nb: [" + "*a, " * 400_000 + "]",
    "tags": "a: [" + "!!str 1, " * 200_000 + "]",
    "a number of 1.9 million digits": "days: " + "9" * 1_900_000,
    "documents": "---\na: 1\n" * 200_000,
    "nearly known keys": GOOD + "".join(f"sidez{n}: 1\n" for n in range(9000)),
    "many unknown forces": GOOD + "zz:\n" + "".join(f"  f{n}: {{a: 1, b: 2}}\n" for n in range(3000)),
}


@pytest.fixture(scope="module")
def checker() -> Iterator[Desk]:
    found = Desk({}, "allegiance.app.check_task", limits={"check": CHECK_SECONDS}, lazy=True)
    yield found
    found.stop()


def ended(job: Job, seconds: float) -> None:
    stop = time.monotonic() + seconds
    while job.open:
        assert time.monotonic() < stop, job.update
        time.sleep(0.01)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_check_of_any_text_ends_in_time_and_says_why(checker: Desk, text: str) -> None:
    job = checker.submit("a", "check", "check", text=text, name="evil.yaml")
    ended(job, 3 * CHECK_SECONDS)
    if job.state == "failed":
        assert "was stopped" in job.message
        return
    found: Checked = job.result
    assert found.case is None
    assert found.count >= 1
    assert len(str(yours._faults("evil.yaml", found.faults, found.count))) < 100_000


def test_after_a_check_that_was_stopped_the_next_is_answered(checker: Desk) -> None:
    job = checker.submit("b", "check", "check", text=case_file(blank()), name="good.yaml")
    ended(job, 3 * CHECK_SECONDS)
    assert job.result.case.id
    assert job.result.barred == ""


def test_no_case_of_the_library_is_kept_out() -> None:
    for name in library():
        text = (LIBRARY / name / "case.yaml").read_text(encoding="utf-8")
        admit_text(text)
        assert entries(text) < ENTRIES / 4
        case = load_case(name)
        admit(case)


def altered(change: Any, name: str = "russia-ukraine-2022") -> Case:
    data: Any = dump(load_case(name))
    change(data)
    return validated(Document("altered", data), Case)


def _millions(data: Any) -> None:
    for side in data["sides"].values():
        side["population"] = {"value": 1e9, "unit": "people", "basis": "judgement", "note": "x"}
        for force in side["forces"].values():
            force["strength"] = {"value": 2e7, "unit": "soldiers", "basis": "judgement", "note": "x"}


def _decade(data: Any) -> None:
    _millions(data)
    data["days"] = 3650


def _newcomers(data: Any) -> None:
    data["days"] = 3650
    for side in data["sides"].values():
        for pool in side["recruitment"].values():
            pool["new_formations"] = {"value": 2e7, "unit": "soldiers", "basis": "judgement", "note": "x"}


def _forces(data: Any) -> None:
    side = data["sides"]["russia"]
    first = next(iter(side["forces"].values()))
    part = first["resources"] | {"value": 0.0}
    part = {k: v for k, v in part.items() if k != "range"}
    side["forces"] |= {f"f{n}": first | {"resources": part} for n in range(150)}


def _decisions(data: Any) -> None:
    first = next(iter(data["decisions"].values()))
    data["decisions"] |= {f"d{n}": first for n in range(300)}


def _aid(data: Any) -> None:
    for side in data["sides"].values():
        if side["aid"]:
            side["aid"] = side["aid"] * 300


@pytest.mark.parametrize("change", [_millions, _decade, _newcomers, _forces, _decisions, _aid])
def test_a_case_that_would_hold_up_others_is_sound_but_not_played(change: Any) -> None:
    case = altered(change)
    with pytest.raises(AllegianceError, match="this page plays at most") as caught:
        admit(case)
    assert "allegiance run FILE" in str(caught.value)


def test_the_check_says_that_a_huge_case_is_not_played() -> None:
    strong = re.sub(r"(strength: {value: )[0-9]+", r"\g<1>20000000", GOOD.replace("days: 180", "days: 3650"))
    strong = re.sub(r"(population: {value: )[0-9]+", r"\g<1>1000000000", strong)
    strong = re.sub(r"(strength: {.*?), range: \[[^]]*\]", r"\1", strong)
    *_, last = check({}, strong, "x.yaml")
    found: Checked = last.result
    assert found.case is not None, found.faults
    assert "this page plays at most" in found.barred
    assert "It is not played here" in str(yours._sound(found.case, found.barred))


def _long(data: Any) -> None:
    data["days"] = 3650


def test_a_decade_of_the_longest_war_is_too_much() -> None:
    with pytest.raises(AllegianceError, match="this page plays at most"):
        admit(altered(_long, "united-states-civil-war-1861"))


def test_limits_leave_room_for_the_library() -> None:
    cases = [load_case(name) for name in library()]
    assert max(soldiers(case) for case in cases) < SOLDIERS
    assert max(len(numbers(case)) for case in cases) < NUMBERS / 4
