"""What everyone sees: sums of companies into brigades, forces and sides."""

from __future__ import annotations

import numpy as np

from allegiance.theory.forms import DEFECT, DESERT
from allegiance.theory.junior_leaders import AWAY
from allegiance.world.columns import Array
from allegiance.world.world import World

IN_FULL_STRENGTH = 0.2
"""Parallel forces of this share of all soldiers present count as guards in full (judgement)."""


def gather(world: World) -> None:
    """Sum companies into brigades, forces and sides; means are over soldiers present (of a brigade: over companies)."""
    _brigades(world)
    _forces(world)
    _sides(world)


def _brigades(world: World) -> None:
    company, brigade = world.company, world.brigade
    there = (company.present > 0).astype(float)

    def total(values: Array) -> Array:
        return world.per_brigade(values * there)

    brigade.companies[:] = world.per_brigade(there)
    count = np.maximum(brigade.companies, 1.0)
    brigade.belief[:] = total(company.belief) / count
    brigade.tie[:] = total(company.tie) / count
    brigade.grievance[:] = total(company.grievance) / count
    brigade.mutiny[:] = total(company.mutiny_day >= 0) / count


def _forces(world: World) -> None:
    company, force = world.company, world.force
    for name in ("present", "obeying", "shirking", "refusing", "in_mutiny", "vacant"):
        getattr(force, name)[:] = world.per_force(getattr(company, name))
    force.present_in_contact[:] = world.per_force(company.present * company.contact)
    for category, men in enumerate(world.categories):
        world.rolls[category] = world.per_force(men)
    force.on_rolls[:] = world.rolls.sum(axis=0)
    men = np.maximum(force.present / force.weight, 1.0)
    force.belief[:] = world.per_force(company.present * company.belief, weighted=False) / men
    force.grievance[:] = world.per_force(company.present * company.grievance, weighted=False) / men
    force.leaders[:] = world.per_force(company.present * company.leaders, weighted=False) / men
    there = company.present > 0
    away = world.per_force(there & (company.leaders < AWAY), weighted=False)
    force.looking_away[:] = away / np.maximum(world.per_force(there, weighted=False), 1.0)


def _sides(world: World) -> None:
    force, side = world.force, world.side
    side.present[:], side.obeying[:] = world.per_side(force.present), world.per_side(force.obeying)
    men = np.maximum(side.present, 1.0)
    gone = np.maximum(world.acts[:, DESERT] + world.acts[:, DEFECT] - force.returned_absent, 0.0)
    side.should[:] = side.present + world.per_side(gone)
    side.willing[:] = _willing(world)
    side.mutiny_share[:] = world.per_side(force.in_mutiny) / men
    parallel = world.per_side(force.present * (1.0 - force.regular))
    side.guards[:] = np.minimum(1.0, parallel / men / IN_FULL_STRENGTH)
    side.watch[:] = np.minimum(1.0, world.per_side(force.obeying * (1.0 - force.regular)) / men / IN_FULL_STRENGTH)
    regular = world.per_side(force.present * force.regular)
    side.disaffection[:] = world.per_side(force.present * force.grievance * force.regular) / np.maximum(regular, 1.0)


def _willing(world: World) -> Array:
    """Share of the soldiers with orders today who carry them out, those who left counted as soldiers who do not."""
    brigade, company, side = world.brigade, world.company, world.side

    def men(count: Array, those: Array) -> Array:
        return world.per_side(world.per_force(count * those[company.brigade]))

    asked = men(company.present, (brigade.on_duty > 0) | (brigade.halted > 0))
    heed = men(company.obeying, (brigade.on_duty > 0) & (brigade.halted <= 0))
    share = np.where(asked > 0, heed / np.maximum(asked, 1.0), side.obeying / np.maximum(side.present, 1.0))
    overtures = world.theory.overtures
    # who watches the others holds no street
    share *= overtures.left_to_fight(side.answered, overtures.p.pickets[side.contest])
    return share * side.present / np.maximum(side.should, 1.0)
