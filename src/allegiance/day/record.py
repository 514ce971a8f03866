"""Record: what individuals did, as events by brigade; orders given and not carried out; a clean slate for tomorrow."""

from __future__ import annotations

import numpy as np

from allegiance.day.gather import gather
from allegiance.theory.forms import FORMS, RISE
from allegiance.world.columns import Array
from allegiance.world.quantities import read_all
from allegiance.world.world import World


def step(world: World) -> None:
    """Write the day's events of individuals, and sum up the day."""
    gather(world)
    brigade, force = world.brigade, world.force
    for number, form in enumerate(FORMS):
        if number == RISE:
            continue  # mutinies are events of companies; these are of one soldier each, many alike in a row
        rows = np.flatnonzero(world.acts_today[:, number] > 0)
        f = brigade.force[rows]
        world.events.add(
            form.name, world.day, brigade.contest[rows], side=brigade.side[rows], force=f, brigade=rows,
            size=1.0, weight=world.acts_today[rows, number] * force.weight[f], grievance=brigade.grievance[rows],
        )  # fmt: skip
    halted = (brigade.companies > 0) & (brigade.halted > 0)
    ordered = halted | ((brigade.companies > 0) & (brigade.on_duty > 0))
    for column, those in ((force.ordered, ordered), (force.halted, halted)):
        column[:] = force.brigade_weight * np.bincount(brigade.force, those, len(force))


def rows_of_day(world: World) -> Array:
    """The day's value of every quantity for every force (shape (quantities, forces)); today's counts begin anew."""
    rows = read_all(world)
    world.acts_today[:] = 0.0
    return rows
