"""Making a forecast: a probability with interval and reasons for every state, as of the end of a month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.forecast.backtest import one_thread_each
from allegiance.forecast.definitions import OUTCOMES
from allegiance.forecast.definitions import outcome as find_outcome
from allegiance.forecast.horizons import HORIZONS, Floats, Ints
from allegiance.forecast.models.frame import Frame
from allegiance.forecast.models.graded import GRADED
from allegiance.forecast.models.share import PRIOR_EVENTS, failure, share, success
from allegiance.forecast.models.stack import log_odds
from allegiance.forecast.prepare import forecasts_at, frame_as_of, month_panel
from allegiance.forecast.reasons import Reason, reasons, sentence
from allegiance.forecast.rolling import FINAL, REFERENCE, RIDGE, Forecasts

NORMAL_90 = 1.6448536269514722
"""Half width of a 90 % interval in standard deviations."""


@dataclass(frozen=True)
class Issue:
    """One forecast: `table` has a row per state in the system, sorted from the highest probability.

    Columns: `gwcode, ccode, iso3, country, probability, low, high` (90 % interval of the probability, not of the
    outcome), `climatology` (the ex-ante reference) and `reasons`. `pushes` holds the reasons by row of `table`.
    """

    outcome: str
    horizon: int
    as_of: date
    table: pl.DataFrame
    pushes: list[list[Reason]]
    weights: dict[str, float]
    data: dict[str, str]

    @property
    def expected(self) -> float:
        """States expected to see the event."""
        return float(self.table["probability"].sum())


def parse_month(text: str) -> date:
    """``YYYY-MM`` as the first day of the month.

    Raises:
        AllegianceError: it is not a month.

    >>> parse_month("2019-12")
    datetime.date(2019, 12, 1)
    """
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text) or text.startswith("0000"):
        raise AllegianceError(f"{text!r} is not a month", "write it as YYYY-MM, such as 2019-12")
    return date(int(text[:4]), int(text[5:]), 1)


def make_forecast(data: Path, outcome: str, horizon: int, as_of: date) -> Issue:
    """Forecast `outcome` within `horizon` months after the end of the month `as_of`, for every state.

    Raises:
        AllegianceError: unknown outcome or horizon, `as_of` outside the data or before 1960, faulty tables.
    """
    find_outcome(outcome)
    if horizon not in HORIZONS:
        raise AllegianceError(f"no forecasts are made for {horizon} months", "choose 1, 3, 6 or 12")
    if as_of.year < 1960:
        raise AllegianceError(
            f"as-of {as_of:%Y-%m} is too early: the data start in 1950 and ten years are needed to learn from",
            "choose 1960-01 or later",
        )
    panel, hashes = month_panel(data)
    frame = frame_as_of(panel, as_of)
    with one_thread_each():
        rows = np.flatnonzero((frame.t == frame.t.max()) & frame.panel["in_system"].to_numpy())
        p, spread, base, forecasts = _chances(frame, outcome, horizon, rows)
        found = reasons(forecasts.fits[horizon, RIDGE], rows)
    z = log_odds(p)
    table = frame.panel[rows].select("gwcode", "ccode", "iso3", "country").with_columns(
        probability=pl.Series(p),
        low=pl.Series(1 / (1 + np.exp(-(z - NORMAL_90 * spread)))),
        high=pl.Series(1 / (1 + np.exp(-(z + NORMAL_90 * spread)))),
        climatology=pl.Series(base),
        reasons=pl.Series([sentence(r) for r in found]),
    )  # fmt: skip
    order = np.lexsort((table["gwcode"].to_numpy(), -p))
    january = int(frame.t.max()) // 12 * 12
    weights = shares(forecasts, january, horizon)
    return Issue(outcome, horizon, as_of, table[order], [found[i] for i in order], weights, hashes)


def _chances(frame: Frame, outcome: str, h: int, rows: Ints) -> tuple[Floats, Floats, Floats, Forecasts]:
    """Probabilities, the deviation of their log-odds, climatology, and the forecasts that say why."""
    whole = find_outcome(outcome).part_of
    forecasts = forecasts_at(frame, whole or outcome, (h,))
    p, spread = _combined(frame, forecasts, h, rows)
    base = forecasts.p[h, REFERENCE][rows]
    if not whole:
        return p, spread, base, forecasts
    own = forecasts_at(frame, "coup_success", (h,))
    succeeds, deviation = _combined(frame, own, h, rows)
    succeeds, rarer = success(p, succeeds), success(base, own.p[h, REFERENCE][rows])
    if outcome == "coup_success":
        return succeeds, deviation, rarer, own
    part, extra = _share(frame, outcome, whole, h)
    fails, base = failure(p, succeeds, p * part), failure(base, rarer, base * part)
    return fails, np.sqrt(spread**2 + extra), base, forecasts


def _combined(frame: Frame, forecasts: Forecasts, h: int, rows: Ints) -> tuple[Floats, Floats]:
    """The final probabilities and the standard deviation of their log-odds.

    Three parts: what the data leave open in each member (cluster-robust for the logit; trees have no such measure
    and borrow it), how far the members disagree, and the level (drift).
    """
    weights = shares(forecasts, int(frame.t.max()) // 12 * 12, h)
    p = forecasts.p[h, FINAL][rows]
    own = forecasts.fits[h, RIDGE].spread(rows)
    said = {name: log_odds(forecasts.p[h, name][rows]) for name in weights}
    middle = np.sum([w * said[name] for name, w in weights.items()], axis=0)
    apart = np.sum([w * (said[name] - middle) ** 2 for name, w in weights.items()], axis=0)
    return p, np.sqrt(own**2 + apart + 1 / forecasts.support[h])


def shares(forecasts: Forecasts, january: int, h: int) -> dict[str, float]:
    """How much each member counts in the final log-odds; adds up to 1."""
    if not OUTCOMES[forecasts.outcome].trees:
        return {RIDGE: 1.0}
    stack: dict[str, float] = forecasts.weights[january, h]
    if (h, GRADED) not in forecasts.fits:
        return stack
    return {name: weight / 2 for name, weight in stack.items()} | {GRADED: 0.5}


def _share(frame: Frame, part: str, whole: str, h: int) -> tuple[float, float]:
    """The share of `part`, and the variance of its log."""
    january = int(frame.t.max()) // 12 * 12
    value = share(frame, part, whole, h, january)
    seen = float(np.nansum(frame.y[whole][frame.t >= january - 20 * 12]))
    return value, (1 - value) / value / (seen + PRIOR_EVENTS)
