"""Marks shared by pictures over time: bands with a median, dated events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from allegiance.base.style import BLUE, RED
from allegiance.report.figures.canvas import SOFT
from allegiance.report.frames import dates, thin

SIDE_COLOURS = (RED, BLUE)
"""Attacker, defender: in a report of a war a colour is a side, and these two are nothing else."""
BAND_NOTE = "Lines: median over members; dark bands: 50 % interval; light bands: 90 % interval."


def band(axes: Any, start: date, quantiles: pl.DataFrame, colour: str, label: str = "", steps: bool = False) -> None:
    """Draw the 90 % and 50 % bands and the median of a series of quantiles (see `frames.bands`)."""
    shown = thin(quantiles)
    when = dates(start, shown["day"])
    step = "post" if steps else None
    axes.fill_between(when, shown["low"], shown["high"], color=colour, alpha=0.18, linewidth=0, step=step)
    axes.fill_between(when, shown["q25"], shown["q75"], color=colour, alpha=0.30, linewidth=0, step=step)
    style = {"drawstyle": "steps-post"} if steps else {}
    axes.plot(when, shown["median"], color=colour, linewidth=1.8, label=label or None, **style)


def decisions(axes: Any, moments: Sequence[date]) -> None:
    """Thin dotted lines at dated decisions that were in force."""
    for moment in moments:
        axes.axvline(moment, color=SOFT, linewidth=0.8, linestyle=(0, (1, 2)), zorder=0)


def last(quantiles: pl.DataFrame) -> dict[str, float]:
    """The quantiles of the last day, by name; empty if there is none."""
    return quantiles.drop("day").row(-1, named=True) if quantiles.height else {}
