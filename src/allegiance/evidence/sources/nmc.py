"""Correlates of War, National Material Capabilities: soldiers, military spending and population by state and year."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.raw import need
from allegiance.evidence.source import Card, Remote, Source, Tables

TABLE = "wars-and-capabilities/cow_nmc_state_year"
COLUMNS = ("ccode", "year", "milex", "milper", "irst", "pec", "tpop", "upop", "cinc")
_FILE = "NMC_Documentation-6.0.zip"


def standardise(raw: Path) -> Tables:
    """The abridged table; the makers' -9 (not known) becomes missing."""
    path = raw / _FILE
    frame = need(_abridged(path), COLUMNS, path)
    known = [pl.when(pl.col(c) >= 0).then(pl.col(c)).alias(c) for c in COLUMNS[2:]]
    return {TABLE: frame.with_columns(known).sort("ccode", "year")}


def _abridged(path: Path) -> pl.DataFrame:
    """The abridged CSV in the archive, or in an archive inside it."""
    try:
        with zipfile.ZipFile(path) as archive:
            name = _one(archive, "abridged")
            held = archive.read(name)
            if name.lower().endswith(".zip"):
                with zipfile.ZipFile(io.BytesIO(held)) as inner:
                    held = inner.read(_one(inner, ".csv"))
        return pl.read_csv(io.BytesIO(held), infer_schema_length=None)
    except FileNotFoundError:
        raise AllegianceError(f"there is no {path}", "run `allegiance data get nmc`") from None
    except (zipfile.BadZipFile, pl.exceptions.PolarsError) as error:
        raise AllegianceError(f"cannot read {path}: {error}", "delete the file and fetch it again") from error


def _one(archive: zipfile.ZipFile, part: str) -> str:
    found = [n for n in archive.namelist() if part in n.lower() and n.lower().endswith((".csv", ".zip"))]
    if not found:
        raise AllegianceError(f"{archive.filename or 'the archive'} has changed: it holds no {part} table")
    return found[0]


SOURCE = Source(
    key="nmc",
    card=Card(
        title="National Material Capabilities, version 6.0",
        producer="Correlates of War Project",
        citation="J. D. Singer (1987), International Interactions 14(2); Correlates of War Project, NMC 6.0 (2021)",
        licence="free for research with citation",
        counts="soldiers and population (thousands), military spending (thousands of current dollars), by year",
        address="https://correlatesofwar.org/data-sets/national-material-capabilities/",
        doubts=(
            "all services together; what counts as the regular army differs by state",
            "released years late: a value of the year before stands for what observers of the day could count",
            "rounded to thousands: an army below 500 shows as none",
        ),
    ),
    tables=(TABLE,),
    access="download",
    remotes=(Remote(_FILE, f"https://correlatesofwar.org/wp-content/uploads/{_FILE}"),),
    standardise=standardise,
)
