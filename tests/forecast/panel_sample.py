"""A hand-made data folder: the United Kingdom, Mali and Senegal, 2000 and 2001. Every number is made up."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.forecast.features import MILITARY, MONTH_FEATURES, PANEL
from allegiance.forecast.panel_year import YEAR_FEATURES

STATES = (200, 432, 433)
YEARS = (1999, 2000, 2001)


def write_sample(folder: Path) -> Path:
    """Write the tables; Mali has an attempted coup in June 2001 and a mutiny in March 2000."""
    months = pl.DataFrame(
        [(c, y, m) for c in STATES for y in (2000, 2001) for m in range(1, 13)],
        schema=["ccode", "year", "month"],
        orient="row",
    )
    june = (pl.col("ccode") == 432) & (pl.col("year") == 2001) & (pl.col("month") == 6)
    columns = {f.column for f in MONTH_FEATURES if f.table == PANEL} - {"protests_counted"}
    panel = months.with_columns(
        *[(pl.col("year") - 1000.0 - 0.5 * pl.col("month")).alias(c) for c in sorted(columns)],
        coup_attempt=june.cast(pl.Int8),
        coup_successful=pl.lit(0),
    ).with_columns(polyarchy=(pl.col("year") - 1901) / 100)  # the row of 2000 describes 1999
    _write(folder, PANEL, panel)
    _write(folder, MILITARY, months.head(1).with_columns(milreg=pl.lit(1)))
    spells = {"ccode": 432, "first_year": 2000, "first_month": 3, "last_year": 2000, "last_month": 3,
              "single_month": 1, "left_censored": 0}  # fmt: skip
    _write(folder, "coupcats-country-month/mutiny_spells", pl.DataFrame([spells]))
    _write_years(folder)
    return folder


def _write_years(folder: Path) -> None:
    years = pl.DataFrame([(c, y) for c in STATES for y in YEARS], schema=["gwcode", "year"], orient="row")
    wanted: dict[str, set[str]] = {}
    for feature in (*MONTH_FEATURES, *YEAR_FEATURES):
        if feature.table not in (PANEL, MILITARY):
            wanted.setdefault(feature.table, set()).add(feature.column)
    for table, columns in wanted.items():
        frame = years.with_columns((pl.col("year") * 1.0).alias(c) for c in sorted(columns))
        if table.endswith("reign_country_year"):
            frame = frame.with_columns(government=pl.lit("Monarchy"))
        _write(folder, table, frame)
    happened = ((pl.col("gwcode") == 432) & (pl.col("year") == 2001)).cast(pl.Int8)
    coups = years.with_columns(pt_attempt_num=happened, pt_coup_num=pl.lit(0), pt_failed_num=happened)
    _write(folder, "demspaces/ptcoups_country_year_1950_2025", coups)


def _write(folder: Path, name: str, frame: pl.DataFrame) -> None:
    path = folder / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_csv(path)
