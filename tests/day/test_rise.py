"""Collective action: mutinies begin, spread and end, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from allegiance.base.random import normal
from allegiance.day import rise
from allegiance.day.counts import poisson
from allegiance.theory import cascade
from allegiance.theory.forms import DEFECT, DESERT, REFUSE, RISE
from allegiance.theory.model import Theory
from allegiance.world.chance import AFTERMATH, JOIN, REPRESENTED, SUPPRESS, TRIGGER
from allegiance.world.soldiers import DEFECTED, DESERTED, IMPRISONED, KILLED, MUTINY, OBEYING, REFUSING
from allegiance.world.world import World
from day import small
from day.small import close, p


def ready(**options: Any) -> World:
    """Two contests of men who all differ, none of them near a mutiny."""
    world = small.world(**options)
    s, company, side = world.soldiers, world.company, world.side
    rng = np.random.default_rng(4)
    s.grievance[:], s.disposition[:] = rng.uniform(0.0, 2.0, 400), rng.normal(0.0, 0.7, 400)
    s.home_day[:], s.tie[:], s.group[:] = rng.integers(0, 400, 400), rng.integers(0, 256, 400), rng.integers(0, 3, 400)
    s.category[:], s.tie_bin[:], s.ever[:] = rng.integers(0, 6, 400), rng.integers(0, 4, 400), 0
    world.exclusion[:] = 0.1 + 0.07 * np.arange(18).reshape(6, 3)
    company.readiness[:] = -60.0
    small.fill(company.spread, 0.4, 0.03)
    small.fill(company.grievance, 0.5, 0.05)
    company.contact[:] = [1, 0] * 10
    world.log_odds[RISE] = -2.0 - 0.1 * np.arange(20)
    world.log_odds_per_tie[RISE] = 0.3 + 0.02 * np.arange(20)
    small.fill(side.offer, 0.3, 0.15)
    small.fill(side.guards, 0.1, 0.2)
    world.side.given["blocking"], world.side.given["punishment"] = (
        np.array([0.9, 0.1, 0.5, 0.3]),
        0.2 + 0.15 * np.arange(4),
    )
    world.force.weight[:] = [3.0, 1.0, 2.0, 4.0, 1.5, 2.5]
    world.tables, world.day = None, 10
    world.chance.day = 10
    return world


def in_mutiny(world: World, rows: list[int]) -> None:
    """Put companies into mutiny since yesterday, whole."""
    world.company.mutiny_day[rows] = 9
    for c in rows:
        world.soldiers.status[20 * c : 20 * c + 20] = MUTINY
    world.recount(np.ones(20, bool))


def test_a_mutiny_ends_by_the_guards_and_blocking_units_of_its_own_side() -> None:
    for nudge, ends in ((-1e-9, True), (1e-9, False)):
        world = ready(theory=Theory(off=("cascade",)))
        in_mutiny(world, [0, 7, 11, 18])
        chance = np.ones(20)
        for c in (0, 7, 11, 18):
            k, s = c // 10, small.SIDE_OF_COMPANY[c]
            pressed = 0.5 * (0.9, 0.1, 0.5, 0.3)[s] + 0.5 * (0.1 + 0.2 * s)
            rate = p(world, "suppression", "rate", k) * math.exp(p(world, "suppression", "force", k) * pressed)
            chance[c] = 1.0 - math.exp(-rate) + nudge
        world.chance = small.Told(world, {(SUPPRESS, 0): chance})
        rise.step(world)
        assert (world.company.mutiny_day[[0, 7, 11, 18]] == (-1 if ends else 9)).all()
        assert (world.company.in_mutiny[[0, 7, 11, 18]] == (0 if ends else 20)).all()


def test_what_becomes_of_mutineers() -> None:
    world = ready(theory=Theory(off=("cascade",)), fixed={"suppression_defect": 0.3, "suppression_prison": 0.25})
    in_mutiny(world, [0, 7, 11, 18])
    world.soldiers.status[5] = KILLED
    world.recount(np.ones(20, bool))
    grievance = world.soldiers.grievance.copy()
    world.chance = small.Told(world, {(SUPPRESS, 0): np.zeros(20)})
    rise.step(world)
    acts, imprisoned, seen = np.zeros((6, 5)), np.zeros(6), set()
    for c in (0, 7, 11, 18):
        k, s, f = c // 10, small.SIDE_OF_COMPANY[c], small.FORCE_OF_COMPANY[c]
        desert = p(world, "suppression", "desert", k)
        defect = min(1.0, 0.3 * (0.3 + 0.15 * s) * 4.0)
        prison = 0.25 * (0.5 + 0.2 + 0.15 * s)
        for i in range(20 * c, 20 * c + 20):
            if i == 5:
                continue
            u = small.word(world, i, 10, AFTERMATH)
            new = DESERTED if u < desert else DEFECTED if u < desert + defect else IMPRISONED
            new = new if u < desert + defect + prison else OBEYING
            seen.add(new)
            assert world.soldiers.status[i] == new
            acts[f, DESERT] += world.force.weight[f] * (new == DESERTED)
            acts[f, DEFECT] += world.force.weight[f] * (new == DEFECTED)
            imprisoned[f] += world.force.weight[f] * (new == IMPRISONED)
            left = 1.0 - p(world, "suppression", "concession", k) * (new == OBEYING)
            np.testing.assert_allclose(world.soldiers.grievance[i], grievance[i] * left, rtol=1e-5)
    assert seen == {DESERTED, DEFECTED, IMPRISONED, OBEYING}
    close(world.acts, acts)
    close(world.force.imprisoned, imprisoned)
    close(world.cross[..., 1:].sum(axis=(1, 2)), acts)


def test_without_suppression_mutinies_end_without_leavers_or_force() -> None:
    world = ready(theory=Theory(off=("cascade", "suppression")))
    in_mutiny(world, [0, 18])
    chance = np.ones(20)
    chance[[0, 18]] = [1.0 - math.exp(-p(world, "suppression", "rate", k)) - 1e-9 for k in (0, 1)]
    world.chance = small.Told(world, {(SUPPRESS, 0): chance})
    rise.step(world)
    assert (world.soldiers.status == OBEYING).all()


def mean_size(world: World, c: int) -> float:
    """Mean size of an incident: smaller in the rear, the more so where few of the force are in contact."""
    k, f = c // 10, small.FORCE_OF_COMPANY[c]
    committed = world.force.present_in_contact[f] / max(world.force.present[f], 1.0)
    contact = world.company.contact[c]
    stake = world.contest.faced[k] * (contact + (1.0 - contact) * committed)
    barracks = p(world, "cascade", "barracks", k)
    return p(world, "cascade", "trigger_scale", k) * (barracks + (1.0 - barracks) * stake)


def chances(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Chance of an incident that starts a mutiny, and the gap to it, for every company."""
    chance, gap = np.zeros(20), np.zeros(20)
    company = world.company
    for c in range(20):
        k = c // 10
        q = {name: p(world, "cascade", name, k) for name in ("conformity", "minimum", "trigger")}
        edge = cascade.mutiny_threshold(company.able[c], company.spread[c], q["conformity"], q["minimum"])
        gap[c] = edge - company.readiness[c]
        dead = company.killed_today[c] / company.present[c]
        incident = q["trigger"] * (0.4 + 0.6 * company.contact[c]) * (1.0 + min(2.0, 20.0 * dead))
        chance[c] = incident * math.exp(-max(gap[c], 0.0) / mean_size(world, c)) * (company.able[c] >= 12)
    return chance, gap


def near_mutiny() -> World:
    """Companies 1, 4, 8, 12, 16 and 19 are near a mutiny; the second contest is an army in its barracks."""
    world = ready(fixed={"cascade_trigger": 0.3})
    world.contest.faced[1] = 0.0
    world.company.readiness[[1, 4, 8, 12, 16, 19]] = [-2.1, -2.3, -1.9, -2.2, -1.8, -2.4]
    world.company.killed_today[[1, 12]] = [1.0, 2.0]
    world.soldiers.status[20:23] = KILLED
    world.soldiers.status[[24, 321, 322]] = REFUSING
    world.recount(np.ones(20, bool))
    return world


@pytest.mark.parametrize(("nudge", "risen"), [(-1e-9, True), (1e-9, False)])
def test_incidents_turn_readiness_into_mutiny_company_by_company(nudge: float, risen: bool) -> None:
    world = near_mutiny()
    world.force.weight[:] = 1.0
    chance, gap = chances(world)
    size = np.linspace(0.2, 0.9, 20)
    world.chance = small.Told(
        world, {(TRIGGER, 0): chance + nudge, (TRIGGER, 1): size, (TRIGGER, 2): np.arange(20) % 2}
    )
    readiness, spread, able = (getattr(world.company, n).copy() for n in ("readiness", "spread", "able"))
    status = world.soldiers.status.copy()
    rise.step(world)
    near = [1, 4, 8, 12, 16, 19] if risen else []
    mutinies, refusals = small.events(world, "mutiny"), small.events(world, "refusal")
    assert sorted([*mutinies["company"].tolist(), *refusals["company"].tolist()]) == near
    close(world.company.chance, np.where(chance > 1e-30, chance, world.company.chance))
    for c in near:
        k, f = c // 10, small.FORCE_OF_COMPANY[c]
        spark = max(gap[c], 0.0) - mean_size(world, c) * math.log(size[c])
        conformity = p(world, "cascade", "conformity", k)
        share = min(
            1.0, float(cascade.participation(readiness[c] + spark, spread[c], conformity, 12 / max(able[c], 12)))
        )
        joined = []
        for i in range(20 * c, 20 * c + 20):
            s = world.soldiers
            home = p(world, "conscription", "horizon", k) * math.exp(
                -max(int(s.home_day[i]) - 10, 0) / p(world, "conscription", "scale", k)
            )
            m = (
                world.log_odds[RISE, c] + spark + conformity * share
                + p(world, "choice", "grievance_mutiny", k) * s.grievance[i]
                + world.log_odds_per_tie[RISE, c] * s.tie[i] / 255.0 + 0.8 * (s.disposition[i] + home)
                + 0.3 * world.exclusion[f, s.group[i]]
            )  # fmt: skip
            if status[i] <= MUTINY and small.word(world, i, 10, JOIN) * (1.0 + math.exp(-m)) < 1.0:
                joined.append(i)
        mutiny = len(joined) >= 12
        event = mutinies if mutiny else refusals
        event = event[event["company"] == c][0]
        assert event["size"] == len(joined)
        assert (event["side"], event["force"], event["brigade"]) == (small.SIDE_OF_COMPANY[c], f, c // 2)
        assert (event["weight"], event["contest"]) == (1.0, k)
        assert event["violent"] == (mutiny and c % 2 == 0)
        close(event["grievance"], world.company.grievance[c])
        assert (world.soldiers.status[joined] == (MUTINY if mutiny else REFUSING)).all()
        assert world.company.mutiny_day[c] == (10 if mutiny else -1)
        assert world.company.in_mutiny[c] == (len(joined) if mutiny else 0)
    if risen:
        assert len(mutinies) >= 3
        assert world.acts[:, RISE].sum() == mutinies["size"].sum()
        assert world.brigade.mutiny[4 // 2] == 0.5 * (world.company.mutiny_day[4] == 10) + 0.5 * (
            world.company.mutiny_day[5] == 10
        )


def test_an_incident_is_as_large_as_what_is_at_stake() -> None:
    """In the rear it is smaller, the fewer of the own force are in contact; in barracks it is smallest."""
    world = near_mutiny()
    world.contest.faced[:] = [1.0, 0.4]
    world.force.present_in_contact[:] = world.force.present * [0.7, 0.1, 0.4, 0.2, 0.9, 0.5]
    _, gap = chances(world)
    world.company.readiness += gap - (0.3 + 0.05 * np.arange(20))
    chance, gap = chances(world)
    close(gap, 0.3 + 0.05 * np.arange(20))
    sizes = [mean_size(world, c) for c in range(20)]
    assert len({round(size, 6) for size in sizes}) == 3 + 1 + 3 + 1, "three forces in the rear and one front, twice"
    world.chance = small.Told(world, {(TRIGGER, 0): np.ones(20)})
    rise.step(world)
    close(world.company.chance, chance)


def test_too_few_who_join_have_refused_and_not_mutinied() -> None:
    world = near_mutiny()
    world.force.weight[:] = 1.0
    world.log_odds[RISE] -= 8.0
    world.chance = small.Told(world, {(TRIGGER, 0): np.zeros(20), (TRIGGER, 1): np.full(20, 0.9)})
    rise.step(world)
    # they are told of with all who refuse that day, by brigade (record), and not a second time here
    assert len(small.events(world, "refusal")) == len(small.events(world, "mutiny")) == 0
    few = np.flatnonzero(world.acts_today[:, REFUSE])
    assert len(few) > 0
    assert (world.acts_today[few, REFUSE] < 12 * 2).all()
    assert (world.company.mutiny_day == -1).all()
    assert (world.company.in_mutiny == 0).all()
    # those who refused already are not counted again
    assert (world.soldiers.ever[[24, 321, 322]] == 0).all()
    assert world.acts[:, REFUSE].sum() == (world.soldiers.ever == 1 << REFUSE).sum() > 0


def test_a_try_that_nobody_joins_leaves_the_company_as_it_is() -> None:
    world = near_mutiny()
    world.log_odds[RISE] -= 60.0
    world.chance = small.Told(world, {(TRIGGER, 0): np.zeros(20)})
    status, contact = world.soldiers.status.copy(), world.company.contact.copy()
    rise.step(world)
    assert np.array_equal(world.soldiers.status, status)
    assert np.array_equal(world.company.contact, contact)
    assert (world.company.mutiny_day == -1).all()
    assert len(world.events.table()[world.events.table()["company"] >= 0]) == 0


def test_companies_that_are_stood_for_rise_in_their_number_less_the_one_played() -> None:
    world = near_mutiny()
    world.force.weight[:] = [30.0, 10.0, 20.0, 40.0, 15.0, 25.0]
    chance, gap = chances(world)
    size = np.linspace(0.2, 0.9, 20)
    told = {
        (TRIGGER, 0): np.ones(20),
        (TRIGGER, 1): size,
        (REPRESENTED, 0): np.full(20, 0.9),
        (TRIGGER, 2): np.arange(20) % 2,
    }
    world.chance = small.Told(world, told)
    rise.step(world)
    events = world.events.table()
    assert (events["company"] == -1).all()
    assert (events["brigade"] == -1).all()
    expected = []
    for c in (1, 4, 8, 12, 16, 19):
        k, f = c // 10, small.FORCE_OF_COMPANY[c]
        many = poisson(np.array([0.9]), np.array([(world.force.weight[f] - 1.0) * chance[c]]))[0]
        spark = max(gap[c], 0.0) - mean_size(world, c) * math.log(size[c])
        company, able = world.company, world.company.able[c]
        x = min(1.0, float(cascade.participation(
            company.readiness[c] + spark, company.spread[c], p(world, "cascade", "conformity", k), 12 / max(able, 12.0)
        )))  # fmt: skip
        z = normal(1, k, int(company.key[c]), 10, REPRESENTED, 1)
        men = min(able, max(0.0, round(able * x + math.sqrt(able * x * (1.0 - x)) * z)))
        if many:
            expected.append((k, small.SIDE_OF_COMPANY[c], f, men, many, men >= 12 and c % 2 == 0))
    names = ("contest", "side", "force", "size", "weight", "violent")
    assert sorted(zip(*(events[n].tolist() for n in names), strict=True)) == sorted(expected)
    assert len(expected) >= 4
    assert world.acts.sum() == 0.0, "what is only stood for is not counted among the soldiers played"


def test_companies_that_are_stood_for_go_on_while_the_one_played_is_in_mutiny() -> None:
    """They rise as on its last day of quiet; that it has risen says nothing of them."""
    world = near_mutiny()
    world.force.weight[:] = 30.0
    told = {
        (TRIGGER, 0): np.ones(20),
        (TRIGGER, 1): np.full(20, 0.5),
        (REPRESENTED, 0): np.full(20, 0.9),
        (SUPPRESS, 0): np.ones(20),
    }
    world.chance = small.Told(world, told)
    rise.step(world)
    quiet = world.events.table()["weight"].sum()
    assert len(small.events(world, "mutiny"))
    in_mutiny(world, [1, 4, 8, 12, 16, 19])
    world.company.readiness[[1, 4, 8, 12, 16, 19]] = -1.0e9  # as choice leaves a company in which nobody is quiet
    world.day = 11
    world.chance = small.Told(world, told)
    rise.step(world)
    today = world.events.table()
    assert today[today["day"] == 11]["weight"].sum() == quiet
    assert len(small.events(world, "mutiny"))


def test_a_contest_that_is_over_sees_no_mutiny_begin_or_end() -> None:
    world = near_mutiny()
    world.contest.live[0] = 0.0
    in_mutiny(world, [0, 11])
    world.chance = small.Told(world, {(TRIGGER, 0): np.zeros(20), (SUPPRESS, 0): np.zeros(20)})
    rise.step(world)
    assert world.company.in_mutiny[0] == 20
    assert world.company.in_mutiny[11] == 0
    assert (world.events.table()["contest"] == 1).all()


def test_without_cascades_readiness_stays_readiness() -> None:
    world = ready(theory=Theory(off=("cascade",)))
    world.company.readiness[:] = 5.0
    world.chance = small.Told(world, {(TRIGGER, 0): np.zeros(20)})
    rise.step(world)
    assert len(world.events.table()) == 0


def quiet(world: World, day: int, *risen: int) -> None:
    """A day on which these companies rise, all others stay quiet and every mutiny of the day before is over."""
    world.day = world.chance.day = day
    world.company.mutiny_day[:] = -1
    world.soldiers.status[world.soldiers.status == MUTINY] = OBEYING
    world.recount(np.ones(20, bool))
    luck = np.ones(20)
    luck[list(risen)] = 0.0
    world.chance = small.Told(world, {(TRIGGER, 0): luck, (TRIGGER, 1): np.full(20, 0.5)})
    rise.step(world)
    assert small.events(world, "mutiny")["company"].tolist() == list(risen)


def eager() -> World:
    """Every company rises if it tries: 0 to 5 are the first side of the first contest, 6 to 9 its enemy."""
    world = ready(fixed={"cascade_rest": 3.0})
    world.force.weight[:] = 1.0
    world.log_odds[RISE] = 30.0
    world.company.readiness[:] = 0.0
    return world


def test_mutinies_of_a_side_are_one_episode_until_more_than_seven_days_are_quiet() -> None:
    world = eager()
    for day, company, episodes in (
        (10, 0, [1, 0, 0, 0]),  # the army
        (17, 4, [1, 0, 0, 0]),  # its guard, seven days later: the same side, the same episode
        (18, 12, [1, 0, 1, 0]),  # another contest counts for itself
        (24, 1, [1, 0, 1, 0]),
        (32, 2, [2, 0, 1, 0]),  # eight days later
        (33, 8, [2, 1, 1, 0]),  # the enemy's
    ):
        quiet(world, day, company)
        assert world.side.episode.tolist() == episodes
        assert small.events(world, "mutiny")["episode"].tolist() == [episodes[small.SIDE_OF_COMPANY[company]]]


def test_an_episode_lasts_while_any_company_is_in_mutiny() -> None:
    world = eager()
    quiet(world, 10, 0)
    for day in range(11, 31):  # nobody puts it down
        world.day = world.chance.day = day
        world.chance = small.Told(world, {(TRIGGER, 0): np.ones(20), (SUPPRESS, 0): np.ones(20)})
        rise.step(world)
    assert world.side.risen_day[0] == 30
    quiet(world, 37, 1)
    assert world.side.episode.tolist() == [1, 0, 0, 0]


def test_companies_stood_for_belong_to_the_episode_of_their_side() -> None:
    world = eager()
    world.force.weight[:] = 30.0
    told = {(TRIGGER, 0): np.ones(20), (TRIGGER, 1): np.full(20, 0.5), (REPRESENTED, 0): np.full(20, 0.9999)}
    world.chance = small.Told(world, told)
    rise.step(world)
    events = small.events(world, "mutiny")
    assert (events["company"] == -1).all()
    assert set(events["side"].tolist()) == {0, 1, 2, 3}
    assert (events["episode"] == 1).all()
    assert world.side.episode.tolist() == [1, 1, 1, 1]


def test_a_company_that_rose_rests() -> None:
    world = eager()
    quiet(world, 10, 0)
    assert world.company.risen_day[0] == 10
    for day, tries in ((12, False), (13, True)):
        world.day = world.chance.day = day
        world.company.mutiny_day[:] = -1
        world.soldiers.status[world.soldiers.status == MUTINY] = OBEYING
        world.recount(np.ones(20, bool))
        world.chance = small.Told(world, {(TRIGGER, 0): np.ones(20)})
        rise.step(world)
        assert (world.company.chance[0] > 0) == tries, "three days of rest"
        assert (world.company.chance[1:] > 0).all(), "the others never rose"


def test_a_mutiny_is_news_in_its_own_force_and_fades() -> None:
    world = eager()
    world.force.weight[:] = [3.0, 1.0, 2.0, 4.0, 1.5, 2.5]
    world.force.risen[:] = 0.2
    luck = np.ones(20)
    luck[[0, 3, 9]] = 0.0
    told = {(TRIGGER, 0): luck, (TRIGGER, 1): np.full(20, 0.5), (REPRESENTED, 0): np.zeros(20)}
    world.chance = small.Told(world, told)
    rise.step(world)
    left = 0.2 * (1.0 - 1.0 / 10.0)
    # of four companies of three real ones each, two rose; of four of two, one
    close(world.force.risen, [left + 2 / 12, left, left + 1 / 8, left, left, left])


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(rise.step)
