"""Russian losses as claimed every day by the Ukrainian General Staff."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.raw import raw_json
from allegiance.evidence.source import Card, Correction, Remote, Source, Tables

_ROOT = "https://raw.githubusercontent.com/PetroIvaniuk/2022-Ukraine-Russia-War-Dataset/main/data"
TABLE = "ukraine-general-staff-losses/general_staff_losses_daily"
_EQUIPMENT = (
    "aircraft", "helicopter", "tank", "APC", "field artillery", "MRL", "military auto", "fuel tank", "drone",
    "naval ship", "anti-aircraft warfare", "special equipment", "mobile SRBM system", "greatest losses direction",
    "vehicles and fuel tanks", "cruise missiles", "submarines", "ground robotic systems",
)  # fmt: skip


def _name(column: str) -> str:
    return column.lower().replace(" ", "_").replace("-", "_")


def standardise(raw: Path) -> Tables:
    """Personnel and equipment joined by day; columns that come and go over time are null where absent."""
    people = raw_json(raw / "russia_losses_personnel.json")
    arms = {str(r.get("date")): r for r in raw_json(raw / "russia_losses_equipment.json")}
    rows = []
    for record in people:
        if "date" not in record or "personnel" not in record:
            raise AllegianceError(f"russia_losses_personnel.json has changed: a record says only {sorted(record)}")
        other = arms.get(record["date"], {})
        unknown = set(other) - {"date", "day", *_EQUIPMENT}
        if unknown:
            raise AllegianceError(f"russia_losses_equipment.json has changed: new kind {sorted(unknown)[0]!r}")
        row = {"date": record["date"], "day": record.get("day"), "personnel": record["personnel"]}
        rows.append(row | {"pow": record.get("POW")} | {_name(c): other.get(c) for c in _EQUIPMENT})
    frame = pl.DataFrame(rows, infer_schema_length=None)
    if frame["personnel"].diff().min() is not None and not frame["personnel"].is_sorted():
        raise AllegianceError("russia_losses_personnel.json: a cumulative count falls", "fetch it again")
    return {TABLE: frame}


SOURCE = Source(
    key="general-staff",
    card=Card(
        title="Russian losses claimed by the Ukrainian General Staff, daily",
        producer="General Staff of the Armed Forces of Ukraine; collected by Petro Ivaniuk",
        citation="P. Ivaniuk, 2022 Ukraine Russia War Dataset (github.com/PetroIvaniuk)",
        licence="MIT",
        counts="cumulative personnel and equipment losses, prisoners to April 2022",
        address="https://github.com/PetroIvaniuk/2022-Ukraine-Russia-War-Dataset",
        doubts=("a claim of one warring side: use for rhythm, not for level",),
        corrections=(Correction(date(2026, 11, 23), "two files joined by day", "one row a day"),),
    ),
    tables=(TABLE,),
    access="download",
    remotes=tuple(
        Remote(f"russia_losses_{k}.json", f"{_ROOT}/russia_losses_{k}.json") for k in ("personnel", "equipment")
    ),
    standardise=standardise,
)
