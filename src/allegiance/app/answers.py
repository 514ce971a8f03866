"""The answer of a what-if as the page shows it: sentences, a table of differences, scenarios side by side."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from htmltools import Tag, TagList, tags

from allegiance.cases.schema import Case
from allegiance.experiments.modelled import note as not_modelled
from allegiance.report.effects_text import effect, number
from allegiance.report.labels import side_name
from allegiance.report.meaning import material, meaning, sure

_UNITS = {"percentage points": "%"}
"""Units of the levels, where a difference is told in another."""


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


def pinned(case: Case, shown: Mapping[str, tuple[str, str, dict[str, Any]]]) -> TagList | None:
    """Pinned scenarios side by side: letter -> (words, address, result); None if none is pinned."""
    if not shown:
        return None
    first = next(iter(shown.values()))[2]["rows"]
    found = {letter: {r["key"]: r for r in result["rows"]} for letter, (_, _, result) in shown.items()}
    heads = [tags.th("outcome", scope="col"), tags.th("baseline", scope="col", class_="n")]
    heads += [tags.th(letter, scope="col", class_="n") for letter in shown]
    parts = []
    for side, rows in groupby(first, key=lambda r: r["side"]):
        of = side_name(case, side) if side else "The war"
        parts.append(tags.tr(tags.th(of, colspan=str(2 + len(shown)), scope="rowgroup"), class_="of"))
        for r in rows:
            unit = _UNITS.get(r["unit"], r["unit"])
            label = tags.th(r["label"], tags.small(f" {unit}") if unit not in r["label"] else None, scope="row")
            cells = [tags.td(_beside(found[letter][r["key"]]), class_="n", data_letter=letter) for letter in shown]
            parts.append(tags.tr(label, tags.td(number(r["baseline"]), class_="n"), *cells, data_key=r["key"]))
    listed = [
        tags.li(
            tags.strong(f"{letter}: "),
            tags.a(words or "the case as it stands", href=address),
            f" ({result['pairs']} of {result['of']} pairs)",
        )
        for letter, (words, address, result) in shown.items()
    ]
    table = tags.table(
        tags.caption("Share of wars, or median; ▲ ▼: differs from the baseline beyond its 90 % interval."),
        tags.thead(tags.tr(*heads)), tags.tbody(*parts), class_="diff side-by-side",
    )  # fmt: skip
    return TagList(tags.h3("Scenarios side by side"), tags.ul(*listed), tags.div(table, class_="scroll", tabindex="0"))


def _beside(r: dict[str, Any]) -> str:
    clear = sure(r) and material(r)
    return f"{'▲ ' if r['difference'] > 0 else '▼ '}{number(r['changed'])}" if clear else number(r["changed"])
