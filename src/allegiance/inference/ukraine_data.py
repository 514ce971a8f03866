"""The war for Ukraine by month as it was reported: series, periods and how the model's numbers become comparable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.engine.state import Array

START, END = date(2022, 2, 24), date(2023, 12, 31)
DAYS = (END - START).days + 1
MONTHS: tuple[date, ...] = tuple(date(2022 + k // 12, k % 12 + 1, 1) for k in range(1, 24))
"""First days of the months February 2022 to December 2023."""
FIT = 11
"""Months fitted to: February to December 2022. The rest is the test."""
MERGED = "ukraine-monthly-merged/ukraine_monthly.csv"
AWOL = "transcribed-indicators/ukraine_awol_desertion.csv"
COURTS = "transcribed-indicators/russia_awol_desertion.csv"

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
        AllegianceError: a table is missing.
    """
    for name in (MERGED, AWOL, COURTS):
        if not (folder / name).is_file():
            raise AllegianceError(
                f"no table {name} in {folder}", "name the folder that holds the Ukraine tables with --data"
            )
    table = pl.read_csv(folder / MERGED, infer_schema_length=None)
    rows = {r["month"]: r for r in table.iter_rows(named=True)}
    points = []
    for s in SERIES:
        for k, month in enumerate(MONTHS):
            value = rows.get(month.strftime("%Y-%m"), {}).get(s.column) if s.column else None
            if value is not None and not (s.name == "dead-ukraine" and k == 0):
                points.append(Point(s.name, (k,), float(value)))
    return points + _absence(folder) + _courts(folder)


def _absence(folder: Path) -> list[Point]:
    """Months of 2023 known only as sums: what January to September and the year hold beyond the single months."""
    table = pl.read_csv(folder / AWOL, infer_schema_length=None).filter(pl.col("series") == "awol_art407")
    known = {r["period"]: float(r["value"]) for r in table.iter_rows(named=True)}
    nine, year = known["2023-01/2023-09"], known["2023"]
    early = nine - known["2023-01"] - known["2023-03"]
    late = year - nine - known["2023-12"]
    note = "months known only as a sum"
    first = tuple(FIT + k for k in (1, 3, 4, 5, 6, 7, 8))
    return [
        Point("absence-ukraine", first, early / len(first), note),
        Point("absence-ukraine", (FIT + 9, FIT + 10), late / 2, note),
    ]


def _courts(folder: Path) -> list[Point]:
    """Convictions for absence of 2022, cases to court of early 2023, and the rest of all refusal cases of 2023."""
    table = pl.read_csv(folder / COURTS, infer_schema_length=None)

    def value(series: str, start: str) -> float:
        found = table.filter((pl.col("series") == series) & (pl.col("period_start") == start))
        return float(found["value"][-1])

    half = value("awol_art337_cases_to_court", "2023-01-01")
    year = value("refusal_cases_all_articles", "2023-01-01")
    return [
        Point("courts-russia", tuple(range(FIT)), value("awol_art337_convictions", "2022-01-01") / 12, "convictions"),
        Point("courts-russia", tuple(FIT + k for k in range(6)), half / 6, "article 337 only"),
        Point("courts-russia", tuple(FIT + k for k in range(6, 12)), (year - half) / 6, "all articles, by difference"),
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
