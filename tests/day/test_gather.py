"""Sums of companies into brigades, forces and sides, by hand."""

from __future__ import annotations

import numpy as np

from allegiance.day.gather import gather
from allegiance.theory.forms import DEFECT, DESERT
from allegiance.world.soldiers import CATEGORIES, SHIRKING
from allegiance.world.world import World
from day import small
from day.small import close

WEIGHT = (3.0, 1.0, 2.0, 4.0, 1.5, 2.5)


def ready() -> World:
    """Two contests of companies that all differ; company 3 has nobody present."""
    world = small.world()
    company = world.company
    for n, name in enumerate(("obeying", "shirking", "refusing", "in_mutiny", "vacant")):
        getattr(company, name)[:] = (np.arange(20) * (n + 3)) % 7 + n
    for name in ("obeying", "shirking", "refusing", "in_mutiny"):
        getattr(company, name)[3] = 0.0
    company.present[:] = company.obeying + company.shirking + company.refusing + company.in_mutiny
    small.fill(company.belief, 0.02, 0.01)
    small.fill(company.grievance, 0.4, 0.07)
    small.fill(company.tie, 0.1, 0.02)
    company.contact[:] = [1, 0, 1, 1, 0] * 4
    company.mutiny_day[:] = -1
    company.mutiny_day[[0, 3, 11, 12, 13]] = 0
    world.categories[:] = np.arange(120).reshape(6, 20) % 11
    world.force.weight[:] = WEIGHT
    return world


def test_means_of_a_brigade_are_over_its_companies_with_men_present() -> None:
    world = ready()
    gather(world)
    for b in range(10):
        there = [c for c in (2 * b, 2 * b + 1) if c != 3]
        assert world.brigade.companies[b] == len(there)
        close(world.brigade.belief[b], np.mean([0.02 + 0.01 * c for c in there]))
        close(world.brigade.tie[b], np.mean([0.1 + 0.02 * c for c in there]))
        close(world.brigade.grievance[b], np.mean([0.4 + 0.07 * c for c in there]))
        close(world.brigade.mutiny[b], np.mean([c in (0, 11, 12, 13) for c in there]))


def test_a_force_counts_its_men_at_its_real_strength_and_averages_over_men_present() -> None:
    world = ready()
    gather(world)
    company, force = world.company, world.force
    for f in range(6):
        own = [c for c in range(20) if small.FORCE_OF_COMPANY[c] == f]
        for name in ("present", "obeying", "shirking", "refusing", "in_mutiny", "vacant"):
            close(getattr(force, name)[f], WEIGHT[f] * sum(getattr(company, name)[c] for c in own))
        close(force.present_in_contact[f], WEIGHT[f] * sum(company.present[c] * company.contact[c] for c in own))
        for k in range(len(CATEGORIES)):
            close(world.rolls[k, f], WEIGHT[f] * sum(world.categories[k, c] for c in own))
        close(force.on_rolls[f], world.rolls[:, f].sum())
        men = [company.present[c] for c in own]
        close(force.belief[f], np.average([0.02 + 0.01 * c for c in own], weights=men))
        close(force.grievance[f], np.average([0.4 + 0.07 * c for c in own], weights=men))


def test_a_side_sums_its_forces_and_its_guards_are_its_parallel_forces() -> None:
    world = ready()
    world.force.regular[:] = [1, 0, 1, 1, 0, 1]
    gather(world)
    force, side = world.force, world.side
    for s, (forces, regular) in enumerate((((0, 1), (0,)), ((2,), (2,)), ((3, 4), (3,)), ((5,), (5,)))):
        present = sum(force.present[f] for f in forces)
        close(side.present[s], present)
        close(side.obeying[s], sum(force.obeying[f] for f in forces))
        close(side.mutiny_share[s], sum(force.in_mutiny[f] for f in forces) / present)
        guards = sum(force.present[f] for f in forces if f not in regular)
        close(side.guards[s], min(1.0, guards / present / 0.2))
        close(side.disaffection[s], np.mean([force.grievance[f] for f in regular]))
    assert side.guards[2] > 0


def test_those_who_watch_are_the_parallel_forces_that_obey() -> None:
    world = ready()
    world.force.regular[:] = [1, 0, 1, 1, 0, 1]
    world.force.weight[[1, 4]] = 0.3
    gather(world)
    force, side = world.force, world.side
    for s, (army, guard) in ((0, (0, 1)), (2, (3, 4))):
        watch = force.obeying[guard] / (force.present[army] + force.present[guard]) / 0.2
        assert 0.0 < watch < 1.0
        close(side.watch[s], watch)
        assert side.watch[s] < side.guards[s]
    assert side.watch[[1, 3]].tolist() == [0.0, 0.0]
    world.company.obeying[world.company.force == 1] = 0.0
    gather(world)
    assert side.watch[0] == 0.0 < side.guards[0]


def test_men_a_side_should_have_are_those_present_and_those_who_left_and_did_not_come_back() -> None:
    world = ready()
    world.acts[:, DESERT], world.acts[:, DEFECT] = [80, 10, 40, 20, 1, 30], [5, 1, 2, 4, 0, 6]
    world.force.returned_absent[:] = [30, 5, 50, 0, 2, 6]
    gather(world)
    gone = (55, 6, 0, 24, 0, 30)  # never below nobody
    for s, forces in enumerate(((0, 1), (2,), (3, 4), (5,))):
        close(world.side.should[s], sum(world.force.present[f] + gone[f] for f in forces))


def test_the_willing_are_those_with_orders_who_carry_them_out() -> None:
    world = ready()
    world.acts[:, DESERT], world.force.returned_absent[:] = 50.0, 10.0
    brigade, company = world.brigade, world.company
    brigade.on_duty[:] = [1, 0, 1, 0, 0, 1, 0, 0, 1, 1]
    brigade.halted[:] = [0, 3, 0, 0, 0, 2, 0, 0, 0, 0]  # brigade 5 halted today, 1 before; 6 and 7 rest
    gather(world)
    for s in range(4):
        mine = [c for c in range(20) if small.SIDE_OF_COMPANY[c] == s]
        weight = {c: WEIGHT[small.FORCE_OF_COMPANY[c]] for c in mine}
        asked = sum(weight[c] * company.present[c] for c in mine if c // 2 in (0, 1, 2, 5, 8, 9))
        heed = sum(weight[c] * company.obeying[c] for c in mine if c // 2 in (0, 2, 8, 9))
        share = heed / asked if asked else world.side.obeying[s] / world.side.present[s]
        present = world.side.present[s]
        close(world.side.willing[s], share * present / (present + 40.0 * (2, 1, 2, 1)[s]))
    assert not brigade.on_duty[3:5].any(), "the second side has no orders: all its men count"
    assert world.side.willing[2] == 0.0, "all who were asked have halted"


def test_an_army_without_men_has_no_means() -> None:
    world = small.world()
    for name in ("present", "obeying", "shirking", "refusing", "in_mutiny"):
        getattr(world.company, name)[:10] = 0.0
    gather(world)
    assert world.brigade.companies[:5].tolist() == [0] * 5
    assert world.force.grievance[:3].tolist() == [0] * 3
    assert world.side.disaffection[:2].tolist() == [0, 0]
    assert np.isfinite(world.side.mutiny_share).all()


def test_counts_come_from_the_soldiers_and_nowhere_else() -> None:
    world = small.world()
    world.soldiers.status[[0, 25, 199, 200]] = SHIRKING
    world.recount(np.arange(20) % 10 != 1)
    assert world.company.shirking.tolist() == [1] + [0] * 8 + [1, 1] + [0] * 9, "company 1 was not to be counted"
    world.recount(np.ones(20, bool))
    gather(world)
    close(world.force.shirking, world.force.weight * np.array([2, 0, 1, 1, 0, 0]))


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    both, alone = small.fierce((0, 1)), [small.fierce((k,)) for k in (0, 1)]
    gather(both)
    for k in (0, 1):
        gather(alone[k])
        small.compare(both, alone[k], k)
