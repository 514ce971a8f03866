"""Observed events and forecasts in the worker: both need tables that take seconds to read."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.app.worker import Task, Update, beside
from allegiance.base.errors import AllegianceError

ROWS = 400
"""Most rows of a table shown on the page."""


@lru_cache(maxsize=1)
def _all_events(data: str) -> pl.DataFrame:
    from allegiance.evidence.catalogue import gather

    return gather(Path(data)).filter(~pl.col("source").str.starts_with("simulation:"))


def _folder(options: dict[str, Any]) -> str:
    if not options.get("data"):
        raise AllegianceError("the server was started without a data folder", "allegiance serve --data DIR")
    return str(options["data"])


def events(options: dict[str, Any], country: str, kind: str, first: int, last: int) -> Task:
    """Observed events of a country (all if empty) and type (all if empty) between two years, drawn and listed."""
    from allegiance.evidence.coding import code
    from allegiance.evidence.schema import resolve_type
    from allegiance.evidence.states import find_state
    from allegiance.report.events_figures import describe, event_map, kinds, timeline
    from allegiance.report.figures.canvas import svg

    yield Update(0.1, "reading the tables")
    table = code(_all_events(_folder(options)), ())
    yield Update(0.6, "drawing")
    if country:
        table = table.filter(pl.col("gwcode") == find_state(country))
    if kind:
        name, success = resolve_type(kind)
        table = table.filter(pl.col("type") == name)
        table = table if success is None else table.filter(pl.col("success") == success)
    table = table.filter(pl.col("date").is_between(date(first, 1, 1), date(last, 12, 31))).sort("date")
    if table.is_empty():
        raise AllegianceError("no event fits", "widen the years, or choose another country or type")
    words = describe(table, kind.replace("_", " ") or "all types")
    shown = table.with_columns(event=kinds()).select(
        "date", "country", "event", "actors", "date_known", "source", "note"
    )
    yield Update(
        1.0,
        "ready",
        {
            "words": words,
            "timeline": svg(timeline(table), words),
            "map": svg(event_map(table), words),
            "rows": [[("" if v is None else str(v)) for v in row] for row in shown.tail(ROWS).reverse().rows()],
            "csv": table.select(c for c in table.columns if table[c].dtype != pl.Object).write_csv(),
            "count": table.height,
            "sources": sorted(set(table["source"])),
        },
    )


@lru_cache(maxsize=24)
def _issue(data: str, outcome: str, horizon: int, as_of: date) -> Any:
    from allegiance.forecast.issue import make_forecast

    return make_forecast(Path(data), outcome, horizon, as_of)


def forecast(options: dict[str, Any], outcome: str, horizon: int, as_of: date) -> Task:
    """The forecast for every state as of a month, with its map and what pushes each state up or down."""
    data = _folder(options)
    text = "learning from all months before; the first forecast of a month takes minutes"
    yield from beside(lambda: _shown(_issue(data, outcome, horizon, as_of)), text)


def _shown(issue: Any) -> dict[str, Any]:
    from allegiance.report.figures.canvas import svg
    from allegiance.report.world import world_map

    table = issue.table
    words = f"probability of {issue.outcome.replace('_', ' ')} within {issue.horizon} months after {issue.as_of:%B %Y}"
    drawn = world_map(table.select("gwcode", value="probability"), words, percent=True)
    top = ", ".join(f"{r['country']} {100 * r['probability']:.1f} %" for r in table.head(5).to_dicts())
    columns = ("iso3", "country", "probability", "low", "high", "climatology", "reasons")
    return {
        "words": words,
        "map": svg(drawn, f"World map: {words}. Highest: {top}."),
        "expected": issue.expected,
        "rows": table.select(*columns).to_dicts(),
    }
