"""The first morning of a world, and what changes by date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

from allegiance.theory.forms import NAMES
from allegiance.theory.model import Model, Theory
from allegiance.world.blueprint import Blueprint, People, first_rows
from allegiance.world.chance import LEADERS, UNIT, Chance
from allegiance.world.columns import Floats, Table, joined_columns
from allegiance.world.enlist import enlist, retie
from allegiance.world.soldiers import CATEGORIES, STATUS_NAMES, TIE_BINS, new_soldiers
from allegiance.world.units import Brigades, Companies, Contests, Forces, Pools, Regions, Sides, Zones
from allegiance.world.world import World

T = TypeVar("T", bound=Table)
LONG_AGO = -1.0e6
"""A day before all that is remembered."""
COMMANDER_SPREAD, COMPETENCE_SPREAD, SUPPLY_SPREAD = 0.15, 0.12, 0.15
"""Standard deviations between commanders, and between companies in what supply reaches them (judgement)."""


def muster(
    plans: Sequence[Blueprint], theory: Theory, draws: Sequence[Mapping[str, float]], seed: int, members: Sequence[int],
    permute: str = "",
) -> World:  # fmt: skip
    """The world in which `members` are played side by side, each with its own draw of the parameters.

    `plans` holds the blueprint of each member; they are of one shape (Blueprint.shape).
    """
    first = first_rows(plans)

    def joined(kind: type[T], name: str) -> T:
        return kind.side_by_side([getattr(p, name) for p in plans], first)

    company, force = joined(Companies, "company"), joined(Forces, "force")
    brigade, people = joined(Brigades, "brigade"), People.joined([p.people for p in plans])
    forms, groups = len(NAMES), people.groups.shape[1]
    world = World(
        plans=tuple(plans), theory=Model(theory, draws), chance=Chance(seed, np.array(members, "i8")), day=0,
        soldiers=new_soldiers(sum(p.slots for p in plans)), contest=joined(Contests, "contest"),
        side=joined(Sides, "side"), force=force, brigade=brigade,
        company=company, zone=joined(Zones, "zone"), region=joined(Regions, "region"),
        pool=joined(Pools, "pool"), people=people,
        waves=np.concatenate([p.waves for p in plans], axis=1), permute=permute,
        log_odds=np.zeros((forms, len(company))), log_odds_per_tie=np.zeros((forms, len(company))),
        exclusion=np.zeros((len(force), groups)), statuses=np.zeros((len(STATUS_NAMES), len(company)), "i8"),
        categories=np.zeros((len(CATEGORIES), len(company)), "i8"), rolls=np.zeros((len(CATEGORIES), len(force))),
        acts=np.zeros((len(force), forms)), acts_today=np.zeros((len(brigade), forms)),
        cross=np.zeros((len(force), len(CATEGORIES), TIE_BINS, forms + 1)),
    )  # fmt: skip
    _number_contests(world)
    set_inputs(world, 0)
    _draw_units(world)
    place(world)
    _fill(world)
    world.recount(np.ones(len(company), bool))
    contest, side, learning = world.contest, world.side, world.theory.learning
    side.belief_mean[:] = side.expected_advantage
    side.belief_variance[:] = np.maximum(side.uncertainty, 0.01) ** 2
    side.win_belief[:] = learning.win_probability(
        side.belief_mean, side.belief_variance, learning.p.spread[side.contest]
    )
    side.entry[:] = world.per_side(force.joined)
    force.upkeep[:] = 1.0
    side.kindness[:], side.appeal[:], side.at_large[:] = 1.0, 1.0, 1.0
    contest.area[:] = contest.area_start
    return world


def _number_contests(world: World) -> None:
    """Tell every row which contest it belongs to."""
    for name in ("contest", "side", "force", "brigade", "company", "zone", "pool"):
        rows = [len(getattr(plan, name)) for plan in world.plans]
        getattr(world, name).contest[:] = np.repeat(np.arange(world.contests), rows)
    world.contest.member[:] = world.chance.members


def set_inputs(world: World, number: int) -> None:
    """Make the inputs of epoch `number` today's; commanders, beliefs and zones move by what has changed."""
    began, today = world.day > 0, [plan.epochs[number] for plan in world.plans]
    old = {name: getattr(world, name).given for name in ("contest", "side", "force", "zone")}
    for name in ("contest", "side", "force", "zone", "pool"):
        getattr(world, name).given = joined_columns([getattr(epoch, name) for epoch in today])
    world.side.materiel[:] = np.concatenate([epoch.materiel for epoch in today])
    force = world.force
    men = np.maximum(world.per_side(force.strength), 1e-9)
    mean = world.per_side(force.resources * force.strength) / men
    force.portion[:] = np.where(mean[force.side] > 0, force.resources / np.where(mean > 0, mean, 1.0)[force.side], 1.0)
    if began:
        _carry_over(world, old)
    world.tables = None
    inclusion = world.theory.inclusion
    share = world.people.group_share[world.force.side]
    level = world.side.inclusion[world.force.side][:, None]
    for term in inclusion.terms:
        world.exclusion[:] = term.formula(level, share, inclusion.p.weight[world.force.contest][:, None])


def _carry_over(world: World, old: Mapping[str, Mapping[str, Floats]]) -> None:
    brigade, contest = world.brigade, world.contest
    for given, own in (("command_loyalty", "loyalty"), ("competence", "competence")):
        change = (world.force.given[given] - old["force"][given])[brigade.force]
        column = getattr(brigade, own)
        column[:] = np.clip(column + change, 0.0, 1.0)
    world.side.belief_mean += world.side.expected_advantage - old["side"]["expected_advantage"]
    given_up = np.maximum(0.0, contest.given_up - old["contest"]["given_up"])
    contest.area[:] = np.maximum(np.minimum(contest.area, contest.area_start), contest.area - given_up)
    if not np.array_equal(world.zone.weight, old["zone"]["weight"]):
        place(world)
        retie(world)


def place(world: World) -> None:
    """Put brigades into zones by today's weights, in the order that is theirs throughout."""
    zones = len(world.plan.zone)
    weight = np.cumsum(world.zone.weight.reshape(world.contests, zones), axis=1)
    below = world.brigade.place[:, None] > (weight / weight[:, -1:])[world.brigade.contest]
    zone = np.minimum(below.sum(axis=1), zones - 1)
    world.brigade.zone[:] = zone + zones * world.brigade.contest
    world.company.zone[:] = world.brigade.zone[world.company.brigade]


def _draw_units(world: World) -> None:
    """Draw what commanders and companies are like, from normals keyed by their own names."""
    brigade, company, chance = world.brigade, world.company, world.chance
    loyal, able = world.force.command_loyalty[brigade.force], world.force.competence[brigade.force]
    brigade.loyalty[:] = np.clip(loyal + COMMANDER_SPREAD * chance.normal(UNIT, brigade, number=1), 0.0, 1.0)
    brigade.competence[:] = np.clip(able + COMPETENCE_SPREAD * chance.normal(UNIT, brigade, number=2), 0.0, 1.0)
    brigade.ready_at_start[:] = world.people.ready[brigade.kind]
    company.temper[:] = chance.normal(UNIT, company, number=4)
    company.firmness[:] = chance.normal(LEADERS, company)
    junior = world.theory.junior_leaders
    p, k = junior.p, company.contest
    company.leaders[:] = junior.enforcing(p.ordinary[k], p.spread[k] * company.firmness)
    company.risen_day[:], world.side.risen_day[:], world.side.conceded_day[:] = LONG_AGO, LONG_AGO, LONG_AGO
    company.quality_supply[:] = 1.0 + SUPPLY_SPREAD * chance.normal(UNIT, company, number=3)


def _fill(world: World) -> None:
    """Enlist everyone who is there at the start."""
    company = world.company
    rows = np.flatnonzero(company.pool < 0)
    men = company.stop[rows] - company.start[rows]
    within = np.arange(men.sum()) - np.repeat(np.cumsum(men) - men, men)
    slots = np.repeat(company.start[rows], men) + within
    numbers = np.repeat(company.ordinal[rows] * company.places[rows], men) + within
    enlist(world, np.repeat(company.force[rows], men), slots, numbers)
