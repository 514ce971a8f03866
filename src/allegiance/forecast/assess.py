"""A first assessment of any army: drafted from data, played, explained, and set beside statistics and history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Unpack

import numpy as np

from allegiance.base.errors import AllegianceError
from allegiance.base.notebook import Brief, with_bar
from allegiance.cases.draft.about import About
from allegiance.cases.draft.contest import task_of
from allegiance.cases.draft.drafting import Asked, Draft, draft_case
from allegiance.cases.draft.panel import Panel, load_panel
from allegiance.cases.draft.profile import profile_of_case, profiles
from allegiance.cases.loader import library, load_case, load_observed
from allegiance.evidence.folder import data_dir
from allegiance.experiments.why import Attribution, why
from allegiance.forecast.base_rate import BaseRates, base_rate
from allegiance.forecast.drafted import OUTCOMES, Neighbour, Past, Regressed, levels_of, nearest, past, regress
from allegiance.inference.armies import SOLDIERS, Played, play_army, play_variants

EARLIER = 5
"""Years before that the same army is looked at, too."""
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Likeness:
    """A case of the library like the army: distance (root mean square of levels, 0 alike), what came of it."""

    case: str
    title: str
    distance: float
    coup: int
    mutiny: int
    left: tuple[float, float]
    refusal: int


@dataclass(frozen=True, repr=False)
class Assessment(Brief):
    """Everything an assessment found.

    Attributes:
        draft, played: the case and its members. why: contributions of conditions. levers: name of a what-if to its
            label and its members, on the same luck. before: the same army five years earlier, None if not drafted.
        region: middle of each level over the region's armies. levels: this army's. statistics: base rates by outcome.
        regressed: a plain regression by outcome. neighbours, likenesses: state-years and library cases most like it.
        missing: what could not be said, and why.
    """

    draft: Draft
    played: Played
    why: Attribution | None
    levers: dict[str, tuple[str, Played]]
    before: tuple[Draft, Played] | None
    region: dict[str, float]
    levels: dict[str, float]
    levels_before: dict[str, float] | None
    statistics: dict[str, BaseRates]
    regressed: dict[str, Regressed]
    neighbours: list[Neighbour]
    likenesses: list[Likeness]
    missing: list[str] = field(default_factory=list)


@with_bar
def assess(
    country: str | int,
    day: date | str,
    members: int = 24,
    seed: int = 0,
    data: str | Path | None = None,
    workers: int = 2,
    progress: Progress | None = None,
    **asked: Unpack[Asked],
) -> Assessment:
    """Draft a state's army, play it, weigh its conditions, and set it beside statistics, regression and history.

    Args:
        country: Gleditsch-Ward number, ISO code or name of the time.
        day: first day of the assessment, a date or YYYY-MM-DD.
        members: simulated wars of the army itself; the army five years before and each what-if get a third, the
            conditions a fourth.
        seed: a number from 0 from which all random draws follow.
        data: folder of standardised tables; the usual one if not given.
        workers: processes.
        progress: called with the share done, in [0, 1], and a word on what is being done.
        asked: of the draft (see `draft_case`): days, task, against, like.

    Raises:
        AllegianceError: the army cannot be drafted.
    """
    say = progress or (lambda share, text: None)
    say(0.0, "drafting")
    folder = data_dir(data)
    panel = load_panel(folder)
    draft = draft_case(country, day, data=panel, **asked)
    when, code = draft.case.start, int(str(draft.state["gwcode"]))
    missing: list[str] = []
    say(0.05, "playing")
    played = play_army(draft.case, members, seed, workers=workers)
    say(0.25, "what-ifs")
    some = max(4, members // 3)
    changes = draft.case.counterfactuals
    found = play_variants(draft.case, {name: what.set for name, what in changes.items()}, some, seed, workers)
    levers = {name: (what.label, found[name]) for name, what in changes.items()}
    say(0.5, "conditions")
    attributed = _why(draft, max(6, members // 4), seed, workers, missing)
    say(0.7, "five years before")
    before = _before(draft, asked, panel, some, seed, workers, missing)
    say(0.8, "statistics")
    mine = levels_of(panel, code, when, draft.case.war.kind)
    seen = _past(panel, folder, when, missing)
    statistics = _statistics(code, when, folder, missing)
    region = _region(panel, code, when)
    return Assessment(
        draft, played, attributed, levers, before, region, mine,
        levels_of(panel, code, before[0].case.start, before[0].case.war.kind) if before else None, statistics,
        {o: regress(seen, mine, o) for o in OUTCOMES} if seen else {},
        nearest(seen, mine, draft.case.war.kind, code) if seen else [], likenesses(mine, draft.case.war.kind), missing,
    )  # fmt: skip


def _why(draft: Draft, members: int, seed: int, workers: int, missing: list[str]) -> Attribution | None:
    men = sum(f.strength.value for side in draft.case.sides.values() for f in side.forces.values())
    try:
        scale = min(1.0, SOLDIERS / max(men, 1.0))
        return why(draft.case, members, seed, side=draft.side, scale=scale, threads=workers)
    except AllegianceError as error:
        missing.append(f"what drives it: {error.message}")
        return None


def _before(
    draft: Draft, asked: Asked, panel: Panel, members: int, seed: int, workers: int, missing: list[str]
) -> tuple[Draft, Played] | None:
    start = draft.case.start
    day = date(start.year - EARLIER, start.month, min(start.day, 28))
    try:
        same: Asked = {"days": asked.get("days"), "task": asked.get("task", "auto")}
        earlier = draft_case(int(str(draft.state["gwcode"])), day, data=panel, **same)
    except AllegianceError as error:
        missing.append(f"five years before: {error.message}")
        return None
    return earlier, play_army(earlier.case, members, seed, workers=workers)


def _past(panel: Panel, folder: Path, day: date, missing: list[str]) -> Past | None:
    try:
        return past(panel, folder, day)
    except AllegianceError as error:
        missing.append(f"regression and nearest states: {error.message}")
        return None


def _statistics(code: int, day: date, folder: Path, missing: list[str]) -> dict[str, BaseRates]:
    found = {}
    for outcome in OUTCOMES:
        try:
            found[outcome] = base_rate(code, day, outcome, folder)
        except AllegianceError as error:
            missing.append(f"statistical rate of {outcome.replace('_', ' ')}: {error.message}")
    return found


def _region(panel: Panel, code: int, day: date) -> dict[str, float]:
    """The middle of each level over the armies of the region, on the first of January of the year."""
    row = panel.index[code]
    near = {int(c) for c, r in zip(panel.codes, panel.regions, strict=True) if r == panel.regions[row] and c != code}
    others = [levels for other, (_, levels) in profiles(panel, day.year).items() if other in near]
    return {name: float(np.median([o[name] for o in others])) for name in others[0]} if others else {}


def likenesses(mine: dict[str, float], kind: str, count: int = 6) -> list[Likeness]:
    """Cases of the library most like an army by its levels; those that faced the same come first among equals."""
    found: list[tuple[float, Likeness]] = []
    rows: list[tuple[Any, Any, dict[str, float]]] = []
    for name in library():
        case, observed = load_case(name), load_observed(name)
        if observed is not None:
            rows.append((case, observed, profile_of_case(case, observed.side)))
    table = np.array([[levels[n] for n in mine] for _, _, levels in rows])
    spread = np.maximum(table.std(axis=0), 1e-9)
    me = np.array(list(mine.values()))
    for (case, observed, _), row in zip(rows, table, strict=True):
        far = float(np.sqrt((((row - me) / spread) ** 2).mean())) + (0.0 if case.war.kind == kind else 0.25)
        found.append((far, Likeness(
            case.id, case.title, far, observed.coup, observed.mutiny, observed.left, observed.refusal,
        )))  # fmt: skip
    return [like for _, like in sorted(found, key=lambda item: item[0])[:count]]


def faced(panel: Panel, code: int, day: date) -> str:
    """What a state's army faced on a day (see `cases.draft.contest.task_of`)."""
    return task_of(About(panel, code, day))
