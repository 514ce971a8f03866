"""The ruler: which pools are drawn from, how many come, and where they go, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from allegiance.cases.paths import with_values
from allegiance.day import recruit
from allegiance.theory.model import Theory
from allegiance.world.blueprint import build
from allegiance.world.chance import REPLACE
from allegiance.world.soldiers import AWOL, CATEGORIES, DESERTED, EMPTY, KILLED, OBEYING, WOUNDED
from allegiance.world.world import World
from day import small
from day.small import close

POOLS = ("stronger.conscripts", "stronger.contracts", "stronger.reservists", "weaker.reservists")


def ready(**options: Any) -> World:
    """Two contests with losses, each with three pools of the stronger side and one of the weaker (POOLS)."""
    world = small.world(**options)
    assert world.plan.names.pools == POOLS
    pool, status = world.pool, world.soldiers.status
    pool.given["size"] = np.array([100.0, 60.0, 80.0, 90.0] * 2)
    pool.given["daily_max"] = np.array([7.0, 5.0, 6.0, 8.0] * 2)
    pool.given["political_cost"] = np.array([0.8, 0.1, 0.4, 0.3] * 2)
    pool.given["money_cost"] = np.array([0.2, 1.0, 0.6, 0.5] * 2)
    pool.given["new_formations"] = np.zeros(8)
    pool.opens[:] = 0
    world.side.given["replaces_losses"] = np.array([0.5, 0.8, 1.0, 0.9])
    for c, dead in ((0, 6), (2, 5), (3, 4), (6, 10), (11, 9), (13, 8), (17, 7)):
        status[20 * c : 20 * c + dead] = np.resize([KILLED, DESERTED], dead)
    status[[10, 130, 230]], status[[11, 231]] = AWOL, WOUNDED
    world.recount(np.ones(20, bool))
    world.force.weight[:] = [2.0, 1.0, 3.0, 1.0, 1.0, 2.0]
    world.force.vacant[:] = world.per_force(world.company.vacant)
    for f in range(6):
        world.force.on_rolls[f] = world.force.weight[f] * sum(
            int(world.company.present[c] + (c in (0, 11)) * 1) for c in range(20) if small.FORCE_OF_COMPANY[c] == f
        )
    world.side.entry[:] = [240.0, 240.0, 120.0, 160.0]
    world.chance = small.Told(world, {(REPLACE, n): np.full(8, 0.5) for n in (0, 1)})
    return world


def test_losses_are_replaced_from_the_cheapest_pools_within_their_daily_most() -> None:
    world = ready(fixed={"recruitment_urgency": 0.0})  # what costs at most one half is tolerated
    recruit.step(world)
    # stronger side, first contest: wants half of 2 · 15 places = 15 men; conscripts cost too much politically.
    # contracts (0.1 + money) bring floor(5 / 2 + 0.5) = 3 soldiers of two, reservists floor(6 / 2 + 0.5) = 3
    # weaker side: wants 0.8 · 3 · 10 = 24; its reservists bring floor(8 / 3 + 0.5) = 3 soldiers of three
    # second contest: 17 places of one, wants 17: 5 contracts, 6 reservists; the other 0.9 · 14: floor(8 / 2 + 0.5)
    close(world.pool.taken_today, [0.0, 6.0, 6.0, 9.0, 0.0, 5.0, 6.0, 8.0])
    close(world.pool.used, world.pool.taken_today)
    close(world.force.replaced, [12.0, 0.0, 9.0, 11.0, 0.0, 8.0])
    kinds = {name: CATEGORIES.index(name) for name in ("contract", "mobilised")}
    fresh = [
        i
        for i in range(400)
        if world.soldiers.home_day[i] and world.soldiers.status[i] == OBEYING and world.soldiers.grievance[i] == 0.0
    ]
    assert len(fresh) == 6 + 3 + 11 + 4
    assert [world.soldiers.category[i] for i in fresh[:6]] == [kinds["contract"]] * 3 + [kinds["mobilised"]] * 3
    # places of the dead and the deserters are filled company by company; the wounded and absent keep theirs
    assert fresh[:9] == [0, 1, 2, 3, 4, 5, 120, 121, 122]
    assert world.company.present[[0, 2, 6]].tolist() == [18, 15, 12]
    assert world.soldiers.status[[10, 11]].tolist() == [AWOL, WOUNDED]
    assert world.force.refill_from.tolist()[0] == 0


def test_refilling_goes_on_where_it_ended() -> None:
    world = ready(fixed={"recruitment_urgency": 0.0})
    recruit.step(world)
    world.recount(np.ones(20, bool))
    recruit.step(world)  # six more: company 2 has five places, company 3 four
    assert world.company.vacant[[0, 2, 3]].tolist() == [0, 0, 3]
    assert world.force.refill_from[0] == 3


def test_what_is_missing_makes_dear_pools_tolerable() -> None:
    """The share missing of the strength at entry counts, not all losses ever suffered."""
    world = ready()
    missing = 1.0 - world.per_side(world.force.on_rolls)[0] / 240.0
    for cost, drawn in ((-1e-9, True), (1e-9, False)):
        world = ready()
        world.force.killed[:] = 1e6
        limit = 0.5 + small.p(world, "recruitment", "urgency", 0) * (
            missing - small.p(world, "recruitment", "shortfall", 0)
        )
        world.pool.political_cost[[0, 1, 2]] = [limit + cost, 5.0, 5.0]
        recruit.step(world)
        assert (world.pool.used[0] > 0) == drawn
        assert world.pool.used[1:3].tolist() == [0.0, 0.0]


def test_the_cheapest_pool_is_the_one_of_least_politics_money_and_use() -> None:
    world = ready(fixed={"recruitment_urgency": 0.0, "recruitment_money": 0.5})
    world.side.given["replaces_losses"] = np.full(
        4, 4.0 / 30.0
    )  # four men wanted by the first side: one pool is enough
    # contracts 0.1 + 0.5 · 1.0 = 0.6; reservists 0.4 + 0.5 · 0.6 = 0.7
    recruit.step(world)
    assert (world.pool.used[1] > 0, world.pool.used[2] > 0) == (True, False)
    world = ready(fixed={"recruitment_urgency": 0.0, "recruitment_money": 0.5})
    world.side.given["replaces_losses"] = np.full(4, 4.0 / 30.0)
    world.pool.used[1] = 18.0  # three tenths used up add 0.15
    recruit.step(world)
    assert (world.pool.used[1] > 18.0, world.pool.used[2] > 0) == (False, True)


def test_a_pool_gives_no_more_than_it_has_and_not_before_it_opens() -> None:
    world = ready(fixed={"recruitment_urgency": 0.0})
    world.pool.used[[1, 3]] = [56.0, 90.0]
    world.pool.opens[2] = 1
    recruit.step(world)
    assert world.pool.taken_today[:4].tolist() == [0.0, 4.0, 0.0, 0.0]
    world.day = 1
    recruit.step(world)
    assert world.pool.taken_today[2] == 6.0


def test_men_come_by_the_luck_of_rounding() -> None:
    came = []
    for luck in (0.49, 0.51):
        world = ready(fixed={"recruitment_urgency": 0.0})
        world.chance = small.Told(world, {(REPLACE, n): np.full(8, luck) for n in (0, 1)})
        recruit.step(world)
        came.append(world.pool.taken_today[1])
    assert came == [4.0, 6.0]  # five men at two a soldier are two or three soldiers


def formations() -> World:
    """The small war in which the weaker side's reservists form new companies."""
    case = with_values(small.small_case(), {"sides.weaker.recruitment.reservists.size": 100})
    data = small.dump(case)
    data["sides"]["weaker"]["recruitment"]["reservists"]["new_formations"] = {
        "value": 50, "unit": "soldiers", "basis": "judgement", "note": "made up",
    }  # fmt: skip
    return small.world(plan=build(small.Case.model_validate(data), 60, 1.0))


def test_new_formations_fill_empty_companies_in_order_before_losses_are_replaced() -> None:
    world = formations()
    pool, rows = world.pool, world.plan.rows
    assert (rows["brigade"], rows["company"], rows["slot"]) == (7, 13, 250)  # two brigades for fifty men
    pool.given["daily_max"], pool.given["new_formations"] = np.full(8, 30.0), np.array([0, 0, 0, 50.0] * 2)
    pool.given["size"], pool.opens[:] = np.full(8, 100.0), 0
    world.chance = small.Told(world, {(REPLACE, n): np.full(8, 0.5) for n in (0, 1)})
    assert (world.soldiers.status[200:250] == EMPTY).all()
    assert world.company.vacant.sum() == 0, "places that were never filled are no losses"
    recruit.step(world)
    assert world.company.present[10:13].tolist() == [20, 10, 0]
    assert (world.soldiers.category[200:230] == CATEGORIES.index("mobilised")).all()
    recruit.step(world)
    assert world.company.present[10:13].tolist() == [20, 20, 10]
    close(world.force.raised, [0, 0, 50, 0, 0, 50])
    close(world.pool.raised, [0, 0, 0, 50, 0, 0, 0, 50])
    recruit.step(world)
    assert world.pool.used[3] == 50.0


def test_recruits_have_numbers_that_nobody_had_before() -> None:
    world = ready(fixed={"recruitment_urgency": 0.0})
    first = world.force.next_recruit.copy()
    assert (first == 1 << 31).all()
    recruit.step(world)
    assert (world.force.next_recruit - first).tolist() == [6, 0, 3, 11, 0, 4]
    taken = world.soldiers.disposition[[0, 1, 2, 3, 4, 5]].copy()
    world.soldiers.status[:6] = KILLED
    world.recount(np.ones(20, bool))
    world.force.refill_from[0] = 0
    recruit.step(world)
    assert not set(taken.tolist()) & set(world.soldiers.disposition[:6].tolist())


def test_nobody_is_recruited_without_the_mechanism_or_after_the_end() -> None:
    off = ready(theory=Theory(off=("recruitment",)))
    recruit.step(off)
    assert off.pool.used.sum() == 0.0
    world = ready(fixed={"recruitment_urgency": 0.0})
    world.contest.live[0] = 0.0
    recruit.step(world)
    assert world.pool.used[:4].sum() == 0.0
    assert world.pool.used[4:].sum() > 0.0
    assert math.isclose(world.force.joined[:3].sum(), 80 + 40 + 80)


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(recruit.step)


def test_in_peace_those_whose_term_is_over_are_relieved_once_a_week() -> None:
    """A relieved place has a whole term ahead; in war, between two intakes and before the last day nothing changes."""
    world = ready()
    world.contest.faced[1] = 0.0
    soldiers, start = world.soldiers, 20 * 10
    world.day = world.chance.day = 14
    before = soldiers.home_day.copy()
    before[:] = 500
    before[[0, start, start + 25]] = [14, 14, 3]
    before[start + 26] = 15
    soldiers.home_day[:] = before
    soldiers.status[start + 27] = EMPTY
    before[start + 27] = soldiers.home_day[start + 27] = 2
    world.theory.recruitment.on = False
    recruit.step(world)
    expected = before.copy()
    for i in (start, start + 25):
        force = small.FORCE_OF_COMPANY[i // 20]
        expected[i] = 14 + max(int(world.people.horizon[force, soldiers.category[i]]), recruit.RELIEF)
    assert soldiers.home_day.tolist() == expected.tolist()
    world.day = world.chance.day = 15
    soldiers.home_day[start] = 1
    recruit.step(world)
    assert soldiers.home_day[start] == 1
