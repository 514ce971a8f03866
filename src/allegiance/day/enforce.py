"""Junior leaders: sergeants and lieutenants of each company enforce orders, or look away."""

from __future__ import annotations

import numpy as np

from allegiance.world.columns import Array
from allegiance.world.world import World


def step(world: World) -> None:
    """Move the share of each company's junior leaders who enforce, by losses among them and by how they live."""
    if not world.theory.junior_leaders.on:
        return
    company, junior = world.company, world.theory.junior_leaders
    rows = np.flatnonzero((company.present > 0) & (world.contest.live[company.contest] > 0))
    p, k = junior.p, company.contest[rows]
    lost = company.killed_today[rows] + company.wounded_today[rows]
    share = lost / np.maximum(company.present[rows] + lost, 1.0)
    leaders = junior.bereft(company.leaders[rows], share, p.fallen[k], p.green[k])
    towards = junior.enforcing(p.ordinary[k], _lean(world, rows))
    company.leaders[rows] = junior.moved(leaders, towards, p.days[k])


def _lean(world: World, rows: Array) -> Array:
    """What sets the leaders of these companies apart: who they are, grievance, hold from above, example beside them."""
    company, side, brigade, junior = world.company, world.side, world.brigade, world.theory.junior_leaders
    p, k, s, b = junior.p, company.contest[rows], company.side[rows], company.brigade[rows]
    there = (company.present > 0).astype(float)
    around = world.per_brigade(company.leaders * there) / np.maximum(world.per_brigade(there), 1.0)
    held = junior.hold(side.monitoring[s], side.punishment[s], brigade.loyalty[b], p.threat[k], p.trust[k])
    resented = junior.resentment(company.grievance[rows], p.usual[k], p.anger[k])
    beside = junior.example(around[b], p.ordinary[k], p.neighbours[k])
    lean: Array = p.spread[k] * company.firmness[rows] + resented + held + beside
    return lean
