"""Pictures of experiments: forest plots, curves, waterfalls, importance, differences by day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from allegiance.base.style import BLUE, CYCLE, GREEN, GREY, ORANGE, RED
from allegiance.report.effects_text import RATIOS, number
from allegiance.report.figures.canvas import INK, SOFT, canvas, date_axis, svg
from allegiance.report.frames import dates
from allegiance.report.page import Figure


@dataclass(frozen=True)
class Bar:
    """One row of a forest plot: a label, an effect with its interval, and who found it."""

    label: str
    value: float
    low: float | None
    high: float | None
    model: bool


def forest(bars: Sequence[Bar], scale: str, title: str) -> Figure | None:
    """Effects of the model and of studies on one scale; None without any. Ratios stand on a log axis."""
    bars = [b for b in bars if math.isfinite(b.value) and (scale not in RATIOS or b.value > 0)]
    if not bars:
        return None
    ratio = scale in RATIOS
    with canvas(7.2, 0.8 + 0.34 * len(bars)) as (figure, axes):
        for k, bar in enumerate(bars):
            y, colour = len(bars) - k, BLUE if bar.model else ORANGE
            ends = [e for e in (bar.low, bar.high) if e is not None and math.isfinite(e) and (not ratio or e > 0)]
            if len(ends) == 2:
                axes.plot(ends, [y, y], color=colour, linewidth=1.6)
            axes.plot([bar.value], [y], "s" if bar.model else "o", color=colour, markersize=5.5)
        axes.axvline(1 if ratio else 0, color=INK, linewidth=0.8)
        axes.set_yticks(range(len(bars), 0, -1), [_short(b.label) for b in bars], fontsize=8.5)
        axes.grid(False, axis="y")
        axes.set_ylim(0.4, len(bars) + 0.6)
        axes.set_xlabel(scale)
        if ratio:
            _log_axis(axes, [e for b in bars for e in (b.value, b.low, b.high) if e is not None and e > 0])
        told = "; ".join(f"{b.label} {number(b.value, ratio)}" for b in bars)
        caption = "Squares: this model; circles: studies; lines: 90 % intervals, where there are any."
        return Figure(svg(figure, f"{title}. {told}."), f"{title}. {told}.", title, caption)


def _short(text: str, most: int = 58) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _log_axis(axes: Any, values: Sequence[float]) -> None:
    axes.set_xscale("log")
    low, high = min(*values, 0.8), max(*values, 1.25)
    axes.set_xlim(max(low / 1.3, 1e-3), min(high * 1.3, 1e4))
    axes.xaxis.set_major_locator(LogLocator(base=10, subs=(1.0, 2.0, 5.0), numticks=12))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())


def curve(points: pl.DataFrame, measure: str, axis: str, label: str, title: str) -> Figure:
    """A measure along an axis, one line for each `line` in `points` (columns line, x, value, low, high)."""
    rows = points.filter(pl.col("measure") == measure)
    told = []
    with canvas(4.6, 3.0) as (figure, axes):
        for colour, (name, line) in zip(CYCLE, rows.group_by("line", maintain_order=True), strict=False):
            table = line.sort("x")
            x, y = table["x"].to_numpy(), table["value"].to_numpy().astype(float)
            axes.fill_between(
                x, table["low"].to_numpy().astype(float), table["high"].to_numpy().astype(float), color=colour,
                alpha=0.2, linewidth=0,
            )  # fmt: skip
            axes.plot(x, y, "o-", color=colour, label=str(name[0]), markersize=4)
            told.append(f"{name[0]}: " + ", ".join(f"{number(v)} at {u:g}" for u, v in zip(x, y, strict=True)))
        axes.set_xlabel(axis)
        axes.set_ylabel(label)
        if rows["line"].n_unique() > 1:
            axes.legend(fontsize=8.5)
        alt = f"{title}. {'; '.join(told)}."
        return Figure(svg(figure, alt), alt, title)


def trade_off(points: pl.DataFrame, names: dict[str, str], axis: str, title: str) -> Figure:
    """All measures of a curve in one picture, each as a multiple of its value at the start of the axis."""
    told = []
    with canvas(6.0, 3.6) as (figure, axes):
        for colour, (measure, label) in zip(CYCLE, names.items(), strict=False):
            table = points.filter(pl.col("measure") == measure).sort("x")
            base = float(table["value"][0] or 0.0)
            if base <= 0:
                continue
            x = table["x"].to_numpy()
            y, low, high = (table[c].to_numpy().astype(float) / base for c in ("value", "low", "high"))
            axes.fill_between(x, low, high, color=colour, alpha=0.15, linewidth=0)
            axes.plot(x, y, "o-", color=colour, label=label, markersize=4)
            told.append(f"{label} ×{number(float(y[-1]))} at {x[-1]:g}")
        axes.axhline(1, color=INK, linewidth=0.8)
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(base=10, subs=(1.0, 2.0, 5.0), numticks=12))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"×{v:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.set_xlabel(axis)
        axes.set_ylabel("relative to none (log scale)")
        axes.legend(fontsize=8.5)
        alt = f"{title}. {'; '.join(told)}."
        return Figure(svg(figure, alt), alt, title)


def waterfall(rows: pl.DataFrame, without: float, with_all: float, unit: str, label: str, title: str = "") -> Figure:
    """From a world without any condition to one with all, one step for each condition (label, shapley, low, high).

    `title`: what it shows, in a sentence; `label`, the outcome's name, if empty.
    """
    table = rows.sort("shapley", descending=True)
    labels = ["none of them", *table["name"], "all of them"]
    with canvas(6.4, 0.9 + 0.34 * len(labels)) as (figure, axes):
        top, at = len(labels), without
        axes.barh(top, without, color=GREY, height=0.6)
        for k, row in enumerate(table.iter_rows(named=True)):
            step = float(row["shapley"])
            axes.barh(top - 1 - k, step, left=at, color=RED if step > 0 else GREEN, height=0.6)
            if row["low"] is not None and math.isfinite(row["low"]):
                axes.plot([at + row["low"], at + row["high"]], [top - 1 - k] * 2, color=INK, linewidth=1.2)
            at += step
        axes.barh(1, with_all, color=GREY, height=0.6)
        axes.set_yticks(range(top, 0, -1), [_short(str(x), 44) for x in labels], fontsize=8.5)
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.grid(False, axis="y")
        axes.set_xlabel(f"{unit}; lines: 90 % interval of each step")
        told = "; ".join(f"{r['name']} {number(r['shapley'])}" for r in table.iter_rows(named=True))
        alt = f"{label}: from {number(without)} without any condition to {number(with_all)} with all. {told}."
        return Figure(svg(figure, alt), alt, title or label, f"{label}: from none of the conditions to all.")


def storm(rows: pl.DataFrame, label: str, title: str = "") -> Figure | None:
    """What single effects add up to, as a share of the joint effect (label, joint, beyond_sum, low, high); or None.

    `title`: what it shows, in a sentence; `label`, what is drawn, if empty.
    Outcomes whose joint effect is not told apart from none are left out, as a share of nothing says nothing.
    """
    shown = jointly(rows)
    if not shown.height:
        return None
    told = []
    with canvas(6.4, 1.0 + 0.34 * shown.height) as (figure, axes):
        for k, row in enumerate(shown.iter_rows(named=True)):
            y, joint = shown.height - k, float(row["joint"])
            share, one, other = (100 * (1 - float(row[c]) / joint) for c in ("beyond_sum", "low", "high"))
            axes.barh(y, 100, color=GREY, height=0.6, alpha=0.45)
            axes.plot(np.clip([one, other], -100, 300), [y, y], color=BLUE, linewidth=1.8)
            axes.plot([float(np.clip(share, -100, 300))], [y], "o", color=BLUE, markersize=5.5)
            told.append(f"{row['label']} {share:.0f} %")
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.axvline(100, color=INK, linewidth=0.8, linestyle=(0, (2, 2)))
        axes.set_yticks(range(shown.height, 0, -1), [_short(str(x), 44) for x in shown["label"]], fontsize=8.5)
        axes.grid(False, axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(6))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:.0f} %"))
        axes.set_xlabel("sum of the single effects, as a share of the joint effect")
        alt = f"{label}: {'; '.join(told)} of the joint effect."
        caption = f"{label}. Grey: all together; blue: the effects of each alone, added up, with a 90 % interval."
        return Figure(svg(figure, alt), alt, title or label, caption)


def jointly(rows: pl.DataFrame) -> pl.DataFrame:
    """Outcomes whose joint effect is told apart from none."""
    return rows.filter((pl.col("joint_low") > 0) | (pl.col("joint_high") < 0))


def importance(rows: pl.DataFrame, title: str) -> Figure:
    """First-order and total Sobol indices of the inputs that survived, with intervals; and the share that is luck."""
    table = rows.filter(pl.col("ST").is_not_null()).sort("ST", descending=True)
    names = [{"chance": "chance (of a single war)"}.get(n, n) for n in table["input"]]
    with canvas(6.8, 0.9 + 0.36 * len(names)) as (figure, axes):
        for k, row in enumerate(table.iter_rows(named=True)):
            y = len(names) - k
            colour = {"dummy": GREY, "chance": ORANGE}.get(str(row["kind"]), BLUE)
            for shift, index, filled in ((0.14, "ST", True), (-0.14, "S1", False)):
                if row[index] is None or row[f"{index}_low"] is None:
                    continue
                ends = [float(row[f"{index}_low"]), float(row[f"{index}_high"])]
                axes.plot(ends, [y + shift] * 2, color=colour, linewidth=1.4)
                face = colour if filled else "none"
                axes.plot([float(row[index])], [y + shift], "o", color=colour, markerfacecolor=face, markersize=5.5)
        axes.axvline(0, color=INK, linewidth=0.8)
        low, high = axes.get_xlim()
        axes.set_xlim(max(low, -1), min(max(high, 1.02), 2))
        axes.set_yticks(range(len(names), 0, -1), [_short(n, 52) for n in names], fontsize=8.5)
        axes.grid(False, axis="y")
        axes.set_xlabel("share of the variance (filled: total, open: alone), 90 % interval")
        told = "; ".join(f"{n} {number(v)}" for n, v in zip(names, table["ST"], strict=True))
        return Figure(svg(figure, f"{title}. Total indices: {told}."), f"{title}. Total indices: {told}.", title)


def difference_by_day(rows: pl.DataFrame, start: date, label: str, since: int | None, title: str = "") -> Figure:
    """Difference from the baseline by day with its interval (columns day, difference, low, high).

    `title`: what it shows, in a sentence; `label`, the quantity's name, if empty.
    """
    table = rows.sort("day")
    step = max(1, table.height // 240)
    table = table.gather_every(step)
    when = dates(start, table["day"])
    with canvas(4.6, 2.6) as (figure, axes):
        axes.fill_between(when, table["low"], table["high"], color=BLUE, alpha=0.22, linewidth=0)
        axes.plot(when, table["difference"], color=BLUE, linewidth=1.6)
        axes.axhline(0, color=INK, linewidth=0.8)
        if since is not None:
            axes.axvline(dates(start, pl.Series([since]))[0], color=SOFT, linewidth=1, linestyle=(0, (2, 2)))
        date_axis(axes)
        axes.set_ylabel("difference")
        last = table.row(-1, named=True)
        alt = (
            f"{label}: difference from the baseline by day, {number(last['difference'])} at the end"
            f" (90 % interval {number(last['low'])} to {number(last['high'])})."
        )
        return Figure(svg(figure, alt), alt, title or label, f"{label}: difference from the baseline by day.")


def differences(rows: pl.DataFrame, label: str, title: str = "") -> Figure | None:
    """Differences relative to the size of the baseline (columns label, whose), where it is not zero.

    `title`: what it shows, in a sentence; `label`, what is drawn, if empty.
    Log ratios are left out: they are relative already, and near parity a share of them means nothing.
    """
    shown = rows.filter((pl.col("baseline").abs() > 1e-9) & pl.col("low").is_finite() & (pl.col("unit") != "log ratio"))
    if not shown.height:
        return None
    with canvas(6.6, 0.9 + 0.3 * shown.height) as (figure, axes):
        for k, row in enumerate(shown.iter_rows(named=True)):
            y, base = shown.height - k, abs(float(row["baseline"]))
            colour = BLUE if row["excludes_zero"] else GREY
            at = np.clip([row["low"] / base, row["high"] / base], -2, 3)
            axes.plot(at, [y, y], color=colour, linewidth=1.8)
            axes.plot([float(np.clip(row["difference"] / base, -2, 3))], [y], "o", color=colour, markersize=5)
        axes.axvline(0, color=INK, linewidth=0.8)
        names = [f"{r['label']}" + (f" ({r['whose']})" if r["whose"] else "") for r in shown.iter_rows(named=True)]
        axes.set_yticks(range(shown.height, 0, -1), [_short(n, 52) for n in names], fontsize=8.5)
        axes.grid(False, axis="y")
        axes.xaxis.set_major_locator(MaxNLocator(7))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:+.0f} %"))
        axes.set_xlabel("change against the baseline (grey: interval includes none; cut at 300 %)")
        told = "; ".join(f"{n} {100 * r['difference'] / abs(r['baseline']):+.0f} %"
                         for n, r in zip(names, shown.iter_rows(named=True), strict=True))  # fmt: skip
        alt = f"{label}. {told}."
        return Figure(svg(figure, alt), alt, title or label, f"{label}.")
