"""Counterweights, effective number of forces, secret police, personal rule, 1950-2018."""

from __future__ import annotations

from allegiance.evidence.source import Card, Source

TABLE = "security-forces-country-year/security_forces_1950_2018"

SOURCE = Source(
    key="security-forces",
    card=Card(
        title="Counterweights, effective number of forces, secret police, personal rule, 1950-2018",
        producer="Erica De Bruin; Ulrich Pilster and Tobias Böhmelt; Marius Mehrl and Ioannis Choulis",
        citation="E. De Bruin (2021), Journal of Peace Research 58(2); M. Mehrl, I. Choulis (2023)",
        licence="none stated for the copy: for research with citation",
        counts="counterbalancing forces, secret police and personal rule by state and year",
        address="http://www.ericadebruin.com/security-forces-dataset",
        doubts=(
            "counterweights end in 2010; secret police and personal rule are coded for dictatorships only",
            "the effective number weighs by soldiers and misses guards filed under the army: both counts are read",
        ),
    ),
    tables=(TABLE,),
    access="by hand",
    how="columns ccode, year, effective_number_forces, counterweights, secret_police, personalism as one CSV table",
)
