"""Ethnic Power Relations 2021: politically relevant groups, their size and their access to power."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Remote, Source, Tables

GROUPS = "epr-2021/epr_groups_1946_2021"
_COLUMNS = ("gwid", "statename", "from", "to", "group", "gwgroupid", "size", "status", "reg_aut")
_FILE = "EPR-2021.csv"


def standardise(raw: Path) -> Tables:
    """The list of group periods, as published."""
    frame = raw_csv(raw / _FILE, _COLUMNS)
    return {GROUPS: frame.with_columns(pl.col("size").cast(pl.Float64))}


SOURCE = Source(
    key="epr",
    card=Card(
        title="Ethnic Power Relations core data, 1946-2021",
        producer="ETH Zürich, International Conflict Research",
        citation="M. Vogt et al. (2015), Journal of Conflict Resolution 59(7): Integrating Data on Ethnicity",
        licence="free with citation",
        counts="groups that matter in national politics: share of the population and access to executive power",
        address="https://icr.ethz.ch/data/epr/",
        doubts=(
            "speaks of the state, not of the army: the make-up of the ranks has to be assumed",
            "the last update of a group's status may rest on later hindsight",
        ),
    ),
    tables=(GROUPS,),
    access="download",
    remotes=(Remote(_FILE, f"https://icr.ethz.ch/data/epr/core/{_FILE}"),),
    standardise=standardise,
)
