"""The model beside history: what happened in a case of the library, and what a run of it gave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.cases.loader import library, load_observed
from allegiance.cases.schema import LEVELS, Case, Observed
from allegiance.inference.coding import coded
from allegiance.inference.weights import LEFT_FLOOR
from allegiance.report.labels import percent
from allegiance.report.page import Prose, Section, Table

NAMES = {"coup": "coup", "mutiny": "largest episode of mutiny", "refusal": "refusal", "left": "share that left"}
TITLE = "Beside history"
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
    run's 90 % interval, shares below LEFT_FLOOR not being told apart.
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
    least, centre, most_left = (max(share, LEFT_FLOOR) for share in (low, float(np.mean(observed.left)), high))
    happened = f"{percent(observed.left[0])} to {percent(observed.left[1])}"
    found.append(
        Line("left", happened, f"{percent(middle)} ({percent(low)} to {percent(high)})", least <= centre <= most_left)
    )
    return found


def known(case: Case) -> Observed | None:
    """What is coded of a library case; None where nothing is, or where it cannot be read."""
    try:
        return load_observed(case.id) if case.id in library() else None
    except AllegianceError:
        return None


def beside(case: Case, observed: Observed | None, members: pl.DataFrame) -> Section | None:
    """The opening section of a report, None where nothing is coded."""
    if observed is None or f"{observed.side}.served" not in members.columns:
        return None
    rows = lines(case, observed, members)
    side = case.sides[observed.side].name
    table = Table(
        ["outcome", "what happened", "what these wars gave", "inside"],
        [[NAMES[r.outcome], r.happened, r.given, inside(r.holds, members.height)] for r in rows],
        f"{side}: history beside {members.height} simulated wars",
        "Inside: a level that at least one war in ten shows; the middle of the coded range within the 90 % interval"
        f" (shares below {percent(LEFT_FLOOR)} are not told apart)."
        " History is coded by written rules; the model never reads it.",
        sortable=False,
    )
    return Section(TITLE, [Prose([verdict(rows, members.height), observed.note]), table])


def opening(case: Case, observed: Observed | None, members: pl.DataFrame) -> list[str]:
    """What a report begins with: what happened, and whether the run holds it, with what it gave where it does not."""
    if observed is None or f"{observed.side}.served" not in members.columns:
        return ["Nothing is coded of what happened here, so that the run cannot be held against it."]
    rows = lines(case, observed, members)
    happened = "; ".join(f"{NAMES[r.outcome]}: {r.happened}" for r in rows)
    return [f"What happened in {case.sides[observed.side].name}: {happened}. {verdict(rows, members.height)}"]


def first_page(case: Case, observed: Observed | None, members: pl.DataFrame) -> Prose:
    """The block that every report of a case begins with."""
    return Prose(opening(case, observed, members), TITLE)


def chances(members: pl.DataFrame, observed: Observed, one_sided: bool) -> list[tuple[float, bool]]:
    """For each of coup, mutiny and refusal by many: the share of members with it, and whether it happened."""
    codes = coded(members, observed.side, one_sided)
    least = {"coup": 1, "mutiny": 1, "refusal": 2}
    return [(float(np.mean(codes[o] >= level)), int(getattr(observed, o)) >= level) for o, level in least.items()]


def record(pairs: list[tuple[float, bool]], cases: int, kind: str) -> str:
    """What came of statements like these on other cases, in a sentence.

    >>> record([(0.9, True), (0.85, False), (0.1, False)], 1, "fought an enemy")
    'Its record on the 1 other coded case that fought an enemy: of 2 outcomes given at least 80 %, 1 came true; of 1 \
given at most 20 %, 0 did. The model was made with these cases in view: this is fit, not foresight.'
    """
    if not cases:
        return ""
    high, low = ([y for p, y in pairs if p >= 0.8], [y for p, y in pairs if p <= 0.2])
    told = [f"of {len(high)} outcomes given at least 80 %, {sum(high)} came true"] if high else []
    told += [f"of {len(low)} given at most 20 %, {sum(low)} did"] if low else []
    of = f"{cases} other coded case{'s' if cases != 1 else ''} that {kind}"
    return (
        f"Its record on the {of}: {'; '.join(told)}. The model was made with these cases in view: this is fit, not"
        " foresight."
    )


def inside(holds: bool, members: int) -> str:
    """Whether history lies inside, in a word; not said of too few wars."""
    return ("yes" if holds else "no") if members >= FEWEST else "too few wars to say"


def verdict(rows: list[Line], members: int) -> str:
    """One sentence on how the run did, with what happened and what was given where it missed.

    >>> verdict([Line("coup", "none", "", True), Line("left", "1 %", "9 % (4 to 20 %)", False)], 64)
    'The model misses the share that left: in history 1 %, here 9 % (4 to 20 %). It holds 1 of 2 coded outcomes.'
    """
    if members < FEWEST:
        return f"With {members} wars it cannot be said whether history lies inside: play at least {FEWEST}."
    missed = [r for r in rows if not r.holds]
    if not missed:
        return f"What happened lies within what the model gives, for all {len(rows)} coded outcomes."
    told = "; ".join(f"the {NAMES[r.outcome]}: in history {r.happened}, here {r.given}" for r in missed)
    return f"The model misses {told}. It holds {len(rows) - len(missed)} of {len(rows)} coded outcomes."
