"""How an army is cut into brigades and companies, and which of them a run plays."""

from __future__ import annotations

import numpy as np
import pytest

from allegiance.cases.loader import load_case
from allegiance.cases.parts import ROLES
from allegiance.cases.paths import dump, with_values
from allegiance.cases.schema import Case
from allegiance.day import task
from allegiance.runs.member import begin, play_day
from allegiance.theory.model import Theory, draw
from allegiance.world.blueprint import automatic_scale, build, soldier_days
from allegiance.world.soldiers import CATEGORIES
from allegiance.world.structure import MIN_BRIGADES, kept
from day import small

LARGE = ("russia-ukraine-2022", "france-1917", "united-states-civil-war-1861", "myanmar-2021")


@pytest.mark.parametrize("count", [1, 5, 12, 13, 40, 157])
@pytest.mark.parametrize("share", [1.0, 0.5, 0.1, 0.02])
def test_a_reduced_scale_plays_whole_brigades_evenly_spread_and_never_few(count: int, share: float) -> None:
    numbers = kept(count, share)
    assert len(set(numbers.tolist())) == len(numbers)
    assert len(numbers) >= min(count, MIN_BRIGADES)
    assert len(numbers) == pytest.approx(max(count * share, min(count, MIN_BRIGADES)), abs=1)
    assert numbers.min() >= 0
    assert numbers.max() < count
    gaps = np.diff(np.concatenate([[-1], numbers, [count]]))
    assert gaps.max() <= 2 * count / len(numbers) + 1


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("scale", [1.0, 0.2, 0.02])
def test_those_played_stand_for_every_soldier_and_brigade(name: str, scale: float) -> None:
    case = load_case(name)
    plan = build(case, 30, scale)
    force, brigade, company = plan.force, plan.brigade, plan.company
    there = company.pool < 0
    for f, (strength, formation) in enumerate(
        (x.strength.value, x.formation) for side in case.sides.values() for x in side.forces.values()
    ):
        mine = there & (company.force == f)
        men = (company.stop - company.start)[mine].sum()
        assert force.weight[f] * men == pytest.approx(strength)
        per = formation.battalion * formation.brigade
        whole = -(-max(1, round(strength)) // formation.company)
        played = (brigade.pool[brigade.force == f] < 0).sum()
        assert force.brigade_weight[f] * played == pytest.approx(-(-whole // per))
        # whole brigades: whatever passes between companies of one is the same at every scale
        sizes = np.bincount(company.brigade[mine])
        assert (np.sort(sizes[sizes > 0])[1:] == per).all()
    if scale == 1.0:
        assert np.allclose(force.weight, 1.0, atol=1e-3)


def test_companies_are_contiguous_and_know_their_units() -> None:
    plan = build(load_case("russia-ukraine-2022"), 30, 0.05)
    company, brigade = plan.company, plan.brigade
    assert company.start[0] == 0
    assert np.array_equal(company.start[1:], company.stop[:-1])
    assert company.stop[-1] == plan.slots
    assert np.array_equal(company.force, brigade.force[company.brigade])
    assert np.array_equal(company.side, plan.force.side[company.force])
    assert np.array_equal(company.pool, brigade.pool[company.brigade])


def test_every_unit_has_its_own_key_whatever_the_scale() -> None:
    """Keys come from names: a unit that is played at two scales has one key, and no two units share one."""
    for name in LARGE:
        case = load_case(name)
        whole, part = build(case, 30, 1.0), build(case, 30, 0.05)
        for table in ("brigade", "company"):
            keys = getattr(whole, table).key
            assert len(np.unique(keys)) == len(keys)
        at_start = [
            {
                (force, number): key
                for force, number, key, pool in zip(
                    *(getattr(plan.brigade, c).tolist() for c in ("force", "number", "key", "pool")), strict=True
                )
                if pool < 0
            }
            for plan in (whole, part)
        ]
        assert at_start[1].items() <= at_start[0].items()


@pytest.mark.parametrize("name", ["united-states-civil-war-1861", "russia-ukraine-2022"])
def test_the_share_on_duty_is_the_share_deployed_on_every_day_at_every_scale(name: str) -> None:
    """Rotation of a sample keeps no beat of its own."""
    case = load_case(name)
    for scale in (1.0, 0.1, 0.02):
        world = begin(build(case, 130, scale), Theory(off=("command",)), [draw(0, 0, sample=False)], 1, [0])
        duty = []
        for day in range(120):
            world.day = day
            task.step(world)
            duty.append(np.bincount(world.brigade.force, world.brigade.on_duty) / np.bincount(world.brigade.force))
        played = np.bincount(world.brigade.force)
        off = np.abs(np.array(duty) - world.force.deployed)
        assert (off <= 1.5 / played + 0.02).all(), (name, scale, off.max(axis=0), played)


def test_whether_there_is_an_enemy_is_asked_in_one_place() -> None:
    """Repression with two sides has no battles: no side has an opponent."""
    case = load_case("reference")
    war, repression = (build(with_values(case, {"war.kind": kind}), 5, 0.2) for kind in ("civil", "repression"))
    for plan, enemy, other in ((war, 1.0, [1, 0]), (repression, 0.0, [-1, -1])):
        assert plan.contest.has_enemy.tolist() == [enemy]
        assert plan.side.has_enemy.tolist() == [enemy] * 2
        assert plan.side.other.tolist() == other


def test_the_automatic_scale_is_the_largest_that_fits() -> None:
    for name in ("reference", "russia-ukraine-2022", "france-1917"):
        case = load_case(name)
        for members in (1, 64, 4096):
            scale = automatic_scale(case, case.days, members)
            fits = soldier_days(case, case.days, scale) * members <= 5.0e9
            assert fits or scale == 0.01
            assert automatic_scale(case, case.days, members * 2) <= scale


def test_a_pools_formations_stand_beside_the_force_they_join() -> None:
    data = dump(small.small_case())
    data["sides"]["weaker"]["recruitment"]["reservists"]["new_formations"] = {
        "value": 50, "unit": "soldiers", "basis": "judgement", "note": "made up",
    }  # fmt: skip
    plan = build(Case.model_validate(data), 10, 1.0)
    raised = plan.brigade.pool >= 0
    assert plan.brigade.force[raised].tolist() == [2, 2]
    assert (plan.company.stop - plan.company.start)[plan.company.pool >= 0].tolist() == [20, 20, 10]
    assert (plan.pool.first[3], plan.pool.last[3]) == (200, 250)
    world = begin(plan, Theory(), [draw(0, 0, sample=False)], 1, [0])
    assert world.company.present[plan.company.pool >= 0].tolist() == [0, 0, 0]
    assert world.side.entry.tolist() == [120.0, 80.0], "men who may be raised one day are not there at the start"


@pytest.mark.parametrize("scale", [1.0, 0.3, 0.03])
def test_kinds_of_brigades_keep_their_shares_at_every_scale_and_hold_whom_they_should(scale: float) -> None:
    case = load_case("russia-ukraine-2022")
    army = case.sides["russia"].forces["army"]
    world = begin(build(case, 30, scale), Theory(), [draw(0, 0, sample=False)], 1, [0])
    brigade, names = world.brigade, world.plan.names
    mine = (brigade.force == names.forces.index("russia.army")) & (brigade.pool < 0)
    conscripts = world.per_brigade(world.categories[CATEGORIES.index("conscript")])
    men = world.per_brigade(world.categories.sum(axis=0))
    share = {}
    for key, kind in army.brigades.items():
        own = mine & (np.array(names.kinds)[brigade.kind] == key)
        assert own.sum() == pytest.approx(kind.share.value * mine.sum(), abs=1.0)
        assert set(brigade.role[own]) == {ROLES.index(kind.role)}
        assert set(brigade.ready_at_start[own]) == {kind.ready.value}
        # those of a kind take turns among themselves
        assert np.sort(brigade.phase[own]) == pytest.approx((np.arange(own.sum()) + 0.5) / own.sum())
        share[key] = conscripts[own].sum() / men[own].sum()
    assert share["ready"] == 0.0
    assert share["line"] == pytest.approx(0.08, abs=0.05)
    assert share["rear"] == pytest.approx(0.4, abs=0.12)
    assert conscripts[mine].sum() / men[mine].sum() == pytest.approx(0.12, abs=0.03)


def test_two_contests_with_kinds_side_by_side_are_as_each_alone() -> None:
    case = load_case("russia-ukraine-2022")
    plan = build(case, 30, 0.01)
    worlds = [begin(plan, Theory(), [draw(1, m) for m in members], 1, members) for members in ((0, 1), (1,))]
    for _ in range(12):
        for world in worlds:
            play_day(world)
    small.compare(worlds[0], worlds[1], 1)
    assert len(np.unique(worlds[1].brigade.due)) > 10
