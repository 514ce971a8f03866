"""The states of the world and their codes: Gleditsch & Ward's list, joined to Correlates of War and ISO codes.

Source: K. S. Gleditsch, M. D. Ward (1999), "A revised list of independent states since the Congress of Vienna",
International Interactions 25(4), doi:10.1080/03050629908434958. The dates in `tables/states.csv` are those of the
list in the R package *states* by A. Beger (MIT licence), states that ended before 1945 left out; ISO 3166 codes,
short names and regions are added here (XKX for Kosovo is user-assigned; ISO never gave South Vietnam, Zanzibar,
Tibet, Abkhazia or South Ossetia a code of their own).
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files

import polars as pl

from allegiance.base.errors import AllegianceError, near
from allegiance.evidence.names import OTHER_NAMES, plain

COW_EXCEPTIONS: tuple[tuple[int, int, date, date], ...] = (
    # gwcode, COW code, first day, last day: every place where the two lists give one state two numbers
    (260, 255, date(1990, 10, 3), date.max),  # COW: united Germany is a new state
    (678, 679, date(1990, 5, 22), date.max),  # COW: united Yemen is a new state
    (340, 345, date(2006, 6, 5), date.max),  # Gleditsch & Ward: Serbia is not Yugoslavia
    (970, 946, date.min, date.max),  # Kiribati
    (971, 970, date.min, date.max),  # Nauru: COW's 970 is Gleditsch & Ward's 971
    (972, 955, date.min, date.max),  # Tonga
    (973, 947, date.min, date.max),  # Tuvalu
)
_LINEAGE = {340: 345}
"""Successors whose past is that of another code: Serbia remembers Yugoslavia's coups."""


@cache
def states() -> pl.DataFrame:
    """One row per state: `gwcode, iso3, country, region, start, end, microstate`; `end` is null if it still exists."""
    table = files("allegiance.evidence") / "tables" / "states.csv"
    return pl.read_csv(table.read_bytes(), try_parse_dates=True).with_columns(
        pl.col("microstate").cast(pl.Boolean), pl.col("gwcode").cast(pl.Int32)
    )


def to_gw(code: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Gleditsch–Ward codes for Correlates of War codes on given days (only the exceptions change)."""
    result = code.cast(pl.Int32)
    for gwcode, cow, first, last in COW_EXCEPTIONS:
        within = (code == cow) & (day >= first) & (day <= last)
        result = pl.when(within).then(pl.lit(gwcode, pl.Int32)).otherwise(result)
    return result


def to_cow(gwcode: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Correlates of War codes for Gleditsch–Ward codes on given days."""
    result = gwcode.cast(pl.Int32)
    for gw, cow, first, last in COW_EXCEPTIONS:
        within = (gwcode == gw) & (day >= first) & (day <= last)
        result = pl.when(within).then(pl.lit(cow, pl.Int32)).otherwise(result)
    return result


def lineage(gwcode: pl.Expr) -> pl.Expr:
    """The code under which a state's own past is remembered (Serbia's is Yugoslavia's)."""
    return gwcode.cast(pl.Int32).replace(_LINEAGE)


def find_state(name: str, day: date | None = None) -> int:
    """The Gleditsch–Ward code of a state by name (older ones and other makers' too), ISO3 code or number.

    Correlates of War numbers are understood where no state of Gleditsch and Ward's has them.

    Args:
        day: if given, the state must have existed then; a successor's name finds its forerunner (Serbia: Yugoslavia).

    Raises:
        AllegianceError: no state is so called (the message names near ones), or none of that name existed then.

    >>> find_state("ukraine"), find_state("MLI"), find_state("432"), find_state("Burma"), find_state("DRC")
    (369, 432, 432, 775, 490)
    >>> find_state("Serbia"), find_state("Serbia", date(1999, 3, 1)), find_state("Germany", date(1980, 1, 1))
    (340, 345, 260)
    >>> find_state("Ukrain")
    Traceback (most recent call last):
        ...
    allegiance.base.errors.AllegianceError: no state is called 'Ukrain'
      cure: did you mean 'Ukraine'...?
    """
    codes = _called().get(plain(name), [])
    if not codes:
        known = [*states()["country"].to_list(), *states()["iso3"].drop_nulls().to_list()]
        raise AllegianceError(f"no state is called {name[:80]!r}", near(name[:80], known))
    if day is None:
        return codes[0]
    spans = {code: (start, end) for code, start, end in states().select("gwcode", "start", "end").iter_rows()}
    for code in codes:
        for one in dict.fromkeys((code, _LINEAGE.get(code, code))):
            start, end = spans[one]
            if start <= day and (end is None or end >= day):
                return one
    start, end = spans[codes[0]]
    raise AllegianceError(
        f"no state called {name!r} existed on {day}",
        f"it did from {start}" + (f" to {end}" if end else " on") + "; ask for other days, or for its forerunner",
    )


@cache
def _called() -> dict[str, list[int]]:
    """Codes by plain name, ISO3 code and number; where two states share a name, the one that still exists first."""
    table = states().sort(pl.col("end").is_not_null(), maintain_order=True)
    found: dict[str, list[int]] = {}
    for code, iso, country in table.select("gwcode", "iso3", "country").iter_rows():
        for word in (country, iso or "", str(code), *OTHER_NAMES.get(code, ())):
            if word and code not in (known := found.setdefault(plain(word), [])):
                known.append(code)
    for code, cow, _, _ in COW_EXCEPTIONS:
        found.setdefault(str(cow), []).append(code)
    return found


def require_known(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """`frame` unchanged if every `gwcode` is a known state.

    Raises:
        AllegianceError: some codes are not in the list; nothing is dropped in silence.
    """
    unknown = frame.select("gwcode").unique().join(states(), on="gwcode", how="anti")["gwcode"]
    if len(unknown):
        shown = ", ".join("(an empty cell)" if c is None else str(c) for c in unknown.sort().to_list()[:8])
        raise AllegianceError(
            f"{source}: unknown country code{'s' if len(unknown) > 1 else ''} {shown}",
            "the file may use another code system or a newer state; see evidence/tables/states.csv",
        )
    return frame
