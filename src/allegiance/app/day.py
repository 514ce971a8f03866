"""The war desk: one simulated war by day, its front and troops, its formations, its events, and why a brigade broke."""

from __future__ import annotations

from typing import Any

from htmltools import Tag, tags

from allegiance.app import beside
from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context
from allegiance.app.downloads import Kept
from allegiance.app.shell import choice, page, progress
from allegiance.app.talk import Talk

MEMBERS = {str(m): f"war {m + 1} of the report" for m in range(8)}
_LEGEND = (
    ("#9fb4c4", "", "at duty"),
    ("#009e73", "_", "a quarter or more shirking"),
    ("#56b4e9", "/", "refusing"),
    ("#e69f00", "×", "in mutiny"),
    ("#7b5ea7", "", "largely gone"),
    ("var(--paper)", "", "not raised"),
)


def render(query: Context, shelf: Catalogue) -> Tag:
    """The page as it is first sent."""
    case = shelf.get(query.get("case", ""), query.options.case)
    return page(
        "day",
        "War desk",
        tags.p(
            "One simulated war by day: where the front and the troops are, what every formation does, what happens."
            " Press Play or move the day; click a brigade to read what it lived through and why.",
            class_="lead",
        ),
        tags.div(
            choice("case", "Case", shelf.titles(case), case.id, go=True),
            choice("member", "Which war", MEMBERS, "0"),
            class_="fields",
        ),
        beside.panel(case, shelf),
        progress(),
        tags.div(id="answer"),
        tags.div(_day(), tags.div(_drawings(), _texts(), class_="army-grid"), class_="army", id="army-box", hidden=""),
    )


def _day() -> Tag:
    return tags.div(
        tags.button("Play", type="button", id="play", class_="main", aria_pressed="false"),
        tags.p(
            tags.label("Day: ", tags.strong(id="day-date"), for_="day"),
            tags.input(type="range", id="day", min="0", max="1", value="0"),
            class_="field wide",
        ),
        class_="desk-day",
    )


def _drawings() -> Tag:
    legend = [
        tags.li(tags.i(sign, style=f"background:{colour};border-color:#6e6e6e", aria_hidden="true"), label)
        for colour, sign, label in _LEGEND
    ]
    return tags.div(
        tags.figure(
            tags.p("Front and troops", class_="figtitle"),
            tags.figcaption("Front and troops by area, on the day shown."), id="map", class_="picture",
        ),
        tags.figure(
            tags.p("Formations", class_="figtitle"),
            tags.figcaption("Formations: side, force, brigade; each brigade split by what its companies do."),
            id="icicle", class_="picture",
        ),
        tags.ul(*legend, class_="legend"),
        tags.p(id="counts", class_="about"),
        tags.details(
            tags.summary("Every company"),
            tags.fieldset(
                tags.legend("Colour companies by"),
                tags.label(tags.input(type="radio", name="colour", id="by-status", checked=""), " what they do"),
                " ",
                tags.label(tags.input(type="radio", name="colour"), " grievance (pale 0 to dark 2)"),
            ),
            tags.p("The bar above the companies of a brigade is its mean grievance, pale 0 to dark 2.", class_="about"),
            tags.canvas(id="army", tabindex="0", role="img", aria_label="Formation tree"),
            id="companies",
        ),
        tags.p(id="army-note", class_="about"),
    )  # fmt: skip


def _texts() -> Tag:
    return tags.div(
        tags.h2("Why did a brigade break?"),
        tags.p(tags.button("Go to the first that broke", type="button", id="first-broken"), class_="takeaway"),
        tags.p("", id="brigade-status", role="status", class_="about"),
        tags.div(tags.p("Click a brigade of the drawing, or move to it with the arrow keys."), id="brigade",
                 aria_live="polite"),
        tags.h2("Events"),
        tags.p(tags.label("Show", for_="f-events"), tags.select(id="f-events"), class_="field"),
        tags.ul(id="events", class_="chips", aria_label="Events, each a day to go to"),
        tags.h2("Company"),
        tags.div(tags.p("None chosen yet."), id="company", aria_live="polite"),
    )  # fmt: skip


def serve(talk: Talk, query: Context, shelf: Catalogue, on: Any, kept: Kept) -> None:
    """Play the first war at once, another when `member` names it; answer `brigade` (its row) with its causes."""
    del kept
    case = shelf.get(query.get("case", ""), query.options.case)
    state = {"member": 0}

    async def answered(found: dict[str, Any], _: Any) -> None:
        await talk.send("army", found)

    async def chosen(member: Any) -> None:
        if member in MEMBERS:
            state["member"] = int(member)
            talk.ask("day", answered, case=case, member=int(member))

    async def told(found: dict[str, Any], _: Any) -> None:
        await talk.send("brigade", found)

    async def asked(brigade: Any) -> None:
        if isinstance(brigade, int) and not isinstance(brigade, bool):
            talk.ask("why_brigade", told, "brigade", case=case, member=state["member"], brigade=brigade)

    on("member", chosen)
    on("brigade", asked)
    talk.ask("day", answered, case=case)
    beside.serve(talk, case, shelf)
