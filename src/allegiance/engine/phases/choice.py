"""Choice: each soldier updates his grievance and obeys, shirks, refuses, deserts or goes over."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from allegiance.base.compiler import kernel, scalar
from allegiance.base.random import philox
from allegiance.engine import decisions
from allegiance.engine.state import (
    AWOL,
    DEFECT,
    DEFECTED,
    DESERT,
    DESERTED,
    EMPTY,
    MUTINY,
    OBEYING,
    REFUSE,
    REFUSING,
    SHIRK,
    SHIRKING,
    Array,
    Soldiers,
    T,
    World,
)
from allegiance.theory.choice import ROUTES
from allegiance.theory.conscription import horizon_pressure, overdue_grievance
from allegiance.theory.contagion import belief_update

_D = ROUTES["disposition"]
_X = ROUTES["exclusion"]
_D0, _D1, _D2, _D3, _D4 = _D
_X0, _X1, _X2, _X3, _X4 = _X
_DESERTED, _ABSENT, _DEFECTED = T["deserted"], T["absent"], T["defected"]
_SHIRKED, _REFUSED = T["shirked"], T["refused"]
_SHIRKED_TODAY, _REFUSED_TODAY = T["shirked_today"], T["refused_today"]
_DESERTED_TODAY, _DEFECTED_TODAY = T["deserted_today"], T["defected_today"]
_BITS = 1.0 / 4294967296.0
_HORIZON = 1024
_TIE = np.arange(256) / 255.0
# Lower bounds of log(u / 4) by the top byte of the draw: whoever's best alternative lies below it cannot act today,
# because four alternatives sum to at most four times the best. This skips the exponentials without changing a result.
_BOUND = np.array([-1.0e9] + [math.log(b / 256.0 / 4.0) for b in range(1, 256)])


@scalar
def _act(u: float, e0: float, e1: float, e2: float, e3: float, status: int, back: float) -> tuple[int, int]:
    """The form taken (-1 none) and the new status, at quantile `u` of the day's multinomial choice."""
    x0 = math.exp(e0) if status != SHIRKING else 0.0
    x1 = math.exp(e1) if status != REFUSING else 0.0
    x2, x3 = math.exp(e2), math.exp(e3)
    scale = 1.0 / (1.0 + x0 + x1 + x2 + x3)
    if u < x2 * scale:
        return DESERT, AWOL if u < x2 * scale * back else DESERTED
    if u < (x2 + x3) * scale:
        return DEFECT, DEFECTED
    if u < (x1 + x2 + x3) * scale:
        return REFUSE, REFUSING
    if u < (x0 + x1 + x2 + x3) * scale:
        return SHIRK, SHIRKING
    return -1, status


@scalar
def _account(
    soldiers: Soldiers, i: int, form: int, new: int, f: int, weight: float, unit: Any, tally: Array, counts: Array,
    cross: Array,
) -> None:  # fmt: skip
    """Count what soldier `i` has just done."""
    kind = soldiers.category[i]
    if form == DESERT:
        tally[f, _ABSENT if new == AWOL else _DESERTED] += weight
        tally[f, _DESERTED_TODAY] += weight
        counts[f, kind & 7] -= weight
        unit.deserted += 1.0
    elif form == DEFECT:
        tally[f, _DEFECTED] += weight
        tally[f, _DEFECTED_TODAY] += weight
        counts[f, kind & 7] -= weight
        unit.defected += 1.0
    elif form == REFUSE:
        tally[f, _REFUSED_TODAY] += weight
        unit.refused += 1.0
    else:
        tally[f, _SHIRKED_TODAY] += weight
        unit.shirked += 1.0
    if soldiers.ever[i] & (1 << form) == 0:
        soldiers.ever[i] |= 1 << form
        cross[f, kind & 7, kind >> 3, form + 1] += weight
        if form == SHIRK:
            tally[f, _SHIRKED] += weight
        elif form == REFUSE:
            tally[f, _REFUSED] += weight


@scalar
def _horizons(theta: Array) -> Array:
    """Pressure by days of service left (shape (_HORIZON,))."""
    p = theta[0]
    table = np.empty(_HORIZON, np.float64)
    for d in range(_HORIZON):
        table[d] = p.conscription_on * horizon_pressure(d, p.conscription_horizon, p.conscription_scale)
    return table


@scalar
def _sum_up(row: Any, sum_g: float, sum_m: float, sum_mm: float, sum_tie: float, memory: float) -> None:
    """A company's means, and what its men now believe of each other."""
    men, able = max(row.present, 1.0), max(row.able, 1.0)
    row.grievance, row.tie = sum_g / men, sum_tie / men
    mean = sum_m / able
    row.readiness = mean if row.able > 0.0 else -1.0e9
    row.spread = math.sqrt(max(sum_mm / able - mean * mean, 0.0))
    row.belief = min(1.0, belief_update(row.belief, row.left_today / (men + row.left_today), memory))


@kernel
def _choose(
    soldiers: Soldiers, company: Array, brigade: Array, force: Array, theta: Array, exclusion: Array,
    tally: Array, counts: Array, cross: Array, seed: int, member: int, day: int,
) -> None:  # fmt: skip
    p = theta[0]
    low, high = np.uint64(seed) & np.uint64(0xFFFFFFFF), np.uint64(seed) >> np.uint64(32)
    what = np.uint64(day) | np.uint64(decisions.CHOICE << 16)
    horizon = _horizons(theta)
    memory, recover = 1.0 / p.deprivation_memory, 1.0 - p.choice_recover
    g0, g1, g2, g3, g4 = (
        p.choice_grievance_shirk, p.choice_grievance_refuse, p.choice_grievance_desert,
        p.choice_grievance_defect, p.choice_grievance_mutiny,
    )  # fmt: skip
    for c in range(company.shape[0]):
        row = company[c]
        if row.pool >= 0 and soldiers.status[row.start] == EMPTY:
            row.grievance = 0.0
            continue  # not raised yet: companies are filled from their first slot on
        unit = brigade[row.brigade]
        f = row.force
        weight, key, shared, kin = force[f].weight, np.uint64(force[f].key), row.appraisal, row.kin
        groups = exclusion[f]
        c0, c1, c2, c3, c4 = row.c0, row.c1, row.c2, row.c3, row.c4
        t0, t1, t2, t3, t4 = row.t0, row.t1, row.t2, row.t3, row.t4
        present, able, obeying, shirking, refusing, mutineers, left = 0, 0, 0, 0, 0, 0, 0
        sum_g, sum_m, sum_mm, sum_tie = 0.0, 0.0, 0.0, 0.0
        quad = np.int64(-1)
        w = (np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0))
        for i in range(row.start, row.stop):
            status = soldiers.status[i]
            if status > MUTINY:
                continue
            tie = _TIE[soldiers.tie[i]]
            days_left = soldiers.home_day[i] - day
            appraisal = shared + kin * tie
            if days_left < 0:
                appraisal += p.conscription_on * overdue_grievance(-days_left, p.conscription_overdue)
                days_left = 0
            elif days_left >= _HORIZON:
                days_left = _HORIZON - 1
            g = soldiers.grievance[i] + (appraisal - soldiers.grievance[i]) * memory
            soldiers.grievance[i] = g
            sum_g += g
            sum_tie += tie
            if status == MUTINY:
                present += 1
                mutineers += 1
                continue
            z = soldiers.disposition[i] + horizon[days_left]
            x = groups[soldiers.group[i]]
            e0 = c0 + g0 * g + _D0 * z + _X0 * x + t0 * tie
            e1 = c1 + g1 * g + _D1 * z + _X1 * x + t1 * tie
            e2 = c2 + g2 * g + _D2 * z + _X2 * x + t2 * tie
            e3 = c3 + g3 * g + _D3 * z + _X3 * x + t3 * tie
            uid = np.int64(soldiers.uid[i])
            if uid >> 2 != quad:
                quad = uid >> 2
                w = philox(np.uint64(quad), what, key, np.uint64(member), low, high)
            lane = uid & 3
            word = w[0] if lane == 0 else w[1] if lane == 1 else w[2] if lane == 2 else w[3]
            new = status
            if max(max(e0, e1), max(e2, e3)) > _BOUND[np.int64(word >> np.uint64(24))]:
                form, new = _act((np.float64(word) + 0.5) * _BITS, e0, e1, e2, e3, status, p.choice_awol_return)
                if form >= 0:
                    left += 1 if form in (DESERT, DEFECT) else 0
                    _account(soldiers, i, form, new, f, weight, unit, tally, counts, cross)
            if new == status and status != OBEYING and word * _BITS > recover:
                new = OBEYING
            soldiers.status[i] = new
            if new <= MUTINY:
                m = c4 + g4 * g + _D4 * z + _X4 * x + t4 * tie
                sum_m += m
                sum_mm += m * m
                able += 1
                present += 1
                obeying += 1 if new == OBEYING else 0
                shirking += 1 if new == SHIRKING else 0
                refusing += 1 if new == REFUSING else 0
        row.able, row.present, row.obeying, row.shirking = able, present, obeying, shirking
        row.refusing, row.mutineers, row.left_today = refusing, mutineers, left
        _sum_up(row, sum_g, sum_m, sum_mm, sum_tie, p.contagion_memory)


def step(world: World) -> None:
    """Let every soldier present choose."""
    for name in ("shirked", "refused", "deserted", "defected"):
        world.brigade[name] = 0.0
    _choose(
        world.soldiers, world.company, world.brigade, world.force, world.theta, world.exclusion, world.tally,
        world.category, world.cross, world.seed, world.member, world.day,
    )  # fmt: skip


__all__ = ["step"]
