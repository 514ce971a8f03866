"""How an army is cut into brigades and companies, and which of them a run plays.

A reduced scale plays whole brigades: what passes between companies of one brigade is then the same at every scale,
and so is every expected result. Each brigade played stands for others like it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from allegiance.base.random import key_of
from allegiance.cases.parts import ROLES
from allegiance.cases.schema import Case, Force, Pool
from allegiance.world.columns import Array
from allegiance.world.inputs import forces_of, kinds_of, pools_of

MIN_BRIGADES = 8
"""Fewest brigades of a force that a reduced scale plays (all, if it has fewer)."""
_SPREAD = ((5**0.5 - 1) / 2, 2**0.5 - 1, 3**0.5 - 1)
"""Steps of three sequences that put brigades into orders unlike each other: by zone, rotation and distrust."""
_KINDS = 23**0.5 - 4
"""Step of a fourth, by which kinds of brigades are told off: no more like the three than they are to each other."""


@dataclass
class Structure:
    """Brigades and companies of a case, in rows; see `world.units` for what each column means."""

    brigades: dict[str, list[float]] = field(default_factory=dict)
    companies: dict[str, list[float]] = field(default_factory=dict)
    brigade_keys: list[int] = field(default_factory=list)
    company_keys: list[int] = field(default_factory=list)
    slots: int = 0
    soldiers: Array = field(default_factory=lambda: np.zeros(0))
    """soldiers played of each force at the start"""
    brigade_weight: Array = field(default_factory=lambda: np.zeros(0))
    pool_slots: dict[int, tuple[int, int]] = field(default_factory=dict)

    def _add(self, table: dict[str, list[float]], **values: float) -> None:
        for name, value in values.items():
            table.setdefault(name, []).append(value)


def kept(count: int, share: float) -> Array:
    """Numbers of the brigades that are played: evenly spread, never fewer than MIN_BRIGADES.

    >>> kept(4, 0.1).tolist()
    [0, 1, 2, 3]
    """
    share = max(share, min(1.0, MIN_BRIGADES / max(count, 1)))
    index = np.arange(count)
    keep: Array = np.floor((index + 1) * share + 1e-9) > np.floor(index * share + 1e-9)
    return np.flatnonzero(keep)


def spread_evenly(count: int, step: float) -> Array:
    """Places of `count` brigades on the unit interval, evenly spaced, in an order given by multiples of `step`.

    However many there are, the share of them below any bound is right to within one.

    >>> spread_evenly(4, 0.618).tolist()
    [0.125, 0.625, 0.375, 0.875]
    """
    rank = np.argsort(np.argsort((np.arange(count) * step) % 1.0, kind="stable"), kind="stable")
    places: Array = (rank + 0.5) / max(count, 1)
    return places


def per_brigade(force: Force) -> int:
    """Companies in a brigade of the force."""
    return force.formation.battalion * force.formation.brigade


def target_of(case: Case, side: str, pool: Pool) -> str:
    """Name of the force that a pool feeds: the one it names, else the largest regular one of its side."""
    own = case.sides[side].forces
    return pool.force or max(own, key=lambda n: (own[n].kind == "regular", own[n].strength.value, n))


def told_off(force: Force, count: int) -> Array:
    """Kind of each of `count` brigades, by number: as many of each as its share says, spread evenly over them."""
    shares = np.array([kind.share.value for kind in force.brigades.values()] or [1.0])
    bounds = np.cumsum(shares)[:-1] / shares.sum()
    return np.searchsorted(bounds, spread_evenly(count, _KINDS), side="right")


def structure(case: Case, scale: float) -> Structure:
    """The brigades and companies of `case` that are played at `scale`."""
    made = Structure()
    forces = forces_of(case)
    soldiers, weights = np.zeros(len(forces)), np.ones(len(forces))
    kinds = [f for f, *_ in kinds_of(case)]
    sides = list(case.sides)
    for f, (side, _, name, force) in enumerate(forces):
        count = math.ceil(max(1, round(force.strength.value)) / force.formation.company)
        numbers = kept(math.ceil(count / per_brigade(force)), scale)
        weights[f] = math.ceil(count / per_brigade(force)) / len(numbers)
        at, roll = (sides.index(side), f, kinds.index(f)), f"{side}.{name}"
        soldiers[f] = _raise(made, (*at, roll, -1), force, force.strength.value, numbers)
        # a force's pools follow it, so that all companies of a force stand together
        for p, (of, pool_name, pool) in enumerate(pools_of(case)):
            men = round(pool.new_formations.value) if pool.new_formations else 0
            if of == side and men >= 1 and target_of(case, side, pool) == name:
                # as many whole brigades as hold the pool at the strength that a soldier of this force stands for
                room = men * soldiers[f] / force.strength.value
                brigades = math.ceil(room / (force.formation.company * per_brigade(force)))
                first = made.slots
                _raise(made, (*at, f"{roll}/{pool_name}", p), force, room, np.arange(brigades))
                made.pool_slots[p] = (first, made.slots)
    made.soldiers, made.brigade_weight = soldiers, weights
    return made


def played(case: Case, scale: float) -> tuple[float, float]:
    """Soldiers at the start that a run at `scale` plays, and places for those it may raise, without listing them."""
    started, raised = 0.0, 0.0
    for side, _, name, force in forces_of(case):
        size, men = force.formation.company, max(1, round(force.strength.value))
        brigade = size * per_brigade(force)
        numbers = kept(math.ceil(math.ceil(men / size) / per_brigade(force)), scale)
        # every brigade is full but the last
        own = float(np.minimum(brigade, men - numbers * brigade).sum())
        started += own
        for of, _, pool in pools_of(case):
            new = round(pool.new_formations.value) if pool.new_formations else 0
            if of == side and new >= 1 and target_of(case, side, pool) == name:
                raised += max(1, round(new * own / force.strength.value))
    return started, raised


def _raise(made: Structure, where: tuple[int, int, int, str, int], force: Force, men: float, numbers: Array) -> int:
    """Add the brigades of a roll that are played; returns the soldiers in them.

    `where` holds the rows of the side, the force and its first kind, the name of the roll and the row of the pool.
    """
    side, f, first_kind, roll, pool = where
    size, most = force.formation.company, per_brigade(force)
    men, soldiers = max(1, round(men)), 0
    place, phase, doubt = (spread_evenly(len(numbers), step) for step in _SPREAD)
    kind = told_off(force, len(numbers)) if pool < 0 else np.zeros(len(numbers), int)
    for k in np.unique(kind):  # those of one kind take turns among themselves
        phase[kind == k] = spread_evenly(int((kind == k).sum()), _SPREAD[1])
    named = list(force.brigades.values()) if pool < 0 else []
    for rank, b in enumerate(numbers.tolist()):
        row = len(made.brigade_keys)
        one = named[kind[rank]] if named else None
        made._add(made.brigades, side=side, force=f, number=b + 1, pool=pool, place=place[rank], phase=phase[rank],
                  doubt_phase=doubt[rank], kind=first_kind + kind[rank],
                  role=ROLES.index(one.role if one else "line"))  # fmt: skip
        made.brigade_keys.append(key_of(f"{roll}/brigade {b + 1}"))
        for c in range(b * most, min((b + 1) * most, math.ceil(men / size))):
            many = min(size, men - c * size)
            made._add(made.companies, side=side, force=f, brigade=row, roll=key_of(roll) & 0xFFFFFFFF, ordinal=c,
                      number=c + 1, pool=pool, start=made.slots, stop=made.slots + many, places=size)  # fmt: skip
            made.company_keys.append(key_of(f"{roll}/company {c + 1}"))
            made.slots += many
            soldiers += many
    return soldiers
