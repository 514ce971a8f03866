"""What an army faced on a day: interstate wars, rebels, campaigns; from lists of dated conflicts, nothing later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from allegiance.cases.draft.about import About
from allegiance.cases.draft.columns import CAMPAIGNS, CONFLICTS, REBELS

CROWD_KINDS = (1, 2)
"""Classes of a campaign's size (NAVCO) from which on an army may be called: ten thousand people and more."""


@dataclass(frozen=True)
class Rebel:
    """A rebel group that fought the state in the year before the day; fighters are None where not estimated."""

    name: str
    fighters: tuple[float, float, float] | None
    territory: bool


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def _current(a: About, row: dict[str, Any]) -> bool:
    """Whether a conflict-year says that there was war on the day, by what could be known then.

    It was fought in the year before; or in this year, if the day of its 25th death is past. A war between states whose
    last day is past is over.
    """
    began, over = _day(row["start_date2"]), _day(row["ep_end_date"])
    if row["year"] == a.day.year - 1:
        return not (row["type_of_conflict"] == "interstate" and over is not None and over <= a.day)
    return bool(row["year"] == a.day.year and began is not None and began.year == a.day.year and began <= a.day)


def enemies(a: About) -> list[int]:
    """States with which the state was at war on the day, by code; the strongest (CINC) first."""
    found = set()
    for row in a.rows(CONFLICTS):
        if row["type_of_conflict"] == "interstate" and row["gwno_b"] is not None and _current(a, row):
            one, other = int(row["gwno_a"]), int(row["gwno_b"])
            found.add(other if one == a.code else one)
    cinc = a.world("cinc")
    index = a.panel.index
    known = [c for c in found if c in index]
    return sorted(known, key=lambda c: (-(cinc[index[c]] if cinc[index[c]] == cinc[index[c]] else 0.0), c))


def inner(a: About) -> list[dict[str, Any]]:
    """Conflict-years of the state's own war against rebels (or in a colony) on the day; the gravest last."""
    rows = [
        row
        for row in a.rows(CONFLICTS)
        if row["type_of_conflict"] != "interstate" and int(row["gwno_a"]) == a.code and _current(a, row)
    ]
    return sorted(rows, key=lambda r: (r["intensity_level"] or 1.0, r["year"]))


def grave(a: About) -> bool:
    """Whether the war against rebels reached a thousand battle deaths in the year before."""
    return any(r["year"] == a.day.year - 1 and (r["intensity_level"] or 1) >= 2 for r in inner(a))


def rebels(a: About) -> list[Rebel]:
    """Rebel groups of the last two years that are listed by name, the strongest first."""
    best: dict[str, tuple[int, dict[str, Any]]] = {}
    for row in a.rows(REBELS):
        year, name = int(row["Year"]), str(row["SideB"])
        if a.day.year - 2 <= year < a.day.year and (name not in best or year > best[name][0]):
            best[name] = (year, row)
    found = []
    for _, row in best.values():
        number = row["rebestimate"]
        ends = (row["rebestlow"] or number, number, row["rebesthigh"] or number)
        fighters = None if not number else (float(min(ends)), float(number), float(max(ends)))
        found.append(Rebel(str(row["SideB"]), fighters, row["terrcont"] == "yes"))
    return sorted(found, key=lambda r: (-(r.fighters[1] if r.fighters else 0.0), r.name))


def campaign(a: About) -> dict[str, Any] | None:
    """The largest mainly nonviolent campaign against the state in the year before the day, None if there was none."""
    rows = [
        r
        for r in a.rows(CAMPAIGNS)
        if int(r["year"]) == a.day.year - 1 and r["nonviolent"] == 1 and (r["camp_size"] or 0) >= CROWD_KINDS[0]
    ]
    return max(rows, key=lambda r: (r["camp_size"] or 0, r["total_part"] or 0)) if rows else None


def task_of(a: About) -> str:
    """What the army is set to do on the day: interstate war before civil war before a campaign before peace."""
    if enemies(a):
        return "interstate"
    if inner(a):
        return "civil"
    return "repression" if campaign(a) is not None else "peace"
