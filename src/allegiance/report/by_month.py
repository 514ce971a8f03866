"""The model beside the record month by month: the dead, the ground, the civilians, where a case has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from allegiance.base.style import BLUE, RED
from allegiance.cases.schema import Case, Observed, Recorded
from allegiance.report import counted
from allegiance.report.figures.canvas import canvas, svg
from allegiance.report.findings import records
from allegiance.report.labels import count
from allegiance.report.page import Block, Figure, Gallery, Prose, Section, Table
from allegiance.world.columns import Array
from allegiance.world.quantities import BY_NAME


@dataclass(frozen=True)
class Month:
    """A number on the record and what a run gave: median and 90 % interval over its members."""

    first: date
    last: date
    recorded: float | None
    low: float
    middle: float
    high: float

    @property
    def inside(self) -> bool | None:
        """Whether the recorded number lies in the interval; None where nothing is known."""
        return None if self.recorded is None else self.low <= self.recorded <= self.high


def spans(first: date, months: int) -> list[tuple[date, date]]:
    """First and last day of each month from `first` on; the first may begin within a month.

    >>> [(str(a), str(b)) for a, b in spans(date(2022, 2, 24), 2)]
    [('2022-02-24', '2022-02-28'), ('2022-03-01', '2022-03-31')]
    """
    found = []
    for _ in range(months):
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append((first, following - timedelta(days=1)))
        first = following
    return found


def months(case: Case, record: Recorded, daily: pl.DataFrame) -> list[Month]:
    """Each month of the record that the run played to its end.

    A war that has ended loses nobody more, and its ground stays as it was.

    Args:
        daily: daily rows of the run (runs/frames.py), `side` as text.
    """
    values = _by_day(record, daily)
    found = []
    for (first, last), recorded in zip(spans(record.first, len(record.values)), record.values, strict=True):
        start, end = (first - case.start).days, (last - case.start).days
        if start < 0 or end >= values.shape[1]:
            continue
        before = values[:, start - 1] if start > 0 else np.zeros(len(values))
        given = values[:, end] - (before if BY_NAME[record.what].kind == "cumulative" else 0.0)
        low, middle, high = (float(q) for q in np.quantile(given, [0.05, 0.5, 0.95]))
        found.append(Month(first, last, recorded, low, middle, high))
    return found


def _by_day(record: Recorded, daily: pl.DataFrame) -> Array:
    """The quantity by member and day, forces of a side together; after an end as on the last day."""
    rows = daily.filter(pl.col("side") == record.side)
    total = pl.sum if BY_NAME[record.what].over_forces == "sum" else pl.max
    summed = rows.group_by("member", "day").agg(total(record.what).alias("value")).sort("member", "day")
    table = summed.pivot("member", index="day", values="value").sort("day").fill_null(strategy="forward")
    return np.asarray(table.drop("day").to_numpy().T, float)


def beside_record(case: Case, observed: Observed | None, daily: pl.DataFrame, events: pl.DataFrame) -> Section | None:
    """The section of a report that holds a run against the record, None where a case has none or it was not reached."""
    if observed is None:
        return None
    known = [(r, m) for r, m in ((r, months(case, r, daily)) for r in observed.record) if m]
    tallies = counted.tallies(case, observed.counted, daily, events)
    if not known and not tallies:
        return None
    told = [*([_verdict(known)] if known else []), *([counted.verdict(tallies)] if tallies else [])]
    blocks: list[Block] = [Prose(told)]
    if known:
        blocks.append(Gallery([_figure(r, m) for r, m in known], across=3))
    blocks += [_table(observed, r, m) for r, m in known]
    if tallies:
        blocks += counted.blocks(observed, tallies)
    intro = "What was counted or estimated, month by month or up to a day. The model never reads it."
    return Section("Beside the record", blocks, intro)


def _table(observed: Observed, record: Recorded, rows: list[Month]) -> Table:
    source = observed.sources[record.source]
    return Table(
        ["month", "on the record", "these wars, median", "90 % interval", "inside"],
        [[f"{x.first:%B %Y}", "–" if x.recorded is None else count(x.recorded), count(x.middle),
          f"{count(x.low)} to {count(x.high)}", {True: "yes", False: "no", None: "–"}[x.inside]] for x in rows],
        record.label, note=". ".join(t for t in (source.title, record.note) if t) + ".", sortable=False,
    )  # fmt: skip


def _verdict(known: Sequence[tuple[Recorded, list[Month]]]) -> str:
    parts = []
    for record, rows in known:
        told = [m for m in rows if m.inside is not None]
        parts.append(
            f"{record.label}: {sum(bool(m.inside) for m in told)} of {len(told)} months inside the 90 % interval"
        )
    return "; ".join(parts) + "."


def _title(record: Recorded, seen: Sequence[Month]) -> str:
    inside = sum(bool(m.inside) for m in seen)
    above = sum(m.recorded is not None and m.recorded > m.high for m in seen)
    return records.months(record.label, inside, above, len(seen) - inside - above)


def _figure(record: Recorded, rows: list[Month]) -> Figure:
    """Recorded numbers over the run's median and interval."""
    days = [m.last for m in rows]
    with canvas(4.2, 2.6) as (figure, axes):
        axes.fill_between(days, [m.low for m in rows], [m.high for m in rows], color=BLUE, alpha=0.2, lw=0)
        axes.plot(days, [m.middle for m in rows], color=BLUE, label="these wars, median and 90 %")
        seen = [m for m in rows if m.recorded is not None]
        axes.plot([m.last for m in seen], [m.recorded for m in seen], "o", ms=4, color=RED, label="on the record")
        axes.set_ylim(bottom=0)
        axes.tick_params(axis="x", rotation=30, labelsize=7)
        axes.legend(fontsize=7)
        alt = f"{record.label} by month, with the run's median and 90 % interval"
        return Figure(svg(figure, alt), alt, _title(record, seen))
