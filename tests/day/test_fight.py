"""Combat: powers, ground and casualties, by hand."""

from __future__ import annotations

import math

import numpy as np

from allegiance.base.random import normal, philox
from allegiance.day import fight
from allegiance.world.chance import BATTLE, COMBAT
from allegiance.world.soldiers import KILLED, WOUNDED
from day import small
from day.small import close, p


def ready() -> small.World:
    """Two contests with columns that all differ."""
    world = small.world()
    company, brigade, force = world.company, world.brigade, world.force
    company.obeying[:] = [18, 15, 12, 19, 10, 17, 16, 11, 14, 13] * 2
    company.shirking[:] = [2, 4, 6, 0, 8, 1, 3, 7, 5, 6] * 2
    company.present[:] = company.obeying + company.shirking
    company.contact[:] = [1, 1, 0, 1, 1, 0, 1, 1, 1, 0] * 2
    small.fill(company.grievance, 0.3, 0.09)
    small.fill(company.supply, 0.4, 0.03)
    small.fill(brigade.skill, 0.2, 0.06)
    force.weight[:] = [3.0, 1.0, 2.0, 4.0, 1.5, 2.5]
    force.given["quality"], force.given["equipment"] = np.array([0.5, 0.7, 0.6] * 2), np.array([0.6, 0.9, 0.8] * 2)
    world.side.materiel[:] = [1.5, 0.7, 2.5, 1.0]
    return world


def test_power_is_that_of_men_in_contact_at_the_strength_of_the_real_force() -> None:
    world = ready()
    fight.step(world)
    power, contact = [0.0] * 4, [0.0] * 4
    for c in range(20):
        if (1, 1, 0, 1, 1, 0, 1, 1, 1, 0)[c % 10] == 0:
            continue
        k, b = c // 10, c // 2
        f = (0, 0, 1, 2, 2, 3, 3, 4, 5, 5)[b]
        s = (0, 0, 1, 2, 2, 3)[f]
        weight = (3.0, 1.0, 2.0, 4.0, 1.5, 2.5)[f]
        kit = min(1.5, (0.6, 0.9, 0.8)[f % 3] * (1.5, 0.7, 2.5, 1.0)[s])
        obeying, shirking = world.company.obeying[c], world.company.shirking[c]
        men = obeying + p(world, "capability", "shirker", k) * shirking
        fed = (0.4 + 0.03 * c) ** p(world, "capability", "supply", k)
        morale = min(1.0, 1.0 - (0.3 + 0.09 * c))
        power[s] += (
            weight * men * (0.5, 0.7, 0.6)[f % 3] * fed * kit * (0.5 + 0.5 * (0.2 + 0.06 * b))
            * math.exp(p(world, "capability", "morale", k) * max(-2.0, morale))
        )  # fmt: skip
        contact[s] += weight * (obeying + shirking)
    close(world.side.power, power)
    close(world.side.present_in_contact, contact)


def test_ground_follows_power_terrain_works_reach_and_fortune() -> None:
    world = ready()
    contest = world.contest
    for name, values in dict(area_start=[1000, 1200], area_target=[5000, 3200], mobility=[200, 150], terrain=[0.3, 0.2]).items():
        contest.given[name] = np.array(values, float)
    contest.area[:], contest.digging_days[:] = [2000.0, 900.0], [20.0, 40.0]
    contest.fortune[:], contest.recent_gain[:] = [0.1, -0.2], [0.01, -0.03]
    fight.step(world)
    for k in (0, 1):
        a, d = world.side.power[2 * k], world.side.power[2 * k + 1]
        close(contest.log_ratio[k], math.log(a / d))
        z = normal(1, k, int(contest.key[k]), 0, BATTLE, 3)
        keep = 1.0 - 1.0 / p(world, "combat", "tempo", k)
        luck = keep * (0.1, -0.2)[k] + p(world, "combat", "fortune", k) * math.sqrt(1.0 - keep * keep) * z
        close(contest.fortune[k], luck)
        area, start, target = (2000.0, 900.0)[k], (1000.0, 1200.0)[k], (5000.0, 3200.0)[k]
        contested, decisive = target - start, p(world, "combat", "decisiveness", k)
        reach = math.exp(-p(world, "combat", "overreach", k) * max(0.0, (area - start) / contested))
        there = a * reach * math.exp(luck)
        dug = p(world, "combat", "dug_in", k)
        works = dug * (1.0 - math.exp(-(20.0, 40.0)[k] / p(world, "combat", "digging", k)))
        terrain, mobility = (0.3, 0.2)[k], (200.0, 150.0)[k]

        def move(one: float, other: float, mobility: float = mobility, decisive: float = decisive) -> float:
            return mobility * (one**decisive - other**decisive) / (one**decisive + other**decisive)

        gain = move(there, d * (1.0 + terrain + works))
        if gain <= 0:
            gain = -max(0.0, move(d, there * (1.0 + terrain + (dug if area <= start else works))))
        close(contest.area[k], area + gain)
        memory = p(world, "contagion", "memory", k)
        close(contest.recent_gain[k], (0.01, -0.03)[k] * (1.0 - 1.0 / memory) + gain / contested)
        close(contest.digging_days[k], (20.0, 40.0)[k] * max(0.0, 1.0 - abs(gain) / contested / 0.05) + 1.0)
        close(contest.close_fighting[k], 2.0 * min(a, d) / (a + d))
        assert contest.contested_days[k] == 1.0
        assert contest.parity_days[k] == float(abs(math.log(a / d)) < math.log(1.25))


def test_the_line_from_which_the_war_began_is_manned_before_it() -> None:
    """An attacker who holds no more than at the start falls back to works that are ready."""
    lost = []
    for area in (1000.0, 1000.0001):
        world = ready()
        world.contest.given["area_start"], world.contest.area[:] = np.full(2, 1000.0), area
        world.contest.given["area_target"] = np.full(2, 5000.0)
        world.company.obeying[[0, 1, 2, 3, 4, 5]] = 1.0
        fight.step(world)
        lost.append(area - world.contest.area[0])
    assert 0.0 <= lost[0] < lost[1]


def test_each_man_falls_by_his_own_luck_at_the_rate_of_his_own_side() -> None:
    world = ready()
    world.contest.given["intensity"] = np.array([150.0, 90.0])
    world.force.given["wounded_to_killed"] = np.array([1.0, 2.0, 3.0, 2.5, 1.5, 0.5])
    small.fill(world.soldiers.region, 0, 0)
    world.soldiers.region[:] = np.arange(400) % 4
    fight.step(world)
    dead, hurt, by_region = np.zeros(20), np.zeros(20), np.zeros(8)
    for c in range(20):
        k, f = c // 10, int(world.company.force[c])
        s = (0, 0, 1, 2, 2, 3)[f]
        ratio = world.side.power[small.ENEMY[s]] / world.side.power[s]
        strength = (150.0, 90.0)[k] * p(world, "combat", "intensity", k) * 0.001
        killed = min(0.2, strength * min(5.0, max(0.2, ratio)) ** p(world, "combat", "exchange", k)) * world.company.contact[c]
        wounded = killed * world.force.given["wounded_to_killed"][f]
        for j in range(20):
            group, word = j % 5, j // 5
            u = int(philox(int(world.company.ordinal[c]) * 512 + group, COMBAT << 16, int(world.company.roll[c]), k, 1, 0)[word])
            share, i = u / 2.0**32, 20 * c + j
            if share < killed:
                dead[c] += 1
                by_region[4 * k + i % 4] += world.force.weight[f]
                assert world.soldiers.status[i] == KILLED
            elif share < killed + wounded:
                hurt[c] += 1
                assert world.soldiers.status[i] == WOUNDED
            else:
                assert world.soldiers.status[i] < WOUNDED
    assert dead.sum() > 5, "nobody fell: nothing is shown"
    close(world.company.killed_today, dead)
    close(world.company.wounded_today, hurt)
    close(world.region.deaths, by_region)
    for f in range(6):
        close(world.force.killed[f], world.force.weight[f] * dead[world.company.force == f].sum())
        close(world.force.wounded[f], world.force.weight[f] * hurt[world.company.force == f].sum())


def test_the_stronger_side_loses_fewer() -> None:
    world = ready()
    world.contest.given["intensity"] = np.full(2, 30.0)
    world.company.obeying[world.company.side % 2 == 0] *= 4.0
    fight.step(world)
    lost = world.per_side(world.force.killed + world.force.wounded) / world.side.present_in_contact
    assert lost[0] < lost[1]
    assert lost[2] < lost[3]


def test_nobody_falls_and_no_day_is_at_parity_where_the_enemy_is_not_in_the_field() -> None:
    world = ready()
    world.contest.given["intensity"] = np.full(2, 150.0)
    world.company.contact[world.company.side == 1] = 0.0
    fight.step(world)
    assert world.side.power[1] == 0.0
    assert world.force.killed[:3].sum() == world.force.wounded[:3].sum() == 0.0
    assert world.force.killed[3:].sum() > 0.0
    assert world.contest.contested_days.tolist() == [0.0, 1.0]
    assert world.contest.parity_days[0] == 0.0
    assert world.contest.close_fighting[0] == 0.0


def test_a_front_where_nobody_stands_does_not_move() -> None:
    world = ready()
    world.company.contact[:10] = 0.0
    area = world.contest.area.copy()
    fight.step(world)
    assert world.contest.area[0] == area[0]
    assert world.contest.log_ratio[0] == 0.0
    assert world.contest.area[1] != area[1]


def test_without_an_enemy_army_power_is_counted_and_nobody_falls() -> None:
    world = small.world((0,), kind="repression")
    world.company.contact[:] = 1.0
    fight.step(world)
    assert world.side.power[0] > 0.0
    assert world.company.killed_today.sum() == 0.0
    assert world.contest.contested_days[0] == 0.0


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(fight.step)
