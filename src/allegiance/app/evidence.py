"""Evidence: observed events by country, type and years, when and where, with the dates they became known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from htmltools import HTML, Tag, TagList, tags

from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context
from allegiance.app.downloads import Kept
from allegiance.app.shell import blocks, choice, notice, page, progress
from allegiance.app.talk import Talk
from allegiance.base.errors import AllegianceError
from allegiance.report.page import Table

TYPES = {
    "": "all types",
    "coup": "coup attempts",
    "coup_success": "successful coups",
    "coup_failed": "failed coups",
    "mutiny": "mutinies",
    "defection": "defection",
    "desertion": "desertion",
}
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
            ]
            if has
            else [notice(NO_DATA)]
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
        except (ValueError, AttributeError):
            await talk.send("failed", {"text": "The form could not be read. Reload the page.", "place": "main"})
        except AllegianceError as error:
            await talk.send("failed", {"text": str(error), "place": "main"})

    on("events", ask)
    first: dict[str, Any] = dict(query)
    try:
        talk.ask("events", answered, **wanted(first))
    except AllegianceError:
        talk.ask("events", answered, **wanted({}))


def _answer(result: dict[str, Any]) -> TagList:
    rows = [list(row) for row in result["rows"]]
    columns = ("date", "country", "event", "who", "known on", "source", "note")
    caption = (
        f"The newest {len(rows)} of {result['count']} events." if len(rows) < result["count"] else "All events found."
    )
    return TagList(
        tags.p(f"{result['words']}.", class_="headline", id="found-events"),
        tags.figure(tags.p("When", class_="figtitle"), HTML(result["timeline"]), class_="picture"),
        tags.figure(tags.p("Where", class_="figtitle"), HTML(result["map"]), class_="picture"),
        blocks([Table(columns, rows, caption)]),
        tags.p(
            f"Sources: {', '.join(result['sources'])}. Their licences and dates stand in docs/data.md.", class_="about"
        ),
    )
