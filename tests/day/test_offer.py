"""The opponent's offer, by hand."""

from __future__ import annotations

import numpy as np

from allegiance.day import offer
from allegiance.theory.model import Theory
from day import small
from day.small import close, p

NOBODY_CHOOSES = Theory(off=("appeals", "overtures"))


def test_soldiers_see_what_the_other_side_offers_less_its_own_destruction() -> None:
    """Where nobody chooses: what the case says, whatever was drawn of those who would choose."""
    world = small.world(theory=NOBODY_CHOOSES)
    world.side.given["inducement"] = np.array([0.2, 0.5, 0.3, 0.9])
    world.side.rung[:] = [1.0, 0.0, 3.0, 2.0]
    offer.step(world)
    assert world.side.offer.tolist() == [0.5, 0.2 * (1 - 0.1), 0.9 * (1 - 0.1 * 2), 0.3 * (1 - 0.1 * 3)]


def test_a_peaceful_crowd_adds_to_what_civilians_offer() -> None:
    world = small.world((0, 1), kind="repression", theory=NOBODY_CHOOSES)
    world.side.given["inducement"] = np.array([0.2, 0.9])
    world.side.signal[:], world.side.nonviolent[:] = [0.6, 0.8], [0.5, 1.0]
    offer.step(world)
    assert world.side.offer.tolist() == [0.2 + 0.5 * 0.6 * 0.5, 1.0]


def test_kindness_raises_the_offer_and_the_answer_of_the_ruler_left_takes_from_it() -> None:
    world = small.world()
    side = world.side
    side.given["inducement"] = np.array([0.2, 0.5, 0.3, 0.9])
    side.kindness[:], side.rung[:] = [1.5, 0.8, 1.0, 1.4], [0.0, 2.0, 1.0, 0.0]
    side.answered[:] = [0.0, 0.5, 1.0, 0.2]
    offer.step(world)
    hold, discredit = ([p(world, "overtures", n, k) for k in (0, 1)] for n in ("hold", "discredit"))
    close(side.offer, [
        0.5 * 0.8 * (1 - 2 * discredit[0]), 0.2 * 1.5 * (1 - 0.5 * hold[0]), 1.0 * (1 - hold[1]),
        0.3 * (1 - discredit[1]) * (1 - 0.2 * hold[1]),
    ])  # fmt: skip


def test_a_crowd_offers_what_its_organisers_at_large_carry_to_soldiers() -> None:
    world = small.world((0, 1), kind="repression")
    side = world.side
    side.given["inducement"] = np.array([0.2, 0.1])
    side.signal[:], side.nonviolent[:], side.appeal[:], side.at_large[:] = 0.6, 0.5, [1.5, 1.0], [0.8, 1.0]
    offer.step(world)
    crowd = [p(world, "appeals", "crowd", k) for k in (0, 1)]
    close(side.offer, [0.2 + crowd[0] * 1.2 * 0.3, 0.1 + crowd[1] * 0.3])


def test_offers_are_known_on_the_first_morning() -> None:
    """What the case says holds on day 0, not from day 1 on."""
    world = small.begin(small.plan_of(), small.Theory(), [small.draw(1, 0)], 1, [0])
    close(world.side.offer, world.side.inducement[[1, 0]])
    assert (world.side.offer > 0).all()


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(offer.step)
    small.beside_as_alone(offer.step, "repression")
