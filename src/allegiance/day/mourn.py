"""Society: bereavement by home region, protest, its repression, and the signal it sends to soldiers and generals."""

from __future__ import annotations

import numpy as np

from allegiance.world.columns import Array
from allegiance.world.world import World

DOUBT = 0.8
"""How far a protest of a million makes commanders doubt that the streets can be held (judgement)."""


def step(world: World) -> None:
    """Carry the day's dead home and let the regions answer."""
    side, region, home, protest = world.side, world.region, world.theory.home_front, world.theory.protest
    k, p = side.contest, protest.p
    mourners, near = _mourners(world)
    wave = world.waves[world.day]
    people, weak, turnout = wave[:, 0] + mourners, *_after_concession(world)
    raw = people * turnout
    left = home.surviving(raw, side.capacity * side.willing, home.p.repression[k])
    crowd = np.where(people > 0.0, people, 1.0)
    side.mourners[:] = mourners
    side.broken[:] = np.where(raw > 0.0, 1.0 - left / np.where(raw > 0.0, raw, 1.0), 0.0)
    side.protest[:] = left
    side.stretch[:] = raw / np.maximum(side.capacity, 1.0)
    # what kind of crowd it was is remembered with it
    peaceful, near = (wave[:, 0] * wave[:, 1] + mourners) / crowd, (wave[:, 0] * wave[:, 2] + near) / crowd
    peaceful = world.theory.turncoats.peaceful(peaceful, side.recent_deaths, world.theory.turncoats.p.flank[k])
    side.nonviolent[:] = np.where(raw > 0.0, peaceful, side.nonviolent)
    side.near_capital[:] = np.where(raw > 0.0, near, side.near_capital)
    side.signal[:] = protest.remembered(side.signal, protest.protest_signal(left, p.half[k]), p.memory[k])
    side.coup_pressure[:] = weak + float(protest.on) * protest.coup_pressure(
        side.signal, side.nonviolent, side.near_capital, p.coups[k], p.nonviolent[k], p.capital[k]
    )
    # without an enemy army, what commanders doubt is whether the streets can be held
    streets = 1.0 - np.minimum(1.0, DOUBT * side.signal)
    side.win_belief[:] = np.where(side.has_enemy > 0, side.win_belief, streets)
    region.deaths[:] = 0.0


def _after_concession(world: World) -> tuple[Array, Array]:
    """What the last concession makes commanders doubt [log-odds], and of the crowd [ratio]; 0 and 1 without one."""
    side, concession = world.side, world.theory.concession
    k, p = side.contest, concession.p
    since = world.day - side.conceded_day
    pleased, weak = (concession.left_of(since, days[k]) for days in (p.home_days, p.weak_days))
    on = float(concession.on)
    return concession.doubt(weak, on * p.doubt[k]), concession.turnout(pleased, weak, on * p.home[k], on * p.courage[k])


def _mourners(world: World) -> tuple[Array, Array]:
    """People of each side who are ready to protest over losses, and those of them near the capital."""
    region, home = world.region, world.theory.home_front
    k, p = world.side.contest[region.side], home.p
    region.pending += region.deaths
    named = region.pending / p.lag[k]
    region.pending -= named
    region.stock[:] = home.bereavement(region.stock, named, p.memory[k])
    ready = float(home.on) * home.participation(region.stock, region.population, p.participation[k], p.threshold[k])
    appeals, count = world.theory.appeals, len(world.side)
    # who was arrested for appeals to soldiers calls nobody out
    ready *= appeals.still_led(world.side.at_large[region.side], appeals.p.led[k])
    return np.bincount(region.side, ready, count), np.bincount(region.side, ready * region.capital, count)
