"""Which state is meant on a day, in one sentence where it cannot be."""

from __future__ import annotations

from datetime import date

import polars as pl

from allegiance.base.errors import AllegianceError, near
from allegiance.evidence.states import states

SUCCESSION: tuple[tuple[int, int], ...] = (
    (340, 345), (341, 345), (347, 345), (344, 345), (346, 345), (343, 345), (349, 345), (316, 315), (317, 315),
    (369, 365), (370, 365), (359, 365), (366, 365), (367, 365), (368, 365), (371, 365), (372, 365), (373, 365),
    (701, 365), (702, 365), (703, 365), (704, 365), (705, 365), (565, 560), (771, 770), (531, 530), (626, 625),
    (260, 265), (816, 817), (678, 680), (860, 850),
)  # fmt: skip
"""State and the state from which its land came (or whose land it took over)."""
DIVIDED = ((260, 265), (816, 817), (678, 680))
"""States of one name in today's words that stood beside each other: Germany, Vietnam, Yemen."""
NAMES = {"USSR": 365, "SOVIET UNION": 365, "BURMA": 775, "ZAIRE": 490, "RHODESIA": 552, "WEST GERMANY": 260,
         "NORTH VIETNAM": 816, "IVORY COAST": 437, "NORTH YEMEN": 678, "PERSIA": 630}  # fmt: skip
"""Names of the past, and English ones, by code."""


def state_on(name: str | int, day: date) -> dict[str, object]:
    """The row of the state (gwcode, iso3, country, region, start, end) that is so called and existed on the day.

    Args:
        name: Gleditsch-Ward number, ISO code or name, today's or of the time.

    Raises:
        AllegianceError: nobody is so called, or the state did not exist on the day; says which state then did.
    """
    table, wanted = states(), str(name).strip().casefold()
    code = str(NAMES.get(wanted.upper(), wanted))
    hit = table.filter(
        (pl.col("country").str.to_lowercase() == wanted)
        | (pl.col("iso3").str.to_lowercase() == wanted)
        | (pl.col("gwcode").cast(pl.String) == code)
    )
    if hit.is_empty():
        known = [k for k in (*table["country"].to_list(), *table["iso3"].to_list()) if k]
        raise AllegianceError(
            f"no state is called {str(name)!r}",
            near(str(name).title() if wanted.isalpha() and len(wanted) > 3 else str(name).upper(), known),
        )
    there = hit.filter((pl.col("start") <= day) & (pl.col("end").is_null() | (pl.col("end") >= day)))
    if there.is_empty():
        raise AllegianceError(_absent(hit.row(0, named=True), day), _instead(int(hit["gwcode"][0]), day))
    return there.sort("start").row(-1, named=True)


def _absent(row: dict[str, object], day: date) -> str:
    end = row["end"]
    span = f"from {row['start']}" if end is None else f"from {row['start']} to {end}"
    return f"{row['country']} did not exist on {day}: it was a state {span}"


def _instead(code: int, day: date) -> str:
    """The state that held the land on the day, if it is known."""
    related = [b for a, b in SUCCESSION if a == code] + [a for a, b in SUCCESSION if b == code]
    table = states().filter(pl.col("gwcode").is_in(related) & (pl.col("start") <= day))
    table = table.filter(pl.col("end").is_null() | (pl.col("end") >= day))
    names = [f"{r['iso3'] or r['gwcode']} ({r['country']})" for r in table.iter_rows(named=True)]
    return f"on that day its land was of: {', '.join(names)}" if names else "choose another date"


def beside(code: int, day: date) -> list[str]:
    """The other states that stood on the same divided land on a day."""
    others = [other for pair in DIVIDED if code in pair for other in pair if other != code]
    table = states().filter(pl.col("gwcode").is_in(others) & (pl.col("start") <= day))
    table = table.filter(pl.col("end").is_null() | (pl.col("end") >= day))
    return [f"{row['country']} ({row['gwcode']})" for row in table.iter_rows(named=True)]


def all_states(day: date, micro: bool = False) -> list[dict[str, object]]:
    """The states that existed on a day, by code; those below half a million people (`microstate`) only if asked."""
    table = states().filter((pl.col("start") <= day) & (pl.col("end").is_null() | (pl.col("end") >= day)))
    return (table if micro else table.filter(~pl.col("microstate"))).sort("gwcode").to_dicts()
