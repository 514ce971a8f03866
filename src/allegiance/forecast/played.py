"""Finished folders of drafted armies that were played, read to be scored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError, shown
from allegiance.base.files import read_json
from allegiance.base.owner import MANIFEST, check_outputs
from allegiance.base.tables import read_table


def read_finished(
    folder: Path, kind: str, names: Sequence[str], holds: str, other: str, cure: str
) -> list[pl.DataFrame]:
    """Tables of a folder that a command of this `kind` finished, each checked against its manifest.

    The first is of outcomes: rows that could not be drafted (`why_not`) are left out of it.

    Raises:
        AllegianceError: the folder holds no such results (`holds` and `other` name them), or a file is not what was
            written.
    """
    if not (folder / MANIFEST).is_file():
        raise AllegianceError(f"{shown(folder)} holds no {holds}", cure)
    manifest = read_json(folder / MANIFEST, cure)
    if manifest.get("kind") != kind:
        raise AllegianceError(f"{shown(folder)} holds a {manifest.get('kind')}, no {other}", cure)
    check_outputs(folder, manifest, list(names))
    outcomes, *others = (read_table(folder / name, cure) for name in names)
    return [outcomes.filter(pl.col("why_not").is_null()), *others]
