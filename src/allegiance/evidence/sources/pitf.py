"""Episodes of political instability, 1955-2014."""

from __future__ import annotations

from allegiance.evidence.source import Card, Source

TABLE = "pitf-episodes/pitf_episode_years_1955_2014"

SOURCE = Source(
    key="pitf",
    card=Card(
        title="Episodes of political instability, 1955-2014",
        producer="Monty Marshall, Center for Systemic Peace",
        citation="M. G. Marshall, T. R. Gurr, B. Harff, PITF State Failure Problem Set, Center for Systemic Peace",
        licence="free for research",
        counts="civil wars by year: rebel fighters, deaths and part of the country, in classes",
        address="http://www.systemicpeace.org/inscrdata.html",
        doubts=("classes, not counts; the scales are given here as remembered from the codebook",),
    ),
    tables=(TABLE,),
    access="by hand",
    how="columns ccode, year, ptype, magfight, magfatal, magarea as one CSV table",
)
