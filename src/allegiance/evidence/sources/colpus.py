"""Colpus: coups with the rank of those who led them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.evidence.folder import read_table
from allegiance.evidence.listed import dated, place_states
from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Source, Tables

TABLE = "colpus-coups/colpus_coups_1946_2022"
_COLUMNS = [
    "id", "ccode", "date", "statenme", "year", "gwf_casename", "coup", "milcoup", "nonmilcoup", "success", "type",
    "cwc_coding", "type2", "cwc_coding2", "srofficial", "jrofficer", "sameeth", "anyethclaim", "coupleadereth",
    "relative", "relationship", "anyoutsidesupport", "outsidesupporters", "ambiguous", "staged",
]  # fmt: skip


def standardise(raw: Path) -> Tables:
    """The list saved as CSV from the makers' spreadsheet."""
    return {TABLE: raw_csv(raw / "colpus.csv", _COLUMNS, text=["type", "type2"])}


def events(folder: Path) -> pl.DataFrame:
    """Coups with their success (1 successful, 2 failed) and who led."""
    wanted = ["id", "ccode", "date", "success", "nonmilcoup", "srofficial", "jrofficer", "ambiguous", "staged"]
    frame = read_table(folder, TABLE, wanted)
    day = pl.col("date").cast(pl.String).str.to_date()
    frame = dated(frame.with_columns(year=day.dt.year(), month=day.dt.month(), day=day.dt.day()))
    rows = place_states(frame, "ccode", "colpus")
    flags = {"senior": "srofficial", "junior": "jrofficer", "civilian": "nonmilcoup", "ambiguous": "ambiguous",
             "staged": "staged"}  # fmt: skip
    named = [pl.when(pl.col(c).cast(pl.Float64) == 1).then(pl.lit(n)) for n, c in flags.items()]
    officers = (pl.col("srofficial") == 1) | (pl.col("jrofficer") == 1)
    return rows.select(
        "gwcode",
        "country",
        "date",
        "date_precision",
        event_id="id",
        type=pl.lit("coup_attempt"),
        date_known=pl.col("date") + pl.duration(days=7),
        success=pl.col("success") == 1,
        rank=pl.when(officers).then(pl.lit("officers")),
        actors=pl.concat_str(named, separator=" ", ignore_nulls=True),
    )


SOURCE = Source(
    key="colpus",
    card=Card(
        title="Colpus 1.1, 1946-2022",
        producer="John Chin, David Carter and Joseph Wright",
        citation=(
            "J. J. Chin, D. B. Carter, J. G. Wright (2021), The Varieties of Coups d'État: Introducing the Colpus "
            "Dataset, International Studies Quarterly 65(4)"
        ),
        licence="none stated: for research with citation",
        counts="elite coups with rank of plotters, ethnic claims, outside support and kind of change",
        address="https://www.johnjchin.com/colpus",
        doubts=("Ukraine 2014 is not in it", "a few events are marked ambiguous or staged by the makers"),
    ),
    tables=(TABLE,),
    access="by hand",
    standardise=standardise,
    events=events,
    how="download the spreadsheet from the makers' page and save its first sheet as colpus.csv",
)
