"""The page of old bugs names tests that exist; faults put in by hand apply to today's source, and all are caught."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mutations
from allegiance.day.schedule import SCHEDULE

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "engine-bugs.md").read_text(encoding="utf-8")
BUGS, TABLE = PAGE.split("<!-- mutations -->")
NUMBERS = [*(f"A{n}" for n in range(1, 8)), *(f"B{n}" for n in range(1, 12)), *(f"C{n}" for n in range(1, 12))]


def named(text: str) -> list[str]:
    """Tests that a text names."""
    return re.findall(r"`(\w+/test_\w+\.py::test_\w+)`", text)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_old_bug_has_a_row_and_a_test(number: str) -> None:
    (row,) = re.findall(rf"^\| {number} \|.*$", BUGS, re.MULTILINE)
    assert named(row), "no test holds it"


@pytest.mark.parametrize("test", sorted(set(named(PAGE))))
def test_every_test_that_is_named_exists(test: str) -> None:
    file, name = test.split("::")
    assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8")


def test_every_fault_applies_to_todays_source() -> None:
    for m in mutations.MUTATIONS:
        source = (ROOT / "src" / "allegiance" / m.file).read_text(encoding="utf-8")
        assert source.count(m.old) == 1, f"{m.file}: {m.breaks}"
        assert m.old != m.new
        assert all((ROOT / "tests" / test).is_file() for test in m.tests.split())


def test_every_part_of_the_day_has_a_fault() -> None:
    tried = {m.file for m in mutations.MUTATIONS}
    assert len(mutations.MUTATIONS) >= 20
    assert {"day/" + phase.step.__module__.rpartition(".")[2] + ".py" for phase in SCHEDULE} <= tried


def test_the_table_holds_every_fault_and_all_are_caught() -> None:
    rows = re.findall(r"^\| \d+ \| `(.+?)` \| (.+?) \| (.+?) \| `(.+?)` \|$", TABLE, re.MULTILINE)
    assert [row[:2] for row in rows] == [(m.file, m.breaks) for m in mutations.MUTATIONS], (
        "run python benchmarks/mutations.py --record"
    )
    for row, m in zip(rows, mutations.MUTATIONS, strict=True):
        assert row[2] == "caught", row
        assert row[3].split("::")[0] in m.tests.split()
