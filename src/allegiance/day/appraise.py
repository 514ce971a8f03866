"""Appraisal: what a company's day adds to grievance, and the log-odds its soldiers share."""

from __future__ import annotations

import numpy as np

from allegiance.day.terms import add_up, base_log_odds
from allegiance.theory.forms import NAMES, routes
from allegiance.world.world import World

LOSS_DAYS = 30.0
"""Days over which a company counts its losses."""
REST_DAYS = 120.0
"""Days of rest over which weariness fades by a factor e (judgement)."""


def step(world: World) -> None:
    """Sum up each company's grievances and pressures."""
    _remember(world)
    _expect(world)
    _look_around(world)
    appraise(world)
    odds = add_up(world, grievance=False)
    for form, base in enumerate(base_log_odds(world)):
        odds.log_odds.add("contest", base, routes(**{NAMES[form]: 1.0}))
        odds.log_odds.per_company(world, world.log_odds[form], form)
        odds.log_odds_per_tie.per_company(world, world.log_odds_per_tie[form], form)


def appraise(world: World) -> None:
    """What today adds to the grievance of every man of a company, and of a soldier tied to the civilians faced."""
    sums = add_up(world, grievance=True)
    sums.grievance.per_company(world, world.company.appraisal)
    sums.grievance_per_tie.per_company(world, world.company.appraisal_per_tie)


def begin(world: World) -> None:
    """Begin with the share of chronic grievance that was there before the first day."""
    deprivation, company = world.theory.deprivation, world.company
    appraise(world)
    company.grievance[:] = deprivation.on * deprivation.p.before[company.contest] * company.appraisal
    company.grievance[company.present == 0] = 0.0
    world.soldiers.grievance[:] = np.repeat(company.grievance, company.stop - company.start)


def _remember(world: World) -> None:
    """Losses of the last weeks, and days in contact of the soldiers who are there now."""
    company = world.company
    lost = company.killed_today + company.wounded_today
    share = lost / np.maximum(company.present + lost, 1.0)
    company.losses[:] = company.losses * (1.0 - 1.0 / LOSS_DAYS) + share
    # those who take the place of the fallen are fresh
    worn = company.worn * np.where(company.contact > 0.0, 1.0 - share, 1.0 - 1.0 / REST_DAYS)
    company.worn[:] = worn + (company.contact > 0.0)


def _look_around(world: World) -> None:
    """How far the soldiers of each company are more unwilling to serve than those of their force."""
    company, soldiers = world.company, world.categories.sum(axis=0)
    army = world.per_force(company.compelled * soldiers, weighted=False)
    army /= np.maximum(world.per_force(soldiers, weighted=False), 1.0)
    company.unwilling[:] = np.where(soldiers > 0, company.compelled - army[company.force], 0.0)


def _expect(world: World) -> None:
    """What share of comrades soldiers expect to be gone: seen near and far, heard of the war, shown by the front."""
    company, side, contagion = world.company, world.side, world.theory.contagion
    p = contagion.p
    company.expected[:] = contagion.shared_belief(
        company.belief, world.brigade.belief[company.brigade], world.force.belief[company.force],
        p.company[company.contest],
    )  # fmt: skip
    lost_ground = -side.sign * world.contest.recent_gain[side.contest]
    k = side.contest
    side.defeat[:] = side.has_enemy * contagion.defeat(lost_ground, p.plain[k])
    lost = side.defeat * contagion.all_lost(side.win_belief, p.lost[k])
    company.expected += (lost + side.has_enemy * contagion.rout(lost_ground, p.rout[k]))[company.side]
