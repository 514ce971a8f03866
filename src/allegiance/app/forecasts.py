"""Forecasts: a map and a table of every state, one country's reasons and history, and the ledger of past forecasts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from htmltools import HTML, Tag, TagList, tags

from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context
from allegiance.app.downloads import Kept
from allegiance.app.evidence import NO_DATA
from allegiance.app.forecast_task import ledger_entries
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
EVENTS = {
    "": "nothing else changed",
    "leader-falls": "the leader fell",
    "civil-war": "a civil war killed 1,000 a year",
    "neighbour-coup": "a neighbour had a coup",
}
"""Scenarios of the form, in the words of `forecast.scenario`."""
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
    asked = {"outcome": outcome, "horizon": int(horizon), "as_of": as_of}
    what = _what_if(fields)
    return asked | ({"what_if": what} if what else {})


def _what_if(fields: Mapping[str, Any]) -> list[str]:
    """The scenario set with the sliders, in the words of the command line; empty if all stand at neutral.

    Raises:
        AllegianceError: the factor is no number or out of range.
    """
    from allegiance.forecast.scenario import parse

    factor = str(fields.get("protests") or "1")[:20]
    what = [f"protests={factor}"] if factor != "1" else []
    what += [name for name in ("leader-falls", "civil-war", "neighbour-coup") if str(fields.get("event") or "") == name]
    for text in what:
        parse(text)
    return what


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
        tags.p(
            tags.label("If protests there were multiplied by (0.25 to 4; 1: as they are)", for_="f-protests"),
            tags.input(type="range", name="protests", id="f-protests", min="0.25", max="4", step="0.25",
                       value=query.get("protests", "1")),
            class_="field",
        ),
        choice("event", "And if", EVENTS, query.get("event", "")),
        tags.button("Forecast", type="submit", class_="main"),
        class_="fields",
        data_ask="forecast",
        data_address="1",
    )
    return page(
        "forecasts",
        "Forecasts",
        tags.p(
            "The chance of an event in every state, made only from what was public at the time. A forecast in the"
            " ledger is shown at once; fitting a new one, with its reasons, takes about half a minute the first time.",
            class_="lead",
        ),
        *([form, progress(), tags.div(id="answer")] if options.data else [notice(NO_DATA)]),
        tags.section(
            tags.h2("Ledger: forecasts issued, and what came of them"),
            tags.p("", id="ledger-status", role="status", class_="about"),
            tags.div(ledger(options.ledger), id="ledger"),
        ),
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

            talk.ask("forecast", answered, country=country, **wanted(fields))
        except (ValueError, AttributeError, RecursionError):
            await talk.send("failed", {"text": "The form could not be read. Reload the page.", "place": "main"})
        except AllegianceError as error:
            await talk.send("failed", {"text": str(error), "place": "main"})

    async def scored(result: dict[str, Any], _: Any) -> None:
        await talk.send("html", {"target": "ledger", "html": str(_scored(result))})

    async def shown(result: dict[str, Any], _: Any) -> None:
        await talk.send("html", {"target": "answer", "html": str(_answer(result, first))})

    on("forecast", ask)
    first = query.get("country", "").strip()[:60]
    if query.options.ledger is not None:
        # what the form asks as it is first sent: the month counts if the address names one
        with suppress(AllegianceError):
            asked = wanted({name: query.get(name, "") for name in ("outcome", "horizon", "month")})
            month = asked["as_of"] if query.get("month") else None
            talk.ask("issued", shown, outcome=asked["outcome"], horizon=asked["horizon"], as_of=month, country=first)
        talk.ask("ledger", scored, "ledger")


def _answer(result: dict[str, Any], country: str) -> TagList:
    rows = result["rows"]
    table = [
        [
            Cell(r["country"]),
            Cell(percent(r["probability"]), r["probability"]),
            Cell(f"{percent(r['low'])} to {percent(r['high'])}", r["low"]),
            *([r["reasons"]] if result["learnt"] else []),
        ]
        for r in rows
    ]
    columns = ("country", "probability", "90 % interval", *(["main reasons"] if result["learnt"] else []))
    missing = tags.p(f"No state '{country}' in this forecast.", class_="warn")
    top = rows[0]
    frozen = f"As issued on {result['issued']} and frozen in the ledger. " if result.get("issued") else ""
    return TagList(
        tags.p(
            f"{result['words'][:1].upper()}{result['words'][1:]}: {result['expected']:.1f} states are expected to see"
            f" one. {top['country']} is highest at {percent(top['probability'])} ({percent(top['low'])} to"
            f" {percent(top['high'])}); a state picked at random stands at {percent(top['climatology'])}, the world's"
            " rate of the 15 years before.",
            class_="headline",
        ),
        tags.p(f"{frozen}Intervals are those of the probability, not of the outcome.", class_="about"),
        *(_country(p, rows, result["learnt"]) for p in result["picked"]),
        missing if country and not result["picked"] else None,
        tags.figure(tags.p(result["where"], class_="figtitle"), HTML(result["map"]), class_="picture map"),
        blocks([Table(columns, table, "Every state, from the highest probability.")]),
    )


def _country(picked: dict[str, Any], rows: list[dict[str, Any]], learnt: bool) -> Tag:
    row = picked["row"]
    rank = 1 + sum(r["probability"] > row["probability"] for r in rows)
    why = tags.p("Its reasons: press Forecast, and the models are fitted again.", class_="about")
    if learnt:
        why = tags.figure(
            tags.p(picked["reason"], class_="figtitle"),
            HTML(picked["why"]),
            tags.figcaption("Associations in one of the combined models, not causes."),
            class_="picture",
        )
    said = TagList(
        tags.p(tags.strong("What is so there: "), "; ".join(row["facts"]) + ".") if row.get("facts") else None,
        *(
            tags.p(
                tags.strong(f"If {words}: "),
                f"{percent(p)}, by the ridge logit: what usually goes with such a change, not what it would bring.",
            )
            for words, p in picked.get("scenarios", [])
        ),
        _past(picked.get("record", [])),
    )
    history: Any = tags.p("No coup or mutiny is on record before this forecast.")
    if picked["events"]:
        more = f"The newest {len(picked['events'])} of {picked['count']}" if picked["count"] > 40 else "All"
        history = TagList(
            tags.figure(tags.p(picked["when"], class_="figtitle"), HTML(picked["timeline"]), class_="picture"),
            tags.details(
                tags.summary(f"{picked['count']} events"),
                blocks([Table(("date", "event", "source"), _read(picked["events"]), f"{more} events known then.")]),
            ),
        )
    return tags.section(
        tags.h2(f"Why is {row['country']} at {percent(row['probability'])}?"),
        tags.p(
            f"Rank {rank} of {len(rows)}; 90 % interval {percent(row['low'])} to {percent(row['high'])}; the world's"
            f" rate is {percent(row['climatology'])}. ",
            tags.a("All observed events", href=f"?page=evidence&country={row['iso3'] or row['country']}"),
        ),
        said,
        tags.div(tags.div(why), tags.div(history), class_="pictures" if learnt else None),
        class_="country",
    )


def _past(record: list[list[Any]]) -> Any:
    """What the ledger forecast for the state, and what came."""
    if not record:
        return None
    rows = [[r[0], OUTCOMES.get(r[1], r[1]), r[2], Cell(percent(r[3]), r[3]), r[4]] for r in record]
    columns = ("as of", "outcome", "months", "forecast", "came")
    return tags.details(
        tags.summary(f"The record: {len(rows)} forecasts issued for it"),
        blocks([Table(columns, rows, "Past forecasts of this ledger for the state, and what came.")]),
    )


def _read(rows: list[list[str]]) -> list[list[str]]:
    return [[d, e.replace("_", " "), s] for d, e, s in rows]


def _scored(result: dict[str, Any]) -> TagList:
    """The ledger with the scores of forecasts whose time is over, and the reliability diagram if events suffice."""
    rows: list[list[Any]] = [
        [
            r["as_of"].strftime("%Y-%m"),
            OUTCOMES.get(r["outcome"], r["outcome"]),
            r["horizon"],
            Cell(f"{r['expected']:.1f}", r["expected"]),
            r["events"],
            _better(r, "brier"),
            _better(r, "log"),
            issued if r["state"] == "scored" else f"{issued}; {r['state']}",
        ]
        for r, (issued, _) in zip(result["rows"], result["files"], strict=True)
    ]
    columns = ("as of", "outcome", "months", "expected", "happened", "Brier score", "log score", "issued")
    note = (
        "Lower scores are better; in brackets the score of the world's rate. None has been changed since it was issued."
    )
    caption = f"{len(rows)} forecast{'s' if len(rows) != 1 else ''} issued."
    told = f"Whether such probabilities came true: {result['said']}"
    return TagList(
        blocks([Table(columns, rows, caption, note)]),
        tags.figure(
            tags.p(result["came"], class_="figtitle"),
            HTML(result["reliability"]),
            tags.figcaption(told),
            class_="picture small",
        )
        if result["reliability"]
        else tags.p("Too few events have come true for a reliability diagram.", class_="about"),
    )


def _better(row: dict[str, Any], name: str) -> Cell:
    if row[name] is None:
        return Cell("–")
    ours, base = row[name], row[f"{name}_climatology"]
    return Cell(f"{ours:.3g} ({base:.3g})", ours, "good" if ours < base else "bad")


def ledger(folder: Path | None) -> Tag | TagList:
    """The forecasts issued so far; each is frozen and checked against its hash."""
    if folder is None:
        return tags.p("No forecast has been issued on this server yet.", class_="lead")
    try:
        entries = ledger_entries(folder)
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
    return TagList(blocks([Table(columns, rows, "Forecasts issued; none has been changed since.")]))
