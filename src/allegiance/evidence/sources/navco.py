"""NAVCO 2.1: resistance campaigns by year, with defection of security forces."""

from __future__ import annotations

from pathlib import Path

from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Remote, Source, Tables

TABLE = "navco-campaigns/navco21_campaign_years"
COLUMNS = (
    "id", "years_active", "years_plus", "gdppc", "colony_bool", "prim_meth", "sec_defect", "regime_support",
    "repression", "camp_support", "camp_size", "sdirect", "indiscrim", "cold_war", "pi_education", "pi_soc_welfare",
    "pi_trad_media", "pi_new_media", "pi_police", "pi_armed_wing", "pi_courts", "pi_pol_party", "any_pi", "in_media",
    "failure", "success",
)  # fmt: skip


def standardise(raw: Path) -> Tables:
    """The cleaned copy, unchanged."""
    return {TABLE: raw_csv(raw / "df_cleaned.csv", COLUMNS)}


SOURCE = Source(
    key="navco",
    card=Card(
        title="NAVCO 2.1 campaign-years, 1945-2013",
        producer="Erica Chenoweth and Christopher Shay, Harvard",
        citation="E. Chenoweth, C. W. Shay, NAVCO 2.1, Harvard; copy by A. Newhouse",
        licence="none stated: for research with citation",
        counts="resistance campaigns by year: size, method, repression, and whether security forces defected",
        address="http://www.navcodata.org/",
        doubts=(
            "prim_meth is 1 for mainly violent campaigns in this copy: the reverse of NAVCO's own coding",
            "country and year were cut by the copy's author, so it cannot be joined to the panel",
        ),
    ),
    tables=(TABLE,),
    access="download",
    remotes=(
        Remote(
            "df_cleaned.csv",
            "https://raw.githubusercontent.com/alexbnewhouse/Parallel-Institutions-and-Civil-Resistance/"
            "524656b3e5f49f2d036cc5cc09488f4032663fa1/df_cleaned.csv",
            "82824767f44b8a2bcb9874ddd7ecf8829aed8e95673287739f0cd48444c99996",
        ),
    ),
    standardise=standardise,
)
