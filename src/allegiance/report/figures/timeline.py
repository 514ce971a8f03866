"""When events come: how likely each type is in each week, and what one typical member saw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl
from matplotlib.colors import to_rgba
from matplotlib.dates import date2num

from allegiance.report.figures.canvas import INK, canvas, date_axis, svg
from allegiance.report.figures.marks import SIDE_COLOURS, decisions
from allegiance.report.findings import chances
from allegiance.report.labels import EVENT_NAMES, percent, plural
from allegiance.report.page import Figure

WEEK = 7


def weekly(events: pl.DataFrame, members: int) -> pl.DataFrame:
    """Share of members with at least one event, by type and week: columns type, week, share.

    Args:
        events: the run's events of one side.
        members: number of members in the ensemble.
    """
    return (
        events.with_columns((pl.col("day") // WEEK).alias("week"))
        .group_by("type", "week")
        .agg((pl.col("member").n_unique() / members).alias("share"))
        .sort("type", "week")
    )


def timeline(
    name: str,
    start: date,
    days: int,
    events: pl.DataFrame,
    members: int,
    typical: int | None,
    moments: Sequence[date] = (),
    colour: str = SIDE_COLOURS[0],
) -> Figure:
    """Rows of weeks shaded by the share of members with such an event; rings are the typical member's events.

    Args:
        name: the side's name in words.
        start: date of day 0; days: the horizon.
        events: the run's events of this side.
        members: number of members in the ensemble.
        typical: member whose events are drawn as rings; None for none.
        moments: dates of decisions in force, drawn as dotted lines.
        colour: the side's.
    """
    shares = weekly(events, members)
    present = set(shares["type"].to_list())
    types = [t for t in EVENT_NAMES if t in present] + sorted(present - set(EVENT_NAMES))
    said = []
    with canvas(9.4, 1.0 + 0.36 * max(1, len(types))) as (figure, axes):
        for row, kind in enumerate(types):
            mine = shares.filter(pl.col("type") == kind)
            spans = [(date2num(start) + int(week) * WEEK, WEEK) for week in mine["week"]]
            shades = [to_rgba(colour, 0.12 + 0.88 * share) for share in mine["share"]]
            axes.broken_barh(spans, (row - 0.35, 0.7), facecolors=shades, linewidth=0)
            if typical is not None:
                _rings(axes, row, start, events.filter((pl.col("type") == kind) & (pl.col("member") == typical)))
            ever = events.filter(pl.col("type") == kind)["member"].n_unique() / members
            said.append(f"{EVENT_NAMES.get(kind, kind)} in {percent(ever)} of members")
        decisions(axes, moments)
        axes.set_yticks(range(len(types)), [EVENT_NAMES.get(t, t) for t in types])
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        axes.set_ylim(max(1, len(types)) - 0.5, -0.5)
        axes.grid(False, axis="y")
        date_axis(axes)
        axes.set_xlim(start, start + timedelta(days=days))
        alt = f"Events of {name} by week among {plural(members, 'member')}: {'; '.join(said) or 'none'}."
        return Figure(svg(figure, alt), alt, chances.events(name, start, events, members), f"Events by week, {name}.")


def _rings(axes: object, row: int, start: date, mine: pl.DataFrame) -> None:
    """One ring per day of the typical member, its area growing with the logarithm of the size."""
    daily = mine.group_by("day").agg(pl.col("size").sum()).sort("day")
    when = [start + timedelta(days=int(d)) for d in daily["day"]]
    area = [8 + 9 * math.log1p(float(s or 0)) for s in daily["size"]]
    if when and daily.height <= 60:
        axes.scatter(when, [row] * len(when), s=area, facecolors="none", edgecolors=INK, linewidths=0.9, zorder=3)  # type: ignore[attr-defined]
