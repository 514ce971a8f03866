"""Project Mars: belligerents in conventional wars, as the user downloads them from their author's archive."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.raw import exported
from allegiance.evidence.source import Card, Source, Tables

TABLE = "project-mars/belligerents"
COLUMNS = {
    "warcode": "war", "campcode": "campaign", "ccode": "ccode", "yrstart": "first_year", "yrend": "last_year",
    "civilwar": "civil_war", "kialow": "killed_low", "kiahigh": "killed_high",
}  # fmt: skip
"""The maker's columns that must be there, and our names for them; all others keep the maker's names."""


def standardise(raw: Path) -> Tables:
    """One row a belligerent and campaign; columns on desertion, defection and inequality stand as published."""
    found = sorted(p for form in ("*.tab", "*.csv", "*.tsv") for p in raw.glob(form))
    if len(found) != 1:
        raise AllegianceError(f"{raw} must hold one file of Project Mars, not {len(found)}", "keep the newest alone")
    frame = exported(found[0], tuple(COLUMNS)).rename(COLUMNS)
    frame = frame.filter(pl.any_horizontal(pl.col(list(COLUMNS.values())).is_not_null()))  # trailing empty rows
    try:
        frame = frame.with_columns(pl.col(list(COLUMNS.values())).cast(pl.Float64).round().cast(pl.Int64))
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise AllegianceError(f"{found[0]}: {reason}", "codes, years and deaths are numbers") from error
    backward = frame.filter(pl.col("first_year") > pl.col("last_year"))
    if not backward.is_empty():
        row = backward.row(0, named=True)
        raise AllegianceError(
            f"{found[0]}: war {row['war']} of {row['ccode']} ends in {row['last_year']}, before {row['first_year']}",
            "fetch the file again",
        )
    return {TABLE: frame.sort("first_year", "war", "campaign", "ccode")}


SOURCE = Source(
    key="project-mars",
    card=Card(
        title="Project Mars 1.1: belligerents in conventional wars, 1800-2011",
        producer="Jason Lyall",
        citation="J. Lyall (2020), Divided Armies: Inequality and Battlefield Performance in Modern War, Princeton",
        licence="public domain by the archive's note",
        counts="belligerents by war and campaign: killed, military inequality, desertion, defection, blocking units",
        address="https://dataverse.harvard.edu/dataset.xhtml?persistentId=doi:10.7910/DVN/DUO7IE",
        doubts=(
            "reader written from its published column names, not tried on the whole file: it was not obtained",
            "belligerents that were no states have codes of its own from 1001 on",
        ),
    ),
    tables=(TABLE,),
    access="by hand",
    standardise=standardise,
    how="download the data file from the archive (datafile 5857675), then `allegiance data add FILE`",
)
