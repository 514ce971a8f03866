"""The home page: three doors. Look at the world, explore a war, assess an army."""

from __future__ import annotations

from typing import Any

from htmltools import HTML, Tag, TagList, tags

from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context
from allegiance.app.downloads import Kept
from allegiance.app.look_task import NEWEST
from allegiance.app.shell import blocks, choice, page, progress
from allegiance.app.talk import Talk
from allegiance.report.labels import percent
from allegiance.report.page import Cell, Table

OUTCOMES = {"coup_attempt": "a coup attempt", "mutiny": "a mutiny"}
LOOKS = (
    ("Coup attempts: map and largest changes", "?outcome=coup_attempt#look"),
    ("Mutinies: map and largest changes", "?outcome=mutiny#look"),
    ("One state: its record, its reasons, and what if", "?page=forecasts"),
    ("What was observed of it: coups, mutinies, protest", "?page=evidence"),
)
"""What can be looked at, and where."""
FEATURED = ("united-kingdom-falklands-1982", "russia-ukraine-2022", "france-1917", "syria-2011", "sudan-2019")
"""Cases named at the door; the library has all."""


def render(query: Context, shelf: Catalogue) -> Tag:
    """The page as it is first sent: it answers at once, whatever is still being read."""
    first = [query.options.case, *(name for name in FEATURED if name != query.options.case)][:5]
    named = {name: shelf.get(name, name).title for name in first}
    wars = [tags.li(tags.a(words, href=f"?page=cases&case={name}")) for name, words in named.items()]
    doors = tags.ul(
        _door("Look", "Which states risk coups and mutinies, and where did that change most?", "#look",
              "See the map", tags.ul(*(tags.li(tags.a(words, href=href)) for words, href in LOOKS))),
        _door("Explore a war", "What happened, what the model makes of it, and what would have changed it.",
              "?page=cases", "Open the library", tags.ul(*wars)),
        _door("Assess an army", "Any state on any day: drafted from data, played, explained, in minutes; or a war of"
              " your own by a dozen questions.", "?page=assess", "Assess a state's army",
              tags.p(tags.a("Write a war of your own", href="?page=yours"))),
        class_="cards doors",
    )  # fmt: skip
    return page(
        "home",
        "Will the army obey?",
        tags.p(
            "Soldiers refuse, shirk, desert, mutiny and depose. Allegiance plays wars out soldier by soldier, many"
            " times, and says how likely each is, why, and what would change it; beside what happened in 34 wars.",
            class_="lead",
        ),
        doors,
        _look(query),
    )


def _door(title: str, words: str, href: str, go: str, more: Any) -> Tag:
    link = tags.p(tags.a(go, href=href, class_="door"), class_="go")
    return tags.li(tags.h2(title), tags.p(words), more, link, class_="card")


def _look(query: Context) -> Tag:
    outcome = query.get("outcome", "") if query.get("outcome") in OUTCOMES else "coup_attempt"
    at_hand = query.options.data or query.options.ledger
    told = (
        "No forecasts are at hand: start the server with --data DIR (tables, see allegiance data get) or --ledger DIR"
        " (forecasts issued). The other two doors need neither."
    )
    body: list[Any] = [
        tags.div(
            choice("outcome", "Risk of", OUTCOMES, outcome, go=True),
            choice("region", "Region", {"": "the world"}, ""),
            class_="fields",
        ),
        progress(),
        tags.div(id="answer"),
    ]
    return tags.section(
        tags.h2("Look: the world's armies"),
        *(body if at_hand else [tags.p(told, class_="about"), tags.div(id="answer")]),
        tags.div(id="drafted"),
        id="look",
    )


def serve(talk: Talk, query: Context, shelf: Catalogue, on: Any, kept: Kept) -> None:
    """Show the newest forecast at once if there is one; make one when `make` asks for it."""
    del shelf, kept
    outcome = query.get("outcome", "") if query.get("outcome") in NEWEST else "coup_attempt"

    async def answered(found: dict[str, Any], _: Any) -> None:
        await talk.send("html", {"target": "answer", "html": str(_answer(found))})

    async def world(found: dict[str, Any], _: Any) -> None:
        await talk.send("html", {"target": "drafted", "html": str(_drafted(found))})

    async def make(_: Any) -> None:
        talk.ask("look", answered, outcome=outcome, make=True)

    if query.options.data or query.options.ledger:
        on("make", make)
        talk.ask("look", answered, outcome=outcome)
    if query.options.world:
        talk.ask("drafted", world, "drafted")


def _answer(found: dict[str, Any]) -> TagList:
    if found.get("missing"):
        return TagList(
            tags.p("No forecast is at hand yet. Making two, a year apart, takes some minutes; they are kept."),
            tags.button("Make the map", type="button", class_="main", data_send="make"),
        )
    table = [_row(r, found) for r in found["rows"]]
    columns = ("state", "region", "probability", "90 % interval", "a year before", "change")
    return TagList(
        tags.p("", id="region-top", class_="headline", role="status"),
        tags.figure(
            tags.p(found["title"], class_="figtitle"),
            HTML(found["map"]),
            tags.figcaption(f"Forecast from data, {found['source']}; darker is likelier, on a log scale."),
            class_="picture map",
        ),
        tags.h3("Watch list: the largest changes"),
        blocks([Table(columns, [_row(r, found) for r in found["watch"]], "The ten largest changes, up or down.")])
        if found["watch"]
        else tags.p("There is no earlier forecast to compare with.", class_="about"),
        tags.details(
            tags.summary(f"All {len(table)} states"),
            blocks([Table(columns, table, "Every state, from the highest probability.")]),
            id="all-states",
        ),
    )


def _row(r: dict[str, Any], found: dict[str, Any]) -> list[Any]:
    month = found["as_of"][:7]
    why = f"?page=forecasts&country={r['iso3'] or r['country']}&outcome={found['outcome']}&month={month}&horizon=12"
    change = "–" if r["change"] is None else f"{100 * r['change']:+.1f} points".replace("-", "−")
    return [
        Cell(r["country"], href=why), r["region"], Cell(percent(r["probability"]), r["probability"]),
        Cell(f"{percent(r['low'])} to {percent(r['high'])}", r["low"]),
        Cell("–" if r["was"] is None else percent(r["was"]), r["was"] or 0.0), Cell(change, r["change"] or 0.0),
    ]  # fmt: skip


def _drafted(found: dict[str, Any]) -> TagList:
    rows = [
        [r["country"], r["region"], r["task"], Cell(percent(r["mutiny"]), r["mutiny"]),
         Cell(percent(r["coup_attempt"]), r["coup_attempt"])]
        for r in found["rows"]
    ]  # fmt: skip
    top = found["rows"][0]
    return TagList(
        tags.h3("Drafted armies, played"),
        tags.figure(
            tags.p(f"{top['country']}: a mutiny in {percent(top['mutiny'])} of simulated worlds of {found['year']}",
                   class_="figtitle"),
            HTML(found["map"]),
            tags.figcaption(f"Armies drafted from data by rule, {found['members']} worlds each; not scored yet."),
            class_="picture map",
        ),
        blocks([Table(("state", "region", "faces", "mutiny", "coup attempt"), rows, "The ten highest.")]),
    )  # fmt: skip
