"""Finished folders of drafted armies that were played, read to be scored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError, shown
from allegiance.base.files import read_json
from allegiance.base.owner import MANIFEST, check_outputs
from allegiance.base.tables import read_table


def read_finished(
    folder: Path, kind: str, needed: Mapping[str, Iterable[str]], holds: str, other: str, cure: str
) -> list[pl.DataFrame]:
    """Tables of a folder that a command of this `kind` finished, each checked against its manifest.

    The first is of outcomes: rows that could not be drafted (`why_not`) are left out of it.

    Args:
        needed: files, each with the columns that it must have. holds, other: what the folder should hold, and what it
            is said not to be, in words. cure: what to do.

    Raises:
        AllegianceError: the folder holds no such results, none that this version can read, or a file is not what was
            written.
    """
    if not (folder / MANIFEST).is_file():
        raise AllegianceError(f"{shown(folder)} holds no {holds}", cure)
    manifest = read_json(folder / MANIFEST, cure)
    found = manifest.get("kind") if isinstance(manifest, dict) else "manifest that is none"
    if found != kind:
        raise AllegianceError(f"{shown(folder)} holds a {shown(str(found))}, no {other}", cure)
    check_outputs(folder, manifest, list(needed))
    tables = []
    for name, columns in needed.items():
        table = read_table(folder / name, cure)
        lacking = next((c for c in columns if c not in table.columns), None)
        if lacking is not None:
            raise AllegianceError(f"{shown(folder / name)} has no column {lacking}: another version made it", cure)
        tables.append(table)
    outcomes, *others = tables
    return [outcomes.filter(pl.col("why_not").is_null()), *others]
