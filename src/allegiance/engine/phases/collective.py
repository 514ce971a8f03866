"""Collective action: readiness becomes mutiny or not, spreads or is put down."""

from __future__ import annotations

import math
from typing import Any

from allegiance.base.compiler import kernel, scalar
from allegiance.base.random import normal, uniform
from allegiance.engine import decisions
from allegiance.engine.events import emit, poisson
from allegiance.engine.state import (
    DEFECTED,
    DESERTED,
    IMPRISONED,
    JOIN_MUTINY,
    MUTINY,
    OBEYING,
    Array,
    E,
    Soldiers,
    T,
    World,
)
from allegiance.theory.cascade import mutiny_probability, mutiny_threshold, participation
from allegiance.theory.choice import ROUTES
from allegiance.theory.conscription import horizon_pressure
from allegiance.theory.suppression import defect_share, end_hazard

_D4, _X4 = ROUTES["disposition"][4], ROUTES["exclusion"][4]
_MUTINIED, _DESERTED, _DEFECTED, _PRISON = T["mutinied"], T["deserted"], T["defected"], T["imprisoned"]
_DESERTED_TODAY, _DEFECTED_TODAY = T["deserted_today"], T["defected_today"]
_EV_MUTINY, _EV_REFUSAL, _EV_DEFECTION = E["mutiny"], E["refusal"], E["defection"]


@scalar
def _key(force_key: int, company_key: int) -> int:
    return (force_key + company_key * 104729) & 0xFFFFFFFF


@scalar
def _rise(
    soldiers: Soldiers, row: Any, f: Any, theta: Array, exclusion: Array, tally: Array, cross: Array,
    share: float, spark: float, seed: int, member: int, day: int,
) -> int:  # fmt: skip
    """Each soldier joins by his own readiness, given the share he expects; returns how many did."""
    p = theta[0]
    joined = 0
    for i in range(row.start, row.stop):
        if soldiers.status[i] > MUTINY:
            continue
        left = max(0, soldiers.home_day[i] - day)
        z = soldiers.disposition[i] + p.conscription_on * horizon_pressure(
            left, p.conscription_horizon, p.conscription_scale
        )
        x = exclusion[row.force, soldiers.group[i]]
        m = row.c4 + p.choice_grievance_mutiny * soldiers.grievance[i] + _D4 * z + _X4 * x
        m += row.t4 * soldiers.tie[i] / 255.0 + spark + p.cascade_conformity * share
        u = uniform(seed, member, soldiers.uid[i] ^ f.key, day, decisions.JOIN, 0)
        if u * (1.0 + math.exp(-m)) < 1.0:
            soldiers.status[i] = MUTINY
            joined += 1
            if soldiers.ever[i] & (1 << JOIN_MUTINY) == 0:
                soldiers.ever[i] |= 1 << JOIN_MUTINY
                kind = soldiers.category[i]
                cross[row.force, kind & 7, kind >> 3, JOIN_MUTINY + 1] += f.weight
                tally[row.force, _MUTINIED] += f.weight
    return joined


@scalar
def _end(
    soldiers: Soldiers, row: Any, f: Any, side: Any, theta: Array, tally: Array, counts: Array, cross: Array,
    seed: int, member: int, day: int,
) -> float:  # fmt: skip
    """Mutineers desert, go over, are imprisoned, or return with part of what they asked; returns how many went over."""
    p = theta[0]
    on = p.suppression_on
    gone = on * p.suppression_desert
    over = on * defect_share(side.offer, 1.0, p.suppression_defect)
    prison = on * p.suppression_prison * (0.5 + side.punishment)
    went = 0.0
    for i in range(row.start, row.stop):
        if soldiers.status[i] != MUTINY:
            continue
        u = uniform(seed, member, soldiers.uid[i] ^ f.key, day, decisions.AFTERMATH, 0)
        kind = soldiers.category[i]
        form, new = -1, OBEYING
        if u < gone:
            form, new = 2, DESERTED
            tally[row.force, _DESERTED] += f.weight
            tally[row.force, _DESERTED_TODAY] += f.weight
        elif u < gone + over:
            form, new = 3, DEFECTED
            tally[row.force, _DEFECTED] += f.weight
            tally[row.force, _DEFECTED_TODAY] += f.weight
            went += 1.0
        elif u < gone + over + prison:
            new = IMPRISONED
            tally[row.force, _PRISON] += f.weight
        else:
            soldiers.grievance[i] *= 1.0 - on * p.suppression_concession
        soldiers.status[i] = new
        if new != OBEYING:
            counts[row.force, kind & 7] -= f.weight
        if form >= 0 and soldiers.ever[i] & (1 << form) == 0:
            soldiers.ever[i] |= 1 << form
            cross[row.force, kind & 7, kind >> 3, form + 1] += f.weight
    return went


@kernel
def _collective(
    soldiers: Soldiers, company: Array, brigade: Array, force: Array, side: Array, theta: Array, exclusion: Array,
    tally: Array, counts: Array, cross: Array, events: Array, count: Array, seed: int, member: int, day: int,
) -> None:  # fmt: skip
    p = theta[0]
    for c in range(company.shape[0]):
        row = company[c]
        if row.present <= 0.0:
            row.mutiny_day = -1
            continue
        f = force[row.force]
        s = side[f.side]
        key = _key(f.key, row.key)
        if row.mutiny_day >= 0:
            hazard = end_hazard(s.blocking, s.guards, p.suppression_rate, p.suppression_force * p.suppression_on)
            if uniform(seed, member, key, day, decisions.SUPPRESS, 0) < hazard:
                went = _end(soldiers, row, f, s, theta, tally, counts, cross, seed, member, day)
                row.mutiny_day, row.mutineers = -1, 0.0
                if went > 0.0:
                    emit(
                        events,
                        count,
                        day,
                        _EV_DEFECTION,
                        f.side,
                        row.force,
                        row.brigade,
                        c,
                        went,
                        f.weight,
                        0,
                        0,
                        row.grievance,
                    )
            continue
        if p.cascade_on == 0.0 or row.able < p.cascade_minimum:
            continue
        conformity = p.cascade_conformity
        gap = mutiny_threshold(row.able, row.spread, conformity, p.cascade_minimum) - row.readiness
        trigger = (
            p.cascade_trigger * (0.4 + 0.6 * row.contact) * (1.0 + min(2.0, 20.0 * row.killed_today / row.present))
        )
        chance = mutiny_probability(gap, trigger, p.cascade_trigger_scale)
        if chance < 1.0e-12:
            continue
        start = p.cascade_minimum / row.able
        others = poisson(uniform(seed, member, key, day, decisions.REPRESENTED, 0), (f.weight - 1.0) * chance)
        spark = max(gap, 0.0) - p.cascade_trigger_scale * math.log(
            uniform(seed, member, key, day, decisions.TRIGGER, 1)
        )
        violent = 1 if uniform(seed, member, key, day, decisions.TRIGGER, 2) < p.suppression_violence else 0
        if others > 0.0:
            share = participation(row.readiness + spark, row.spread, conformity, start)
            z = normal(seed, member, key, day, decisions.REPRESENTED, 1)
            size = round(row.able * share + math.sqrt(row.able * share * (1.0 - share)) * z)
            kind = _EV_MUTINY if size >= p.cascade_minimum else _EV_REFUSAL
            if size >= 1.0:
                emit(
                    events, count, day, kind, f.side, row.force, row.brigade, c, size, others, violent, 0, row.grievance
                )
        if uniform(seed, member, key, day, decisions.TRIGGER, 0) < chance:
            share = participation(row.readiness + spark, row.spread, conformity, start)
            joined = _rise(soldiers, row, f, theta, exclusion, tally, cross, share, spark, seed, member, day)
            row.mutiny_day = day
            row.mutineers = joined
            kind = _EV_MUTINY if joined >= p.cascade_minimum else _EV_REFUSAL
            emit(events, count, day, kind, f.side, row.force, row.brigade, c, joined, 1.0, violent, 0, row.grievance)


@kernel
def _gather(company: Array, brigade: Array, force: Array, side: Array, memory: float) -> None:
    """Sums of companies into brigades, forces and sides: what comrades elsewhere are seen to do."""
    for b in range(brigade.shape[0]):
        unit = brigade[b]
        unit.companies, unit.belief, unit.mutiny, unit.tie, unit.grievance = 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(force.shape[0]):
        f = force[k]
        f.present, f.contact, f.belief, f.grievance, f.obeying, f.mutineers = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for c in range(company.shape[0]):
        row = company[c]
        if row.present <= 0.0:
            continue
        unit = brigade[row.brigade]
        f = force[row.force]
        unit.companies += 1.0
        unit.belief += row.belief
        unit.tie += row.tie
        unit.grievance += row.grievance
        unit.mutiny += 1.0 if row.mutiny_day >= 0 else 0.0
        f.present += f.weight * row.present
        f.contact += f.weight * row.present * row.contact
        f.belief += f.weight * row.present * row.belief
        f.grievance += f.weight * row.present * row.grievance
        f.obeying += f.weight * row.obeying
        f.mutineers += f.weight * row.mutineers
    for b in range(brigade.shape[0]):
        unit = brigade[b]
        n = max(unit.companies, 1.0)
        unit.belief, unit.mutiny = unit.belief / n, unit.mutiny / n
        unit.tie, unit.grievance = unit.tie / n, unit.grievance / n
    for k in range(side.shape[0]):
        s = side[k]
        men, mutineers, guards, grievance, regular = 0.0, 0.0, 0.0, 0.0, 0.0
        for j in range(force.shape[0]):
            f = force[j]
            if f.side != k:
                continue
            men += f.present
            mutineers += f.mutineers
            if f.kind > 0.0:
                guards += f.present
            else:
                regular += f.present
                grievance += f.grievance
        s.men = men
        s.mutiny_share = mutineers / max(men, 1.0)
        s.guards = min(1.0, 5.0 * guards / max(men, 1.0))
        s.disaffection = grievance / max(regular, 1.0)
    for j in range(force.shape[0]):
        f = force[j]
        f.belief, f.grievance = f.belief / max(f.present, 1.0), f.grievance / max(f.present, 1.0)


def step(world: World) -> None:
    """Raise, carry on and end mutinies; then gather what everyone sees."""
    _collective(
        world.soldiers, world.company, world.brigade, world.force, world.side, world.theta, world.exclusion,
        world.tally, world.category, world.cross, world.events, world.event_count, world.seed, world.member, world.day,
    )  # fmt: skip
    gather(world)


def gather(world: World) -> None:
    """Sum companies into brigades, forces and sides."""
    _gather(world.company, world.brigade, world.force, world.side, float(world.theta["contagion_memory"][0]))


__all__ = ["gather", "step"]
