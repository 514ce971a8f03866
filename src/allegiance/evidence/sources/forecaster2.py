"""forecaster2: the country-year panel and test forecasts that a new coup forecast has to beat."""

from __future__ import annotations

from pathlib import Path

from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Remote, Source, Tables

_ROOT = "https://raw.githubusercontent.com/andybega/forecaster2/d22e1a72566daee4b5facd6bb17768fb0ad3d1b9"
_FILES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    # table: (path in the repository, SHA-256, columns needed)
    "reign_country_year": (
        "make-data/input/reign-cy.csv",
        "6c9078ce53f418e022fcf56326d2008fbae471f1383ce9b74b8ceb7ae2e7f99e",
        (
            "gwcode", "year", "elected", "age", "male", "militarycareer", "tenure_months", "government",
            "anticipation", "ref_ant", "leg_ant", "exec_ant", "irreg_lead_ant", "election_now", "election_recent",
            "leg_recent", "exec_recent", "lead_recent", "ref_recent", "direct_recent", "indirect_recent",
            "victory_recent", "defeat_recent", "change_recent", "nochange_recent", "delayed", "lastelection", "loss",
            "irregular", "prev_conflict",
        ),
    ),
    "epr_country_year": (
        "make-data/input/epr.csv",
        "bd23bc479e1ded45fb18c5b86e1a081e7e6a2238fe32d7bd71897c5852a05223",
        (
            "gwcode", "year", "groups", "elf", "excluded_groups_count", "excluded_groups_pop",
            "inpower_groups_count", "inpower_groups_pop", "regaut_groups_count", "regaut_group_pop",
            "excluded_groups_shift", "inpower_groups_shift", "excluded_groups_count_diff",
            "excluded_groups_pop_diff", "inpower_groups_count_diff", "inpower_groups_pop_diff",
        ),
    ),
    "infmort": (
        "make-data/input/wdi-infmort.csv",
        "0c34f25f5c733af7148e4711bff36ee808d7f2357574924bc23355b8f9fe7630",
        ("gwcode", "year", "infmort", "infmort_yearadj", "infmort_imputed"),
    ),
    "state_age": (
        "make-data/input/gwstate-age.csv",
        "9c1fba5350b805a2cfd1a3048fd95efc02a0c1aaca0d0d2b77416cc7f05072ca",
        ("gwcode", "year", "state_age"),
    ),
    "forecasts_2011_2020": (
        "models/output/fcasts.csv",
        "37d71f4389eef0f7189e1ae60c7feb527979353e887523dc8272f0079ab354de",
        ("gwcode", "year", "for_year", "outcome", "observed", "p"),
    ),
}  # fmt: skip


def standardise(raw: Path) -> Tables:
    """The repository's tables, unchanged."""
    return {f"forecaster2/{t}": raw_csv(raw / f"{t}.csv", columns) for t, (_, _, columns) in _FILES.items()}


SOURCE = Source(
    key="forecaster2",
    card=Card(
        title="Country-year coup panel and published test forecasts, 1950-2020",
        producer="Andreas Beger",
        citation="A. Beger, forecaster2 (github.com/andybega/forecaster2); REIGN; EPR 2019; World Bank",
        licence="forecasts CC BY 4.0; data and code MIT",
        counts="leaders, elections, ethnic power, infant mortality by country and year; forecasts for 2011-2020",
        address="https://github.com/andybega/forecaster2",
        doubts=("its forecasts expect about twice the attempts that came", "some infant mortality is imputed"),
    ),
    tables=tuple(f"forecaster2/{t}" for t in _FILES),
    access="download",
    remotes=tuple(Remote(f"{t}.csv", f"{_ROOT}/{path}", digest) for t, (path, digest, _) in _FILES.items()),
    standardise=standardise,
)
