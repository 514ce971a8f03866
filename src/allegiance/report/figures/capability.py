"""The balance of effective capability, its parity band, and the ground held."""

from __future__ import annotations

import math
from datetime import date

import polars as pl

from allegiance.base.style import GREEN, GREY
from allegiance.report.figures.canvas import INK, canvas, count_axis, date_axis, svg
from allegiance.report.figures.marks import band, last
from allegiance.report.figures.past import UNKNOWN, Past, draw
from allegiance.report.findings import course
from allegiance.report.frames import bands
from allegiance.report.labels import count
from allegiance.report.page import Figure

PARITY = math.log(1.25)
"""Parity: absolute log ratio of effective capability below this bound."""


def ratio_text(log_ratio: float) -> str:
    """A log ratio as odds of strength.

    >>> ratio_text(0.0), ratio_text(math.log(2)), ratio_text(-math.log(3))
    ('1 : 1', '2 : 1', '1 : 3')
    """
    if abs(log_ratio) < 1e-9:
        return "1 : 1"
    factor = f"{math.exp(abs(log_ratio)):.2g}"
    return f"{factor} : 1" if log_ratio > 0 else f"1 : {factor}"


def capability(
    attacker: str, defender: str, start: date, totals: pl.DataFrame, of: Past = UNKNOWN
) -> Figure | None:
    """Ratio of effective capability, attacker to defender, on a log axis; None where nobody fights back.

    Args:
        attacker, defender: names of the sides in words.
        start: date of day 0.
        totals: rows of one side from `frames.side_totals` (the ratio is the same on both).
        of: what happened, see `figures.past`.
    """
    quantiles = bands(totals, "capability_log_ratio")
    if not quantiles.height:
        return None
    reach = max(abs(float(str(quantiles[c].min()))) for c in ("low", "high"))
    reach = max(reach, *(abs(float(str(quantiles[c].max()))) for c in ("low", "high")), math.log(2)) * 1.05
    factors = (1, 1.5, 2, 3) if reach < math.log(4) else (1, 2, 5, 10, 30, 100)
    ticks = [t for f in factors for t in {math.log(f), -math.log(f)} if abs(t) <= reach]
    with canvas(4.6, 3.0) as (figure, axes):
        axes.axhspan(-PARITY, PARITY, color=GREEN, alpha=0.20, linewidth=0)
        axes.axhline(0, color=INK, linewidth=0.8)
        band(axes, start, quantiles, GREY)
        told = draw(axes, of)
        date_axis(axes)
        axes.set_ylim(-reach, reach)
        axes.set_yticks(sorted(ticks), [ratio_text(t) for t in sorted(ticks)])
        axes.set_ylabel("effective capability, log scale")
        notes = {"color": INK, "fontsize": 8.5, "transform": axes.transAxes}
        axes.text(0.99, 0.98, f"{attacker} stronger", ha="right", va="top", **notes)
        axes.text(0.99, 0.02, f"{defender} stronger", ha="right", va="bottom", **notes)
        axes.text(1.01, 0, "parity", va="center", color=INK, fontsize=8.5, transform=axes.get_yaxis_transform())
        first, end = float(quantiles["median"][0]), last(quantiles)
        alt = (
            f"Ratio of effective capability, {attacker} to {defender}: {ratio_text(first)} at the start,"
            f" {ratio_text(end['median'])} on the last day that is fought (median; 90 % interval"
            f" {ratio_text(end['low'])} to {ratio_text(end['high'])}). Parity lies between 1 : 1.25 and 1.25 : 1.{told}"
        )
        return Figure(svg(figure, alt), alt, "Balance of forces")


def area(attacker: str, start: date, totals: pl.DataFrame, of: Past = UNKNOWN) -> Figure | None:
    """Ground held by the attacker in km²; None where no ground is fought for."""
    quantiles = bands(totals, "area")
    if not quantiles.height or float(str(quantiles["high"].max())) <= 0:
        return None
    with canvas(4.6, 2.9) as (figure, axes):
        band(axes, start, quantiles, of.colour)
        told = draw(axes, of, "area")
        date_axis(axes)
        count_axis(axes, "km² held")
        end = last(quantiles)
        alt = (
            f"Ground held by {attacker} by date: median {count(end['median'])} km² on the last day,"
            f" 90 % interval {count(end['low'])} to {count(end['high'])}.{told}"
        )
        return Figure(svg(figure, alt), alt, course.ground(attacker, totals), f"Ground held by {attacker}.")
