"""Who a soldier is when he joins: exact composition, and luck that is his own."""

from __future__ import annotations

import numpy as np
import pytest

from allegiance.cases.loader import load_case
from allegiance.cases.paths import with_values
from allegiance.runs.member import begin
from allegiance.theory.conscription import COMPELLED
from allegiance.theory.model import Theory, draw
from allegiance.world.blueprint import build
from allegiance.world.enlist import enlist, retie, tie_bins, ties
from allegiance.world.muster import place
from allegiance.world.soldiers import CATEGORIES, EMPTY
from allegiance.world.world import World

TWINS = (
    "reference",
    "france-1917",
    "libya-2011",
    "russia-ukraine-2023",
    "south-vietnam-1975",
    "ukraine-2022",
    "united-states-civil-war-1861",
)


COLUMNS = ("disposition", "home_day", "tie", "group", "region", "category")


def first_morning(name: str, scale: float = 1.0, members: tuple[int, ...] = (0,), permute: str = "") -> World:
    plan = build(load_case(name), 30, scale)
    return begin(plan, Theory(), [draw(1, 0)] * len(members), 1, members, permute)


def force_of_slot(world: World) -> np.ndarray:
    return np.repeat(world.company.force, world.company.stop - world.company.start)


@pytest.mark.parametrize("name", ["reference", "syria-2011"])
@pytest.mark.parametrize("scale", [1.0, 0.05])
def test_composition_groups_and_homes_are_exact(name: str, scale: float) -> None:
    world = first_morning(name, scale)
    case, of, there = world.plan.case, force_of_slot(world), world.soldiers.status != EMPTY
    forces = [f for side in case.sides.values() for f in side.forces.values()]
    for f, force in enumerate(forces):
        mine = there & (of == f)
        many = mine.sum()
        for category, share in force.composition.items():
            got = (world.soldiers.category[mine] == CATEGORIES.index(category.value)).mean()
            companies = np.unique(world.company_of(np.flatnonzero(mine))).size  # some are of one kind
            assert got == pytest.approx(share.value, abs=0.01 + 3.0 / many + 1.0 / companies)
        for group, share in force.groups.items():
            got = (world.soldiers.group[mine] == world.plan.names.groups.index(group)).mean()
            assert got == pytest.approx(share.value, abs=0.01 + 3.0 / many)
        side = world.plan.names.forces[f].split(".")[0]
        for region, share in force.recruits_from.items():
            got = (world.soldiers.region[mine] == world.plan.names.regions.index(f"{side}.{region}")).mean()
            assert got == pytest.approx(share.value, abs=0.01 + 3.0 / many)


@pytest.mark.parametrize("name", TWINS)
def test_enemies_whose_forces_bear_one_name_share_no_luck(name: str) -> None:
    world = first_morning(name, 1.0 if name == "reference" else 0.05)
    names = [f.split(".") for f in world.plan.names.forces]
    pairs = [
        (a, b)
        for a, (side, force) in enumerate(names)
        for b, (other, same) in enumerate(names)
        if a < b and side != other and force == same
    ]
    assert pairs, f"{name} has no forces of one name any more"
    of, s = force_of_slot(world), world.soldiers
    for a, b in pairs:
        first, second = (np.flatnonzero((of == f) & (s.status != EMPTY)) for f in (a, b))
        n = min(len(first), len(second))
        for column in (s.disposition, s.closeness):
            one, other = column[first[:n]].astype(float), column[second[:n]].astype(float)
            assert abs(np.corrcoef(one, other)[0, 1]) < 5.0 / np.sqrt(n)
        loyal = [world.brigade.loyalty[world.brigade.force == f] - world.force.command_loyalty[f] for f in (a, b)]
        m = min(len(loyal[0]), len(loyal[1]))
        assert not np.allclose(loyal[0][:m], loyal[1][:m])


def test_members_and_soldiers_share_no_luck() -> None:
    world = first_morning("reference", members=(0, 1))
    of = force_of_slot(world)
    one, other = world.soldiers.disposition[of == 0], world.soldiers.disposition[of == 3]
    assert abs(np.corrcoef(one, other)[0, 1]) < 5.0 / np.sqrt(len(one)) + 0.02  # both are half conscript, evenly spread
    assert not np.isin(world.soldiers.disposition[of == 1], world.soldiers.disposition[of == 4]).mean() > 0.01
    assert abs(np.corrcoef(one[:-1], one[1:])[0, 1]) < 0.1


def test_one_more_soldier_changes_nobody_else() -> None:
    worlds = []
    for strength in (11_000, 11_001):
        case = with_values(load_case("reference"), {"sides.stronger.forces.army.strength": strength})
        worlds.append(begin(build(case, 5, 1.0), Theory(), [draw(1, 0)], 1, [0]))
    before, after = (
        {(f, o, n): values for f, o, n, *values in zip(
            force_of_slot(w).tolist(), np.repeat(w.company.ordinal, w.company.stop - w.company.start).tolist(),
            np.concatenate([np.arange(m) for m in w.company.stop - w.company.start]).tolist(),
            *(getattr(w.soldiers, c).tolist() for c in COLUMNS),
            strict=True,
        )} for w in worlds
    )  # fmt: skip
    assert len(after) == len(before) + 1
    assert all(after[key] == values for key, values in before.items())


def test_disposition_is_compulsion_loyalty_and_daring() -> None:
    """Over a force, its mean and spread are those that the terms say."""
    plan = build(load_case("reference"), 30, 1.0)
    values = draw(1, 0)
    world = begin(plan, Theory(), [values], 1, [0])
    of = force_of_slot(world)
    p = {n: values[n] for n in ("conscription_compulsion", "choice_loyalty", "choice_risk")}
    for f in range(3):
        mine = of == f
        compelled = np.array([COMPELLED[CATEGORIES[k]] for k in world.soldiers.category[mine]])
        rest = world.soldiers.disposition[mine] - p["conscription_compulsion"] * compelled
        expected = p["choice_loyalty"] * (0.5 - world.force.loyalty[f])
        assert rest.mean() == pytest.approx(expected, abs=5.0 * rest.std() / np.sqrt(mine.sum()))
        spread = np.hypot(p["choice_loyalty"] * 0.2 / np.sqrt(3.0), p["choice_risk"])
        assert rest.std() == pytest.approx(spread, rel=0.06)
        without = begin(plan, Theory(off=("conscription",)), [values], 1, [0])
        assert np.allclose(without.soldiers.disposition[mine], rest, atol=1e-5)


def test_ties_follow_the_group_and_the_own_closeness() -> None:
    world = first_morning("reference")
    mean = {"core": 0.2, "kin": 0.5}
    for g, name in enumerate(world.plan.names.groups):
        mine = (world.soldiers.group == g) & (world.soldiers.status != EMPTY)
        if name in mean and mine.any():
            expected = mean[name] * (0.4 + 1.2 * world.soldiers.closeness[mine] / 255.0)
            assert np.allclose(world.soldiers.tie[mine] / 255.0, expected, atol=1 / 254)
    assert ties(np.array(0.9), np.array(255.0)) == 1.0
    assert tie_bins(np.array([0.0, 0.049, 0.05, 0.29, 0.31, 0.59, 0.61, 1.0])).tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_a_first_soldier_has_part_of_his_service_behind_him() -> None:
    world = first_morning("reference")
    conscript = (world.soldiers.category == CATEGORIES.index("conscript")) & (world.soldiers.status != EMPTY)
    contract = (world.soldiers.category == CATEGORIES.index("contract")) & (world.soldiers.status != EMPTY)
    left = world.soldiers.home_day
    assert 0 <= left[conscript].min() < 10
    assert 355 < left[conscript].max() <= 365
    assert left[conscript].mean() == pytest.approx(365 / 2, rel=0.03)
    assert left[contract].min() >= 549
    assert left[contract].max() <= 1100


@pytest.mark.parametrize("permute", ["category", "tie"])
def test_random_labels_change_what_is_recorded_and_nothing_else(permute: str) -> None:
    plain, mixed = first_morning("reference"), first_morning("reference", permute=permute)
    for column in ("disposition", "home_day", "tie", "group", "region", "closeness"):
        assert np.array_equal(getattr(plain.soldiers, column), getattr(mixed.soldiers, column)), column
    label = "category" if permute == "category" else "tie_bin"
    assert not np.array_equal(getattr(plain.soldiers, label), getattr(mixed.soldiers, label))
    assert np.bincount(getattr(plain.soldiers, label)).tolist() == pytest.approx(
        np.bincount(getattr(mixed.soldiers, label)).tolist(), abs=120
    )


def test_recruits_bear_random_labels_as_the_first_soldiers_do() -> None:
    mobilised, worlds = CATEGORIES.index("mobilised"), [first_morning("reference", permute=p) for p in ("", "category")]
    force, slots, numbers = np.zeros(400, int), np.arange(400), np.arange(400) + (1 << 31)
    for world in worlds:
        enlist(world, force, slots, numbers, np.full(400, mobilised))
    plain, mixed = (world.soldiers for world in worlds)
    assert (plain.category[:400] == mobilised).all()
    assert (mixed.category[:400] != mobilised).any()
    assert np.array_equal(plain.disposition, mixed.disposition)
    assert np.array_equal(plain.home_day, mixed.home_day)


def test_when_zones_change_every_man_keeps_his_own_closeness_whatever_luck_comes_after() -> None:
    worlds = []
    for member in (0, 77):
        world = first_morning("russia-ukraine-2022", 0.02)
        world.chance.members = np.array([member])
        closeness = world.soldiers.closeness.copy()
        zones = len(world.plan.zone)
        world.zone.given["weight"] = np.full(zones, 1.0 / zones)
        place(world)
        retie(world)
        assert np.array_equal(world.soldiers.closeness, closeness)
        worlds.append(world.soldiers.tie.copy())
    assert np.array_equal(*worlds)
