"""Graded labels of coups: how near a month came to a coup attempt, by all lists at hand; for training only.

Attempts are so rare that plots and attempts which only some lists count carry much of what can be learned. A month is
graded 1 where Powell and Thyne list an attempt; `OTHER_ATTEMPT` where only another list has an attempt by an elite
(Cline Center: the military, the palace or dissident soldiers; Colpus; Center for Systemic Peace: successful or
attempted); `PLOT` where a list knows only of a conspiracy, plot or rumour; else 0. Forecasts are always scored on
Powell and Thyne alone. Lists that are not at hand simply grade nothing.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.evidence.catalogue import gather
from allegiance.evidence.coding import RULES
from allegiance.evidence.folder import has_table, read_table
from allegiance.evidence.states import find_state
from allegiance.forecast.asof import month_number
from allegiance.forecast.panel import GRADE

OTHER_ATTEMPT = 0.7
PLOT = 0.3
CSP = "csp-coup-plots/csp_coups_plots_1946_2014"
LISTS = ("cline-coups/cline_coups_v2_1_2", "colpus-coups/colpus_coups_1946_2022", CSP)
"""Tables that grade months beside Powell and Thyne's."""


def with_grades(panel: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """A panel by month with the column `GRADE`, 0 to 1, null where the outcome is unknown.

    Raises:
        AllegianceError: a list is there but faulty.
    """
    months = pl.concat([_listed(folder), _csp(folder)]).group_by("gwcode", "t").agg(pl.col("grade").max())
    rows = panel.select("gwcode", "coup_attempt", t=month_number(pl.col("month").dt.year(), pl.col("month").dt.month()))
    joined = rows.join(months, on=["gwcode", "t"], how="left", maintain_order="left")
    attempt = pl.col("coup_attempt").cast(pl.Float64)
    grade = pl.max_horizontal(attempt, pl.col("grade").fill_null(0.0))
    return panel.with_columns(joined.select(pl.when(attempt.is_not_null()).then(grade).alias(GRADE)).to_series())


def _listed(folder: Path) -> pl.DataFrame:
    """Months graded by the lists of dated events."""
    if not any(has_table(folder, name) for name in LISTS if name != CSP):
        return pl.DataFrame(schema={"gwcode": pl.Int32, "t": pl.Int32, "grade": pl.Float64})
    elite = RULES["cline-elite"].keep | RULES["colpus"].keep
    coups = gather(folder).filter((pl.col("type") == "coup_attempt") & (pl.col("date_precision") != "year"))
    grade = pl.when(elite).then(OTHER_ATTEMPT).when(pl.col("stage") == "plot").then(PLOT)
    month = month_number(pl.col("date").dt.year(), pl.col("date").dt.month())
    return coups.select("gwcode", t=month, grade=grade).drop_nulls()


def _csp(folder: Path) -> pl.DataFrame:
    """Months graded by the Center for Systemic Peace: 1 and 2 attempts, 3 and 4 plots and rumours."""
    if not has_table(folder, CSP):
        return pl.DataFrame(schema={"gwcode": pl.Int32, "t": pl.Int32, "grade": pl.Float64})
    frame = read_table(folder, CSP, ["country", "year", "mth", "success"])
    frame = frame.filter(pl.col("mth").is_between(1, 12)).drop_nulls(["year", "success"])
    codes = {name: find_state(name) for name in frame["country"].unique()}
    grade = pl.when(pl.col("success").is_in([1, 2])).then(OTHER_ATTEMPT).otherwise(PLOT)
    code = pl.col("country").replace_strict(codes, return_dtype=pl.Int32)
    return frame.select(gwcode=code, t=month_number(pl.col("year"), pl.col("mth")), grade=grade)
