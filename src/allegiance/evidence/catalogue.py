"""All sources, found in `sources/`, and the way from a maker's files to tables and events."""

from __future__ import annotations

import gzip
import pkgutil
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError, near, shown
from allegiance.base.files import atomic
from allegiance.evidence import sources as package
from allegiance.evidence.download import Patience, Tell, fetch, raw_dir, retrieved
from allegiance.evidence.folder import cache_dir, has_table
from allegiance.evidence.schema import conform
from allegiance.evidence.source import Source, Tables
from allegiance.evidence.store import Store


@cache
def catalogue() -> dict[str, Source]:
    """Every source by its key."""
    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__))
    modules = [import_module(f"{package.__name__}.{name}") for name in names]
    return {m.SOURCE.key: m.SOURCE for m in modules}


def find(key: str) -> Source:
    """The source called `key`.

    Raises:
        AllegianceError: there is none; the message names near ones.
    """
    if key not in catalogue():
        raise AllegianceError(f"there is no source {key!r}", near(key, catalogue()))
    return catalogue()[key]


def obtain(
    source: Source,
    store: Store,
    mirror: str | None = None,
    refresh: bool = False,
    patience: Patience | None = None,
    tell: Tell = lambda name, have, total: None,
) -> list[Path]:
    """Download a source, make its tables, and add its events to the store. Returns the tables written.

    Of a source that has to be fetched by hand the tables are made from what lies in its raw folder.

    Tables are written only after all of them could be made, so a changed or damaged file leaves the old ones.

    Raises:
        AllegianceError: the source cannot be downloaded, or anything on the way fails.
    """
    by_hand = source.access == "by hand" and raw_dir(source).is_dir()
    if source.standardise is None or (source.access != "download" and not by_hand):
        raise AllegianceError(
            f"{source.key} cannot be downloaded ({source.access}): {source.how}",
            f"its maker's page: {source.card.address}; raw files go to {raw_dir(source)}, "
            f"finished tables below {cache_dir() / 'tables'}",
        )
    fetch(source, mirror, refresh, patience, tell)
    tables = source.standardise(raw_dir(source))
    written = write_tables(tables, cache_dir() / "tables")
    if source.events is not None:
        absorb(source, cache_dir() / "tables", store, retrieved(source))
    return written


def write_tables(tables: Tables, folder: Path) -> list[Path]:
    """Write standard tables as gzipped CSV, the same bytes for the same rows."""
    written = []
    for name, frame in tables.items():
        path = folder / f"{name}.csv.gz"
        with atomic(path) as part, part.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as stream:
            stream.write(frame.write_csv().encode())
        written.append(path)
    return written


def absorb(source: Source, folder: Path, store: Store, on: date) -> Path | None:
    """Add the events of one source, read from its tables in `folder`, as the vintage of day `on`."""
    if source.events is None:
        return None
    return store.add(_events(source, folder, on), source.key, on)


def gather(folder: Path) -> pl.DataFrame:
    """The events of every source whose tables lie in `folder`, without a store.

    Raises:
        AllegianceError: a table is there but faulty, or no source has any.
    """
    found = []
    for source in catalogue().values():
        if source.events is not None and present(source, folder):
            found.append(_events(source, folder, datetime.now(UTC).date()))
    if not found:
        known = ", ".join(s.key for s in catalogue().values() if s.events)
        raise AllegianceError(f"{folder} holds no list of events", f"sources with events: {known}")
    return pl.concat(found).sort("date", "source", "event_id")


def present(source: Source, folder: Path) -> bool:
    """Whether the first table of a source lies in `folder`."""
    if source.key == "powell-thyne":  # its file name ends in the version
        return any((folder / "coupcats-country-month").glob("powell_thyne_list*"))
    return has_table(folder, source.tables[0])


def _events(source: Source, folder: Path, on: date) -> pl.DataFrame:
    assert source.events is not None
    try:
        rows = source.events(folder).with_columns(retrieved=pl.lit(on), source=pl.lit(source.key))
    except pl.exceptions.PolarsError as error:  # a value of a kind that its column never has
        said = shown(str(error).splitlines()[0] if str(error) else type(error).__name__)
        where = f"{', '.join(source.tables)} in {folder}"
        raise AllegianceError(f"{source.key}: {where}: {said}", "put the value right, or fetch it again") from error
    return conform(rows, source.key)
