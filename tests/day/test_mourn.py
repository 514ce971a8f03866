"""Society: the dead go home, people protest, the state contains some of them, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from allegiance.day import mourn
from allegiance.theory.model import Theory
from allegiance.world.world import World
from day import small
from day.small import close, p

WAVE = ((9000.0, 0.8, 0.3), (0.0, 0.0, 0.0))
PEOPLE, CAPITAL, SIDE = (5e4, 9e4, 4e4, 8e4), (1.0, 0.0, 1.0, 0.0), (0, 0, 1, 1)


def ready(**options: Any) -> World:
    """Two contests with four regions each; the first side sees a wave of protest on the third day."""
    world = small.world(**options)
    world.waves, world.day = world.waves * 0.0, 2
    world.waves[2] = WAVE * 2
    region, side = world.region, world.side
    region.given["population"] = np.array(PEOPLE * 2)
    assert region.side.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    region.capital[:] = CAPITAL * 2
    small.fill(region.deaths, 10.0, 7.0)
    small.fill(region.pending, 100.0, 40.0)
    small.fill(region.stock, 50.0, 90.0)
    side.given["capacity"] = np.array([6000.0, 50.0, 1e6, 80.0])
    side.willing[:] = [0.6, 0.9, 0.8, 0.5]
    side.signal[:], side.nonviolent[:], side.near_capital[:] = [0.0, 0.9, 0.0, 0.01], 0.25, 0.4
    return world


def by_hand(world: World, home: bool = True) -> list[dict[str, float]]:
    """What each side's society comes to."""
    made = []
    for s in range(4):
        k, mourners, near = s // 2, 0.0, 0.0
        q = {n: p(world, "home_front", n, k) for n in ("lag", "memory", "participation", "threshold", "repression")}
        for r in range(4):
            if SIDE[r] != s % 2:
                continue
            n = 4 * k + r
            pending = 100.0 + 40.0 * n + 10.0 + 7.0 * n
            named = pending / q["lag"]
            stock = (50.0 + 90.0 * n) * (1.0 - 1.0 / q["memory"]) + named
            share = stock / PEOPLE[r]
            ready = home * q["participation"] * stock * share / (share + q["threshold"])
            mourners, near = mourners + ready, near + ready * CAPITAL[r]
        people, peaceful, capital = WAVE[s % 2]
        raw = people + mourners
        willing = (0.6, 0.9, 0.8, 0.5)[s]
        contained = min(raw, (6000.0, 50.0, 1e6, 80.0)[s] * willing)
        left = raw - q["repression"] * contained
        half, memory = p(world, "protest", "half", k), p(world, "protest", "memory", k)
        today = math.log1p(left / half) / math.log1p(1e6 / half)
        made.append({
            "mourners": mourners, "protest": left, "stretch": raw / (6000.0, 50.0, 1e6, 80.0)[s],
            "broken": 1.0 - left / raw if raw else 0.0,
            "nonviolent": (people * peaceful + mourners) / raw if raw else 0.25,
            "near_capital": (people * capital + near) / raw if raw else 0.4,
            "signal": max(today, (0.0, 0.9, 0.0, 0.01)[s] * (1.0 - 1.0 / memory)),
        })  # fmt: skip
    return made


def test_protest_is_the_wave_and_those_who_mourn_less_whom_the_willing_contain() -> None:
    world = ready()
    expected = by_hand(world)
    mourn.step(world)
    for s, values in enumerate(expected):
        for name, value in values.items():
            close(getattr(world.side, name)[s], value)
        k = s // 2
        q = {n: p(world, "protest", n, k) for n in ("coups", "nonviolent", "capital")}
        lift = (1.0 + q["nonviolent"] * values["nonviolent"]) * (1.0 + q["capital"] * values["near_capital"])
        pressure = q["coups"] * values["signal"] * lift / ((1.0 + q["nonviolent"]) * (1.0 + 0.5 * q["capital"]))
        close(world.side.coup_pressure[s], pressure)
    assert (world.region.deaths == 0.0).all()
    for n in range(8):
        lag, memory = (p(world, "home_front", name, n // 4) for name in ("lag", "memory"))
        waiting = 110.0 + 47.0 * n
        close(world.region.pending[n], waiting * (1.0 - 1.0 / lag))
        close(world.region.stock[n], (50.0 + 90.0 * n) * (1.0 - 1.0 / memory) + waiting / lag)


def test_after_a_concession_some_stay_at_home_others_come_and_generals_doubt() -> None:
    plain, world = ready(), ready()
    world.side.conceded_day[:] = [2.0, -1e6, -18.0, -1e6]
    mourn.step(plain)
    mourn.step(world)
    side, before = world.side, plain.side
    for s, since in ((0, 0.0), (2, 20.0)):
        q = {n: p(world, "concession", n, s // 2) for n in ("home", "home_days", "courage", "weak_days", "doubt")}
        weak = math.exp(-since / q["weak_days"])
        ratio = math.exp(q["courage"] * weak - q["home"] * math.exp(-since / q["home_days"]))
        close(side.stretch[s] / before.stretch[s], ratio)
        raw = side.stretch[s] * side.capacity[s]
        repression = p(world, "home_front", "repression", s // 2)
        close(side.protest[s], raw - repression * min(raw, side.capacity[s] * side.willing[s]))
        close(side.broken[s], 1.0 - side.protest[s] / raw)
        close(side.nonviolent[s], before.nonviolent[s])  # as many of either kind
        close(side.near_capital[s], before.near_capital[s])
        c = {n: p(world, "protest", n, s // 2) for n in ("coups", "nonviolent", "capital")}
        lift = (1.0 + c["nonviolent"] * side.nonviolent[s]) * (1.0 + c["capital"] * side.near_capital[s])
        crowd = c["coups"] * side.signal[s] * lift / ((1.0 + c["nonviolent"]) * (1.0 + 0.5 * c["capital"]))
        close(side.coup_pressure[s], crowd + q["doubt"] * weak)
    for name in ("stretch", "protest", "signal", "coup_pressure"):
        assert getattr(side, name)[[1, 3]].tolist() == getattr(before, name)[[1, 3]].tolist()


def test_what_was_conceded_counts_for_nothing_without_the_mechanism() -> None:
    plain, world = (ready(theory=Theory(off=("concession",))) for _ in range(2))
    world.side.conceded_day[:] = 2.0
    mourn.step(plain)
    mourn.step(world)
    for name in ("stretch", "protest", "signal", "coup_pressure"):
        assert getattr(world.side, name).tolist() == getattr(plain.side, name).tolist()


def test_without_the_home_front_nobody_protests_over_losses() -> None:
    world = ready(theory=Theory(off=("home_front",)))
    expected = by_hand(world, home=False)
    mourn.step(world)
    close(world.side.mourners, np.zeros(4))
    for s in (0, 2):
        close(world.side.protest[s], expected[s]["protest"])
    assert world.side.protest[[1, 3]].tolist() == [0.0, 0.0]
    assert world.side.broken[[1, 3]].tolist() == [0.0, 0.0]


def test_without_the_mechanism_generals_do_not_read_the_streets() -> None:
    world = ready(theory=Theory(off=("protest",)))
    mourn.step(world)
    assert world.side.signal.max() > 0
    assert (world.side.coup_pressure == 0).all()


def test_belief_in_victory_is_the_streets_own_only_without_an_enemy() -> None:
    world = ready()
    belief = world.side.win_belief.copy()
    mourn.step(world)
    close(world.side.win_belief, belief)
    alone = small.world((0,), kind="repression")
    alone.region.stock[:] = 5000.0
    mourn.step(alone)
    assert alone.side.signal[0] > 0
    close(alone.side.win_belief[0], 1.0 - min(1.0, 0.8 * alone.side.signal[0]))


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(mourn.step)
    small.beside_as_alone(mourn.step, "repression")
