"""A user's own tables: exports of ACLED and UCDP, and any CSV; what lists events goes into the store, too."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import polars as pl

from allegiance.base.errors import AllegianceError, shown
from allegiance.base.files import atomic, read_regular, refuse_existing
from allegiance.evidence.catalogue import find, obtain, write_tables
from allegiance.evidence.days import days_of
from allegiance.evidence.download import raw_dir
from allegiance.evidence.folder import cache_dir
from allegiance.evidence.listed import end_of
from allegiance.evidence.parse import parse_csv
from allegiance.evidence.raw import exported
from allegiance.evidence.schema import EVENT_SCHEMA, conform, resolve_type
from allegiance.evidence.states import find_state, states
from allegiance.evidence.store import Store

_T = TypeVar("_T")
_MAKERS = {
    "acled-export": {"event_id_cnty", "event_date"}, "ucdp-ged": {"type_of_violence", "date_start"},
    "project-mars": {"warcode", "campcode", "kialow", "kiahigh"},
}  # fmt: skip
"""Source -> columns by which its exports are known."""


@dataclass(frozen=True)
class Added:
    """What became of a file: the table it is in by name, its rows, and its events in the store, if it lists any."""

    table: str
    rows: int
    events: int


def add_own(path: Path, store: Store, today: date, force: bool = False) -> Added:
    """Add a CSV file to the tables in the user's cache.

    An export of ACLED or UCDP's georeferenced events joins those that were added before and becomes the table of its
    source; so does the one file of Project Mars. Any other file becomes ``"own/<name of the file>"`` as it stands; if
    it has the columns `type`, `date` and `country` (or `gwcode`), its rows are events too and go into the store as
    source ``own:<name>``.

    Raises:
        AllegianceError: the file cannot be read; a row is at fault (it is named); a file or table of this name is
            there already and `force` is not set.
    """
    frame = exported(path)
    for key, columns in _MAKERS.items():
        if columns <= set(frame.columns):
            return _maker(path, key, store, force)
    stem = re.sub(r"[^a-z0-9_.-]+", "-", path.name.removesuffix(".gz").removesuffix(".csv").lower()).strip("-._")
    if not stem:
        raise AllegianceError(f"{shown(path)}: its name cannot name a table", "rename it with letters or digits")
    name = f"own/{stem.split('.')[0]}"
    refuse_existing([cache_dir() / "tables" / f"{name}.csv.gz"], force)
    listed = {"type", "date"} <= set(frame.columns) and bool({"country", "gwcode"} & set(frame.columns))
    source = f"own:{name.removeprefix('own/')}"
    events = conform(_events(frame, path, today), source) if listed else None  # before anything is written
    write_tables({name: frame}, cache_dir() / "tables")
    if events is not None:
        store.add(events, source, today)
    return Added(name, frame.height, 0 if events is None else events.height)


def _maker(path: Path, key: str, store: Store, force: bool) -> Added:
    """Put an export where those of its maker are kept, and make the table anew from all of them."""
    source = find(key)
    folder = raw_dir(source)
    prefix = "GEDEvent-" if key == "ucdp-ged" and not path.name.lower().startswith("gedevent") else ""
    kept = folder / f"{prefix}{path.name}"
    body = read_regular(path)
    before = read_regular(kept) if kept.is_file() else None
    if before != body:
        refuse_existing([kept], force)
    with atomic(kept) as part:
        part.write_bytes(body)
    try:
        (written,) = obtain(source, store)
    except AllegianceError as error:  # what is at fault does not stay among the good ones
        kept.unlink()
        if before is not None:
            kept.write_bytes(before)
        raise AllegianceError(error.message.replace(str(kept), str(path)), error.cure) from error
    return Added(source.tables[0], parse_csv(written).height, 0)


def _events(frame: pl.DataFrame, path: Path, today: date) -> pl.DataFrame:
    """The rows of a list of events in the columns of the store.

    Raises:
        AllegianceError: a type, a day, a state or a number is at fault; the row is named.
    """
    kinds = _each(frame["type"], path, lambda text: resolve_type(str(text).strip()))
    days = days_of(frame["date"], path)
    codes = _codes(frame, days, path)
    names = dict(states().select("gwcode", "country").iter_rows())
    ours = {"event_id", "type", "date", "date_known", "retrieved", "source", "country", "gwcode"}
    table = frame.select(c for c in frame.columns if c == "type" or (c in EVENT_SCHEMA and c not in ours)).with_columns(
        event_id=_column(frame, "event_id", [f"{path.stem}-{k}" for k in range(2, frame.height + 2)]),
        type=pl.Series([k for k, _ in kinds], dtype=pl.String),
        success=_column(frame, "success", [s for _, s in kinds]),
        date=days,
        date_precision=_column(frame, "date_precision", ["day"] * frame.height),
        gwcode=pl.Series(codes, dtype=pl.Int32),
        country=pl.Series([names.get(c) for c in codes], dtype=pl.String),
        retrieved=pl.lit(today),
        end=days_of(frame["date_end"], path) if "date_end" in frame.columns else days,
        told=days_of(frame["date_known"], path) if "date_known" in frame.columns else pl.lit(None, pl.Date),
    )
    over = pl.min_horizontal(pl.max_horizontal(end_of(), "end"), pl.lit(today))
    return table.with_columns(date_known=pl.coalesce("told", over)).drop("end", "told")


def _column(frame: pl.DataFrame, name: str, otherwise: Sequence[object]) -> pl.Series:
    """The column as given, or what stands in for one that the file does not have."""
    return frame[name] if name in frame.columns else pl.Series(name, otherwise)


def _codes(frame: pl.DataFrame, days: pl.Series, path: Path) -> list[int]:
    """The state of each row on its day, by name, ISO3 code or number."""
    on = iter(days.to_list())
    column = frame["country"] if "country" in frame.columns else frame["gwcode"]
    return _each(column, path, lambda name: find_state(str(name), next(on)))


def _each(column: pl.Series, path: Path, read: Callable[[object], _T]) -> list[_T]:
    """`read` of each cell; a fault names the row as a spreadsheet shows it."""
    found: list[_T] = []
    for k, cell in enumerate(column.to_list()):
        try:
            found.append(read(cell))
        except AllegianceError as error:
            raise AllegianceError(f"{shown(path)}, row {k + 2}: {error.message}", error.cure) from error
    return found
