"""All columns of all states in memory, and what of them was known in a year: the one door through which data come.

A reading never sees the tables. It asks for the latest value known on a day, for its state or for all states, and the
release lag of the column (`columns.py`) decides what that is. So no reading can look ahead.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.base.files import sha256_text, to_json
from allegiance.cases.draft.columns import COLUMNS, LISTS, Column
from allegiance.evidence.catalogue import catalogue
from allegiance.evidence.folder import data_dir, fingerprint, has_table, read_table, table_path
from allegiance.evidence.sources import powell_thyne
from allegiance.evidence.states import states, to_gw

Floats = npt.NDArray[np.float64]
FIRST, LAST = 1930, 2035
"""Years kept in memory; a state and year outside is not known."""
NEEDED = ("milper",)
"""Columns without which nothing can be drafted."""


class Panel:
    """Values by column, state and year, lists by table and state, and which tables were not there.

    Attributes:
        frame: the states, one row each in the order of the first axis. missing: table to the source it comes from.
    """

    def __init__(self, columns: Mapping[str, Floats], lists: Mapping[str, dict[int, list[dict[str, Any]]]],
                 missing: Mapping[str, str]) -> None:  # fmt: skip
        self.frame = states().sort("gwcode", "start")
        self.codes = self.frame["gwcode"].to_numpy()
        self.regions = self.frame["region"].to_numpy()
        self.index = {int(code): k for k, code in enumerate(self.codes)}
        self.columns, self.lists, self.missing = columns, lists, missing
        self._latest: dict[tuple[str, int], tuple[Floats, Floats]] = {}
        begin = self.frame["start"].to_numpy()
        end = self.frame["end"].fill_null(date(9999, 1, 1)).to_numpy()
        self._begin, self._end = begin.astype("datetime64[D]"), end.astype("datetime64[D]")

    def latest(self, name: str, year: int) -> tuple[Floats, Floats]:
        """The last value of a column known when `year` begins, and its year, for every state; NaN where none is good.

        Returns two arrays of shape (states,).
        """
        key = (name, year)
        if key not in self._latest:
            column = COLUMNS[name]
            table = self.columns[name]
            value, when = np.full(len(self.codes), np.nan), np.full(len(self.codes), np.nan)
            for back in range(column.good):
                at = year - column.lag - back
                if FIRST <= at <= LAST:
                    found = np.isnan(value) & ~np.isnan(table[:, at - FIRST])
                    value[found], when[found] = table[found, at - FIRST], at
            self._latest[key] = (value, when)
        return self._latest[key]

    def span(self, name: str) -> str:
        """The years a column covers, and up to which day it serves, in a sentence."""
        known = np.flatnonzero(~np.isnan(self.columns[name]).all(axis=0)) + FIRST
        column = COLUMNS[name]
        if not len(known):
            return f"table {column.table} is empty; {get_line(column.source)}"
        last = int(known[-1])
        return (
            f"table {column.table} begins in {int(known[0])} and ends in {last}; it serves dates from "
            f"{int(known[0]) + column.lag} to {last + column.lag + column.good - 1}"
        )

    def there(self, day: date) -> npt.NDArray[np.bool_]:
        """Which states existed on a day, shape (states,)."""
        when = np.datetime64(day)
        return np.asarray((self._begin <= when) & (self._end >= when))

    def entries(self, table: str, state: int) -> list[dict[str, Any]]:
        """The rows of a list for one state (Gleditsch-Ward code), as they stand."""
        return self.lists.get(table, {}).get(state, [])


def _tables() -> list[str]:
    """The tables that drafts may read, in order."""
    return sorted({c.table for c in COLUMNS.values()} | set(LISTS))


def tables_sha256(folder: str | Path | None = None) -> str:
    """SHA-256 of the tables of a data folder that drafts may read: two folders with the same make the same drafts.

    Raises:
        AllegianceError: there is no data folder.
    """
    where = data_dir(folder)
    return sha256_text(to_json(fingerprint(where, [t for t in _tables() if has_table(where, t)])))


def load_panel(folder: str | Path | None = None) -> Panel:
    """The panel of a data folder; kept in memory while its files do not change.

    Raises:
        AllegianceError: there is no data folder, no table of armies in it, or a table is damaged.
    """
    where = data_dir(folder)
    stamps = []
    for table in _tables():
        try:
            stamps.append(table_path(where, table).stat().st_mtime_ns)
        except AllegianceError:
            stamps.append(0)
    return _load(where, tuple(stamps))


@lru_cache(maxsize=2)
def _load(folder: Path, stamps: tuple[int, ...]) -> Panel:
    del stamps  # part of the key only
    columns, missing = {}, {}
    order = {int(code): k for k, code in enumerate(states().sort("gwcode", "start")["gwcode"])}
    frames: dict[str, pl.DataFrame | None] = {}
    for column in COLUMNS.values():
        if column.table not in frames:
            frames[column.table] = _table(folder, column.table)
        frame = frames[column.table]
        if frame is None:
            missing[column.table] = column.source
            frame = pl.DataFrame()
        columns[column.name] = _array(frame, column, order)
    lists = {}
    for table, source in LISTS.items():
        rows = _table(folder, table)
        if rows is None:
            missing[table] = source
        else:
            lists[table] = _by_state(rows, table)
    lists["coups"] = _coups(folder, missing)
    for name in NEEDED:
        if COLUMNS[name].table in missing:
            raise AllegianceError(
                f"the data folder {folder} has no table {COLUMNS[name].table!r}, and nothing is drafted without it",
                get_line(COLUMNS[name].source),
            )
    return Panel(columns, lists, missing)


def get_line(source: str) -> str:
    """How a user gets a source: the command, or its address where it cannot be downloaded."""
    found = catalogue()[source]
    if found.access == "download":
        return f"allegiance data get {source}"
    return f"{source}: {found.how}; {found.card.address}"


def _table(folder: Path, name: str) -> pl.DataFrame | None:
    try:
        table_path(folder, name)
    except AllegianceError:
        return None
    return read_table(folder, name)


def _array(frame: pl.DataFrame, column: Column, order: Mapping[int, int]) -> Floats:
    """Shape (states, years); the greatest value where a state and year occur twice."""
    out = np.full((len(order), LAST - FIRST + 1), np.nan)
    if frame.is_empty():
        return out
    wanted = [column.state, column.column, *([column.year] if column.year else [])]
    lacking = [c for c in wanted if c not in frame.columns]
    if lacking:
        raise AllegianceError(f"table {column.table} lacks column {lacking[0]}", get_line(column.source))
    if column.keep is not None:
        frame = frame.filter(column.keep())
    frame = frame.filter(pl.col(column.state).is_not_null())
    value = pl.col(column.column).cast(pl.Float64, strict=False)
    if column.fill is not None:
        value = value.fill_null(column.fill)
    year = pl.col(column.year).cast(pl.Int32) if column.year else pl.lit(FIRST, pl.Int32)
    rows = frame.select(state=pl.col(column.state).cast(pl.Int32), year=year, value=value).drop_nulls()
    rows = rows.filter(pl.col("year").is_between(FIRST, LAST))
    if column.codes == "cow":
        rows = rows.with_columns(state=to_gw(pl.col("state"), pl.date(pl.col("year"), 12, 31)))
    rows = rows.group_by("state", "year").agg(pl.col("value").max())
    for state, at, number in rows.iter_rows():
        if state in order:
            if column.year:
                out[order[state], at - FIRST] = number
            else:
                out[order[state], :] = number
    return out


_STATE_OF = {
    "GWNoA": "gw", "gwid": "gw", "target_cowcode": "cow", "ccode": "cow",
}  # fmt: skip
"""Columns that name the state a row of a list belongs to, and their code system."""


def _by_state(frame: pl.DataFrame, table: str) -> dict[int, list[dict[str, Any]]]:
    """The rows of a list by state; a conflict belongs to each first party, one between states to their allies, too."""
    found: dict[int, list[dict[str, Any]]] = {}
    if "gwno_a" in frame.columns:
        for row in frame.iter_rows(named=True):
            for side in ("gwno_a", "gwno_b", "gwno_a_2nd", "gwno_b_2nd"):
                if row[side] is not None and (side in ("gwno_a", "gwno_b") or row["type_of_conflict"] == "interstate"):
                    found.setdefault(int(row[side]), []).append(row)
        return found
    name = next((c for c in _STATE_OF if c in frame.columns), None)
    if name is None:
        raise AllegianceError(f"table {table} has no column with a state's code ({', '.join(_STATE_OF)})")
    code = pl.col(name).cast(pl.Int32, strict=False)
    year = next((c for c in ("year", "syear", "from") if c in frame.columns), None)
    if _STATE_OF[name] == "cow" and year:
        code = to_gw(code, pl.date(pl.col(year).cast(pl.Int32), 12, 31))
    for row in frame.with_columns(__state=code).iter_rows(named=True):
        if row["__state"] is not None:
            found.setdefault(int(row["__state"]), []).append(row)
    return found


def _coups(folder: Path, missing: dict[str, str]) -> dict[int, list[dict[str, Any]]]:
    """Coup attempts by state, each with its day and the day on which its outcome was known."""
    try:
        rows = powell_thyne.events(folder)
    except AllegianceError:
        missing[powell_thyne.TABLE] = "powell-thyne"
        return {}
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows.select("gwcode", "date", "date_known", "success").iter_rows(named=True):
        found.setdefault(int(row["gwcode"]), []).append(row)
    return found
