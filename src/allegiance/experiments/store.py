"""A bundle of an experiment on disk: tables, summary and manifest; finished parts are kept until it is whole."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypedDict, Unpack

import polars as pl

from allegiance import __version__
from allegiance.base.compiler import sources_hash
from allegiance.base.files import write_json
from allegiance.base.owner import Owned, owned
from allegiance.base.tables import write_table
from allegiance.runs.bundle import versions
from allegiance.runs.ensemble import Progress
from allegiance.theory.stamp import theory_hash


class Kept(TypedDict, total=False):
    """What every experiment is told of its results and its progress; each may be left out.

    out: folder for the results; nothing is kept if not given. resume: go on from what an interrupted run left in `out`
    (default). force: replace what `out` holds. progress: called with the share done, in [0, 1], and a word on what is
    being done.
    """

    out: str | Path | None
    resume: bool
    force: bool
    progress: Progress | None


def apart(options: Mapping[str, Any]) -> tuple[Kept, dict[str, Any]]:
    """What is said of the results, and all other options.

    >>> apart({"out": "here", "days": 30})
    ({'out': 'here'}, {'days': 30})
    """
    names = Kept.__annotations__
    kept: Any = {name: value for name, value in options.items() if name in names}
    return kept, {name: value for name, value in options.items() if name not in names}


@contextlib.contextmanager
def open_folder(kind: str, wanted: Mapping[str, Any], **kept: Unpack[Kept]) -> Iterator[Owned]:
    """Hold the folder of an experiment (see base/owner.py); a temporary one, gone afterwards, if `out` is None.

    Args:
        kind: of experiment, such as "why".
        wanted: what it is a function of; theory and code are added here, so that parts played by other code are never
            taken for these.
        kept: see `Kept`.

    Raises:
        AllegianceError: `out` is a file, holds something else, is in use, or cannot be written.
    """
    made_by = {"theory_sha256": theory_hash(), "code_sha256": sources_hash(), "package": __version__}
    out, progress = kept.get("out"), kept.get("progress")
    tell = (lambda text: progress(0.0, text)) if progress else None
    with contextlib.ExitStack() as stack:
        if out is None:
            out = stack.enter_context(TemporaryDirectory(prefix="allegiance-"))
        yield stack.enter_context(owned(
            Path(out), kind, {**wanted, **made_by}, resume=kept.get("resume", True), force=kept.get("force", False),
            tell=tell,
        ))  # fmt: skip


def publish(folder: Owned, tables: Mapping[str, pl.DataFrame], summary: Mapping[str, Any]) -> None:
    """Write the tables as parquet, `KIND.json` and manifest.json, and drop the parts.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    for name, table in tables.items():
        write_table(folder.out / f"{name}.parquet", table)
    write_json(folder.out / f"{folder.kind}.json", summary)
    outputs = [*(f"{name}.parquet" for name in tables), f"{folder.kind}.json"]
    folder.publish(outputs, versions=versions(), theory_sha256=theory_hash())


def plain(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table that JSON can hold: what is not finite becomes null."""
    return [
        {k: None if isinstance(v, float) and not -1e300 < v < 1e300 else v for k, v in row.items()}
        for row in table.to_dicts()
    ]
