"""ACLED from a file that a user exported with his own account; kept on his machine and passed on to nobody."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Source, Tables
from allegiance.evidence.sources.acled import FIELDS

TABLE = "acled-export/events"


def standardise(raw: Path) -> Tables:
    """All exported files together, each event once; days are read in both forms that exports have had."""
    found = sorted(raw.glob("*.csv"))
    if not found:
        raise AllegianceError(f"there is no CSV file in {raw}", "export events from your ACLED account into it")
    frame = pl.concat([raw_csv(path, FIELDS, text=["event_date", "event_id_cnty", "iso"]) for path in found])
    day = pl.col("event_date")
    read = pl.coalesce(day.str.to_date("%Y-%m-%d", strict=False), day.str.to_date("%d %B %Y", strict=False))
    frame = frame.with_columns(event_date=read, fatalities=pl.col("fatalities").cast(pl.Int64))
    lost = frame["event_date"].null_count()
    if lost:
        raise AllegianceError(f"{lost} events have a day that cannot be read", "export again with days as 2020-01-31")
    return {TABLE: frame.unique("event_id_cnty", maintain_order=True).sort("event_date", "event_id_cnty")}


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
    how="export events as CSV with your own account into the folder named below",
)
