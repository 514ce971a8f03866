"""Baselines of library cases, kept in the user's cache once played, so that no visitor waits for them twice.

A file is a function of the case, the scale and the code; one that is damaged, of other code or of another case is as
good as none, and a disk that takes nothing only costs the time to play.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.compiler import cache_folder, code_hash, sources_hash
from allegiance.base.errors import AllegianceError
from allegiance.base.parts import Parts, owner_of
from allegiance.cases.paths import case_hash
from allegiance.cases.schema import Case

Wars = tuple[list[dict[str, Any]], list[pl.DataFrame]]
"""Of each war a row of outcomes and a table by day, in the order of the members."""


def _parts(case: Case, scale: float, by: str) -> Parts | None:
    folder = cache_folder()
    if folder is None:
        return None
    owner = owner_of([case_hash(case), scale, sources_hash(), code_hash(Path(by))])
    return Parts(folder.parent / "baselines", owner)


def recall(case: Case, scale: float, by: str) -> Wars:
    """The wars of a case that were kept; none if there are none. `by`: the file of the code that made them."""
    parts = _parts(case, scale, by)
    rows, days = (parts.find(_name(case, kind)) if parts else None for kind in ("rows", "days"))
    if rows is None or days is None or not rows.height:
        return [], []
    tables = days.partition_by("member", maintain_order=True)
    return (rows.to_dicts(), tables) if len(tables) == rows.height else ([], [])


def rows_kept(case: Case, scale: float, by: str) -> pl.DataFrame | None:
    """The outcomes alone of the wars that were kept, None if there are none."""
    parts = _parts(case, scale, by)
    return parts.find(_name(case, "rows")) if parts else None


def keep(case: Case, scale: float, by: str, wars: Wars) -> None:
    """Keep the wars of a case, in the place of what was kept of it before."""
    parts = _parts(case, scale, by)
    if parts is not None:
        with contextlib.suppress(AllegianceError):  # a full disk
            parts.keep(_name(case, "rows"), pl.DataFrame(wars[0], infer_schema_length=None))
            parts.keep(_name(case, "days"), pl.concat(wars[1]))


def _name(case: Case, kind: str) -> str:
    return f"{case.id}.{kind}.parquet"
