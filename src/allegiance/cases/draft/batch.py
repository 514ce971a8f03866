"""Drafts by the hundred: every state of every year, checked, with what each rests on or why there is none."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from itertools import repeat
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.errors import AllegianceError, FaultyInput
from allegiance.cases.draft.drafting import draft_case
from allegiance.cases.draft.panel import load_panel
from allegiance.cases.draft.states import all_states
from allegiance.cases.neutral import is_neutral
from allegiance.cases.paths import numbers

SCHEMA: dict[str, Any] = {
    "year": pl.Int32, "gwcode": pl.Int32, "iso3": pl.String, "country": pl.String, "region": pl.String,
    "task": pl.String, "soldiers": pl.Float64, "numbers": pl.Int32, "measured": pl.Int32, "published": pl.Int32,
    "estimated": pl.Int32, "judgement": pl.Int32, "not_given": pl.Int32, "why_not": pl.String,
}  # fmt: skip
"""Columns of the table of drafts; `judgement` counts the format's defaults (`not_given`) too."""


def draft_year(year: int, data: str | Path | None = None, micro: bool = False) -> list[dict[str, Any]]:
    """One row for each state that existed on the first of January of `year`, drafted and checked; keys as in SCHEMA.

    Raises:
        FaultyInput: a draft does not pass the check, which no table should be able to bring about.
    """
    panel, day = load_panel(data), date(year, 1, 1)
    rows = []
    for state in all_states(day, micro):
        row = {"year": year, **{k: state[k] for k in ("gwcode", "iso3", "country", "region")}}
        try:
            draft = draft_case(int(str(state["gwcode"])), day, data=panel)
        except FaultyInput:
            raise  # a fault of a rule, not of the data: never counted as a state without a draft
        except AllegianceError as error:
            rows.append({**row, "why_not": error.message})
            continue
        held = [number for _, number in numbers(draft.case)]
        bases = [str(number.basis) for number in held]
        side = draft.case.sides[draft.side]
        rows.append(
            row
            | {"task": draft.case.war.kind, "soldiers": side.forces["army"].strength.value, "numbers": len(held)}
            | {b: bases.count(b) for b in ("measured", "published", "estimated", "judgement")}
            | {"not_given": sum(is_neutral(number) for number in held)}
        )
    return rows


def draft_years(
    years: Iterable[int], data: str | Path | None = None, micro: bool = False, workers: int | None = None
) -> Iterator[tuple[int, pl.DataFrame]]:
    """The rows of each year, in order of years, made by `workers` processes (all cores if None)."""
    wanted = list(years)
    count = workers or len(os.sched_getaffinity(0))
    if count == 1 or len(wanted) == 1:
        for year in wanted:
            yield year, pl.DataFrame(draft_year(year, data, micro), SCHEMA)
        return
    with ProcessPoolExecutor(count) as pool:
        for year, rows in zip(wanted, pool.map(draft_year, wanted, repeat(data), repeat(micro)), strict=True):
            yield year, pl.DataFrame(rows, SCHEMA)


def coverage(table: pl.DataFrame) -> pl.DataFrame:
    """Drafts by region and decade: state-years, drafted, and the median share of judgement among their numbers.

    Args:
        table: rows as of `draft_year`.
    """
    shown = table.with_columns(
        decade=pl.col("year") // 10 * 10,
        drafted=pl.col("why_not").is_null(),
        share=pl.col("judgement") / pl.col("numbers"),
        given=(pl.col("judgement") - pl.col("not_given")) / (pl.col("numbers") - pl.col("not_given")),
    )
    grouped = shown.group_by("region", "decade").agg(
        state_years=pl.len(),
        drafted=pl.col("drafted").sum(),
        judgement=pl.col("share").median(),
        judgement_of_given=pl.col("given").median(),
    )
    return grouped.sort("region", "decade")
