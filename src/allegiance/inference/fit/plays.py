"""Plays the points of a design, campaign by campaign: pure tasks, each a sealed part, on one machine or many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.compiler import sources_hash
from allegiance.base.errors import AllegianceError
from allegiance.base.files import sha256_text, to_json
from allegiance.base.parts import Parts, owner_of
from allegiance.cases.paths import case_hash
from allegiance.cases.schema import Case
from allegiance.inference.armies import bundles, small_spec
from allegiance.inference.campaigns import Planned, worlds
from allegiance.inference.fit.design import Design
from allegiance.inference.ranges import within_ranges
from allegiance.runs.ensemble import play_mixed
from allegiance.runs.outcomes import COUNTED, INDIVIDUAL, THRESHOLDS
from allegiance.runs.spec import RunSpec
from allegiance.runs.workers import spread
from allegiance.theory.model import draw
from allegiance.theory.stamp import theory_hash
from allegiance.world.blueprint import build
from allegiance.world.structure import structure

OUTCOMES = ("loyalty_shift", "ruler_fell", "coup_attempt", "coup_success", "mutiny", "defection", "desertion",
            "refusal")  # fmt: skip
"""What is kept of a world, 0 or 1 each; the last three: a larger share than the threshold of a run's summary."""
Progress = Callable[[float, str], None]
Point = tuple[int, dict[str, float]]


@dataclass(frozen=True)
class Army:
    """A drafted campaign (or state-year) that can be played: its number in NAVCO (or its name), its case and the side
    that is looked at."""

    number: str
    case: Case
    side: str


Played = Callable[[Sequence[tuple[Army, Sequence[Point]]], int], list[list[dict[str, Any]]]]


@dataclass(frozen=True)
class How:
    """How points are played (see `play_points`), the types of what is kept of a world, what the parts' names begin
    with, and what the armies are called."""

    play: Played
    kinds: Mapping[str, Any]
    prefix: str = ""
    called: str = "campaigns"


def armies(plans: Sequence[Planned]) -> list[Army]:
    """The campaigns that could be drafted.

    Raises:
        AllegianceError: none could.
    """
    found = [Army(p.onset.number, p.draft.case, p.draft.side) for p in plans if p.draft is not None]
    if not found:
        raise AllegianceError("no campaign can be drafted", plans[0].why_not if plans else "choose other years")
    return found


def store(folder: Path) -> Parts:
    """Plays kept in `folder`: they belong to the theory and the code of simulated wars, whatever is made of them."""
    return Parts(folder, owner_of(["plays of a fit", theory_hash(), sources_hash()]))


def play_design(
    those: Sequence[Army], design: Design, seed: int, kept: Parts, workers: int = 2, progress: Progress | None = None,
    how: How | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Play every point of the design once; a campaign that was finished before is read from its part.

    Args:
        how: points are played and what is kept of a world; OUTCOMES if None.

    Returns:
        `number` of the campaign, `point` of the design, and OUTCOMES as 0 or 1, in order of the points.
    """
    how = how or How(play_points, dict.fromkeys(OUTCOMES, pl.Int8))
    found: list[pl.DataFrame] = []
    todo: list[tuple[str, Army, list[Point]]] = []
    for k, army in enumerate(those):
        points = design.of(k)
        name = f"{how.prefix}{army.number}-{sha256_text(to_json([case_hash(army.case), seed, points]))[:16]}.parquet"
        if (table := kept.find(name)) is not None:
            found.append(table)
        elif points:
            todo.append((name, army, points))
    total = len(found) + len(todo)
    most = max((len(points) for _, _, points in todo), default=1)
    groups = bundles([army.case for _, army, _ in todo], most)
    jobs = [([todo[k][1:] for k in group], seed) for group in groups]
    for number, tables in spread(how.play, jobs, workers):
        for k, rows in zip(groups[number], tables, strict=True):
            table = pl.DataFrame(rows, schema_overrides=how.kinds)
            kept.keep(todo[k][0], table)
            found.append(table)
        if progress:
            progress(len(found) / total, f"{len(found)} of {total} {how.called} played")
    return pl.concat(found).sort("point")


def play_points(asked: Sequence[tuple[Army, Sequence[Point]]], seed: int) -> list[list[dict[str, Any]]]:
    """One world for each point of each army, side by side: its own parameters, case numbers and luck.

    The case's numbers are drawn within their ranges, so that what is learnt is the chance over armies like the draft.
    """
    return [_happened(army, frame) for (army, _), frame in zip(asked, frames_of(asked, seed), strict=True)]


def frames_of(asked: Sequence[tuple[Army, Sequence[Point]]], seed: int) -> list[pl.DataFrame]:
    """The worlds of each army's points as rows of outcomes (runs/outcomes.py)."""
    wanted, drawn = [], []
    for army, points in asked:
        spec = small_spec(army.case, len(points), seed)
        assert spec.days is not None
        assert spec.scale is not None
        made = structure(army.case, spec.scale)
        for number, fixed in points:
            plan = build(within_ranges(army.case, seed, number), spec.days, spec.scale, made)
            wanted.append((plan, number))
            drawn.append(draw(seed, number, fixed))
    rows = iter(play_mixed(wanted, RunSpec(seed=seed), drawn))
    return [pl.DataFrame(list(islice(rows, len(points))), infer_schema_length=None) for _, points in asked]


def _happened(army: Army, frame: pl.DataFrame) -> list[dict[str, Any]]:
    own = {form: frame[f"{army.side}.{form}"].to_numpy() > 0 for form in COUNTED}
    own |= {form: frame[f"{army.side}.{form}"].to_numpy() > THRESHOLDS[form] for form in INDIVIDUAL}
    own |= worlds(army.case, army.side, frame)
    members = frame["member"].to_list()
    return [
        {"number": army.number, "point": point} | {name: int(own[name][k]) for name in OUTCOMES}
        for k, point in enumerate(members)
    ]
