"""Distributed Military Capabilities: what armies own, by state and year, counted from the Military Balance."""

from __future__ import annotations

from pathlib import Path

from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Remote, Source, Tables

TABLE = "rdmc-equipment/equipment_country_year"
COLUMNS = (
    "year", "country", "stateabb", "ccode", "armoured_fighting_vehicles_attack", "armoured_fighting_vehicles_transport",
    "anti-tank_anti-infrastructure_artillery", "aircraft_attack", "aircraft_fighter", "helicopters_attack",
)  # fmt: skip
_FILE = "rDMC_wide_v1.csv"


def standardise(raw: Path) -> Tables:
    """The kinds of arms that an army fights with; an empty cell is mostly none."""
    return {TABLE: raw_csv(raw / _FILE, COLUMNS).sort("ccode", "year")}


SOURCE = Source(
    key="rdmc",
    card=Card(
        title="Distributed Military Capabilities (rDMC), 1970-2014",
        producer="J Andrés Gannon",
        citation="J. A. Gannon, rDMC; from the Military Balance, International Institute for Strategic Studies",
        licence="MIT for the package; the counts are those of the Military Balance",
        counts="armoured vehicles, guns, aircraft and other arms by state and year",
        address="https://github.com/jandresgannon/rDMC",
        doubts=("counts stock, not what works", "an empty cell is read as none, which is mostly but not always so"),
    ),
    tables=(TABLE,),
    access="download",
    remotes=(Remote(_FILE, f"https://raw.githubusercontent.com/jandresgannon/rDMC/HEAD/data/{_FILE}"),),
    standardise=standardise,
)
