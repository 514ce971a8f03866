"""The event store: Parquet files that are only ever added, one per source and vintage.

    <store>/events/<source>/<vintage>-<hash>.parquet

A vintage is the state of a source on a date: the day its makers released it or we retrieved it. Nothing is ever
changed or removed, so `as_of` can give back what was knowable on any day. Readers never write; one writer at a time
holds the lock of the folder (base/locks.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError, near
from allegiance.base.files import atomic, sha256
from allegiance.base.locks import held
from allegiance.base.tables import read_table
from allegiance.evidence.folder import cache_dir
from allegiance.evidence.schema import EVENT_SCHEMA, conform

_NAME = re.compile(r"(?P<vintage>\d{4}-\d{2}-\d{2})-(?P<hash>[0-9a-f]{12})\.parquet")
_PATIENCE = 60.0
"""Seconds that another writer is waited for: a vintage is written in a moment."""
_KEY = re.compile(r"[a-z0-9][a-z0-9:_.-]*")


@dataclass(frozen=True, order=True)
class Vintage:
    """One file of the store."""

    source: str
    date: date
    hash: str
    path: Path


class Store:
    """Events on disk below `root` (default: this user's cache)."""

    def __init__(self, root: str | Path | None = None) -> None:
        self.root = Path(root) if root is not None else cache_dir() / "store"

    def vintages(self, source: str | None = None) -> list[Vintage]:
        """All vintages, or those of one source, oldest first. Half-written files are not among them."""
        found = []
        for path in sorted((self.root / "events").glob("*/*.parquet")):
            match = _NAME.fullmatch(path.name)
            key = path.parent.name.replace("%3A", ":")
            day = _day(match["vintage"]) if match else None
            if match and day is not None and (source is None or key == source):
                found.append(Vintage(key, day, match["hash"], path))
        return sorted(found)

    def add(self, events: pl.DataFrame, source: str, vintage: date) -> Path:
        """Add a vintage of `source`; the very same rows again on the same date are not written twice.

        Raises:
            AllegianceError: the events break the schema, another process is writing, or the disk refuses.
        """
        if not _KEY.fullmatch(source):
            raise AllegianceError(f"{source!r} cannot name a source", "use a-z, 0-9, - _ . :")
        table = conform(events, source).sort("date", "event_id")
        newest = table["date_known"].max()
        if not source.startswith("simulation:") and isinstance(newest, date) and newest > vintage:
            raise AllegianceError(f"{source}: the vintage of {vintage} holds an event known only on {newest}")
        folder = self.root / "events" / source.replace(":", "%3A")
        with held(self.root, f"add {source}", patience=_PATIENCE):
            draft = folder / ".draft"  # hidden from readers until it has the name of what it holds
            with atomic(draft) as part:
                table.write_parquet(part, compression="zstd", statistics=True)
            path = folder / f"{vintage}-{sha256(draft)[:12]}.parquet"
            draft.replace(path)  # the same bytes where they lie already
        return path

    def as_of(self, day: date | None = None) -> list[tuple[Vintage, date | None]]:
        """The vintage of each source to be read for what was knowable on `day`, and the day to cut it at.

        The newest vintage not later than `day`; if all are later, the oldest, cut at `day` by `date_known` (a
        reconstruction, since the rows may have been revised since). None: the newest of each.
        """
        chosen: dict[str, Vintage] = {}
        for vintage in self.vintages():  # oldest first
            first = vintage.source not in chosen
            if first or day is None or vintage.date <= day:
                chosen[vintage.source] = vintage
        return [(v, day) for v in chosen.values()]

    def events(self, as_of: date | None = None, source: str | None = None) -> pl.LazyFrame:
        """Events knowable on `as_of` (default: all), one vintage per source.

        Raises:
            AllegianceError: there is no such source, or `as_of` is before anything was known.
        """
        chosen = [(v, cut) for v, cut in self.as_of(as_of) if source in (None, v.source)]
        if not chosen:
            if source is not None:
                known = {v.source for v in self.vintages()}
                raise AllegianceError(f"the store has no source {source!r}", near(source, known))
            return pl.LazyFrame(schema=EVENT_SCHEMA)
        frames = [_whole(v.path) for v, _ in chosen]
        table = pl.concat(frames).lazy()
        if as_of is not None:
            first = table.select(pl.col("date_known").min()).collect().item()
            if first is None or as_of < first:
                raise AllegianceError(f"as-of {as_of} is before anything in the store was known ({first})")
            table = table.filter(pl.col("date_known") <= as_of)
        return table

    def verify(self) -> list[str]:
        """Faults found by reading every file again: damaged, renamed or foreign ones. Empty if all is well."""
        faults = []
        for path in sorted((self.root / "events").glob("*/[!.]*")):
            match = _NAME.fullmatch(path.name)
            if match is None:
                faults.append(f"{path}: not a file of the store")
                continue
            try:
                digest = sha256(path)[:12]
            except OSError as error:
                faults.append(f"{path}: unreadable ({error.strerror})")
                continue
            if digest != match["hash"]:
                faults.append(f"{path}: changed since it was written (hash {digest}, its name says {match['hash']})")
        return faults


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:  # a stranger's file with a name like ours: `verify` tells of it
        return None


def _whole(path: Path) -> pl.DataFrame:
    """The rows of one file of the store.

    Raises:
        AllegianceError: the file is damaged, or is not one of the store's.
    """
    table = read_table(path, "see `allegiance data verify`; delete the file and add its source again")
    if dict(table.schema) != dict(EVENT_SCHEMA):
        raise AllegianceError(f"{path} is no list of events of this version", "see `allegiance data verify`")
    return table
