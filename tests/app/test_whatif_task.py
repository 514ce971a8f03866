"""A what-if in the worker: baseline and change, better and better, on the same chance."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from allegiance.app import whatif_task
from allegiance.app.whatif_task import STEP, whatif
from allegiance.cases.loader import load_case

CASE = load_case("united-kingdom-falklands-1982")


def first(values: dict[str, Any]) -> dict[str, Any]:
    return next(update.result for update in whatif({}, case=CASE, values=values) if update.result is not None)


def test_a_case_without_changes_is_its_own_baseline() -> None:
    found = first({})
    assert found["pairs"] == STEP
    assert not found["changed"]
    assert all(row["difference"] == 0 for row in found["rows"])
    assert all("changed" not in curve for curve in found["curves"])


def test_a_change_moves_the_side_it_is_about_and_the_baseline_stays() -> None:
    before, after = first({}), first({"sides.argentina.supply": 0.1})
    assert [r["baseline"] for r in after["rows"]] == [r["baseline"] for r in before["rows"]]
    moved = {r["key"]: r["difference"] for r in after["rows"]}
    assert moved["argentina.mutiny?"] > 0
    assert moved["war.duration_days"] < 0, "a starved garrison is beaten sooner, with less time to shirk"


def test_answers_do_not_depend_on_how_many_wars_a_turn_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for turn in (1.0, 1.0e12):
        whatif_task._known.clear()
        monkeypatch.setattr(whatif_task, "TURN", turn)
        found.append(first({"sides.argentina.supply": 0.1}))
    assert found[0] == found[1]
    whatif_task._known.clear()
    monkeypatch.setattr(whatif_task, "TURN", 1.0)
    one_by_one = [update.result is None for update in islice(whatif({}, case=CASE, values={}), STEP)]
    assert one_by_one == [True] * (STEP - 1) + [False]


def test_a_baseline_is_played_once_on_a_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second process recalls it from the disk, equal to the last digit; a damaged file is played anew."""
    kernels = tmp_path / "kernels"
    kernels.mkdir()
    monkeypatch.setattr("allegiance.app.baselines.cache_folder", lambda: kernels)
    played: list[str] = []
    real = whatif_task.play_together

    def counted(wanted: Any, spec: Any) -> Any:
        played.extend(plan.case.id for plan, _ in wanted)
        return real(wanted, spec)

    monkeypatch.setattr(whatif_task, "play_together", counted)

    def fresh() -> tuple[dict[str, Any], int]:
        whatif_task._known.clear()
        played.clear()
        return first({}), len(played)

    told, wars = fresh()
    assert wars == STEP
    again, wars = fresh()
    assert wars == 0
    assert (again["rows"], again["curves"]) == (told["rows"], told["curves"])
    (file,) = (tmp_path / "baselines").glob("*.rows.parquet")
    file.write_bytes(file.read_bytes()[:-40])
    again, wars = fresh()
    assert wars == STEP
    assert again["rows"] == told["rows"]
    monkeypatch.setattr("allegiance.app.baselines.sources_hash", lambda: "other code")
    assert fresh()[1] == STEP
    whatif_task._known.clear()
