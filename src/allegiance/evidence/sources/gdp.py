"""GDP per head and population, latent estimates, 1816-2019."""

from __future__ import annotations

from allegiance.evidence.source import Card, Source

TABLE = "gdp-population/gdp_population_1816_2019"

SOURCE = Source(
    key="gdp",
    card=Card(
        title="GDP per head and population, latent estimates, 1816-2019",
        producer="Therese Anders, Christopher Fariss and Jonathan Markowitz",
        citation="C. J. Fariss et al. (2022), Journal of Conflict Resolution 66(3), doi:10.7910/DVN/DC0ING",
        licence="see the Dataverse page",
        counts="GDP per head (2011 dollars) and population (millions) by state and year",
        address="https://doi.org/10.7910/DVN/DC0ING",
        doubts=("joins several series; the error is large for poor and closed states",),
    ),
    tables=(TABLE,),
    access="by hand",
    how="columns gwcode, year, mrgdppc, pwtpop as one CSV table",
)
