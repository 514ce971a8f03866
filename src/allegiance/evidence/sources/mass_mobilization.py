"""Mass Mobilization: protests of 50 people or more, by country and year."""

from __future__ import annotations

from pathlib import Path

from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Remote, Source, Tables

TABLE = "mass-mobilization/protests_country_year_1990_2018"
COLUMNS = (
    "country", "year", "protestnumber", "labor_demand", "land_demand", "policebrutal_demand", "politbehav_demand",
    "prices_demand", "removepolit_demand", "socialrestrict_demand", "protesterviolence", "duration_mean",
    "duration_max",
)  # fmt: skip


def standardise(raw: Path) -> Tables:
    """Thirteen columns of the yearly table."""
    return {TABLE: raw_csv(raw / "protestnum.csv", COLUMNS)}


SOURCE = Source(
    key="mass-mobilization",
    card=Card(
        title="Mass Mobilization protests by country-year, 1990-2018",
        producer="David Clark and Patrick Regan",
        citation="D. Clark, P. Regan, Mass Mobilization Protest Data, Harvard Dataverse, doi:10.7910/DVN/HTTWYL",
        licence="see the Dataverse page; yearly copy by K. Mackey states none",
        counts="protests of at least 50 people against the state: number, demands, violence, duration",
        address="https://doi.org/10.7910/DVN/HTTWYL",
        doubts=("countries are named, not coded", "the United States is not covered"),
    ),
    tables=(TABLE,),
    access="download",
    remotes=(
        Remote(
            "protestnum.csv",
            "https://raw.githubusercontent.com/KyleMackey/MassMobilization/"
            "a7a3499c83ec9f4fc9aca889ac966139f9ee5877/Yearly_MM_Protests_and_Duration/data/protestnum.csv",
            "2371fe97e11e29c7d6d16b092fb849a89609eda5dd973eef4a7f35013e666140",
        ),
    ),
    standardise=standardise,
)
