"""REIGN by month: who led each state, how, and which elections were near, to the month in which it ended."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Remote, Source, Tables

_FILE = "REIGN_2021_8.csv"
TABLE = "reign/reign_country_month"
COLUMNS = (
    "ccode", "country", "leader", "year", "month", "elected", "age", "male", "militarycareer", "tenure_months",
    "government", "anticipation", "irreg_lead_ant", "election_now", "election_recent", "lead_recent", "delayed",
    "lastelection", "loss", "irregular", "prev_conflict", "pt_suc", "pt_attempt",
)  # fmt: skip


def standardise(raw: Path) -> Tables:
    """One row per state and month: that of the leader at its end, where one followed another."""
    frame = raw_csv(raw / _FILE, COLUMNS, encoding="utf8-lossy")
    last = frame.with_columns(pl.col("year", "month", "ccode").cast(pl.Int64)).sort(
        "ccode", "year", "month", pl.col("tenure_months").cast(pl.Float64), descending=[False, False, False, True]
    )
    return {TABLE: last.unique(["ccode", "year", "month"], keep="last", maintain_order=True)}


SOURCE = Source(
    key="reign-monthly",
    card=Card(
        title="REIGN by country and month, 1950 to August 2021",
        producer="Curtis Bell, Clayton Besaw and Matthew Frank, One Earth Future",
        citation="C. Bell, C. Besaw, M. Frank (2021), Rulers, Elections, and Irregular Governance (REIGN) dataset",
        licence="the repository carries the MIT licence of its site template; none is stated for the data",
        counts="leaders, types of government and elections by month",
        address="https://oefdatascience.github.io/REIGN.github.io/",
        doubts=(
            "ended in August 2021: later forecasts take leaders and elections from CoupCats, who carry both on",
            "where one leader followed another within a month, the newer one's row is kept",
        ),
    ),
    tables=(TABLE,),
    access="download",
    remotes=(
        Remote(
            _FILE,
            f"https://raw.githubusercontent.com/OEFDataScience/REIGN.github.io/gh-pages/data_sets/{_FILE}",
        ),
    ),
    standardise=standardise,
)
