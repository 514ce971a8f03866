"""Rebel groups by conflict and year: fighters and strength, 1946-2015."""

from __future__ import annotations

from allegiance.evidence.source import Card, Source

TABLE = "civil-war-dyads/rebel_dyad_years_1946_2015"

SOURCE = Source(
    key="rebels",
    card=Card(
        title="Rebel groups by conflict and year: fighters and strength, 1946-2015",
        producer="David Cunningham, Kristian Gleditsch and Idean Salehyan",
        citation="D. E. Cunningham, K. S. Gleditsch, I. Salehyan (2013), Conflict Management and Peace Science 30(5)",
        licence="none stated for the copy: for research with citation",
        counts="estimates of rebel fighters, their strength against the government, territory held",
        address="https://ksgleditsch.com/",
        doubts=("one estimate for the whole life of many groups, made afterwards",),
    ),
    tables=(TABLE,),
    access="by hand",
    how="columns Year, GWNoA, SideB, rebestimate, rebestlow, rebesthigh, rebstrength, terrcont as one CSV table",
)
