"""NAVCO 2.1 campaign-years with state and year."""

from __future__ import annotations

from allegiance.evidence.source import Card, Source

TABLE = "navco-21-campaign-years/navco21_campaign_years_1945_2013"

SOURCE = Source(
    key="navco-years",
    card=Card(
        title="NAVCO 2.1 campaign-years with state and year",
        producer="Erica Chenoweth and Christopher Shay",
        citation="E. Chenoweth, C. W. Shay (2019), NAVCO 2.1, doi:10.7910/DVN/MHOXDV",
        licence="CC0",
        counts="campaigns against a state: size, method and year",
        address="https://doi.org/10.7910/DVN/MHOXDV",
        doubts=(
            "numbers of participants are often lower bounds",
            "outcomes stand in the same table: a draft reads size and method only",
        ),
    ),
    tables=(TABLE,),
    access="by hand",
    how="columns target_cowcode, year, nonviolent, total_part, camp_size as one CSV table",
)
