"""What an army faced on a day: interstate wars, rebels, campaigns; from lists of dated conflicts, nothing later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from allegiance.cases.draft.about import About
from allegiance.cases.draft.columns import CAMPAIGNS, CONFLICTS, REBELS

CROWD_KINDS = (1, 2)
"""Classes of a campaign's size (NAVCO) from which on an army may be called: ten thousand people and more."""


FEWEST = 100.0
"""Fighters below which a rebel group is not played by its own number; a campaign that a draft is of has as many."""
SIZES = (500.0, 4000.0, 40_000.0, 250_000.0, 750_000.0, 1_500_000.0)
"""People in the middle of each NAVCO class of campaign size, 0 to 5."""


@dataclass(frozen=True)
class Campaign:
    """A campaign as it stood in one year, and nothing of how it ended.

    Attributes:
        counted: participants, None where nobody counted. size: NAVCO's class of size 0 to 5, None where not coded.
        stated: the user names it for the draft, as of the draft's own first year; else it is that of the year before.
    """

    name: str
    year: int
    nonviolent: bool
    counted: float | None
    size: int | None
    stated: bool = False

    @property
    def people(self) -> float | None:
        """People in it: the count, else the middle of the class, else None."""
        return self.counted if self.counted else None if self.size is None else SIZES[self.size]

    @property
    def how(self) -> str:
        """Where the number of people comes from, in words."""
        return "counted" if self.counted else "class of size"


def campaign_of(row: dict[str, Any], stated: bool = False) -> Campaign:
    """The campaign in a row of campaign-years (columns camp_name, year, nonviolent, total_part, camp_size)."""
    counted, size = row["total_part"], row["camp_size"]
    return Campaign(
        str(row["camp_name"]).strip(), int(row["year"]), row["nonviolent"] == 1,
        float(counted) if counted is not None and float(counted) > 0 else None,
        int(size) if size is not None else None, stated,
    )  # fmt: skip


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


def _between_states(a: About) -> list[dict[str, Any]]:
    """Rows of wars between states that were on, in which the state was a party or an ally of one."""
    return [
        row
        for row in a.rows(CONFLICTS)
        if row["type_of_conflict"] == "interstate" and row["gwno_b"] is not None and _current(a, row)
    ]


def ally_against(a: About) -> list[int]:
    """States against which the state stood beside another in that one's war, by code: no task by itself."""
    sides = {"gwno_a_2nd": "gwno_b", "gwno_b_2nd": "gwno_a"}
    rows = [(r, foe) for r in _between_states(a) for mine, foe in sides.items() if r[mine] and int(r[mine]) == a.code]
    return sorted({int(row[foe]) for row, foe in rows} - set(enemies(a)))


def enemies(a: About) -> list[int]:
    """States with which the state was at war on the day, by code; the strongest (CINC) first."""
    found = set()
    for row in _between_states(a):
        one, other = int(row["gwno_a"]), int(row["gwno_b"])
        if a.code in (one, other):
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


def skirmish(a: About) -> bool:
    """Whether wars between states were on and none began this year or took a thousand lives in the year before."""
    rows = [r for r in _between_states(a) if a.code in (int(r["gwno_a"]), int(r["gwno_b"]))]
    return bool(rows) and all(r["year"] < a.day.year and (r["intensity_level"] or 1) < 2 for r in rows)


def rebels(a: About) -> list[Rebel]:
    """The violent campaign that the draft is of; else rebel groups of the last two years by name, the strongest first.

    All who take part in a violent campaign are taken as its fighters, within a third to one and a half times.
    """
    if a.facing is not None:
        people = max(a.facing.people, FEWEST) if a.facing.people else None
        return [Rebel(a.facing.name, (people / 3, people, 1.5 * people) if people else None, False)]
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


def campaign(a: About) -> Campaign | None:
    """The nonviolent campaign that the draft is of; else the largest against the state in the year before, or None."""
    if a.facing is not None:
        return a.facing if a.facing.nonviolent else None
    rows = [
        r
        for r in a.rows(CAMPAIGNS)
        if int(r["year"]) == a.day.year - 1 and r["nonviolent"] == 1 and (r["camp_size"] or 0) >= CROWD_KINDS[0]
    ]
    return campaign_of(max(rows, key=lambda r: (r["camp_size"] or 0, r["total_part"] or 0))) if rows else None


def task_of(a: About) -> str:
    """What the army is set to do on the day: interstate war before civil war before a campaign before peace.

    A campaign that the draft is of goes before all of them.
    """
    if a.facing is not None:
        return "repression" if a.facing.nonviolent else "civil"
    if enemies(a):
        return "interstate"
    if inner(a):
        return "civil"
    return "repression" if campaign(a) is not None else "peace"
