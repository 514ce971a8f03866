"""What a fit found: as a page of HTML, on the screen, and as the tables of docs/fit.md, all from one summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.experiments.store import plain
from allegiance.forecast.fit_score import verdict
from allegiance.inference.fit.recover import BINS
from allegiance.inference.fit.result import INFORMED, Fit
from allegiance.report.calibrate_page import ALT_RANKS, NOTE_RANKS, ranks_figure
from allegiance.report.figures.canvas import svg
from allegiance.report.findings import fits
from allegiance.report.fit_years_page import chance_rows, expected_rows, held_rows, rate_rows
from allegiance.report.html import write_page
from allegiance.report.page import Block, Bullets, Figure, Notice, Page, Section, Table
from allegiance.report.rivals_page import what
from allegiance.theory.stamp import theory_hash

Summary = Mapping[str, Any]
Rows = tuple[list[str], list[list[str]]]
SHOWN = 20
"""Parameters told on a page, the most informed first."""


def summary_of(found: Fit, scores: pl.DataFrame, compared: pl.DataFrame, look: int) -> dict[str, Any]:
    """All that the pages tell, ready for JSON."""
    parameters = plain(found.parameters)
    informed = [r for r in parameters if r["informed"]]
    combined = plain(found.combinations)
    covered = {r["quantity"]: r for r in plain(found.recovered.coverage)}
    worst = max((r["emulator_error"] for r in informed or parameters[:1]), default=0.0)
    said = [
        f"{len(informed)} of {len(parameters)} parameters are informed (posterior over prior spread"
        f" {INFORMED} or less).",
        f"90 % intervals hold the truth in {covered['all']['covered_90']:.0%} of {covered['all']['worlds']} synthetic"
        f" worlds, 50 % intervals in {covered['all']['covered_50']:.0%}.",
        f"What is not known of the emulator moves the means of these by at most {worst:.2f} of their spread.",
        f"{sum(r['informed'] for r in combined)} combinations of parameters are informed; along the one of which the"
        f" data say most the posterior is {combined[0]['spread']:.2f} as wide as the prior.",
        f"R-hat {found.posterior.rhat:.3f}, at least {found.posterior.ess:.0f} effective draws. Look {look} at the"
        " test.",
        verdict(compared),
    ]  # fmt: skip
    return {
        "title": found.study.title, "card": found.result.card, "theory_sha256": theory_hash(), "look": look,
        "said": said, "notes": list(found.notes), "emulators": [asdict(c) for c in found.checks],
        "not_emulated": list(found.not_emulated), "parameters": parameters, "combinations": combined,
        "observers": plain(found.observers),
        "decades": plain(found.decades), "groups": plain(found.groups), "coverage": list(covered.values()),
        "ranks": {n: np.histogram(found.recovered.ranks[:, k], BINS, (0, 1))[0].tolist()
                  for k, n in enumerate(found.recovered.names)},
        "scores": plain(scores), "comparisons": plain(compared),
    }  # fmt: skip


def emulator_rows(summary: Summary) -> Rows:
    """The check of each outcome's emulator on plays it never saw."""
    head = ["outcome", "in worlds", "gain by parameters", "slope", "error", "spread", "log score", "trees"]
    rows = [
        [c["outcome"], f"{c['events']} of {c['worlds']}", f"{c['gain']:.4f} ± {c['gain_se']:.4f}", f"{c['slope']:.2f}",
         f"{c['error']:.2f}", f"{c['spread']:.2f}", f"{c['log_score']:.4f}", f"{c['rival']:.4f}"]
        for c in summary["emulators"]
    ]  # fmt: skip
    return head, rows


def informed_rows(summary: Summary, most: int = SHOWN) -> Rows:
    """The parameters of which the data say most."""
    head = ["parameter", "prior (90 %)", "posterior (90 %)", "shift", "spread", "emulator"]
    rows = [
        [r["parameter"], f"{r['prior_median']:.3g} ({r['prior_low']:.3g} to {r['prior_high']:.3g})",
         f"{r['median']:.3g} ({r['low']:.3g} to {r['high']:.3g})", f"{r['shift']:+.2f}", f"{r['spread']:.2f}",
         f"{r['emulator_error']:.2f}"]
        for r in summary["parameters"][:most]
    ]  # fmt: skip
    return head, rows


def combination_rows(summary: Summary) -> Rows:
    """The combinations of parameters of which the data say most."""
    rows = [[r["of"], f"{r['shift']:+.2f}", f"{r['spread']:.2f}"] for r in summary["combinations"]]
    return ["weights of the heaviest parameters", "shift", "spread"], rows


def observer_rows(summary: Summary) -> Rows:
    """The observation model before and after."""
    rows = [
        [r["quantity"], f"{r['prior_median']:.2f} ({r['prior_low']:.2f} to {r['prior_high']:.2f})",
         f"{r['median']:.2f} ({r['low']:.2f} to {r['high']:.2f})", f"{r['spread']:.2f}"]
        for r in summary["observers"]
    ]  # fmt: skip
    return ["quantity", "prior (90 %)", "posterior (90 %)", "spread"], rows


def coverage_rows(summary: Summary) -> Rows:
    """How often intervals hold the truth in synthetic worlds."""
    rows = [
        [r["quantity"], f"{r['covered_50']:.0%}", f"{r['covered_90']:.0%}",
         "" if r["uniform_p"] is None else f"{r['uniform_p']:.2f}"]
        for r in summary["coverage"]
    ]  # fmt: skip
    return ["quantity", "50 % intervals hold", "90 % intervals hold", "p of uniform ranks"], rows


def group_rows(summary: Summary) -> Rows:
    """Coded rates beside those that the posterior expects."""
    rows = [
        [r["group"], ("NAVCO 2.1", "NAVCO 1.2")[r["coding"]], str(r["campaigns"]), f"{r['coded']:.2f}",
         f"{r['emulated']:.2f} ({r['low']:.2f} to {r['high']:.2f})", f"{r['fresh']:.2f}"]
        for r in summary["groups"]
    ]  # fmt: skip
    return ["campaigns", "coding", "how many", "coded yes", "expected (90 %)", "from fresh plays"], rows


def score_rows(summary: Summary) -> Rows:
    """Scores on campaigns that the forecast was not fitted to."""
    rows = [
        [what(r), r["model"], f"{r['log']:.3f} ({r['log_low']:.3f} to {r['log_high']:.3f})", f"{r['brier']:.3f}",
         f"{r['auc']:.2f} ({r['auc_low']:.2f} to {r['auc_high']:.2f})", f"{r['expected_observed']:.2f}"]
        for r in summary["scores"]
    ]  # fmt: skip
    return ["outcome", "model", "log score", "Brier", "AUC", "expected/observed"], rows


def compared_rows(summary: Summary) -> Rows:
    """Who is better than whom."""
    rows = [
        [what(r), f"{r['ours']} against {r['theirs']}",
         f"{r['difference']:+.4f} ({r['low']:+.4f} to {r['high']:+.4f})", r["verdict"]]
        for r in summary["comparisons"]
    ]  # fmt: skip
    return ["outcome", "compared", "log score, difference (95 %)", "verdict"], rows


def decade_rows(summary: Summary, most: int = 8) -> Rows:
    """What leaving a decade out does to the most informed parameters."""
    names = [r["parameter"] for r in summary["parameters"][:most]]
    decades = sorted({r["without"] for r in summary["decades"]})
    found = {(r["parameter"], r["without"]): r for r in summary["decades"]}
    rows = [
        [n, *(f"{found[n, d]['moved']:+.2f}, {found[n, d]['spread_ratio']:.2f}" for d in decades)] for n in names
    ]  # fmt: skip
    return ["parameter", *(f"without the {d}s" for d in decades)], rows


PARTS: Sequence[tuple[str, Any, str]] = (
    ("What the data inform", informed_rows, "Shift and spread: posterior mean and standard deviation in prior standard"
     " deviations. Emulator: what is not known of it, as a share of the spread."),
    ("Of which combinations of parameters the data say most", combination_rows, "What happened is a sum of many causes:"
     " where no parameter by itself is informed, a weighted sum of them may be."),
    ("Which decades inform it", decade_rows, "How far the mean moves by seeing the decade (in posterior spreads), and"
     " the spread without it over the spread with all."),
    ("How coders err", observer_rows, "The observation model; spread in prior standard deviations."),
    ("The emulator on plays it never saw", emulator_rows, "Gain: log score won by knowing the parameters. Slope: of"
     " what happened on its log-odds, 1 is right. Error: its own standard deviation, spread: between plays, both in"
     " log-odds. Trees: log score of boosted trees on the same columns."),
    ("Recovery of known parameters", coverage_rows, "Synthetic worlds, made with one emulator, fitted to with others."),
    ("Does the posterior expect what was coded?", group_rows, "Campaigns fitted to and of the test together; fresh"
     " plays: posterior draws played for real, with luck that the fit has not seen."),
    ("Scores where it was not fitted", score_rows, "95 % intervals of a bootstrap of countries."),
    ("Compared", compared_rows, "Below zero: the first is better. The last line of test years decides the default."),
)  # fmt: skip
"""Sections of a page: title, rows and a note on how to read them."""


_OF_BOTH = {title: (title, rows, note) for title, rows, note in PARTS}
OF_YEARS: Sequence[tuple[str, Any, str]] = (
    *(_OF_BOTH[title] for title in ("What the data inform", "Of which combinations of parameters the data say most",
                                    "Which decades inform it")),
    ("How mutinies are recorded", observer_rows, "The observation model; spread in prior standard deviations. Like its"
     " draft: correlation of an army's log-odds with those of its draft."),
    ("Share of mutinies recorded", rate_rows, "Posterior median and 90 % interval; unfree and free: a standard"
     " deviation below and above the mean of V-Dem's index. How many mutinies there are is not known from the"
     " record alone."),
    ("The emulators on plays they never saw", chance_rows, "Gain: log score of the log-odds won by knowing the"
     " parameters. Slope: of the chance on the emulated log-odds, by what parameters and by what armies tell, before it"
     " was corrected by it. Expected over played: in thirds that expect as much each, the unlikely first."
     " Explained: share of the variance of log-odds between plays. Error: its own standard deviation, spread: between"
     " plays, both in log-odds. Trees: log score of boosted trees on the same columns."),
    _OF_BOTH["Recovery of known parameters"],
    ("Does the posterior expect what is on record?", expected_rows, "State-years fitted to, each as many times as it"
     " stands for. As played: the chances of simulated wars themselves, so that what an army has of its own is not in"
     " them; fresh plays: posterior draws, with luck that the fit has not seen."),
    ("Scores where it was not fitted", held_rows, "95 % intervals of a bootstrap of countries; the years of the test"
     " are not among these."),
    ("Compared", compared_rows, "Below zero: the first is better."),
)  # fmt: skip
"""The same for a fit to state-years."""


def parts_of(summary: Summary) -> Sequence[tuple[str, Any, str]]:
    """The sections of a fit's page."""
    return OF_YEARS if summary.get("of") == "state-years" else PARTS


def fit_page(summary: Summary) -> Page:
    """The page of a fit."""
    brief: list[Block] = [Bullets([("", text) for text in summary["said"]])]
    if warned := [*summary["notes"], *(f"Not emulated: {text}" for text in summary["not_emulated"])]:
        brief.append(Notice([("", text) for text in warned], "To be known"))
    sections = []
    for title, rows, note in parts_of(summary):
        head, cells = rows(summary)
        blocks: list[Block] = [Table(head, cells, title, note=note)]
        if rows is coverage_rows:
            blocks.append(Figure(
                _ranks(summary), ALT_RANKS, fits.ranks(list(summary["ranks"].values())), NOTE_RANKS
            ))
        sections.append(Section(title, blocks))
    facts = [(k.replace("_", " "), str(v)) for k, v in summary["card"].items() if k != "study"]
    return Page(summary["title"], summary["said"][0], brief, sections, "Allegiance fit", facts=facts)


def _ranks(summary: Summary) -> str:
    """Histograms of the ranks; middles of the bins stand for the ranks."""
    middles = (np.arange(BINS) + 0.5) / BINS
    columns = [np.repeat(middles, counts) for counts in summary["ranks"].values()]
    return svg(ranks_figure(np.column_stack(columns), tuple(summary["ranks"])), ALT_RANKS)


def write_fit_report(folder: Path, summary: Summary) -> Path:
    """Write `report.html` of a fit into `folder` and return its path."""
    return write_page(folder / "report.html", fit_page(summary))
