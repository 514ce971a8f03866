"""A what-if in the worker: baseline and change, better and better, on the same chance."""

from __future__ import annotations

from typing import Any

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
    shirking = next(r for r in after["rows"] if r["key"] == "argentina.shirking")
    assert shirking["difference"] > 0
