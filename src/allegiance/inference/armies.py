"""Plays a drafted army as what it is: a distribution of armies. Each pair of members draws the case's numbers anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from allegiance.cases.paths import with_values
from allegiance.cases.schema import Case
from allegiance.cases.walk import Value
from allegiance.inference.ranges import within_ranges
from allegiance.runs.ensemble import batches
from allegiance.runs.member import play
from allegiance.runs.outcomes import outcome_row
from allegiance.runs.spec import LUCK_PER_DRAW, RunSpec
from allegiance.runs.summary import summarise
from allegiance.runs.workers import spread
from allegiance.world.blueprint import build
from allegiance.world.structure import structure

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
    case: Case, members: int = 8, seed: int = 0, settings: dict[str, Value] | None = None, workers: int = 1,
    scale: float | None = None,
) -> Played:  # fmt: skip
    """Play a draft, its numbers drawn within their ranges for each pair of members.

    Args:
        members: an even number is best: pairs share a draw of numbers and parameters. settings: laid over each draw,
            on the same luck. workers: processes. scale: of the simulation; some `SOLDIERS` simulated if None.
    """
    spec = small_spec(case, members, seed, scale=scale)
    draws = -(-members // LUCK_PER_DRAW)
    each = -(-draws // max(1, min(workers, draws)))
    jobs = [(case, spec, range(k, min(k + each, draws)), settings or {}) for k in range(0, draws, each)]
    found = dict(spread(_drawn, jobs, workers))
    frame = pl.DataFrame([row for k in sorted(found) for row in found[k]], infer_schema_length=None)
    return Played(case, spec, frame, summarise(case, spec, frame))


def _drawn(case: Case, spec: RunSpec, draws: range, settings: dict[str, Value]) -> list[dict[str, Any]]:
    """Outcomes of the members of some draws, played side by side: a day costs little more for many than for two."""
    assert spec.days is not None
    assert spec.scale is not None
    days, scale = spec.days, spec.scale

    def laid(of: Case) -> Case:
        return with_values(of, settings) if settings else of

    made = structure(laid(case), scale)
    plans = {k: build(laid(within_ranges(case, spec.seed, k)), days, scale, made) for k in draws}
    wanted = [m for m in range(draws.start * LUCK_PER_DRAW, draws.stop * LUCK_PER_DRAW) if m < spec.members]
    rows = []
    for some in batches(plans[draws.start], wanted):
        own = [plans[m // LUCK_PER_DRAW] for m in some]
        rows += [outcome_row(one, own[0].names) for one in play(own, spec.theory, spec.draws(some), spec.seed, some)]
    return rows
