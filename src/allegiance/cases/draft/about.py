"""A state on a day, as a reading sees it, and what a reading finds."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from allegiance.base.values import Basis
from allegiance.cases.draft.columns import COLUMNS
from allegiance.cases.draft.panel import Floats, Panel

if TYPE_CHECKING:
    from allegiance.cases.draft.contest import Campaign

PEERS = 3
"""Fewest states of a region whose middle stands in for a missing value; below it the world's does."""


@dataclass(frozen=True)
class Found:
    """One number a reading found, with the range it states, what it rests on and its source (a catalogue key)."""

    value: float
    low: float
    high: float
    basis: Basis
    source: str = ""
    note: str = ""

    def times(self, factor: float, note: str, widen: float = 1.0, most: float = math.inf) -> Found:
        """This number times a factor, with a range widened by another, no higher than `most`; an estimate at best."""
        basis = self.basis if self.basis is Basis.judgement else Basis.estimated
        value = min(self.value * factor, most)
        return replace(
            self, value=value, low=min(value, self.low * factor / widen), high=min(most, self.high * factor * widen),
            basis=basis, note=note,
        )  # fmt: skip


def judged(value: float, low: float, high: float, note: str) -> Found:
    """The theory's default where no data say anything: a judgement."""
    return Found(value, low, high, Basis.judgement, "", note)


@dataclass(frozen=True)
class Value:
    """A value of a column, the year it is of, and whether it is that of comparable states."""

    number: float
    year: int
    column: str
    peers: bool = False


@dataclass
class About:
    """A state on a day: everything a reading may ask.

    Attributes:
        code: Gleditsch-Ward code. task: what the army is set to do. memory: numbers found so far, by reading.
        facing: the campaign that a draft is of (see contest.py), None for what the tables say of the year before.
    """

    panel: Panel
    code: int
    day: date
    task: str = "peace"
    memory: dict[Hashable, Any] = field(default_factory=dict)
    facing: Campaign | None = None

    @property
    def row(self) -> int:
        """Position of the state in the panel."""
        return self.panel.index[self.code]

    @property
    def name(self) -> str:
        """The state's name in words."""
        return str(self.panel.frame["country"][self.row])

    def own(self, name: str) -> Value | None:
        """The state's own latest value of a column that was known on the day."""
        values, years = self.panel.latest(name, self.day.year)
        if math.isnan(values[self.row]):
            return None
        return Value(float(values[self.row]), int(years[self.row]), name)

    def number(self, name: str) -> float | None:
        """The number of `own`, or None."""
        found = self.own(name)
        return None if found is None else found.number

    def world(self, name: str) -> Floats:
        """The latest values of a column over all states that existed on the day; NaN elsewhere. Shape (states,)."""
        values, _ = self.panel.latest(name, self.day.year)
        return np.where(self.panel.there(self.day), values, np.nan)

    def middle(self, name: str) -> Value | None:
        """The median of the region's states, of the world's where the region has fewer than `PEERS` values."""
        values = self.world(name)
        near = values[self.panel.regions == self.panel.regions[self.row]]
        for group in (near, values):
            known = group[~np.isnan(group)]
            if len(known) >= PEERS:
                return Value(float(np.median(known)), self.day.year - COLUMNS[name].lag, name, peers=True)
        return None

    def standing(self, values: Floats) -> float | None:
        """How many robust deviations the state's value lies above the middle of all states, in [-2.5, 2.5]."""
        mine, known = values[self.row], values[~np.isnan(values)]
        if math.isnan(mine) or len(known) < 10:
            return None
        low, middle, high = np.quantile(known, [0.16, 0.5, 0.84])
        return float(np.clip((mine - middle) / max((high - low) / 2, 1e-9), -2.5, 2.5))

    def rows(self, table: str, state: int | None = None) -> list[dict[str, Any]]:
        """Rows of a list for this state or another; the reading must cut them at the day."""
        return self.panel.entries(table, self.code if state is None else state)

    def tally(self) -> Tally:
        """A fresh record of what a formula takes in."""
        return Tally(self)

    def once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` gives, made once."""
        if key not in self.memory:
            self.memory[key] = make()
        return self.memory[key]


class Tally:
    """The inputs of one formula: own values, then the middle of comparable states, then a default.

    Each step down widens the range: by a half where all inputs are those of comparable states, twofold where all are
    defaults. The basis is *estimated* if any input is data and *judgement* if none is.
    """

    def __init__(self, about: About) -> None:
        self.about = about
        self.said: list[str] = []
        self.source = ""
        self.steps: list[float] = []

    def take(self, name: str, default: float) -> float:
        """The state's own value, else the region's or the world's middle, else `default`."""
        found = self.about.own(name) or self.about.middle(name)
        if found is None:
            self.steps.append(1.0)
            return default
        self._record(found)
        return found.number

    def own(self, name: str) -> float | None:
        """The state's own value if there is one; nothing is recorded if not."""
        found = self.about.own(name)
        if found is not None:
            self._record(found)
        return None if found is None else found.number

    def use(self, found: Found, what: str) -> float:
        """The value of another reading, which carries its own basis along."""
        self.steps.append(1.0 if found.basis is Basis.judgement else 0.25)
        if found.basis is not Basis.judgement:
            self.source = self.source or found.source
        self.said.append(what)
        return found.value

    def seen(self, what: str, source: str) -> None:
        """Record an input that is counted from a list."""
        self.said.append(what)
        self.source = self.source or source
        self.steps.append(0.0)

    def lack(self) -> None:
        """Record an input that nothing is known of."""
        self.steps.append(1.0)

    def _record(self, found: Value) -> None:
        self.steps.append(0.5 if found.peers else 0.0)
        source = COLUMNS[found.column].source
        self.source = self.source or source
        self.said.append(f"{found.column} {'of comparable states' if found.peers else found.year}")

    @property
    def widening(self) -> float:
        """Factor by which the stated range grows: 1 own data, 1.5 comparable states, 2 defaults."""
        return 1.0 + (sum(self.steps) / len(self.steps) if self.steps else 1.0)

    def level(self, value: float, half: float = 0.12, low: float = 0.0, high: float = 1.0) -> Found:
        """A level in [low, high] with a range of `half` to both sides, widened."""
        kept = min(max(value, low), high)
        wide = half * self.widening
        return self._found(kept, max(0.0, kept - wide), min(1.0, kept + wide))

    def ratio(self, value: float, factor: float, low: float = 0.0, high: float = math.inf) -> Found:
        """A positive number with a range of a factor to both sides, widened."""
        kept = min(max(value, low), high)
        wide = factor**self.widening
        return self._found(kept, kept / wide, min(kept * wide, high))

    def _found(self, value: float, low: float, high: float) -> Found:
        basis = Basis.estimated if self.source else Basis.judgement
        note = f"from {', '.join(dict.fromkeys(self.said))}" if self.said else "no data: the default of the rule"
        return Found(value, low, high, basis, self.source, note)
