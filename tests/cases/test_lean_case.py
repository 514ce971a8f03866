"""What a case may leave out, what older files wrote, peace, and writing a case by program."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from allegiance.base.errors import AllegianceError, FaultyInput
from allegiance.cases.faults import validated
from allegiance.cases.loader import library, load_case
from allegiance.cases.neutral import is_neutral
from allegiance.cases.paths import dump, numbers, resolve, with_values
from allegiance.cases.reader import Document, parse
from allegiance.cases.schema import Case
from allegiance.cases.write import case_text, write_case


def n(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "basis": "judgement", "note": "by hand"}


def minimal(kind: str = "peace") -> dict[str, Any]:
    level = {key: n(0.5, "level") for key in ("supply", "monitoring", "punishment", "inclusion", "inducement")}
    proofing = {key: n(0.3, "level") for key in ("counterbalancing", "stacking", "purges", "surveillance")}
    army = {
        "name": "Army", "kind": "regular", "strength": n(3000, "soldiers"), "composition": {"contract": n(1, "share")},
        "deployed": n(0.1, "share"), "equipment": n(0.5, "level"), "pay": n(1, "ratio"),
        "command": {"loyalty": n(0.6, "level")}, "loyalty": n(0.6, "level"), "groups": {"all": n(1, "share")},
    }  # fmt: skip
    side = {
        "name": "State", "role": "attacker", "population": n(1e6, "people"), **level,
        "coup_base_rate": n(0.02, "probability/year"), "coup_proofing": proofing, "forces": {"army": army},
    }  # fmt: skip
    return {
        "schema": 1, "id": "lean", "title": "Lean", "summary": "A lean case.", "start": "2000-01-01", "days": 30,
        "information_date": "2000-01-01", "sources": {}, "sides": {"state": side},
        "war": {"kind": kind, "intensity": n(0, "killed per 1000 per day")},
        "areas": {"town": {"name": "Town", "groups": {"all": n(1, "share")}, "against_civilians": n(0, "share")}},
        "ties": [{"soldiers": "all", "civilians": "all", "tie": n(0.6, "level")}],
    }  # fmt: skip


def case_of(data: dict[str, Any]) -> Case:
    return validated(Document("lean", data), Case)


def test_some_twenty_numbers_make_a_case() -> None:
    case = case_of(minimal())
    given = [path for path, number in numbers(case) if not is_neutral(number)]
    assert len(given) <= 24
    assert resolve(case, "sides.state.forces.army.wounded_to_killed") == 3
    assert resolve(case, "sides.state.regions.home.population") == 1e6
    assert resolve(case, "sides.state.forces.army.recruits_from.home") == 1
    assert resolve(case, "areas.town.weight") == 1
    assert resolve(case, "sides.state.protest.capacity") == 2000


def test_a_lean_case_plays() -> None:
    from allegiance.runs.ensemble import simulate
    from allegiance.runs.spec import RunSpec

    members = simulate(case_of(minimal()), RunSpec(members=2, days=5, threads=1), daily=False, events=False).members
    assert members["state.killed"].sum() == 0


@pytest.mark.parametrize(
    ("kind", "said"), [("civil", "a war needs two sides"), ("interstate", "key 'area_start' is missing: a war is over")]
)
def test_a_war_needs_an_enemy_and_ground(kind: str, said: str) -> None:
    with pytest.raises(FaultyInput, match=said):
        case_of(minimal(kind))


def test_in_peace_nobody_is_faced() -> None:
    data = minimal()
    data["sides"]["other"] = {**data["sides"]["state"], "role": "defender"}
    with pytest.raises(FaultyInput, match="in peace nobody is faced"):
        case_of(data)


def older(army: float, guard: float) -> dict[str, Any]:
    data = minimal()
    force = data["sides"]["state"]["forces"]["army"]
    data["sides"]["state"]["forces"] = {
        "army": {**force, "resource_share": n(army, "share")},
        "guard": {**force, "kind": "guard", "strength": n(1000, "soldiers"), "resource_share": n(guard, "share")},
    }
    return data


def test_an_older_share_is_read_as_a_ratio_a_head() -> None:
    case = case_of(older(0.6, 0.4))
    assert math.isclose(resolve(case, "sides.state.forces.army.resources"), 0.6 / 0.75)
    assert math.isclose(resolve(case, "sides.state.forces.guard.resources"), 0.4 / 0.25)


def test_a_what_if_on_an_older_share_is_turned_along() -> None:
    data = older(0.6, 0.4)
    data["counterfactuals"] = {"equal": {"label": "equal", "set": {"sides.state.forces.guard.resource_share": 0.25}}}
    case = case_of(data)
    changed = with_values(case, dict(case.counterfactuals["equal"].set))
    for name in ("army", "guard"):
        assert math.isclose(resolve(changed, f"sides.state.forces.{name}.resources"), 1.0)


@pytest.mark.parametrize(("army", "guard", "said"), [(0.6, 0.3, "must add up to 1"), (1.2, -0.2, "out of bounds")])
def test_faulty_older_shares_are_still_named(army: float, guard: float, said: str) -> None:
    with pytest.raises(FaultyInput, match=said):
        case_of(older(army, guard))


@pytest.mark.parametrize("name", [*library()[::6], "reference"])
def test_a_written_case_is_read_as_it_was(name: str) -> None:
    case = load_case(name)
    assert dump(validated(parse(case_text(case), name), Case)) == dump(case)


def test_defaults_are_not_written(tmp_path: Path) -> None:
    path = write_case(case_of(minimal()), tmp_path / "lean.yaml")
    text = path.read_text()
    assert "wounded_to_killed" not in text
    assert "recruits_from" not in text
    assert "not given" not in text
    assert load_case(path) == case_of(minimal())
    with pytest.raises(AllegianceError, match="exists already"):
        write_case(case_of(minimal()), path)


def test_a_case_of_one_side_says_when_its_crowd_ends_it() -> None:
    from allegiance.cases.length import ends_with_wave

    egypt = load_case("egypt-2011")
    assert (
        ends_with_wave(egypt) == "its last wave of protest ends on day 18 and the case with it; its horizon is 21 days"
    )
    assert ends_with_wave(with_values(egypt, {"days": 18})) == ""
    assert ends_with_wave(load_case("reference")) == ""
    assert ends_with_wave(case_of(minimal())) == ""
