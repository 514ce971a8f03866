"""What a level means: known armies at its low, middle and high, over the library's cases and over drafts.

A level between 0 and 1 says little by itself; beside it stand armies a reader knows. Computed, never written by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from allegiance.base.errors import AllegianceError
from allegiance.cases.draft.about import About
from allegiance.cases.draft.contest import task_of
from allegiance.cases.draft.panel import Panel
from allegiance.cases.draft.profile import READ, profile, profile_of_case
from allegiance.cases.draft.states import state_on
from allegiance.cases.loader import library, load_case, load_observed

KNOWN: tuple[tuple[str, int], ...] = (
    ("RUS", 2014), ("USA", 2005), ("EGY", 2011), ("SYR", 2011), ("TUR", 2015), ("IRN", 1977), ("IRQ", 2002),
    ("ARG", 1976), ("CHL", 1973), ("PHL", 1985), ("MLI", 2011), ("FJI", 2005), ("GBR", 1982), ("SAU", 2010),
    ("VNM", 1979), ("ISR", 1973), ("PAK", 1999), ("THA", 2006), ("NGA", 1985), ("CUB", 1985),
)  # fmt: skip
"""Armies that readers know, drafted as anchors on the first of January: chosen for renown, not for their levels."""
SPOTS = (0.05, 0.5, 0.95)
"""Where anchors stand, as quantiles of all levels."""


@dataclass(frozen=True)
class Anchor:
    """A level, the army that has it, and whether it was coded by hand or drafted."""

    value: float
    army: str
    drafted: bool


def anchors(panel: Panel | None = None) -> dict[str, list[Anchor]]:
    """For each level every anchor, low to high: the library's coded sides, and `KNOWN` armies if a panel is given."""
    found: dict[str, list[Anchor]] = {name: [] for name in READ}
    for name in library():
        case, observed = load_case(name), load_observed(name)
        if observed is not None:
            label = f"{case.sides[observed.side].name} {case.start.year}"
            for level, value in profile_of_case(case, observed.side).items():
                found[level].append(Anchor(value, label, drafted=False))
    for iso3, year in KNOWN if panel is not None else ():
        assert panel is not None
        try:
            state = state_on(iso3, date(year, 1, 1))
            about = About(panel, int(str(state["gwcode"])), date(year, 1, 1))
            about.task = task_of(about)
            levels = profile(about)
        except AllegianceError:
            continue
        for level, value in levels.items():
            found[level].append(Anchor(value, f"{state['country']} {year}", drafted=True))
    return {level: sorted(all_, key=lambda a: (a.value, a.army)) for level, all_ in found.items()}


def three(these: Iterable[Anchor]) -> list[Anchor]:
    """The anchors nearest to the low, the middle and the high of a level."""
    known = list(these)
    values = np.array([a.value for a in known])
    spots = np.quantile(values, SPOTS)
    return [known[int(np.argmin(np.abs(values - spot)))] for spot in spots]


def near(these: Iterable[Anchor], value: float, count: int = 2) -> list[Anchor]:
    """The anchors whose level is nearest to a value: what an army with this level is like."""
    return sorted(these, key=lambda a: (abs(a.value - value), a.army))[:count]


def sentence(these: Iterable[Anchor]) -> str:
    """Three anchors as text.

    >>> sentence([Anchor(0.4, "Argentina 1982", False), Anchor(0.65, "Russia 2022", False)])
    '0.40: Argentina 1982; 0.65: Russia 2022'
    """
    return words(three(these))


def words(these: Iterable[Anchor]) -> str:
    """Anchors as text, each once.

    >>> words([Anchor(0.65, "Russia 2022", False), Anchor(0.65, "Mali 2011", True)])
    '0.65: Russia 2022; 0.65: Mali 2011'
    """
    return "; ".join(f"{a.value:.2f}: {a.army}" for a in dict.fromkeys(these))
