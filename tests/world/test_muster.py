"""The first morning, and what changes by date."""

from __future__ import annotations

import numpy as np
import pytest

from allegiance.cases.loader import load_case
from allegiance.cases.paths import dump
from allegiance.cases.schema import Case
from allegiance.runs.member import begin, play_day
from allegiance.theory.model import Theory, draw
from allegiance.world.blueprint import build
from allegiance.world.inputs import columns
from allegiance.world.muster import place
from day import small


def central(name: str, scale: float = 1.0) -> small.World:
    return begin(build(load_case(name), 30, scale), Theory(), [draw(0, 0, sample=False)], 1, [0])


@pytest.mark.parametrize("name", ["egypt-2011", "china-1989", "reference"])
def test_ties_hold_doubted_brigades_back_on_the_first_day_as_on_the_second(name: str) -> None:
    world = central(name, 0.2)
    assert (world.brigade.tie[world.brigade.companies > 0] > 0).any()
    duty = []
    for _ in range(3):
        tie = world.brigade.tie.copy()
        play_day(world)
        duty.append(world.brigade.on_duty.sum())
        assert np.allclose(tie, world.brigade.tie, atol=0.02)
    assert abs(duty[0] - duty[1]) <= 0.1 * len(world.brigade) + 1


def test_the_first_morning_knows_what_everyone_saw_the_night_before() -> None:
    world = central("reference")
    assert world.side.entry.tolist() == [12_000.0, 10_000.0]
    assert np.allclose(world.side.present, world.side.entry)
    assert np.allclose(world.side.obeying, world.side.entry)
    assert np.array_equal(world.side.offer, world.side.inducement[[1, 0]])
    assert world.contest.area.tolist() == [1000.0]
    assert np.array_equal(world.side.belief_mean, world.side.expected_advantage)
    assert np.allclose(world.side.belief_variance, world.side.uncertainty**2)
    assert world.side.win_belief[0] > 0.5 > world.side.win_belief[1]
    assert (world.company.grievance > 0).all()


def test_commanders_differ_round_what_the_case_says_of_their_force() -> None:
    world = central("russia-ukraine-2022", 0.2)
    large = int(np.bincount(world.brigade.force).argmax())
    mine = world.brigade.force == large
    assert world.brigade.loyalty[mine].mean() == pytest.approx(world.force.command_loyalty[large], abs=0.06)
    assert 0.07 < world.brigade.loyalty[mine].std() < 0.2
    assert world.brigade.competence[mine].mean() == pytest.approx(world.force.competence[large], abs=0.06)
    assert world.company.quality_supply.mean() == pytest.approx(1.0, abs=0.02)
    assert world.company.quality_supply.std() == pytest.approx(0.15, rel=0.1)


def test_brigades_stand_in_zones_by_todays_weights() -> None:
    world = central("russia-ukraine-2022", 0.2)
    zones = len(world.plan.zone)
    share = np.bincount(world.brigade.zone, minlength=zones) / len(world.brigade)
    assert np.allclose(share, world.zone.weight / world.zone.weight.sum(), atol=0.06)
    world.zone.given["weight"] = np.eye(zones)[1]
    place(world)
    assert (world.brigade.zone == 1).all()
    assert (world.company.zone == 1).all()


def decided(**values: float) -> small.World:
    """The small war, two members, with decisions on its fifth day."""
    data = dump(small.small_case())
    data["decisions"] = {
        "now": {"date": "2000-01-06", "label": "made up", "set": {k.replace("__", "."): v for k, v in values.items()}}
    }
    plan = build(Case.model_validate(data), 20, 1.0)
    return begin(plan, Theory(), [draw(5, k) for k in (0, 1)], 1, [0, 1])


def test_a_decision_holds_from_its_day_on_for_every_member() -> None:
    world = decided(sides__weaker__supply=0.123)
    for day in range(7):
        play_day(world)
        assert world.side.supply.tolist() == ([0.7, 0.123] * 2 if day >= 5 else [0.7, 0.7] * 2)


def test_new_commanders_move_every_commander_by_the_change() -> None:
    plain, changed = decided(sides__weaker__supply=0.7), decided(sides__stronger__forces__army__command__loyalty=0.55)
    for world in (plain, changed):
        for _ in range(6):
            play_day(world)
    moved = changed.brigade.loyalty - plain.brigade.loyalty
    army = np.isin(changed.brigade.force, [0, 3])
    inside = plain.brigade.loyalty < 1.0
    assert np.allclose(moved[army & inside], -0.1)
    assert np.allclose(moved[~army], 0.0)


def test_unequal_groups_feel_it_by_their_share_of_their_own_side() -> None:
    world = small.world()
    world = decided(sides__weaker__supply=0.7)
    names = world.plan.names.groups
    strength = {"army": 80.0, "guard": 40.0}
    core = (0.7 * strength["army"] + 1.0 * strength["guard"]) / 120.0
    for k in (0, 1):
        weight = float(world.theory.inclusion.p.weight[k])
        got = world.exclusion[3 * k, names.index("core")], world.exclusion[3 * k + 2, names.index("kin")]
        assert got[0] == pytest.approx(weight * 0.4 * (1.0 - core))
        share = (
            world.people.group_share[2 * k + 1, names.index("kin")]
            if len(world.people.group_share) == 4
            else world.people.group_share[1, names.index("kin")]
        )
        assert got[1] == pytest.approx(weight * 0.4 * (1.0 - share))


def test_an_input_that_two_parts_share_bears_the_name_of_the_inner_one() -> None:
    case = small.small_case()
    given = columns([f for s in case.sides.values() for f in s.forces.values()])
    assert given["command_loyalty"].tolist() == [0.65, 0.8, given["command_loyalty"][2]]
    assert given["loyalty"].tolist()[:2] == [0.6, 0.8]
    assert given["dissolution"].tolist() == [0.0, 0.0, 0.0], "what a case leaves out is neutral"
