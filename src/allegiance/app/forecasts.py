"""Forecasts: a map and a table of every state, one country's reasons and history, and the ledger of past forecasts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from htmltools import HTML, Tag, TagList, tags

from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context
from allegiance.app.downloads import Kept
from allegiance.app.evidence import NO_DATA
from allegiance.app.shell import blocks, choice, notice, page, progress
from allegiance.app.talk import Talk
from allegiance.base.errors import AllegianceError
from allegiance.report.labels import percent
from allegiance.report.page import Cell, Table

OUTCOMES = {
    "coup_attempt": "coup attempt",
    "coup_success": "successful coup",
    "coup_failed": "failed coup",
    "mutiny": "mutiny",
}
HORIZONS = {"1": "1 month", "3": "3 months", "6": "6 months", "12": "12 months"}
LAST = "2019-12"
"""The last month that the standard tables cover."""


def wanted(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a visitor asks for.

    Raises:
        AllegianceError: an unknown outcome or horizon, or a month that is none.
    """
    outcome, horizon, month = (
        str(fields.get(k) or d)[:20] for k, d in (("outcome", "coup_attempt"), ("horizon", "12"), ("month", LAST))
    )
    if outcome not in OUTCOMES or horizon not in HORIZONS:
        raise AllegianceError("no such forecast is made", f"outcomes: {', '.join(OUTCOMES)}; horizons: 1, 3, 6, 12")
    try:
        as_of = date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise AllegianceError(f"'{month}' is not a month", "write it as YYYY-MM, such as 2019-12") from error
    return {"outcome": outcome, "horizon": int(horizon), "as_of": as_of}


def render(query: Context, shelf: Catalogue) -> Tag:
    """The page as it is first sent."""
    options = query.options
    form = tags.form(
        choice("outcome", "Of", OUTCOMES, query.get("outcome", "coup_attempt")),
        choice("horizon", "Within", HORIZONS, query.get("horizon", "12")),
        tags.p(
            tags.label("As of the end of (YYYY-MM)", for_="f-month"),
            tags.input(
                type="text", name="month", id="f-month", pattern="[0-9]{4}-[0-9]{2}", value=query.get("month", LAST)
            ),
            class_="field",
        ),
        tags.p(
            tags.label("Country", for_="f-country"),
            tags.input(type="text", name="country", id="f-country", value=query.get("country", ""), placeholder="all"),
            class_="field",
        ),
        tags.button("Forecast", type="submit", class_="main"),
        class_="fields",
        data_ask="forecast",
        data_address="1",
    )
    return page(
        "forecasts",
        "Forecasts",
        tags.p(
            "The chance of an event in every state, made only from what was public at the time. Learning takes a"
            " minute or more the first time a month is asked for.",
            class_="lead",
        ),
        *([form, progress(), tags.div(id="answer")] if options.data else [notice(NO_DATA)]),
        tags.section(tags.h2("Ledger of forecasts issued"), ledger(options.ledger)),
    )


def serve(talk: Talk, query: Context, shelf: Catalogue, on: Any, kept: Kept) -> None:
    """Answer `forecast` (the form as JSON)."""
    if query.options.data is None:
        return

    async def ask(text: Any) -> None:
        try:
            fields = json.loads(str(text)[:4000])
            country = str(fields.get("country", "")).strip()[:60]

            async def answered(result: dict[str, Any], _: Any) -> None:
                await talk.send("html", {"target": "answer", "html": str(_answer(result, country))})

            talk.ask("forecast", answered, **wanted(fields))
        except (ValueError, AttributeError):
            await talk.send("failed", {"text": "The form could not be read. Reload the page.", "place": "main"})
        except AllegianceError as error:
            await talk.send("failed", {"text": str(error), "place": "main"})

    on("forecast", ask)


def _answer(result: dict[str, Any], country: str) -> TagList:
    rows = result["rows"]
    picked = (
        [r for r in rows if country.lower() in (r["country"].lower(), (r["iso3"] or "").lower())] if country else []
    )
    table = [
        [
            Cell(r["country"]),
            Cell(percent(r["probability"]), r["probability"]),
            Cell(f"{percent(r['low'])} to {percent(r['high'])}", r["low"]),
            Cell(percent(r["climatology"]), r["climatology"]),
            r["reasons"],
        ]
        for r in rows
    ]
    columns = ("country", "probability", "90 % interval", "history alone", "what pushes it")
    missing = tags.p(f"No state '{country}' in this forecast.", class_="warn") if country and not picked else None
    return TagList(
        tags.p(
            f"{result['words'][:1].upper()}{result['words'][1:]}: {result['expected']:.1f} states expected to see it.",
            class_="headline",
        ),
        *(_country(r, rows) for r in picked),
        missing,
        tags.figure(HTML(result["map"]), class_="picture"),
        blocks([Table(columns, table, "Every state, from the highest probability.")]),
    )


def _country(row: dict[str, Any], rows: list[dict[str, Any]]) -> Tag:
    rank = 1 + sum(r["probability"] > row["probability"] for r in rows)
    return tags.section(
        tags.h2(f"Why is {row['country']} at {percent(row['probability'])}?"),
        tags.p(
            f"Rank {rank} of {len(rows)}; 90 % interval {percent(row['low'])} to {percent(row['high'])}; its history"
            f" alone gives {percent(row['climatology'])}."
        ),
        tags.p(f"What pushes it: {row['reasons']}"),
        tags.p(
            tags.a("Its observed coups and mutinies", href=f"?page=evidence&country={row['iso3'] or row['country']}")
        ),
    )


def ledger(folder: Path | None) -> Tag | TagList:
    """The forecasts issued so far; each is frozen and checked against its hash."""
    if folder is None:
        return tags.p("None: start the server with --ledger and the folder of issued forecasts.", class_="lead")
    from allegiance.forecast.ledger import read

    try:
        entries = read(folder)
    except AllegianceError as error:
        return notice(str(error), "bad")
    rows: list[list[Any]] = [
        [
            e.as_of.strftime("%Y-%m"),
            OUTCOMES.get(e.key[0], e.key[0]),
            str(e.key[1]),
            e.table.height,
            float(e.table["probability"].sum()),
            str(e.content["issued"])[:10],
            e.path.name,
        ]
        for e in entries
    ]
    columns = ("as of", "outcome", "months", "states", "expected events", "issued", "file")
    return TagList(blocks([Table(columns, rows, f"{len(rows)} forecasts, none changed since it was issued.")]))
