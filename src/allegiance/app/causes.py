"""Why a brigade is as ready for mutiny as it is: what each of the theory's terms contributes, day by day.

A company's readiness is the log-odds that its soldiers rise: a base, what the terms add to it today, the slope of
grievance times grievance, and what each soldier brings along. Grievance is a memory of what the terms added on all days
before (`theory.deprivation.appraise` is linear), so that it can be told apart by term too. What is left, the soldiers'
own dispositions, groups and time left to serve and who came and went, is told as a rest and not shared out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from allegiance.day.terms import level_of, value_of
from allegiance.theory.contract import TIE, Term
from allegiance.theory.forms import RISE, Routes
from allegiance.theory.registry import mechanism
from allegiance.world.columns import Array
from allegiance.world.world import World

Key = tuple[str, str]
"""Mechanism and formula."""
_NONE = -1.0e8
"""Readiness below this is that of a company with nobody able to rise."""


def words(key: Key) -> str:
    """A term in words: the first line of what its formula says of itself.

    >>> words(("deprivation", "absolute_deprivation"))
    'Grievance of want'
    """
    formula = next(f for f in mechanism(key[0]).functions if f.__name__ == key[1])
    return (formula.__doc__ or key[1]).split("\n")[0].partition(":")[0].rstrip(".")


def rising(term: Term) -> float:
    """How far a term acts on readiness for mutiny by way of log-odds: 1 in full, 0 not at all."""
    return float(term.into.array()[RISE]) if isinstance(term.into, Routes) else 0.0


def terms_of(world: World) -> Iterator[tuple[Key, Any, Term]]:
    """The terms that move readiness for mutiny: those into grievance, and those routed to mutiny."""
    for active in world.theory.mechanisms.values():
        for term in active.terms:
            if "group.own_share" not in term.inputs.values() and (term.into == "grievance" or rising(term)):
                yield (active.id, term.formula.__name__), active, term


def of_companies(world: World, active: Any, term: Term) -> Array:
    """What a term comes to for the mean soldier of every company, his mean tie counted."""
    level, company = level_of(term), world.company
    low = value_of(world, active, term, level, 0.0)
    rows = len(getattr(world, level))
    values = np.broadcast_to(np.asarray(low, float), (rows,))
    values = values if level == "company" else values[getattr(company, level)]
    if TIE in term.inputs.values():
        high = np.broadcast_to(np.asarray(value_of(world, active, term, level, 1.0), float), (rows,))
        high = high if level == "company" else high[getattr(company, level)]
        values = values + (high - values) * company.tie
    return values


class Causes:
    """Contributions to readiness for mutiny of one member's brigades, in log-odds, noted day by day."""

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self._grievance: dict[Key, Array] = {}
        self._today: dict[Key, Array] = {}
        self._shares: list[Array] = []
        self._ready: list[Array] = []
        self._rest: list[Array] = []

    def look(self, world: World, phase: str) -> None:
        """Look on after a phase of the day: note what the terms say when companies appraise theirs."""
        if phase == "appraisal":
            self._appraise(world)

    def _appraise(self, world: World) -> None:
        memory = float(world.theory.deprivation.p.memory[0])
        before = float(np.asarray(world.theory.deprivation.on * world.theory.deprivation.p.before)[0])
        slope = float(world.theory.choice.p.grievance_mutiny[0])
        felt: dict[Key, Array] = {}
        self._today = {}
        for key, active, term in terms_of(world):
            mean = brigade_mean(world, of_companies(world, active, term))
            into = felt if term.into == "grievance" else self._today
            into[key] = into.get(key, 0.0) + (mean if term.into == "grievance" else rising(term) * mean)
        for key, mean in felt.items():
            had = self._grievance.get(key, before * mean)
            self._grievance[key] = had + (mean - had) / memory
            self._today[key] = self._today.get(key, 0.0) + slope * self._grievance[key]
        self.keys = self.keys or list(self._today)

    def frame(self, world: World) -> None:
        """Keep the day as it is now: contributions, readiness, and the rest that no term explains."""
        base = float(world.theory.choice.p.base_mutiny[0])
        shares = np.stack([np.asarray(self._today[key], float) for key in self.keys])
        able = world.company.readiness > _NONE
        ready = brigade_mean(world, np.where(able, world.company.readiness, 0.0), able)
        self._shares.append(shares.astype("f4"))
        self._ready.append(ready.astype("f4"))
        self._rest.append((ready - base - shares.sum(axis=0)).astype("f4"))

    def of(self, brigade: int, peers: Array, weight: Array) -> dict[str, Any]:
        """One brigade beside the mean of others, by day.

        Args:
            peers: row numbers of the brigades to compare with. weight: soldiers of each, shape (frame, brigade).
        """
        share = np.stack(self._shares)
        w = weight[:, peers] / np.maximum(weight[:, peers].sum(axis=1, keepdims=True), 1.0)
        around = np.einsum("fkb,fb->fk", share[:, :, peers], w)
        ready, rest = np.stack(self._ready), np.stack(self._rest)
        return {
            "words": [words(key) for key in self.keys],
            "own": _short(share[:, :, brigade]),
            "peers": _short(around),
            "ready": _short(ready[:, brigade]),
            "rest": _short(rest[:, brigade]),
            "rest_peers": _short((rest[:, peers] * w).sum(axis=1)),
        }


def brigade_mean(world: World, values: Array, there: Array | None = None) -> Array:
    """Mean over the soldiers present of each brigade; 0 where nobody is."""
    weight = world.company.present * (1.0 if there is None else there)
    return world.per_brigade(values * weight) / np.maximum(world.per_brigade(weight), 1e-9)


def _short(values: Array) -> Any:
    return np.round(values.astype(float), 3).tolist()
