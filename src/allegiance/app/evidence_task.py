"""Observed events in the worker: found, drawn, asked for in SQL. The tables take seconds to read."""

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
SECONDS = 20.0
"""Most seconds that a visitor's SQL may take."""


@lru_cache(maxsize=1)
def known_events(data: str) -> pl.DataFrame:
    """All observed events of a data folder."""
    from allegiance.evidence.catalogue import gather

    return gather(Path(data)).filter(~pl.col("source").str.starts_with("simulation:"))


def data_folder(options: dict[str, Any]) -> str:
    """The server's data folder.

    Raises:
        AllegianceError: there is none.
    """
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
    from allegiance.report.findings import records

    yield Update(0.1, "reading the tables")
    table = code(known_events(data_folder(options)), ())
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
            "when": records.recorded(table),
            "map": svg(event_map(table), words),
            "where": records.places(table),
            "rows": _text(shown.tail(ROWS).reverse()),
            "csv": table.select(c for c in table.columns if table[c].dtype != pl.Object).write_csv(),
            "count": table.height,
            "sources": sorted(set(table["source"])),
        },
    )


def sql(options: dict[str, Any], text: str) -> Task:
    """A visitor's SELECT over the events and the tables of the data folder; nothing else is within its reach."""
    yield from beside(lambda: _asked(data_folder(options), text), "asking the tables")


def _asked(data: str, text: str) -> dict[str, Any]:
    from allegiance.evidence.query import query
    from allegiance.evidence.store import Store

    known = known_events(data)
    found = query(text, Store(), Path(data), events=known, most=ROWS + 1, seconds=SECONDS)
    return {"columns": found.columns, "rows": _text(found.head(ROWS)), "more": found.height > ROWS}


def _text(table: pl.DataFrame) -> list[list[str]]:
    return [["" if v is None else str(v) for v in row] for row in table.rows()]
