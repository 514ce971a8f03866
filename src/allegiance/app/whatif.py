"""What if: the levers of a case as sliders, the answer beside them, the state in the address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from htmltools import Tag, TagList, tags

from allegiance.app import beside
from allegiance.app.answers import answer, pinned
from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context
from allegiance.app.downloads import Kept, links, offer
from allegiance.app.levers import Lever, levers, standing, written
from allegiance.app.scenario import LETTERS, Scenario, parse, scenario
from allegiance.app.shell import choice, notice, page, progress
from allegiance.app.talk import Talk
from allegiance.base.errors import AllegianceError
from allegiance.cases.paths import with_values
from allegiance.cases.schema import Case
from allegiance.cases.walk import Value
from allegiance.report.labels import ordered, side_name


def wanted(case: Case, text: str) -> tuple[Scenario, str]:
    """The scenario that an address asks for (`set=path=value;path=value`), and what is wrong with it if anything."""
    try:
        return scenario(case, parse(text)), ""
    except AllegianceError as error:
        return Scenario(), f"The address asks for something this case does not have. {error}"


def render(query: Context, shelf: Catalogue) -> Tag:
    """The page as it is first sent, sliders as the address says."""
    case = shelf.get(query.get("case", ""), query.options.case)
    asked, wrong = wanted(case, query.get("set", ""))
    presets = {"": "none", **{name: c.label for name, c in case.counterfactuals.items()}}
    sides = {s: side_name(case, s) for s in ordered(case)}
    side = query.get("side", "") if query.get("side") in sides else next(iter(sides))
    return page(
        "whatif",
        "What if?",
        tags.p(
            "Move a lever. The same wars are played again with the same random draws: a difference is due to the"
            " lever; the first answer rests on 4 pairs of wars, the last on 64, as many as the report.",
            class_="lead",
        ),
        tags.div(
            choice("case", "Case", shelf.titles(case), case.id, go=True),
            choice("preset", "Named what-if of the case", presets, asked.preset) if len(presets) > 1 else None,
            choice("side", "Levers and curves of", sides, side),
            class_="fields",
        ),
        _tools(),
        notice(wrong) if wrong else None,
        beside.panel(case, shelf),
        tags.div(
            tags.section(
                tags.h2("Levers"),
                tags.p("Dark bars: what the case holds plausible.", class_="about"),
                *_panels(levers(case), asked.moved, side, case),
                tags.button("Reset all levers", type="button", id="reset"),
                class_="levers",
                id="levers",
                aria_label="Levers",
            ),
            tags.section(
                tags.h2("Answer"),
                progress(),
                tags.div(id="answer"),
                tags.div(id="pinned"),
                tags.div(id="charts", class_="charts"),
                links("Prepare report and bundle (64 wars)", with_case=True),
                aria_label="Answer",
            ),
            class_="split",
            data_case=case.id,
        ),
    )


def _tools() -> Tag:
    """Undo, pins and the address, for the keyboard as for the mouse."""
    pins = [tags.button(f"Pin as {letter}", type="button", data_pin=letter, aria_pressed="false") for letter in LETTERS]
    return tags.div(
        tags.button("Undo", type="button", id="undo", disabled=""),
        *pins,
        tags.button("Share: copy the address", type="button", id="share"),
        tags.span("", id="share-status", role="status", class_="about"),
        class_="takeaway", role="group", aria_label="Scenario",
    )  # fmt: skip


def _panels(known: list[Lever], values: Mapping[str, Value], side: str, case: Case) -> list[Tag]:
    panels = []
    order = list(dict.fromkeys(lever.group for lever in known))
    owners = list(dict.fromkeys((lever.side, lever.of) for lever in known))
    ranked = sorted(known, key=lambda lever: (order.index(lever.group), lever.of != "", _place(lever, owners)))
    for group, members in groupby(ranked, key=lambda lever: lever.group):
        rows: list[Any] = []
        for (owner, of), few in groupby(members, key=lambda lever: (lever.side, lever.of)):
            hidden = "" if owner not in ("", side) else None
            rows += [tags.h4(of, class_="lever", data_side=owner, hidden=hidden)] if of else []
            rows += [_row(case, lever, values, side) for lever in few]
        moved = any(lever.path in values for lever in known if lever.group == group)
        panels.append(tags.details(tags.summary(group), *rows, open="" if group == order[0] or moved else None))
    return panels


def _place(lever: Lever, owners: list[tuple[str, str]]) -> int:
    return owners.index((lever.side, lever.of))


def _row(case: Case, lever: Lever, values: Mapping[str, Value], side: str) -> Tag:
    name = f"lever-{lever.path.replace('.', '-')}"
    now = standing(case, lever, values)
    about = tags.p(lever.about, id=f"{name}-about", class_="about") if lever.about else None
    shared: dict[str, Any] = dict(
        id=name,
        data_path=lever.path,
        data_value=written(lever.value),
        data_start=case.start.isoformat() if lever.kind == "date" else None,
        aria_describedby=f"{name}-about" if about else None,
        aria_label=f"{lever.of}: {lever.label}" if lever.of else None,
    )
    if lever.switch:
        box = tags.input(type="checkbox", checked="" if now else None, **shared)
        control = TagList(tags.label(box, " ", lever.label, class_="switch"))
    else:
        ends = dict(min=written(lever.low), max=written(lever.high), step=written(lever.step))
        control = TagList(
            tags.label(lever.label, for_=name),
            tags.output(f"{now:,.10g}", for_=name),
            tags.input(type="range", value=written(now), **ends, **shared),
            _plausible(lever),
        )
    return tags.div(
        control, about, class_="lever", data_side=lever.side, hidden="" if lever.side not in ("", side) else None
    )


def _plausible(lever: Lever) -> Tag | None:
    """A bar under the slider where the case holds the value plausible; the same is said in words below."""
    if lever.plausible is None:
        return None
    left, right = (100 * (end - lever.low) / (lever.high - lever.low) for end in lever.plausible)
    bar = tags.i(style=f"left:{left:.1f}%;width:{max(right - left, 1):.1f}%")
    return tags.span(bar, class_="plausible", aria_hidden="true")


def serve(talk: Talk, query: Context, shelf: Catalogue, on: Any, kept: Kept) -> None:
    """Answer the page's messages: `levers` (what is moved, as JSON), `pin` and `unpin` (a letter), `prepare`."""
    case = shelf.get(query.get("case", ""), query.options.case)
    known = levers(case)
    state = {"now": wanted(case, query.get("set", ""))[0]}
    kept.case = lambda: (case.id, with_values(case, state["now"].values))
    pins: dict[str, Scenario] = {}
    shown: dict[str, tuple[str, str, dict[str, Any]]] = {}

    def ask() -> None:
        values = state["now"].values

        async def answered(result: dict[str, Any], _: Any) -> None:
            # with the levers as they were asked: benchmarks/web_load.py tells by them whose answer it is
            told = {k: result[k] for k in ("curves", "start", "pairs", "changed")} | {"values": values}
            await talk.send("html", {"target": "answer", "html": str(answer(case, result))})
            await talk.send("curves", told)

        talk.ask("whatif", answered, case=case, values=values)

    async def moved(text: Any) -> None:
        try:
            state["now"] = scenario(case, _read(text), known)
        except AllegianceError as error:
            await talk.send("failed", {"text": str(error), "place": "main"})
            return
        ask()

    async def show() -> None:
        listed = {letter: shown[letter] for letter in LETTERS if letter in shown}
        await talk.send("html", {"target": "pinned", "html": str(pinned(case, listed) or "")})

    def pin(letter: str, chosen: Scenario) -> None:
        pins[letter] = chosen
        address = f"?{urlencode({'page': 'whatif', 'case': case.id, 'set': chosen.text()})}"

        async def answered(result: dict[str, Any], _: Any) -> None:
            if pins.get(letter) is chosen:
                shown[letter] = (chosen.label(case, known), address, result)
                await show()

        talk.ask("whatif", answered, f"pin-{letter}", case=case, values=chosen.values)

    async def pinning(letter: Any) -> None:
        if letter in LETTERS:
            pin(letter, state["now"])

    async def unpinning(letter: Any) -> None:
        pins.pop(letter, None)
        shown.pop(letter, None)
        await show()

    for name, work in (("levers", moved), ("pin", pinning), ("unpin", unpinning)):
        on(name, work)
    offer(talk, on, kept, lambda: ("whatif_report", {"case": case, "values": state["now"].values}))
    ask()
    beside.serve(talk, case, shelf)
    for letter in LETTERS:
        if letter.lower() in query:
            pin(letter, wanted(case, query[letter.lower()])[0])


def _read(text: Any) -> dict[str, object]:
    try:
        found = json.loads(str(text)[:20_000])
    except (ValueError, RecursionError) as error:  # brackets too deep are no list either
        raise AllegianceError("the page sent something that is not a list of levers", "reload the page") from error
    if not isinstance(found, dict):
        raise AllegianceError("the page sent something that is not a list of levers", "reload the page")
    return found
