"""A run on disk: parts written as members end, put together at the end, resumable at any moment.

A member's part is written whole or not at all and is a function of the case, the theory, the spec and the member
alone, so a resumed run ends in the same bytes as an uninterrupted one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance import __version__
from allegiance.base.citations import works_cited
from allegiance.base.compiler import sources_hash
from allegiance.base.errors import AllegianceError
from allegiance.base.files import atomic, disk_fault, sha256, write_json
from allegiance.cases.loader import load_case
from allegiance.cases.paths import case_hash, dump, with_values
from allegiance.cases.schema import Case
from allegiance.run.ensemble import Progress, play_all, simulate
from allegiance.run.frames import daily_frame, event_frame, individual_frame
from allegiance.run.gate import degenerate, inert_lever
from allegiance.run.member import Played
from allegiance.run.outcomes import outcome_row
from allegiance.run.spec import LUCK_PER_DRAW, RunSpec
from allegiance.run.story import story_frame
from allegiance.run.summary import summarise
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


def _claim_folder(out: Path, wanted: dict[str, Any], resume: bool) -> Path:
    """The parts folder of `out`, ready for this run.

    Raises:
        AllegianceError: `out` is a file, holds another run, or cannot be written.
    """
    parts = out / ".parts"
    try:
        if out.exists() and not out.is_dir():
            raise AllegianceError(f"{out} is a file, not a folder", "choose another folder with --out")
        out.mkdir(parents=True, exist_ok=True)
        known = _read_identity(parts / "run.json") or _read_identity(out / "manifest.json")
        if known is not None and known != wanted:
            raise AllegianceError(
                f"{out} holds another run ({_difference(known, wanted)})",
                "choose another folder with --out, or delete it",
            )
        if known is None and any(out.iterdir()) and not (parts.is_dir() and not resume):
            strangers = sorted(p.name for p in out.iterdir() if p.name != ".parts")
            if strangers:
                raise AllegianceError(
                    f"{out} is not empty and not a run (it holds {strangers[0]})",
                    "choose an empty or new folder with --out",
                )
        if not resume and parts.exists():
            shutil.rmtree(parts)
        parts.mkdir(exist_ok=True)
        for leftover in [*out.glob(".*.part"), *parts.glob(".*.part")]:
            leftover.unlink()
    except OSError as error:
        raise disk_fault(out, error) from error
    write_json(parts / "run.json", {"identity": wanted})
    return parts


def _already(out: Path) -> dict[str, Any] | None:
    """The summary of a finished run in `out`, after its files are checked against the manifest.

    Raises:
        AllegianceError: a file differs from what the manifest says was written.
    """
    manifest = out / "manifest.json"
    if not manifest.is_file():
        return None
    for name, digest in json.loads(manifest.read_text(encoding="utf-8"))["outputs"].items():
        if name == "report.html":
            continue  # drawn anew from the tables at will
        if not (out / name).is_file() or sha256(out / name) != digest:
            raise AllegianceError(
                f"{out / name} is damaged or missing: it is not what its manifest says was written",
                "play the run again with --no-resume, or choose another folder with --out",
            )
    return dict(json.loads((out / "summary.json").read_text(encoding="utf-8")))


def _read_identity(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        known = json.loads(path.read_text(encoding="utf-8"))["identity"]
    except (ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise AllegianceError(
            f"{path} is damaged: {error}", "delete the folder or choose another with --out"
        ) from error
    return dict(known)


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


def _write_table(path: Path, frame: pl.DataFrame) -> None:
    with atomic(path) as temporary:
        frame.write_parquet(temporary, compression="zstd", statistics=False)


def _write_part(parts: Path, played: Played, plan: Blueprint) -> None:
    member = f"{played.member:06d}"
    _write_table(parts / f"{member}.daily.parquet", daily_frame(played, plan))
    _write_table(parts / f"{member}.events.parquet", event_frame(played, plan))
    _write_table(parts / f"{member}.individuals.parquet", individual_frame(played, plan))
    # the outcome row is written last: a part counts as finished only when it is there
    write_json(parts / f"{member}.json", _plain(outcome_row(played, plan.names)))


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: None if isinstance(v, float) and not np.isfinite(v) else v for k, v in row.items()}


def _finished(parts: Path, member: int) -> bool:
    name = f"{member:06d}"
    try:
        json.loads((parts / f"{name}.json").read_text(encoding="utf-8"))
        # the whole part is read: a footer may be sound where a page is not
        return all(pl.read_parquet(parts / f"{name}.{t}.parquet").width > 0 for t in TABLES)
    except (OSError, ValueError, pl.exceptions.PolarsError):
        return False


def _together(parts: Path, members: int) -> dict[str, pl.DataFrame]:
    rows = [json.loads((parts / f"{m:06d}.json").read_text(encoding="utf-8")) for m in range(members)]
    frames = {"members": pl.DataFrame(rows, infer_schema_length=None)}
    for table in TABLES:
        frames[table] = pl.concat([pl.read_parquet(parts / f"{m:06d}.{table}.parquet") for m in range(members)])
    return frames


def run_bundle(
    case_name: str | Path | Case,
    spec: RunSpec,
    out: Path,
    settings: Mapping[str, Any] | None = None,
    resume: bool = True,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Play a case into the folder `out` and return its summary.

    Args:
        settings: case path to value, laid over the case (`--set`). resume: go on from finished members of the same
        run; otherwise begin anew. progress: called with (share done, text).

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
    out = Path(out)
    parts = _claim_folder(out, who, resume)
    if resume and (done := _already(out)) is not None:
        shutil.rmtree(parts, ignore_errors=True)
        return done
    missing = [m for m in range(spec.members) if not _finished(parts, m)]
    for _, played in play_all(plan, spec, missing, progress):
        _write_part(parts, played, plan)
    frames = _together(parts, spec.members)
    summary = summarise(case, spec, frames["members"])
    summary["degenerate"] = degenerate(summary, frames["members"], frames["daily"])
    if settings:
        summary["degenerate"] += _inert(base, case, spec, settings)
    _publish(out, case, spec, who, frames, summary, dict(settings or {}))
    shutil.rmtree(parts, ignore_errors=True)
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
    out: Path, case: Case, spec: RunSpec, who: dict[str, Any], frames: dict[str, pl.DataFrame],
    summary: dict[str, Any], settings: dict[str, Any],
) -> None:  # fmt: skip
    for name, frame in frames.items():
        _write_table(out / f"{name}.parquet", frame)
    _write_table(out / "story.parquet", story_frame(case, frames["members"], frames["daily"], frames["events"]))
    write_json(out / "summary.json", summary)
    write_json(out / "case.json", dump(case))
    acting = [m for m in MECHANISMS if m.id not in spec.off]
    cited = sorted({p.source for m in acting for p in m.parameters} | {s for m in acting for s in m.sources})
    manifest = {
        "identity": who,
        "case": case.id,
        "information_date": case.information_date.isoformat(),
        "versions": versions(),
        "seed": spec.seed,
        "members": spec.members,
        "settings": settings,
        "bytes_per_soldier": BYTES_PER_SOLDIER,
        "parameters": _parameters(spec),
        "outputs": {name: sha256(out / name) for name in (*OUTPUTS, "case.json")},
        "works_cited": works_cited(cited),
        "case_sources": {k: s.model_dump(mode="json") for k, s in case.sources.items()},
    }
    write_json(out / "manifest.json", manifest)


def _parameters(spec: RunSpec) -> dict[str, Any]:
    """Resolved parameters: central value, and the range drawn over the run's members."""
    draws = [spec.values(d) for d in range((spec.members + LUCK_PER_DRAW - 1) // LUCK_PER_DRAW)]
    return {
        name: {"central": PARAMETERS[name].value, "drawn": [min(d[name] for d in draws), max(d[name] for d in draws)]}
        for name in PARAMETERS
    }
