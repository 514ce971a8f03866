"""Wars of several cases side by side are those that are played alone."""

from __future__ import annotations

import pytest

from allegiance.cases.loader import load_case
from allegiance.cases.paths import with_values
from allegiance.runs import ensemble
from allegiance.runs.ensemble import play_mixed, play_rows
from allegiance.runs.spec import RunSpec
from allegiance.world.blueprint import build


def test_wars_of_several_cases_played_side_by_side_are_those_played_alone() -> None:
    """Cases of one shape share a world, though one has more companies or other names; the order asked for is kept."""
    case = load_case("reference")
    hungry = with_values(case, {"sides.weaker.supply": 0.4})
    larger = with_values(case, {"sides.weaker.forces.army.strength": 60_000.0})
    spec = RunSpec(members=4, days=6, scale=0.02, seed=1).settled(case)
    alone = {id(c): play_rows(c, spec, range(4)) for c in (case, hungry, larger)}
    assert spec.days is not None
    assert spec.scale is not None
    plans = {id(c): build(c, spec.days, spec.scale) for c in (case, hungry, larger)}
    wanted = [(hungry, 3), (case, 0), (larger, 1), (case, 3), (hungry, 0), (larger, 2)]
    assert play_mixed([(plans[id(c)], m) for c, m in wanted], spec) == [alone[id(c)][m] for c, m in wanted]
    assert alone[id(case)] != alone[id(hungry)]


def test_armies_of_other_names_and_groups_share_a_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """An army of one group beside one of two: nobody is of the group that it lacks, and nothing else is changed."""
    cases = [load_case(name) for name in ("tunisia-2011", "sudan-2019")]
    specs = [RunSpec(members=2, days=8, scale=0.02, seed=3).settled(case) for case in cases]
    plans = [build(case, 8, 0.02) for case in cases]
    assert len({len(plan.names.groups) for plan in plans}) == 2
    alone = [play_rows(case, spec, range(2)) for case, spec in zip(cases, specs, strict=True)]
    worlds, real = [], ensemble.play
    monkeypatch.setattr(ensemble, "play", lambda plans, *a: worlds.append(len(plans)) or real(plans, *a))
    found = play_mixed([(plan, m) for plan in plans for m in (1, 0)], specs[0])
    assert worlds == [4]
    # as text: a war without an enemy has no parity, and NaN is not itself
    assert repr(found) == repr([alone[0][1], alone[0][0], alone[1][1], alone[1][0]])
