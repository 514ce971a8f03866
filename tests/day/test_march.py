"""Unauthorised action: marches, seizures, civilians killed, and what follows from them, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from allegiance.day import march, plot, rise
from allegiance.day.counts import poisson
from allegiance.theory.model import Theory
from allegiance.world.chance import HARM, MARCH, PLOT, SUPPRESS
from allegiance.world.soldiers import IMPRISONED, MUTINY, OBEYING
from allegiance.world.world import World
from day import small
from day.small import close, p

REBELS = [0, 7, 11, 18]
NEVER, ALWAYS = np.full(20, 1.0 - 1e-12), np.full(20, 1e-12)
QUIET = {(MARCH, n): NEVER for n in (0, 2)} | {(MARCH, n): ALWAYS for n in (1, 3)}
QUIET |= {(HARM, 0): NEVER, (HARM, 1): ALWAYS}
"""Nobody does anything: a company acts on a small draw, those it stands for on a large one."""


def ready(told: dict[tuple[int, int], Any] | None = None, **options: Any) -> World:
    """Two contests with two companies in mutiny each; companies 2 and 15 stand for others that are."""
    world = small.world(**options)
    company, side = world.company, world.side
    world.force.weight[:] = [3.0, 1.0, 2.0, 4.0, 1.5, 2.5]
    company.present[:] = 20.0
    company.mutiny_day[:] = -1
    company.mutiny_day[REBELS] = 9
    company.in_mutiny[REBELS] = [14.0, 20.0, 16.0, 12.0]
    company.violent[[0, 11]] = 1.0
    company.others_risen[[2, 15]], company.others_violent[[2, 15]] = [1.5, 2.0], [0.5, 2.0]
    small.fill(company.grievance, 0.5, 0.2)
    small.fill(side.guards, 0.1, 0.2)
    small.fill(side.obeying, 2000.0, 500.0)
    side.given["blocking"] = np.array([0.9, 0.1, 0.5, 0.3])
    side.episode[:] = [1, 2, 3, 4]
    world.day = world.chance.day = 10
    world.chance = small.Told(world, QUIET | (told or {}))
    return world


def q(world: World, name: str, c: int) -> float:
    return p(world, "unauthorised", name, c // 10)


def march_hazard(world: World, c: int) -> float:
    """By hand: grievance, who else of the force is in mutiny, and who stands in the way."""
    f, s = small.FORCE_OF_COMPANY[c], small.SIDE_OF_COMPANY[c]
    mine = [d for d in range(20) if small.FORCE_OF_COMPANY[d] == f]
    risen = sum(d in REBELS for d in mine) + {2: 1.5, 15: 2.0}.get(c, 0.0)
    risen += sum({2: 1.5, 15: 2.0}.get(d, 0.0) for d in mine if d != c)
    together = min(1.0, risen / (len(mine) * world.force.weight[f]))
    pressed = 0.5 * (0.9, 0.1, 0.5, 0.3)[s] + 0.5 * (0.1 + 0.2 * s)
    drive = q(world, "anger", c) * (0.5 + 0.2 * c - 2.0) + q(world, "numbers", c) * math.sqrt(together)
    return q(world, "march", c) * math.exp(drive - q(world, "force", c) * pressed)


@pytest.mark.parametrize("nudge", [-1e-9, 1e-9])
def test_companies_in_mutiny_march_by_their_own_chance(nudge: float) -> None:
    world = ready()
    chance = NEVER.copy()
    for c in REBELS:
        chance[c] = 1.0 - math.exp(-march_hazard(world, c)) + nudge
    world.chance = small.Told(world, QUIET | {(MARCH, 0): chance})
    march.step(world)
    events = small.events(world, "march")
    if nudge > 0:
        assert len(events) == 0
        assert not world.company.marching.any()
        return
    assert np.flatnonzero(world.company.marching).tolist() == REBELS
    assert events["company"].tolist() == REBELS
    assert events["brigade"].tolist() == [c // 2 for c in REBELS]
    assert events["size"].tolist() == [14.0, 20.0, 16.0, 12.0]
    assert events["weight"].tolist() == [1.0] * 4
    assert events["episode"].tolist() == [small.SIDE_OF_COMPANY[c] + 1 for c in REBELS]
    assert events["violent"].tolist() == [1, 0, 1, 0]


def test_companies_that_are_stood_for_march_in_number_and_without_a_name() -> None:
    world = ready({(MARCH, 1): np.full(20, 0.999)})
    mean = [(1.0 - math.exp(-march_hazard(world, c))) * many for c, many in ((2, 1.5), (15, 2.0))]
    many = poisson(np.full(2, 0.999), np.array(mean))
    march.step(world)
    events = small.events(world, "march")
    assert many.min() >= 1
    assert events["weight"].tolist() == many.tolist()
    assert (events["company"] == -1).all()
    assert events["violent"].tolist() == [0, 1]
    assert world.company.others_marching[[2, 15]].tolist() == np.minimum([1.5, 2.0], many).tolist()


def hand(world: World, s: int, marchers: float) -> float:
    k = s // 2
    near, guarded = (p(world, "unauthorised", n, k) for n in ("near", "guarded"))
    against = near * (2000.0 + 500.0 * s) * (1.0 + guarded * (0.1 + 0.2 * s))
    return marchers / max(marchers + against, 1.0)


@pytest.mark.parametrize("nudge", [-1e-9, 1e-9])
def test_marchers_seize_a_place_by_their_number_against_those_who_would_stop_them(nudge: float) -> None:
    world = ready()
    world.company.marching[[7, 18]] = 1.0
    chance = NEVER.copy()
    for c, men in ((7, 20.0), (18, 12.0)):
        chance[c] = 1.0 - math.exp(-q(world, "seize", c) * hand(world, small.SIDE_OF_COMPANY[c], men)) + nudge
    chance[0] = 1e-12  # in mutiny, but not on the march
    world.chance = small.Told(world, QUIET | {(MARCH, 2): chance})
    march.step(world)
    assert small.events(world, "seizure")["company"].tolist() == ([7, 18] if nudge < 0 else [])
    assert np.flatnonzero(world.company.holding).tolist() == ([7, 18] if nudge < 0 else [])


def test_the_force_hears_of_a_march_as_of_so_many_mutinies() -> None:
    world = ready({(MARCH, 0): ALWAYS})
    world.force.risen[:] = [0.1, 0.0, 0.0, 0.0, 0.0, 0.99]
    march.step(world)
    heard = [0.1, 0.0, 0.0, 0.0, 0.0, 0.99]
    for c in REBELS:
        f = small.FORCE_OF_COMPANY[c]
        companies = small.FORCE_OF_COMPANY.count(f) * world.force.weight[f]
        heard[f] = min(1.0, heard[f] + q(world, "news", c) / companies)
    close(world.force.risen, heard)
    assert world.force.risen[5] == 1.0


def test_marchers_shake_the_ruler_and_plotters_see_it() -> None:
    world = ready()
    world.company.marching[0] = 1.0
    world.side.march_pressure[2] = 0.3
    march.step(world)
    memory = p(world, "unauthorised", "memory", 1)
    first = p(world, "unauthorised", "coup", 0) * hand(world, 0, 14.0)
    close(world.side.march_pressure, [first, 0.0, 0.3 * (1.0 - 1.0 / memory), 0.0])
    chances = []
    for pressure in (0.0, 1.0):
        world = ready()
        world.side.march_pressure[:] = pressure
        world.side.given["coup_base_rate"] = np.full(4, 0.9)
        world.chance = small.Told(world, {(PLOT, 0): np.ones(4)})
        plot.step(world)
        chances.append(world.side.coup_attempt_chance.copy())
    assert (chances[1] > 2.0 * chances[0]).all()


def test_violent_mutineers_kill_civilians_in_towns_and_wherever_they_march() -> None:
    for nudge in (-1e-9, 1e-9):
        world = ready()
        world.company.marching[11] = 1.0
        world.zone.given["urban"] = 0.2 + 0.05 * np.arange(len(world.zone))
        urban = world.zone.urban[world.company.zone]
        chance = ALWAYS.copy()  # the peaceful do nothing even so
        for c, among in ((0, urban[0]), (11, 1.0)):
            rate = q(world, "kill", c) * among * math.exp(q(world, "anger", c) * (0.5 + 0.2 * c - 2.0))
            chance[c] = 1.0 - math.exp(-rate) + nudge
        chance[[7, 18]] = 1e-300
        world.chance = small.Told(world, QUIET | {(HARM, 0): chance})
        march.step(world)
        events = small.events(world, "mutineers_kill")
        assert events["company"].tolist() == ([0, 11] if nudge < 0 else [])
        killed = np.bincount(events["side"], events["size"], 4)
        close(world.side.killed_by_mutineers, killed)
        close(world.side.civilians_killed, killed)
        assert (events["size"] >= 1.0).all()


def test_a_seized_place_spares_prison_and_a_stopped_march_adds_to_it() -> None:
    seen = {}
    for name, marching, holding in (("stayed", 0.0, 0.0), ("stopped", 1.0, 0.0), ("held", 1.0, 1.0)):
        fixed = {"suppression_prison": 0.4, "suppression_desert": 0.0001, "suppression_defect": 0.0001,
                 "unauthorised_yields": 0.9, "unauthorised_stern": 1.5, "suppression_concession": 0.1}  # fmt: skip
        world = small.world(theory=Theory(off=("cascade",)), fixed=fixed)
        company, soldiers = world.company, world.soldiers
        world.day = world.chance.day = 10
        company.mutiny_day[:], company.marching[:], company.holding[:] = 9, marching, holding
        company.violent[:] = 1.0
        soldiers.status[:], soldiers.grievance[:] = MUTINY, 1.0
        world.recount(np.ones(20, bool))
        world.chance = small.Told(world, {(SUPPRESS, 0): np.zeros(20)})
        rise.step(world)
        spared = soldiers.status == OBEYING
        seen[name] = (int((soldiers.status == IMPRISONED).sum()), float(soldiers.grievance[spared].mean()))
        assert not company.violent.any()
        march.step(world)
        assert not company.marching.any()
        assert not company.holding.any()
    assert seen["held"][0] < 0.5 * seen["stayed"][0] < seen["stayed"][0] < seen["stopped"][0]
    assert seen["stayed"][1] == pytest.approx(0.9)
    assert seen["held"][1] == pytest.approx(0.09, abs=1e-5)


def test_mutinies_elsewhere_fade_as_those_played_end() -> None:
    world = ready(theory=Theory(off=("cascade",)))
    world.company.mutiny_day[:] = -1
    world.company.others_marching[2] = 1.0
    rise.step(world)
    for c, before in ((2, 1.5), (15, 2.0)):
        s, k = small.SIDE_OF_COMPANY[c], c // 10
        pressed = 0.5 * (0.9, 0.1, 0.5, 0.3)[s] + 0.5 * (0.1 + 0.2 * s)
        rate = p(world, "suppression", "rate", k) * math.exp(p(world, "suppression", "force", k) * pressed)
        close(world.company.others_risen[c], before * math.exp(-rate))
        close(world.company.others_marching[c] / world.company.others_risen[c], (1.0 if c == 2 else 0.0) / before)


@pytest.mark.parametrize("quiet", ["switched off", "no mutiny"])
def test_without_mutiny_or_switched_off_nothing_happens(quiet: str) -> None:
    eager = {(MARCH, n): ALWAYS for n in (0, 2)} | {(MARCH, n): NEVER for n in (1, 3)}
    eager |= {(HARM, 0): ALWAYS, (HARM, 1): NEVER}
    world = ready(eager, theory=Theory(off=("unauthorised",) if quiet == "switched off" else ()))
    if quiet == "no mutiny":
        world.company.mutiny_day[:], world.company.others_risen[:], world.company.others_violent[:] = -1, 0.0, 0.0
    risen = world.force.risen.copy()
    march.step(world)
    assert len(world.events.table()) == 0
    assert not world.side.march_pressure.any()
    assert not world.side.civilians_killed.any()
    close(world.force.risen, risen)


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(march.step)
