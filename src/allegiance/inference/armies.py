"""Plays a drafted army as what it is: a distribution of armies. Each pair of members draws the case's numbers anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from allegiance.cases.paths import with_values
from allegiance.cases.schema import Case
from allegiance.cases.walk import Value
from allegiance.inference.ranges import within_ranges
from allegiance.runs.ensemble import play_rows
from allegiance.runs.spec import LUCK_PER_DRAW, RunSpec
from allegiance.runs.summary import summarise
from allegiance.runs.workers import spread

SOLDIERS = 2000.0
"""Soldiers simulated in all: enough for some twenty companies, few enough for a state in a second or two."""


@dataclass(frozen=True)
class Played:
    """Members of a drafted army and their summary (keys as in summary.json)."""

    case: Case
    spec: RunSpec
    members: pl.DataFrame
    summary: dict[str, Any]


def small_spec(
    case: Case, members: int, seed: int = 0, threads: int = 1, days: int | None = None, scale: float | None = None
) -> RunSpec:
    """A run of some `SOLDIERS` simulated soldiers, or of the given scale."""
    men = sum(f.strength.value for side in case.sides.values() for f in side.forces.values())
    scale = min(1.0, SOLDIERS / max(men, 1.0)) if scale is None else scale
    return RunSpec(members=members, seed=seed, scale=scale, threads=threads, days=days).settled(case)


def play_army(
    case: Case, members: int = 12, seed: int = 0, settings: dict[str, Value] | None = None, workers: int = 1,
    scale: float | None = None,
) -> Played:  # fmt: skip
    """Play a draft, its numbers drawn within their ranges for each pair of members.

    Args:
        members: an even number is best: pairs share a draw of numbers and parameters. settings: laid over each draw,
            on the same luck. workers: processes. scale: of the simulation; some `SOLDIERS` simulated if None.
    """
    spec = small_spec(case, members, seed, scale=scale)
    draws = range((members + LUCK_PER_DRAW - 1) // LUCK_PER_DRAW)
    jobs = [(case, spec, draw, settings or {}) for draw in draws]
    rows: dict[int, dict[str, Any]] = {}
    for _, found in spread(_pair, jobs, workers):
        rows |= {int(row["member"]): row for row in found}
    frame = pl.DataFrame([rows[m] for m in sorted(rows)], infer_schema_length=None)
    return Played(case, spec, frame, summarise(case, spec, frame))


def _pair(case: Case, spec: RunSpec, draw: int, settings: dict[str, Value]) -> list[dict[str, Any]]:
    drawn = within_ranges(case, spec.seed, draw)
    first = draw * LUCK_PER_DRAW
    wanted = [m for m in range(first, first + LUCK_PER_DRAW) if m < spec.members]
    return play_rows(with_values(drawn, settings) if settings else drawn, spec, wanted)
