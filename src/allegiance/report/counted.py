"""The model beside what was counted up to a day: episodes, refusers, deserters, the dead of one force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill

import numpy as np
import polars as pl

from allegiance.base.style import BLUE, RED
from allegiance.cases.schema import Case, Counted, Observed
from allegiance.report.figures.canvas import canvas, svg
from allegiance.report.labels import count, exact
from allegiance.report.page import Block, Bullets, Figure, Gallery, Table
from allegiance.world.columns import Array
from allegiance.world.quantities import BY_NAME

COLUMNS = {"killed": "killed", "deserters": "deserted", "went_over": "defected", "refusers": "new_refusal"}
"""What is counted -> column of the daily table that counts it; episodes of mutiny are counted from the events."""


@dataclass(frozen=True)
class Tally:
    """A number on the record and what a run gave up to its day: median and 90 % interval over its members."""

    entry: Counted
    low: float
    middle: float
    high: float

    @property
    def inside(self) -> bool:
        """Whether the interval of the run meets that of the record; a missing end of the record is open."""
        above = self.entry.low is None or self.high >= self.entry.low
        return above and (self.entry.high is None or self.low <= self.entry.high)


def up_to(entry: Counted, day: int, daily: pl.DataFrame, events: pl.DataFrame) -> Array:
    """What each member's war had come to at the end of a day, on the side or in the force of the entry.

    A war that has ended adds nothing more. Refusals are added up: one who refuses twice counts twice.

    Args:
        day: number of the day, 0 the first.
        daily: daily rows of the run (runs/frames.py), `side` as text.
        events: its events, `side` and `type` as text.

    Returns:
        one number per member, by member.
    """
    here = (pl.col("side") == entry.side) & (pl.col("day") <= day)
    if entry.force is not None:
        here &= pl.col("force").cast(pl.String) == entry.force
    members = daily.select(pl.col("member").unique().sort())
    if entry.what == "mutiny_episodes":
        own = events.filter(here & (pl.col("type") == "mutiny") & (pl.col("size") * pl.col("weight") > 0))
        given = own.group_by("member").agg(pl.col("episode").n_unique().alias("value"))
    else:
        column = COLUMNS[entry.what]
        of_force = pl.col(column).sum() if BY_NAME[column].kind == "flow" else pl.col(column).max()
        by_force = daily.filter(here).group_by("member", "force").agg(of_force.alias("value"))
        given = by_force.group_by("member").agg(pl.col("value").sum())
    found = members.join(given, on="member", how="left", maintain_order="left")
    return np.asarray(found["value"].fill_null(0).to_numpy(), float)


def tallies(case: Case, entries: Sequence[Counted], daily: pl.DataFrame, events: pl.DataFrame) -> list[Tally]:
    """Each entry whose day the run reached, by day."""
    last = daily["day"].max()
    found = []
    for entry in sorted(entries, key=lambda e: e.by):
        day = (entry.by - case.start).days
        if isinstance(last, int) and 0 <= day <= last:
            values = up_to(entry, day, daily, events)
            low, middle, high = (float(q) for q in np.quantile(values, [0.05, 0.5, 0.95]))
            found.append(Tally(entry, low, middle, high))
    return found


def on_record(entry: Counted) -> str:
    """The record's range in words: "at least 12", "at most 12", "10 to 12" or "12"."""
    low, high = ("" if v is None else exact(v) for v in (entry.low, entry.high))
    if not low or not high:
        return f"at least {low}" if low else f"at most {high}"
    return low if low == high else f"{low} to {high}"


def verdict(rows: Sequence[Tally]) -> str:
    """How many of the numbers the run's intervals meet, in a sentence."""
    return f"Counted up to a day: {sum(r.inside for r in rows)} of {len(rows)} numbers meet the 90 % interval."


def blocks(observed: Observed, rows: Sequence[Tally]) -> list[Block]:
    """Picture, table and sources of what was counted up to a day."""
    table = Table(
        ["up to", "what", "on the record", "these wars, median", "90 % interval", "inside"],
        [[f"{r.entry.by:%d %b %Y}", r.entry.label, on_record(r.entry), count(r.middle),
          f"{count(r.low)} to {count(r.high)}", "yes" if r.inside else "no"] for r in rows],
        "Counted up to a day",
        "Inside: the interval of these wars meets the range on the record. A floor (at least) or a ceiling (at most)"
        " is met by everything above or below it, so it says less than a range.",
        sortable=False,
    )  # fmt: skip
    told = [
        ". ".join(t for t in (f"{r.entry.label}: {observed.sources[r.entry.source].label}", r.entry.note) if t) + "."
        for r in rows
    ]
    return [Gallery([_figure(rows)], across=2), table, Bullets(told)]


def _figure(rows: Sequence[Tally]) -> Figure:
    """Dots and intervals, the record in red over the run in blue; an open end of the record is an arrow."""
    with canvas(4.6, 0.9 + 0.5 * len(rows)) as (figure, axes):
        for y, r in enumerate(rows):
            first = y == 0
            axes.plot([r.low, r.high], [y + 0.15] * 2, color=BLUE, lw=2)
            axes.plot(r.middle, y + 0.15, "o", ms=5, color=BLUE, label="these wars, median and 90 %" if first else None)
            ends = [v for v in (r.entry.low, r.entry.high) if v is not None]
            mark = "<" if r.entry.low is None else ">" if r.entry.high is None else "o"
            axes.plot(ends, [y - 0.15] * len(ends), color=RED, lw=2, marker=mark, ms=5,
                      label="on the record (arrow: open end)" if first else None)  # fmt: skip
        axes.set_xscale("symlog", linthresh=1.0)
        axes.set_xlim(left=0)
        axes.xaxis.set_major_formatter(lambda value, _: count(value))
        axes.tick_params(axis="x", labelsize=7)
        axes.set_yticks(range(len(rows)), [fill(r.entry.label, 26) for r in rows], fontsize=7)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlabel("people or episodes, logarithmic", fontsize=7)
        figure.legend(fontsize=7, loc="outside upper center", ncols=2)
        alt = "What was counted up to a day, with the run's median and 90 % interval"
        return Figure(svg(figure, alt), alt, verdict(rows).removesuffix("."))
