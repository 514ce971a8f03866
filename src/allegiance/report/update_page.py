"""The report of `allegiance update`: prior against updated curves and probabilities."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.style import BLUE, GREY
from allegiance.inference.nowcast import Nowcast
from allegiance.report.figures.canvas import canvas, date_axis, svg
from allegiance.report.findings.changes import after_reports
from allegiance.report.html import write_page
from allegiance.report.page import Block, Bullets, Figure, Gallery, Page, Section, Table
from allegiance.world.columns import Array

CURVES = {
    "deserted": "deserted so far, soldiers", "killed": "killed so far, soldiers",
    "grievance": "grievance, mean of forces",
    "shirking": "shirking now, soldiers",
}  # fmt: skip


def update_page(result: Nowcast) -> Page:
    """The page of a nowcast."""
    summary = result.summary()
    day = result.seen.information_date
    brief: list[Block] = [_probabilities(summary), *_curves(result)[:1]]
    seen = [
        [f"{o.side}: {o.what or o.kind}", o.by.isoformat(), o.value, "at least" if o.at_least else "", o.source]
        for o in result.seen.observations
    ]
    return Page(
        title=f"{result.case.title}: given what was reported by {day:%-d %B %Y}",
        kicker=f"Allegiance update · {result.spec.members} members, {result.effective:.1f} of them effective",
        headline=f"{result.effective:.0f} of {result.spec.members} members' worth agrees with what was seen.",
        brief=brief,
        sections=[
            Section("What was seen", [Table(["observation", "by", "value", "", "source"], seen, "Observations used")]),
            Section("Curves", _curves(result)),
            Section("How", [Bullets([
                ("Weights. ", "Each member is weighted by its agreement with the observations as they would have been"
                 " reported; latent numbers are never compared with reports."),
                ("New days. ", "Members are drawn by weight; the days after the information date are played anew."),
                ("Few effective members ", "mean that few wars agree with what was seen; the numbers are rough."),
            ])]),
        ],
    )  # fmt: skip


def _probabilities(summary: dict[str, Any]) -> Table:
    rows: list[list[Any]] = []
    for side, forms in summary["prior"]["outcomes"].items():
        for form, before in forms.items():
            after = summary["updated"]["outcomes"][side][form]
            rows.append([f"{side}: {form.replace('_', ' ')}", _shown(before), _shown(after)])
    return Table(["outcome over the horizon", "prior", "updated"], rows, "Probability with 90 % interval")


def _shown(p: dict[str, Any]) -> str:
    return f"{p['probability']:.0%} ({p['interval'][0]:.0%}–{p['interval'][1]:.0%})"


def _curves(result: Nowcast) -> list[Block]:
    blocks: list[Block] = []
    for side, known in result.case.sides.items():
        figures = [_curve(result, side, known.name, column, label) for column, label in CURVES.items()]
        blocks.append(
            Gallery(figures, f"{known.name}. Grey: prior, blue: updated; line median, band 90 % of members.", 2)
        )
    return blocks


def _curve(result: Nowcast, side: str, name: str, column: str, label: str) -> Figure:
    alt = f"{name}: {label}, prior and updated, by date"
    with canvas(4.6, 2.6) as (figure, axes):
        for frame, colour in ((result.prior_daily, GREY), (result.daily, BLUE)):
            table = _by_day(frame, side, column)
            dates = [result.case.start + timedelta(days=int(d)) for d in table["day"]]
            axes.fill_between(dates, table["low"], table["high"], color=colour, alpha=0.25, lw=0)
            axes.plot(dates, table["middle"], color=colour)
        axes.axvline(result.seen.information_date, color=GREY, ls=":")
        axes.set_ylabel(label, fontsize=8)
        axes.set_ylim(bottom=0)
        date_axis(axes)
        before, after = (_ends(frame, side, column) for frame in (result.prior_daily, result.daily))
        title = after_reports(f"{name}, {label.partition(',')[0]}", before, after, column != "grievance")
        return Figure(svg(figure, alt), alt, title, f"{name}: {label}.")


def _ends(frame: pl.DataFrame, side: str, column: str) -> Array:
    """The quantity on the last day of each war."""
    last = _totals(frame, side, column).sort("day").group_by("member").agg(pl.col("value").last())
    return np.asarray(last.sort("member")["value"].to_numpy(), float)


def _totals(frame: pl.DataFrame, side: str, column: str) -> pl.DataFrame:
    own = frame.filter(pl.col("side") == side)
    gather = pl.col(column).mean() if column == "grievance" else pl.col(column).sum()
    return own.group_by("member", "day").agg(gather.alias("value"))


def _by_day(frame: pl.DataFrame, side: str, column: str) -> pl.DataFrame:
    return (
        _totals(frame, side, column)
        .group_by("day")
        .agg(
            pl.col("value").quantile(0.05).alias("low"),
            pl.col("value").median().alias("middle"),
            pl.col("value").quantile(0.95).alias("high"),
        )
        .sort("day")
    )


def write_update_report(folder: Path, result: Nowcast) -> Path:
    """Write `report.html` of a nowcast into `folder` and return its path."""
    return write_page(folder / "report.html", update_page(result))
