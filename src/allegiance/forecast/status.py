"""How far the tables of a data folder reach."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.catalogue import catalogue
from allegiance.evidence.download import read_manifest, retrieved
from allegiance.evidence.folder import has_table, read_table
from allegiance.evidence.sources.powell_thyne import newest

_DAYS = ("date", "date_recorded", "day")


def reaches(folder: Path) -> list[tuple[str, str, str, str, str, str]]:
    """For each table of each source in `folder`: source, table, first and last period, rows, and when it was fetched.

    A table that is there and cannot be read says so in the place of its last period.
    """
    rows = []
    for source in catalogue().values():
        fetched = str(retrieved(source)) if read_manifest(source) else "-"
        names = (newest(folder),) if source.key == "powell-thyne" else source.tables
        for name in names:
            if has_table(folder, name):
                rows.append((source.key, name.split("/")[-1], *_span(folder, name), fetched))
    return rows


def _span(folder: Path, name: str) -> tuple[str, str, str]:
    """First and last period with any value but the keys, and the number of rows."""
    try:
        frame = read_table(folder, name)
    except AllegianceError as error:
        return "", error.message[:60], ""
    count = f"{frame.height:,}"
    if "year" in frame.columns and frame["year"].dtype.is_numeric():
        if "coup_attempt" in frame.columns:  # a panel: rows that nobody has observed do not count
            frame = frame.filter(pl.col("coup_attempt").is_not_null())
        if frame.is_empty():
            return "", "", count
        if "month" in frame.columns:
            period = frame["year"] * 100 + frame["month"].fill_null(1)
            first, last = int(period.min()), int(period.max())  # type: ignore[arg-type]
            return f"{first // 100}-{first % 100:02d}", f"{last // 100}-{last % 100:02d}", count
        return str(int(frame["year"].min())), str(int(frame["year"].max())), count  # type: ignore[arg-type]
    if {"first_year", "last_year"} <= set(frame.columns):
        return str(frame["first_year"].min()), str(frame["last_year"].max()), count
    days = next((c for c in _DAYS if c in frame.columns and not frame[c].dtype.is_numeric()), None)
    if days is None or frame.is_empty():
        return "", "", count
    told = frame[days].cast(pl.String)
    return str(told.min())[:10], str(told.max())[:10], count
