"""Played campaigns held against what coders saw: cross-validated by decade, or learnt from other campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError, shown
from allegiance.base.files import sha256_text
from allegiance.forecast.played import read_finished
from allegiance.forecast.rivals import Sample, Split, judge
from allegiance.inference.campaign_list import CODINGS
from allegiance.inference.campaigns import CODED, INPUTS, TABLE

OUTCOME = "loyalty_shift"
"""The simulated outcome that stands against the coded one (inference/campaigns.py)."""
FEWEST = 20
"""Campaigns below which nothing is learnt from them."""
_CURE = "play them first: allegiance campaigns --out DIR"


@dataclass(frozen=True)
class Judged:
    """Scores and comparisons by coding, and the forecast of each campaign; `rows_sha256` names what was looked at."""

    scores: pl.DataFrame
    comparisons: pl.DataFrame
    forecasts: pl.DataFrame
    rows_sha256: str
    notes: tuple[str, ...]


def read_played(folder: Path) -> pl.DataFrame:
    """Outcomes, inputs and codings of the drafted campaigns of a folder, one row each, checked against its manifest.

    Raises:
        AllegianceError: the folder holds no finished campaigns, or a file is not what was written.
    """
    needed = {
        TABLE: ("number", "campaign", "country", "gwcode", "year", "nonviolent", OUTCOME, "members", "why_not"),
        INPUTS: ("number", "nonviolent", "people (log10)"), CODED: ("number", *CODINGS),
    }  # fmt: skip
    played, inputs, known = read_finished(folder, "campaigns", needed, "played campaigns", "campaigns", _CURE)
    return played.join(inputs.drop("nonviolent"), "number").join(known, "number", how="left").sort("number")


def sample_of(table: pl.DataFrame, coding: str) -> Sample:
    """The rows of `table` that a coding knows, as a sample; inputs are the draft's levels, the method and the size."""
    levels = [c for c in table.columns if c.startswith("level: ")]
    x = table.select(*levels, pl.col("nonviolent").cast(pl.Float64), "people (log10)")
    return Sample(
        table[coding].to_numpy().astype(float), table["gwcode"].to_numpy().astype(np.int64),
        x.cast(pl.Float64).fill_null(float("nan")).to_numpy(),
        table.select(c for c in table.columns if c.startswith("condition: ")).to_numpy().astype(float),
        table[OUTCOME].to_numpy().astype(float), table["members"].to_numpy().astype(np.int64),
    )  # fmt: skip


def score_campaigns(folder: Path, learned_from: Path | None = None) -> Judged:
    """Score the campaigns of a folder against every coding that knows both yes and no.

    Args:
        learned_from: a folder of other campaigns: rivals and the simulation's line are fitted to those alone and these
            forecast, without a fit. Without it each decade of onset is forecast from the others.

    Raises:
        AllegianceError: nothing to score, or too few campaigns to learn from.
    """
    mine = read_played(folder)
    theirs = read_played(learned_from) if learned_from else None
    if theirs is not None:
        _foreign(mine, theirs)
    scores, compared, forecasts, notes = [], [], [], []
    for coding in CODINGS:
        known = mine.filter(pl.col(coding).is_not_null())
        if known[coding].n_unique() < 2:
            notes.append(f"{coding}: {known.height} campaigns coded, not both yes and no among them: not scored")
            continue
        whole, splits = _splits(known, theirs, coding)
        about = {"coding": coding, "first_year": known["year"].min(), "last_year": known["year"].max()}
        one, pairs, said = judge(sample_of(whole, coding), splits, about)
        scores += one
        compared += pairs
        named = whole.select("number", "campaign", "country", "year")[said["row"].to_list()]
        forecasts.append(pl.concat([named, said.drop("row")], how="horizontal").with_columns(coding=pl.lit(coding)))
    if not scores:
        raise AllegianceError(f"nothing in {shown(folder)} can be scored: {'; '.join(notes)}", "code the outcomes")
    looked = sha256_text(mine.select("number", *CODINGS).write_csv())
    return Judged(pl.DataFrame(scores), pl.DataFrame(compared), pl.concat(forecasts), looked, tuple(notes))


def _foreign(mine: pl.DataFrame, theirs: pl.DataFrame) -> None:
    """Refuse to learn from the very campaigns that are scored."""
    names = ["gwcode", "year", "campaign"]
    both = mine.join(theirs, on=names, how="semi")
    if both.height:
        raise AllegianceError(
            f"{both.height} campaigns are in both folders, such as {both['campaign'][0]}",
            "learn from campaigns that are not scored",
        )


def _splits(known: pl.DataFrame, theirs: pl.DataFrame | None, coding: str) -> tuple[pl.DataFrame, list[Split]]:
    if theirs is not None:
        past = theirs.filter(pl.col(coding).is_not_null())
        _enough(past, coding)
        count = past.height
        return pl.concat([past, known], how="diagonal_relaxed"), [
            (np.arange(count), np.arange(count, count + known.height))
        ]
    _enough(known, coding)
    decade = decades(known["year"].to_list())
    every = np.arange(known.height)
    splits = [(every[decade != d], every[decade == d]) for d in np.unique(decade)]
    if len(splits) < 2:
        raise AllegianceError("all campaigns began in one decade", "play more decades, or give --learned-from DIR")
    return known, splits


def decades(years: list[int]) -> Any:
    """Decade of each onset; the five years of the forties go with the fifties.

    >>> decades([1946, 1959, 1960]).tolist()
    [1950, 1950, 1960]
    """
    return np.maximum(np.array(years) // 10 * 10, 1950)


def _enough(table: pl.DataFrame, coding: str) -> None:
    if table.height < FEWEST or table[coding].n_unique() < 2:
        raise AllegianceError(
            f"{table.height} campaigns coded in {coding} are too few to learn from",
            f"give --learned-from a folder of at least {FEWEST} played campaigns, yes and no among them",
        )
