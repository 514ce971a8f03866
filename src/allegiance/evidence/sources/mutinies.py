"""Mutinies: Johnson's MMDD and Mutiny in Africa, as months in which they happened."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.evidence.folder import read_table
from allegiance.evidence.listed import end_of, place_states
from allegiance.evidence.source import Card, Source

TABLE = "coupcats-country-month/mutiny_spells"
_COLUMNS = ["ccode", "first_year", "first_month", "last_year", "last_month", "single_month", "left_censored"]


def events(folder: Path) -> pl.DataFrame:
    """One event in the first month of every spell, and in the last where a cluster spans several."""
    spells = read_table(folder, TABLE, _COLUMNS)
    first = pl.date(pl.col("first_year"), pl.col("first_month"), 1)
    last = pl.date(pl.col("last_year"), pl.col("last_month"), 1)
    cluster = spells.filter(pl.col("single_month") == 0)
    begun = spells.filter(pl.col("left_censored") == 0).with_columns(date=first)
    ended = cluster.with_columns(date=last).filter((first != last) | (pl.col("left_censored") == 1))
    rows = pl.concat([begun, ended]).with_columns(date_precision=pl.lit("month"))
    several = pl.when(pl.col("single_month") == 0).then(pl.lit("first or last month of a cluster"))
    return place_states(rows, "ccode", "mutinies").select(
        "gwcode",
        "country",
        "date",
        "date_precision",
        event_id=pl.format("{}-{}", "gwcode", "date"),
        type=pl.lit("mutiny"),
        date_known=end_of(),
        note=several,
    )


SOURCE = Source(
    key="mutinies",
    card=Card(
        title="Military mutinies and defections by month, 1950-2018",
        producer="Jaclyn Johnson (MMDD); Rebecca Schiel, Jonathan Powell and Christopher Faulkner (Mutiny in Africa)",
        citation=(
            "J. Johnson (2021), Introducing the Military Mutinies and Defections Database, Journal of Peace Research "
            "58(6), doi:10.1177/00223433211020092; R. Schiel, J. Powell, C. Faulkner (2021), Mutiny in Africa, "
            "1950-2018, Conflict Management and Peace Science 38(4)"
        ),
        licence="none stated: for research with citation",
        counts="collective insubordination of at least 12 soldiers that does not seek executive power",
        address="https://jaclynjohnson.weebly.com/uploads/2/6/4/7/26479187/mmdd.xlsx",
        doubts=(
            "dates come from a six-month flag: 81 % are single months, of the rest only first and last are known",
            "outside Africa the list ends in 2017, so 2018 may miss mutinies there",
            "defections are not told apart from mutinies",
        ),
    ),
    tables=(TABLE,),
    access="by hand",
    events=events,
    how="get the lists from the makers and turn them into spells (columns: " + ", ".join(_COLUMNS) + ")",
)
