"""Evidence: observed events by country, type and years, when and where, with the dates they became known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from htmltools import HTML, Tag, TagList, tags

from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context
from allegiance.app.downloads import Kept
from allegiance.app.evidence_task import ROWS, SECONDS
from allegiance.app.shell import blocks, choice, notice, page, progress
from allegiance.app.talk import Talk
from allegiance.base.errors import AllegianceError
from allegiance.report.page import Cell, Table

TYPES = {
    "": "all types",
    "coup": "coup attempts",
    "coup_success": "successful coups",
    "coup_failed": "failed coups",
    "mutiny": "mutinies",
    "defection": "defection",
    "desertion": "desertion",
}
WORDS = {"coup_success": "successful coup", "coup_failed": "failed coup", "coup_attempt": "coup attempt"}
EXAMPLE = """select country, count(*) as mutinies
from events where type = 'mutiny'
group by country order by mutinies desc limit 10"""
NO_DATA = (
    "No data folder is at hand. Get the tables with allegiance data get, or start the server with --data and a folder"
    " of standardised tables; docs/data.md says what they hold, under which licence, and where they come from."
)


def wanted(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a visitor asks for.

    Raises:
        AllegianceError: a year that is none, or an unknown type.
    """
    kind = str(fields.get("type", ""))
    if kind not in TYPES:
        raise AllegianceError(f"'{kind[:40]}' is no type of event", f"known: {', '.join(k for k in TYPES if k)}")
    try:
        first, last = (int(str(fields.get(k) or default)[:6]) for k, default in (("from", 1946), ("to", 2030)))
    except ValueError as error:
        raise AllegianceError("a year is a whole number", "write it as 1991") from error
    if not 1800 <= first <= last <= 2100:
        raise AllegianceError(f"{first} to {last} is not a span of years", "the first year comes first, 1800 to 2100")
    return {"country": str(fields.get("country", "")).strip()[:60], "kind": kind, "first": first, "last": last}


def render(query: Context, shelf: Catalogue) -> Tag:
    """The page as it is first sent."""
    from shiny.ui import download_link

    has = query.options.data is not None
    form = tags.form(
        tags.p(
            tags.label("Country", for_="f-country"),
            tags.input(type="text", name="country", id="f-country", value=query.get("country", ""), placeholder="all"),
            class_="field",
        ),
        choice("type", "Type", TYPES, query.get("type", "")),
        *(
            tags.p(
                tags.label(label, for_=f"f-{k}"),
                tags.input(
                    type="number", name=k, id=f"f-{k}", min="1800", max="2100", value=query.get(k, str(default))
                ),
                class_="field",
            )
            for k, label, default in (("from", "From year", 1946), ("to", "To year", 2026))
        ),
        tags.button("Show", type="submit", class_="main"),
        class_="fields",
        data_ask="events",
        data_address="1",
    )
    return page(
        "evidence",
        "Evidence",
        tags.p(
            "Coups, mutinies and the like as sources recorded them. Each row tells when it happened, when it became"
            " known, and who says so.",
            class_="lead",
        ),
        *(
            [
                form,
                progress(),
                tags.div(id="answer"),
                tags.p(download_link("events_csv", "All events found, as CSV"), id="ready", hidden=""),
                _sql_box(query.options.data),
            ]
            if has
            else [notice(NO_DATA)]
        ),
    )


def _sql_box(folder: Path | None) -> Tag:
    paths = sorted(folder.glob("*/*.csv*")) if folder else []
    names = [f"{path.parent.name}/{path.name.split('.')[0]}" for path in paths]
    return tags.section(
        tags.h2("Ask in SQL"),
        tags.p(
            "One SELECT over the table events and the tables below, read-only; no other file is within reach. At most"
            f" {int(SECONDS)} seconds and {ROWS} rows.",
            class_="lead",
        ),
        tags.form(
            tags.label("SQL", for_="f-sql"),
            tags.textarea(EXAMPLE, name="sql", id="f-sql", class_="code", rows="5", data_shiny_no_bind_input=""),
            tags.button("Ask", type="submit", class_="main"),
            data_ask="sql",
            class_="sql",
        ),
        tags.p("", id="sql-status", role="status", class_="about"),
        tags.div(id="sql-answer"),
        tags.details(
            tags.summary(f"{len(names)} tables beside events"), tags.ul(*(tags.li(tags.code(f'"{n}"')) for n in names))
        ),
    )


def serve(talk: Talk, query: Context, shelf: Catalogue, on: Any, kept: Kept) -> None:
    """Answer `events` (the form as JSON)."""
    if query.options.data is None:
        return

    async def answered(result: dict[str, Any], _: Any) -> None:
        kept.table = result["csv"]
        await talk.send("html", {"target": "answer", "html": str(_answer(result))})
        await talk.send("ready", {})

    async def ask(text: Any) -> None:
        try:
            talk.ask("events", answered, **wanted(json.loads(str(text)[:4000])))
        except (ValueError, AttributeError, RecursionError):
            await talk.send("failed", {"text": "The form could not be read. Reload the page.", "place": "main"})
        except AllegianceError as error:
            await talk.send("failed", {"text": str(error), "place": "main"})

    async def told(result: dict[str, Any], _: Any) -> None:
        caption = f"The first {len(result['rows'])} rows." if result["more"] else f"{len(result['rows'])} rows."
        table = blocks([Table(result["columns"], result["rows"], caption)])
        await talk.send("html", {"target": "sql-answer", "html": str(table)})

    async def question(text: Any) -> None:
        try:
            talk.ask("sql", told, "sql", text=str(json.loads(str(text)[:20_000])["sql"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            await talk.send("failed", {"text": "The question could not be read. Reload the page.", "place": "sql"})

    on("sql", question)
    on("events", ask)
    first: dict[str, Any] = dict(query)
    try:
        talk.ask("events", answered, **wanted(first))
    except AllegianceError:
        talk.ask("events", answered, **wanted({}))


def _answer(result: dict[str, Any]) -> TagList:
    rows = [[row[0], row[1], WORDS.get(row[2], row[2]), *row[3:]] for row in result["rows"]]
    columns = ("date", "country", "event", "who", "known on", "source", "note")
    caption = (
        f"The newest {len(rows)} of {result['count']} events." if len(rows) < result["count"] else "All events found."
    )
    words = result["words"]
    return TagList(
        tags.p(f"{words[:1].upper()}{words[1:]}.", class_="headline", id="found-events"),
        tags.div(
            tags.figure(tags.p(result["when"], class_="figtitle"), HTML(result["timeline"]), class_="picture"),
            tags.figure(tags.p(result["where"], class_="figtitle"), HTML(result["map"]), class_="picture map"),
            class_="pictures",
        ),
        blocks([Table(columns, rows, caption), _licences(result["sources"])]),
    )


def _licences(keys: list[str]) -> Table:
    """Who counts, under which licence, and where it comes from."""
    from allegiance.evidence.catalogue import catalogue

    cards = {k: catalogue()[k].card for k in keys if k in catalogue()}
    rows: list[list[Any]] = [
        [Cell(k, None, "", "", card.address), card.counts, card.licence, card.citation] for k, card in cards.items()
    ]
    return Table(("source", "what it counts", "licence", "cite as"), rows, "Sources of these events.", sortable=False)
