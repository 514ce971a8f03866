"""Members of an ensemble, played side by side from their first morning to the end of their war or horizon."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from allegiance.day import appraise, offer, supply
from allegiance.day.gather import gather
from allegiance.day.record import rows_of_day
from allegiance.day.schedule import SCHEDULE
from allegiance.theory.forms import COUNTED
from allegiance.theory.model import Theory
from allegiance.world.blueprint import Blueprint, first_rows
from allegiance.world.columns import Array, Ints
from allegiance.world.events import ONGOING
from allegiance.world.muster import muster, set_inputs
from allegiance.world.quantities import NAMES
from allegiance.world.world import World

MOST_SOLDIERS = 1_500_000
"""Soldiers of members that are played side by side, so that memory stays small."""
MOST_MEMBERS = 32


@dataclass
class Played:
    """What is kept of a member: daily rows, events, who took which form, and how it ended."""

    member: int
    draw: Mapping[str, float]
    daily: dict[str, Array]
    """per quantity (and day, side, force by number): one value per day and force"""
    events: Array
    """dtype EVENT, with row numbers of one contest"""
    cross: Array
    """(force, category, tie bin, form + 1), see World"""
    end: str
    days: int
    parity_share: float
    """share of the days on which both sides were in the field that they were at parity; NaN if there were none"""
    chances: dict[str, Array]
    """of each form of theory.forms.COUNTED: daily chances of a first one added up, per side (see day/odds.py)"""


def side_by_side(plan: Blueprint) -> int:
    """How many members of a plan are played at once."""
    return max(1, min(MOST_MEMBERS, MOST_SOLDIERS // max(plan.slots, 1)))


def play_day(world: World, seen: Callable[[World, str], None] | None = None) -> Array:
    """Play one day of `world` and return its quantities (shape (quantities, forces)).

    `seen` is called with the world and a phase's name after each phase; it must not change anything.
    """
    for number, epoch in enumerate(world.plan.epochs):
        if epoch.day == world.day and world.day > 0:
            set_inputs(world, number)
    for phase in SCHEDULE:
        phase.step(world)
        if seen:
            seen(world, phase.name)
    rows = rows_of_day(world)
    world.day += 1
    world.chance.day = world.day
    return rows


def begin(
    plan: Blueprint | Sequence[Blueprint], theory: Theory, draws: Sequence[Mapping[str, float]], seed: int,
    members: Sequence[int], permute: str = "",
) -> World:  # fmt: skip
    """A world ready for its first day: everyone is supplied and counted, and has heard what the other side offers."""
    plans = [plan] * len(members) if isinstance(plan, Blueprint) else plan
    world = muster(plans, theory, draws, seed, members, permute)
    company, soldiers = world.company, world.soldiers
    there = company.present > 0
    tie = np.add.reduceat(soldiers.tie.astype(float), company.start) / (company.stop - company.start) / 255.0
    company.tie[:] = np.where(there, tie, 0.0)
    world.brigade.skill[:] = world.brigade.competence
    supply.step(world)
    appraise.begin(world)
    gather(world)
    offer.step(world)
    return world


def play(
    plan: Blueprint | Sequence[Blueprint], theory: Theory, draws: Sequence[Mapping[str, float]], seed: int,
    members: Sequence[int], permute: str = "", fresh: tuple[int, Sequence[int]] | None = None,
) -> list[Played]:  # fmt: skip
    """Play members side by side to the end of the war or of the horizon.

    Args:
        plan: one blueprint for all, or one for each, all of one shape. draws: parameters of each member.
        fresh: (day, keys) gives each member, from that day on, the luck of another:
        what has been seen stays, what has not is drawn anew.
    """
    world = begin(plan, theory, draws, seed, members, permute)
    days: list[Array] = []
    while world.day < world.plan.days and world.contest.live.any():
        if fresh and world.day == fresh[0]:
            world.chance.members = np.array(fresh[1], "i8")
        days.append(play_day(world))
    daily = np.stack(days)
    events, first = world.events.table(), first_rows(world.plans)
    return [_kept(world, daily, events, k, first, int(m), draws[k]) for k, m in enumerate(members)]


def _kept(
    world: World, daily: Array, events: Array, k: int, first: Mapping[str, Ints], member: int, draw: Mapping[str, float]
) -> Played:
    """What is kept of the member in contest `k`: rows up to its last day, numbered as in a world of its own."""
    plan = world.plans[k]
    many = len(plan.force)
    end, last = world.ended.get(k, (ONGOING, len(daily) - 1))
    count = last + 1
    forces = slice(first["force"][k], first["force"][k] + many)
    values = daily[:count, :, forces]
    columns = {
        "day": np.repeat(np.arange(count), many),
        "side": np.tile(plan.force.side, count),
        "force": np.tile(np.arange(many), count),
    } | {name: values[:, q].reshape(-1) for q, name in enumerate(NAMES)}
    own = events[(events["contest"] == k) & (events["day"] <= last)].copy()
    for name in ("side", "force", "brigade", "company"):
        own[name] = np.where(own[name] >= 0, own[name] - first[name][k], -1)
    own["contest"] = 0
    contested = float(world.contest.contested_days[k])
    parity = float(world.contest.parity_days[k]) / contested if contested else float("nan")
    sides = slice(first["side"][k], first["side"][k] + len(plan.side))
    chances = {form: getattr(world.side, f"{form}_chance")[sides].copy() for form in COUNTED}
    return Played(member, dict(draw), columns, own, world.cross[forces].copy(), end, count, parity, chances)
