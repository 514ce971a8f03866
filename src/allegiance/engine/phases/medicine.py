"""Medicine and return: the wounded recover or are invalided out, absent men come back or are written off."""

from __future__ import annotations

import numpy as np

from allegiance.base.compiler import kernel
from allegiance.base.random import philox
from allegiance.engine import decisions
from allegiance.engine.state import AWOL, EMPTY, INVALID, OBEYING, WOUNDED, Array, Soldiers, T, World
from allegiance.theory.wounded import invalid_hazard, return_hazard

_RETURNED, _INVALID, _BACK = T["returned"], T["invalid"], T["returned_absent"]
_NUMBER = 9
"""Sub-number of the draw, so that a returning man's luck is not his luck in choosing."""


@kernel
def _recover(
    soldiers: Soldiers, company: Array, force: Array, theta: Array, tally: Array, counts: Array,
    seed: int, member: int, day: int,
) -> None:  # fmt: skip
    p = theta[0]
    low, high = np.uint64(seed) & np.uint64(0xFFFFFFFF), np.uint64(seed) >> np.uint64(32)
    what = np.uint64(day) | np.uint64(decisions.CHOICE << 16) | np.uint64(_NUMBER << 24)
    for c in range(company.shape[0]):
        row = company[c]
        row.vacant = 0.0
        if row.pool >= 0 and soldiers.status[row.start] == EMPTY:
            continue
        f = force[row.force]
        back = return_hazard(f.return_share, p.wounded_days)
        out = back + invalid_hazard(f.return_share, p.wounded_days)
        for i in range(row.start, row.stop):
            status = soldiers.status[i]
            if status != WOUNDED and status != AWOL:
                row.vacant += 1.0 if status > AWOL and status != EMPTY else 0.0
                continue
            w = philox(np.uint64(soldiers.uid[i]), what, np.uint64(f.key), np.uint64(member), low, high)
            u = w[0] / 4294967296.0
            if status == AWOL:
                if u < 1.0 / p.choice_return_days:
                    soldiers.status[i] = OBEYING
                    tally[row.force, _BACK] += f.weight
                    counts[row.force, soldiers.category[i] & 7] += f.weight
            elif u < back:
                soldiers.status[i] = OBEYING
                tally[row.force, _RETURNED] += f.weight
            elif u < out:
                soldiers.status[i] = INVALID
                tally[row.force, _INVALID] += f.weight
                counts[row.force, soldiers.category[i] & 7] -= f.weight


def step(world: World) -> None:
    """Return the recovered and the recaptured to their companies."""
    _recover(
        world.soldiers, world.company, world.force, world.theta, world.tally, world.category,
        world.seed, world.member, world.day,
    )  # fmt: skip
