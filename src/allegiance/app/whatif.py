"""What if: the levers of a case as sliders, the answer beside them, the state in the address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from htmltools import Tag, TagList, tags

from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context
from allegiance.app.downloads import Kept, links, offer
from allegiance.app.levers import Lever, levers, settings
from allegiance.app.meaning import meaning, sure
from allegiance.app.shell import blocks, choice, notice, page, progress
from allegiance.app.talk import Talk
from allegiance.base.errors import AllegianceError
from allegiance.cases.paths import with_values
from allegiance.cases.schema import Case
from allegiance.cases.walk import Value
from allegiance.report.effects_text import effect
from allegiance.report.labels import ordered, side_name
from allegiance.report.page import Cell, Table

DEFAULT = "russia-ukraine-2022"
_UNITS = {"percentage points": "%"}
"""Units of the levels, where a difference is told in another."""


def wanted(case: Case, query: Mapping[str, str]) -> tuple[dict[str, Value], str]:
    """Settings that an address asks for (`set=path=value;path=value`), and what is wrong with it if anything."""
    asked = dict(part.split("=", 1) for part in query.get("set", "").split(";") if "=" in part)
    try:
        return settings(case, asked), ""
    except AllegianceError as error:
        return {}, f"The address asks for something this case does not have. {error}"


def render(query: Context, shelf: Catalogue) -> Tag:
    """The page as it is first sent, sliders as the address says."""
    case = shelf.get(query.get("case", ""), DEFAULT)
    values, wrong = wanted(case, query)
    sides = {s: side_name(case, s) for s in ordered(case)}
    side = query.get("side", "") if query.get("side") in sides else next(iter(sides))
    return page(
        "whatif",
        "What if?",
        tags.p(
            "Move a lever. The same wars are played again with the same luck, so that a difference is due to the"
            " lever; the first answer rests on 4 pairs of wars, the last on 32.",
            class_="lead",
        ),
        tags.div(
            choice("case", "Case", shelf.titles(), case.id, go=True),
            choice("side", "Levers and curves of", sides, side),
            class_="fields",
        ),
        notice(wrong) if wrong else None,
        tags.div(
            tags.section(
                tags.h2("Levers"),
                *_panels(levers(case), values, side, case),
                tags.button("Put all levers back", type="button", id="reset"),
                class_="levers",
                id="levers",
                aria_label="Levers",
            ),
            tags.section(
                tags.h2("Answer"),
                progress(),
                tags.div(id="answer"),
                tags.div(id="charts", class_="charts"),
                links("Prepare report and bundle (16 pairs)", with_case=True),
                aria_label="Answer",
            ),
            class_="split",
            data_case=case.id,
        ),
    )


def _panels(known: list[Lever], values: Mapping[str, Value], side: str, case: Case) -> list[Tag]:
    panels = []
    order = list(dict.fromkeys(lever.group for lever in known))
    ranked = sorted(known, key=lambda lever: (order.index(lever.group), lever.side))
    first = {"Want and pay"}
    for group, members in groupby(ranked, key=lambda lever: lever.group):
        rows = [_row(lever, values, side) for lever in members]
        moved = any(lever.path in values for lever in known if lever.group == group)
        panels.append(tags.details(tags.summary(group), *rows, open="" if group in first or moved else None))
    return panels


def _row(lever: Lever, values: Mapping[str, Value], side: str) -> Tag:
    name = f"lever-{lever.path.replace('.', '-')}"
    now = float(values.get(lever.path, lever.value))
    about = f"Case: {lever.about}"
    if lever.plausible:
        about += f" Plausible: {lever.plausible[0]:,.6g} to {lever.plausible[1]:,.6g}."
    shared = dict(id=name, data_path=lever.path, data_value=f"{lever.value:.10g}", aria_describedby=f"{name}-about")
    if lever.switch:
        control: TagList = TagList(
            tags.label(
                tags.input(type="checkbox", checked="" if now else None, **shared), " ", lever.label, class_="switch"
            )
        )
    else:
        control = TagList(
            tags.label(lever.label, for_=name),
            tags.output(f"{now:,.6g}", for_=name),
            tags.input(
                type="range",
                min=f"{lever.low:.10g}",
                max=f"{lever.high:.10g}",
                step=f"{lever.step:.10g}",
                value=f"{now:.10g}",
                **shared,
            ),
        )
    return tags.div(
        control,
        tags.p(about, id=f"{name}-about", class_="about"),
        class_="lever",
        data_side=lever.side,
        hidden="" if lever.side not in ("", side) else None,
    )


def serve(talk: Talk, query: Context, shelf: Catalogue, on: Any, kept: Kept) -> None:
    """Answer the page's messages: `levers` (moved sliders as JSON) and `prepare` (report and bundle)."""
    case = shelf.get(query.get("case", ""), DEFAULT)
    state: dict[str, dict[str, Value]] = {"values": wanted(case, query)[0]}
    kept.case = lambda: (case.id, with_values(case, state["values"]))

    async def answered(result: dict[str, Any], _: Any) -> None:
        await talk.send("html", {"target": "answer", "html": str(answer(case, result))})
        await talk.send("curves", {k: result[k] for k in ("curves", "start", "pairs", "changed")})

    def ask() -> None:
        talk.ask("whatif", answered, case=case, values=state["values"])

    async def moved(text: Any) -> None:
        try:
            state["values"] = settings(case, _read(text))
            with_values(case, state["values"])
        except AllegianceError as error:
            await talk.send("failed", {"text": str(error), "place": "main"})
            return
        ask()

    on("levers", moved)
    offer(talk, on, kept, lambda: ("whatif_report", {"case": case, "values": state["values"]}))
    ask()


def _read(text: Any) -> dict[str, object]:
    try:
        found = json.loads(str(text)[:20_000])
    except ValueError as error:
        raise AllegianceError("the page sent something that is not a list of levers", "reload the page") from error
    if not isinstance(found, dict):
        raise AllegianceError("the page sent something that is not a list of levers", "reload the page")
    return found


def answer(case: Case, result: dict[str, Any]) -> TagList:
    """The answer so far: two sentences and the table of differences."""
    if not result["changed"]:
        said: Any = tags.p("All levers stand as in the case: this is the baseline. Move one.", class_="headline")
    else:
        first, second = meaning(case, result["rows"], result["pairs"])
        said = tags.div(
            tags.h3("What it means for the war"), tags.p(f"{first} {second}", class_="headline", id="meaning")
        )
    return TagList(said, blocks([_table(case, result)]))


def _table(case: Case, result: dict[str, Any]) -> Table:
    rows: list[list[Any]] = []
    for r in result["rows"]:
        of = side_name(case, r["side"]) if r["side"] else "the war"
        size = effect(r["difference"], r["low"], r["high"], r["unit"])
        change = Cell(size, r["difference"], "" if sure(r) else "muted") if result["changed"] else None
        rows.append(
            [
                Cell(f"{r['label']}", title=r["key"]),
                of,
                _UNITS.get(r["unit"], r["unit"]),
                r["baseline"],
                r["changed"],
                change,
            ]
        )
    columns = ("outcome", "of", "unit", "baseline", "what if", "difference (90 % interval)")
    caption = f"Means over {result['pairs']} of {result['of']} pairs of simulated wars and their paired difference."
    note = (
        "Grey: the interval includes zero. Probabilities (pp) are means of 0 and 100 over wars. 90 % t intervals over"
        " draws of the parameters."
    )
    return Table(columns, rows, caption, note)
