"""The monthly issue: every outcome and horizon at once, what rose, and the score of the issue a year before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.forecast.definitions import OUTCOMES
from allegiance.forecast.freshness import Age, warning
from allegiance.forecast.horizons import HORIZONS
from allegiance.forecast.issue import Issue, make_forecast
from allegiance.forecast.ledger import read, score
from allegiance.forecast.prepare import Progress, freshness, month_panel
from allegiance.forecast.rolling import Forecasts


@dataclass(frozen=True)
class Monthly:
    """All forecasts of one month by (outcome, horizon); `left_out` says why an outcome is not among them."""

    as_of: date
    issues: dict[tuple[str, int], Issue]
    ages: list[Age]
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def warning(self) -> str:
        """Which features are old."""
        return warning(self.ages)

    @property
    def table(self) -> pl.DataFrame:
        """One row per outcome, horizon and state: `as_of, outcome, horizon` and the columns of an issue."""
        parts = [
            issue.table.drop("facts").select(
                pl.lit(self.as_of).alias("as_of"), pl.lit(o).alias("outcome"), pl.lit(h).alias("horizon"), pl.all()
            )
            for (o, h), issue in self.issues.items()
        ]
        return pl.concat(parts)


def last_month(data: Path) -> date:
    """The last month whose coups are known: the newest month at whose end a forecast can be made.

    Raises:
        AllegianceError: a table is missing, damaged or from another release.
    """
    panel, _ = month_panel(data)
    newest = panel.filter(pl.col("coup_attempt").is_not_null())["month"].max()
    assert isinstance(newest, date)
    return newest


def make_monthly(
    data: Path, as_of: date, outcomes: Sequence[str] = tuple(OUTCOMES), horizons: tuple[int, ...] = HORIZONS,
    progress: Progress = lambda share, text: None,
) -> Monthly:  # fmt: skip
    """Forecast every outcome at every horizon, all horizons of one outcome fitted together.

    An outcome of which the data folder knows nothing (mutinies, where their list is not at hand) is left out with a
    word.

    Raises:
        AllegianceError: `as_of` is outside the data, a table is missing, or nothing can be forecast.
    """
    issues: dict[tuple[str, int], Issue] = {}
    left_out: dict[str, str] = {}
    memo: dict[str, Forecasts] = {}
    for k, outcome in enumerate(outcomes):

        def tell(share: float, text: str, k: int = k) -> None:
            progress((k + share) / len(outcomes), text)

        for h in horizons:
            try:
                issues[outcome, h] = make_forecast(data, outcome, h, as_of, tell, horizons, memo)
            except AllegianceError as error:
                if outcome != "mutiny":
                    raise
                left_out[outcome] = error.message
                break
    return Monthly(as_of, issues, freshness(data, as_of), left_out)


def year_before(book: Path, as_of: date, data: Path) -> pl.DataFrame | None:
    """Scores of the ledger's forecasts made twelve months before `as_of` (see `ledger.score`); None if there are none.

    Raises:
        AllegianceError: the ledger was tampered with.
    """
    if not book.is_dir():
        return None
    then = as_of.replace(year=as_of.year - 1)
    entries = [e for e in read(book) if e.as_of == then]
    if not entries:
        return None
    panel, _ = month_panel(data)
    return score(entries, panel)
