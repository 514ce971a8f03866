"""The panel with which every page of a coded case begins: what happened, what the model gave, whether it holds."""

from __future__ import annotations

from typing import Any

from htmltools import Tag, TagList, tags

from allegiance.app.catalogue import Catalogue
from allegiance.app.talk import Talk
from allegiance.cases.schema import Case
from allegiance.report.history import NAMES, inside
from allegiance.report.labels import side_name


def panel(case: Case, shelf: Catalogue) -> Tag:
    """The panel as it is first sent: what happened stands at once, what the model gave follows."""
    found = shelf.all().get(case.id)
    observed = found.observed if found else None
    if observed is None:
        words = "Nothing is coded of what happened here, so that the model cannot be held against it."
        return tags.section(
            tags.p(words, class_="about"),
            tags.div(id="history"),
            tags.p("", id="history-status", role="status", class_="about"),
            class_="beside", aria_label="Beside history",
        )  # fmt: skip
    return tags.section(
        tags.h2(f"Model beside history: {side_name(case, observed.side)}"),
        tags.div(tags.p(observed.note, class_="about"), id="history"),
        tags.p("", id="history-status", role="status", class_="about"),
        class_="beside", aria_label="Model beside history",
    )  # fmt: skip


def serve(talk: Talk, case: Case, shelf: Catalogue) -> None:
    """Ask for the comparison; it arrives beside whatever else the page asks."""
    found = shelf.all().get(case.id)

    async def answered(result: dict[str, Any], _: Any) -> None:
        events = (
            [[e.date.isoformat(), e.side, e.label] for e in found.observed.events] if found and found.observed else []
        )
        await talk.send("html", {"target": "history", "html": str(_answer(result))})
        await talk.send("observed", {"events": events})

    talk.ask("history", answered, "history", case=case)


def _answer(result: dict[str, Any]) -> TagList:
    record = tags.p(result["record"], class_="about") if result["record"] else None
    if not result["rows"]:
        return TagList(record)
    held = all(row[3] for row in result["rows"])
    heads = ("outcome", "what happened", f"what {result['members']} wars gave", "inside")
    rows = [
        tags.tr(
            tags.th(NAMES[outcome], scope="row"), tags.td(happened), tags.td(given),
            tags.td(inside(holds, result["members"]), class_="good" if holds else "bad"),
        )
        for outcome, happened, given, holds in result["rows"]
    ]  # fmt: skip
    table = tags.table(tags.thead(tags.tr(*(tags.th(h, scope="col") for h in heads))), tags.tbody(*rows))
    return TagList(
        tags.p(result["verdict"], class_="headline", id="verdict", data_held=str(held).lower()),
        tags.details(
            tags.summary("Outcome by outcome, and the model's record"),
            tags.div(table, class_="scroll", tabindex="0"),
            record,
            tags.p(result["note"], class_="about"),
        ),
    )
