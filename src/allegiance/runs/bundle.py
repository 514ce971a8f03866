"""A run on disk: parts written as members end, put together at the end, resumable at any moment.

A member's part is written whole or not at all and is a function of the case, the theory, the spec and the member
alone, so a resumed run ends in the same bytes as an uninterrupted one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance import __version__
from allegiance.base.arguments import run_options
from allegiance.base.citations import works_cited
from allegiance.base.compiler import sources_hash
from allegiance.base.errors import AllegianceError, near
from allegiance.base.files import atomic, read_json, read_regular, to_json, write_json
from allegiance.base.owner import Owned, owned
from allegiance.base.parts import seal
from allegiance.base.tables import from_parquet, to_parquet
from allegiance.cases.loader import load_case
from allegiance.cases.paths import case_hash, dump, with_values
from allegiance.cases.schema import Case
from allegiance.runs.ensemble import Progress, play_all, simulate
from allegiance.runs.frames import daily_frame, event_frame, individual_frame
from allegiance.runs.gate import degenerate, inert_lever
from allegiance.runs.member import Played
from allegiance.runs.outcomes import outcome_row
from allegiance.runs.spec import LUCK_PER_DRAW, RunSpec
from allegiance.runs.story import story_frame
from allegiance.runs.summary import summarise
from allegiance.theory.model import draw
from allegiance.theory.registry import MECHANISMS, PARAMETERS
from allegiance.theory.stamp import theory_hash
from allegiance.world.blueprint import Blueprint, build
from allegiance.world.soldiers import BYTES_PER_SOLDIER

TABLES = ("daily", "events", "individuals")
OUTPUTS = ("summary.json", "daily.parquet", "events.parquet", "members.parquet", "individuals.parquet", "story.parquet")
_DEPENDENCIES = ("numpy", "numba", "polars", "pydantic", "ruamel.yaml", "matplotlib", "jinja2")
_PAIRED = 4
"""Members of the baseline that a lever is checked against."""


def versions() -> dict[str, str]:
    """Versions of the package and of what it computes with."""
    found = {"allegiance": __version__}
    for name in _DEPENDENCIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def identity(case: Case, spec: RunSpec) -> dict[str, Any]:
    """What a run is a function of; two runs with one identity have the same bytes."""
    return {
        "case_sha256": case_hash(case),
        "theory_sha256": theory_hash(),
        "code_sha256": sources_hash(),
        "package": __version__,
        "spec": spec.identity(),
    }


def _difference(known: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    for key in wanted:
        if known.get(key) != wanted[key]:
            if key == "spec" and isinstance(known.get(key), Mapping):
                name = next(k for k in wanted[key] if known[key].get(k) != wanted[key][k])
                return f"its {name} is {known[key].get(name)}, not {wanted[key][name]}"
            return {"case_sha256": "of another case or another setting", "package": "of another version"}.get(
                key, f"its {key} differs"
            )
    return "its description differs"


def _write_table(path: Path, frame: pl.DataFrame) -> bytes:
    data = to_parquet(frame)
    with atomic(path) as temporary:
        temporary.write_bytes(data)
    return data


def _write_part(parts: Path, owner: str, played: Played, plan: Blueprint) -> None:
    member = f"{played.member:06d}"
    frames = (daily_frame(played, plan), event_frame(played, plan), individual_frame(played, plan))
    seals = {}
    for name, frame in zip(TABLES, frames, strict=True):
        seals[name] = seal(owner, f"{member}.{name}", _write_table(parts / f"{member}.{name}.parquet", frame))
    # the outcome row is written last: a part counts as finished only when it is there
    row = {"row": _plain(outcome_row(played, plan.names)), "tables": seals}
    write_json(parts / f"{member}.json", row | {"seal": seal(owner, member, to_json(row).encode())})


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: None if isinstance(v, float) and not np.isfinite(v) else v for k, v in row.items()}


def _read_part(parts: Path, owner: str, member: int) -> tuple[dict[str, Any], dict[str, pl.DataFrame]] | None:
    """Outcome row and tables of a member that was played; None if it was not, or is not what this run wrote."""
    name = f"{member:06d}"
    try:
        said = json.loads(read_regular(parts / f"{name}.json").decode("utf-8"))
        row = {"row": said["row"], "tables": said["tables"]}
        data = {t: read_regular(parts / f"{name}.{t}.parquet") for t in TABLES}
        seals = {t: seal(owner, f"{name}.{t}", found) for t, found in data.items()}
        if said["seal"] != seal(owner, name, to_json(row).encode()) or seals != row["tables"]:
            return None
        return dict(said["row"]), {t: from_parquet(found) for t, found in data.items()}
    except (AllegianceError, OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError):
        return None


def _together(parts: Path, owner: str, members: int) -> dict[str, pl.DataFrame]:
    rows, tables = [], []
    for member in range(members):
        found = _read_part(parts, owner, member)
        if found is None:
            raise AllegianceError(
                f"{parts}: what member {member} wrote is damaged", "give the same command again: it is played anew"
            )
        rows.append(found[0])
        tables.append(found[1])
    frames = {"members": pl.DataFrame(rows, infer_schema_length=None)}
    return frames | {name: pl.concat([t[name] for t in tables]) for name in TABLES}


def spec_of(**options: Any) -> RunSpec:
    """A spec from the arguments of a Python function, put right at the door (base/arguments.py).

    Raises:
        AllegianceError: an unknown option, or a value of the wrong kind or out of range.
    """
    known = [field.name for field in fields(RunSpec)]
    for name in options:
        if name not in known:
            raise AllegianceError(f"unknown option '{name}'", near(name, known))
    return RunSpec(**run_options(**options))


def run_bundle(
    case_name: str | Path | Case,
    spec: RunSpec,
    out: Path,
    settings: Mapping[str, Any] | None = None,
    resume: bool = True,
    progress: Progress | None = None,
    force: bool = False,
) -> dict[str, Any]:
    """Play a case into the folder `out` and return its summary.

    Args:
        settings: case path to value, laid over the case (`--set`). resume: go on from finished members of the same
        run; otherwise begin anew. progress: called with (share done, text). force: replace what the folder holds.

    Raises:
        AllegianceError: the folder holds something else, cannot be written, or a setting is wrong.
    """
    base = case_name if isinstance(case_name, Case) else load_case(case_name)
    case = with_values(base, dict(settings)) if settings else base
    spec = spec.settled(case)
    assert spec.days is not None
    assert spec.scale is not None
    plan = build(case, spec.days, spec.scale)
    who = identity(case, spec)
    tell = (lambda text: progress(0.0, text)) if progress else None
    with owned(Path(out), "run", who, resume=resume, force=force, tell=tell, difference=_difference) as folder:
        if resume and not force and folder.finished(OUTPUTS) is not None:
            folder.drop_parts()
            return dict(read_json(folder.out / "summary.json", "give the same command with --force"))
        parts, owner = folder.parts.folder, folder.parts.owner
        missing = [m for m in range(spec.members) if _read_part(parts, owner, m) is None]
        for _, played in play_all(plan, spec, missing, progress):
            _write_part(parts, owner, played, plan)
        frames = _together(parts, owner, spec.members)
        summary = summarise(case, spec, frames["members"])
        summary["degenerate"] = degenerate(summary, frames["members"], frames["daily"])
        if settings:
            summary["degenerate"] += _inert(base, case, spec, settings)
        _publish(folder, case, spec, frames, summary, dict(settings or {}))
        return summary


def _inert(base: Case, case: Case, spec: RunSpec, settings: Mapping[str, Any]) -> list[str]:
    """Sentences about levers that change nothing: each is taken back alone, a few members are played again."""
    few = replace(spec, members=min(spec.members, _PAIRED))

    def members(of: Case) -> pl.DataFrame:
        return simulate(of, few, daily=False, events=False).members

    full = members(case)
    found = []
    for path, value in settings.items():
        others = {k: v for k, v in settings.items() if k != path}
        found += inert_lever(path, value, full, members(with_values(base, others) if others else base))
    return found


def _publish(
    folder: Owned, case: Case, spec: RunSpec, frames: dict[str, pl.DataFrame], summary: dict[str, Any],
    settings: dict[str, Any],
) -> None:  # fmt: skip
    out = folder.out
    for name, frame in frames.items():
        _write_table(out / f"{name}.parquet", frame)
    _write_table(out / "story.parquet", story_frame(case, frames["members"], frames["daily"], frames["events"]))
    write_json(out / "summary.json", summary)
    write_json(out / "case.json", dump(case))
    acting = [m for m in MECHANISMS if m.id not in spec.off]
    cited = sorted({p.source for m in acting for p in m.parameters} | {s for m in acting for s in m.sources})
    folder.publish(
        [*OUTPUTS, "case.json"],
        case=case.id,
        information_date=case.information_date.isoformat(),
        versions=versions(),
        seed=spec.seed,
        members=spec.members,
        settings=settings,
        bytes_per_soldier=BYTES_PER_SOLDIER,
        parameters=_parameters(spec),
        works_cited=works_cited(cited),
        case_sources={k: s.model_dump(mode="json") for k, s in case.sources.items()},
    )


def _parameters(spec: RunSpec) -> dict[str, Any]:
    """Resolved parameters: central value, and the range drawn over the run's members."""
    draws = [spec.values(d) for d in range((spec.members + LUCK_PER_DRAW - 1) // LUCK_PER_DRAW)]
    central = draw(0, 0, sample=False)
    return {
        name: {"central": central[name], "drawn": [min(d[name] for d in draws), max(d[name] for d in draws)]}
        for name in PARAMETERS
    }
