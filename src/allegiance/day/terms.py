"""Adds up what the theory's terms say of each company: grievance, and the log-odds its soldiers share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from allegiance.theory.contract import TIE, Term
from allegiance.theory.forms import Routes
from allegiance.theory.model import Active
from allegiance.world.columns import Array
from allegiance.world.world import World

LEVELS = ("contest", "side", "force", "brigade", "company")
"""Units from the widest to the narrowest; a term is worked out for the widest that knows all it needs."""


@dataclass
class Total:
    """Sums by level and form (form "" for grievance): a value for every row of the level's table."""

    by: dict[tuple[str, int], Array] = field(default_factory=dict)

    def add(self, level: str, values: Array, into: Literal["grievance", "disposition"] | Routes) -> None:
        """Add values for the rows of a level, to grievance (form 0) or along routes to forms."""
        for form, share in into.acting if isinstance(into, Routes) else ((0, 1.0),):
            add = values * share if share != 1.0 else values
            self.by[level, form] = self.by[level, form] + add if (level, form) in self.by else add

    def per_company(self, world: World, into: Array, form: int = 0) -> None:
        """Write the sums over all levels of each company's units into a company column."""
        into[:] = 0.0
        wider: Any = 0.0
        for level in LEVELS[:-1]:
            # from the widest unit to the narrowest: each adds what the wider ones came to
            table = getattr(world, level)
            inherited = wider[getattr(table, LEVELS[LEVELS.index(level) - 1])] if level != LEVELS[0] else 0.0
            wider = self.by.get((level, form), np.zeros(len(table))) + inherited
        into += wider[world.company.brigade]
        if (LEVELS[-1], form) in self.by:
            into += self.by[LEVELS[-1], form]


def level_of(term: Term) -> str:
    """The narrowest unit among those a term reads.

    >>> from allegiance.theory.registry import mechanism
    >>> [level_of(t) for t in mechanism("hidden_effort").terms]
    ['side', 'side', 'company']
    """
    return LEVELS[max((LEVELS.index(t) for t in term.tables if t in LEVELS), default=0)]


def value_of(world: World, mechanism: Active, term: Term, level: str, tie: float) -> Any:
    """What a term comes to for every row of a level, for a soldier of the given tie."""
    table = getattr(world, level)

    def given(source: str | float) -> Any:
        if not isinstance(source, str):
            return source
        if source == TIE:
            return tie
        owner, _, column = source.partition(".")
        if not column:
            return getattr(mechanism.p, owner)[table.contest]
        values = getattr(getattr(world, owner), column)
        return values if owner == level else values[getattr(table, owner)]

    value = term.formula(**{name: given(source) for name, source in term.inputs.items()})
    return value * given(term.where) if term.where else value


@dataclass
class Sums:
    """What all terms come to: grievance and log-odds, each for any man and for what a full tie adds."""

    grievance: Total = field(default_factory=Total)
    grievance_per_tie: Total = field(default_factory=Total)
    log_odds: Total = field(default_factory=Total)
    log_odds_per_tie: Total = field(default_factory=Total)


def add_up(world: World, grievance: bool) -> Sums:
    """Sum the terms that act on grievance (or those that act on log-odds) over all mechanisms."""
    sums = Sums()
    total, per_tie = (sums.grievance, sums.grievance_per_tie) if grievance else (sums.log_odds, sums.log_odds_per_tie)
    for mechanism in world.theory.mechanisms.values():
        for term in mechanism.terms:
            if "group" in term.tables or (term.into == "grievance") != grievance:
                continue
            if not grievance and not isinstance(term.into, Routes):
                continue
            level = level_of(term)
            value = value_of(world, mechanism, term, level, 0.0)
            total.add(level, value, term.into)
            if term.reads_tie:
                per_tie.add(level, value_of(world, mechanism, term, level, 1.0) - value, term.into)
    return sums


def base_log_odds(world: World) -> tuple[Array, ...]:
    """Log-odds of each form for a soldier with nothing to complain of, one value per contest."""
    p = world.theory.choice.p
    return p.base_shirk, p.base_refuse, p.base_desert, p.base_defect, p.base_mutiny
