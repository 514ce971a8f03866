"""Supply: food, warmth, kit and pay, split between forces by the ruler's resource shares."""

from __future__ import annotations

from allegiance.base.compiler import kernel
from allegiance.engine.state import Array, World

MOST = 1.3
"""Most supply a soldier can use, relative to need (judgement)."""


@kernel
def _supply(company: Array, force: Array, side: Array) -> None:
    for f in range(force.shape[0]):
        row = force[f]
        row.supply = min(MOST, side[row.side].supply * row.resource)
    for f in range(force.shape[0]):
        row = force[f]
        row.seen, row.reference = 0.0, 0.0
        for g in range(force.shape[0]):
            other = force[g]
            if g != f and other.side == row.side and other.kind > 0.0 and other.deployed > 0.0:
                package = other.supply * other.pay
                if package > row.reference:
                    row.reference = package
                    # a favoured force of a quarter of one's own strength in the field is seen by all
                    here = other.strength * other.deployed / max(row.strength * max(row.deployed, 0.05), 1.0)
                    row.seen = min(1.0, 4.0 * here)
    for c in range(company.shape[0]):
        row = company[c]
        row.supply = min(MOST, max(0.0, force[row.force].supply * row.quality_supply))


def step(world: World) -> None:
    """Hand out today's supply."""
    _supply(world.company, world.force, world.side)
