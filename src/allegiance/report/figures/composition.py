"""Who serves: the share of each category of soldier over time."""

from __future__ import annotations

from datetime import date

import polars as pl

from allegiance.base.style import GREEN, GREY, ORANGE, PURPLE, SKY, YELLOW
from allegiance.report.figures.canvas import canvas, date_axis, share_axis, svg
from allegiance.report.figures.marks import band, last
from allegiance.report.figures.past import UNKNOWN, Past, draw
from allegiance.report.findings import course
from allegiance.report.frames import bands
from allegiance.report.labels import percent
from allegiance.report.page import Figure
from allegiance.world.soldiers import CATEGORIES

COLOURS = dict(zip(CATEGORIES, (SKY, ORANGE, PURPLE, GREEN, GREY, YELLOW), strict=True))
"""None of them a side's (`marks.SIDE_COLOURS`)."""


def composition(name: str, start: date, totals: pl.DataFrame, of: Past = UNKNOWN) -> Figure:
    """Shares of one side's soldiers under arms by category; categories that never reach 0.5 % are left out.

    Args:
        name: the side's name in words.
        start: date of day 0.
        totals: rows of one side from `frames.side_totals`.
        of: the side's past, see `figures.past`.
    """
    series = {c: bands(totals, f"share_{c}") for c in CATEGORIES if f"share_{c}" in totals.columns}
    shown = {c: q for c, q in series.items() if q.height and float(str(q["high"].max())) >= 0.005}
    with canvas(4.6, 3.0) as (figure, axes):
        for category, quantiles in shown.items():
            band(axes, start, quantiles, COLOURS[category], category)
        told = draw(axes, of)
        date_axis(axes)
        share_axis(axes, "share of soldiers under arms")
        axes.legend(ncols=3, fontsize=9, loc="upper center", bbox_to_anchor=(0.5, 1.2))
        said = "; ".join(
            f"{category} {percent(float(q['median'][0]))} at the start, {percent(last(q)['median'])} at the end"
            for category, q in shown.items()
        )
        alt = f"Composition of {name} by category of soldier over time (medians): {said}.{told}"
        return Figure(svg(figure, alt), alt, course.composition(name, totals), f"Who serves, {name}.")
