"""World Bank (from the Military Balance): all armed forces, paramilitaries included, by state and year."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.source import Card, Remote, Source, Tables
from allegiance.evidence.states import states

TABLE = "armed-forces-paramilitary/armed_forces_total_vs_nmc"
_FILE = "MS.MIL.TOTL.P1.json"


def standardise(raw: Path) -> Tables:
    """Persons under arms by state and year; aggregates of states are left out."""
    path = raw / _FILE
    rows = [
        {"iso3": r["countryiso3code"], "year": int(r["date"]), "personnel_total": float(r["value"])}
        for r in _records(path)
        if r.get("value") is not None and r.get("countryiso3code")
    ]
    frame = pl.DataFrame(rows, schema={"iso3": pl.String, "year": pl.Int64, "personnel_total": pl.Float64})
    known = states().filter(pl.col("end").is_null()).select("iso3", "gwcode")
    return {TABLE: frame.join(known, on="iso3").sort("gwcode", "year")}


def _records(path: Path) -> list[dict[str, Any]]:
    """The second part of the interface's answer: a list of records."""
    try:
        answer = json.loads(path.read_text(encoding="utf-8"))
        head, records = answer
        if int(head["pages"]) > 1 or not {"countryiso3code", "date", "value"} <= set(records[0]):
            raise AllegianceError(f"{path.name} has changed: not one page of records with iso3, date and value")
    except FileNotFoundError:
        raise AllegianceError(f"there is no {path}", "run `allegiance data get world-bank-forces`") from None
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise AllegianceError(f"cannot read {path}: {error}", "delete the file and fetch it again") from error
    return list(records)


SOURCE = Source(
    key="world-bank-forces",
    card=Card(
        title="Armed forces personnel, total (MS.MIL.TOTL.P1), 1985 on",
        producer="World Bank, from the Military Balance of the International Institute for Strategic Studies",
        citation="World Bank, World Development Indicators, MS.MIL.TOTL.P1",
        licence="CC BY 4.0",
        counts="active forces and the paramilitary forces fit to support or replace them, by state and year",
        address="https://data.worldbank.org/indicator/MS.MIL.TOTL.P1",
        doubts=(
            "less the regular army (NMC) it gives the size of all parallel forces together, not of each",
            "the two are brought up to date at different times: a difference below zero means not known",
        ),
    ),
    tables=(TABLE,),
    access="download",
    remotes=(
        Remote(_FILE, "https://api.worldbank.org/v2/country/all/indicator/MS.MIL.TOTL.P1?format=json&per_page=20000"),
    ),
    standardise=standardise,
)
