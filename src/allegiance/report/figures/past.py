"""What happened, drawn on the curves of what was simulated: dated events, numbers on the record, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from allegiance.cases.schema import Case, Observed
from allegiance.report.figures.canvas import INK, SOFT
from allegiance.report.figures.marks import SIDE_COLOURS
from allegiance.report.labels import count, ordered
from allegiance.world.quantities import BY_NAME

NOTE = "Triangles: what happened, by date; black dots: numbers on the record. The run reads neither."
Points = tuple[tuple[date, float], ...]


@dataclass(frozen=True)
class Past:
    """One side on its curves: its colour, and its past within the days that were played.

    `events`: days of dated events. `series`: numbers on the record, by column of the daily frame. `decisions`: days of
    decisions that the case takes as given.
    """

    events: tuple[date, ...] = ()
    series: Mapping[str, Points] = field(default_factory=dict)
    decisions: tuple[date, ...] = ()
    colour: str = SIDE_COLOURS[0]


UNKNOWN = Past()
"""A side of which nothing is on the record."""


def past(case: Case, observed: Observed | None, days: int) -> dict[str, Past]:
    """What happened to each side of a case in its first days, nothing where nothing is coded; the attacker first."""
    last = case.last_day(days)
    taken = tuple(sorted(d.date for d in case.decisions.values() if d.enabled and case.start <= d.date <= last))
    found = {}
    for side, colour in zip(ordered(case), SIDE_COLOURS, strict=False):
        events = [e.date for e in (observed.events if observed else []) if e.side == side]
        series = {
            record.what: on_record(record.what, record.first, record.values, case.start, last)
            for record in (observed.record if observed else [])
            if record.side == side
        }
        dated = tuple(sorted({e for e in events if case.start <= e <= last}))
        found[side] = Past(dated, {k: v for k, v in series.items() if v}, taken, colour)
    return found


def on_record(what: str, first: date, values: list[float | None], start: date, last: date) -> Points:
    """Numbers on the record at the end of each month, as the daily frame counts: totals so far are added up.

    A total needs every month from the first day of the war on: it ends where a month is not known.

    >>> on_record("killed", date(2022, 2, 24), [10.0, 5.0, None, 2.0], date(2022, 2, 24), date(2023, 1, 1))
    ((datetime.date(2022, 2, 28), 10.0), (datetime.date(2022, 3, 31), 15.0))
    """
    adds_up = BY_NAME[what].kind == "cumulative"
    if adds_up and first > start:
        return ()
    found: list[tuple[date, float]] = []
    total = 0.0
    for value in values:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        end, first = following - timedelta(days=1), following
        if value is None and adds_up:
            break
        if value is None:
            continue
        total = total + value if adds_up else value
        if start <= end <= last:
            found.append((end, total))
    return tuple(found)


def draw(axes: Any, of: Past, column: str = "") -> str:
    """Draw the past of a side on a curve of `column`; returns it in words, for the picture's text.

    Call it before the axes are scaled, so that numbers on the record fit.
    """
    said = ""
    for moment in of.decisions:
        axes.axvline(moment, color=SOFT, linewidth=0.8, linestyle=(0, (1, 2)), zorder=0)
    if of.events:
        axes.plot(
            of.events, [1.035] * len(of.events), "v", color=INK, markersize=4.5, clip_on=False, zorder=5,
            transform=axes.get_xaxis_transform(),
        )  # fmt: skip
        said = f" What happened is marked: {len(of.events)} days from {of.events[0]} to {of.events[-1]}."
    if points := of.series.get(column, ()):
        axes.plot([d for d, _ in points], [v for _, v in points], "o", color=INK, markersize=3.5, zorder=5)
        said += f" On the record: {count(points[-1][1])} by {points[-1][0]}."
    return said
