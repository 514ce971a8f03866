"""Crossing: formations that go over to the other side, or to the crowd, under their commanders."""

from __future__ import annotations

from typing import Any

import numpy as np

from allegiance.base.compiler import kernel
from allegiance.day.choose import account
from allegiance.day.command import halting, on_duty, tell
from allegiance.day.luck import ROOM, WORD, company_words, what
from allegiance.theory.forms import DEFECT
from allegiance.world.chance import CROSS
from allegiance.world.columns import Array
from allegiance.world.soldiers import DEFECTED, MUTINY, Soldiers
from allegiance.world.world import World


def step(world: World) -> None:
    """Let commanders who would halt change sides where they are welcome; most of their soldiers follow."""
    brigade, company, command = world.brigade, world.company, world.theory.command
    brigade.followed[:] = 0.0
    if not command.on:
        return
    rows = on_duty(world)
    rows = rows[(world.side.offer[brigade.side[rows]] > 0) | (world.contest.has_enemy[brigade.contest[rows]] > 0)]
    k, s, p = brigade.contest[rows], brigade.side[rows], command.p
    halt = command.daily_probability(halting(world, rows))
    chance = command.crossing_probability(halt, world.side.offer[s], world.contest.has_enemy[k], p.cross[k])
    rows = rows[world.chance.uniform(CROSS, brigade, rows) < chance]
    if len(rows) == 0:
        return
    gone = np.isin(company.brigade, rows) & (company.present > 0)
    c, acts, followed = np.flatnonzero(gone), np.zeros_like(world.acts_today), brigade.followed
    _follow(
        world.soldiers, company.start[c], company.stop[c], company.places[c], company.ordinal[c], company.roll[c],
        world.chance.members[company.contest[c]], company.force[c], company.brigade[c], p.follow[company.contest[c]],
        world.force.weight, acts, world.cross, followed, what(world.day, CROSS), np.uint64(world.chance.seed),
    )  # fmt: skip
    company.belief[gone] = 1.0
    world.count_acts(acts)
    world.recount(gone)
    weight, f = world.force.brigade_weight[brigade.force[rows]], brigade.force[rows]
    tell(world, "unit_defection", rows, followed[rows] * world.force.weight[f] / weight, weight, True)


@kernel
def _follow(
    s: Soldiers, start: Array, stop: Array, places: Array, ordinal: Array, roll: Array, member: Array, force: Array,
    brigade: Array, share: Array, weight: Array, acts: Array, cross: Array, followed: Array, when: int, seed: Any,
) -> None:  # fmt: skip
    """Each soldier present follows the commander or stays behind, each by chance."""
    luck = np.empty(ROOM, np.uint32)
    for c in range(start.shape[0]):
        company_words(luck, places[c], ordinal[c], roll[c], when, member[c], seed)
        for j in range(stop[c] - start[c]):
            i = start[c] + j
            if s.status[i] <= MUTINY and (luck[j] + 0.5) / WORD < share[c]:
                s.status[i] = DEFECTED
                followed[brigade[c]] += 1.0
                account(s, i, DEFECT, brigade[c], force[c], weight[force[c]], acts, cross)
