"""Choice: each soldier's day worked out one by one in plain Python, against the compiled loop."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from allegiance.base.random import philox
from allegiance.day import choose
from allegiance.theory.forms import DEFECT, DESERT, REFUSE, SHIRK
from allegiance.theory.model import Theory
from allegiance.world.chance import CHOICE
from allegiance.world.soldiers import (
    AWOL,
    DEFECTED,
    DESERTED,
    KILLED,
    MUTINY,
    OBEYING,
    REFUSING,
    SHIRKING,
    WOUNDED,
)
from allegiance.world.world import World
from day import small
from day.small import close, p

SLOPES = ("grievance_shirk", "grievance_refuse", "grievance_desert", "grievance_defect", "grievance_mutiny")
DISPOSITION = (0.3, 1.0, 1.0, 1.0, 0.8)
EXCLUSION = (0.3, 0.3, 1.0, 1.0, 0.3)


def ready(**options: Any) -> World:
    """Two contests with restless companies of men who all differ."""
    world = small.world(**options)
    s, company = world.soldiers, world.company
    rng = np.random.default_rng(3)
    s.grievance[:], s.disposition[:] = rng.uniform(0.0, 2.0, 400), rng.normal(0.0, 0.7, 400)
    s.home_day[:] = rng.integers(-200, 400, 400)
    s.tie[:], s.group[:] = rng.integers(0, 256, 400), rng.integers(0, 3, 400)
    s.category[:], s.tie_bin[:], s.ever[:] = rng.integers(0, 6, 400), rng.integers(0, 4, 400), 0
    s.status[:] = rng.choice([OBEYING] * 12 + [SHIRKING] * 3 + [REFUSING] * 3 + [MUTINY, WOUNDED, KILLED], 400)
    world.recount(np.ones(20, bool))
    small.fill(company.appraisal, 0.5, 0.07)
    small.fill(company.appraisal_per_tie, 0.2, 0.03)
    for form in range(5):
        world.log_odds[form] = -5.2 + 0.3 * form + 0.04 * np.arange(20)
        world.log_odds_per_tie[form] = 0.3 + 0.1 * form + 0.02 * np.arange(20)
    world.exclusion[:] = 0.1 + 0.07 * np.arange(18).reshape(6, 3)
    small.fill(company.belief, 0.05, 0.01)
    world.force.weight[:] = [3.0, 1.0, 2.0, 4.0, 1.5, 2.5]
    world.tables, world.day = None, 10
    return world


def man(world: World, i: int, status: int) -> tuple[float, int, int, list[float]]:
    """His grievance tonight, form taken (-1 none), new status, and his log-odds, worked out by hand."""
    s, c = world.soldiers, i // 20
    k, f = c // 10, int(world.company.force[c])
    tie, late, left = s.tie[i] / 255.0, max(10 - int(s.home_day[i]), 0), max(int(s.home_day[i]) - 10, 0)
    today = world.company.appraisal[c] + world.company.appraisal_per_tie[c] * tie
    today += p(world, "conscription", "overdue", k) * min(late, 180) / 180.0
    grievance = s.grievance[i] + (today - s.grievance[i]) / p(world, "deprivation", "memory", k)
    z = s.disposition[i] + p(world, "conscription", "horizon", k) * math.exp(-left / p(world, "conscription", "scale", k))
    odds = [
        world.log_odds[form, c] + p(world, "choice", SLOPES[form], k) * grievance + DISPOSITION[form] * z
        + EXCLUSION[form] * world.exclusion[f, s.group[i]] + world.log_odds_per_tie[form, c] * tie
        for form in range(5)
    ]  # fmt: skip
    if status >= MUTINY:
        return grievance, -1, status, odds
    word = philox(int(world.company.ordinal[c]) * 512 + i % 20 % 5, 10 | CHOICE << 16, int(world.company.roll[c]), k, 1, 0)
    u = (int(word[i % 20 // 5]) + 0.5) / 2.0**32
    odd = {form: math.exp(odds[form]) for form in (DESERT, DEFECT, REFUSE, SHIRK)}
    odd[SHIRK] *= status != SHIRKING
    odd[REFUSE] *= status != REFUSING
    total, below = 1.0 + sum(odd.values()), 0.0
    for form, new in ((DESERT, DESERTED), (DEFECT, DEFECTED), (REFUSE, REFUSING), (SHIRK, SHIRKING)):
        share = odd[form] / total
        if u < below + share:
            if form == DESERT and u < share * p(world, "choice", "awol_return", k):
                new = AWOL
            return grievance, form, new, odds
        below += share
    if status != OBEYING and u > 1.0 - p(world, "choice", "recover", k):
        return grievance, -1, OBEYING, odds
    return grievance, -1, status, odds


def test_every_soldier_chooses_by_his_own_luck_and_log_odds() -> None:
    world = ready()
    before, acts, cross = world.soldiers.status.copy(), world.acts.copy(), world.cross.copy()
    expected = [man(world, i, int(before[i])) for i in range(400)]
    belief = world.company.belief.copy()
    choose.step(world)
    s, company = world.soldiers, world.company
    np.testing.assert_allclose(s.grievance, [e[0] for e in expected], rtol=1e-5)
    assert s.status.tolist() == [e[2] for e in expected]
    taken = [(i, e[1]) for i, e in enumerate(expected) if e[1] >= 0]
    assert {form for _, form in taken} == {SHIRK, REFUSE, DESERT, DEFECT}
    assert (s.status == AWOL).any()
    for i, form in taken:
        f = int(world.company.force[i // 20])
        acts[f, form] += world.force.weight[f]
        cross[f, s.category[i], s.tie_bin[i], form + 1] += world.force.weight[f]
        assert s.ever[i] == 1 << form
    close(world.acts, acts)
    close(world.cross, cross)
    for c in range(20):
        here = range(20 * c, 20 * c + 20)
        present = [i for i in here if s.status[i] <= MUTINY]
        able = [i for i in here if s.status[i] < MUTINY]
        left = sum(e[1] in (DESERT, DEFECT) for e in expected[20 * c : 20 * c + 20])
        assert company.left_today[c] == left
        assert company.present[c] == len(present)
        ready_to_rise = [expected[i][3][4] for i in able]
        got = (company.grievance[c], company.tie[c], company.readiness[c], company.spread[c])
        want = (
            np.mean([expected[i][0] for i in present]), np.mean([s.tie[i] / 255.0 for i in present]),
            np.mean(ready_to_rise), np.std(ready_to_rise),
        )  # fmt: skip
        np.testing.assert_allclose(got, want, atol=2e-3)
        memory = p(world, "contagion", "memory", c // 10)
        close(company.belief[c], belief[c] * (1.0 - 1.0 / memory) + left / (len(present) + left))


def test_a_form_is_counted_once_for_who_ever_took_it_and_every_time_as_an_act() -> None:
    world = ready()
    world.soldiers.ever[:] = 1 << SHIRK
    cross = world.cross.copy()
    choose.step(world)
    assert world.acts[:, SHIRK].sum() > 0
    close(world.cross[..., SHIRK + 1], cross[..., SHIRK + 1])
    assert (world.cross[..., DESERT + 1] > cross[..., DESERT + 1]).any()


def test_a_contest_that_is_over_and_companies_without_men_stay_as_they_are() -> None:
    world = ready()
    world.contest.live[0] = 0.0
    world.soldiers.status[200:220] = KILLED
    world.recount(np.ones(20, bool))
    before, belief = world.soldiers.status.copy(), world.company.belief.copy()
    choose.step(world)
    assert np.array_equal(world.soldiers.status[:220], before[:220])
    assert not np.array_equal(world.soldiers.status[220:], before[220:])
    assert world.company.readiness[10] == -1.0e9
    assert world.company.belief[10] == belief[10]


def test_without_conscription_nobody_counts_the_days() -> None:
    soon, late = (ready(theory=Theory(off=("conscription",))) for _ in range(2))
    soon.soldiers.home_day[:], late.soldiers.home_day[:] = 10, 3000
    for world in (soon, late):
        choose.step(world)
    assert np.array_equal(soon.soldiers.status, late.soldiers.status)
    assert np.array_equal(soon.soldiers.grievance, late.soldiers.grievance)


def test_the_horizon_counts_beyond_a_thousand_days() -> None:
    world = small.world(fixed={"conscription_scale": 480.0, "conscription_horizon": 1.7})
    horizon = choose.tables(world).horizon
    for days in (0, 1023, 1024, 3000):
        np.testing.assert_allclose(horizon[0, days], 1.7 * math.exp(-days / 480.0), rtol=1e-5)
    overdue = choose.tables(world).overdue
    np.testing.assert_allclose(overdue[1, [0, 90, 180]], p(world, "conscription", "overdue", 1) * np.array([0, 0.5, 1.0]))


def test_nobody_is_skipped_who_would_have_acted() -> None:
    """The bound by which quiet men are passed over lies above every man's chance to act."""
    calm, restless = (ready() for _ in range(2))
    calm.log_odds -= 2.0
    for world in (calm, restless):
        expected = [man(world, i, int(world.soldiers.status[i]))[2] for i in range(400)]
        choose.step(world)
        assert world.soldiers.status.tolist() == expected


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(choose.step)
