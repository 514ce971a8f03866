"""Titles of charts that hold a model or a forecast against what happened, and of charts of what happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from allegiance.report.labels import percent, plural

SHOWN = 3
"""States named in a title."""


def months(label: str, inside: int, above: int, below: int) -> str:
    """How many months of a record lie inside the model's interval, and to which side the others.

    >>> months("Killed", 3, 1, 8), months("Killed", 2, 0, 0), months("Killed", 0, 0, 0)
    ('Killed: 3 of 12 months inside the interval, 1 above and 8 below', 'Killed: all 2 months inside the interval', \
'Killed: no month on record')
    """
    of = inside + above + below
    if not of:
        return f"{label}: no month on record"
    if inside == of:
        return f"{label}: all {of} months inside the interval"
    others = [f"{n} {word}" for n, word in ((above, "above"), (below, "below")) if n]
    return f"{label}: {inside} of {of} months inside the interval, {' and '.join(others)}"


def left(hit: int, of: int) -> str:
    """How many coded shares of those who left are met."""
    return f"The forecast of who left meets the coded range in {hit} of {of} cases" if of else "No case was scored"


def coded(title: str, chances: Sequence[tuple[str, float]]) -> str:
    """What the forecast gave to what was coded of a case.

    Args:
        chances: outcome and the probability given to the level that was coded.
    """
    return f"{title}: what happened was given " + ", ".join(f"{percent(p)} ({name})" for name, p in chances)


def highest(table: pl.DataFrame, words: str, column: str = "probability") -> str:
    """The states that stand highest on a map; several that share the first place are counted and not named.

    Args:
        table: country and probability of each state. words: of what.
    """
    known = table.filter(pl.col(column).is_not_null()).sort(column, "country", descending=[True, False])
    if not known.height or known[column][0] <= 0:
        return f"No state stands above zero for {words}"
    top = float(known[column][0])
    first = known.filter(pl.col(column) == top)
    if first.height > SHOWN:
        return f"{first.height} of {known.height} states share the first place for {words}, at {percent(top)}"
    named = [f"{r['country']} {percent(r[column])}" for r in known.head(SHOWN).iter_rows(named=True)]
    return f"Highest for {words}: {', '.join(named)}"


def above_average(table: pl.DataFrame, count: int) -> str:
    """How many of the highest states stand above the world's rate with their whole interval.

    Args:
        table: probability, low, climatology; highest first.
    """
    top = table.head(count)
    sure = top.filter(pl.col("low") > pl.col("climatology")).height
    rate = percent(float(top["climatology"][0]))
    return f"{sure} of the {top.height} highest stand above the world's rate of {rate} with their whole interval"


def pushes(pushed: Sequence[Sequence[Any]]) -> str:
    """The theme that raises the odds of most of some states most.

    Args:
        pushed: reasons (theme, push) of each state.
    """
    first = []
    for row in pushed:
        sums: dict[str, float] = {}
        for reason in row:
            sums[reason.theme] = sums.get(reason.theme, 0.0) + reason.push
        if sums and max(sums.values()) > 0:
            first.append(max(sums, key=lambda theme: sums[theme]))
    if not first:
        return "Nothing raises their odds above the average state's"
    most = max(dict.fromkeys(first), key=first.count)
    return f"{most[0].upper()}{most[1:]} raises the odds most in {first.count(most)} of {plural(len(pushed), 'state')}"


def reason(country: str, pushed: Sequence[Any]) -> str:
    """What raises and what lowers the odds of one state most.

    Args:
        pushed: its reasons, each with `push`; its text names it.
    """
    up = max((r for r in pushed if r.push > 0), key=lambda r: r.push, default=None)
    down = min((r for r in pushed if r.push < 0), key=lambda r: r.push, default=None)
    told = [f"{r} {word} it most" for r, word in ((up, "raises"), (down, "lowers")) if r is not None]
    return f"{country}: {'; '.join(told)}" if told else f"{country}: nothing sets it apart from the average state"


def came_true(expected: float, happened: float) -> str:
    """How many events were expected and how many came."""
    return f"{expected:.3g} events were expected and {happened:.0f} came"


def skill(rows: Sequence[dict[str, Any]], model: str) -> str:
    """How much better than the world's rate what is issued is, if that is sure.

    Args:
        rows: model, log_skill, log_skill_low, log_skill_high (shares).
    """
    ours = next((r for r in rows if r["model"] == model), None)
    if ours is None:
        return "What is issued was not scored"
    low, high = ours["log_skill_low"], ours["log_skill_high"]
    ends = f"({100 * low:.0f} to {100 * high:.0f} %)"
    if low > 0 or high < 0:
        word = "better" if ours["log_skill"] > 0 else "worse"
        return f"What is issued is {abs(100 * ours['log_skill']):.0f} % {word} than the world's rate {ends}"
    return f"What is issued cannot be told apart from the world's rate {ends}"


def recorded(events: pl.DataFrame) -> str:
    """How many events there are, and the decade with most of them.

    Args:
        events: rows with `date`.
    """
    if not events.height:
        return "No event on record"
    decades = events["date"].dt.year() // 10 * 10
    counts = {int(d): int((decades == d).sum()) for d in sorted(decades.unique())}
    most = max(counts, key=lambda decade: counts[decade])
    last = events["date"].max()
    assert isinstance(last, date)
    if len(counts) == 1 or events.height < 2:
        return f"{plural(events.height, 'event')} on record, the last in {last.year}"
    return f"{counts[most]} of {events.height} events fall in the {most}s; the last in {last.year}"


def places(events: pl.DataFrame) -> str:
    """The country with most events.

    Args:
        events: rows with `country`.
    """
    counts = events.drop_nulls("country").group_by("country").len().sort("len", "country", descending=[True, False])
    if not counts.height:
        return "No event with a place"
    if counts.height == 1:
        return f"All {plural(events.height, 'event')} in {counts['country'][0]}"
    name, most = counts.row(0)
    return f"Most in {name}: {most} of {events.height} events, in {counts.height} countries"


def per_year(expected: np.ndarray[Any, Any], happened: np.ndarray[Any, Any], years: Sequence[int]) -> str:
    """Events expected and seen over all years, and the year in which most came."""
    total = came_true(float(np.sum(expected)), float(np.sum(happened)))
    peak = int(np.argmax(happened))
    return f"{total}, most in {years[peak]} ({happened[peak]:.0f})" if np.sum(happened) else total
