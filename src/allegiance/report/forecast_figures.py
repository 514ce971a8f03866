"""Pictures of forecasts: who is high and why, whether forecasts come true, and what beats what."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from matplotlib.ticker import FuncFormatter, NullFormatter

from allegiance.base.style import BLUE, GREY, ORANGE, RED, SKY
from allegiance.forecast.reasons import Reason
from allegiance.forecast.rolling import FINAL
from allegiance.report.figures.canvas import INK, SOFT, Picture, canvas


def ranking(table: pl.DataFrame, count: int = 20) -> Picture:
    """The highest forecasts with their intervals against the ex-ante climatology.

    Args:
        table: `country, probability, low, high, climatology`, highest first.
    """
    top = table.head(count).reverse()
    y = np.arange(top.height)
    with canvas(6.4, 0.6 + 0.24 * top.height) as (figure, axes):
        axes.hlines(y, 100 * top["low"], 100 * top["high"], color=SKY, linewidth=3)
        axes.plot(100 * top["probability"], y, "o", color=BLUE, markersize=5)
        axes.axvline(100 * float(top["climatology"][0]), color=GREY, linewidth=1, linestyle="--")
        axes.set_yticks(y, top["country"].to_list())
        axes.set_xlim(0, None)
        axes.set_xlabel("probability, % (bar: 90 % interval; dashed: world average)")
        axes.grid(axis="y", visible=False)
    return figure


def why(countries: list[str], pushes: list[list[Reason]]) -> Picture:
    """What raises and lowers the odds of the highest states, theme by theme (ridge logit).

    Args:
        countries: names, highest first. pushes: their reasons.
    """
    themes = list(dict.fromkeys(r.theme for row in pushes for r in row[:4]))
    with canvas(7.2, 0.9 + 0.42 * len(countries)) as (figure, axes):
        shades = [RED, ORANGE, BLUE, SKY, "#009E73", "#CC79A7", "#8C2D04", "#6E6E6E", "#F0E442", INK, "#56B4E9", SOFT]
        y = np.arange(len(countries))[::-1]
        left, right = np.zeros(len(countries)), np.zeros(len(countries))
        for k, name in enumerate(themes):
            push = np.array([sum(r.push for r in row if r.theme == name) for row in pushes])
            base = np.where(push >= 0, right, left)
            axes.barh(y, push, 0.65, base, color=shades[k % len(shades)], label=name)
            right, left = right + np.maximum(push, 0), left + np.minimum(push, 0)
        axes.axvline(0, color=SOFT, linewidth=0.8)
        axes.set_yticks(y, countries)
        axes.set_xlabel("push on the log-odds against the average state (0.7 doubles the odds)")
        axes.grid(axis="y", visible=False)
        axes.legend(fontsize=7.5, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.16 - 0.1 / len(countries)))
    return figure


def reliability_diagram(curves: dict[str, list[dict[str, float]]]) -> Picture:
    """Forecast against observed frequency, both on a logarithmic scale, with 95 % intervals.

    Args:
        curves: groups of `scores.reliability` by what they show.
    """
    colours = [BLUE, RED, "#009E73", ORANGE]
    with canvas(4.8, 4.2) as (figure, axes):
        seen: list[float] = []
        for k, (name, groups) in enumerate(curves.items()):
            x = np.array([g["forecast"] for g in groups])
            y = np.array([g["observed"] for g in groups])
            low = np.array([max(g["low"], 1e-6) for g in groups])
            high = np.array([g["high"] for g in groups])
            y = np.maximum(y, low)
            errors = np.vstack([y - low, np.maximum(high - y, 0)])
            axes.errorbar(x, y, errors, fmt="o-", color=colours[k % 4], markersize=4, linewidth=1, label=name)
            seen += [float(x.min()), float(x.max())]
        ends = [min(seen), max(seen)]
        axes.plot(ends, ends, color=GREY, linestyle="--", linewidth=1, label="came true exactly")
        axes.set_xscale("log")
        axes.set_yscale("log")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g} %"))
            axis.set_minor_formatter(NullFormatter())
        axes.set_xlabel("forecast probability")
        axes.set_ylabel("observed frequency")
        axes.legend(fontsize=8)
    return figure


def skill_bars(rows: list[dict[str, Any]]) -> Picture:
    """Skill of each model on the logarithmic score against the ex-ante climatology, with 95 % intervals.

    Args:
        rows: `model, log_skill, log_skill_low, log_skill_high`.
    """
    y = np.arange(len(rows))[::-1]
    value = np.array([100 * r["log_skill"] for r in rows])
    low = np.array([100 * r["log_skill_low"] for r in rows])
    high = np.array([100 * r["log_skill_high"] for r in rows])
    with canvas(5.6, 0.8 + 0.3 * len(rows)) as (figure, axes):
        axes.barh(y, value, 0.6, color=[BLUE if r["model"] == FINAL else SKY for r in rows])
        axes.hlines(y, low, high, color=INK, linewidth=1.2)
        axes.axvline(0, color=SOFT, linewidth=0.8)
        axes.set_yticks(y, [str(r["model"]) for r in rows])
        floor = max(float(np.nanmin(low)), -40.0)
        axes.set_xlim(min(floor, 0) * 1.05, None)
        axes.set_xlabel("log skill against the 15-year climatology, %")
        axes.grid(axis="y", visible=False)
    return figure


def by_year(years: np.ndarray[Any, Any], expected: dict[str, Any], happened: np.ndarray[Any, Any]) -> Picture:
    """Events expected and seen in each year: whether the level follows when rates turn.

    Args:
        years: shape (years,). expected: by model, shape (years,). happened: shape (years,).
    """
    with canvas(7.2, 2.9) as (figure, axes):
        axes.bar(years, happened, 0.8, color=SKY, label="happened")
        for colour, (name, values) in zip((BLUE, RED, ORANGE), expected.items(), strict=False):
            axes.plot(years, values, color=colour, linewidth=1.6, label=f"expected by {name}")
        axes.set_ylabel("events in the year")
        axes.legend(fontsize=8.5)
        axes.grid(axis="x", visible=False)
    return figure
