"""Supply: food, warmth, kit and pay, split between forces by the ruler's resource shares."""

from __future__ import annotations

import numpy as np

from allegiance.world.world import World

MOST = 1.3
"""Most supply a soldier can use, relative to need (judgement)."""
IN_FULL_VIEW = 0.25
"""A favoured force of this share of one's own strength in the field is seen by all (judgement)."""


def step(world: World) -> None:
    """Hand out today's supply; each force sees the best-kept parallel force of its side."""
    force, company = world.force, world.company
    force.supply[:] = np.minimum(MOST, world.side.supply[force.side] * force.portion)
    _neglect(world)
    _compare(world)
    company.supply[:] = np.clip(force.supply[company.force] * company.quality_supply, 0.0, MOST)
    company.package[:] = company.supply * force.pay[company.force]


def _neglect(world: World) -> None:
    """What hidden shirking of yesterday does to supply on its way, and to equipment."""
    force, hidden = world.force, world.theory.hidden_effort
    if not hidden.on:
        return
    k, p = force.contest, hidden.p
    of_side = world.per_side(force.shirking) / np.maximum(world.per_side(force.present), 1.0)
    force.supply *= 1.0 - hidden.misdirected(of_side[force.side], p.cargo[k])
    shirking = force.shirking / np.maximum(force.present, 1.0)
    force.upkeep[:] = hidden.upkeep(force.upkeep, shirking, p.neglect[k], p.repair[k])


def _compare(world: World) -> None:
    """Reference and visibility of parallel forces, for each force against the others of its side."""
    force, shape = world.force, (world.contests, -1)
    side, package = force.side.reshape(shape), (force.supply * force.pay).reshape(shape)
    shown = (force.strength * force.deployed).reshape(shape)
    own = np.maximum((force.strength * np.maximum(force.deployed, 0.05)).reshape(shape), 1.0)
    favoured = (force.regular == 0.0).reshape(shape) & (shown > 0.0)
    others = (side[:, :, None] == side[:, None, :]) & favoured[:, None, :] & ~np.eye(side.shape[1], dtype=bool)
    offered = np.where(others, package[:, None, :], 0.0)
    best = offered.argmax(axis=2)
    reference = np.take_along_axis(offered, best[..., None], 2)[..., 0]
    seen = np.minimum(1.0, np.take_along_axis(shown, best, 1) / own / IN_FULL_VIEW)
    force.reference[:] = reference.reshape(-1)
    force.seen[:] = np.where(reference > 0.0, seen, 0.0).reshape(-1)
