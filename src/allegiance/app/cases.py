"""The library: cards to search and filter; one case with its story, its sources and every number's basis."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from htmltools import HTML, Tag, TagList, tags

from allegiance.app import beside
from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context
from allegiance.app.downloads import Kept
from allegiance.app.shell import blocks, choice, markdown, page
from allegiance.app.talk import Talk
from allegiance.base.values import Sourced
from allegiance.cases.loader import LIBRARY
from allegiance.cases.paths import basis_counts, numbers
from allegiance.cases.schema import LEVELS, SHARES, Case, Observed
from allegiance.evidence.states import states
from allegiance.report.html import web_address
from allegiance.report.labels import exact, percent, side_name
from allegiance.report.page import Diary, References

_TASKS = {"": "any task", "fight": "fight an enemy", "repress": "repress civilians", "both": "both"}
_OUTCOMES = {
    "": "any outcome",
    "coup": "coup or attempt",
    "mutiny": "mutiny",
    "refusal": "refusal",
    "left": "5 % or more left",
    "none": "none of these",
}


def render(query: Context, shelf: Catalogue) -> Tag:
    """The page as it is first sent: one case if the address names it, else the library."""
    name = query.get("case", "")
    found = shelf.all().get(name)
    return _one(found.case, found.observed, shelf) if found else _library(shelf, query.options.case)


def _library(shelf: Catalogue, first: str) -> Tag:
    rows = {str(r["id"]): r for r in shelf.rows}
    ranked = sorted(shelf.all().items(), key=lambda item: item[0] != first)
    cards = [_card(s.case, rows.get(name)) for name, s in ranked]
    return page(
        "cases",
        "Cases",
        tags.p(
            "Armies under strain, each with its sources. Outcomes are what happened; the model never reads them.",
            class_="lead",
        ),
        tags.div(
            tags.p(
                tags.label("Search", for_="search"),
                tags.input(type="search", id="search", placeholder="country, year, word"),
                class_="field",
            ),
            choice("task", "Task", _TASKS, ""),
            choice("outcome", "What happened", _OUTCOMES, ""),
            tags.p("", id="found", role="status", class_="about"),
            class_="fields",
        ),
        tags.ul(*cards, class_="cards"),
    )


def _outcomes(row: dict[str, Any] | None) -> list[str]:
    if row is None:
        return []
    found = [k for k in ("coup", "mutiny", "refusal") if row[k]]
    found += ["left"] if sum(row["left"]) / 2 >= 0.05 else []
    return found or ["none"]


def _card(case: Case, row: dict[str, Any] | None) -> Tag:
    facts: list[TagList] = []
    if row:
        low, high = row["left"]
        seen = {
            "coup": LEVELS["coup"][row["coup"]],
            "mutiny": LEVELS["mutiny"][row["mutiny"]],
            "refusal": LEVELS["refusal"][row["refusal"]],
            "left": f"{percent(low)} to {percent(high)}",
        }
        given = {
            "compelled to serve": percent(row["compelled"]),
            "needs not met": percent(row["deprivation"]),
            "sourced numbers": f"{row['sourced']} of {row['numbers']}",
        }
        facts = [_facts("What happened", seen), _facts("Conditions", given)]
    words = " ".join([case.id, case.title, case.summary, *case.tags, str(case.start.year), *_more(case, row)]).lower()
    return tags.li(
        tags.h2(tags.a(case.title, href=f"?page=cases&case={case.id}")),
        tags.p(f"{case.start.day} {case.start:%B %Y}, {case.days} days", class_="about"),
        tags.p(*(tags.span(t, class_="tag") for t in case.tags[:4]), class_="tags"),
        tags.p(case.summary, class_="clip"),
        *facts,
        tags.p(
            tags.a("What if?", href=f"?page=whatif&case={case.id}", aria_label=f"What if? {case.title}"),
            tags.a("Why?", href=f"?page=why&case={case.id}", aria_label=f"Why? {case.title}"),
            tags.a("War desk", href=f"?page=day&case={case.id}", aria_label=f"War desk: {case.title}"),
            class_="go",
        ),
        class_="card",
        data_words=words,
        data_task=str(row["task"]) if row else "",
        data_outcomes=" ".join(_outcomes(row)),
    )


def _more(case: Case, row: dict[str, Any] | None) -> list[str]:
    """What a visitor may search for beside the text: regions of the sides, what happened, the conditions measured."""
    regions: dict[str, str] = dict(states().select("iso3", "region").iter_rows())
    found = [regions.get(side.country or "") or "" for side in case.sides.values()]
    found += [condition.label for condition in case.conditions.values()]
    if row:
        found += [outcome for outcome in ("coup", "mutiny", "refusal") if row[outcome]]
        found += ["desertion defection left"] if row["left"][1] >= 0.01 else []
    return found


def _facts(title: str, told: dict[str, Any]) -> TagList:
    parts = [part for k, v in told.items() for part in (tags.dt(k), tags.dd(v))]
    return TagList(tags.h3(title), tags.dl(*parts))


def serve(talk: Talk, query: Context, shelf: Catalogue, on: Any, kept: Kept) -> None:
    """Hold one case against history; the library asks nothing."""
    del on, kept
    found = shelf.all().get(query.get("case", ""))
    if found:
        beside.serve(talk, found.case, shelf)


def _one(case: Case, observed: Observed | None, shelf: Catalogue) -> Tag:
    counts = ", ".join(f"{n} {basis}" for basis, n in basis_counts(case).items())
    return page(
        "cases",
        case.title,
        tags.p(tags.a("All cases", href="?page=cases")),
        tags.p(case.summary, class_="headline"),
        tags.p(
            f"{case.start.day} {case.start:%B %Y} and {case.days} days on. Nothing known only after"
            f" {case.information_date.day} {case.information_date:%B %Y} is an input. Numbers: {counts}.",
            class_="lead",
        ),
        tags.p(
            tags.a("What if?", href=f"?page=whatif&case={case.id}"),
            " · ",
            tags.a("Why?", href=f"?page=why&case={case.id}"),
            " · ",
            tags.a("War desk", href=f"?page=day&case={case.id}"),
        ),
        beside.panel(case, shelf),
        _observed(case, observed) if observed else None,
        tags.div(
            tags.section(tags.h2("Background, choices and doubts"), tags.div(HTML(story(case.id)), class_="story")),
            tags.section(
                tags.h2("Numbers"),
                tags.p("Point at a number, or move to it with the Tab key, to see how it is known.", class_="lead"),
                *_numbers(case),
            ),
            class_="split even",
        ),
        tags.section(tags.h2("Sources"), blocks([References([_source(k, case) for k in case.sources])])),
    )


def story(name: str) -> str:
    """The case's README as HTML; markup in the text itself is shown as text. `name` is a name in the library."""
    path = LIBRARY / name / "README.md"
    text = path.read_text(encoding="utf-8") if path.is_file() else "No story is written yet."
    return markdown(text)


def _observed(case: Case, seen: Observed) -> Tag:
    levels = ", ".join(f"{outcome} {words[getattr(seen, outcome)]}" for outcome, words in LEVELS.items())
    ranges = {name: getattr(seen, name) for name in SHARES}
    shares = ", ".join(f"{percent(r[0])} to {percent(r[1])} {SHARES[name]}" for name, r in ranges.items() if r)
    said = f"{side_name(case, seen.side)}: {levels}; {shares} ({seen.basis})."
    diary = Diary([(e.date.isoformat(), e.label) for e in seen.events], "Recorded events.") if seen.events else None
    return tags.section(tags.h2("What happened"), tags.p(f"{said} {seen.note}"), blocks([diary]))


def _numbers(case: Case) -> list[Tag]:
    found: list[Tag] = []
    heads = list(dict.fromkeys(_head(case, path) for path, _ in numbers(case)))
    ranked = sorted(numbers(case), key=lambda item: heads.index(_head(case, item[0])))
    for head, items in groupby(ranked, key=lambda item: _head(case, item[0])):
        rows = [tags.tr(tags.th(path, scope="row"), tags.td(_number(case, n)), tags.td(n.unit)) for path, n in items]
        table = tags.table(
            tags.thead(tags.tr(*(tags.th(t, scope="col") for t in ("path", "value", "unit")))),
            tags.tbody(*rows),
            class_="numbers",
        )
        found.append(
            tags.details(
                tags.summary(f"{head} ({len(rows)})"),
                tags.div(table, class_="scroll open"),
                open=None if found else "",
            )
        )
    return found


def _head(case: Case, path: str) -> str:
    """The heading a number stands under: a force, a side, or a part of the case."""
    parts = path.split(".")
    if parts[0] != "sides":
        return parts[0].capitalize()
    side = case.sides[parts[1]]
    return f"{side.name}: {side.forces[parts[3]].name}" if parts[2] == "forces" else side.name


def _number(case: Case, number: Sourced) -> Tag:
    told = [f"Basis: {number.basis}."]
    if number.range:
        told.append(f"Plausible: {exact(number.range[0])} to {exact(number.range[1])}.")
    if number.source:
        told.append(f"Source: {case.sources[number.source].title if number.source in case.sources else number.source}.")
    if number.note:
        told.append(number.note)
    return tags.button(exact(number.value), tags.span(" ".join(told)), class_="number", type="button")


def _source(key: str, case: Case) -> tuple[str, str]:
    s = case.sources[key]
    text = ". ".join(part for part in (s.author, f"({s.year})" if s.year else "", s.title, s.note) if part)
    return f"[{key}] {text}", web_address(s.url) or (f"https://doi.org/{s.doi}" if s.doi else "")
