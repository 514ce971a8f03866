"""The report of `allegiance ukraine`: each monthly series as reported, fitted on 2022 and tested on 2023."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from matplotlib.ticker import FuncFormatter

from allegiance.base.style import BLUE, GREY, RED
from allegiance.inference.ukraine import RIVALS, Ukraine, band
from allegiance.inference.ukraine_data import FIT, MONTHS, SERIES, Series
from allegiance.report.figures.canvas import Picture, canvas, date_axis, svg
from allegiance.report.findings import records
from allegiance.report.html import write_page
from allegiance.report.labels import count, percent
from allegiance.report.page import Block, Bullets, Cell, Figure, Gallery, Page, Section, Table
from allegiance.report.verdicts import tone

MUTINY = 16
"""Month in which Wagner mutinied: June 2023."""


def ukraine_page(found: Ukraine, facts: Sequence[tuple[str, str]]) -> Page:
    """The page of the test by month."""
    words = {name: int((found.scores[f"{name}_verdict"] == "beaten").sum()) for name in RIVALS}
    of = int((found.scores["persistence_verdict"] != "no rival").sum())
    brief: list[Block] = [
        _scores(found.scores),
        _episodes(found.episodes),
        Bullets([
            ("As reported. ", "Latent numbers pass through reported share and delay before they meet data; shares are"
             " fitted to 2022 within their stated ranges."),
            ("Error of reports. ", "What reports of 2022 differ by from a member's series widens the forecast of"
             " 2023; the members alone are scored beside it."),
            ("Not told. ", "The model is given the decisions of 2022 and none of 2023."),
            ("Ends. ", f"In {found.over_by[FIT - 1]:.0%} of the weighted wars the war is over by the end of 2022, in"
             f" {found.over_by[-1]:.0%} by the end of 2023; it was over in neither."),
            ("Weights. ", f"{found.effective_draws:.1f} effective parameter draws; agreement with 2022 counts with"
             f" exponent {found.exponent:.2f}."),
        ]),
    ]  # fmt: skip
    figures = [Figure(svg(series_figure(found, s), _alt(s)), _alt(s), _finding(found, s)) for s in SERIES]
    risk = "Chance of a mutiny in Wagner by month"
    most = int(np.argmax(found.wagner))
    figures.append(Figure(
        svg(wagner_figure(found), risk), risk,
        f"Chance of a mutiny in Wagner highest in {MONTHS[most]:%B %Y}, {percent(float(found.wagner[most]))};"
        f" in {MONTHS[MUTINY]:%B %Y}, when it came, {percent(float(found.wagner[MUTINY]))}",
    ))  # fmt: skip
    return Page(
        title="The war for Ukraine by month", kicker="Allegiance ukraine", brief=brief, facts=facts,
        headline=f"On 2023, persistence is beaten on {words['persistence']} and a linear trend on {words['trend']} of"
        f" {of} series.",
        sections=[Section("Series", [Gallery(figures, "Blue: model, median and 90 % of what would be reported;"
                                     " red: reported; dotted: where the test year begins.", 2)])],
    )  # fmt: skip


def _finding(found: Ukraine, s: Series) -> str:
    """How many reported months lie inside the band."""
    shown = band(found, s)
    told = [(p.value, shown[m]) for p in found.points if p.series == s.name for m in p.months]
    above = sum(value > ends[2] for value, ends in told)
    below = sum(value < ends[0] for value, ends in told)
    return records.months(s.label, len(told) - above - below, above, below)


def _alt(s: Series) -> str:
    return f"{s.label} by month, February 2022 to December 2023: model and reported"


def _scores(frame: pl.DataFrame) -> Table:
    rows: list[list[Any]] = []
    for r in frame.iter_rows(named=True):
        cells: list[Any] = [r["label"], r["unit"], r["model"], r["bare"]]
        for name in RIVALS:
            verdict = r[f"{name}_verdict"]
            cells += [r[name], Cell(verdict, verdict, tone(verdict), _gap(r, name))]
        covered = None if r["covered_90"] is None else f"{r['covered_90']:.0%}"
        rows.append([*cells, covered, r["points"]])
    return Table(
        ["series", "unit", "model", "members alone", "persistence", "", "linear trend", "", "90 % covers", "points"],
        rows,
        "Continuous ranked probability score on 2023, lower is better",
        note="Verdicts: 90 % interval of the gap by moving blocks of three months; few points make it rough.",
    )  # fmt: skip


def _gap(row: dict[str, Any], name: str) -> str:
    low = row[f"{name}_low"]
    return "" if low is None else f"gap {low:+.3f} to {row[f'{name}_high']:+.3f}"


def _episodes(frame: pl.DataFrame) -> Table:
    rows = [[r["episode"], f"{r['chance']:.0%}"] for r in frame.iter_rows(named=True)]
    return Table(
        ["what happened", "chance in the model"], rows, "What was to come out without being told its date",
        note="The call-up of September 2022 and the recruitment in prisons are given as decisions; what they do to"
        " the dead is not.",
    )  # fmt: skip


def series_figure(found: Ukraine, s: Series) -> Picture:
    """One series: median and 90 % band of reports, reported points, start of the test year."""
    shown = band(found, s)
    with canvas(4.6, 2.5) as (figure, axes):
        axes.fill_between(MONTHS, shown[:, 0], shown[:, 2], color=BLUE, alpha=0.25, lw=0)
        axes.plot(MONTHS, shown[:, 1], color=BLUE)
        for p in (p for p in found.points if p.series == s.name):
            axes.plot([MONTHS[m] for m in p.months], [p.value] * len(p.months), "o-", color=RED, ms=3, lw=1)
        axes.axvline(MONTHS[FIT], color=GREY, ls=":")
        axes.set_title(s.label, fontsize=9)
        if s.kind == "flow":
            axes.set_yscale("symlog", linthresh=100)
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: count(value)))
        axes.set_ylim(bottom=0)
        date_axis(axes)
        return figure


def wagner_figure(found: Ukraine) -> Picture:
    """Weighted chance of a mutiny in Wagner by month."""
    with canvas(4.6, 2.5) as (figure, axes):
        axes.bar(MONTHS, found.wagner, width=24, color=BLUE)
        axes.axvline(MONTHS[MUTINY], color=RED, ls=":")
        axes.set_title("Wagner: chance of a mutiny in the month", fontsize=9)
        axes.set_ylim(bottom=0)
        date_axis(axes)
        return figure


def write_ukraine_report(folder: Path, found: Ukraine, facts: Sequence[tuple[str, str]]) -> Path:
    """Write `report.html` of the test by month into `folder` and return its path."""
    return write_page(folder / "report.html", ukraine_page(found, facts))
