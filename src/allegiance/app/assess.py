"""Assess an army: any state and day, drafted from data, played, explained and compared, in one page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from htmltools import Tag, TagList, tags

from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context
from allegiance.app.downloads import Kept
from allegiance.app.evidence import NO_DATA
from allegiance.app.shell import blocks, choice, notice, page, progress
from allegiance.app.talk import Talk
from allegiance.base.errors import AllegianceError

TASKS = {
    "auto": "what it faced on the day", "peace": "nobody: in barracks", "repression": "a crowd",
    "civil": "rebels", "interstate": "another state",
}  # fmt: skip
FIRST = "2012-01-01"


def wanted(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a visitor asks for.

    Raises:
        AllegianceError: no state, no day, or an unknown task.
    """
    given = {"country": "", "day": FIRST, "task": "auto", "against": ""}
    country, day, task, against = (str(fields.get(k) or d).strip()[:60] for k, d in given.items())
    if not country:
        raise AllegianceError("no state was named", "give its name or ISO code, such as Mali or MLI")
    if task not in TASKS:
        raise AllegianceError("no such task is played", f"one of: {', '.join(TASKS)}")
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise AllegianceError(f"'{day}' is not a day", "write it as 2012-01-01") from error
    return {"country": country, "day": day, "task": task, "against": against or None}


def render(query: Context, shelf: Catalogue) -> Tag:
    """The page as it is first sent."""
    del shelf
    form = tags.form(
        _field("country", "State (name or ISO code)", query.get("country", "MLI")),
        _field("day", "Day (YYYY-MM-DD)", query.get("day", FIRST)),
        choice("task", "It faces", TASKS, query.get("task", "auto")),
        _field("against", "Enemy state, if one", query.get("against", "")),
        tags.button("Assess", type="submit", class_="main"),
        class_="fields", data_ask="assess", data_address="1",
    )  # fmt: skip
    return page(
        "assess", "Assess an army",
        tags.p(
            "A first assessment of any state's army on any day since 1946: drafted by rule from public tables, none of"
            " it known only later, played, explained, and set beside statistics and history. A starting point with"
            " wide ranges; it takes a minute.",
            class_="lead",
        ),
        *([form, progress(), tags.div(id="answer")] if query.options.data else [notice(NO_DATA)]),
    )  # fmt: skip


def _field(name: str, label: str, value: str) -> Tag:
    return tags.p(
        tags.label(label, for_=f"f-{name}"), tags.input(type="text", name=name, id=f"f-{name}", value=value),
        class_="field",
    )  # fmt: skip


def serve(talk: Talk, query: Context, shelf: Catalogue, on: Any, kept: Kept) -> None:
    """Answer `assess` (the form as JSON)."""
    del shelf, kept
    if query.options.data is None:
        return

    async def answered(found: Any, _: Any) -> None:
        await talk.send("html", {"target": "answer", "html": str(_answer(found))})

    async def ask(text: Any) -> None:
        try:
            talk.ask("assess", answered, **wanted(json.loads(str(text)[:4000])))
        except (ValueError, AttributeError, RecursionError):
            await talk.send("failed", {"text": "The form could not be read. Reload the page.", "place": "main"})
        except AllegianceError as error:
            await talk.send("failed", {"text": str(error), "place": "main"})

    on("assess", ask)


def _answer(found: Any) -> TagList:
    shown = [found.brief, *(section.blocks for section in found.sections)]
    heads = [found.title, *(section.title for section in found.sections)]
    return TagList(
        *(TagList(tags.h2(head), blocks(part)) for head, part in zip(heads, shown, strict=True)),
        tags.p("At this small scale intervals are wide; allegiance assess plays more worlds.", class_="about"),
    )
