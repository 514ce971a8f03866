"""Crossing: which formations go over, and who follows, by hand."""

from __future__ import annotations

import numpy as np

from allegiance.day import command, cross
from allegiance.theory.forms import DEFECT
from allegiance.world.chance import CROSS
from allegiance.world.soldiers import DEFECTED, MUTINY
from allegiance.world.world import World
from day import small
from day.small import close, p


def ready() -> World:
    """Brigade 0 faces a crowd that welcomes it, brigade 3 one that does not; an army stands against brigade 6."""
    world = small.world(fixed={"command_halt": 0.05})
    brigade = world.brigade
    brigade.on_duty[:], brigade.companies[:] = 1, 2
    small.fill(brigade.loyalty, 0.2, 0.05)
    world.side.offer[:], world.contest.has_enemy[:] = [0.8, 0.0, 0.5, 0.0], [0.0, 1.0]
    world.force.brigade_weight[:] = 1.0
    return world


def chances(world: World) -> np.ndarray:
    rows = np.arange(10)
    halt = 1.0 - np.exp(-command.halting(world, rows))
    share = np.array([p(world, "command", "cross", b // 5) for b in rows])
    offer = np.array([(0.8, 0.0, 0.5, 0.0)[small.SIDE_OF_BRIGADE[b]] for b in rows])
    opposed = np.arange(10) // 5
    return share * halt * np.maximum(offer, opposed * 0.5 * (1.0 + offer))


def test_a_formation_goes_over_by_the_chance_of_a_halt_and_the_offer_and_most_follow() -> None:
    world = ready()
    chance = chances(world)
    going = [0, 6]
    told = np.ones(10)
    told[going] = chance[going] - 1e-12
    told[3] = 0.0  # nobody to go over to
    world.chance = small.Told(world, {(CROSS, 0): told})
    before = world.soldiers.status.copy()
    cross.step(world)
    followed = 0
    for slot in range(len(before)):
        c = slot // small.MEN
        goes = (
            c // 2 in going and before[slot] <= MUTINY
            and small.word(world, slot, 0, CROSS) < p(world, "command", "follow", c // 10)
        )  # fmt: skip
        assert world.soldiers.status[slot] == (DEFECTED if goes else before[slot])
        followed += goes
    assert followed > 0.4 * 4 * small.MEN
    close(world.acts_today[:, DEFECT].sum(), followed)
    events = small.events(world, "unit_defection")
    assert events["brigade"].tolist() == going
    close(events["size"] @ events["weight"], followed * 1.0)


def test_nobody_goes_over_by_a_hair_more_luck() -> None:
    world = ready()
    world.chance = small.Told(world, {(CROSS, 0): chances(world) + 1e-12})
    cross.step(world)
    assert len(small.events(world, "unit_defection")) == 0


def test_those_left_behind_believe_that_all_have_gone() -> None:
    world = ready()
    told = np.ones(10)
    told[6] = 0.0
    world.chance = small.Told(world, {(CROSS, 0): told})
    cross.step(world)
    assert world.company.belief[[12, 13]].tolist() == [1.0, 1.0]
    assert (np.delete(world.company.belief, [12, 13]) < 1.0).all()


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(cross.step)
