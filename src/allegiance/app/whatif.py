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
from allegiance.app.levers import Lever, levers, settings, standing, written
from allegiance.app.shell import choice, notice, page, progress
from allegiance.app.talk import Talk
from allegiance.base.errors import AllegianceError
from allegiance.cases.paths import with_values
from allegiance.cases.schema import Case
from allegiance.cases.walk import Value
from allegiance.experiments.modelled import note as not_modelled
from allegiance.report.effects_text import effect, number
from allegiance.report.labels import ordered, side_name
from allegiance.report.meaning import material, meaning, sure

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
    case = shelf.get(query.get("case", ""), query.options.case)
    values, wrong = wanted(case, query)
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
            choice("case", "Case", shelf.titles(), case.id, go=True),
            choice("side", "Levers and curves of", sides, side),
            class_="fields",
        ),
        notice(wrong) if wrong else None,
        tags.div(
            tags.section(
                tags.h2("Levers"),
                tags.p("Dark bars: what the case holds plausible.", class_="about"),
                *_panels(levers(case), values, side, case),
                tags.button("Reset all levers", type="button", id="reset"),
                class_="levers",
                id="levers",
                aria_label="Levers",
            ),
            tags.section(
                tags.h2("Answer"),
                progress(),
                tags.div(id="answer"),
                tags.div(id="charts", class_="charts"),
                links("Prepare report and bundle (64 wars)", with_case=True),
                aria_label="Answer",
            ),
            class_="split",
            data_case=case.id,
        ),
    )


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
    """Answer the page's messages: `levers` (moved sliders as JSON) and `prepare` (report and bundle)."""
    case = shelf.get(query.get("case", ""), query.options.case)
    known = levers(case)
    state: dict[str, dict[str, Value]] = {"values": wanted(case, query)[0]}
    kept.case = lambda: (case.id, with_values(case, state["values"]))

    def ask() -> None:
        values = state["values"]

        async def answered(result: dict[str, Any], _: Any) -> None:
            shown = {k: result[k] for k in ("curves", "start", "pairs", "changed")}
            await talk.send("html", {"target": "answer", "html": str(answer(case, result))})
            await talk.send("curves", {**shown, "values": values})

        talk.ask("whatif", answered, case=case, values=values)

    async def moved(text: Any) -> None:
        try:
            state["values"] = settings(case, _read(text), known)
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
    except (ValueError, RecursionError) as error:  # brackets too deep are no list either
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
    return TagList(said, _table(case, result))


def _table(case: Case, result: dict[str, Any]) -> TagList:
    changed = result["changed"]
    heads = ("outcome", "baseline", "what if", "mean difference", "90 % interval")[: 5 if changed else 2]
    parts = []
    for side, rows in groupby(result["rows"], key=lambda r: r["side"]):
        of = side_name(case, side) if side else "The war"
        head = tags.tr(tags.th(of, colspan=str(len(heads)), scope="rowgroup"), class_="of")
        parts.append(tags.tbody(head, *(_difference(r, changed) for r in rows)))
    caption = f"Share of wars, or median, over {result['pairs']} of {result['of']} pairs of simulated wars."
    table = tags.table(
        tags.caption(caption),
        tags.thead(tags.tr(*(tags.th(h, scope="col", class_="n" if k else None) for k, h in enumerate(heads)))),
        *parts,
        class_="diff",
    )
    note = (
        "Arrows: the interval excludes zero. pp: percentage points. Differences are means over pairs of wars with the"
        " same random draws; t intervals over draws of the parameters. No material change: less than half a percentage"
        " point, a day, a person, or one simulated soldier."
    )
    missing = not_modelled(case)
    return TagList(
        tags.div(table, class_="scroll"),
        tags.p(note, class_="note") if changed else None,
        tags.p(missing, class_="note") if missing else None,
    )


def _of(r: dict[str, Any], changed: bool) -> str:
    """The people a number is counted among, in both worlds."""
    was, now = (f"{v:,.0f}" for v in r["of"])
    return f"of {was} who served" + (f", what if {now}" if changed and was != now else "")


def _difference(r: dict[str, Any], changed: bool) -> Tag:
    unit = _UNITS.get(r["unit"], r["unit"])
    small = f" {_of(r, changed)}" if r.get("of") else f" {unit}" if unit not in r["label"] else ""
    label = tags.th(r["label"], tags.small(small) if small else None, scope="row")
    cells = [label, tags.td(number(r["baseline"]), class_="n")]
    if changed:
        large = material(r) or r["difference"] == 0
        clear = sure(r) and large
        arrow = ("▲ " if r["difference"] > 0 else "▼ ") if clear else ""
        size, _, interval = effect(r["difference"], r["low"], r["high"], r["unit"]).partition(" (")
        cells += [
            tags.td(number(r["changed"]), class_="n"),
            tags.td(f"{arrow}{size}" if large else "no material change", class_="n sure" if clear else "n muted"),
            tags.td(interval.rstrip(")"), class_="n" if clear else "n muted"),
        ]
    return tags.tr(*cells, data_key=r["key"], data_side=r["side"], data_difference=f"{r['difference']:.6g}")
