"""The page of a monthly issue: for each outcome a map, who is high, who rose; what it rests on; last year's score."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.forecast.definitions import OUTCOMES
from allegiance.forecast.issue import Issue
from allegiance.forecast.ledger import Entry
from allegiance.forecast.monthly import Monthly
from allegiance.report.figures.canvas import svg
from allegiance.report.findings import records
from allegiance.report.forecast_figures import ranking
from allegiance.report.forecast_page import LIMITS, risen_table, risk_map, watched
from allegiance.report.html import write_page
from allegiance.report.page import Block, Bullets, Cell, Figure, Gallery, Notice, Page, Section, Stat, Stats, Table

SHOWN = 30
"""States of each outcome in the page's tables."""


def issue_page(
    monthly: Monthly, earlier: Mapping[tuple[str, int], Entry | None], before: pl.DataFrame | None, data: Path
) -> Page:
    """The page of `monthly`.

    Args:
        earlier: the ledger's last forecast of each kind before this one. before: scores of the issue of a year before.
    """
    far = max(h for _, h in monthly.issues)
    first = next(iter(monthly.issues.values()))
    stats = Stats([
        Stat(OUTCOMES[o].title, f"{issue.expected:.1f}", f"states expected within {h} months")
        for (o, h), issue in monthly.issues.items() if h == far
    ])  # fmt: skip
    notes = [monthly.warning] if monthly.warning else []
    notes += [f"{OUTCOMES[o].title}: not forecast, {why}" for o, why in monthly.left_out.items()]
    brief: list[Block] = [stats, *([Notice(notes, title="What this issue does not know")] if notes else [])]
    sections = [
        Section(OUTCOMES[o].title.capitalize(), _outcome(monthly, o, earlier, data), _lead(o))
        for o in dict.fromkeys(o for o, _ in monthly.issues)
    ]
    sections += [
        Section("The issue a year before", [_scores(before)], "What came of it, beside the world's rate then."),
        Section("Age of the data", [_ages(monthly)]),
        Section("Read with care", [Bullets(LIMITS)]),
    ]
    facts = [("as of", f"end of {monthly.as_of:%Y-%m}"), *((f"data: {n}", d[:16]) for n, d in first.data.items())]
    top = monthly.issues[next(iter(monthly.issues))[0], far].table.row(0, named=True)
    said = f"{top['country']} is highest at {100 * top['probability']:.2g} % within {far} months"
    return Page(f"Coups and mutinies after {monthly.as_of:%B %Y}", f"{said}.", brief, sections, "issue", facts=facts)


def _outcome(
    monthly: Monthly, outcome: str, earlier: Mapping[tuple[str, int], Entry | None], data: Path
) -> list[Block]:
    issues = {h: issue for (o, h), issue in monthly.issues.items() if o == outcome}
    far = max(issues)
    words = OUTCOMES[outcome].words
    pictures = [
        Figure(svg(risk_map(issues[far]), f"Map: {words}"), f"map of the probability of a {words}",
               records.highest(issues[far].table, words)),
        Figure(svg(ranking(issues[far].table, 15), "ranking"), "the fifteen highest forecasts",
               records.above_average(issues[far].table, 15)),
    ]
    blocks: list[Block] = [Gallery(pictures, f"within {far} months")]
    risen = watched(issues[far], earlier.get((outcome, far)), data)
    if risen is not None and risen.height:
        blocks.append(risen_table(risen))
    return [*blocks, _highest(issues)]


def _lead(outcome: str) -> str:
    words = OUTCOMES[outcome].words
    return f"{words[0].upper()}{words[1:]} ({OUTCOMES[outcome].source})."


def _highest(issues: Mapping[int, Issue]) -> Table:
    """The highest states with their probability at each horizon and the facts that stand out."""
    far = max(issues)
    at = {h: dict(issue.table.select("gwcode", "probability").iter_rows()) for h, issue in issues.items()}
    rows: list[list[Any]] = []
    for r in issues[far].table.head(SHOWN).to_dicts():
        span = f"{100 * r['low']:.2g} to {100 * r['high']:.2g}"
        cells = [Cell(f"{100 * at[h][r['gwcode']]:.2g}", at[h][r["gwcode"]]) for h in issues]
        rows.append([r["country"], r["region"], *cells, span, "; ".join(r["facts"] or [])])
    columns = ["state", "region", *(f"{h} m %" for h in issues), f"90 %, {far} m", "facts"]
    note = f"All {issues[far].table.height} states are in forecasts.csv, beside this page."
    return Table(columns, rows, f"The {len(rows)} highest: probability in per cent within some months", note)


def _scores(before: pl.DataFrame | None) -> Block:
    if before is None:
        return Bullets(["This ledger holds no forecast made twelve months before."])
    rows: list[list[Any]] = []
    for r in before.to_dicts():
        pairs = [
            f"{r[m]:.4g} ({r[f'{m}_climatology']:.4g})" if r[m] is not None else "–" for m in ("brier", "log")
        ]
        words = OUTCOMES[r["outcome"]].title
        rows.append([words, r["horizon"], round(r["expected"], 2), r["events"], *pairs, r["state"]])
    columns = ["outcome", "months", "expected", "happened", "Brier (climatology)", "log (climatology)", "state"]
    return Table(columns, rows, "Scores: lower is better")


def _ages(monthly: Monthly) -> Table:
    rows = [
        [a.feature.words, a.feature.table, f"{a.newest:%Y-%m}" if a.newest else "never", a.months, a.state]
        for a in monthly.ages
    ]
    return Table(["feature", "table", "newest known from", "months old", "state"], rows, "Age of every feature")


def write_issue(
    path: Path, monthly: Monthly, earlier: Mapping[tuple[str, int], Entry | None], before: pl.DataFrame | None,
    data: Path,
) -> Path:  # fmt: skip
    """Write the page; returns its path.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    return write_page(path, issue_page(monthly, earlier, before, data))
