"""Disloyalty by form over time, one small picture per form and side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

import polars as pl

from allegiance.base.style import GREY
from allegiance.report.figures.canvas import canvas, count_axis, date_axis, svg
from allegiance.report.figures.marks import band, last
from allegiance.report.figures.past import UNKNOWN, Past, draw
from allegiance.report.findings import course
from allegiance.report.frames import bands
from allegiance.report.labels import count
from allegiance.report.page import Figure
from allegiance.world.quantities import BY_NAME


class Series(NamedTuple):
    """A column of the daily frame, how it is called, and what those counted do."""

    column: str
    title: str
    unit: str
    act: course.Act


SERIES = (
    Series("shirking", "Shirking now", "soldiers", course.Act("shirks", "shirk")),
    Series("refusing", "Refusing orders now", "soldiers", course.Act("refuses orders", "refuse orders")),
    Series("deserted", "Deserted so far", "soldiers", course.Act("deserts", "desert")),
    Series("defected", "Defected so far", "soldiers", course.Act("defects", "defect")),
    Series("in_mutiny", "In open mutiny now", "soldiers", course.Act("is in open mutiny", "are in open mutiny")),
    Series("imprisoned", "Imprisoned so far", "soldiers", course.Act("is imprisoned", "are imprisoned")),
)


def tops(totals: pl.DataFrame, columns: Iterable[str]) -> dict[str, float]:
    """The highest value that any side's 90 % band reaches, by column: what the axes of two sides share.

    Args:
        totals: `frames.side_totals` of all sides.
    """
    sides = [totals.filter(pl.col("side") == side) for side in totals["side"].unique()]
    highs = {c: [bands(side, c)["high"].max() for side in sides] for c in columns if c in totals.columns}
    return {c: max((float(str(v)) for v in found if v is not None), default=0.0) for c, found in highs.items()}


def disloyalty(
    name: str, start: date, totals: pl.DataFrame, top: Mapping[str, float] | None = None, of: Past = UNKNOWN,
    least: float = 1.0,
) -> list[Figure]:  # fmt: skip
    """One picture per form that the frame holds: soldiers of one side, median and bands over members.

    Args:
        name: the side's name in words.
        start: date of day 0.
        totals: rows of one side from `frames.side_totals`.
        top: column -> value that its axis must hold, see `tops`.
        of: the side's colour and past, see `figures.past`.
        least: people that one simulated soldier stands for; fewer are nobody.
    """
    known = top or {}
    shown = [series for series in SERIES if series.column in totals.columns]
    return [_one(name, start, totals, series, known.get(series.column, 0.0), of, least) for series in shown]


def _one(
    name: str, start: date, totals: pl.DataFrame, series: Series, top: float, of: Past, least: float
) -> Figure:  # fmt: skip
    quantiles = bands(totals, series.column)
    end = last(quantiles)
    with canvas(3.3, 2.3) as (figure, axes):
        band(axes, start, quantiles, of.colour)
        told = draw(axes, of, series.column)
        date_axis(axes)
        count_axis(axes, series.unit, top=top)
        said = (
            f"median {count(end['median'])}, 90 % interval {count(end['low'])} to {count(end['high'])} on the last day"
            if end
            else "no data"
        )
        alt = f"{series.title}, {name}, {series.unit} by date: {said}.{told}"
        tell = course.total if BY_NAME[series.column].kind == "cumulative" else course.level
        title = tell(name, series.act, totals, series.column, start, least)
        return Figure(svg(figure, alt), alt, title, f"{series.title}, {name}.")


def strength(name: str, start: date, totals: pl.DataFrame, top: float = 0.0, of: Past = UNKNOWN) -> Figure:
    """Soldiers under arms and, of them, those who obey; `top`: what the axis must hold. `of`: its colour and past."""
    present, obeying = bands(totals, "strength"), bands(totals, "effective")
    with canvas(4.6, 2.9) as (figure, axes):
        band(axes, start, present, GREY, "under arms")
        band(axes, start, obeying, of.colour, "obeying")
        told = draw(axes, of)
        date_axis(axes)
        count_axis(axes, "soldiers", top=top)
        axes.legend(loc="lower left", fontsize=9)
        a, b = last(present), last(obeying)
        said = (
            f"{count(a['median'])} under arms and {count(b['median'])} obeying on the last day (medians)"
            if a and b
            else "no data"
        )
        alt = f"Strength of {name} by date: {said}.{told}"
        return Figure(svg(figure, alt), alt, course.strength(name, totals), f"Strength of {name}.")
