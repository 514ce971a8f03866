"""Members of an ensemble on one day, side by side: each contest of a world is one member."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from allegiance.theory.model import Model
from allegiance.world.blueprint import Blueprint, People
from allegiance.world.chance import Chance
from allegiance.world.columns import Array
from allegiance.world.events import Events
from allegiance.world.inputs import kinds_of
from allegiance.world.soldiers import (
    AWOL,
    MUTINY,
    OBEYING,
    REFUSING,
    SHIRKING,
    WOUNDED,
    Soldiers,
    count,
)
from allegiance.world.units import Brigades, Companies, Contests, Forces, Pools, Regions, Sides, Zones


@dataclass
class World:
    """Contests with everything in them. `permute` is "category" or "tie" where soldiers bear random labels."""

    plans: tuple[Blueprint, ...]
    """the blueprint of each contest, all of one shape"""
    theory: Model
    chance: Chance
    day: int
    soldiers: Soldiers
    contest: Contests
    side: Sides
    force: Forces
    brigade: Brigades
    company: Companies
    zone: Zones
    region: Regions
    pool: Pools
    people: People
    waves: Array
    """(day, side, 3): protesters given by the case, non-violent share, share near the capital"""
    permute: str
    log_odds: Array
    """(form, company): what every soldier of a company shares in the log-odds of each form"""
    log_odds_per_tie: Array
    """(form, company): what a soldier wholly tied to the civilians faced adds"""
    exclusion: Array
    """(force, group): log-odds from unequal treatment of the group"""
    statuses: Array
    """(status, company): soldiers counted by status"""
    categories: Array
    """(category, company): soldiers on the rolls by category"""
    rolls: Array
    """(category, force): soldiers on the rolls by category, real soldiers"""
    acts: Array
    """(force, form): times a soldier took the form so far"""
    acts_today: Array
    """(brigade, form): the same of today, soldiers played"""
    cross: Array
    """(force, category, tie bin, form + 1): soldiers who ever took the form; the first column counts who joined"""
    tables: Any = None
    """what the kernels of soldiers' choices read; made anew when inputs change"""
    events: Events = field(default_factory=Events)
    ended: dict[int, tuple[str, int]] = field(default_factory=dict)
    """How and on which day each contest that is over ended."""

    @property
    def plan(self) -> Blueprint:
        """A blueprint that says what all contests share: days, and how many sides, forces and places each has."""
        return self.plans[0]

    @property
    def contests(self) -> int:
        """How many members are played."""
        return len(self.contest)

    def recount(self, changed: Array) -> None:
        """Count the soldiers of the companies that changed: the only place where counts are written."""
        company, soldiers = self.company, self.soldiers
        rows = np.flatnonzero(changed)
        if len(rows) == 0:
            return
        count(soldiers.status, soldiers.category, company.start, company.stop, rows, self.statuses, self.categories)
        by = self.statuses
        company.obeying[:], company.shirking[:], company.refusing[:], company.in_mutiny[:] = by[: MUTINY + 1]
        company.able[:] = by[OBEYING] + by[SHIRKING] + by[REFUSING]
        company.present[:] = company.able + company.in_mutiny
        company.away[:] = by[WOUNDED] + by[AWOL]
        company.vacant[:] = by[AWOL + 1 : -1].sum(axis=0)

    @cached_property
    def first_of_force(self) -> Array:
        """First company of each force: the companies of a force stand together."""
        return np.searchsorted(self.company.force, np.arange(len(self.force)))

    @cached_property
    def first_of_brigade(self) -> Array:
        """First company of each brigade."""
        return np.searchsorted(self.company.brigade, np.arange(len(self.brigade)))

    @cached_property
    def kinds_of_force(self) -> Array:
        """Force of every kind of brigade."""
        first, forces = 0, []
        for plan in self.plans:
            forces += [first + f for f, *_ in kinds_of(plan.case)]
            first += len(plan.force)
        return np.array(forces, int)

    def count_acts(self, today: Array) -> None:
        """Add acts of disloyalty of today (shape (brigade, form), soldiers played) to what is counted of them."""
        self.acts_today += today
        for form in range(today.shape[1]):
            self.acts[:, form] += np.bincount(self.brigade.force, today[:, form], len(self.force)) * self.force.weight

    def company_of(self, slots: Array) -> Array:
        """The company that each slot belongs to: companies stand in the order of their slots."""
        return np.searchsorted(self.company.start, slots, side="right") - 1

    def per_force(self, values: Array, weighted: bool = True) -> Array:
        """Sums of a company column by force, at the strength of the real force if `weighted`."""
        total = np.add.reduceat(np.asarray(values, float), self.first_of_force)
        return total * self.force.weight if weighted else total

    def per_brigade(self, values: Array) -> Array:
        """Sums of a company column by brigade."""
        return np.add.reduceat(np.asarray(values, float), self.first_of_brigade)

    def per_side(self, values: Array) -> Array:
        """Sums of a force column by side."""
        return np.bincount(self.force.side, values, len(self.side))
