"""Played state-years held against what happened in them: fitted to the years up to 1999, tested on 2000 to 2018."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError, shown
from allegiance.base.files import sha256_text
from allegiance.evidence.begun import begun
from allegiance.evidence.folder import data_dir
from allegiance.forecast.campaign_score import Judged
from allegiance.forecast.drafted import LATEST, OUTCOMES
from allegiance.forecast.halves import AS_MANY
from allegiance.forecast.models.stack import log_odds
from allegiance.forecast.played import read_finished
from allegiance.forecast.rivals import RAW, SIMULATION, Sample, judge
from allegiance.inference.world import INPUTS, TABLE

FIRST, TRAINED_TO = 1950, 1999
LAST = LATEST.year
TASKS = ("peace", "repression", "civil", "interstate")
AT_WAR = ("civil", "interstate")
SETS = {"all state-years": TASKS, "years at war": AT_WAR}
_CURE = f"play them first: allegiance world --years {FIRST}-{LAST} --out DIR"


def read_world(folder: Path) -> pl.DataFrame:
    """Outcomes and inputs of the drafted state-years of a folder, checked against its manifest.

    Raises:
        AllegianceError: the folder holds no finished years, or a file is not what was written.
    """
    needed = {
        TABLE: ("gwcode", "year", "country", "task", "mutiny", "coup_attempt", "members", "why_not"),
        INPUTS: ("year", "gwcode", "task"),
    }  # fmt: skip
    played, inputs = read_finished(folder, "world", needed, "played years", "world", _CURE)
    inputs = inputs.cast({"year": pl.Int32, "gwcode": pl.Int32}).drop("task")
    joined = played.join(inputs, ["year", "gwcode"])
    return joined.filter(pl.col("year").is_between(FIRST, LAST)).sort("year", "gwcode")


def sample_of(table: pl.DataFrame, outcome: str, events: set[tuple[int, int]]) -> Sample:
    """State-years as a sample: whether `outcome` began within the year, and the simulation's share of worlds."""
    keys = zip(table["gwcode"].to_list(), table["year"].to_list(), strict=True)
    levels = [c for c in table.columns if c.startswith("level: ")]
    faced = [(pl.col("task") == task).cast(pl.Float64).alias(task) for task in TASKS[1:]]
    return Sample(
        np.array([float(key in events) for key in keys]), table["gwcode"].to_numpy().astype(np.int64),
        table.select(*levels, *faced).to_numpy().astype(float),
        table.select(c for c in table.columns if c.startswith("condition: ")).to_numpy().astype(float),
        table[outcome].to_numpy().astype(float), np.full(table.height, AS_MANY),
    )  # fmt: skip


def _line(said: pl.DataFrame) -> dict[str, float]:
    """Level and slope of the line on the log-odds that was learnt on the training years."""
    odds, through = (log_odds(said[name].to_numpy()) for name in (RAW, SIMULATION))
    slope, level = np.polyfit(odds, through, 1) if np.ptp(odds) > 0 else (0.0, float(through.mean()))
    return {"line_level": float(level), "line_slope": float(slope)}


def score_world(folder: Path, data: Path | None = None) -> Judged:
    """Score mutiny and coup attempt in all state-years and in those at war, on 2000 to 2018 alone.

    Raises:
        AllegianceError: no years on one side of the split, or no events to learn from or to score.
    """
    whole, where = read_world(folder), data_dir(data)
    scores, compared, forecasts, notes = [], [], [], []
    digest = []
    for outcome in OUTCOMES:
        events = begun(where, outcome, date.max)
        for rows_are, tasks in SETS.items():
            table = whole.filter(pl.col("task").is_in(tasks))
            sample = sample_of(table, outcome, events)
            year = table["year"].to_numpy()
            train, test = np.flatnonzero(year <= TRAINED_TO), np.flatnonzero(year > TRAINED_TO)
            if not len(train) or not len(test):
                raise AllegianceError(f"the years played do not reach across {TRAINED_TO}", _CURE)
            count, total = int(sample.y[test].sum()), int(sample.y[train].sum())
            if not 0 < count < len(test) or not total:
                notes.append(f"{outcome}, {rows_are}: {total} events to learn from, {count} to score: not scored")
                continue
            about = {
                "coding": outcome,
                "rows_are": rows_are,
                "first_year": TRAINED_TO + 1,
                "last_year": int(year.max()),
            }
            one, pairs, said = judge(sample, [(train, test)], about)
            one = [r | _line(said) if r["model"] == SIMULATION else r for r in one]
            scores += one
            compared += pairs
            named = table.select("gwcode", "country", "year", "task")[said["row"].to_list()]
            said = pl.concat([named, said.drop("row")], how="horizontal")
            forecasts.append(said.with_columns(coding=pl.lit(outcome), rows_are=pl.lit(rows_are)))
            digest.append(said.select("gwcode", "year", "y").write_csv())
    if not scores:
        raise AllegianceError(f"nothing in {shown(folder)} can be scored: {'; '.join(notes)}", _CURE)
    return Judged(
        pl.DataFrame(scores), pl.DataFrame(compared), pl.concat(forecasts), sha256_text("".join(digest)), tuple(notes)
    )
