"""Powell and Thyne's list of coups, with the day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError, shown
from allegiance.evidence.folder import read_table, refuse_duplicates, table_path
from allegiance.evidence.listed import dated, place_states
from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Remote, Source, Tables

TABLE = "coupcats-country-month/powell_thyne_list"
_COLUMNS = ["country", "ccode", "year", "month", "day", "coup", "version"]


def standardise(raw: Path) -> Tables:
    """The list as published: tab-separated, `coup` 1 failed and 2 successful."""
    frame = raw_csv(raw / "powell_thyne_coups_final.txt", _COLUMNS, separator="\t", encoding="utf8-lossy")
    return {TABLE: _coded(frame, "powell_thyne_coups_final.txt")}


def _coded(frame: pl.DataFrame, where: str) -> pl.DataFrame:
    """The list, with `coup` 1 or 2 in every row.

    Raises:
        AllegianceError: another code; the message names file, row and value.
    """
    codes = frame["coup"].cast(pl.Float64, strict=False)
    strange = (~codes.is_in([1.0, 2.0]).fill_null(False)).arg_true()
    if len(strange):
        row = int(strange[0])
        said = shown(repr(frame["coup"][row]))
        raise AllegianceError(f"{where}, row {row + 2}: coup is {said}, not 1 or 2")
    return frame.with_columns(coup=codes.cast(pl.Int64))


def events(folder: Path) -> pl.DataFrame:
    """Every attempt with its day; success is known after the seven days the definition asks for."""
    name = newest(folder)
    frame = _coded(read_table(folder, name, _COLUMNS), str(table_path(folder, name)))
    rows = place_states(dated(frame), "ccode", "powell-thyne")
    number = pl.int_range(pl.len()).over("gwcode", "date")
    rows = rows.with_columns(
        event_id=pl.format("{}-{}-{}", "gwcode", "date", number),
        type=pl.lit("coup_attempt"),
        success=pl.col("coup") == 2,
        date_known=pl.col("date") + pl.duration(days=7),
    )
    return refuse_duplicates(rows.drop("ccode", "year", "month", "day", "coup", "version"), ["event_id"], TABLE)


def newest(folder: Path) -> str:
    """The newest version of the list in a data folder (their names end in the version)."""
    found = sorted(p.name.split(".")[0] for p in (folder / "coupcats-country-month").glob("powell_thyne_list*"))
    return f"coupcats-country-month/{found[-1]}" if found else TABLE


def version(folder: Path) -> date | None:
    """The day of the newest list in a data folder, by its column `version` (V2026.01.13); None if there is none."""
    try:
        said = read_table(folder, newest(folder), ["version"])["version"].cast(pl.String).drop_nulls()
    except AllegianceError:
        return None
    days = said.str.extract(r"(\d{4}\D?\d{2}\D?\d{2})").str.replace_all(r"\D", "").str.to_date("%Y%m%d", strict=False)
    latest = days.max()
    return latest if isinstance(latest, date) else None


SOURCE = Source(
    key="powell-thyne",
    card=Card(
        title="Powell and Thyne's global list of coups, 1950 on",
        producer="Jonathan Powell and Clayton Thyne",
        citation="J. M. Powell, C. L. Thyne (2011), Journal of Peace Research 48(2), doi:10.1177/0022343310397436",
        licence="none stated: for research with citation",
        counts="illegal, overt attempts by the military or other state elites to unseat the executive; success: 7 days",
        address="https://www.uky.edu/~clthyn2/coup_data/home.htm",
        doubts=(
            "counts Ukraine, 22 February 2014, as a successful coup; other lists do not",
            "plots found out before they began are not in it",
        ),
    ),
    tables=(TABLE,),
    access="download",
    remotes=(
        Remote("powell_thyne_coups_final.txt", "https://www.uky.edu/~clthyn2/coup_data/powell_thyne_coups_final.txt"),
    ),
    standardise=standardise,
    events=events,
)
