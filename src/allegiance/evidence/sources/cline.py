"""The Cline Center's coup project: realised, attempted and conspired, with who acted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from allegiance.evidence.folder import read_table
from allegiance.evidence.listed import dated, end_of, place_states
from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Correction, Remote, Source, Tables

TABLE = "cline-coups/cline_coups_v2_1_2"
_ACTORS = ("military", "dissident", "rebel", "palace", "foreign", "auto", "resign", "popular", "counter", "other")
_KEYS = ["coup_id", "cowcode", "country", "year", "month", "day", "event_type"]
_FLAGS = ["unrealized", "realized", "conspiracy", "attempt", *_ACTORS]
_MISCODED = {393: 365}
_FATES = ["noharm", "injured", "killed", "harrest", "jailed", "tried", "fled", "exile"]


def standardise(raw: Path) -> Tables:
    """The list as published: the newest release that lies in the raw folder (see the card)."""
    columns = [*_KEYS, *_FLAGS, *_FATES]
    found = sorted(raw.glob("coup_data_2_*.csv"))
    path = found[-1] if found else raw / "coup_data_2_1_2.csv"
    return {TABLE: raw_csv(path, columns, encoding="utf8-lossy", text=["coup_id"])}


def events(folder: Path) -> pl.DataFrame:
    """Coups and attempts as events, conspiracies as plots; `actors` says who."""
    frame = read_table(folder, TABLE, [*_KEYS, *_ACTORS]).with_columns(pl.col("coup_id").cast(pl.String))
    frame = frame.with_columns(pl.col("cowcode").replace(_MISCODED))
    rows = place_states(dated(frame), "cowcode", "cline")
    named = [pl.when(pl.col(a) == 1).then(pl.lit(a)) for a in _ACTORS]
    plot = pl.col("event_type") == "conspiracy"
    return rows.select(
        "gwcode",
        "country",
        "date",
        "date_precision",
        event_id="coup_id",
        type=pl.lit("coup_attempt"),
        date_known=end_of() + pl.duration(days=7),
        stage=pl.when(plot).then(pl.lit("plot")).otherwise(pl.lit("event")),
        success=pl.col("event_type") == "coup",
        actors=pl.concat_str(named, separator=" ", ignore_nulls=True),
    )


SOURCE = Source(
    key="cline",
    card=Card(
        title="Cline Center Coup d'État Project 2.1.2, 1945-2022",
        producer="Cline Center for Advanced Social Research, University of Illinois",
        citation=(
            "Peyton, Bajjalieh, Shalmon, Martin, Bonaguro, Soto (2023), Cline Center Coup d'État Project Dataset, "
            "doi:10.13012/B2IDB-9651987_V6"
        ),
        licence="copyright University of Illinois; no reuse licence stated",
        counts="realised, attempted and conspired coups of every kind, popular and foreign ones among them",
        address="https://databank.illinois.edu/datasets/IDB-3143201",
        doubts=(
            "wider than other lists: popular, foreign, palace and self-coups count, resignations too",
            "the file comes from a public copy; the maker's own address is above",
            "release 2.1.3 (to 2023) has no fixed public address: get it from the maker's page, save it as "
            "coup_data_2_1_3.csv in the source's raw folder and run `allegiance data get cline`",
        ),
        corrections=(
            Correction(date(2026, 11, 23), "country code 393 read as 365", "Russia, September 1993; no state is 393"),
        ),
    ),
    tables=(TABLE,),
    access="download",
    remotes=(
        Remote(
            "coup_data_2_1_2.csv",
            "https://raw.githubusercontent.com/sjwan01/coups/c25865c3903778fc912c58400936ee2ee8dd684d/"
            "data/raw/Coup%20data%202.1.2.csv",
            "d30ade754e2f3df0c923b6704747f684c5cc6f17db2587b3ca33f5d2ff8b0bbc",
        ),
    ),
    standardise=standardise,
    events=events,
)
