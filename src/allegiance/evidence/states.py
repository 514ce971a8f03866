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
    """The Gleditsch–Ward code of a state given its name, ISO3 code or number.

    Raises:
        AllegianceError: no state is so called; the message names near ones.

    >>> find_state("ukraine"), find_state("MLI"), find_state("432")
    (369, 432, 432)
    >>> find_state("Ukrain")
    Traceback (most recent call last):
        ...
    allegiance.base.errors.AllegianceError: no state is called 'Ukrain'
      cure: did you mean 'Ukraine'...?
    """
    table = states()
    wanted = name.strip().casefold()
    hit = table.filter(
        (pl.col("country").str.to_lowercase() == wanted)
        | (pl.col("iso3").str.to_lowercase() == wanted)
        | (pl.col("gwcode").cast(pl.String) == wanted)
    )
    if day is not None:
        hit = hit.filter((pl.col("start") <= day) & (pl.col("end").is_null() | (pl.col("end") >= day)))
    if hit.is_empty():
        known = [*table["country"].to_list(), *table["iso3"].drop_nulls().to_list()]
        raise AllegianceError(f"no state is called {name!r}", near(name, [k for k in known if k]))
    return int(hit["gwcode"][0])


def require_known(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """`frame` unchanged if every `gwcode` is a known state.

    Raises:
        AllegianceError: some codes are not in the list; nothing is dropped in silence.
    """
    unknown = frame.select("gwcode").unique().join(states(), on="gwcode", how="anti")["gwcode"]
    if len(unknown):
        shown = ", ".join(str(c) for c in sorted(unknown.to_list())[:8])
        raise AllegianceError(
            f"{source}: unknown country code{'s' if len(unknown) > 1 else ''} {shown}",
            "the file may use another code system or a newer state; see evidence/tables/states.csv",
        )
    return frame
