"""ACLED from a file that a user exported with his own account; kept on his machine and passed on to nobody."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.days import days_of
from allegiance.evidence.raw import exported
from allegiance.evidence.source import Card, Source, Tables
from allegiance.evidence.sources.acled import FIELDS

TABLE = "acled-export/events"


def standardise(raw: Path) -> Tables:
    """All exported files together, each event once, as the last of them has it (by name)."""
    found = sorted([*raw.glob("*.csv"), *raw.glob("*.csv.gz")])
    if not found:
        raise AllegianceError(f"there is no CSV file in {raw}", "export events from your ACLED account into it")
    return {
        TABLE: pl.concat([_one(p) for p in found])
        .unique("event_id_cnty", maintain_order=True, keep="last")
        .sort("event_date", "event_id_cnty")
    }


def _one(path: Path) -> pl.DataFrame:
    frame = exported(path, FIELDS, text=["event_date", "event_id_cnty", "iso"])
    wanted = [*FIELDS, *(c for c in ("time_precision", "disorder_type", "actor1") if c in frame.columns)]
    kinds = {"latitude": pl.Float64, "longitude": pl.Float64, "fatalities": pl.Int64}
    frame = frame.select(wanted).with_columns(days_of(frame["event_date"], path))
    try:
        return frame.with_columns(pl.col(c).cast(kind) for c, kind in kinds.items())
    except pl.exceptions.PolarsError as error:
        raise AllegianceError(
            f"{path}: {str(error).splitlines()[0]}", "latitude, longitude and fatalities are numbers"
        ) from error


SOURCE = Source(
    key="acled-export",
    card=Card(
        title="ACLED events exported by the user",
        producer="ACLED",
        citation="C. Raleigh, R. Kishi, A. Linke (2023), Humanities and Social Sciences Communications 10",
        licence="ACLED's own terms: your own account, no redistribution; this project holds and passes on nothing",
        counts="battles, protests, riots, violence against civilians, by day and place",
        address="https://acleddata.com",
        doubts=("coverage starts in different years by region", "recent weeks are revised"),
    ),
    tables=(TABLE,),
    access="by hand",
    standardise=standardise,
    how="export events as CSV with your own account, then `allegiance data add FILE`",
)
