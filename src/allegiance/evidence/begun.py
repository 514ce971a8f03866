"""In which state and year something began, by the list that is the reference for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from allegiance.evidence.catalogue import find

LIST_OF = {"coup_attempt": "powell-thyne", "mutiny": "mutinies"}
"""Outcome -> source of its events."""


def begun(folder: Path, outcome: str, day: date) -> set[tuple[int, int]]:
    """State and year of every event of a kind that was known on the day.

    Raises:
        AllegianceError: the list is not in the folder; says how to get it.
    """
    source = find(LIST_OF[outcome])
    assert source.events is not None
    table = source.events(folder)
    known = table.filter((table["date_known"] <= day) & (table["type"] == outcome))
    return {(int(r["gwcode"]), r["date"].year) for r in known.select("gwcode", "date").to_dicts()}
