"""Appraisal: what a company's day adds to grievance, and the log-odds its soldiers share."""

from __future__ import annotations

import math

import numpy as np

from allegiance.base.compiler import kernel
from allegiance.engine.state import Array, World
from allegiance.theory.cascade import neighbour_pressure
from allegiance.theory.choice import ROUTES
from allegiance.theory.contagion import all_lost, collapse_pressure, hopelessness, rout, shared_belief
from allegiance.theory.coup_proofing import competence as led
from allegiance.theory.coup_proofing import resentment
from allegiance.theory.deprivation import absolute_deprivation, leadership_grievance, unit_shock, weariness
from allegiance.theory.hidden_effort import deterrence, displacement, punishment_grievance
from allegiance.theory.inducement import inducement_pressure
from allegiance.theory.linkage import kin_grievance, linkage_pressure
from allegiance.theory.relative_deprivation import privilege_loss, relative_deprivation

DRIVERS = ("linkage", "protest", "inducement", "fear", "collapse", "deterrence", "displacement", "neighbours")
_ROUTE = np.array([ROUTES[name] for name in DRIVERS])
NO_ORDER = math.log(0.25)
"""Out of contact fewer orders are given that could be refused (judgement)."""
NO_CONTACT = math.log(0.1)
"""Out of contact few can reach the other side (judgement)."""
LOSS_DAYS = 30.0
"""Days over which a company counts its losses."""
REST_DAYS = 120.0
"""Days of rest over which weariness fades by a factor e (judgement)."""


@kernel
def _grievances(company: Array, brigade: Array, force: Array, side: Array, theta: Array) -> None:
    p = theta[0]
    for c in range(company.shape[0]):
        row = company[c]
        f = force[row.force]
        s = side[f.side]
        size = max(row.present + row.killed_today + row.hurt, 1.0)
        lost = (row.killed_today + row.hurt) / size
        row.losses = row.losses * (1.0 - 1.0 / LOSS_DAYS) + lost
        # those who take the place of the fallen are fresh
        row.worn = row.worn * (1.0 - lost) + 1.0 if row.contact > 0.0 else row.worn * (1.0 - 1.0 / REST_DAYS)
        skill = led(
            brigade[row.brigade].competence, s.stacking, s.purges, p.coup_proofing_competence * p.coup_proofing_on
        )
        total = p.deprivation_on * (
            absolute_deprivation(row.supply, p.deprivation_supply)
            + leadership_grievance(skill, p.deprivation_leadership)
            + unit_shock(row.losses, p.deprivation_losses, p.deprivation_losses_half)
            + weariness(row.worn, p.deprivation_weariness, p.deprivation_weary_days)
        )
        total += p.relative_deprivation_on * (
            relative_deprivation(row.supply * f.pay, f.reference, f.seen, p.relative_deprivation_weight)
            + privilege_loss(f.dissolution, p.relative_deprivation_privilege)
        )
        if f.kind == 0.0:
            total += p.coup_proofing_on * resentment(
                s.counterbalancing, s.stacking, s.purges, p.coup_proofing_resentment
            )
        total += p.hidden_effort_on * punishment_grievance(s.punishment, p.hidden_effort_aggrieve)
        if s.other >= 0:
            total += p.contagion_on * hopelessness(s.p_win, p.contagion_hopeless)
        row.appraisal = total
        row.kin = p.linkage_on * kin_grievance(1.0, row.faced, p.linkage_grievance)


@kernel
def _pressures(company: Array, brigade: Array, force: Array, side: Array, front: Array, theta: Array) -> None:
    p = theta[0]
    shared = np.zeros(8)
    for c in range(company.shape[0]):
        row = company[c]
        f = force[row.force]
        s = side[f.side]
        belief = shared_belief(row.belief, brigade[row.brigade].belief, f.belief, p.contagion_company)
        if s.other >= 0:
            belief += all_lost(s.p_win, p.contagion_lost) + rout(-s.sign * front[6], p.contagion_rout)
        linked = p.linkage_on * linkage_pressure(1.0, row.faced, p.linkage_refusal)
        drawn = p.inducement_on * inducement_pressure(
            s.offer, row.contact, 0.0, p.inducement_weight, p.inducement_linked
        )
        shared[0] = 0.0
        shared[1] = p.protest_on * s.troop_pressure
        shared[2] = drawn
        shared[3] = p.deprivation_on * unit_shock(row.losses, p.deprivation_fear, p.deprivation_losses_half)
        shared[4] = p.contagion_on * collapse_pressure(belief, p.contagion_weight, p.contagion_half)
        shared[5] = p.hidden_effort_on * deterrence(s.monitoring, s.punishment, p.hidden_effort_deterrence)
        shared[6] = p.hidden_effort_on * displacement(
            s.monitoring, s.punishment, row.grievance, p.hidden_effort_displacement
        )
        shared[7] = p.cascade_on * neighbour_pressure(brigade[row.brigade].mutiny, p.cascade_neighbours)
        row.c0 = p.choice_base_shirk
        row.c1 = p.choice_base_refuse + (0.0 if row.contact > 0.0 else NO_ORDER)
        row.c2 = p.choice_base_desert
        row.c3 = p.choice_base_defect + (0.0 if row.contact > 0.0 else NO_CONTACT)
        row.c4 = p.choice_base_mutiny
        for k in range(1, 8):
            row.c0 += _ROUTE[k, 0] * shared[k]
            row.c1 += _ROUTE[k, 1] * shared[k]
            row.c2 += _ROUTE[k, 2] * shared[k]
            row.c3 += _ROUTE[k, 3] * shared[k]
            row.c4 += _ROUTE[k, 4] * shared[k]
        tied = drawn * p.inducement_linked
        row.t0 = _ROUTE[0, 0] * linked + _ROUTE[2, 0] * tied
        row.t1 = _ROUTE[0, 1] * linked + _ROUTE[2, 1] * tied
        row.t2 = _ROUTE[0, 2] * linked + _ROUTE[2, 2] * tied
        row.t3 = _ROUTE[0, 3] * linked + _ROUTE[2, 3] * tied
        row.t4 = _ROUTE[0, 4] * linked + _ROUTE[2, 4] * tied


def chronic(world: World) -> None:
    """Begin with the share of chronic grievance that was there before the first day."""
    _grievances(world.company, world.brigade, world.force, world.side, world.theta)
    before = float(world.theta["deprivation_before"][0] * world.theta["deprivation_on"][0])
    for c in world.company[world.company["pool"] < 0]:
        world.soldiers.grievance[int(c["start"]) : int(c["stop"])] = before * float(c["appraisal"])
    world.company["grievance"] = before * world.company["appraisal"]


def step(world: World) -> None:
    """Sum up each company's grievances and pressures."""
    _grievances(world.company, world.brigade, world.force, world.side, world.theta)
    _pressures(world.company, world.brigade, world.force, world.side, world.front, world.theta)
