"""Look, in the worker: the newest forecast for every state, what changed most since the one before, drafted armies.

A forecast of the ledger is shown as issued. Without one, what was made on this machine is kept in the user's cache for
as long as the tables and the code stay the same, and made only when a visitor asks: it takes a minute or more.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.app.evidence_task import data_folder
from allegiance.app.forecast_task import ledger_of, made
from allegiance.app.worker import Task, Update, beside
from allegiance.base.compiler import cache_folder, sources_hash
from allegiance.base.errors import AllegianceError
from allegiance.base.parts import Parts, owner_of

NEWEST = {"coup_attempt": date(2019, 12, 1), "mutiny": date(2018, 12, 1)}
"""The last month to whose end the standard tables list each event."""
HORIZON = 12
WATCHED = 10
"""Changes of the watch list."""


def look(options: dict[str, Any], outcome: str, make: bool = False) -> Task:
    """The map and the watch list of an outcome.

    The result is a dictionary: title, map, rows (state, region, probability, interval, change), watch, source;
    without a forecast at hand and unless `make`, it holds `missing` alone.
    """
    if outcome not in NEWEST:
        raise AllegianceError("no such map is drawn", f"one of: {', '.join(NEWEST)}")
    yield Update(0.1, "looking for the newest forecast")
    found = _issued(options, outcome) or _kept(options, outcome)
    if found is None and not make:
        yield Update(1.0, "ready", {"missing": True})
        return
    if found is None:
        yield from beside(lambda: _make(options, outcome), "making two forecasts, a year apart; kept once made")
        return
    yield Update(1.0, "ready", _shown(outcome, *found))


def _issued(options: dict[str, Any], outcome: str) -> tuple[pl.DataFrame, pl.DataFrame | None, date, str] | None:
    """The newest forecast of the ledger over a year, the one before it, its month and where it is from."""
    entries = [e for e in ledger_of(options) if e.key == (outcome, HORIZON)]
    if not entries:
        return None
    entries.sort(key=lambda e: e.as_of)
    before = entries[-2].table if len(entries) > 1 else None
    return entries[-1].table, before, entries[-1].as_of, f"as issued on {str(entries[-1].content['issued'])[:10]}"


def _parts(options: dict[str, Any]) -> Parts | None:
    folder, data = cache_folder(), Path(data_folder(options))
    if folder is None:
        return None
    stamps = sorted((str(p.relative_to(data)), p.stat().st_mtime_ns) for p in data.glob("*/*") if p.is_file())
    return Parts(folder.parent / "forecasts", owner_of([str(data), stamps, sources_hash()]))


def _months(outcome: str) -> tuple[date, date]:
    now = NEWEST[outcome]
    return now, now.replace(year=now.year - 1)


def _kept(options: dict[str, Any], outcome: str) -> tuple[pl.DataFrame, pl.DataFrame | None, date, str] | None:
    if not options.get("data"):
        return None
    parts, (now, before) = _parts(options), _months(outcome)
    tables = [parts.find(f"{outcome}-{m:%Y-%m}.parquet") if parts else None for m in (now, before)]
    return None if tables[0] is None or tables[1] is None else (tables[0], tables[1], now, "made on this machine")


def _make(options: dict[str, Any], outcome: str) -> dict[str, Any]:
    data, parts, months = data_folder(options), _parts(options), _months(outcome)
    columns = ["gwcode", "iso3", "country", "region", "probability", "low", "high", "climatology", "reasons"]
    tables = [made(data, outcome, HORIZON, month).table.select(columns) for month in months]
    for month, table in zip(months, tables, strict=True):
        if parts is not None:
            parts.keep(f"{outcome}-{month:%Y-%m}.parquet", table)
    return _shown(outcome, tables[0], tables[1], months[0], "made on this machine")


def _shown(outcome: str, now: pl.DataFrame, before: pl.DataFrame | None, as_of: date, source: str) -> dict[str, Any]:
    from allegiance.report.figures.canvas import svg
    from allegiance.report.labels import percent
    from allegiance.report.world import world_map

    rows = changed(now, before).to_dicts()
    words = outcome.replace("_", " ")
    drawn = world_map(now.select("gwcode", value="probability"), f"probability of a {words} in a year", percent=True)
    top = rows[0]
    return {
        "title": f"{top['country']} stands highest of all states: {percent(top['probability'])} for a {words} within"
        f" a year after {as_of:%B %Y}",
        "map": svg(drawn, f"World map: probability of a {words} within a year after {as_of:%B %Y}."),
        "rows": rows, "source": source, "as_of": as_of.isoformat(), "outcome": outcome,
        "watch": watch(rows),
    }  # fmt: skip


def changed(now: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """Every state with its probability and how it changed (null without one before), from the highest."""
    table = now if "region" in now.columns else _with_region(now)
    then = None if before is None else before.select("gwcode", was="probability")
    none = table.with_columns(was=pl.lit(None, pl.Float64))
    joined = none if then is None else table.join(then, "gwcode", how="left")
    told = joined.with_columns(change=pl.col("probability") - pl.col("was")).sort("probability", descending=True)
    return told.select("gwcode", "iso3", "country", "region", "probability", "low", "high", "was", "change")


def watch(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The largest changes, up or down."""
    moved = [r for r in rows if r["change"]]
    return sorted(moved, key=lambda r: -abs(r["change"]))[:WATCHED]


def _with_region(table: pl.DataFrame) -> pl.DataFrame:
    from allegiance.evidence.states import states

    regions = states().group_by("gwcode").agg(pl.col("region").last())
    return table.with_columns(pl.col("gwcode").cast(regions.schema["gwcode"])).join(regions, "gwcode", how="left")


def drafted(options: dict[str, Any]) -> Task:
    """The armies of a year, drafted and played by `allegiance world`: the map of mutiny and the highest states."""
    from allegiance.inference.world import TABLE
    from allegiance.report.figures.canvas import svg
    from allegiance.report.world_page import picture

    yield Update(0.2, "reading the drafted armies")
    table = pl.read_parquet(Path(options["world"]) / TABLE)
    played = table.filter(pl.col("why_not").is_null()).sort("mutiny", descending=True)
    yield Update(1.0, "ready", {
        "year": int(table["year"][0]), "map": svg(picture(table), "World map of mutiny in drafted armies"),
        "members": int(played["members"][0]),
        "rows": played.select("country", "region", "task", "mutiny", "coup_attempt").head(WATCHED).to_dicts(),
    })  # fmt: skip
