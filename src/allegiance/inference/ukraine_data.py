"""The war for Ukraine by month as it was reported: series, periods and how the model's numbers become comparable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.folder import read_table, refuse_duplicates
from allegiance.world.columns import Array

START, END = date(2022, 2, 24), date(2023, 12, 31)
DAYS = (END - START).days + 1
MONTHS: tuple[date, ...] = tuple(date(2022 + k // 12, k % 12 + 1, 1) for k in range(1, 24))
"""First days of the months February 2022 to December 2023."""
FIT = 11
"""Months fitted to: February to December 2022. The rest is the test."""
MERGED = "ukraine-monthly-merged/ukraine_monthly"
AWOL = "transcribed-indicators/ukraine_awol_desertion"
COURTS = "transcribed-indicators/russia_awol_desertion"

Kind = Literal["flow", "stock", "share", "yield"]


@dataclass(frozen=True)
class Series:
    """One monthly series.

    `kind`: flow (people a month, as reported through `channel`), stock (level at the month's end), share (of deaths,
    `what` is the category of soldier) or yield (equipment abandoned or captured; the model's nearest is soldiers who
    leave or refuse, of these and the killed). `column` is the column of the merged table.
    """

    name: str
    label: str
    side: str
    kind: Kind
    what: str
    column: str
    channel: str = ""

    @property
    def logged(self) -> bool:
        """Whether scores are in log units (counts and areas) or in shares."""
        return self.kind in ("flow", "stock")


SERIES: tuple[Series, ...] = (
    Series("dead-russia", "Russian dead, estimate", "russia", "flow", "killed", "economist_deaths", "estimated_dead"),
    Series("dead-ukraine", "Ukrainian dead, named", "ukraine", "flow", "killed", "ukraine_named_deaths", "named_dead"),
    Series(
        "mobilised", "mobilised, share of Russian dead", "russia", "share", "mobilised", "share_deaths_conscripted"
    ),
    Series("prisoners", "prisoners, share of Russian dead", "russia", "share", "prisoner", "share_deaths_inmates"),
    Series(
        "volunteers", "volunteers, share of Russian dead", "russia", "share", "volunteer", "share_deaths_volunteers"
    ),
    Series(
        "contract", "contract soldiers, share of Russian dead", "russia", "share", "contract",
        "share_deaths_professional_army",
    ),
    Series(
        "mercenaries", "mercenaries, share of Russian dead", "russia", "share", "mercenary",
        "share_deaths_private_military_company",
    ),
    Series("area", "area held by Russia, km2", "russia", "stock", "area", "russia_area_km2_end"),
    Series(
        "absence-ukraine", "Ukrainian absence cases", "ukraine", "flow", "new_desertion", "ukraine_awol_cases",
        "registered_absence",
    ),
    Series("courts-russia", "Russian court cases", "russia", "flow", "new_desertion", "", "court_cases"),
    Series(
        "civilians", "civilians killed, verified", "russia", "flow", "civilians_killed", "civilians_killed",
        "civilians_recorded",
    ),
    Series(
        "given-up-russia", "Russian equipment given up, share", "russia", "yield", "",
        "oryx_russia_given_up_share_by_loss_month",
    ),
    Series(
        "given-up-ukraine", "Ukrainian equipment given up, share", "ukraine", "yield", "",
        "oryx_ukraine_given_up_share_by_loss_month",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Point:
    """A value of a series over some months (indices into MONTHS): their mean."""

    series: str
    months: tuple[int, ...]
    value: float
    note: str = ""

    @property
    def test(self) -> bool:
        """Whether it lies in the test year."""
        return self.months[0] >= FIT


def reported(folder: Path) -> list[Point]:
    """Every value of every series in the data folder, periods disjoint.

    Raises:
        AllegianceError: a table is missing or damaged, or lacks a column, month or period, or a value is no count
            or share.
    """
    table = refuse_duplicates(
        read_table(folder, MERGED, ["month", *(s.column for s in SERIES if s.column)]), ["month"], MERGED
    )
    rows = {r["month"]: r for r in table.iter_rows(named=True)}
    points = []
    for s in SERIES:
        found: list[Point] = []
        for k, month in enumerate(MONTHS):
            value = rows.get(month.strftime("%Y-%m"), {}).get(s.column) if s.column else None
            if value is not None and not (s.name == "dead-ukraine" and k == 0):
                most = 1.0 if s.kind in ("share", "yield") else float("inf")
                found.append(Point(s.name, (k,), _number(value, f"{MERGED}, {month:%Y-%m}, {s.column}", most)))
        if s.column and not (any(p.test for p in found) or s.name == "absence-ukraine"):
            raise AllegianceError(f"{MERGED} has no value of {s.column} in 2023", "fetch the table again")
        points += found
    return points + _absence(folder) + _courts(folder)


def _number(value: object, place: str, most: float = float("inf")) -> float:
    """A count or share as it should be, or an error that names its place."""
    if not isinstance(value, int | float) or not 0.0 <= value <= most or value == float("inf"):
        allowed = "a share from 0 to 1" if most == 1.0 else "a number from 0 up"
        raise AllegianceError(f"{place}: {value!r} is not {allowed}", "correct the table, or fetch it again")
    return float(value)


def _lookup(folder: Path, name: str, series: str, start: str) -> Callable[[str], float]:
    """The value of a series by the text of its column `start`, checked as it is asked for."""
    table = read_table(folder, name, ["series", start, "value"])
    table = table.with_columns(pl.col("series", start).cast(pl.String)).filter(pl.col("series") == series)
    known = dict(table.select(start, "value").iter_rows())
    # periods of one beginning may end on several days: only one that is asked for has to be there once
    many = {k for k, n in table[start].value_counts().iter_rows() if n > 1}

    def value(period: str) -> float:
        if period not in known:
            raise AllegianceError(f"{name} has no {series} for {period}", "fetch the table again")
        if period in many:
            raise AllegianceError(f"{name} has {series} for {period} more than once", "remove the repeated rows")
        return _number(known[period], f"{name}, {series}, {period}")

    return value


def _absence(folder: Path) -> list[Point]:
    """Months of 2023 known only as sums: what January to September and the year hold beyond the single months."""
    value = _lookup(folder, AWOL, "awol_art407", "period")
    nine, year = value("2023-01/2023-09"), value("2023")
    early = nine - value("2023-01") - value("2023-03")
    late = year - nine - value("2023-12")
    note = "months known only as a sum"
    first = tuple(FIT + k for k in (1, 3, 4, 5, 6, 7, 8))
    place = f"{AWOL}, 2023, what is left after the single months"
    return [
        Point("absence-ukraine", first, _number(early, place) / len(first), note),
        Point("absence-ukraine", (FIT + 9, FIT + 10), _number(late, place) / 2, note),
    ]


def _courts(folder: Path) -> list[Point]:
    """Convictions for absence of 2022, cases to court of early 2023, and the rest of all refusal cases of 2023."""
    tried = _lookup(folder, COURTS, "awol_art337_convictions", "period_start")("2022-01-01")
    half = _lookup(folder, COURTS, "awol_art337_cases_to_court", "period_start")("2023-01-01")
    year = _lookup(folder, COURTS, "refusal_cases_all_articles", "period_start")("2023-01-01")
    rest = _number(year - half, f"{COURTS}, 2023, what is left after the first half")
    return [
        Point("courts-russia", tuple(range(FIT)), tried / 12, "convictions"),
        Point("courts-russia", tuple(FIT + k for k in range(6)), half / 6, "article 337 only"),
        Point("courts-russia", tuple(FIT + k for k in range(6, 12)), rest / 6, "all articles, by difference"),
    ]


def scale(series: Series, values: Array) -> Array:
    """Values on the scale of the scores: log (counts below one count as one), or the share itself."""
    if series.logged:
        found: Array = np.log(np.maximum(values, 1.0))
        return found
    return values


def over(points: Sequence[Point], monthly: Array) -> Array:
    """Means of a monthly array (shape (..., months)) over the months of each point (shape (..., points))."""
    if not points:
        return np.zeros((*monthly.shape[:-1], 0))
    return np.stack([monthly[..., list(p.months)].mean(axis=-1) for p in points], axis=-1)


def named(name: str) -> Series:
    """The series called `name`."""
    return next(s for s in SERIES if s.name == name)
