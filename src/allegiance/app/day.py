"""A day in the army: every company of one simulated war, day by day."""

from __future__ import annotations

from typing import Any

from htmltools import Tag, tags

from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context
from allegiance.app.downloads import Kept
from allegiance.app.shell import choice, page, progress
from allegiance.app.talk import Talk

MEMBERS = {str(m): f"war {m + 1}" for m in range(0, 16, 2)}
_LEGEND = (
    ("#9fb4c4", "", "at duty"),
    ("#009e73", "_", "a quarter or more shirking"),
    ("#56b4e9", "/", "refusing"),
    ("#e69f00", "×", "in mutiny"),
    ("#333333", "", "largely gone"),
    ("var(--paper)", "", "not raised"),
)


def render(query: Context, shelf: Catalogue) -> Tag:
    """The page as it is first sent."""
    case = shelf.get(query.get("case", ""), query.options.case)
    legend = [
        tags.li(tags.i(sign, style=f"background:{colour};border-color:#6e6e6e", aria_hidden="true"), label)
        for colour, sign, label in _LEGEND
    ]
    return page(
        "day",
        "A day in the army",
        tags.p(
            "One simulated war, company by company. Each bar is a brigade, each square below it a company. Move through"
            " the days; click a company, or use the arrow keys, to read its story.",
            class_="lead",
        ),
        tags.div(
            choice("case", "Case", shelf.titles(), case.id, go=True),
            choice("member", "Which war", MEMBERS, "0"),
            class_="fields",
        ),
        progress(),
        tags.div(id="answer"),
        tags.div(
            tags.div(
                tags.p(
                    tags.label("Day: ", tags.strong(id="day-date"), for_="day"),
                    tags.input(type="range", id="day", min="0", max="1", value="0"),
                    class_="field wide",
                ),
                tags.fieldset(
                    tags.legend("Colour companies by"),
                    tags.label(tags.input(type="radio", name="colour", id="by-status", checked=""), " what they do"),
                    " ",
                    tags.label(tags.input(type="radio", name="colour"), " grievance (pale to dark)"),
                ),
                tags.ul(*legend, class_="legend"),
                tags.p(id="counts", class_="about"),
                tags.canvas(id="army", tabindex="0", role="img", aria_label="Formation tree"),
                tags.p(id="army-note", class_="about"),
            ),
            tags.div(
                tags.h2("Events"),
                tags.ul(id="events", class_="chips", aria_label="Events, each a day to go to"),
                tags.h2("Company"),
                tags.div(tags.p("None chosen yet."), id="company", aria_live="polite"),
            ),
            class_="army army-grid",
            id="army-box",
            hidden="",
        ),
    )


def serve(talk: Talk, query: Context, shelf: Catalogue, on: Any, kept: Kept) -> None:
    """Play the first war at once, another when `member` names it."""
    case = shelf.get(query.get("case", ""), query.options.case)

    async def answered(found: dict[str, Any], _: Any) -> None:
        await talk.send("army", found)

    async def chosen(member: Any) -> None:
        if member in MEMBERS:
            talk.ask("day", answered, case=case, member=int(member))

    on("member", chosen)
    talk.ask("day", answered, case=case)
