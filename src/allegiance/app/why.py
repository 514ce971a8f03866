"""Why: how much each condition of a case contributes to each outcome, and what all do together beyond the sum."""

from __future__ import annotations

from typing import Any

from htmltools import Tag, TagList, tags

from allegiance.app import beside
from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context
from allegiance.app.downloads import Kept
from allegiance.app.shell import blocks, choice, notice, page, progress
from allegiance.app.talk import Talk
from allegiance.cases.schema import Case
from allegiance.report.history import TITLE
from allegiance.report.labels import ordered, side_name
from allegiance.runs.spec import RunSpec


def _chosen(query: Context, shelf: Catalogue) -> tuple[Case, str]:
    case = shelf.get(query.get("case", ""), query.options.case)
    sides = ordered(case)
    return case, query.get("side", "") if query.get("side") in sides else sides[0]


def render(query: Context, shelf: Catalogue) -> Tag:
    """The page as it is first sent."""
    case, side = _chosen(query, shelf)
    known = [
        tags.li(tags.strong(k.replace("-", " ")), f": {c.label}" + (f" ({c.claim})" if c.claim else ""))
        for k, c in case.conditions.items()
    ]
    sides = {s: side_name(case, s) for s in ordered(case)}
    return page(
        "why",
        "Why?",
        tags.p(
            "Each condition of a case is made neutral, alone and together with others, and the wars are played again"
            " with the same random draws. The bars say what each contributes.",
            class_="lead",
        ),
        tags.div(
            choice("case", "Case", shelf.titles(case), case.id, go=True),
            choice("side", "Outcomes of", sides, side),
            tags.button("Compute contributions", type="button", class_="main", data_send="weigh"),
            class_="fields",
        ),
        beside.panel(case, shelf),
        tags.details(tags.summary(f"{len(known)} conditions of {case.title}"), tags.ul(*known)) if known else None,
        *(
            [progress(), tags.div(id="answer")]
            if len(known) > 1
            else [notice("This case names no conditions to compare; allegiance why says how to add them.")]
        ),
    )


def serve(talk: Talk, query: Context, shelf: Catalogue, on: Any, kept: Kept) -> None:
    """Answer `weigh`; its text is the side, if another than the address says."""
    case, first = _chosen(query, shelf)

    async def answered(found: Any, _: Any) -> None:
        await talk.send("html", {"target": "answer", "html": str(_answer(*found))})

    async def weigh(side: Any) -> None:
        talk.ask("why", answered, case=case, side=side if side in case.sides else first)

    async def weigh_all(side: Any) -> None:
        chosen = side if side in case.sides else first
        talk.ask("why", answered, case=case, side=chosen, members=RunSpec().members)

    beside.serve(talk, case, shelf)
    if len(case.conditions) > 1:
        on("weigh", weigh)
        on("weigh_all", weigh_all)


def _answer(found: Any, members: int) -> TagList:
    """The answer, from this many wars in each world; with an offer of all of them if it is from fewer."""
    full = RunSpec().members
    few = TagList(
        tags.p(
            f"From the first {members} of {full} wars in each world: the same wars, at the same scale, as those of"
            f" allegiance run and allegiance why. All {full} take about {full // members} times as long; intervals"
            " narrow.",
            class_="about",
        ),
        tags.button(f"Play all {full}", type="button", data_send="weigh_all"),
    )
    sections = [section for section in found.sections if section.title != TITLE]  # the page's panel tells of history
    shown = [[b for b in found.brief if getattr(b, "title", "") != TITLE], *(s.blocks for s in sections)]
    heads = ["", *(section.title for section in sections)]
    return TagList(
        tags.p(found.headline, class_="headline"),
        *(TagList(tags.h2(head) if head else None, blocks(part)) for head, part in zip(heads, shown, strict=True)),
        few if members < full else None,
    )
