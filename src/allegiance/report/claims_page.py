"""The report of `allegiance claims`: each claim tried, beside what studies found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.claims import claim
from allegiance.evidence.register import estimates_for
from allegiance.experiments.claims import ClaimResult, ClaimsResult
from allegiance.experiments.protocol import protocol
from allegiance.report.effects_text import ANSWERS, RATIOS, effect, expected, worded
from allegiance.report.figures.experiments import Bar, curve, forest, trade_off
from allegiance.report.findings import trials
from allegiance.report.html import write_page
from allegiance.report.labels import plural
from allegiance.report.page import Block, Bullets, Cell, Gallery, Page, Prose, Section, Stat, Stats, Table
from allegiance.report.verdicts import CLAIMS, tone

MEASURE_NAMES = {
    "coups": "coup attempt", "coup_successes": "successful coup", "mutinies": "mutinies a month",
    "defection": "defection", "duration": "length of the war, days",
}  # fmt: skip


def claims_page(result: ClaimsResult) -> Page:
    """The page of a trial of the claims."""
    frame, effects = result.frame, result.effects
    counts = {v: int((frame["verdict"] == v).sum()) for v in CLAIMS}
    tried = len(result.claims)
    headline = ", ".join(f"{n} {name}" for name, n in counts.items() if n) + f" of {plural(tried, 'claim')} tried."
    brief: list[Block] = [
        Stats([Stat(name, str(n)) for name, n in counts.items() if n]),
        _verdicts(frame),
    ]
    sections = [_section(c, effects.filter(pl.col("claim") == c.id), result) for c in result.claims]
    if result.mutations is not None:
        sections.append(Section("Mutation check", [_mutations(result.mutations)], lead=(
            "Each claim's own mechanism is disabled; a claim that stays supported would not be testing it."
        )))  # fmt: skip
    shared = protocol()
    sections.append(Section("Rules", [Bullets([
        ("Verdict. ", shared.rule), ("Multiple testing. ", shared.testing),
        ("One protocol. ", "Contrasts, measures, scales, members and rules stand in one file under version control"
         " (experiments/protocol.yaml). It was amended after first looks; docs/experiments.md lists how."),
    ])]))  # fmt: skip
    return Page(
        title="The argument, tested", headline=headline, brief=brief, sections=sections,
        kicker=f"Allegiance claims · {result.case.title} · side studied: {result.case.sides[result.side].name}",
        lead="Each claim is a contrast between simulated wars with the same random draws, so that a difference is due"
        " to the change and not to chance. A claim that does not emerge is shown as it is.",
    )  # fmt: skip


def _verdicts(frame: pl.DataFrame) -> Table:
    rows: list[list[Any]] = []
    for row in frame.iter_rows(named=True):
        rows.append([
            f"{row['claim']} {row['name']}",
            Cell(row["verdict"], row["verdict"], tone(row["verdict"])),
            worded(row["effect"]), effect(row["value"], row["low"], row["high"], row["scale"]),
            worded(row["scale"]), f"{row['effects_shown']} of {row['effects_asked']}", row["p_adjusted"],
            worded(row["why"]),
        ])  # fmt: skip
    columns = ("claim", "verdict", "first effect", "size (90 % interval)", "scale", "effects as expected",
               "adjusted p", "why")  # fmt: skip
    return Table(columns, rows, "The claims and their verdicts.", note="p: one-sided, Benjamini-Hochberg over the"
                 " claims with directed effects; the verdicts are not adjusted.")  # fmt: skip


def _section(one: ClaimResult, effects: pl.DataFrame, result: ClaimsResult) -> Section:
    about = claim(one.id)
    blocks: list[Block] = [
        Prose([f"Contrast. {one.experiment.contrast}", f"Expected. {about.pattern}" + (
            f" Check. {about.check}" if about.check else ""), f"Verdict: {one.verdict}; {one.why}."])
    ]  # fmt: skip
    if effects.height:
        blocks.append(effects_table(effects))
    studies = estimates_for(one.id)
    picture = forest_plot(one.id, effects, studies)
    if picture:
        blocks.append(picture)
    if one.curve and one.experiment.curve:
        points, shown = result.curves.filter(pl.col("claim") == one.id), one.experiment.curve
        names = {m: MEASURE_NAMES.get(m, m) for m in shown.measures}
        if len(names) > 1:
            blocks.append(trade_off(points, names, shown.axis, trials.traded(points, names)))
        told = {m: trials.runs(label, shown.axis, points.filter(pl.col("measure") == m)) for m, label in names.items()}
        curves = [curve(points, m, shown.axis, names[m], told[m]) for m in names]
        blocks.append(Gallery(curves, shown.label))
    if studies.height:
        blocks.append(studies_table(studies))
    return Section(f"{one.id} {about.name}", blocks, lead=about.sentence)


def effects_table(effects: pl.DataFrame) -> Table:
    """The effects of one claim's experiment."""
    rows: list[list[Any]] = []
    for row in effects.iter_rows(named=True):
        tone = {"shows": "good", "denies": "bad", "open": "warn"}[row["answer"]] if row["role"] != "context" else ""
        needed = row["members_needed"]
        rows.append([
            worded(row["label"]), effect(row["value"], row["low"], row["high"], row["scale"]), worded(row["scale"]),
            row["role"], expected(row["expect"], row["target"], row["margin"]),
            Cell(ANSWERS[row["answer"]] + (f"; about {needed:,} members would tell" if needed else ""), None, tone),  # type: ignore[arg-type]
            row["arms"],
        ])  # fmt: skip
    columns = ("effect", "size (90 % interval)", "scale", "role", "expected", "answer", "means of the arms")
    return Table(columns, rows, "Effects between arms with the same random draws.", sortable=False)


def studies_table(studies: pl.DataFrame) -> Table:
    """What the evidence register holds on a claim, those that disagree included."""
    rows: list[list[Any]] = []
    tones = {"supports": "good", "contradicts": "bad", "null": "warn", "mixed": "warn", "context": "muted"}
    for row in studies.iter_rows(named=True):
        size = effect(row["effect"], row["effect_low"], row["effect_high"], row["effect_scale"])
        rows.append([
            Cell(row["short"], None, "", row["citation"], f"https://doi.org/{row['doi']}" if row["doi"] else ""),
            row["estimand"], "direction only" if row["effect"] is None else size, row["effect_scale"],
            Cell("no effect" if row["finding"] == "null" else row["finding"], None, tones[row["finding"]]),  # type: ignore[arg-type]
            row["sample"], row["not_shown"],
        ])  # fmt: skip
    columns = ("study", "what is estimated", "size (90 % interval)", "scale", "finding", "sample", "does not show")
    return Table(columns, rows, "What studies found, those that disagree included.")


def forest_plot(name: str, effects: pl.DataFrame, studies: pl.DataFrame) -> Any:
    """Model and studies in one picture, on the scale that most of the comparable estimates share."""
    if not effects.height:
        return None
    same = studies.filter(pl.col("comparable"))
    ratios = [s for s in effects["scale"] if s in RATIOS]
    scale = str(effects["scale"][0])
    family = RATIOS if scale in RATIOS or (ratios and not same.filter(pl.col("effect_scale") == scale).height) else (
        scale,
    )  # fmt: skip
    bars = [
        Bar(worded(r["label"]), r["value"], r["low"], r["high"], True)
        for r in effects.iter_rows(named=True)
        if r["scale"] in family and r["value"] is not None and r["role"] != "check"
    ]
    bars += [
        Bar(f"{r['short']}: {r['estimand']}", r["effect"], r["effect_low"], r["effect_high"], False)
        for r in same.iter_rows(named=True)
        if r["effect_scale"] in family and r["effect"] is not None
    ]
    title = trials.beside_studies(name, bars, scale in RATIOS)
    return forest(bars, worded(scale) if len(family) == 1 else "ratio", title)


def _mutations(table: pl.DataFrame) -> Table:
    rows: list[list[Any]] = []
    for row in table.iter_rows(named=True):
        flips = row["flips"]
        word = "nothing to flip" if flips is None else "yes" if flips else "no"
        rows.append([
            f"{row['claim']} {claim(row['claim']).name}", row["disabled"], row["intact"], row["disabled_verdict"],
            effect(row["value"], None, None, row["scale"]), effect(row["value_disabled"], None, None, row["scale"]),
            Cell(word, None, "muted" if flips is None else "good" if flips else "bad"),
        ])  # fmt: skip
    columns = ("claim", "disabled", "verdict", "verdict when disabled", "first effect", "when disabled", "flips")
    return Table(columns, rows, "The mechanism of each claim disabled in turn.")


def write_claims_report(folder: Path, result: ClaimsResult) -> Path:
    """Write `report.html` into a bundle of `claims`; returns its path.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    return write_page(folder / "report.html", claims_page(result))
