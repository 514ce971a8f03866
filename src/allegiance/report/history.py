"""The model beside history: what happened in a case of the library, and what a run of it gave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.cases.loader import library, load_observed
from allegiance.cases.schema import LEVELS, Case, Observed
from allegiance.inference.coding import coded
from allegiance.report.labels import percent
from allegiance.report.page import Prose, Section, Table

NAMES = {"coup": "coup", "mutiny": "largest episode of mutiny", "refusal": "refusal", "left": "share that left"}
FEWEST = 16
"""Members below which nothing is said of whether history lies inside."""


@dataclass(frozen=True)
class Line:
    """One outcome of history beside the run."""

    outcome: str
    happened: str
    given: str
    holds: bool


def lines(case: Case, observed: Observed, members: pl.DataFrame) -> list[Line]:
    """Every coded outcome beside the share of members with that level, or the interval of the share that left.

    A level holds where at least one member in ten shows it; a share where the middle of its coded range lies in the
    run's 90 % interval.
    """
    codes = coded(members, observed.side, len(case.sides) == 1)
    found = []
    for outcome in LEVELS:
        level = int(getattr(observed, outcome))
        share = float(np.mean(codes[outcome] == level))
        most = int(np.bincount(codes[outcome].astype(int), minlength=len(LEVELS[outcome])).argmax())
        text = f"this in {percent(share)} of wars"
        if most != level:
            text += f"; most often: {LEVELS[outcome][most]}"
        found.append(Line(outcome, LEVELS[outcome][level], text, share >= 0.1))
    low, middle, high = (float(q) for q in np.quantile(codes["left"], [0.05, 0.5, 0.95]))
    centre = float(np.mean(observed.left))
    happened = f"{percent(observed.left[0])} to {percent(observed.left[1])}"
    found.append(
        Line("left", happened, f"{percent(middle)} ({percent(low)} to {percent(high)})", low <= centre <= high)
    )
    return found


def beside(case: Case, members: pl.DataFrame) -> Section | None:
    """The opening section of a library case's report, None where nothing is coded."""
    try:
        observed = load_observed(case.id) if case.id in library() else None
    except AllegianceError:
        return None
    if observed is None or f"{observed.side}.served" not in members.columns:
        return None
    rows = lines(case, observed, members)
    side = case.sides[observed.side].name
    table = Table(
        ["outcome", "what happened", "what these wars gave", "inside"],
        [[NAMES[r.outcome], r.happened, r.given, _inside(r, members.height)] for r in rows],
        f"{side}: history beside {members.height} simulated wars",
        "Inside: a level that at least one war in ten shows; the middle of the coded range within the 90 % interval."
        " History is coded by written rules; the model never reads it.",
        sortable=False,
    )
    return Section("Beside history", [Prose([verdict(rows, members.height), observed.note]), table])


def _inside(line: Line, members: int) -> str:
    return ("yes" if line.holds else "no") if members >= FEWEST else "too few wars to say"


def verdict(rows: list[Line], members: int) -> str:
    """One sentence on how the run did.

    >>> verdict([Line("coup", "none", "", True), Line("left", "1 %", "", False)], 64)
    'Of 2 coded outcomes the run holds 1; it misses the share that left.'
    """
    if members < FEWEST:
        return f"With {members} wars it cannot be said whether history lies inside: play at least {FEWEST}."
    missed = [NAMES[r.outcome] for r in rows if not r.holds]
    if not missed:
        return f"The run holds all {len(rows)} coded outcomes."
    held = len(rows) - len(missed)
    return f"Of {len(rows)} coded outcomes the run holds {held}; it misses the {', the '.join(missed)}."
