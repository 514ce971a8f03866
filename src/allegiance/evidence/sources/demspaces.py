"""Demspaces: coups, economy, population and V-Dem indices by country and year, in Gleditsch-Ward codes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Correction, Remote, Source, Tables

_ROOT = "https://raw.githubusercontent.com/vdeminstitute/demspaces/HEAD/create-data/input"
COUPS = "demspaces/ptcoups_country_year_1950_2025"
_GDP = {"NY.GDP.MKTP.KD": "gdp", "NY.GDP.MKTP.KD.ZG": "gdp_growth", "NY.GDP.PCAP.KD": "gdp_pc",
        "NY.GDP.PCAP.KD.ZG": "gdp_pc_growth"}  # fmt: skip


def standardise(raw: Path) -> Tables:
    """Coups cut to counts, economic columns renamed, population and infant mortality as they are."""
    counts = ["pt_attempt_num", "pt_coup_num", "pt_failed_num"]
    economy = raw_csv(raw / "gdp.csv", ["gwcode", "year", *_GDP]).rename(_GDP)
    rounded = [pl.col(c).round(4) for c in _GDP.values() if c != "gdp"]
    return {
        COUPS: raw_csv(raw / "ptcoups.csv", ["gwcode", "year", *counts]),
        "demspaces/gdp_country_year": economy.with_columns(rounded),
        "demspaces/population_country_year": raw_csv(raw / "population.csv", ["gwcode", "year", "pop"]),
        "demspaces/infmort_country_year": raw_csv(
            raw / "wdi-infmort.csv", ["gwcode", "year", "infmort", "infmort_yearadj", "infmort_imputed"]
        ),
    }


SOURCE = Source(
    key="demspaces",
    card=Card(
        title="Country-year coups, economy, population and V-Dem indices (Democratic Spaces Barometer)",
        producer="Andreas Beger, Richard Morgan and Laura Maxwell",
        citation="A. Beger, R. K. Morgan, L. Maxwell, The Democratic Spaces Barometer; V-Dem; World Bank",
        licence="none stated for the collection; V-Dem is CC BY-SA 4.0",
        counts="coup attempts by year (Powell and Thyne), income, population, infant mortality, V-Dem indices",
        address="https://github.com/vdeminstitute/demspaces",
        doubts=(
            "the economic file's column names follow the World Bank and are unchecked here: others are refused",
            "the V-Dem table is cut from a larger one by hand and is not made from the download",
        ),
        corrections=(Correction(date(2026, 11, 23), "growth columns rounded to four digits", "smaller files"),),
    ),
    tables=(
        COUPS,
        "demspaces/gdp_country_year",
        "demspaces/population_country_year",
        "demspaces/infmort_country_year",
        "demspaces/vdem_indices_1968_2023",
    ),
    access="download",
    remotes=tuple(
        Remote(name, f"{_ROOT}/{name}") for name in ("ptcoups.csv", "gdp.csv", "population.csv", "wdi-infmort.csv")
    ),
    standardise=standardise,
)
