"""Fragging: officers attacked by their own soldiers."""

from __future__ import annotations

import numpy as np

from allegiance.day.counts import poisson
from allegiance.world.chance import FRAG
from allegiance.world.world import World


def step(world: World) -> None:
    """Let officers of aggrieved companies be attacked; their like lead less afterwards."""
    company, brigade, fragging = world.company, world.brigade, world.theory.fragging
    if not fragging.on:
        return
    k = company.contest
    live = (company.present > 0) & (world.contest.live[k] > 0)
    hazard = live * fragging.attack_hazard(
        company.grievance, brigade.skill[company.brigade], fragging.p.rate[k], fragging.p.anger[k]
    )
    many = poisson(world.chance.uniform(FRAG, company), hazard * world.force.weight[company.force])
    rows = np.flatnonzero(many)
    if len(rows) == 0:
        return
    # of all companies that one stands for, its own brigade has its share
    lost = many[rows] / world.force.weight[company.force[rows]] * fragging.p.timid[k[rows]]
    np.subtract.at(brigade.competence, company.brigade[rows], lost)
    brigade.competence[:] = np.maximum(0.0, brigade.competence)
    world.events.add(
        "fragging", world.day, k[rows], side=company.side[rows], force=company.force[rows], size=1.0,
        weight=many[rows], violent=1, grievance=company.grievance[rows],
    )  # fmt: skip
