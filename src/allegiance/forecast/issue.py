"""Making a forecast: a probability with interval and reasons for every state, as of the end of a month."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.forecast.definitions import OUTCOMES
from allegiance.forecast.definitions import outcome as find_outcome
from allegiance.forecast.facts import facts_at
from allegiance.forecast.horizons import HORIZONS, Floats, Ints
from allegiance.forecast.models.frame import Frame
from allegiance.forecast.models.graded import GRADED
from allegiance.forecast.models.share import PRIOR_EVENTS, failure, share, success
from allegiance.forecast.models.stack import log_odds
from allegiance.forecast.prepare import Progress, forecasts_at, frame_as_of, month_panel
from allegiance.forecast.reasons import Reason, reasons, sentence
from allegiance.forecast.rolling import FINAL, REFERENCE, RIDGE, Forecasts, one_thread_each
from allegiance.forecast.scenario import Scenario
from allegiance.forecast.scenario import table as scenarios

NORMAL_90 = 1.6448536269514722
"""Half width of a 90 % interval in standard deviations."""


@dataclass(frozen=True)
class Issue:
    """One forecast: `table` has a row per state in the system, sorted from the highest probability.

    Columns: `gwcode, ccode, iso3, country, probability, low, high` (90 % interval of the probability, not of the
    outcome), `climatology` (the ex-ante reference), `reasons`, `region` and `facts`. `pushes` holds the reasons by row
    of `table`; `warning` says which features are old; `scenario` gives, by row, the probability under each scenario;
    `simulated` says what simulated armies add, if there are any (`forecast/simulated.py`; the table has its columns).
    """

    outcome: str
    horizon: int
    as_of: date
    table: pl.DataFrame
    pushes: list[list[Reason]]
    weights: dict[str, float]
    data: dict[str, str]
    warning: str = ""
    simulated: str = ""
    scenario: Callable[[list[Scenario]], list[dict[str, float]]] | None = None

    @property
    def expected(self) -> float:
        """States expected to see the event."""
        return float(self.table["probability"].sum())


def parse_month(text: str) -> date:
    """``YYYY-MM``, or a date ``YYYY-MM-DD`` in it, as the first day of the month.

    Raises:
        AllegianceError: it is neither.

    >>> parse_month("2019-12"), parse_month("2019-12-31")
    (datetime.date(2019, 12, 1), datetime.date(2019, 12, 1))
    """
    day = f"{text}-01" if re.fullmatch(r"\d{4}-\d{2}", text) else text
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
            raise ValueError
        found = date.fromisoformat(day).replace(day=1)
        if found.year == date.max.year:  # the calendar ends before a forecast could
            raise ValueError
        return found
    except ValueError as error:
        raise AllegianceError(
            f"{text!r} is not a month", "write it as YYYY-MM, such as 2019-12; a date counts as its month"
        ) from error


def make_forecast(
    data: Path, outcome: str, horizon: int, as_of: date, progress: Progress = lambda share, text: None,
    together: tuple[int, ...] = (), memo: dict[str, Forecasts] | None = None, simulation: Sequence[Path] = (),
) -> Issue:  # fmt: skip
    """Forecast `outcome` within `horizon` months after the end of the month `as_of`, for every state.

    Args:
        progress: told what share is done, from 0 to 1, and what is being done.
        together: horizons fitted at once, so that a longer one never falls below a shorter one; by default only the
            one asked for. memo: forecasts made before with the same data and month, to be used again. simulation:
            folders of `allegiance world` with this and earlier years, to be held beside it.

    Raises:
        AllegianceError: unknown outcome or horizon, `as_of` outside the data or before 1960, faulty tables.
    """
    _check(outcome, horizon, as_of)
    progress(0.0, "reading the tables")
    panel, hashes = month_panel(data)
    frame = frame_as_of(panel, as_of)
    if simulation:  # loads the engine of wars, which no other forecast needs
        from allegiance.forecast import simulated

        chances = simulated.read_chances(simulation, outcome)
    if not (frame.y[outcome] == 1).any():
        raise AllegianceError(
            f"the data folder knows of no {outcome.replace('_', ' ')}: there is nothing to learn from",
            "mutinies are listed by the source `mutinies` (allegiance data card mutinies)"
            if outcome == "mutiny" else "fetch the data again",
        )  # fmt: skip
    memo = {} if memo is None else memo
    with one_thread_each(trees=False):
        rows = np.flatnonzero((frame.t == frame.t.max()) & frame.panel["in_system"].to_numpy())
        p, spread, base, forecasts = _chances(frame, outcome, horizon, rows, together or (horizon,), progress, memo)
        ridge = forecasts.fits[horizon, RIDGE]
        found = reasons(ridge, rows)
        if simulation:
            learned = simulated.learn(frame, forecasts, chances, rows, horizon, together or (horizon,))
    z = log_odds(p)
    following = frame.panel["month"].max()
    table = frame.panel[rows].select("gwcode", "ccode", "iso3", "country").with_columns(
        probability=pl.Series(p),
        low=pl.Series(1 / (1 + np.exp(-(z - NORMAL_90 * spread)))),
        high=pl.Series(1 / (1 + np.exp(-(z + NORMAL_90 * spread)))),
        climatology=pl.Series(base),
        reasons=pl.Series([sentence(r) for r in found]),
        region=frame.panel[rows]["region"],
    ).join(facts_at(panel, following), on="gwcode", how="left", maintain_order="left")  # fmt: skip
    if simulation:
        table = simulated.beside(table, learned)
    order = np.lexsort((table["gwcode"].to_numpy(), -p))
    january = int(frame.t.max()) // 12 * 12
    weights = shares(forecasts, january, horizon)
    pushes = [found[i] for i in order]
    scenario = partial(scenarios, ridge, frame, rows[order], p[order])
    told = str(learned) if simulation else ""
    return Issue(outcome, horizon, as_of, table[order], pushes, weights, hashes, "", told, scenario)


def _check(outcome: str, horizon: int, as_of: date) -> None:
    find_outcome(outcome)
    if horizon not in HORIZONS:
        raise AllegianceError(f"no forecasts are made for {horizon} months", "choose 1, 3, 6 or 12")
    if as_of.year < 1960:
        raise AllegianceError(
            f"as-of {as_of:%Y-%m} is too early: the data start in 1950 and ten years are needed to learn from",
            "choose 1960-01 or later",
        )


def _chances(
    frame: Frame, outcome: str, h: int, rows: Ints, together: tuple[int, ...], progress: Progress,
    memo: dict[str, Forecasts],
) -> tuple[Floats, Floats, Floats, Forecasts]:  # fmt: skip
    """Probabilities, the deviation of their log-odds, climatology, and the forecasts that say why."""

    def made(name: str, share: float) -> Forecasts:
        if name not in memo:
            memo[name] = forecasts_at(frame, name, together, lambda done, text: progress(share * done, text))
        return memo[name]

    whole = find_outcome(outcome).part_of
    forecasts = made(whole or outcome, 0.5 if whole else 1.0)
    p, spread = _combined(frame, forecasts, h, rows)
    base = forecasts.p[h, REFERENCE][rows]
    if not whole:
        return p, spread, base, forecasts
    own = made("coup_success", 1.0)
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
    if (h, GRADED) not in forecasts.p:
        return stack
    return {name: weight / 2 for name, weight in stack.items()} | {GRADED: 0.5}


def _share(frame: Frame, part: str, whole: str, h: int) -> tuple[float, float]:
    """The share of `part`, and the variance of its log."""
    january = int(frame.t.max()) // 12 * 12
    value = share(frame, part, whole, h, january)
    seen = float(np.nansum(frame.y[whole][frame.t >= january - 20 * 12]))
    return value, (1 - value) / value / (seen + PRIOR_EVENTS)
