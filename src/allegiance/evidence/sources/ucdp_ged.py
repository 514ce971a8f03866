"""UCDP's georeferenced events from the file a user downloads, in the columns of the interface's events."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Source, Tables

TABLE = "ucdp-ged/events"
_COLUMNS = {
    "id": "event_id", "country_id": "gwcode", "country": "country", "date_start": "date", "type_of_violence": "kind",
    "side_a": "side_a", "side_b": "side_b", "deaths_a": "deaths_a", "deaths_b": "deaths_b",
    "deaths_civilians": "deaths_civilians", "deaths_unknown": "deaths_unknown", "best": "best", "low": "low",
    "high": "high", "latitude": "latitude", "longitude": "longitude", "date_prec": "date_prec",
}  # fmt: skip


def standardise(raw: Path) -> Tables:
    """Events of the newest GEDEvent file in the folder, by day."""
    found = sorted(raw.glob("GEDEvent*.csv")) or sorted(raw.glob("gedevent*.csv"))
    if not found:
        raise AllegianceError(f"there is no GEDEvent*.csv in {raw}", "unpack UCDP's GED as CSV into it")
    frame = raw_csv(found[-1], list(_COLUMNS), text=["date_start"]).rename(_COLUMNS)
    frame = frame.with_columns(pl.col("date").str.head(10).str.to_date())
    return {TABLE: frame.unique("event_id", maintain_order=True).sort("date", "event_id")}


SOURCE = Source(
    key="ucdp-ged",
    card=Card(
        title="UCDP Georeferenced Event Dataset, the whole file",
        producer="Uppsala Conflict Data Program",
        citation="R. Sundberg, E. Melander (2013), Journal of Peace Research 50(4)",
        licence="CC BY 4.0",
        counts="single events of organised violence with at least one death, by day and place",
        address="https://ucdp.uu.se/downloads/",
        doubts=("an event whose day is not known is dated to the first day it may have been",),
    ),
    tables=(TABLE,),
    access="by hand",
    standardise=standardise,
    how="download the GED as CSV and unpack it into the folder named below",
)
