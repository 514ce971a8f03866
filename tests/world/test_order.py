"""A case is the same case in whatever order it is written, and a member the same beside whomever he is played."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from allegiance.cases.loader import load_case
from allegiance.cases.paths import dump
from allegiance.cases.schema import Case
from allegiance.runs.member import Played, play
from allegiance.theory.model import Theory, draw
from allegiance.world.blueprint import build

NAMED = ("sides", "forces", "regions", "recruitment", "areas", "groups", "composition", "recruits_from", "horizons")


def turned(data: Any, key: str = "") -> Any:
    """The same data with everything that has a name in the opposite order."""
    if isinstance(data, dict):
        items = [(k, turned(v, k)) for k, v in data.items()]
        return dict(reversed(items)) if key in NAMED else dict(items)
    return [turned(v) for v in data] if isinstance(data, list) else data


def played(case: Case, scale: float) -> list[Played]:
    return play(build(case, 25, scale), Theory(), [draw(1, k) for k in (0, 1)], 1, [0, 1])


@pytest.mark.parametrize(
    ("name", "scale"), [("reference", 1.0), ("russia-ukraine-2022", 0.02), ("syria-2011", 0.02), ("egypt-2011", 0.05)]
)
def test_the_order_of_sides_forces_regions_and_areas_changes_no_number(name: str, scale: float) -> None:
    data = dump(load_case(name))
    other = turned(data)
    assert [list(s["forces"]) for s in other["sides"].values()] != [
        list(s["forces"]) for s in data["sides"].values()
    ] or len(data["sides"]) > 1
    for one, two in zip(
        played(Case.model_validate(data), scale), played(Case.model_validate(other), scale), strict=True
    ):
        for column, values in one.daily.items():
            assert np.array_equal(values, two.daily[column], equal_nan=True), column
        assert np.array_equal(one.events, two.events)
        assert np.array_equal(one.cross, two.cross)
        assert (one.end, one.days) == (two.end, two.days)


@pytest.mark.parametrize("name", ["reference", "russia-ukraine-2022"])
def test_a_case_replays_from_its_own_sorted_copy(name: str) -> None:
    def sorted_by_key(data: Any) -> Any:
        if isinstance(data, dict):
            return {k: sorted_by_key(data[k]) for k in sorted(data)}
        return [sorted_by_key(v) for v in data] if isinstance(data, list) else data

    case = load_case(name)
    copy = Case.model_validate(sorted_by_key(dump(case)))
    one, two = (played(c, 1.0 if name == "reference" else 0.02) for c in (case, copy))
    assert all(np.array_equal(a.daily[c], b.daily[c]) for a, b in zip(one, two, strict=True) for c in a.daily)


def test_a_member_whose_war_ends_early_is_as_if_played_alone() -> None:
    """Days that others go on fighting are not counted for him."""
    plan = build(load_case("reference"), 60, 1.0)
    draws = [
        draw(1, 0, {"learning_rate": 50.0, "learning_cost": 1.0, "learning_indivisible": 0.0}),
        draw(1, 1, {"learning_rate": 0.0}),
    ]
    both = play(plan, Theory(), draws, 1, [0, 1])
    assert both[0].end == "settlement"
    assert both[0].days < 30 < both[1].days
    for k in (0, 1):
        (alone,) = play(plan, Theory(), [draws[k]], 1, [k])
        assert (alone.end, alone.days) == (both[k].end, both[k].days)
        for column, values in alone.daily.items():
            assert np.array_equal(values, both[k].daily[column], equal_nan=True), column
        assert np.array_equal(alone.events, both[k].events)
        assert np.array_equal(alone.cross, both[k].cross)
        assert alone.parity_share == both[k].parity_share
