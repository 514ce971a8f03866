"""Forecasts in the worker: made anew or read from the ledger, one country's reasons, what came of those issued."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.app.evidence_task import data_folder, known_events
from allegiance.app.worker import Task, Update, beside
from allegiance.base.errors import AllegianceError
from allegiance.base.style import BLUE, ORANGE

GROUPS = 4
"""Most groups of the reliability diagram: events are rare, and each group needs one."""


@lru_cache(maxsize=24)
def made(data: str, outcome: str, horizon: int, as_of: date) -> Any:
    """A forecast for every state (see `forecast.issue.make_forecast`), remembered."""
    from allegiance.forecast.issue import make_forecast

    return make_forecast(Path(data), outcome, horizon, as_of)


def forecast(
    options: dict[str, Any], outcome: str, horizon: int, as_of: date, country: str = "", what_if: Sequence[str] = ()
) -> Task:
    """The forecast for every state as of a month: first as the ledger has it, then with reasons, learnt anew.

    `what_if` names scenarios to be answered for `country`.
    """
    data = data_folder(options)
    kept = [e for e in ledger_of(options) if e.key == (outcome, horizon) and e.as_of == as_of]
    if kept:
        yield Update(0.02, "learning the reasons", _frozen(kept[-1], data, country))
    text = "learning from all months before; the first forecast of a month takes about half a minute"
    book = str(options.get("ledger") or "")
    yield from beside(lambda: _learnt(data, outcome, horizon, as_of, country, tuple(what_if), book), text)


def issued(
    options: dict[str, Any], outcome: str, horizon: int, as_of: date | None = None, country: str = ""
) -> Task:
    """The newest forecast of the ledger for an outcome and horizon (of a month, if named), as it was issued; no result
    if there is none."""
    yield Update(0.1, "reading the ledger")
    entries = [e for e in ledger_of(options) if e.key == (outcome, horizon) and as_of in (None, e.as_of)]
    if entries:
        yield Update(1.0, "ready", _frozen(entries[-1], data_folder(options), country))
    else:
        yield Update(1.0, "the ledger holds none of these; press Forecast to make one")


def _frozen(entry: Any, data: str, country: str) -> dict[str, Any]:
    outcome, horizon = entry.key
    shown = _shown(entry.table, outcome, horizon, entry.as_of, data, country, [])
    return {**shown, "issued": str(entry.content["issued"])[:10]}


def ledger_of(options: dict[str, Any]) -> list[Any]:
    """The forecasts of the server's ledger, oldest first; none without one."""
    return ledger_entries(Path(options["ledger"])) if options.get("ledger") else []


def ledger_entries(folder: Path) -> list[Any]:
    """All forecasts of a ledger with their tables read, oldest first.

    Raises:
        AllegianceError: a file is damaged, in whatever way.
    """
    from allegiance.forecast.ledger import read

    try:
        entries = read(folder)
        for entry in entries:
            _ = entry.key, entry.as_of, entry.table["probability"].sum(), str(entry.content["issued"])
    except AllegianceError:
        raise
    except Exception as error:  # a file may be damaged in any way, and the page has to tell it
        raise AllegianceError(
            f"the ledger {folder} holds a file that is damaged ({type(error).__name__}: {str(error)[:300]})",
            "restore it from a copy, or take it out",
        ) from error
    return entries


def _learnt(
    data: str, outcome: str, horizon: int, as_of: date, country: str, what_if: tuple[str, ...], book: str
) -> dict[str, Any]:
    from allegiance.forecast.record import record
    from allegiance.forecast.scenario import parse

    issue = made(data, outcome, horizon, as_of)
    shown = _shown(issue.table, outcome, horizon, as_of, data, country, issue.pushes)
    places = issue.table["gwcode"].to_list()
    under = issue.scenario([parse(text) for text in what_if]) if what_if and issue.scenario else []
    came = {None: "not over", 0: "did not happen", 1: "happened"}
    for picked in shown["picked"]:
        code = picked["row"]["gwcode"]
        picked["scenarios"] = list(under[places.index(code)].items()) if under else []
        past = record(Path(book), code, Path(data)).to_dicts() if book else []
        picked["record"] = [
            [f"{r['as_of']:%Y-%m}", r["outcome"], r["horizon"], r["probability"], came[r["happened"]]] for r in past
        ]
    return shown


def _shown(
    table: pl.DataFrame, outcome: str, horizon: int, as_of: date, data: str, country: str, pushes: list[Any]
) -> dict[str, Any]:
    from allegiance.report.figures.canvas import svg
    from allegiance.report.findings import records
    from allegiance.report.world import world_map

    if "reasons" not in table.columns:
        table = table.with_columns(reasons=pl.lit(""))
    table = table.sort("probability", descending=True, maintain_order=True)
    words = f"{outcome.replace('_', ' ')} within {horizon} month{'s' if horizon > 1 else ''} after {as_of:%B %Y}"
    drawn = world_map(table.select("gwcode", value="probability"), f"probability of a {words}", percent=True)
    top = ", ".join(f"{r['country']} {100 * r['probability']:.1f} %" for r in table.head(5).to_dicts())
    columns = ("gwcode", "iso3", "country", "probability", "low", "high", "climatology", "reasons", "facts")
    rows = table.select(c for c in columns if c in table.columns).to_dicts()
    wanted = _code(country)
    picked = [k for k, r in enumerate(rows) if wanted is not None and r["gwcode"] == wanted]
    return {
        "words": words,
        "where": records.highest(table, words),
        "map": svg(drawn, f"World map: probability of a {words}. Highest: {top}."),
        "expected": float(table["probability"].sum()),
        "rows": rows,
        "learnt": bool(pushes),
        "picked": [_country(rows[k], pushes[k] if pushes else [], data, as_of) for k in picked],
    }


def _code(country: str) -> int | None:
    """The code of a state by any of its names; None if no state is so called."""
    from allegiance.evidence.states import find_state

    try:
        return find_state(country) if country else None
    except AllegianceError:
        return None


def _country(row: dict[str, Any], pushes: list[Any], data: str, as_of: date) -> dict[str, Any]:
    """One state: its events before the forecast, drawn and listed, and a picture of its reasons."""
    from allegiance.evidence.coding import code
    from allegiance.report.events_figures import kinds, timeline
    from allegiance.report.figures.canvas import svg
    from allegiance.report.findings import records

    first_after = date(as_of.year + as_of.month // 12, as_of.month % 12 + 1, 1)
    events = code(known_events(data), ()).filter(
        (pl.col("gwcode") == row["gwcode"]) & (pl.col("date") < first_after) & (pl.col("date_known") < first_after)
    )
    told = events.with_columns(event=kinds()).sort("date", descending=True).select("date", "event", "source")
    return {
        "row": row,
        "events": [[str(v) for v in r] for r in told.head(40).rows()],
        "count": events.height,
        "timeline": svg(timeline(events), f"Coups and mutinies in {row['country']} so far") if events.height else "",
        "when": records.recorded(events),
        "reason": records.reason(row["country"], pushes[:8]),
        "why": svg(_pushes(pushes[:8]), _told(row["country"], pushes[:8])) if pushes else "",
    }


def _told(country: str, pushes: list[Any]) -> str:
    return f"Reasons behind the forecast for {country}: {', '.join(str(r) for r in pushes)}."


def _pushes(pushes: list[Any]) -> Any:
    """Bars of what multiplies the odds, from the strongest; parity in the middle of a log axis."""
    from allegiance.report.figures.canvas import INK, canvas

    y = np.arange(len(pushes))[::-1]
    values = np.array([r.push for r in pushes])
    reach = max(math.log(2), float(np.abs(values).max())) * 1.2
    ticks = [k for k in (1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8) if abs(math.log(k)) <= reach]
    with canvas(6.4, 0.8 + 0.32 * len(pushes)) as (figure, axes):
        axes.barh(y, values, 0.62, color=[ORANGE if v > 0 else BLUE for v in values])
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set_yticks(y, [str(r) for r in pushes])
        axes.set_xlim(-reach, reach)
        axes.set_xticks([math.log(k) for k in ticks], [f"×{k:g}" for k in ticks])
        axes.set_xlabel("odds against the average state of the month (left lowers, right raises)")
        axes.grid(visible=False, axis="y")
    return figure


def ledger_scores(options: dict[str, Any]) -> Task:
    """What came of every forecast in the ledger whose time is over, and whether such forecasts came true."""
    if not options.get("ledger"):
        raise AllegianceError("the server was started without a ledger", "allegiance serve --ledger DIR")
    yield from beside(lambda: _scored(options), "scoring the forecasts issued")


def _scored(options: dict[str, Any]) -> dict[str, Any]:
    from allegiance.forecast.ledger import score
    from allegiance.forecast.prepare import month_panel
    from allegiance.forecast.scores import reliability
    from allegiance.report.figures.canvas import svg
    from allegiance.report.findings import records

    entries = ledger_of(options)
    panel, _ = month_panel(Path(data_folder(options)))
    pairs = list(_came(entries, panel))
    p, y = (np.concatenate([pair[k] for pair in pairs]) if pairs else np.zeros(0) for k in (0, 1))
    some = bool(y.sum() >= 2)
    groups = reliability(y, p, min(GROUPS, int(y.sum()))) if some else []
    said = (
        f"{int(y.sum())} of {len(y)} state windows saw the event, {p.sum():.1f} were expected. Points: groups that"
        " expect equally many events; lines: 95 % intervals."
    )
    return {
        "rows": score(entries, panel).to_dicts(),
        "files": [(e.content["issued"][:10], e.table.height) for e in entries],
        "reliability": svg(_diagram(groups), f"Forecast against observed frequency. {said}") if some else "",
        "said": said,
        "came": records.came_true(float(p.sum()), float(y.sum())),
    }


def _diagram(groups: list[dict[str, float]]) -> Any:
    """Forecast against observed frequency, both from zero: with few events a group may have none."""
    from allegiance.report.figures.canvas import SOFT, canvas

    x, y, low, high = (100 * np.array([g[k] for g in groups]) for k in ("forecast", "observed", "low", "high"))
    most = 1.1 * float(max(x.max(), high.max()))
    with canvas(4.8, 3.6) as (figure, axes):
        axes.plot([0, most], [0, most], "--", color=SOFT, linewidth=1, label="came true exactly")
        ends = np.maximum([y - low, high - y], 0.0)  # rounding can put an end beyond a frequency of none
        axes.errorbar(x, y, ends, fmt="o", color=BLUE, markersize=6, label="forecasts issued")
        axes.set_xlim(0, most)
        axes.set_ylim(0, most)
        axes.set_xlabel("forecast probability, %")
        axes.set_ylabel("observed frequency, %")
        axes.legend(fontsize=8.5)
    return figure


def _came(entries: list[Any], panel: pl.DataFrame) -> Iterator[tuple[Any, Any]]:
    """For each scored entry the probabilities and whether it happened, both of shape (states,)."""
    from allegiance.forecast.horizons import targets

    month = panel["month"]
    t = (month.dt.year().cast(pl.Int64) * 12 + month.dt.month().cast(pl.Int64) - 1).to_numpy()
    unit = panel["gwcode"].cast(pl.Int64).to_numpy()
    for entry in entries:
        outcome, horizon = entry.key
        here = t == entry.as_of.year * 12 + entry.as_of.month
        seen = panel[outcome].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        came = pl.DataFrame({"gwcode": unit[here], "y": targets(unit, t, seen, horizon)[here]})
        joined = entry.table.with_columns(pl.col("gwcode").cast(pl.Int64)).join(
            came.filter(pl.col("y").is_not_nan()), on="gwcode"
        )
        if joined.height:
            yield joined["probability"].to_numpy(), joined["y"].to_numpy()
