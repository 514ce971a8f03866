"""Medicine and return: the wounded recover or are invalided out, absent soldiers come back."""

from __future__ import annotations

from typing import Any

import numpy as np

from allegiance.base.compiler import kernel
from allegiance.day.luck import ROOM, WORD, company_words, what
from allegiance.world.chance import RETURN
from allegiance.world.columns import Array
from allegiance.world.soldiers import AWOL, INVALID, OBEYING, WOUNDED
from allegiance.world.world import World


def step(world: World) -> None:
    """Return the recovered and the recaptured to their companies, and count who is left after the day's fighting."""
    company, force, wounded = world.company, world.force, world.theory.wounded
    share, days = force.return_to_duty, wounded.p.days[force.contest]
    back = wounded.return_hazard(share, days)
    out = back + wounded.invalid_hazard(share, days)
    found = 1.0 / world.theory.choice.p.return_days[force.contest]
    live = world.contest.live[company.contest] > 0
    struck = company.killed_today + company.wounded_today > 0
    rows = np.flatnonzero(((company.away > 0) | struck) & live)
    f = company.force[rows]
    counts = np.zeros((len(rows), 3))
    _recover(
        world.soldiers.status, company.start[rows], company.stop[rows], company.places[rows], company.ordinal[rows],
        company.roll[rows], world.chance.members[company.contest[rows]], back[f] * WORD, out[f] * WORD,
        found[f] * WORD, counts, what(world.day, RETURN), np.uint64(world.chance.seed),
    )  # fmt: skip
    for k, column in enumerate((force.returned, force.invalid, force.returned_absent)):
        column += np.bincount(f, counts[:, k], len(force)) * force.weight
    struck &= live
    struck[rows[counts.any(axis=1)]] = True
    world.recount(struck)


@kernel
def _recover(
    status: Array, start: Array, stop: Array, places: Array, ordinal: Array, roll: Array, member: Array,
    back: Array, out: Array, found: Array, counts: Array, when: int, seed: Any,
) -> None:  # fmt: skip
    """Let wounded and absent soldiers return; `counts` (companies, 3): back from wounds, invalid, back from absence."""
    luck = np.empty(ROOM, np.uint32)
    for c in range(start.shape[0]):
        company_words(luck, places[c], ordinal[c], roll[c], when, member[c], seed)
        bound = np.uint32(min(max(out[c], found[c]), WORD - 1.0))
        for j in range(stop[c] - start[c]):
            if luck[j] > bound:
                continue
            i = start[c] + j
            if status[i] == AWOL and luck[j] < found[c]:
                status[i] = OBEYING
                counts[c, 2] += 1.0
            elif status[i] == WOUNDED and luck[j] < out[c]:
                healed = luck[j] < back[c]
                status[i] = OBEYING if healed else INVALID
                counts[c, 0 if healed else 1] += 1.0
