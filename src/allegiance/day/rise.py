"""Collective action: readiness becomes mutiny or not, spreads or is put down."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from allegiance.base.compiler import kernel
from allegiance.day.choose import Tables, account, tables
from allegiance.day.counts import poisson
from allegiance.day.gather import gather
from allegiance.day.luck import MOST_MEN, ROOM, WORD, company_words, what
from allegiance.day.odds import tally
from allegiance.theory.forms import DEFECT, DESERT, REFUSE, RISE
from allegiance.world.chance import AFTERMATH, JOIN, LEADERS, REPRESENTED, SUPPRESS, TRIGGER
from allegiance.world.columns import Array
from allegiance.world.soldiers import DEFECTED, DESERTED, IMPRISONED, MUTINY, OBEYING, REFUSING, Soldiers
from allegiance.world.world import World

EPISODE_GAP = 7
"""Mutinies of a side that lie no more than so many days apart are one episode (docs/coding-rules.md)."""
NEWS = 10.0
"""Days over which a mutiny elsewhere in the force is news (judgement)."""
NEVER = 1.0e-12
"""Chance of a mutiny a day below which none is drawn: once in a billion company-years."""


def step(world: World) -> None:
    """Put down, raise and carry on mutinies; then gather what everyone sees."""
    company = world.company
    world.tables = world.tables or tables(world)
    company.mutiny_day[company.present <= 0] = -1
    world.force.risen[:] *= 1.0 - 1.0 / NEWS
    _keep_alive(world)
    _fade_others(world)
    acts = np.zeros_like(world.acts_today)
    changed = np.zeros(len(company), bool)
    rebels = company.mutiny_day >= 0
    _put_down(world, rebels, acts, changed)
    if world.theory.cascade.on:
        _ignite(world, rebels, acts, changed)
    world.count_acts(acts)
    world.recount(changed)
    company.violent *= company.mutiny_day >= 0
    gather(world)


def _fade_others(world: World) -> None:
    """Count mutinies in companies that are not played by the chance that each still goes on."""
    company = world.company
    rows = np.flatnonzero(company.others_risen > 0)
    goes_on = 1.0 - _ending(world, rows)
    for count in (company.others_risen, company.others_violent, company.others_marching, company.others_holding):
        count[rows] *= goes_on


def _ending(world: World, rows: Array) -> Array:
    """Chance that a mutiny in each of these companies ends today."""
    company, side, suppression = world.company, world.side, world.theory.suppression
    s, k, p = company.side[rows], company.contest[rows], suppression.p
    return suppression.end_hazard(  # type: ignore[no-any-return]
        side.blocking[s], side.guards[s], p.rate[k], p.force[k] * float(suppression.on)
    )


def _put_down(world: World, rebels: Array, acts: Array, changed: Array) -> None:
    """End some mutinies: soldiers desert, go over, are imprisoned, or return with part of what they asked."""
    company, side, suppression = world.company, world.side, world.theory.suppression
    rows = np.flatnonzero(rebels & (world.contest.live[company.contest] > 0))
    if len(rows) == 0:
        return
    p, on = suppression.p, float(suppression.on)
    rows = rows[world.chance.uniform(SUPPRESS, company, rows) < _ending(world, rows)]
    s, k, f = company.side[rows], company.contest[rows], company.force[rows]
    prison, concession = _answered(world, rows, p.prison[k] * (0.5 + side.punishment[s]), p.concession[k])
    imprisoned = np.zeros(len(rows))
    _end(
        world.soldiers, company.start[rows], company.stop[rows], company.places[rows], company.ordinal[rows],
        company.roll[rows], world.chance.members[k], f, company.brigade[rows], on * p.desert[k],
        on * suppression.defect_share(side.offer[s], 1.0, p.defect[k]), on * prison, on * concession,
        world.force.weight, acts, world.cross, imprisoned, what(world.day, AFTERMATH),
        np.uint64(world.chance.seed),
    )  # fmt: skip
    world.force.imprisoned += np.bincount(f, imprisoned, len(world.force)) * world.force.weight
    company.mutiny_day[rows] = -1
    changed[rows] = True


def _answered(world: World, rows: Array, prison: Array, concession: Array) -> tuple[Array, Array]:
    """Shares sent to prison and of grievance conceded: by what the mutineers hold, and whether they marched."""
    company, unauthorised = world.company, world.theory.unauthorised
    p, k, holding = unauthorised.p, company.contest[rows], company.holding[rows]
    return (
        unauthorised.imprisoned(prison, company.marching[rows], holding, p.yields[k], p.stern[k]),
        unauthorised.conceded(concession, holding, p.yields[k]),
    )


def _ignite(world: World, rebels: Array, acts: Array, changed: Array) -> None:
    """Let incidents turn readiness into mutiny, in the companies played and in those they stand for."""
    company, cascade = world.company, world.theory.cascade
    p, k = cascade.p, company.contest
    gap = cascade.mutiny_threshold(company.able, company.spread, p.conformity[k], p.minimum[k]) - company.readiness
    lost = company.killed_today / np.maximum(company.present, 1.0)
    trigger = cascade.incident_rate(company.contact, lost, p.trigger[k])
    mean_size = cascade.incident_size(_stake(world), p.barracks[k], p.trigger_scale[k])
    chance = cascade.mutiny_probability(gap, trigger, mean_size)
    # a company in mutiny tells nothing new of those it stands for: they go on as on its last day of quiet
    company.chance[:] = np.where(rebels, company.chance, np.where(company.able < p.minimum[k], 0.0, chance))
    rested = world.day - company.risen_day >= p.rest[k]
    company.chance *= world.contest.live[k] * (company.present > 0) * (rested | rebels)
    near = np.flatnonzero(company.chance > NEVER)
    rows = near[~rebels[near] & (world.chance.uniform(TRIGGER, company, near) < company.chance[near])]
    elsewhere, many = _elsewhere(world, near)
    spark, risen = np.zeros(len(company)), np.union1d(rows, elsewhere)
    size = -mean_size[risen] * np.log(world.chance.uniform(TRIGGER, company, risen, number=1))
    spark[risen] = np.maximum(gap[risen], 0.0) + size
    if len(elsewhere):
        _tell_elsewhere(world, elsewhere, many, rebels, spark)
    if len(rows):
        _rise_up(world, rows, spark, acts, changed)
    tally(world.side, "mutiny", _any(world, near), world.side.risen_day == world.day)


def _any(world: World, near: Array) -> Array:
    """Chance that a mutiny begins today in any company of each side, those that are not played among them."""
    company, side = world.company, world.side
    chance, others = company.chance[near], world.force.weight[company.force[near]] - 1.0
    none: Array = np.bincount(company.side[near], np.log1p(-chance) - others * chance, len(side))
    return -np.expm1(none)


def _stake(world: World) -> Array:
    company, force = world.company, world.force
    committed = force.present_in_contact / np.maximum(force.present, 1.0)
    faced = world.contest.faced[company.contest]
    return world.theory.cascade.at_stake(faced, company.contact, committed[company.force])  # type: ignore[no-any-return]


def _joining(world: World, rows: Array, spark: Array) -> Array:
    """Share of each company that joins once an incident of size `spark` has happened."""
    company, cascade = world.company, world.theory.cascade
    p, k = cascade.p, company.contest[rows]
    start = p.minimum[k] / np.maximum(company.able[rows], p.minimum[k])
    return np.minimum(  # type: ignore[no-any-return]
        cascade.participation(company.readiness[rows] + spark[rows], company.spread[rows], p.conformity[k], start), 1.0
    )


def _elsewhere(world: World, near: Array) -> tuple[Array, Array]:
    """Companies that stand for some in which a mutiny begins today, and in how many."""
    company = world.company
    mean = (world.force.weight[company.force[near]] - 1.0) * company.chance[near]
    many = poisson(world.chance.uniform(REPRESENTED, company, near), mean)
    return near[many > 0], many[many > 0]


def _tell_elsewhere(world: World, rows: Array, many: Array, rebels: Array, spark: Array) -> None:
    """Mutinies in companies that are not played: told of the force, since no company that is played had them."""
    company = world.company
    # beside a company in mutiny, others rise as it did
    rebel, men = rebels[rows], company.present[rows]
    share = np.where(rebel, company.in_mutiny[rows] / men, _joining(world, rows, np.where(rebels, 0.0, spark)))
    free = np.where(rebel, men, company.able[rows])
    z = world.chance.normal(REPRESENTED, company, rows, number=1)
    size = np.clip(np.round(free * share + np.sqrt(free * share * (1.0 - share)) * z), 0, free)
    _tell(world, rows, size, many, False)


def _tell(world: World, rows: Array, size: Array, weight: Array, own: bool) -> None:
    """Add the mutinies; where fewer soldiers joined than make one, they count among those who refuse."""
    company = world.company
    large = size >= world.theory.cascade.p.minimum[company.contest[rows]]
    rows, size, weight = rows[large], size[large], weight[large]
    if len(rows) == 0:
        return
    k, suppression = company.contest[rows], world.theory.suppression
    violent = world.chance.uniform(TRIGGER, company, rows, number=2) < suppression.violence_probability(
        company.grievance[rows], world.brigade.skill[company.brigade[rows]], suppression.p.violence[k],
        suppression.p.anger[k],
    )  # fmt: skip
    _note(world, rows, weight)
    if own:
        company.violent[rows] = violent
    else:
        company.others_risen[rows] += weight
        company.others_violent[rows] += weight * violent
    named = dict(brigade=company.brigade[rows], company=rows) if own else {}
    world.events.add(
        "mutiny", world.day, k, side=company.side[rows], force=company.force[rows], size=size, weight=weight,
        violent=violent, led=_led(world, rows), grievance=company.grievance[rows],
        episode=world.side.episode[company.side[rows]], **named,
    )  # fmt: skip


def _led(world: World, rows: Array) -> Array:
    """Whether junior leaders are at the head of the mutiny of each company."""
    company, side, junior = world.company, world.side, world.theory.junior_leaders
    s = company.side[rows]
    head = junior.on * junior.at_the_head(company.leaders[rows], side.monitoring[s], side.punishment[s])
    led: Array = world.chance.uniform(LEADERS, company, rows, number=1) < head
    return led


def _keep_alive(world: World) -> None:
    """An episode lasts while any company is in mutiny."""
    lasting = world.company.side[world.company.mutiny_day >= 0]
    world.side.risen_day[lasting] = world.day


def _note(world: World, rows: Array, weight: Array) -> None:
    """Count mutinies towards the episode of their side, a new one after days of quiet, and towards the force's news."""
    side, force, s = world.side, world.force, np.unique(world.company.side[rows])
    side.episode[s] += world.day - side.risen_day[s] > EPISODE_GAP
    side.risen_day[s] = world.day
    f = world.company.force[rows]
    there = world.per_force(world.company.present > 0)
    force.risen += np.bincount(f, weight, len(force)) / np.maximum(there, 1.0)


def _rise_up(world: World, rows: Array, spark: Array, acts: Array, changed: Array) -> None:
    company, k = world.company, world.company.contest[rows]
    p, share = world.theory.cascade.p, _joining(world, rows, spark)
    joined = np.zeros(len(rows))
    base = world.log_odds[RISE, rows] + spark[rows] + p.conformity[k] * share
    _rise(
        world.soldiers, world.tables, company.start[rows], company.stop[rows], company.places[rows],
        company.ordinal[rows], company.roll[rows], world.chance.members[k], k, company.force[rows],
        company.brigade[rows], base, world.log_odds_per_tie[RISE, rows], p.minimum[k], acts, world.cross, joined,
        world.day, what(world.day, JOIN), np.uint64(world.chance.seed),
    )  # fmt: skip
    risen = rows[joined >= p.minimum[k]]
    company.mutiny_day[risen] = company.risen_day[risen] = world.day
    changed[rows] = True
    _tell(world, rows, joined, np.ones(len(rows)), True)


@kernel
def _rise(
    s: Soldiers, t: Tables, start: Array, stop: Array, places: Array, ordinal: Array, roll: Array, member: Array,
    contest: Array, force: Array, brigade: Array, base: Array, per_tie: Array, minimum: Array, acts: Array,
    cross: Array, joined: Array, day: int, when: int, seed: Any,
) -> None:  # fmt: skip
    """Each soldier joins by a readiness of their own, given the share expected; too few to mutiny have refused."""
    luck, willing = np.empty(ROOM, np.uint32), np.empty(MOST_MEN, np.bool_)
    for c in range(start.shape[0]):
        k, f, count = contest[c], force[c], 0
        company_words(luck, places[c], ordinal[c], roll[c], when, member[c], seed)
        for j in range(stop[c] - start[c]):
            i = start[c] + j
            willing[j] = False
            if s.status[i] > MUTINY:
                continue
            left = min(max(s.home_day[i] - day, 0), t.horizon.shape[1] - 1)
            m = base[c] + t.slopes[k, RISE] * s.grievance[i] + per_tie[c] * s.tie[i] / 255.0
            m += t.disposition_routes[RISE] * (s.disposition[i] + t.horizon[k, left])
            m += t.exclusion_routes[RISE] * t.exclusion[f, s.group[i]]
            u = (luck[j] + 0.5) / WORD
            willing[j] = u * (1.0 + math.exp(-m)) < 1.0
            count += willing[j]
        joined[c] = count
        mutiny = count >= minimum[c]
        for j in range(stop[c] - start[c]):
            if willing[j]:
                i = start[c] + j
                if mutiny or s.status[i] != REFUSING:
                    account(s, i, RISE if mutiny else REFUSE, brigade[c], f, t.weight[f], acts, cross)
                s.status[i] = MUTINY if mutiny else REFUSING


@kernel
def _end(
    s: Soldiers, start: Array, stop: Array, places: Array, ordinal: Array, roll: Array, member: Array, force: Array,
    brigade: Array, desert: Array, defect: Array, prison: Array, concession: Array, weight: Array, acts: Array,
    cross: Array, imprisoned: Array, when: int, seed: Any,
) -> None:  # fmt: skip
    """What becomes of the mutineers of each company."""
    luck = np.empty(ROOM, np.uint32)
    for c in range(start.shape[0]):
        f, b = force[c], brigade[c]
        company_words(luck, places[c], ordinal[c], roll[c], when, member[c], seed)
        for j in range(stop[c] - start[c]):
            i = start[c] + j
            if s.status[i] != MUTINY:
                continue
            u = (luck[j] + 0.5) / WORD
            if u < desert[c]:
                s.status[i] = DESERTED
                account(s, i, DESERT, b, f, weight[f], acts, cross)
            elif u < desert[c] + defect[c]:
                s.status[i] = DEFECTED
                account(s, i, DEFECT, b, f, weight[f], acts, cross)
            elif u < desert[c] + defect[c] + prison[c]:
                s.status[i] = IMPRISONED
                imprisoned[c] += 1.0
            else:
                s.status[i] = OBEYING
                s.grievance[i] *= 1.0 - concession[c]
