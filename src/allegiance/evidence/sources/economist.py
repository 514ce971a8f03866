"""The Economist's tracker of Russian losses and of ground held."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Correction, Remote, Source, Tables

_ROOT = "https://raw.githubusercontent.com/TheEconomist/the-economist-ukraine-war-dead-and-wounded-estimates/HEAD/"
_FOLDER = "ukraine-economist-casualties"
_AREA = "area_assessed_as_controlled_by_russia.csv"
_LIMITS = ["estimate", "ci_lower", "ci_upper", "pi_low", "pi_high"]


def standardise(raw: Path) -> Tables:
    """Cumulative casualties and deaths to a tenth of a man, and area in square kilometres, oldest day first."""
    tables = {}
    for what in ("casualties", "deaths"):
        columns = ["date", "days_since_invasion", *_LIMITS, "type", "country"]
        frame = raw_csv(raw / f"meta-estimate-{what}.csv", columns)
        tables[f"{_FOLDER}/meta_estimate_{what}"] = frame.with_columns(pl.col(_LIMITS).round(1)).sort("date")
    held, change = "area_assessed_as_russia_controlled", "change_in_area_assessed_as_russia_controlled"
    area = raw_csv(raw / _AREA, ["date", held, change, f"{held}_percent"]).sort("date")
    tables[f"{_FOLDER}/russia_controlled_area_daily"] = area.select(
        "date",
        area_km2=(pl.col(held) / 1e6).round(2),
        change_km2=(pl.col(change) / 1e6).round(2),
        percent=pl.col(f"{held}_percent").round(4),
    )
    return tables


SOURCE = Source(
    key="economist",
    card=Card(
        title="Russian losses and front line, daily, from February 2022",
        producer="The Economist (Sondre Solstad)",
        citation="The Economist and S. U. Solstad (2025), github.com/TheEconomist, Ukraine war dead and wounded",
        licence="data CC BY 4.0, code MIT",
        counts="cumulative deaths and casualties with confidence and prediction limits; area assessed as held",
        address="https://github.com/TheEconomist/the-economist-ukraine-war-dead-and-wounded-estimates",
        doubts=("the timing of losses is smooth by construction and deserves care",),
        corrections=(Correction(date(2026, 11, 23), "area in km2, rounding", "readable units"),),
    ),
    tables=tuple(
        f"{_FOLDER}/{t}" for t in ("meta_estimate_casualties", "meta_estimate_deaths", "russia_controlled_area_daily")
    ),
    access="download",
    remotes=(
        Remote("meta-estimate-casualties.csv", f"{_ROOT}output-data/tracker/meta-estimate-casualties.csv"),
        Remote("meta-estimate-deaths.csv", f"{_ROOT}output-data/tracker/meta-estimate-deaths.csv"),
        Remote(_AREA, f"{_ROOT}source-data/deaths-and-casualties-data/{_AREA}"),
    ),
    standardise=standardise,
)
