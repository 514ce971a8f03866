"""The panel on which coups and mutinies are forecast: one row per state and month, or state and year.

A row's outcomes happen in its month (year); its features are what was public on its first day. So a forecast for
the next month is a model applied to the row of that month, which is there, with empty outcomes, for every state
that still exists one month (year) after the data end.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.folder import data_dir as find_data_dir
from allegiance.evidence.folder import refuse_duplicates
from allegiance.evidence.states import lineage, states, to_cow
from allegiance.forecast.asof import join_known, known_values
from allegiance.forecast.features import MONTH_FEATURES
from allegiance.forecast.history import history
from allegiance.forecast.outcomes import MUTINY_COMPLETE, OUTCOMES, coded_months

__all__ = ["KEYS", "MUTINY_COMPLETE", "OUTCOMES", "build_panel", "cut", "feature_names"]

KEYS: tuple[str, ...] = ("gwcode", "ccode", "iso3", "country", "region", "month", "in_system")
GRADE = "coup_grade"
"""How near the month came to a coup attempt by all lists (see `grades`): learned from, never a feature."""


def build_panel(
    data_dir: str | Path | None = None,
    frequency: Literal["month", "year"] = "month",
    as_of: date | None = None,
    coding: str = "powell-thyne",
) -> pl.DataFrame:
    """The panel, sorted by `gwcode` and `month` (January 1 for a year), one row per state and period.

    Args:
        data_dir: folder of standardised tables (see `allegiance.evidence.folder.data_dir`).
        frequency: ``"month"`` or ``"year"``.
        as_of: keep only what happened by the end of this month (year): the row after it is the last, its outcomes
            empty. None keeps everything.
        coding: which list says what a coup is (by month only): a rule of `allegiance.evidence.coding`.

    Returns:
        the columns `KEYS`, the outcomes `OUTCOMES` (0, 1, or null where unknown) and the features
        (`features.feature_words()` for months, `panel_year.YEAR_FEATURES` for years).

    Raises:
        AllegianceError: a table is missing, damaged or from another release, has repeated keys or unknown codes,
            or `as_of` lies before the data start.
    """
    folder = find_data_dir(data_dir)
    if frequency == "month":
        panel = _month_panel(folder, coding)
    elif frequency == "year":
        from allegiance.forecast.panel_year import year_panel

        panel = year_panel(folder)
    else:
        raise AllegianceError(f"no panel by {frequency!r}", "use 'month' or 'year'")
    return panel if as_of is None else cut(panel, as_of, frequency)


def cut(panel: pl.DataFrame, as_of: date, frequency: str = "month") -> pl.DataFrame:
    """The panel as it stood at the end of the month (year) of `as_of`: one period more, with empty outcomes.

    Raises:
        AllegianceError: `as_of` is before the first or after the last period that has data.
    """
    step = "1mo" if frequency == "month" else "1y"
    start = pl.lit(as_of.replace(day=1) if frequency == "month" else as_of.replace(month=1, day=1))
    upcoming = pl.select(start.dt.offset_by(step)).item()
    first, last = panel["month"].min(), panel["month"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    if upcoming <= first or upcoming > last:
        raise AllegianceError(
            f"as-of {as_of:%Y-%m} is outside the data, which run from {first:%Y-%m} "
            f"to the {'month' if frequency == 'month' else 'year'} before {last:%Y-%m}",
            "choose a date inside, or a data folder that reaches further",
        )
    happened = [o for o in (*OUTCOMES, GRADE) if o in panel.columns]
    blank = [pl.when(pl.col("month") < upcoming).then(pl.col(o)).alias(o) for o in happened]
    return panel.filter(pl.col("month") <= upcoming).with_columns(blank)


def feature_names(panel: pl.DataFrame) -> list[str]:
    """The feature columns of a panel."""
    return [c for c in panel.columns if c not in KEYS and c not in OUTCOMES and c != GRADE]


def _month_panel(folder: Path, coding: str) -> pl.DataFrame:
    rows = _append_next_month(coded_months(folder, coding))
    known = rows.filter(pl.col("coup_attempt").is_not_null())
    rows = join_known(rows, [*history(known), *known_values(folder, MONTH_FEATURES)])
    return _finish(rows)


def _append_next_month(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows for the month after the last, without outcomes, for the states seen in the last month."""
    upcoming = rows.filter(pl.col("t") == pl.col("t").max()).select("gwcode", t=pl.col("t") + 1)
    rows = pl.concat([rows, upcoming], how="diagonal")
    return rows.join(states().select("gwcode", "region"), on="gwcode").with_columns(unit=lineage(pl.col("gwcode")))


def _finish(rows: pl.DataFrame) -> pl.DataFrame:
    rows = rows.with_columns(month=pl.date(pl.col("t") // 12, pl.col("t") % 12 + 1, 1)).drop("region")
    rows = rows.join(states(), on="gwcode")
    ends = pl.col("ends")
    rows = rows.with_columns(ends=pl.col("month").dt.month_end()).with_columns(
        ccode=to_cow(pl.col("gwcode"), ends),
        in_system=(pl.col("start") <= ends) & (pl.col("end").is_null() | (pl.col("end") >= pl.col("month"))),
        state_age=((pl.col("month") - pl.col("start")).dt.total_days() / 365.25).clip(0),
    )
    hidden = {*KEYS, *OUTCOMES, "t", "unit", "start", "end", "ends", "microstate"}
    features = [c for c in rows.columns if c not in hidden]
    panel = rows.select(*KEYS, *OUTCOMES, *features).sort("gwcode", "month")
    return refuse_duplicates(panel, ["gwcode", "month"], "panel")
