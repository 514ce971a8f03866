"""The claims: what studies found and, if a trial of the model was run, what the model shows beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
from htmltools import HTML, Tag, TagList, tags

from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context, Options
from allegiance.app.shell import blocks, choice, markdown, notice, page
from allegiance.base.claims import CLAIMS, Claim
from allegiance.evidence.matrix import DESIGNS, VOTES, WORDS, Matrix, matrix, totals
from allegiance.evidence.register import estimates_for
from allegiance.report.claim_docs import NOTES, latest
from allegiance.report.claims_page import effects_table, forest_plot, studies_table
from allegiance.report.effects_text import RATIOS, worded
from allegiance.report.figures.experiments import Bar, forest
from allegiance.report.page import Block, Figure
from allegiance.report.verdicts import tone
from allegiance.theory.contract import Mechanism
from allegiance.theory.registry import MECHANISMS


def render(query: Context, shelf: Catalogue) -> Tag:
    """The page as it is first sent: all claims, one claim or one mechanism if the address names it."""
    known, mechanisms = {c.id: c for c in CLAIMS}, {m.id: m for m in MECHANISMS}
    if query.get("mechanism") in mechanisms:
        return _mechanism_page(mechanisms[query["mechanism"]])
    trial = _trial(query.options)
    names = {"": "all claims"} | {c.id: f"{c.id} {c.name}" for c in CLAIMS}
    chosen = query.get("claim", "") if query.get("claim") in known else ""
    return page(
        "claims",
        f"{known[chosen].id} {known[chosen].name}" if chosen else "Claims",
        tags.p(
            f"{len(CLAIMS)} sentences about armies, each tried in simulated wars and compared with studies, those that"
            f" disagree included. {trial.words}",
            class_="lead",
        ),
        notice(trial.fault) if trial.fault else None,
        tags.div(choice("claim", "Claim", names, chosen, go=True), class_="fields"),
        _one(known[chosen], trial) if chosen else _table(trial.verdicts),
    )


def _mechanism_page(mechanism: Mechanism) -> Tag:
    """A mechanism as its documentation describes it, made from the code itself."""
    from allegiance.report.odd import mechanism_page

    text = "\n".join(line for line in mechanism_page(mechanism).splitlines() if not line.startswith(("<!--", "# ")))
    known = {c.id: c for c in CLAIMS}
    links = [
        tags.li(tags.a(f"{c} {known[c].name}", href=f"?page=claims&claim={c}")) for c in mechanism.claims if c in known
    ]
    return page(
        "claims",
        f"Mechanism: {mechanism.id.replace('_', ' ')}",
        tags.p(tags.a("All claims", href="?page=claims")),
        tags.p("Claims it belongs to:") if links else None,
        tags.ul(*links),
        tags.div(HTML(markdown(text)), class_="story wide"),
    )


@dataclass(frozen=True)
class _Trial:
    """What the model showed: effects, verdicts by claim, where they come from, and what is wrong with them."""

    effects: pl.DataFrame
    verdicts: dict[str, dict[str, Any]]
    words: str
    notes: Mapping[str, str]
    """what there is to know of a verdict, by claim"""
    fault: str = ""


def _trial(options: Options) -> _Trial:
    """The newest trial in the server's results folder, else the one recorded with this version."""
    told = latest()
    words = (
        f"The verdicts are those of the trial recorded with this version: {told['members']} wars in each arm of the"
        f" neutral case {told['case']}. allegiance claims tries them anew."
    )
    effects = pl.DataFrame(told["effects"], infer_schema_length=None)
    recorded = _Trial(effects, {row["claim"]: row for row in told["claims"]}, words, NOTES)
    if options.results is None:
        return recorded
    found = [*options.results.glob("claims.json"), *options.results.glob("*/claims.json")]
    if not found:
        return replace(recorded, fault="The results folder holds no finished trial of the claims.")
    try:
        return _own_trial(max(found, key=lambda p: p.stat().st_mtime), effects.columns)
    except Exception as error:  # a file may be damaged in any way, and the page has to tell it
        fault = f"The trial in the results folder cannot be read: {type(error).__name__}: {str(error)[:300]}"
        return replace(recorded, fault=fault)


def _own_trial(path: Path, columns: list[str]) -> _Trial:
    """A finished trial; ValueError, TypeError or KeyError if it is not what `allegiance claims` writes."""
    effects = pl.read_parquet(path.with_name("effects.parquet"))
    if missing := set(columns) - set(effects.columns):
        raise ValueError(f"effects.parquet has no column {', '.join(sorted(missing))}")
    verdicts = {str(row["claim"]): row for row in json.loads(path.read_text(encoding="utf-8"))["claims"]}
    if wrong := [k for k, row in verdicts.items() if not (isinstance(row["verdict"], str) and row["why"])]:
        raise ValueError(f"no verdict for {', '.join(wrong)}")
    words = f"The verdicts are those of {path.parent.name}, in the folder given with --results."
    return _Trial(effects.select(columns), verdicts, words, {})


def _table(verdicts: Mapping[str, dict[str, Any]]) -> Any:
    heads = (
        "claim",
        "in words",
        "model",
        *(f"studies {w}" if k == 0 else w for k, w in enumerate(VOTES.values())),
        "gap",
    )
    rows = []
    for claim in CLAIMS:
        studies = estimates_for(claim.id)
        verdict = verdicts.get(claim.id, {}).get("verdict")
        shown = tags.strong(verdict, class_=tone(verdict)) if verdict else "not tried"
        counts = totals(studies).values()
        rows.append(
            tags.tr(
                tags.th(tags.a(f"{claim.id} {claim.name}", href=f"?page=claims&claim={claim.id}"), scope="row"),
                tags.td(claim.sentence, data_label="in words"),
                tags.td(shown, data_label="model"),
                *(tags.td(str(n), class_="n", data_label=h) for n, h in zip(counts, heads[3:-1], strict=True)),
                tags.td(matrix(claim.id, studies).gap, data_label=heads[-1], class_="muted"),
            )
        )
    table = tags.table(
        tags.caption("The claims, the model's verdict, and what studies found, one vote for each study."),
        tags.thead(tags.tr(*(tags.th(h, scope="col") for h in heads))),
        tags.tbody(*rows),
        class_="sortable wide",
    )
    return tags.div(table, class_="scroll stack", tabindex="0", role="region", aria_label="The claims")


def _one(claim: Claim, trial: _Trial) -> Any:
    studies = estimates_for(claim.id)
    mine = trial.effects.filter(pl.col("claim") == claim.id)
    parts: list[Block | None] = []
    if mine.height:
        parts += [forest_plot(claim.id, mine, studies), effects_table(mine)]
    else:
        parts += list(studies_plots(claim.id, studies))
    if studies.height:
        parts.append(studies_table(studies))
    return TagList(
        tags.p(claim.sentence, class_="headline"),
        tags.dl(
            *_told("Verdict of the model", _verdict(trial.verdicts.get(claim.id))),
            *_told("To be known", trial.notes.get(claim.id)),
            *_told("Expected", claim.pattern),
            *_told("Check", claim.check),
            *_told("Mechanisms", _mechanisms(claim)),
            class_="pairs wide",
        ),
        _matrix(matrix(claim.id, studies)),
        blocks(parts),
        tags.p("No study is on record for this claim.") if not studies.height else None,
    )


def _matrix(found: Matrix) -> Any:
    """Outcome by kind of study; a row that the claim names and nobody has studied says so."""
    if not found.outcomes:
        return None
    heads = ("outcome", *(DESIGNS[d] for d in found.designs))
    rows = []
    for outcome in found.outcomes:
        cells = [tags.td(found.words(outcome, d) or "–", data_label=DESIGNS[d]) for d in found.designs]
        if outcome in found.missing:
            said = "no direct evidence" + (
                "; described only" if any(found.words(outcome, d) for d in found.designs) else ""
            )
            cells = [tags.td(tags.strong(said), colspan=str(max(1, len(found.designs))), class_="warn")]
        rows.append(tags.tr(tags.th(WORDS[outcome], scope="row"), *cells))
    table = tags.table(
        tags.caption(
            "Studies by outcome and design, one vote for each study. First the outcomes that the claim names."
        ),
        tags.thead(tags.tr(*(tags.th(h, scope="col") for h in heads))),
        tags.tbody(*rows),
        class_="wide matrix",
    )
    return tags.div(
        table, class_="scroll stack", tabindex="0", role="region", aria_label="Evidence by outcome and design"
    )


def _told(name: str, what: Any) -> list[Tag]:
    return [tags.dt(name), tags.dd(what)] if what else []


def _verdict(row: Mapping[str, Any] | None) -> Any:
    if row is None:
        return "not tried"
    return TagList(tags.strong(row["verdict"], class_=tone(row["verdict"])), f": {worded(row['why'])}.")


def _mechanisms(claim: Claim) -> Tag | None:
    """The mechanisms behind a claim, each with its page."""
    named = [m for m in MECHANISMS if claim.id in m.claims]
    items = [
        tags.li(tags.a(m.id.replace("_", " "), href=f"?page=claims&mechanism={m.id}"), f": {m.summary}") for m in named
    ]
    return tags.ul(*items) if items else None


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
