"""Plots: chances of an attempt and of its success by side, and what follows, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from allegiance.base.normal import erfc
from allegiance.day import plot
from allegiance.theory.model import Theory
from allegiance.world.chance import PLOT
from allegiance.world.world import World
from day import small
from day.small import close, p


def ready(**options: Any) -> World:
    """Two contests whose rulers all differ; brigades 2 and 8 have no men."""
    world = small.world(**options)
    side, brigade = world.side, world.brigade
    side.disaffection[:] = [1.6, 0.7, 1.2, 2.1]
    side.win_belief[:] = [0.2, 0.8, 0.4, 0.3]
    side.coup_pressure[:] = [0.5, 0.0, 0.2, 0.9]
    side.mutiny_share[:], side.called_out[:] = [0.02, 0.05, 0.5, 0.0], [0.0, 1.0, 0.0, 1.0]
    for n, name in enumerate(("counterbalancing", "surveillance", "purges")):
        side.given[name] = 0.1 + 0.2 * np.arange(4) + 0.03 * n
    side.given["coup_base_rate"] = np.array([0.9, 0.5, 0.7, 0.6])
    small.fill(brigade.loyalty, 0.2, 0.06)
    small.fill(brigade.competence, 0.3, 0.05)
    brigade.companies[:] = [2, 2, 0, 2, 1, 2, 2, 2, 0, 2]
    world.force.brigade_weight[:] = [4.0, 2.0, 2.0, 3.0, 1.5, 5.0]
    return world


def loyalty(s: int) -> float:
    """Mean loyalty of commanders with men, each counted for those it stands for."""
    mine = [b for b in range(10) if small.SIDE_OF_BRIGADE[b] == s and b not in (2, 8)]
    weights = [(4.0, 2.0, 2.0, 3.0, 1.5, 5.0)[small.FORCE_OF_BRIGADE[b]] for b in mine]
    return float(np.average([0.2 + 0.06 * b for b in mine], weights=weights))


def hazards(world: World, proofing: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Chance of an attempt and of its success for each side, by hand."""
    attempt, success = np.zeros(4), np.zeros(4)
    side = world.side
    for s in range(4):
        k, loyal = s // 2, loyalty(s)
        q = {n: p(world, "plot", n, k) for n in ("grievance", "loyalty", "war", "mutiny", "support", "top")}
        over = [value - 0.35 for value in (side.counterbalancing[s], side.surveillance[s], side.purges[s])]
        cost = p(world, "coup_proofing", "coordination", k) * (0.6 * over[1] + 0.4 * over[2])
        shift = (
            q["grievance"] * (side.disaffection[s] - 1.0) + q["loyalty"] * (0.6 - loyal)
            + q["war"] * (1.0 - 2.0 * side.win_belief[s]) + side.coup_pressure[s]
            + q["mutiny"] * min(1.0, 10.0 * side.mutiny_share[s]) - cost * proofing
        )  # fmt: skip
        daily = side.coup_base_rate[s] / 365.0
        odds = daily / (1.0 - daily) * math.exp(shift)
        attempt[s] = odds / (1.0 + odds)
        exposed = 1.0 - p(world, "ruler", "exposed", k) * (0.0, 1.0, 0.0, 1.0)[s]
        guards = p(world, "coup_proofing", "guards", k) * (side.counterbalancing[s] * exposed - 0.35) * proofing
        favour = 0.4 * side.counterbalancing[s] + 0.4 * side.stacking[s] + 0.2 * side.purges[s]
        passed = p(world, "coup_proofing", "resentment", k) * favour * proofing
        held = p(world, "coup_proofing", "trust", k) * (side.stacking[s] - 0.35) * proofing
        x = q["top"] + q["support"] * (side.disaffection[s] - 1.0 - passed - held + 0.6 - loyal) - guards
        success[s] = 0.5 * float(erfc(-x / math.sqrt(2.0)))
    return attempt, success


@pytest.mark.parametrize("off", [(), ("coup_proofing",)])
def test_attempts_and_success_follow_the_rulers_own_state(off: tuple[str, ...]) -> None:
    for nudge in (-1e-10, 1e-10):
        world = ready(theory=Theory(off=off))
        attempt, success = hazards(world, proofing=not off)
        world.chance = small.Told(world, {(PLOT, 0): attempt + nudge, (PLOT, 1): np.zeros(4)})
        plot.step(world)
        assert len(small.events(world, "coup_attempt")) == (4 if nudge < 0 else 0)
        world = ready(theory=Theory(off=off))
        world.chance = small.Told(world, {(PLOT, 0): np.zeros(4), (PLOT, 1): success + nudge})
        plot.step(world)
        assert len(small.events(world, "coup_success")) == (4 if nudge < 0 else 0)
        assert world.side.shaken.tolist() == [float(nudge < 0)] * 4


def test_an_attempt_that_fails_is_followed_by_a_purge_of_that_side_alone() -> None:
    world = ready()
    world.chance = small.Told(world, {(PLOT, 0): [0.0, 1.0, 0.0, 1.0], (PLOT, 1): [1.0, 0.0, 0.0, 0.0]})
    plot.step(world)
    attempts, successes = small.events(world, "coup_attempt"), small.events(world, "coup_success")
    assert (attempts["side"].tolist(), attempts["contest"].tolist()) == ([0, 2], [0, 1])
    assert (successes["side"].tolist(), successes["contest"].tolist()) == ([2], [1])
    assert (attempts["officers"] == 1).all()
    close(attempts["grievance"], [1.6, 1.2])
    assert world.side.shaken.tolist() == [0, 0, 1, 0]
    for b in range(10):
        purged = small.SIDE_OF_BRIGADE[b] == 0
        close(world.brigade.loyalty[b], min(1.0, 0.2 + 0.06 * b + 0.1 * purged))
        close(world.brigade.competence[b], 0.3 + 0.05 * b - 0.05 * purged)


def test_nobody_plots_when_the_contest_is_over() -> None:
    world = ready()
    world.contest.live[1] = 0.0
    world.chance = small.Told(world, {(PLOT, 0): np.zeros(4), (PLOT, 1): np.zeros(4)})
    plot.step(world)
    assert small.events(world, "coup_attempt")["side"].tolist() == [0, 1]
    assert world.side.shaken.tolist() == [1, 1, 0, 0]


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(plot.step)
