"""A bundle of an experiment on disk: tables, summary and manifest; finished parts are kept until it is whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.base.files import atomic, disk_fault, sha256, to_json, write_json
from allegiance.run.bundle import versions
from allegiance.theory.stamp import theory_hash

PARTS = ".parts"


def open_folder(out: Path, wanted: Mapping[str, Any], resume: bool = True) -> Path:
    """The parts folder of a bundle, ready for the experiment that `wanted` describes.

    Args:
        resume: keep what an interrupted run of the same experiment left; otherwise begin anew.

    Raises:
        AllegianceError: `out` is a file, holds something else, or cannot be written.
    """
    parts = out / PARTS
    try:
        if out.exists() and not out.is_dir():
            raise AllegianceError(f"{out} is a file, not a folder", "choose another folder with --out")
        known = _identity(parts / "experiment.json") or _identity(out / "manifest.json")
        if known is None and out.exists() and any(out.iterdir()):
            raise AllegianceError(
                f"{out} is not empty and not an experiment", "choose an empty or new folder with --out"
            )
        if known is not None and known != json.loads(to_json(wanted)):
            changed = next((k for k in wanted if known.get(k) != json.loads(to_json(wanted[k]))), "description")
            raise AllegianceError(
                f"{out} holds another experiment (its {changed} differs)",
                "choose another folder with --out, or delete it",
            )
        if not resume and parts.exists():
            shutil.rmtree(parts)
        parts.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_fault(out, error) from error
    write_json(parts / "experiment.json", {"identity": wanted})
    return parts


def _identity(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))["identity"])
    except (ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise AllegianceError(
            f"{path} is damaged: {error}", "delete the folder or choose another with --out"
        ) from error


def publish(
    out: Path, kind: str, wanted: Mapping[str, Any], tables: Mapping[str, pl.DataFrame], summary: Mapping[str, Any]
) -> None:
    """Write the tables as parquet, `KIND.json` and manifest.json, and drop the parts.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    for name, table in tables.items():
        with atomic(out / f"{name}.parquet") as temporary:
            table.write_parquet(temporary, compression="zstd", statistics=False)
    write_json(out / f"{kind}.json", summary)
    outputs = [*(f"{name}.parquet" for name in tables), f"{kind}.json"]
    write_json(
        out / "manifest.json",
        {
            "kind": kind, "identity": wanted, "versions": versions(), "theory_sha256": theory_hash(),
            "outputs": {name: sha256(out / name) for name in outputs},
        },
    )  # fmt: skip
    shutil.rmtree(out / PARTS, ignore_errors=True)


def plain(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table that JSON can hold: what is not finite becomes null."""
    return [
        {k: None if isinstance(v, float) and not -1e300 < v < 1e300 else v for k, v in row.items()}
        for row in table.to_dicts()
    ]
