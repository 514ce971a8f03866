"""Forecasts on the page: the ledger's own scores, and what the page says of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from allegiance.app import forecast_task
from allegiance.app.forecasts import _answer, _scored
from allegiance.forecast.ledger import score

EVIL = "<script>alert(1)</script>"


@dataclass
class Frozen:
    """What the task reads of an entry of the ledger."""

    table: pl.DataFrame
    as_of: date = date(2000, 6, 1)
    key: tuple[str, int] = ("coup_attempt", 3)


def _panel() -> pl.DataFrame:
    months = pl.date_range(date(2000, 1, 1), date(2000, 12, 1), "1mo", eager=True)
    rows = [{"gwcode": g, "month": m, "coup_attempt": g == 2 and m.month == 8} for g in (2, 20, 40) for m in months]
    return pl.DataFrame(rows)


def _entry() -> Any:
    table = {"gwcode": [2, 20, 40], "iso3": ["AAA", "BBB", "CCC"], "country": ["One", "Two", EVIL],
             "probability": [0.3, 0.1, 0.05], "low": [0.1, 0.05, 0.01], "high": [0.5, 0.3, 0.2],
             "climatology": [0.1, 0.1, 0.1]}  # fmt: skip
    return Frozen(pl.DataFrame(table))


def test_what_came_of_a_forecast_is_what_the_ledger_scores() -> None:
    ((p, y),) = forecast_task._came([_entry()], _panel())
    (row,) = score([_entry()], _panel()).to_dicts()
    assert row["events"] == y.sum() == 1
    assert row["brier"] == pytest.approx(((p - y) ** 2).mean())
    assert np.isclose(row["expected"], p.sum())


def test_a_group_without_events_is_drawn_at_zero() -> None:
    groups = [{"forecast": 0.01, "observed": 0.0, "low": 1e-18, "high": 0.1},
              {"forecast": 0.05, "observed": 0.06, "low": 0.01, "high": 0.2}]  # fmt: skip
    (axes,) = forecast_task._diagram(groups).axes
    assert axes.get_ylim()[0] == 0
    assert axes.get_ylim() == axes.get_xlim()


def test_a_forecast_is_told_with_its_ledger_and_escaped() -> None:
    rows = _entry().table.with_columns(reasons=pl.lit(EVIL)).to_dicts()
    picked = {"row": rows[2], "events": [["2000-01-01", EVIL, EVIL]], "count": 1, "timeline": "", "why": "",
              "reason": f"{EVIL} raises it most", "when": "1 event on record, the last in 2000"}  # fmt: skip
    result = {"rows": rows, "words": "coup attempt within 3 months", "map": "", "where": f"Highest: {EVIL}",
              "expected": 0.45, "learnt": True, "picked": [picked], "issued": "2000-07-01"}  # fmt: skip
    html = str(_answer(result, EVIL))
    assert "0.5 states are expected" in html or "0.4 states are expected" in html
    assert "frozen in the ledger" in html
    assert "<script>" not in html
    rows = score([_entry()], _panel()).to_dicts()
    scored = {"rows": rows, "files": [("2000-07-01", 3)], "reliability": "", "said": "",
              "came": "0 events were expected and 0 came"}  # fmt: skip
    assert "happened" in str(_scored(scored))
