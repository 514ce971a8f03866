"""Plays the arms that rows ask for, each once, and keeps what is needed of them, so that runs resume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.base.files import sha256_text, to_json
from allegiance.base.parts import Parts
from allegiance.cases.loader import library, load_case, load_observed
from allegiance.cases.paths import with_values
from allegiance.cases.schema import Case
from allegiance.experiments.effect_sizes.columns import kept
from allegiance.experiments.effect_sizes.rows import Played
from allegiance.experiments.protocol import bind, fill, protocol
from allegiance.runs.bundle import identity
from allegiance.runs.ensemble import Progress, play_all
from allegiance.runs.spec import LUCK_PER_DRAW, RunSpec
from allegiance.runs.workers import spread
from allegiance.world.blueprint import automatic_scale, build

KINDS = ("civil", "interstate", "repression", "peace")


@dataclass(frozen=True)
class Size:
    """How much is played: members of an arm of size 1, seed, share of companies (chosen if None)."""

    members: int
    seed: int
    scale: float | None
    threads: int


def cases_of(arm: Played) -> list[str]:
    """Names of the cases of an arm, a kind of war standing for all cases of the library but the reference."""
    found = []
    for name in arm.cases:
        if name in KINDS:
            found += [c for c in library() if c != protocol().case and load_case(c).war.kind == name]
        else:
            found.append(name)
    return found


def studied(name: str) -> str | None:
    """The side of a library case whose disloyalty is coded; None where nothing is (its attacker is studied then)."""
    known = load_observed(name)
    return known.side if known else None


def arm_run(arm: Played, name: str, size: Size) -> tuple[Case, RunSpec]:
    """Case and run of one case of an arm; members come in whole pairs, and at least two pairs."""
    base = load_case(name)
    meanings = bind(base, studied(name))
    values: dict[str, float] = {}
    for path, value in arm.set.items():
        try:
            values[fill(path.removeprefix("?"), meanings)] = value
        except AllegianceError:
            if not path.startswith("?"):
                raise
    case = with_values(base, dict(values))
    pairs = max(2, round(size.members * arm.members / LUCK_PER_DRAW))
    days = arm.days or case.days
    members = pairs * LUCK_PER_DRAW
    scale = size.scale or min(protocol().scale, automatic_scale(case, days, 8 * members))
    return case, RunSpec(
        members=members, days=days, seed=size.seed, scale=scale, fixed=arm.fixed, threads=size.threads,
    )  # fmt: skip


def sides_of(arm: Played, name: str, case: Case) -> list[str]:
    """Sides that count as units: the one studied, or every one with a regular force."""
    if not arm.every_side:
        return [bind(case, studied(name))["side"]]
    return [s for s, side in case.sides.items() if any(f.kind == "regular" for f in side.forces.values())]


def play(
    arms: Mapping[str, Played], size: Size, parts: Parts | None = None, progress: Progress | None = None
) -> dict[str, dict[str, pl.DataFrame]]:
    """Play arms, or read what an interrupted run left in `parts`: arm -> "case.side" -> rows of members."""
    runs = {(a, c): arm_run(arm, c, size) for a, arm in arms.items() for c in cases_of(arm)}
    places = {k: f"{k[0]}/{run[0].id}.{sha256_text(to_json(identity(*run)))[:16]}.parquet" for k, run in runs.items()}
    done = {k: t for k, p in places.items() if parts and (t := parts.find(p)) is not None}
    todo = sorted((k for k in runs if k not in done), key=lambda k: -runs[k][0].days * runs[k][1].members)
    jobs = [(*runs[k], len(todo) == 1) for k in todo]
    for number, frame in spread(play_one, jobs, size.threads):
        key = todo[number]
        if parts:
            parts.keep(places[key], frame)
        done[key] = frame
        if progress:
            progress(len(done) / len(runs), f"{key[0]} {runs[key][0].id}")
    return {
        a: {
            f"{runs[a, c][0].id}.{s}": done[a, c].filter(pl.col("side") == s)
            for c in cases_of(arm) for s in sides_of(arm, c, runs[a, c][0])
        }
        for a, arm in arms.items()
    }  # fmt: skip


def play_one(case: Case, spec: RunSpec, alone: bool) -> pl.DataFrame:
    """Play one case of an arm: rows of `columns.kept`, by member."""
    spec = spec if alone else replace(spec, threads=1)
    assert spec.days is not None
    assert spec.scale is not None
    plan = build(case, spec.days, spec.scale)
    rows = [kept(played, plan, case) for _, played in play_all(plan, spec, list(range(spec.members)))]
    return pl.concat(rows).sort("member")
