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
from allegiance.runs.summary import expected, summarise
from allegiance.runs.workers import spread
from allegiance.theory.forms import COUNTED
from allegiance.world.blueprint import Blueprint, build, shape_of
from allegiance.world.structure import Structure, structure

SOLDIERS = 2000.0
"""Soldiers simulated in all, and no fewer than eight brigades of each force: a state takes a second or two."""


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
            on the same luck. workers: processes. scale: of the simulation; chosen by `small_spec` if None.
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
    jobs = [([(case, spec, variants[name], m) for name, m in chunk],) for chunk in chunks]
    rows: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in variants}
    for number, found in spread(_drawn, jobs, workers):
        for (name, member), row in zip(chunks[number], found, strict=True):
            rows[name][member] = row
    return {name: _played(case, spec, [own[m] for m in range(members)]) for name, own in rows.items()}


def play_together(cases: Sequence[Case], members: int = 8, seed: int = 0, scale: float | None = None) -> list[Played]:
    """What `play_army` makes of each of several drafts, played side by side where they are of one shape."""
    specs, as_given = [small_spec(case, members, seed, scale=scale) for case in cases], dict[str, Value]()
    wars = [(case, spec, as_given, m) for case, spec in zip(cases, specs, strict=True) for m in range(members)]
    rows = _drawn(wars)
    return [
        _played(case, spec, rows[k * members : (k + 1) * members])
        for k, (case, spec) in enumerate(zip(cases, specs, strict=True))
    ]


def bundles(cases: Sequence[Case], members: int) -> list[list[int]]:
    """Numbers of the drafts that are best played together: of one shape, as many as a world holds.

    How drafts are bundled changes no result: it is what `play_together` makes of each alone.
    """
    alike: dict[tuple[object, ...], list[int]] = {}
    for number, case in enumerate(cases):
        alike.setdefault(shape_of(case, case.days), []).append(number)
    most = max(1, MOST_MEMBERS // max(1, members))
    return [group[k : k + most] for group in alike.values() for k in range(0, len(group), most)]


def _played(case: Case, spec: RunSpec, rows: Sequence[dict[str, Any]]) -> Played:
    """With its summary, in which the probabilities of events are told by their daily chances (runs/summary.expected).

    A few wars seldom show a rare event; what each day's chance of it was is known in all of them.
    """
    frame = pl.DataFrame(rows, infer_schema_length=None)
    summary = summarise(case, spec, frame)
    for side, outcomes in summary["outcomes"].items():
        for form in COUNTED:
            came, chance = (frame[f"{side}.{form}{end}"].to_numpy() for end in ("", "_chance"))
            outcomes[form] |= expected((came > 0).astype(float), chance)
    return Played(case, spec, frame, summary)


def _drawn(wars: Sequence[tuple[Case, RunSpec, Mapping[str, Value], int]]) -> list[dict[str, Any]]:
    """Outcomes of members, each with its settings over its case's numbers drawn for its pair: played side by side."""
    made: dict[tuple[int, int], Structure] = {}
    drawn: dict[tuple[int, int], Case] = {}
    plans: dict[tuple[int, int, int], Blueprint] = {}
    for case, spec, settings, member in wars:
        assert spec.days is not None
        assert spec.scale is not None
        number = member // LUCK_PER_DRAW
        one, draw, plan = (id(case), id(settings)), (id(case), number), (id(case), id(settings), number)
        if one not in made:
            made[one] = structure(with_values(case, settings), spec.scale)
        if draw not in drawn:
            drawn[draw] = within_ranges(case, spec.seed, number)
        if plan not in plans:
            plans[plan] = build(with_values(drawn[draw], settings), spec.days, spec.scale, made[one])
    found = [(plans[id(case), id(settings), m // LUCK_PER_DRAW], m) for case, _, settings, m in wars]
    return play_mixed(found, wars[0][1])
