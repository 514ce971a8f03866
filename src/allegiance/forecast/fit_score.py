"""What a fit is worth on campaigns that it has not seen: each decade forecast from the others, and the test years."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from allegiance.base.files import sha256_text
from allegiance.forecast.halves import base_rate, off_the_ends
from allegiance.forecast.rivals import REFERENCE, figures
from allegiance.forecast.scores import Rows, compare, score_all
from allegiance.inference.fit.coders import FIRST, SECOND

PRIOR, CODERS, POSTERIOR = "prior", "prior, coders learnt", "posterior"
PRIOR_PLAYED, POSTERIOR_PLAYED = "prior, as played", "posterior, as played"
PAIRS = (
    (POSTERIOR, REFERENCE), (POSTERIOR, PRIOR), (POSTERIOR, CODERS), (POSTERIOR_PLAYED, PRIOR_PLAYED),
)  # fmt: skip
"""Compared, ours against theirs. `prior, coders learnt` learns the observation model and leaves the theory at its
prior: what the posterior adds to it is what was learnt of the theory."""
DECIDES = (POSTERIOR_PLAYED, PRIOR_PLAYED)
"""Decides whether the posterior becomes the default: on the test years, against the first coding."""
TEST = "test"


def score_fit(campaigns: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, str]:
    """Scores and comparisons of a fit's table of campaigns, and the digest that names the rows of the test.

    Columns as in forecast/rivals.py, with `rows_are` "each decade from the others" or "test years". What was played
    afresh is a test on the test years alone: its posterior has seen the other campaigns.
    """
    scores: list[dict[str, Any]] = []
    compared: list[dict[str, Any]] = []
    for coding in (FIRST, SECOND):
        known = campaigns.filter(pl.col(coding).is_not_null())
        for words, rows, tested in (
            ("each decade from the others", known.filter(pl.col("fold") != TEST), False),
            ("test years", known.filter(pl.col("fold") == TEST), True),
        ):
            if rows.height == 0 or rows[coding].n_unique() < 2:
                continue
            one, pairs = _judge(rows, known.filter(pl.col("fold") != TEST), coding, tested, words)
            scores += one
            compared += pairs
    looked = campaigns.filter(pl.col("fold") == TEST)
    digest = sha256_text(looked.select("number", FIRST, SECOND).sort("number").write_csv())
    return pl.DataFrame(scores), pl.DataFrame(compared), digest


def _judge(
    rows: pl.DataFrame, learnt: pl.DataFrame, coding: str, tested: bool, words: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    y, unit = rows[coding].to_numpy().astype(float), rows["gwcode"].to_numpy().astype(np.int64)
    columns = {PRIOR: f"prior_{coding}", CODERS: f"coders_{coding}", POSTERIOR: f"posterior_{coding}"}
    forecasts = {name: rows[column].to_numpy().clip(0.0, 1.0) for name, column in columns.items()}
    if tested:
        worlds = rows["worlds"].to_numpy()
        for name, column in ((PRIOR_PLAYED, "prior_played"), (POSTERIOR_PLAYED, "posterior_played")):
            forecasts[name] = off_the_ends(rows[column].to_numpy(), worlds)
    forecasts[REFERENCE] = np.array([_rate(learnt, coding, fold) for fold in rows["fold"].to_list()])
    scored = score_all(Rows(y, unit, np.zeros(len(y), dtype=np.int64)), forecasts, REFERENCE)
    head = {
        "coding": coding, "rows_are": words, "rows": len(y), "events": int(y.sum()),
        "countries": len(np.unique(unit)), "first_year": rows["year"].min(), "last_year": rows["year"].max(),
    }  # fmt: skip
    return (
        [head | {"model": name} | figures(one) for name, one in scored.items()],
        [head | {"ours": a, "theirs": b} | compare(scored[a], scored[b], "log")
         for a, b in PAIRS if a in scored and b in scored],
    )  # fmt: skip


def _rate(learnt: pl.DataFrame, coding: str, fold: str) -> float:
    """The base rate of the campaigns that a forecast was learnt from, half an event on either side."""
    return base_rate(learnt.filter(pl.col("fold") != fold)[coding].to_numpy())


def verdict(compared: pl.DataFrame) -> str:
    """Whether the posterior becomes the default, in a sentence."""
    ours, theirs = DECIDES
    mine = compared.filter(
        (pl.col("ours") == ours) & (pl.col("theirs") == theirs) & (pl.col("coding") == FIRST)
        & (pl.col("rows_are") == "test years")
    )  # fmt: skip
    if mine.is_empty():
        return "There is nothing to test the posterior on: the prior stays the default."
    row = mine.row(0, named=True)
    gap = f"{row['difference']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f})"
    if row["verdict"] == "better":
        return f"On campaigns it has not seen the posterior scores better than the prior: log score {gap}."
    words = "worse than the prior" if row["verdict"] == "worse" else "not told apart from the prior"
    return f"On campaigns it has not seen the posterior is {words} (log score {gap}): the prior stays the default."
