"""The same forecast in the shapes others read: ViEWS' country-months, CoupCats' list, and samples."""

from __future__ import annotations

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.forecast.issue import NORMAL_90, Issue
from allegiance.forecast.models.stack import log_odds

SHAPES = ("own", "views", "coupcats", "samples")
DRAWS = 1000


def shaped(issue: Issue, shape: str) -> pl.DataFrame:
    """The table of `issue` in one of `SHAPES`.

    Raises:
        AllegianceError: there is no such shape.
    """
    if shape == "own":
        return issue.table.drop("facts", strict=False)
    if shape == "views":
        return views(issue)
    if shape == "coupcats":
        return coupcats(issue)
    if shape == "samples":
        return samples(issue)
    raise AllegianceError(f"there is no shape {shape!r}", f"known: {', '.join(SHAPES)}")


def views(issue: Issue) -> pl.DataFrame:
    """ViEWS' country-months: `country_id, month_id, name, gwcode, isoab, year, month, main_mean, main_dich`.

    `month_id` counts from January 1980 = 1 and is that of the last month of the window; `main_dich` is the probability
    of at least one event, and so is `main_mean`, since a window counts once. `country_id` is the Gleditsch–Ward code:
    ViEWS' own numbers are not used here.
    """
    last = issue.as_of.year * 12 + issue.as_of.month - 1 + issue.horizon
    year, month = last // 12, last % 12 + 1
    return issue.table.sort("gwcode").select(
        country_id="gwcode", month_id=pl.lit((year - 1980) * 12 + month), name="country", gwcode="gwcode", isoab="iso3",
        year=pl.lit(year), month=pl.lit(month), main_mean="probability", main_dich="probability",
    )  # fmt: skip


def coupcats(issue: Issue) -> pl.DataFrame:
    """CoupCats' list: `country, ccode, year, month, prediction_prob` (per cent), for the first month of the window."""
    first = issue.as_of.year * 12 + issue.as_of.month
    return issue.table.sort("ccode").select(
        "country", "ccode", year=pl.lit(first // 12), month=pl.lit(first % 12 + 1),
        prediction_prob=100 * pl.col("probability"),
    )  # fmt: skip


def samples(issue: Issue, count: int = DRAWS, seed: int = 0) -> pl.DataFrame:
    """Draws of the outcome: `month_id, country_id, draw, probability, outcome`.

    Each draw takes a probability from its interval (normal on the log-odds scale) and an outcome from it; draw k of
    all states belongs together as far as the level goes: half of the spread is shared.
    """
    rng = np.random.default_rng(seed)
    base = views(issue)
    rows = issue.table.sort("gwcode")
    z = log_odds(rows["probability"].to_numpy())
    spread = (log_odds(rows["high"].to_numpy()) - log_odds(rows["low"].to_numpy())) / (2 * NORMAL_90)
    shared, own = rng.normal(size=(1, count)), rng.normal(size=(len(z), count))
    drawn = 1 / (1 + np.exp(-(z[:, None] + spread[:, None] * (np.sqrt(0.5) * shared + np.sqrt(0.5) * own))))
    happened = (rng.random(drawn.shape) < drawn).astype(np.int8)
    month, code = (np.repeat(base[c].to_numpy(), count) for c in ("month_id", "gwcode"))
    return pl.DataFrame({
        "month_id": month, "country_id": code,
        "draw": np.tile(np.arange(count), len(z)), "probability": drawn.ravel(), "outcome": happened.ravel(),
    })  # fmt: skip
