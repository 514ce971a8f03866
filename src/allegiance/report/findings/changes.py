"""Titles of charts of comparisons, attributions, updates and sweeps: what a change does, and whether that is sure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from allegiance.cases.schema import Case
from allegiance.report.effects_text import effect, number
from allegiance.report.findings.course import FLAT, between, on_day, whole
from allegiance.report.meaning import change, leading, material, sure
from allegiance.world.columns import Array

LOG_RATIO = 0.02
"""Smallest difference of a log ratio that is told of."""


def outcomes(case: Case, rows: Sequence[dict[str, Any]]) -> str:
    """The change that leads by the editor's rule, and how many outcomes change by a readable size.

    Args:
        rows: rows of one what-if as `report.meaning` reads them.
    """
    told = [r for r in rows if sure(r) and material(r)]
    if not told:
        return "No outcome changes by a readable size beyond its interval"
    many = f"{len(told)} of {len(rows)} outcomes change by a readable size"
    moved, _ = leading(list(rows))
    if not moved:
        return f"{many}, none of them a form of disloyalty"
    said = change(case, moved[0]).partition(" (")[0]
    return f"{said[0].upper()}{said[1:]}; {many}"


def by_day(label: str, rows: pl.DataFrame, start: date, since: int | None, step: float, ratio: bool = False) -> str:
    """What the difference comes to on the last day, and since when it is there.

    Args:
        rows: columns day, difference, low, high. since: day from which it is told apart from none, if any.
        step: people that one simulated soldier stands for. ratio: the quantity is a log ratio and not people.
    """
    last = rows.sort("day").row(-1, named=True)
    said = at_the_end(label, last["difference"], last["low"], last["high"], step, ratio)
    if since is None:
        return said
    when = f"since {on_day(start, since)}"
    if sure(last):
        return f"{said}, there {when}" if said.endswith(")") else said
    return f"{said}, one {when} that does not last"


def at_the_end(label: str, difference: float, low: float, high: float, step: float, ratio: bool = False) -> str:
    """What a difference on the last day comes to, if it is sure and of a readable size; arguments as in `by_day`.

    >>> at_the_end("Deserters", 109.0, 100.0, 118.0, 1.0), at_the_end("Deserters", 109.0, -1.0, 219.0, 1.0)
    ('Deserters: 109 more at the end (100 to 118)', 'Deserters: no clear difference at the end')
    """
    if not sure({"low": low, "high": high}):
        return f"{label}: no clear difference at the end"
    if abs(difference) < (LOG_RATIO if ratio else max(1.0, step)):
        return f"{label}: no material change at the end"
    text = number if ratio else whole
    more = ("higher" if difference > 0 else "lower") if ratio else ("more" if difference > 0 else "fewer")
    ends = sorted((abs(low), abs(high)))
    return f"{label}: {text(abs(difference))} {more} at the end ({text(ends[0])} to {text(ends[1])})"


def steps(label: str, ranked: Sequence[dict[str, Any]], readable: Sequence[dict[str, Any]]) -> str:
    """The condition that contributes most to an outcome, if its interval leaves out zero and it is of a readable size.

    Args:
        ranked: rows with condition, shapley, low, high, unit; the largest contribution first.
        readable: those of them that are large enough to be told of, in the same order.
    """
    if not any(r["shapley"] and sure(r) for r in ranked):
        return f"{label}: no condition's contribution is told apart from none"
    told = [r for r in readable if sure(r)]
    if not told:
        return f"{label}: no condition changes it by a readable size"
    top = told[0]
    size = effect(top["shapley"], top["low"], top["high"], top["unit"])
    return f"{label}: most comes from {top['condition'].replace('-', ' ')}, {size}"


def together(rows: pl.DataFrame) -> str:
    """For how many outcomes all conditions together do other than the sum of each alone.

    Args:
        rows: outcomes with a readable joint effect that is told apart from none: joint, beyond_sum, low, high.
    """
    if not rows.height:
        return "All conditions together change no outcome by a readable size beyond its interval"
    more = less = 0
    for r in rows.iter_rows(named=True):
        if sure(r):
            further = r["beyond_sum"] * r["joint"] > 0
            more, less = more + further, less + (not further)
    if not more + less:
        return f"In none of {rows.height} outcomes do conditions together differ from the sum of each alone"
    told = [f"more in {more}"] * bool(more) + [f"less in {less}"] * bool(less)
    return f"Together conditions do {' and '.join(told)} of {rows.height} outcomes than the sum of each alone"


def after_reports(label: str, before: Array, after: Array, people: bool) -> str:
    """What the last day comes to before and after the reports.

    Args:
        before, after: the quantity on the last day of each war, prior and updated.
    """
    text = whole if people else number
    was, now = (float(pl.Series(v).median() or 0.0) for v in (before, after))  # type: ignore[arg-type]
    if abs(now - was) < FLAT * max(abs(now), abs(was)) or (people and abs(now - was) < 1):
        return f"{label}: the reports hardly move it, {between(after, text)} at the end"
    return f"{label}: {between(after, text)} at the end, before the reports {between(before, text)}"


def swept(label: str, path: str, rows: pl.DataFrame) -> str:
    """How an outcome differs between the ends of a number.

    Args:
        rows: in the order of the number, columns path, median, low, high.
    """
    known = rows.drop_nulls(["median", "low", "high"])
    if known.height < 2:
        return f"{label}: too few points to tell"
    a, b = known.row(0, named=True), known.row(-1, named=True)
    ends = f"{number(a['median'])} at {a[path]:g}, {number(b['median'])} at {b[path]:g}"
    if a["high"] < b["low"] or b["high"] < a["low"]:
        return f"{label} {'rises' if b['median'] > a['median'] else 'falls'} with {path}: {ends}"
    return f"{label}: the intervals at both ends of {path} overlap, {ends}"
