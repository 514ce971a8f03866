"""Every page of a coded case begins with history beside the model; the record is of other cases only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from allegiance.app import baselines, beside_task, whatif_task
from allegiance.app.beside import _answer
from allegiance.app.wizard import blank
from allegiance.cases.loader import load_case, load_observed
from allegiance.report.history import FEWEST, chances, record

CASE = load_case("bahrain-2011")


def asked(case: Any) -> dict[str, Any]:
    *_, last = beside_task.history({}, case)
    found: dict[str, Any] = last.result
    return found


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kernels").mkdir()
    monkeypatch.setattr("allegiance.app.baselines.cache_folder", lambda: tmp_path / "kernels")
    whatif_task._known.clear()


def test_a_coded_case_is_held_against_history_with_a_verdict() -> None:
    found = asked(CASE)
    assert found["members"] == FEWEST
    assert [row[0] for row in found["rows"]] == ["coup", "mutiny", "refusal", "left"]
    html = str(_answer(found))
    assert found["verdict"] in html.replace("&#x27;", "'")
    assert found["record"] == "", "no other case was played here"


def test_a_case_that_nobody_coded_says_so_and_is_not_played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whatif_task, "baseline", lambda *_: pytest.fail("played"))
    assert asked(blank())["rows"] == []
    changed = CASE.model_copy(update={"title": "another"})
    assert asked(changed)["rows"] == [], "a case that was changed is not the coded one"


def test_the_record_counts_other_cases_of_the_same_kind() -> None:
    asked(CASE)
    other = load_case("tunisia-2011")
    rows = baselines.rows_kept(CASE, whatif_task.scale_for(CASE), whatif_task.__file__)
    assert rows is not None
    codes = load_observed("bahrain-2011")
    assert codes is not None
    said = beside_task._record(other)
    assert said == record(chances(rows, codes, len(CASE.sides) == 1), 1, "faced crowds")
    assert beside_task._record(CASE) == ""
