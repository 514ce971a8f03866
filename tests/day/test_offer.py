"""The opponent's offer, by hand."""

from __future__ import annotations

import numpy as np

from allegiance.day import offer
from day import small
from day.small import close


def test_soldiers_see_what_the_other_side_offers_less_its_own_destruction() -> None:
    world = small.world()
    world.side.given["inducement"] = np.array([0.2, 0.5, 0.3, 0.9])
    world.side.rung[:] = [1.0, 0.0, 3.0, 2.0]
    offer.step(world)
    close(world.side.offer, [0.5, 0.2 * 0.9, 0.9 * 0.8, 0.3 * 0.7])


def test_a_peaceful_crowd_adds_to_what_civilians_offer() -> None:
    world = small.world((0, 1), kind="repression")
    world.side.given["inducement"] = np.array([0.2, 0.9])
    world.side.signal[:], world.side.nonviolent[:] = [0.6, 0.8], [0.5, 1.0]
    offer.step(world)
    close(world.side.offer, [0.2 + 0.5 * 0.6 * 0.5, 1.0])


def test_offers_are_known_on_the_first_morning() -> None:
    """What the case says holds on day 0, not from day 1 on."""
    world = small.begin(small.plan_of(), small.Theory(), [small.draw(1, 0)], 1, [0])
    close(world.side.offer, world.side.inducement[[1, 0]])
    assert (world.side.offer > 0).all()


def test_two_contests_side_by_side_are_as_each_alone() -> None:
    small.beside_as_alone(offer.step)
    small.beside_as_alone(offer.step, "repression")
