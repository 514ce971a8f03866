"""Who a soldier is on joining."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from allegiance.base.random import UNIT, box_muller
from allegiance.world.columns import Array
from allegiance.world.soldiers import CATEGORIES, OBEYING

if TYPE_CHECKING:
    from allegiance.world.world import World

CONSCRIPT = CATEGORIES.index("conscript")
# The R4 sequence (Roberts 2018, after Kronecker): evenly spread shares in four dimensions, so that the composition
# of an army is exact while each soldier's draw depends on his own number alone.
_PLASTIC = 1.1673039782614187
_STEPS = tuple(1 / _PLASTIC**k for k in range(1, 5))
_GOLDEN = 0.6180339887498949
LOYALTY_SPREAD = 0.2
"""Half the width of loyalty between the soldiers of a force (judgement)."""
LAST_DAY = 32_000
"""Latest day on which anyone goes home: days of soldiers are kept in 16 bits."""
_SHIFT = 0xFFFFFFFF
"""Number under which a force draws where its sequences begin; no soldier bears it."""


def tie_bins(tie: Array) -> Array:
    """Ties as reported: 0 none, 1 weak (below .3), 2 middle (below .6), 3 close."""
    return np.searchsorted([0.05, 0.3, 0.6], tie, side="right").astype("u1")


def ties(mean: Array, closeness: Array) -> Array:
    """A soldier's tie from the mean of his group and the soldier's own closeness (u1, 255 closest) [0 to 1]."""
    return np.minimum(1.0, mean * (0.4 + 1.2 * (closeness / 255.0)))


def enlist(world: World, force: Array, slots: Array, numbers: Array, category: Array | None = None) -> None:
    """Fill slots with new soldiers: the force each joins, and the number on its rolls.

    `category` holds rows of CATEGORIES; None draws each from the force's composition at the start, with part of the
    service done.
    """
    if len(slots) == 0:
        return
    people, soldiers = world.people, world.soldiers
    shift = _shifts(world)[force]
    words = world.chance.recruits(world.force, force, numbers)
    company = world.company_of(slots)
    at = [_fraction(numbers * step + shift) for step in _STEPS]
    first = category is None
    drawn = (
        _pick(people.held, world.brigade.kind[world.company.brigade[company]],
              _kind(world, force, company, numbers, at[0], shift))
        if category is None else category
    )  # fmt: skip
    group = _pick(people.groups, force, at[1])
    horizon = people.horizon[force, drawn]
    if first:
        horizon = horizon * np.where(drawn == CONSCRIPT, 1.0 - at[3], 1.0 - 0.5 * at[3])
    contest = world.force.contest[force]
    zone = world.company.zone[company] % len(world.plan.zone)
    closeness = np.round(words[:, 1] * UNIT * 255.0)
    tie = ties(people.tie[contest, group, zone], closeness)
    recorded, seen = drawn, tie
    other = _fraction(numbers * _STEPS[2] + 0.5 * shift + 0.31)
    if world.permute == "category":
        recorded = _pick(people.composition, force, other)
    if world.permute == "tie":
        stranger = _pick(people.groups, force, other)
        seen = ties(people.tie[contest, stranger, zone], np.round(_fraction(numbers * _GOLDEN + shift) * 255.0))
    soldiers.grievance[slots] = 0.0
    soldiers.disposition[slots] = _disposition(world, force, drawn, words)
    soldiers.home_day[slots] = np.minimum(LAST_DAY, world.day + horizon).astype(int)
    soldiers.closeness[slots], soldiers.tie[slots] = closeness, np.round(255.0 * tie)
    soldiers.group[slots], soldiers.category[slots] = group, recorded
    soldiers.region[slots] = _pick(people.home, force, at[2])
    soldiers.tie_bin[slots] = tie_bins(seen)
    soldiers.status[slots], soldiers.ever[slots] = OBEYING, 0
    _joined(world, company, drawn, first)
    world.force.joined += np.bincount(force, minlength=len(world.force)) * world.force.weight
    np.add.at(world.cross, (force, recorded, tie_bins(seen), 0), world.force.weight[force])  # type: ignore[arg-type]


def _joined(world: World, rows: Array, category: Array, first: bool) -> None:
    """Mix those who join a company (its row, for each) into the share of it that is compelled, and into its drill."""
    company, count = world.company, len(world.company)
    joined = np.bincount(rows, minlength=count)
    there = world.categories.sum(axis=0)
    drill = (
        world.brigade.ready_at_start[company.brigade] if first else world.theory.commitment.p.recruits[company.contest]
    )
    brought = (
        (company.compelled, np.bincount(rows, np.clip(world.people.compelled[category], 0.0, 1.0), count)),
        (company.drill, joined * drill),
    )
    for column, sums in brought:
        column[:] = np.where(joined > 0, (column * there + sums) / np.maximum(there + joined, 1.0), column)


def _kind(world: World, force: Array, company: Array, numbers: Array, own: Array, shift: Array) -> Array:
    """Shares at which categories are picked: one for all soldiers of a company where each kind has units of its own.

    Companies are spread as evenly over the composition of their force as soldiers are.
    """
    unit = _fraction(world.company.number[company] * _GOLDEN + shift)
    apart = world.theory.conscription.p.apart[world.force.contest[force]]
    return np.where(_fraction(numbers * _STEPS[3] + 0.5 * shift + 0.17) < apart, unit, own)


def _pick(cumulated: Array, row: Array, u: Array) -> Array:
    """For each row of cumulated shares, the number of the share in which `u` falls."""
    picked = np.zeros(len(u), int)
    for shares in cumulated.T[:-1]:
        picked += u >= shares[row]
    return picked


def _fraction(values: Array) -> Array:
    """What is left of values from 0 up beyond their whole part: the same as `% 1`, sooner."""
    return values - np.floor(values)


def _shifts(world: World) -> Array:
    """Where each force's sequences begin [0 to 1]."""
    forces = np.arange(len(world.force))
    return world.chance.recruits(world.force, forces, np.full(len(forces), _SHIFT))[:, 0] * UNIT


def _disposition(world: World, force: Array, category: Array, words: Array) -> Array:
    """Log-odds that recruits bring along: the sum of all terms that act on the disposition."""
    contest = world.force.contest[force]
    loyalty = world.force.loyalty[force] + LOYALTY_SPREAD * (2.0 * (words[:, 0] + 0.5) * UNIT - 1.0)
    recruit = {
        "recruit.compelled": world.people.compelled[category],
        "recruit.loyalty": np.clip(loyalty, 0.0, 1.0),
        "recruit.daring": box_muller(words[:, 2], words[:, 3]),
    }
    total = np.zeros(len(category))
    for mechanism in world.theory.mechanisms.values():
        for term in mechanism.terms:
            if term.into == "disposition":
                given = {
                    name: value if not isinstance(value, str)
                    else recruit[value] if value in recruit else getattr(mechanism.p, value)[contest]
                    for name, value in term.inputs.items()
                }  # fmt: skip
                total += term.formula(**given)
    return total


def retie(world: World) -> None:
    """Ties of soldiers to the civilians of the zone their company is in now; each keeps their own closeness."""
    company, soldiers = world.company, world.soldiers
    # companies are contiguous and in order, so that one company's slots follow the other's
    men = company.stop - company.start
    zone, contest = np.repeat(company.zone % len(world.plan.zone), men), np.repeat(company.contest, men)
    tie = ties(world.people.tie[contest, soldiers.group, zone], soldiers.closeness)
    soldiers.tie[:] = np.round(255.0 * tie)
