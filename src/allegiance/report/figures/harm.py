"""What the war costs: civilians and soldiers killed, and the ladder of destruction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from allegiance.report.figures.canvas import canvas, count_axis, date_axis, svg
from allegiance.report.figures.marks import SIDE_COLOURS, band, last
from allegiance.report.figures.past import UNKNOWN, Past, draw
from allegiance.report.findings import course, sides
from allegiance.report.frames import bands
from allegiance.report.labels import count
from allegiance.report.page import Figure


def cumulative(
    names: Mapping[str, str], start: date, totals: pl.DataFrame, column: str, title: str, unit: str,
    pasts: Mapping[str, Past] | None = None, whose: str = "of {}",
) -> Figure:  # fmt: skip
    """A count that only grows, one line with bands per side.

    Args:
        names: side key -> name in words.
        start: date of day 0.
        totals: `frames.carried` totals of all sides.
        column: `civilians_killed` (by this side) or `killed` (of this side).
        title, unit: what is counted, for the caption and the axis.
        pasts: side key -> what happened to it, see `figures.past`.
        whose: a pattern for whose they are, for the title.
    """
    said, told = [], ""
    with canvas(4.6, 3.0) as (figure, axes):
        for colour, (side, name) in zip(SIDE_COLOURS, names.items(), strict=False):
            told += draw(axes, (pasts or {}).get(side, UNKNOWN), column)
            quantiles = bands(totals.filter(pl.col("side") == side), column)
            if not quantiles.height:
                continue
            band(axes, start, quantiles, colour, name)
            end = last(quantiles)
            said.append(f"{name} {count(end['median'])} ({count(end['low'])} to {count(end['high'])})")
        date_axis(axes)
        count_axis(axes, unit)
        if len(said) > 1:
            axes.legend(loc="upper left", fontsize=9)
        alt = f"{title} by date; on the last day, median and 90 % interval: {'; '.join(said)}.{told}"
        told = sides.counted(names, totals, column, unit.removesuffix(" so far"), whose)
        return Figure(svg(figure, alt), alt, told, f"{title}.")


def anybody(totals: pl.DataFrame, column: str) -> bool:
    """Whether a count reaches one person in any member."""
    return float(str(totals[column].max() or 0.0)) >= 1.0


def escalation(
    names: Mapping[str, str], start: date, totals: pl.DataFrame, pasts: Mapping[str, Past] | None = None
) -> Figure:
    """The level of destruction that each side has turned to."""
    said, told = [], ""
    with canvas(4.6, 3.0) as (figure, axes):
        for colour, (side, name) in zip(SIDE_COLOURS, names.items(), strict=False):
            told += draw(axes, (pasts or {}).get(side, UNKNOWN))
            quantiles = bands(totals.filter(pl.col("side") == side), "escalation")
            if not quantiles.height:
                continue
            band(axes, start, quantiles, colour, name, steps=True)
            end = last(quantiles)
            said.append(f"{name} level {end['median']:.0f} ({end['low']:.0f} to {end['high']:.0f})")
        date_axis(axes)
        axes.set_ylim(-0.15, 5.15)
        axes.set_yticks(range(6))
        axes.set_ylabel("level of destruction (0–5)")
        if len(said) > 1:
            axes.legend(loc="upper left", fontsize=9)
        alt = f"Level of destruction by date; on the last day, median and 90 % interval: {'; '.join(said)}.{told}"
        return Figure(svg(figure, alt), alt, sides.destruction(names, totals), "Level of destruction by side.")


def protest(name: str, start: date, totals: pl.DataFrame, of: Past = UNKNOWN) -> Figure | None:
    """People protesting at home each day; None if nobody ever does."""
    quantiles = bands(totals, "protest")
    if not quantiles.height or float(str(quantiles["high"].max())) <= 0:
        return None
    with canvas(4.6, 2.9) as (figure, axes):
        band(axes, start, quantiles, of.colour)
        told = draw(axes, of)
        date_axis(axes)
        count_axis(axes, "people protesting on the day")
        peak = float(str(quantiles["median"].max()))
        alt = f"Protest at home, {name}, people by date: median peaks at {count(peak)}.{told}"
        return Figure(svg(figure, alt), alt, course.protest(name, totals, start), f"Protest at home, {name}.")
