"""Latent human rights protection scores, 1946-2019."""

from __future__ import annotations

from allegiance.evidence.source import Card, Source

TABLE = "repression-hrp/fariss_hrp_1946_2019"

SOURCE = Source(
    key="human-rights",
    card=Card(
        title="Latent human rights protection scores, 1946-2019",
        producer="Christopher Fariss, Michael Kenwick and Kevin Reuning",
        citation="C. J. Fariss, M. R. Kenwick, K. Reuning (2020), Latent Human Rights Protection Scores",
        licence="see its page at the Harvard Dataverse",
        counts="how far a government refrains from killing, torture and jailing, by state and year, high is good",
        address="https://dataverse.harvard.edu (Latent Human Rights Protection Scores)",
        doubts=("a latent score: its zero means nothing",),
    ),
    tables=(TABLE,),
    access="by hand",
    how="columns gwcode, year, hrp as one CSV table",
)
