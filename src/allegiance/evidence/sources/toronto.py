"""Toronto's Military Recruitment data: conscripts or volunteers, and months of service, by state and year."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Remote, Source, Tables

TABLE = "conscription-toronto/conscription_country_year_1945_2013"
_COLUMNS = ("ccode", "cabbr", "year", "recruit", "tmenlist", "mil", "estimate", "version", "country")
_FILE = "toronto_clean.csv"


def standardise(raw: Path) -> Tables:
    """One row a state and year; `recruit` (1 volunteers) is turned into `conscription` (1 conscripts)."""
    frame = raw_csv(raw / _FILE, _COLUMNS).unique(["ccode", "year"], keep="last", maintain_order=True)
    return {
        TABLE: frame.select(
            "ccode", "cabbr", "country", "year",
            conscription=1 - pl.col("recruit").cast(pl.Float64),
            service_months=pl.col("tmenlist").cast(pl.Float64),
            has_military=pl.col("mil").cast(pl.Float64),
            estimate=pl.col("estimate").cast(pl.Float64),
            version=pl.col("version").cast(pl.Float64),
        ).sort("ccode", "year")
    }  # fmt: skip


SOURCE = Source(
    key="toronto",
    card=Card(
        title="Military Recruitment Data Set, 1945-2013",
        producer="Nathan Toronto",
        citation="V. Asal, J. Conrad, N. Toronto (2017), Journal of Conflict Resolution 61(7); N. Toronto (2014)",
        licence="none stated for the copy: for research with citation",
        counts="whether an army is raised by conscription, and months of service, by state and year",
        address="http://nathantoronto.com/research",
        doubts=(
            "yes or no: the share of conscripts in an army that has them is not in it",
            "follows practice, not law: Colombia, Jordan, Mexico and the Philippines differ from the World Factbook",
            "months are given for some volunteer armies too; they are not read",
        ),
    ),
    tables=(TABLE,),
    access="download",
    remotes=(
        Remote(
            _FILE,
            "https://raw.githubusercontent.com/rguseinov/revmass-uprisings-regchange-replication/"
            "baa1e54c879ed5665f8d29792ba6b991c3de82fd/toronto_clean.csv",
        ),
    ),
    standardise=standardise,
)
