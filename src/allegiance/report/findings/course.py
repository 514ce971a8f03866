"""Titles of charts over time of one side of a run: what rises, peaks, falls or hardly changes.

"At the end" is the last day of each war, whenever that is, so that long wars do not stand for all. Medians are over
wars; brackets hold the 90 % interval.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import polars as pl

from allegiance.report.labels import count, people, percent, span
from allegiance.world.columns import Array
from allegiance.world.soldiers import CATEGORIES

FLAT = 0.1
"""Change relative to the larger end below which a curve hardly changes."""
POINTS = 0.05
"""Change of a share below which it hardly changes."""
FEW = 0.001
"""Share of the soldiers of the first day below which those who do something at a time are hardly anybody."""


def per_war(totals: pl.DataFrame, column: str) -> pl.DataFrame:
    """First, last and highest value of each war: columns member, first, last, most; wars without a value left out.

    Args:
        totals: rows of one side from `frames.side_totals`.
    """
    value = pl.col(column).cast(pl.Float64).fill_nan(None)
    known = totals.filter(value.is_not_null()).sort("member", "day")
    return known.group_by("member", maintain_order=True).agg(
        value.first().alias("first"), value.last().alias("last"), value.max().alias("most")
    )


class Act(NamedTuple):
    """What those counted do, of one and of many: "deserts", "desert"."""

    one: str
    many: str


def whole(value: float) -> str:
    """People, of whom there are no halves.

    >>> whole(12.4), whole(0.3), whole(0.0)
    ('12', 'fewer than 1', '0')
    """
    return people(value if value < 1 else float(round(value)))


def between(values: Array, text: Callable[[float], str] = whole) -> str:
    """A median with the 90 % interval of the values, or the median alone where the ends of it read the same.

    >>> between(np.array([10.0, 20.0, 30.0])), between(np.array([7.0, 7.0]))
    ('20 (11–29)', '7')
    """
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    ends = span((low, high), text)
    return text(float(middle)) + (f" ({ends})" if "–" in ends else "")


def total(name: str, act: Act, totals: pl.DataFrame, column: str, start: date, least: float = 1.0) -> str:
    """A count that only grows: how many at the end, and by when half of them.

    Args:
        totals: rows of one side from `frames.side_totals`.
        act: what those counted do.
        start: date of day 0.
        least: people that one simulated soldier stands for; fewer are nobody.
    """
    last = per_war(totals, column)["last"].to_numpy()
    if not len(last):
        return f"{name}: nothing is known of those who {act.many}"
    if last.max() < least:
        return f"{name}: nobody {act.one} in any war"
    if np.median(last) < least:
        return f"{name}: nobody {act.one} in {percent(float(np.mean(last < least)))} of wars"
    middle = _medians(totals, column)
    half = middle.filter(pl.col("median") >= 0.5 * pl.col("median").max())["day"].min()
    when = f", half of them by {on_day(start, half)}" if isinstance(half, int) and half > 0 else ""
    return f"{name}: {between(last)} {act.many} until the end{when}"


def level(name: str, act: Act, totals: pl.DataFrame, column: str, start: date, least: float = 1.0) -> str:
    """A count that comes and goes: whether it rises, falls, peaks or stays, or shows on single days only.

    A median over wars is told of days that at least half of the wars see.

    Args:
        as in `total`.
    """
    most = per_war(totals, column)["most"].to_numpy()
    if not len(most):
        return f"{name}: nothing is known of those who {act.many}"
    if most.max() < least:
        return f"{name}: nobody {act.one} in any war"
    curve = _medians(totals, column)
    values = curve["median"].to_numpy()
    peak = int(values.argmax())
    if values[peak] < least:
        if np.median(most) < least:
            return f"{name}: nobody {act.one} in {percent(float(np.mean(most < least)))} of wars"
        return f"{name}: {between(most)} {act.many} on the worst day of a war, on most days nobody"
    first, last, top = float(values[0]), float(values[-1]), float(values[peak])
    serving = per_war(totals, "strength")["first"].median() if "strength" in totals.columns else None
    if isinstance(serving, float) and top < FEW * serving:
        return f"{name}: hardly anybody {act.one}, {whole(top)} of {whole(serving)} at most"
    if top - values.min() < max(FLAT * top, least):
        return f"{name}: the number of those who {act.many} hardly changes, {whole(top)} at most"
    ends = (1 - FLAT) * top
    if min(first, last) >= ends:
        low = int(values.argmin())
        when = on_day(start, curve["day"][low])
        return f"{name}: those who {act.many} dip to {whole(float(values[low]))} about {when}"
    if last >= ends:
        return f"{name}: those who {act.many} rise from {whole(first)} to {whole(last)}"
    if first >= ends:
        return f"{name}: those who {act.many} fall from {whole(first)} to {whole(last)}"
    when = on_day(start, curve["day"][peak])
    return f"{name}: {whole(top)} {act.many} at the peak, about {when}, {whole(last)} at the end"


def strength(name: str, totals: pl.DataFrame) -> str:
    """Soldiers under arms at first and at the end, and how many of them obey at the end."""
    present, obeying = per_war(totals, "strength"), per_war(totals, "effective")
    if not present.height:
        return f"{name}: nobody is under arms"
    first, last = (float(np.median(present[c].to_numpy())) for c in ("first", "last"))
    moved = f"hardly changes ({count(first)})"
    if abs(last - first) >= FLAT * max(first, last):
        moved = f"{'grows' if last > first else 'shrinks'} from {count(first)} to {count(last)}"
    here = present.join(obeying, on="member", suffix="_obeying").filter(pl.col("last") > 0)
    part = (here["last_obeying"] / here["last"]).to_numpy()
    obey = f"; {between(part, percent)} of them obey at the end" if len(part) else ""
    return f"{name}'s strength {moved}{obey}"


def composition(name: str, totals: pl.DataFrame) -> str:
    """The category of soldier whose share changes most between the first and the last day."""
    ends = {c: per_war(totals, f"share_{c}") for c in CATEGORIES if f"share_{c}" in totals.columns}
    known = {c: (float(np.median(t["first"])), float(np.median(t["last"]))) for c, t in ends.items() if t.height}
    if not known:
        return f"{name}: nothing is known of who serves"
    moved = max(known, key=lambda c: abs(known[c][1] - known[c][0]))
    first, last = known[moved]
    if abs(last - first) < POINTS:
        most = max(known, key=lambda c: known[c][0])
        return f"{name}: who serves hardly changes; {percent(known[most][0])} are {most} at first"
    word = "grows" if last > first else "shrinks"
    return f"{name}: the share of {moved} soldiers {word} from {percent(first)} to {percent(last)}"


def ground(name: str, totals: pl.DataFrame) -> str:
    """Ground held at first and at the end, in km²."""
    held = per_war(totals, "area")
    first, last = (held[c].to_numpy() for c in ("first", "last"))
    a, b = float(np.median(first)), float(np.median(last))
    if abs(b - a) < FLAT * max(a, b, 1.0):
        return f"{name} neither gains nor loses much ground in half of the wars ({count(b)} km²)"
    return f"{name} {'gains' if b > a else 'loses'} ground: {count(a)} km² at first, {between(last)} at the end"


def protest(name: str, totals: pl.DataFrame, start: date) -> str:
    """When most people protest."""
    curve = _medians(totals, "protest")
    values = curve["median"].to_numpy()
    if values.max() < 1:
        some = float(np.mean(per_war(totals, "protest")["most"].to_numpy() >= 1))
        if some == 0:
            return f"{name}: nobody protests in any war"
        return f"{name}: on most days nobody protests, at some time people do in {percent(some)} of wars"
    peak = int(values.argmax())
    if values.max() - values.min() < FLAT * values.max():
        return f"{name}: protest hardly changes, at most {count(float(values.max()))} people a day"
    return f"{name}: protest peaks at {count(float(values[peak]))} people, about {on_day(start, curve['day'][peak])}"


def _medians(totals: pl.DataFrame, column: str) -> pl.DataFrame:
    """Median over wars by day, on days that at least half of them see: columns day, median."""
    value = pl.col(column).cast(pl.Float64).fill_nan(None)
    wars = totals["member"].n_unique()
    seen = totals.filter(value.is_not_null()).group_by("day").agg(value.median().alias("median"), pl.len().alias("n"))
    return seen.filter(pl.col("n") >= wars / 2).sort("day").select(pl.col("day").cast(pl.Int64), "median")


def on_day(start: date, day: int) -> str:
    """The date of a day of the run, day 0 being `start`."""
    return f"{start + timedelta(days=int(day)):%-d %B %Y}"
