"""The claims: what studies found and, if a trial of the model was run, what the model shows beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
from htmltools import Tag, TagList, tags

from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context, Options
from allegiance.app.downloads import Kept
from allegiance.app.shell import blocks, choice, notice, page
from allegiance.app.talk import Talk
from allegiance.base.claims import CLAIMS, Claim
from allegiance.evidence.register import estimates_for
from allegiance.report.claims_page import effects_table, forest_plot, studies_table
from allegiance.report.effects_text import RATIOS, VERDICT_TONES
from allegiance.report.figures.experiments import Bar, forest
from allegiance.report.page import Block, Figure
from allegiance.theory.registry import MECHANISMS

_REPOSITORY_PAGE = "docs/mechanisms/{}.md"


def render(query: Context, shelf: Catalogue) -> Tag:
    """The page as it is first sent: all claims, or one if the address names it."""
    known = {c.id: c for c in CLAIMS}
    effects, verdicts, wrong = _trial(query.options)
    names = {"": "all claims"} | {c.id: f"{c.id} {c.name}" for c in CLAIMS}
    chosen = query.get("claim", "") if query.get("claim") in known else ""
    told = (
        "Beside the studies stands the model's own trial."
        if effects is not None
        else "No trial of the model is at hand: start the server with --results and the folder of a finished"
        " allegiance claims. Until then the studies stand alone."
    )
    body: Any = _one(known[chosen], effects, verdicts) if chosen else _table(verdicts)
    return page(
        "claims",
        known[chosen].id + " " + known[chosen].name if chosen else "Claims",
        tags.p(
            f"Seventeen sentences about armies, tried and compared with studies, those that disagree included. {told}",
            class_="lead",
        ),
        notice(wrong) if wrong else None,
        tags.div(choice("claim", "Claim", names, chosen, go=True), class_="fields"),
        body,
    )


def serve(talk: Talk, query: Context, shelf: Catalogue, on: Any, kept: Kept) -> None:
    """Nothing is computed on this page."""


def _trial(options: Options) -> tuple[pl.DataFrame | None, dict[str, dict[str, Any]], str]:
    """Effects and verdicts of the newest trial in the server's results folder, and what is wrong with it."""
    folder: Path | None = options.results
    if folder is None:
        return None, {}, ""
    found = sorted([*folder.glob("claims.json"), *folder.glob("*/claims.json")], key=lambda p: p.stat().st_mtime)
    if not found:
        return None, {}, "The results folder holds no finished trial of the claims."
    try:
        effects = pl.read_parquet(found[-1].with_name("effects.parquet"))
        summary = json.loads(found[-1].read_text(encoding="utf-8"))
        return effects, {row["claim"]: row for row in summary["claims"]}, ""
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
        return None, {}, f"The trial in the results folder cannot be read: {error}"


def _table(verdicts: Mapping[str, dict[str, Any]]) -> Any:
    rows = []
    for claim in CLAIMS:
        studies = estimates_for(claim.id)
        finding = studies["finding"]
        verdict = verdicts.get(claim.id, {}).get("verdict")
        shown = tags.span(verdict, class_=VERDICT_TONES.get(verdict, "")) if verdict else "not tried here"
        counts = [int((finding == f).sum()) for f in ("supports", "contradicts", "null", "mixed")]
        rows.append(
            tags.tr(
                tags.th(tags.a(f"{claim.id} {claim.name}", href=f"?page=claims&claim={claim.id}"), scope="row"),
                tags.td(claim.sentence),
                tags.td(shown),
                *(tags.td(str(n), class_="n") for n in counts),
            )
        )
    heads = ("claim", "in words", "model", "studies for", "against", "null", "mixed")
    table = tags.table(
        tags.caption("The claims, the model's verdict, and what studies found."),
        tags.thead(tags.tr(*(tags.th(h, scope="col") for h in heads))),
        tags.tbody(*rows),
        class_="sortable wide",
    )
    return tags.div(table, class_="scroll", tabindex="0", role="region", aria_label="The claims")


def _one(claim: Claim, effects: pl.DataFrame | None, verdicts: Mapping[str, dict[str, Any]]) -> Any:
    studies = estimates_for(claim.id)
    parts: list[Block | None] = []
    if effects is not None:
        mine = effects.filter(pl.col("claim") == claim.id)
        if mine.height:
            parts += [forest_plot(claim.id, mine, studies), effects_table(mine)]
    if not parts:
        parts += list(studies_plots(claim.id, studies))
    if studies.height:
        parts.append(studies_table(studies))
    row = verdicts.get(claim.id)
    verdict = tags.p(tags.strong("Verdict of the model: "), f"{row['verdict']}; {row['why']}.") if row else None
    return TagList(
        tags.p(claim.sentence, class_="headline"),
        tags.p(tags.strong("Expected: "), claim.pattern),
        tags.p(tags.strong("Check: "), claim.check) if claim.check else None,
        verdict,
        _mechanisms(claim),
        blocks(parts),
        tags.p("No study is on record for this claim.") if not studies.height else None,
    )


def _mechanisms(claim: Claim) -> Tag | None:
    """The mechanisms behind a claim, with where each is described."""
    named = [m for m in MECHANISMS if claim.id in m.claims]
    if not named:
        return None
    items = [tags.li(tags.strong(m.id), f": {m.summary} ({_REPOSITORY_PAGE.format(m.id)})") for m in named]
    return tags.details(tags.summary("Mechanisms behind it"), tags.ul(*items))


def studies_plots(name: str, studies: pl.DataFrame) -> list[Figure]:
    """Forest plots of the studies alone, one for each scale on which there are estimates."""
    found = []
    known = studies.filter(pl.col("effect").is_not_null())
    for (scale,), rows in known.group_by("effect_scale", maintain_order=True):
        bars = [
            Bar(f"{r['short']}: {r['estimand']}", r["effect"], r["effect_low"], r["effect_high"], False)
            for r in rows.iter_rows(named=True)
        ]
        title = f"{name}: studies, {'as ratios' if scale in RATIOS else scale}"
        picture = forest(bars, str(scale), title)
        found += [picture] if picture else []
    return found
