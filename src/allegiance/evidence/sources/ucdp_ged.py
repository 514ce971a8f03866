"""UCDP's georeferenced events from the file a user downloads, in the columns of the interface's events."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.days import days_of
from allegiance.evidence.raw import exported
from allegiance.evidence.source import Card, Source, Tables
from allegiance.evidence.sources.ucdp import COUNTS, GED, known

TABLE = "ucdp-ged/events"
_NEEDED = (
    "id", "country_id", "country", "date_start", "date_prec", "type_of_violence", "side_a", "side_b",
    "best", "low", "high",
)  # fmt: skip
_KINDS = {"latitude": pl.Float64, "longitude": pl.Float64} | dict.fromkeys(COUNTS, pl.Int64)


def standardise(raw: Path) -> Tables:
    """All files of events together by first day, each event once, as the file that is last by name has it."""
    found = sorted(p for form in ("*.csv", "*.csv.gz") for p in raw.glob(form) if p.name.lower().startswith("gedevent"))
    if not found:
        raise AllegianceError(f"there is no GEDEvent*.csv in {raw}", "unpack UCDP's GED as CSV into it")
    table = pl.concat([_one(path) for path in found]).unique("event_id", maintain_order=True, keep="last")
    return {TABLE: table.sort("date", "event_id")}


def _one(path: Path) -> pl.DataFrame:
    frame = exported(path, _NEEDED, text=["date_start", "date_end"])
    lacking = [pl.lit(None, pl.Int64).alias(c) for c in GED if c not in frame.columns]  # excerpts have fewer columns
    frame = frame.with_columns(lacking).select(*GED).rename(GED)
    days = [days_of(frame[c].cast(pl.String), path) for c in ("date", "date_end")]
    try:
        frame = frame.with_columns(pl.col(c).cast(kind) for c, kind in _KINDS.items())
    except pl.exceptions.PolarsError as error:
        raise AllegianceError(f"{path}: {str(error).splitlines()[0]}", "places and deaths are numbers") from error
    return frame.with_columns(*days, *(known(pl.col(c)).alias(c) for c in COUNTS))


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
    how="download the GED as CSV, unpack it, then `allegiance data add FILE`",
)
