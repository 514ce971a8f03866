"""Wars of several cases side by side are those that are played alone."""

from __future__ import annotations

from allegiance.cases.loader import load_case
from allegiance.cases.paths import with_values
from allegiance.runs.ensemble import play_mixed, play_rows
from allegiance.runs.spec import RunSpec
from allegiance.world.blueprint import build


def test_wars_of_several_cases_played_side_by_side_are_those_played_alone() -> None:
    """Cases that differ in numbers share a world; one with more companies has its own; the order asked for is kept."""
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
