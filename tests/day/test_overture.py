"""Overtures: kindness and appeals reconsidered, the ruler's answer, and what each costs, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from allegiance.day import appraise, fight, mourn, overture
from allegiance.day.gather import gather
from allegiance.theory.forms import DEFECT
from allegiance.theory.model import Theory
from allegiance.world.chance import OVERTURE
from allegiance.world.world import World
from day import small
from day.small import ENEMY, close, p

GAP, RATIO, RUNG = (0.4, -0.2, 0.0, 0.9), (0.3, -0.1), (2.0, 0.0, 1.0, 0.0)
KIND, WENT, BLED = (1.2, 0.9, 1.0, 1.5), (0.004, 0.0, 0.001, 0.01), (0.02, 0.0, 0.05, 0.001)
DUE = {(OVERTURE, 0): np.zeros(4), (OVERTURE, 1): np.zeros(4)}


def ready(**options: Any) -> World:
    """Two wars in which some went over and some fell."""
    world = small.world(**options)
    side = world.side
    side.gap[:], side.rung[:], side.kindness[:] = GAP, RUNG, KIND
    side.went_over[:], side.bled[:] = WENT, BLED
    world.contest.log_ratio[:] = RATIO
    world.acts_today[:], world.company.killed_today[:] = 0.0, 0.0
    return world


def by_hand(world: World, s: int) -> float:
    """Kindness of a side after a review."""
    k, o = s // 2, ENEMY[s]
    q = {n: p(world, "overtures", n, k) for n in vars(world.theory.overtures.p)}
    left = 1.0 - 1.0 / q["memory"]
    come = WENT[o] * left / (WENT[o] * left + q["half"])
    pull = q["gain"] * come + q["need"] * max(0.0, GAP[s]) * math.exp(-(RATIO[k] ** 2) / 0.5)
    bled = BLED[s] * left
    theirs = KIND[o] * (1.0 - q["discredit"] * RUNG[o])
    pull -= q["revenge"] * bled / (bled + q["bitter"]) - q["mirror"] * math.log(theirs)
    pull -= q["thrift"] * (1.0 - come) * math.log(KIND[s])
    new = KIND[s] * math.exp(q["step"] * max(-1.0, min(1.0, pull)))
    return min(q["most"], max(1.0 / q["most"], new))


@pytest.mark.parametrize("nudge", [-1e-9, 1e-9])
def test_rulers_who_reconsider_weigh_who_came_and_who_fell(nudge: float) -> None:
    world = ready()
    review = np.array([p(world, "overtures", "review", s // 2) for s in range(4)])
    world.chance = small.Told(world, {(OVERTURE, 0): review + nudge})
    overture.step(world)
    close(world.side.kindness, [by_hand(world, s) if nudge < 0 else KIND[s] for s in range(4)])


def test_nobody_reconsiders_without_an_enemy_or_after_the_end() -> None:
    world = ready()
    world.contest.live[:] = [0.0, 1.0]
    world.side.has_enemy[:] = [1.0, 1.0, 0.0, 1.0]
    world.chance = small.Told(world, DUE)
    overture.step(world)
    assert world.side.kindness[:3].tolist() == list(KIND[:3])
    assert world.side.kindness[3] != KIND[3]


def test_who_went_over_and_who_fell_are_counted_as_real_soldiers() -> None:
    world = ready()
    world.side.went_over[:], world.side.bled[:] = 0.0, 0.0
    world.force.weight[:] = 3.0
    world.acts_today[0, DEFECT], world.acts_today[4, DEFECT] = 2.0, 1.0
    world.company.killed_today[1] = 4.0
    world.side.should[:], world.side.present[:] = 300.0, 200.0
    overture.step(world)
    close(world.side.went_over, [6.0 / 300, 3.0 / 300, 0.0, 0.0])
    close(world.side.bled, [12.0 / 212, 0.0, 0.0, 0.0])


def test_the_answer_follows_who_went_over_and_costs_power_and_hold_of_the_streets() -> None:
    world = ready()
    world.side.answered[:] = [0.2, 0.2, 0.0, 0.0]
    overture.step(world)
    for s in range(4):
        days, half, memory = (p(world, "overtures", n, s // 2) for n in ("days", "half", "memory"))
        went = WENT[s] * (1.0 - 1.0 / memory)
        before = (0.2, 0.2, 0.0, 0.0)[s]
        close(world.side.answered[s], before + (went / (went + half) - before) / days)
    quiet, watched = small.world(), small.world()
    watched.side.answered[:] = [1.0, 0.0, 0.5, 0.0]
    left = [1.0 - a * p(watched, "overtures", "pickets", s // 2) for s, a in enumerate(watched.side.answered)]
    for world in (quiet, watched):
        world.company.contact[:] = 1.0
        fight._powers(world)
        gather(world)
    assert (quiet.side.power > 0).all()
    close(watched.side.power, quiet.side.power * left)
    close(watched.side.willing, quiet.side.willing * left)


def test_soldiers_in_want_resent_more_kindness_than_at_the_start() -> None:
    usual, kind = small.world(), small.world()
    kind.side.kindness[:] = [1.5, 1.0, 0.7, 1.2]
    for world in (usual, kind):
        small.fill(world.company.supply, 0.3, 0.05)
        appraise.appraise(world)
    for c in range(20):
        k, s = c // 10, small.SIDE_OF_COMPANY[c]
        more = max(0.0, float(kind.side.kindness[s]) - 1.0) * max(0.0, 1.0 - (0.3 + 0.05 * c))
        close(kind.company.appraisal[c] - usual.company.appraisal[c], p(kind, "overtures", "resent", k) * more)


@pytest.mark.parametrize("nudge", [-1e-9, 1e-9])
def test_dissidents_weigh_soldiers_who_waver_against_arrests(nudge: float) -> None:
    world = small.world((0, 1), kind="repression")
    side = world.side
    side.given["monitoring"] = np.array([0.5, 0.8])
    side.broken[:], side.protest[:], side.appeal[:], side.at_large[:] = [0.2, 0.6], [1e5, 1e3], [1.2, 0.9], [0.9, 0.7]
    side.went_over[:], side.mutiny_share[:], side.present[:] = 0.0, [0.03, 0.0], 120.0
    world.force.refusing[:] = 0.0
    world.force.refusing[0] = 6.0
    world.brigade.halted[:] = 0.0
    review = np.array([p(world, "appeals", "review", k) for k in (0, 1)])
    world.chance = small.Told(world, {(OVERTURE, 1): review + nudge})
    overture.step(world)
    for s in (0, 1):
        q = {n: p(world, "appeals", n, s) for n in vars(world.theory.appeals.p)}
        before, free, exposure = (1.2, 0.9)[s], (0.9, 0.7)[s], (0.2 * 0.5, 0.6 * 0.8)[s]
        waver = (0.03 + 6.0 / 120.0, 0.0)[s]
        pull = q["hope"] * waver / (waver + q["half"]) - q["fear"] * exposure - q["usual"] * math.log(before)
        after = min(q["most"], max(1.0 / q["most"], before * math.exp(q["step"] * max(-1.0, min(1.0, pull)))))
        close(side.appeal[s], after if nudge < 0 else before)
        close(side.at_large[s], free * (1.0 - q["arrest"] * before * exposure) + (1.0 - free) / q["release"])
    assert (side.kindness == 1.0).all()


def test_arrests_shrink_the_protest_of_those_who_mourn_and_not_the_protest_of_the_case() -> None:
    made = []
    for at_large in (1.0, 0.4):
        world = small.world()
        world.waves = world.waves * 0.0
        world.waves[:, :, 0] = 5000.0
        small.fill(world.region.stock, 5000.0, 100.0)
        world.side.at_large[:] = at_large
        mourn.step(world)
        made.append((world.side.mourners.copy(), world.side.stretch * world.side.capacity))
    left = [1.0 - 0.6 * p(world, "appeals", "led", s // 2) for s in range(4)]
    assert (made[0][0] > 0).all()
    close(made[1][0], made[0][0] * left)
    close(made[1][1] - made[1][0], made[0][1] - made[0][0])


def test_left_out_nothing_is_chosen_and_nothing_answered() -> None:
    for kind, sides in (("interstate", 4), ("repression", 2)):
        world = small.world(theory=Theory(off=("appeals", "overtures")), kind=kind)
        world.side.went_over[:], world.side.bled[:], world.side.broken[:], world.side.protest[:] = 0.1, 0.1, 0.5, 1e5
        world.chance = small.Told(world, {key: np.zeros(sides) for key in DUE})
        overture.step(world)
        for column in ("kindness", "appeal", "at_large"):
            assert (getattr(world.side, column) == 1.0).all(), column
        assert (world.side.answered == 0.0).all()


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(overture.step)
    small.beside_as_alone(overture.step, "repression")
