"""Forest plot of effect sizes: the study, the range asked for and the model, row by row."""

from __future__ import annotations

import math

import polars as pl

from allegiance.base.style import BLUE, GREEN, GREY, ORANGE, RED
from allegiance.report.figures.canvas import INK, Picture, canvas

TONES = {"inside": GREEN, "outside": RED, "cannot be told": BLUE}


def forest(frame: pl.DataFrame) -> Picture:
    """One row per effect of `EffectsCheck.frame`, ratios and shares on one log axis."""
    rows = frame.to_dicts()
    floor = 0.02
    with canvas(8.6, 1.0 + 0.36 * len(rows)) as (figure, axes):
        for k, row in enumerate(rows):
            y = len(rows) - k
            axes.plot([max(row["must_low"], floor), row["must_high"]], [y, y], color=GREY, linewidth=7, alpha=0.35)
            if row["study"]:
                axes.plot([row["study"]], [y + 0.2], "o", color=ORANGE, markersize=4.5)
            if row["study_low"]:
                axes.plot([row["study_low"], row["study_high"]], [y + 0.2] * 2, color=ORANGE, linewidth=1.2)
            _model(axes, row, y, floor)
        axes.set_xscale("log")
        axes.set_xlim(floor, 60)
        ticks = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
        axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
        axes.minorticks_off()
        axes.axvline(1, color=INK, linewidth=0.6)
        axes.set_yticks(range(len(rows), 0, -1), [row["label"] for row in rows], fontsize=8)
        axes.set_ylim(0.3, len(rows) + 0.7)
        axes.set_xlabel("ratio, or share of simulated wars (log axis); orange: study; grey: range asked for")
        axes.grid(False, axis="y")
        return figure


def _model(axes: object, row: dict[str, float], y: float, floor: float) -> None:
    value = row["model"]
    if not math.isfinite(value):
        return
    colour = TONES[str(row["verdict"])]
    plot = axes.plot  # type: ignore[attr-defined]
    if math.isfinite(row["low"]):
        plot([max(row["low"], floor), max(row["high"], floor)], [y - 0.15] * 2, color=colour, linewidth=1.6)
    plot([max(value, floor)], [y - 0.15], "s", color=colour, markersize=5)
