"""One case at many values of some of its numbers, on the same random draws at each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.base.files import sha256_text, to_json
from allegiance.base.notebook import Brief
from allegiance.base.parts import Parts
from allegiance.cases.loader import load_case
from allegiance.cases.paths import case_hash, with_values
from allegiance.cases.schema import Case
from allegiance.experiments.design import Point, check_points
from allegiance.experiments.outcomes import Outcome, outcomes_of
from allegiance.experiments.store import open_folder, plain, publish
from allegiance.runs.bundle import spec_of
from allegiance.runs.ensemble import Progress, play_rows
from allegiance.runs.spec import RunSpec
from allegiance.runs.summary import probability
from allegiance.runs.summary import spread as quantiles
from allegiance.runs.workers import spread
from allegiance.world.blueprint import automatic_scale

SHARE = "%"
"""Unit of shares and probabilities at a point; differences between points are in percentage points."""


@dataclass(frozen=True, repr=False)
class Sweep(Brief):
    """Outcomes of a case over points.

    `paths`: what was set. `points`: the values of each point, in the order of `paths`. `frame`: one row per point and
    outcome: point, a column for each path, outcome, side, label, unit, median, low, high, mean, members.
    """

    case: Case
    paths: tuple[str, ...]
    points: tuple[Point, ...]
    spec: RunSpec
    frame: pl.DataFrame


def play_sweep(
    case: Case | str | Path, points: Sequence[Mapping[str, Any]], members: int, seed: int, out: str | Path | None,
    resume: bool, progress: Progress | None, force: bool, **options: Any,
) -> Sweep:  # fmt: skip
    """Play a case at every point; arguments as of `allegiance.sweep`, `points` from experiments/design.py.

    Raises:
        AllegianceError: unknown case, a point that is faulty or contradicts the case, or fewer than two members.
    """
    spec = spec_of(members=members, seed=seed, **options)
    if spec.members < 2:
        raise AllegianceError(f"members must be at least 2, not {spec.members}", "an interval needs more than one war")
    loaded = case if isinstance(case, Case) else load_case(case)
    asked: list[Point] = [dict(point) for point in points]
    paths = check_points(asked)
    for point in asked:
        with_values(loaded, point)  # every fault is told before anything is played
    if spec.scale is None:
        days = spec.days or loaded.days
        spec = replace(spec, scale=automatic_scale(loaded, days, spec.members * len(asked)))
    spec = spec.settled(loaded)
    wanted = {"case_sha256": case_hash(loaded), "points": asked, "spec": spec.identity()}
    with open_folder("sweep", wanted, out=out, resume=resume, force=force, progress=progress) as folder:
        played = _play(loaded, asked, spec, folder.parts, progress)
        frame = pl.DataFrame(
            [
                {"point": k, **{path: point[path] for path in paths}} | told(outcome, table) | {"members": spec.members}
                for k, (point, table) in enumerate(zip(asked, played, strict=True))
                for outcome in outcomes_of(loaded)
            ],
            infer_schema_length=None, strict=False,
        )  # fmt: skip
        result = Sweep(loaded, tuple(paths), tuple(asked), spec, frame)
        publish(folder, {"sweep": frame}, summary(result))
    return result


def told(outcome: Outcome, members: pl.DataFrame) -> dict[str, Any]:
    """One outcome at one point: median and 90 % interval over members; of a probability, the share and its own."""
    values = outcome.values(members)
    if outcome.happened:
        found = probability(values > 0)
        ends = (found["probability"], *found["interval"])
        middle, low, high = (float(f"{outcome.factor * x:.6g}") for x in ends)
    else:
        spreads = quantiles(values)
        middle, (low, high) = spreads["median"], spreads["interval"]
    finite = values[np.isfinite(values)]
    unit = SHARE if outcome.unit == "percentage points" else outcome.unit
    return {
        "outcome": outcome.key, "side": outcome.side, "label": outcome.label, "unit": unit, "median": middle,
        "low": low, "high": high, "mean": float(finite.mean()) if len(finite) else None,
    }  # fmt: skip


def _play(
    case: Case, points: list[Point], spec: RunSpec, parts: Parts, progress: Progress | None
) -> list[pl.DataFrame]:
    places = [f"{sha256_text(to_json(point))[:24]}.parquet" for point in points]
    found = {k: table for k, place in enumerate(places) if (table := parts.find(place)) is not None}
    todo = [k for k in range(len(points)) if k not in found]
    if progress:
        progress(len(found) / len(points), f"point {len(found)} of {len(points)}")
    for number, rows in spread(play_point, [(case, points[k], spec) for k in todo], spec.threads):
        k = todo[number]
        found[k] = pl.DataFrame(rows, infer_schema_length=None)
        parts.keep(places[k], found[k])
        if progress:
            progress(len(found) / len(points), f"point {len(found)} of {len(points)}")
    return [found[k] for k in range(len(points))]


def play_point(case: Case, point: Point, spec: RunSpec) -> list[dict[str, Any]]:
    """Outcomes of all members of a case at one point, one row for each."""
    return play_rows(with_values(case, point), spec, range(spec.members))


def summary(result: Sweep) -> dict[str, Any]:
    """The sweep as JSON holds it."""
    return {
        "schema": 1, "case": result.case.id, "members": result.spec.members, "days": result.spec.days,
        "seed": result.spec.seed, "scale": result.spec.scale, "paths": list(result.paths),
        "points": list(result.points), "outcomes": plain(result.frame),
    }  # fmt: skip
