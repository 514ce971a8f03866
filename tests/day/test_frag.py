"""Fragging: officers attacked, and what it costs, by hand."""

from __future__ import annotations

import math

import numpy as np

from allegiance.day import frag
from allegiance.day.counts import poisson
from allegiance.theory.model import Theory
from allegiance.world.chance import FRAG
from allegiance.world.world import World
from day import small
from day.small import close, p


def ready(theory: Theory | None = None) -> World:
    world = small.world(theory=theory)
    small.fill(world.company.grievance, 0.5, 0.2)
    small.fill(world.brigade.skill, 0.3, 0.05)
    small.fill(world.brigade.competence, 0.3, 0.05)
    world.force.weight[:] = [5.0, 1.0, 2.5, 3.0, 2.0, 6.0]
    world.company.present[3] = 0.0
    return world


def test_officers_are_attacked_in_number_by_grievance_leaders_and_the_men_stood_for() -> None:
    world = ready()
    world.chance = small.Told(world, {(FRAG, 0): np.full(20, 0.9999)})
    many = np.zeros(20)
    for c in range(20):
        k, b, f = c // 10, c // 2, small.FORCE_OF_COMPANY[c]
        rate = p(world, "fragging", "rate", k) * math.exp(p(world, "fragging", "anger", k) * (0.5 + 0.2 * c - 2.0))
        mean = rate * (1.5 - (0.3 + 0.05 * b)) * world.force.weight[f] * (c != 3)
        many[c] = poisson(np.array([0.9999]), np.array([mean]))[0]
    before = world.brigade.competence.copy()
    frag.step(world)
    events = small.events(world, "fragging")
    rows = np.flatnonzero(many)
    assert len(rows) > 3
    assert events["weight"].tolist() == many[rows].tolist()
    assert events["side"].tolist() == [small.SIDE_OF_COMPANY[c] for c in rows]
    for b in range(10):
        lost = sum(
            many[c] / world.force.weight[small.FORCE_OF_COMPANY[c]] * p(world, "fragging", "timid", c // 10)
            for c in (2 * b, 2 * b + 1)
        )
        close(world.brigade.competence[b], max(0.0, before[b] - lost))


def test_left_out_it_does_nothing() -> None:
    world = ready(Theory(off=("fragging",)))
    world.chance = small.Told(world, {(FRAG, 0): np.full(20, 1.0 - 1e-12)})
    frag.step(world)
    assert len(world.events.table()) == 0


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(frag.step)
