"""Unauthorised action: mutineers leave their place and march, seize another, kill civilians; what it tells the rest."""

from __future__ import annotations

from typing import Any

import numpy as np

from allegiance.day.counts import poisson
from allegiance.world.chance import HARM, MARCH
from allegiance.world.columns import Array
from allegiance.world.world import World


def step(world: World) -> None:
    """Let companies in mutiny, and those that they stand for, march, seize places and kill civilians."""
    company, theory = world.company, world.theory
    if not theory.unauthorised.on:
        return
    rebels = company.mutiny_day >= 0
    company.marching *= rebels
    company.holding *= rebels
    rows = np.flatnonzero((rebels | (company.others_risen > 0)) & (world.contest.live[company.contest] > 0))
    if len(rows):
        _march(world, rows)
        _seize(world, rows)
        _kill(world, rows)
    _shake(world)


def _march(world: World, rows: Array) -> None:
    """Let some leave their place."""
    company, side, unauthorised = world.company, world.side, world.theory.unauthorised
    p, k, s = unauthorised.p, company.contest[rows], company.side[rows]
    hazard = unauthorised.march_hazard(
        company.grievance[rows], _together(world)[company.force[rows]], 0.5 * side.blocking[s] + 0.5 * side.guards[s],
        p.march[k], p.anger[k], p.numbers[k], p.force[k],
    )  # fmt: skip
    stay = (company.mutiny_day[rows] >= 0) & (company.marching[rows] == 0)
    others = np.maximum(company.others_risen[rows] - company.others_marching[rows], 0.0)
    go, many = _draw(world, rows, hazard, stay, others, 0)
    company.marching[rows[go]] = 1.0
    company.others_marching[rows] = np.minimum(company.others_risen[rows], company.others_marching[rows] + many)
    _spread(world, "march", rows, go, many)


def _together(world: World) -> Array:
    """Share of each force's companies in mutiny, those that are not played among them."""
    company = world.company
    risen = world.per_force((company.mutiny_day >= 0) + company.others_risen, weighted=False)
    return np.minimum(1.0, risen / np.maximum(world.per_force(company.present > 0), 1.0))


def _seize(world: World, rows: Array) -> None:
    """Let some of those on the march take a place."""
    company, unauthorised = world.company, world.theory.unauthorised
    hazard = unauthorised.p.seize[company.contest[rows]] * _hand(world)[company.side[rows]]
    free = (company.marching[rows] > 0) & (company.holding[rows] == 0)
    others = np.maximum(company.others_marching[rows] - company.others_holding[rows], 0.0)
    take, many = _draw(world, rows, hazard, free, others, 2)
    company.holding[rows[take]] = 1.0
    company.others_holding[rows] = np.minimum(company.others_marching[rows], company.others_holding[rows] + many)
    _spread(world, "seizure", rows, take, many)


def _hand(world: World) -> Array:
    """How far each side's marchers outweigh those who would stop them; companies that are not played count whole."""
    company, side, unauthorised = world.company, world.side, world.theory.unauthorised
    p, k = unauthorised.p, side.contest
    men = company.in_mutiny * company.marching + company.present * company.others_marching
    against = unauthorised.stoppers(side.obeying, side.guards, p.near[k], p.guarded[k])
    return unauthorised.upper_hand(np.bincount(company.side, men, len(side)), against)  # type: ignore[no-any-return]


def _kill(world: World, rows: Array) -> None:
    """Let violent mutineers among civilians kill some."""
    company, side, unauthorised = world.company, world.side, world.theory.unauthorised
    p, k, grievance = unauthorised.p, company.contest[rows], company.grievance[rows]
    urban = world.zone.urban[company.zone[rows]]
    abroad = company.others_marching[rows] / np.maximum(company.others_risen[rows], 1.0e-9)
    hazard = unauthorised.killing_hazard(
        company.violent[rows], grievance, unauthorised.among_civilians(urban, company.marching[rows]), p.kill[k],
        p.anger[k],
    )  # fmt: skip
    elsewhere = unauthorised.killing_hazard(
        company.others_violent[rows], grievance, unauthorised.among_civilians(urban, abroad), p.kill[k], p.anger[k]
    )
    chance = world.theory.command.daily_probability(hazard)
    own = world.chance.uniform(HARM, company, rows) < chance
    many = poisson(world.chance.uniform(HARM, company, rows, number=1), elsewhere)
    for those, weight, number, mine in ((own, own.astype(float), 2, True), (many > 0, many, 3, False)):
        at, often = rows[those], weight[those]
        luck = world.chance.normal(HARM, company, at, number=number)
        dead = unauthorised.civilians_killed(luck, p.median[k[those]], p.spread[k[those]])
        killed = np.bincount(company.side[at], dead * often, len(side))
        side.killed_by_mutineers += killed
        side.civilians_killed += killed
        _tell(world, "mutineers_kill", at, dead, often, mine)


def _draw(
    world: World, rows: Array, hazard: Array, free: Array, others: Array, number: int
) -> tuple[Array, Array]:  # fmt: skip
    """Which of the companies that are `free` do it today, and how many of the `others` that they stand for."""
    chance = world.theory.command.daily_probability(hazard)
    own = free & (world.chance.uniform(MARCH, world.company, rows, number=number) < chance)
    return own, poisson(world.chance.uniform(MARCH, world.company, rows, number=number + 1), chance * others)


def _spread(world: World, kind: str, rows: Array, own: Array, many: Array) -> None:
    """Tell of it, and let the rest of the force hear of it as of so many more mutinies."""
    company, force = world.company, world.force
    _tell(world, kind, rows[own], company.in_mutiny[rows[own]], np.ones(int(own.sum())), True)
    some = many > 0
    _tell(world, kind, rows[some], company.present[rows[some]], many[some], False)
    news = (own + many) * world.theory.unauthorised.p.news[company.contest[rows]]
    heard = np.bincount(company.force[rows], news, len(force)) / np.maximum(world.per_force(company.present > 0), 1.0)
    # a force of which all have risen can be told no more
    force.risen[:] = np.maximum(force.risen, np.minimum(1.0, force.risen + heard))


def _tell(world: World, kind: str, rows: Array, size: Array, weight: Array, own: bool) -> None:
    company = world.company
    s = company.side[rows]
    violent = company.violent[rows] if own else 2.0 * company.others_violent[rows] > company.others_risen[rows]
    named: dict[str, Any] = dict(brigade=company.brigade[rows], company=rows) if own else {}
    world.events.add(
        kind, world.day, company.contest[rows], side=s, force=company.force[rows], size=size, weight=weight,
        violent=violent, grievance=company.grievance[rows], episode=world.side.episode[s], **named,
    )  # fmt: skip


def _shake(world: World) -> None:
    """Let those around the ruler see who marches."""
    side, unauthorised = world.side, world.theory.unauthorised
    p, k = unauthorised.p, side.contest
    side.march_pressure[:] = unauthorised.shaken(_hand(world), side.march_pressure, p.coup[k], p.memory[k])
