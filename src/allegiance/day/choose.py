"""Choice: each soldier updates a grievance and obeys, shirks, refuses, deserts or goes over."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from allegiance.base.compiler import inlined, kernel
from allegiance.day.luck import MOST_MEN, ROOM, WORD, company_words, what
from allegiance.theory import choice, deprivation
from allegiance.theory.forms import DEFECT, DESERT, NAMES, REFUSE, RISE, SHIRK
from allegiance.world.chance import CHOICE
from allegiance.world.columns import Array
from allegiance.world.soldiers import AWOL, DEFECTED, DESERTED, MUTINY, OBEYING, REFUSING, SHIRKING, Soldiers
from allegiance.world.world import World

HORIZON = 4096
"""Days of service left that the table of horizons tells apart."""
OVERDUE = 181
"""Days beyond the promised end of service after which grievance grows no more, and one."""
EIGHT = 8
"""Soldiers looked at together, a byte each: few stir on a day."""
_FIXED = np.float32(4096.0)
"""Parts of one in which sums over a company are kept."""
_appraise = inlined(deprivation.appraise)
_log_odds = inlined(choice.log_odds)


class Units(NamedTuple):
    """What a company's soldiers share today (one row per company)."""

    active: Array
    start: Array
    stop: Array
    places: Array
    ordinal: Array
    roll: Array
    contest: Array
    force: Array
    brigade: Array
    member: Array
    """by contest"""
    appraisal: Array
    per_tie: Array
    log_odds: Array
    log_odds_per_tie: Array


class Tables(NamedTuple):
    """What soldiers of a contest share (first axis contests), of a force, or all of them."""

    slopes: Array
    """(contest, form): log-odds per unit of grievance"""
    memory: Array
    """(contest,): days of grievance's memory"""
    recover: Array
    """(contest,): chance a day that hidden shirking or refusal ends"""
    absent: Array
    """(contest,): share of deserters who may come back"""
    horizon: Array
    """(contest, day): pressure by days of service left"""
    overdue: Array
    """(contest, day): grievance by days served beyond the promise"""
    exclusion: Array
    """(force, group): log-odds from unequal treatment"""
    disposition_routes: Array
    exclusion_routes: Array
    weight: Array
    """(force,): real soldiers per simulated one"""


class Sums(NamedTuple):
    """What is counted of each company, brigade and force on the way."""

    grievance: Array
    tie: Array
    readiness: Array
    spread: Array
    left: Array
    changed: Array
    """companies in which a soldier's status changed"""
    acts: Array
    """(brigade, form): times a form was taken today"""
    cross: Array


@inlined
def _act(u: float, e: Any, status: int, absent: float) -> tuple[int, int]:
    """The form taken (-1 none) and the new status, at quantile `u` of the day's multinomial choice."""
    shirk = math.exp(e[SHIRK]) if status != SHIRKING else 0.0
    refuse = math.exp(e[REFUSE]) if status != REFUSING else 0.0
    desert, defect = math.exp(e[DESERT]), math.exp(e[DEFECT])
    scale = 1.0 / (1.0 + shirk + refuse + desert + defect)
    if u < desert * scale:
        return DESERT, AWOL if u < desert * scale * absent else DESERTED
    if u < (defect + desert) * scale:
        return DEFECT, DEFECTED
    if u < (refuse + desert + defect) * scale:
        return REFUSE, REFUSING
    if u < (shirk + refuse + desert + defect) * scale:
        return SHIRK, SHIRKING
    return -1, status


@inlined
def account(
    soldiers: Soldiers, i: int, form: int, brigade: int, force: int, weight: float, acts: Array, cross: Array
) -> None:
    """Count that soldier `i` has taken `form`: each act, and the first of its kind in the cross-table."""
    acts[brigade, form] += 1.0
    if soldiers.ever[i] & (1 << form) == 0:
        soldiers.ever[i] |= 1 << form
        cross[force, soldiers.category[i], soldiers.tie_bin[i], form + 1] += weight


@inlined
def _feel(
    grievance: Array, tie: Array, home_day: Array, day: Any, shared: Any, kin: Any, memory: Any, overdue: Array,
    late: Array,
) -> None:  # fmt: skip
    """Move every soldier's grievance towards what the day adds to it; `late` is room to work in."""
    # what is looked up stands apart from what is worked out, which the compiler then does for many soldiers at once
    for j in range(len(grievance)):
        late[j] = overdue[min(max(day - home_day[j], 0), OVERDUE - 1)]
    for j in range(len(grievance)):
        grievance[j] = _appraise(grievance[j], shared + kin * np.float32(tie[j]) + late[j], memory)


@inlined
def _bring(
    z: Array, x: Array, disposition: Array, home_day: Array, group: Array, day: int, horizon: Array, exclusion: Array
) -> None:
    """What each soldier brings along: disposition with the nearness of civilian life, and the group's standing."""
    for j in range(len(disposition)):
        z[j] = disposition[j] + horizon[min(max(home_day[j] - day, 0), HORIZON - 1)]
        x[j] = exclusion[group[j]]


@inlined
def _greatest(values: Array, men: int) -> float:
    """The greatest of the first `men` values, in fixed point (so that it is the same in whatever order it is found)."""
    most: Any = np.int32(-(1 << 30))
    for j in range(men):
        most = max(most, np.int32(values[j] * _FIXED))
    return float((most + 1) / _FIXED)


@inlined
def _stir(stirs: Array, luck: Array, status: Array, bound: Any, recover: Any) -> None:
    """Mark the soldiers whose luck lets them act, or who may come to obey again, and nobody after the last."""
    for j in range(len(status)):
        acts, wakes = luck[j] <= bound, (status[j] != OBEYING) & (luck[j] > recover)
        stirs[j] = (acts | wakes) & (status[j] < MUTINY)
    stirs[len(status) : len(status) + EIGHT] = 0


@inlined
def _bound(u: Units, t: Tables, c: int, k: int, g: float, z: float, x: float) -> float:
    """Sum of the greatest odds of all forms in a company: nobody can act whose luck lies above it."""
    total = 0.0
    for form in range(RISE):
        total += math.exp(
            u.log_odds[form, c] + t.slopes[k, form] * g + t.disposition_routes[form] * z
            + t.exclusion_routes[form] * x + max(u.log_odds_per_tie[form, c], 0.0)
        )  # fmt: skip
    return total


@kernel
def _choose(s: Soldiers, u: Units, t: Tables, out: Sums, day: int, when: int, seed: Any) -> None:
    luck = np.empty(ROOM, np.uint32)
    z, x = np.empty(MOST_MEN, np.float32), np.empty(MOST_MEN, np.float32)
    e, stirs = np.empty(t.slopes.shape[1]), np.empty(MOST_MEN + EIGHT, np.uint8)
    eights = stirs.view(np.uint64)
    for c in range(u.start.shape[0]):
        if not u.active[c]:
            continue
        first, last, k, f, b = u.start[c], u.stop[c], u.contest[c], u.force[c], u.brigade[c]
        grievance, tie, home_day, status = (
            s.grievance[first:last], s.tie[first:last], s.home_day[first:last], s.status[first:last]
        )  # fmt: skip
        men = last - first
        _feel(grievance, tie, home_day, day, np.float32(u.appraisal[c]), np.float32(u.per_tie[c] / 255.0),
              np.float32(t.memory[k]), t.overdue[k], z)  # fmt: skip
        _bring(z, x, s.disposition[first:last], home_day, s.group[first:last], day, t.horizon[k], t.exclusion[f])
        company_words(luck, u.places[c], u.ordinal[c], u.roll[c], when, u.member[k], seed)
        limit = _bound(u, t, c, k, _greatest(grievance, men), _greatest(z, men), _greatest(x, men))
        bound = np.uint32(min(limit, 0.9999999) * WORD)
        recover = np.uint32(min(1.0 - t.recover[k], 0.9999999) * WORD)
        gone = 0
        _stir(stirs, luck, status, bound, recover)
        for eight in range((men + EIGHT - 1) // EIGHT):
            if eights[eight] == 0:
                continue
            for j in range(eight * EIGHT, min((eight + 1) * EIGHT, men)):
                if not stirs[j]:
                    continue
                for form in range(RISE):
                    pressure = (
                        t.disposition_routes[form] * z[j] + t.exclusion_routes[form] * x[j]
                        + u.log_odds_per_tie[form, c] * (tie[j] / 255.0)
                    )  # fmt: skip
                    e[form] = _log_odds(u.log_odds[form, c], t.slopes[k, form], grievance[j], pressure)
                form, new = _act((luck[j] + 0.5) / WORD, e, status[j], t.absent[k])
                if form >= 0:
                    gone += form in (DESERT, DEFECT)
                    account(s, first + j, form, b, f, t.weight[f], out.acts, out.cross)
                elif status[j] != OBEYING and luck[j] > recover:
                    new = OBEYING
                out.changed[c] |= new != status[j]
                status[j] = new
        out.left[c] += gone
        base, tied = u.log_odds[RISE, c], np.float32(u.log_odds_per_tie[RISE, c] / 255.0)
        out.grievance[c], out.tie[c], out.readiness[c], out.spread[c] = _means(
            grievance, tie, status, z, x, base, np.float32(t.slopes[k, RISE]), np.float32(t.disposition_routes[RISE]),
            np.float32(t.exclusion_routes[RISE]), tied,
        )  # fmt: skip


@inlined
def _means(
    grievance: Array, tie: Array, status: Array, z: Array, x: Array, base: float, slope: Any, by_z: Any, by_x: Any,
    tied: Any,
) -> tuple[float, float, float, float]:  # fmt: skip
    """Mean grievance and tie of soldiers present; mean and spread of the readiness of those not in mutiny.

    Sums are in fixed point, so that their order does not matter and several soldiers can be added at once.
    """
    sum_g, sum_t, sum_m, sum_mm = np.int32(0), np.int32(0), np.int32(0), np.int32(0)
    present, able = np.int32(0), np.int32(0)
    for j in range(len(grievance)):
        here, free = np.int32(status[j] <= MUTINY), np.int32(status[j] < MUTINY)
        m = slope * grievance[j] + by_z * z[j] + by_x * x[j] + tied * np.float32(tie[j])
        present += here
        able += free
        sum_g += here * np.int32(grievance[j] * _FIXED)
        sum_t += here * np.int32(tie[j])
        sum_m += free * np.int32(m * _FIXED)
        sum_mm += free * np.int32(m * m * _FIXED)
    there: Any = max(present, 1)
    ready: Any = max(able, 1)
    mean = sum_m / _FIXED / ready
    spread = math.sqrt(max(sum_mm / _FIXED / ready - mean * mean, 0.0))
    return sum_g / _FIXED / there, sum_t / 255.0 / there, base + mean if able > 0 else -1.0e9, spread


def tables(world: World) -> Tables:
    """What soldiers share by contest and by force, from the theory's own formulas."""
    theory = world.theory
    p, conscription = theory.choice.p, theory.conscription
    slopes = (p.grievance_shirk, p.grievance_refuse, p.grievance_desert, p.grievance_defect, p.grievance_mutiny)
    q, n = conscription.p, world.contests
    days, late = np.arange(HORIZON)[None, :], np.arange(OVERDUE)[None, :]
    horizon = conscription.on * conscription.horizon_pressure(days, q.horizon[:, None], q.scale[:, None])
    overdue = conscription.on * conscription.overdue_grievance(late, q.overdue[:, None])
    return Tables(
        np.stack(slopes, axis=1), theory.deprivation.p.memory, p.recover, p.awol_return,
        np.broadcast_to(horizon, (n, HORIZON)).astype("f4"), np.broadcast_to(overdue, (n, OVERDUE)).astype("f4"),
        world.exclusion.astype("f4"), choice.DISPOSITION.array(), exclusion_routes(world), world.force.weight,
    )  # fmt: skip


def exclusion_routes(world: World) -> Array:
    """How far unequal treatment of a soldier's group acts on each form."""
    return next((t.into.array() for t in world.theory.inclusion.terms), np.zeros(len(NAMES)))  # type: ignore[union-attr]


def step(world: World) -> None:
    """Let every soldier present choose."""
    company = world.company
    active = (company.present > 0) & (world.contest.live[company.contest] > 0)
    units = Units(
        active, company.start, company.stop, company.places, company.ordinal, company.roll, company.contest,
        company.force, company.brigade, world.chance.members, company.appraisal, company.appraisal_per_tie,
        world.log_odds, world.log_odds_per_tie,
    )  # fmt: skip
    company.left_today[:] = 0.0
    company.readiness[~active], company.grievance[~active], company.tie[~active] = -1.0e9, 0.0, 0.0
    acts, changed = np.zeros_like(world.acts_today), np.zeros(len(company), bool)
    sums = Sums(
        company.grievance, company.tie, company.readiness, company.spread, company.left_today, changed, acts,
        world.cross,
    )  # fmt: skip
    world.tables = world.tables or tables(world)
    _choose(world.soldiers, units, world.tables, sums, world.day, what(world.day, CHOICE), np.uint64(world.chance.seed))
    world.count_acts(acts)
    world.recount(changed)
    _believe(world)


def _believe(world: World) -> None:
    """Let every company remember who left."""
    company, contagion = world.company, world.theory.contagion
    share = company.left_today / np.maximum(np.maximum(company.present, 1.0) + company.left_today, 1.0)
    believed = contagion.belief_update(company.belief, share, contagion.p.memory[company.contest])
    company.belief[:] = np.where(company.present + company.left_today > 0, np.minimum(1.0, believed), company.belief)
