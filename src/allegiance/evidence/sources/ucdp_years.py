"""UCDP deaths in organised violence by state and year, 1989-2024."""

from __future__ import annotations

from allegiance.evidence.source import Card, Source

TABLE = "ucdp-organized-violence/ucdp_ov_country_year_1989_2024"

SOURCE = Source(
    key="ucdp-years",
    card=Card(
        title="UCDP deaths in organised violence by state and year, 1989-2024",
        producer="Uppsala Conflict Data Program",
        citation="S. Davies et al. (yearly), Journal of Peace Research: Organized violence",
        licence="CC BY 4.0",
        counts="battle deaths and killings of civilians by the government",
        address="https://ucdp.uu.se/downloads/",
        doubts=("deaths where they happened, not whose they were",),
    ),
    tables=(TABLE,),
    access="by hand",
    how="columns country_id, year, sb_total_deaths_best, os_main_govt_killings_best as one CSV table",
)
