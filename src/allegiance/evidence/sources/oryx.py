"""Oryx: equipment losses confirmed by pictures, and what was abandoned or captured among them."""

from __future__ import annotations

from pathlib import Path

from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Remote, Source, Tables

_ROOT = "https://raw.githubusercontent.com/scarnecchia/oryx_data/HEAD"
TABLE = "ukraine-oryx-losses/oryx_cumulative_by_type"
_COLUMNS = ["date_recorded", "country", "equipment_type", "destroyed", "abandoned", "captured", "damaged", "type_total"]


def standardise(raw: Path) -> Tables:
    """Running totals by type of equipment and day recorded."""
    return {TABLE: raw_csv(raw / "daily_count.csv", _COLUMNS)}


SOURCE = Source(
    key="oryx",
    card=Card(
        title="Visually confirmed equipment losses",
        producer="Oryx (Stijn Mitzer, Joost Oliemans and others); collected by D. Scarnecchia",
        citation="Oryx (oryxspioenkop.com); D. Scarnecchia, oryx_data (github.com/scarnecchia/oryx_data)",
        licence="CC BY 4.0",
        counts="equipment destroyed, damaged, abandoned and captured, as pictures show it",
        address="https://github.com/scarnecchia/oryx_data",
        doubts=(
            "a floor, not an estimate: what nobody photographed is missing",
            "the day is that of recording, not of the loss",
        ),
    ),
    tables=(TABLE,),
    access="download",
    remotes=(Remote("daily_count.csv", f"{_ROOT}/daily_count.csv"),),
    standardise=standardise,
)
