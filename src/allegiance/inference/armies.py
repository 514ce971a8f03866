"""Plays a drafted army as what it is: a distribution of armies. Each pair of members draws the case's numbers anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from allegiance.cases.paths import with_values
from allegiance.cases.schema import Case
from allegiance.cases.walk import Value
from allegiance.inference.ranges import within_ranges
from allegiance.runs.ensemble import play_mixed
from allegiance.runs.member import MOST_MEMBERS
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
    return play_variants(case, {"": settings or {}}, members, seed, workers, scale)[""]


def play_variants(
    case: Case, variants: Mapping[str, Mapping[str, Value]], members: int = 8, seed: int = 0, workers: int = 1,
    scale: float | None = None,
) -> dict[str, Played]:  # fmt: skip
    """The same for several sets of settings at once, by their names; all share their luck."""
    spec = small_spec(case, members, seed, scale=scale)
    wars = [(name, m) for name in variants for m in range(members)]
    each = -(-len(wars) // max(1, workers, -(-len(wars) // MOST_MEMBERS)))
    each += each % LUCK_PER_DRAW
    chunks = [wars[k : k + each] for k in range(0, len(wars), each)]
    jobs = [(case, spec, [(variants[name], m) for name, m in chunk]) for chunk in chunks]
    rows: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in variants}
    for number, found in spread(_drawn, jobs, workers):
        for (name, member), row in zip(chunks[number], found, strict=True):
            rows[name][member] = row
    made = {}
    for name, own in rows.items():
        frame = pl.DataFrame([own[m] for m in range(members)], infer_schema_length=None)
        made[name] = Played(case, spec, frame, summarise(case, spec, frame))
    return made


def _drawn(case: Case, spec: RunSpec, wars: Sequence[tuple[Mapping[str, Value], int]]) -> list[dict[str, Any]]:
    """Outcomes of members, each with its settings over numbers drawn for its pair: played side by side."""
    assert spec.days is not None
    assert spec.scale is not None
    asked = {id(settings): settings for settings, _ in wars}
    made = {key: structure(with_values(case, settings), spec.scale) for key, settings in asked.items()}
    draws = {m: m // LUCK_PER_DRAW for _, m in wars}
    drawn = {k: within_ranges(case, spec.seed, k) for k in sorted(set(draws.values()))}
    plans = {
        (key, k): build(with_values(drawn[k], asked[key]), spec.days, spec.scale, made[key])
        for key, k in dict.fromkeys((id(settings), draws[m]) for settings, m in wars)
    }
    return play_mixed([(plans[id(settings), draws[m]], m) for settings, m in wars], spec)
