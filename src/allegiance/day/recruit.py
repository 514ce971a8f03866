"""The ruler: replaces losses from the pool that costs least, raises new formations, lets soldiers go in peace."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from allegiance.world.chance import REPLACE
from allegiance.world.columns import Array
from allegiance.world.enlist import LAST_DAY, enlist
from allegiance.world.soldiers import AWOL, EMPTY
from allegiance.world.world import World

RELIEF = 7
"""Days between two intakes in peace."""


def step(world: World) -> None:
    """Recruit: new formations as decided, then replacements from the cheapest pool the shortfall makes tolerable."""
    if world.day % RELIEF == 0 and (world.contest.faced == 0.0).any():
        _relieve(world)
    pool, side = world.pool, world.side
    if not world.theory.recruitment.on or len(pool) == 0:
        return
    pool.taken_today[:] = 0.0
    usable = (pool.opens <= world.day) & (pool.used < pool.size) & (pool.daily_max > 0)
    usable &= world.contest.live[pool.contest] > 0
    if not usable.any():
        return
    want = world.per_side(world.force.vacant) * side.replaces_losses
    limit = _tolerated(world)
    draws = [world.chance.uniform(REPLACE, pool, number=n) for n in (0, 1)]
    intake = Intake()
    for k in _cheapest_first(world, np.flatnonzero(usable)):
        s = pool.side[k]
        if pool.raised[k] < pool.new_formations[k]:
            men = min(_room(world, k), float(pool.new_formations[k] - pool.raised[k]))
            pool.raised[k] += _take(world, k, _raise(world, k, men, draws[1][k], intake))
        if want[s] >= 1.0 and pool.political_cost[k] <= limit[s]:
            men = min(float(want[s]), _room(world, k))
            want[s] -= _take(world, k, _replace(world, k, men, draws[0][k], intake))
    intake.join(world)


def _relieve(world: World) -> None:
    """In peace those whose term is over go home; others take their places, and what their comrades feel."""
    company, soldiers = world.company, world.soldiers
    quiet = np.repeat(world.contest.faced[company.contest] == 0.0, company.stop - company.start)
    slots = np.flatnonzero(quiet & (soldiers.home_day <= world.day) & (soldiers.status != EMPTY))
    force, category = company.force[world.company_of(slots)], soldiers.category[slots]
    term = np.maximum(world.people.horizon[force, category], RELIEF)
    soldiers.home_day[slots] = np.minimum(LAST_DAY, world.day + term).astype(int)


@dataclass
class Intake:
    """Those who join today: their slots, forces and categories."""

    slots: list[Array] = field(default_factory=list)
    forces: list[int] = field(default_factory=list)
    categories: list[int] = field(default_factory=list)

    def add(self, slots: Array, force: int, category: int) -> None:
        """Let soldiers join a force."""
        self.slots.append(slots)
        self.forces.append(force)
        self.categories.append(category)

    def join(self, world: World) -> None:
        """Enlist them all under the next numbers of their forces, and count their companies anew."""
        if not self.slots:
            return
        numbers = []
        for slots, force in zip(self.slots, self.forces, strict=True):
            first = int(world.force.next_recruit[force])
            numbers.append(np.arange(first, first + len(slots)))
            world.force.next_recruit[force] += len(slots)
        many = [len(slots) for slots in self.slots]
        slots = np.concatenate(self.slots)
        enlist(world, np.repeat(self.forces, many), slots, np.concatenate(numbers), np.repeat(self.categories, many))
        changed = np.zeros(len(world.company), bool)
        changed[world.company_of(slots)] = True
        world.recount(changed)


def _tolerated(world: World) -> Array:
    """Highest pool cost each ruler accepts today, from the share of the strength at entry that is missing."""
    side, recruitment = world.side, world.theory.recruitment
    missing = np.maximum(0.0, 1.0 - world.per_side(world.force.on_rolls) / np.maximum(side.entry, 1.0))
    k = side.contest
    return recruitment.tolerated_cost(missing, recruitment.p.shortfall[k], recruitment.p.urgency[k])  # type: ignore[no-any-return]


def _cheapest_first(world: World, pools: Array) -> list[int]:
    pool, recruitment = world.pool, world.theory.recruitment
    spent = pool.used / np.maximum(pool.size, 1.0)
    cost = recruitment.pool_cost(pool.political_cost, pool.money_cost, spent, recruitment.p.money[pool.contest])
    return [int(k) for k in pools[np.argsort(cost[pools], kind="stable")]]


def _room(world: World, k: int) -> float:
    pool = world.pool
    left, today = float(pool.size[k] - pool.used[k]), float(pool.daily_max[k] - pool.taken_today[k])
    return float(world.theory.recruitment.daily_intake(float(pool.size[k]), left, today))


def _take(world: World, k: int, simulated: int) -> float:
    """Count soldiers taken from a pool; returns how many real soldiers came."""
    came = simulated * float(world.force.weight[world.pool.force[k]])
    world.pool.used[k] += came
    world.pool.taken_today[k] += came
    return came


def _raise(world: World, k: int, men: float, luck: float, intake: Intake) -> int:
    """Put recruits into the empty companies of a pool, from the first slot on; returns how many."""
    pool, force = world.pool, int(world.pool.force[k])
    most = int(pool.last[k] - pool.first[k] - pool.filled[k])
    many = min(math.floor(men / float(world.force.weight[force]) + luck), most)
    if many < 1:
        return 0
    first = int(pool.first[k] + pool.filled[k])
    intake.add(np.arange(first, first + many), force, int(pool.category[k]))
    pool.filled[k] += many
    world.force.raised[force] += many * world.force.weight[force]
    return many


def _replace(world: World, k: int, men: float, luck: float, intake: Intake) -> int:
    """Put recruits into vacant places of the force that a pool feeds; returns how many."""
    force = int(world.pool.force[k])
    many = math.floor(men / float(world.force.weight[force]) + luck)
    slots = _vacancies(world, force, many, intake) if many >= 1 else np.zeros(0, int)
    if len(slots):
        intake.add(slots, force, int(world.pool.category[k]))
        world.force.replaced[force] += len(slots) * world.force.weight[force]
    return len(slots)


def _vacancies(world: World, force: int, many: int, intake: Intake) -> Array:
    """Up to `many` places of soldiers who are gone for good, company by company from where the last refilling ended."""
    company, status = world.company, world.soldiers.status
    rows = np.flatnonzero((company.force == force) & (company.vacant > 0))
    rows = np.roll(rows, -int(np.searchsorted(rows, world.force.refill_from[force])))
    taken = [slots for slots, of in zip(intake.slots, intake.forces, strict=True) if of == force]
    found: list[Array] = []
    for c in rows:
        here = status[company.start[c] : company.stop[c]]
        places = company.start[c] + np.flatnonzero((here > AWOL) & (here != EMPTY))
        if taken:
            places = np.setdiff1d(places, np.concatenate(taken), assume_unique=True)
        found.append(places[:many])
        many -= len(found[-1])
        world.force.refill_from[force] = c
        if many <= 0:
            break
    return np.concatenate(found) if found else np.zeros(0, int)
