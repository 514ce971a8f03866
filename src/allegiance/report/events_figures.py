"""Pictures of observed events: when they happened and where."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from allegiance.base.files import write_text
from allegiance.base.style import FORM_COLOURS, GREY, RED
from allegiance.base.tables import write_csv
from allegiance.report.figures.canvas import INK, PAPER, Picture, canvas, svg
from allegiance.report.world import background, place

_COLOURS = FORM_COLOURS | {"coup_failed": RED}


def kinds() -> pl.Expr:
    """The type as shown: successful coups apart from failed ones."""
    coup, success = pl.col("type") == "coup_attempt", pl.col("success")
    outcome = pl.when(success).then(pl.lit("coup_success")).when(~success).then(pl.lit("coup_failed"))
    return pl.when(coup & success.is_not_null()).then(outcome).otherwise(pl.col("type"))


def timeline(events: pl.DataFrame) -> Picture:
    """One mark per event on a line per type over the years; on many events, their number per year.

    Args:
        events: rows of the event table, at least one.
    """
    drawn = events.with_columns(kind=kinds()).sort("date")
    names = sorted(drawn["kind"].unique())
    many = drawn.height > 120
    with canvas(7.4, 3.2 if many else 1.0 + 0.5 * len(names)) as (figure, axes):
        if many:
            _bars(axes, drawn, names)
        else:
            for row, name in enumerate(names):
                days = drawn.filter(pl.col("kind") == name)["date"].to_list()
                colour = _COLOURS.get(name, GREY)
                axes.plot(days, [row] * len(days), "|", color=colour, markersize=18, markeredgewidth=1.6)
            axes.set_yticks(range(len(names)), [n.replace("_", " ") for n in names])
            axes.set_ylim(-0.7, len(names) - 0.3)
            axes.grid(axis="y", visible=False)
    return figure


def _bars(axes, drawn: pl.DataFrame, names: list[str]) -> None:  # type: ignore[no-untyped-def]
    counts = drawn.group_by(pl.col("date").dt.year().alias("year"), "kind").len()
    first, last = int(str(counts["year"].min())), int(str(counts["year"].max()))
    years = np.arange(first, last + 1)
    base = np.zeros(len(years))
    for name in names:
        part = counts.filter(pl.col("kind") == name)
        height = np.zeros(len(years))
        height[part["year"].to_numpy() - first] = part["len"].to_numpy()
        axes.bar(years, height, 0.85, base, color=_COLOURS.get(name, GREY), label=name.replace("_", " "))
        base += height
    axes.set_ylabel("events in the year")
    axes.set_ylim(0, base.max() * 1.2)
    axes.grid(axis="x", visible=False)
    axes.legend(loc="upper right", ncols=len(names), fontsize=8.5)


def event_map(events: pl.DataFrame) -> Picture:
    """Events on the map: at their place if they have one, else in the middle of their country, larger where more.

    Args:
        events: rows of the event table.
    """
    spots: dict[tuple[float, float, str], int] = {}
    drawn = events.with_columns(kind=kinds())
    for code, lon, lat, kind in drawn.select("gwcode", "longitude", "latitude", "kind").iter_rows():
        point = (lon, lat) if lon is not None and lat is not None else place(code) if code is not None else None
        if point:
            key = (round(point[0], 1), round(point[1], 1), kind)
            spots[key] = spots.get(key, 0) + 1
    with canvas(7.4, 3.6) as (figure, axes):
        background(axes)
        names = sorted({kind for _, _, kind in spots})
        for step, name in enumerate(names):  # side by side, so that none hides another
            mine = [(x + 1.5 * (step - len(names) / 2), y, n) for (x, y, kind), n in spots.items() if kind == name]
            xs, ys, ns = (np.array(v, dtype=float) for v in zip(*mine, strict=True))
            axes.scatter(
                xs, ys, 10 * ns, color=_COLOURS.get(name, GREY), alpha=0.75, edgecolor=PAPER, linewidth=0.4,
                label=name.replace("_", " "), zorder=3,
            )  # fmt: skip
        if spots:
            legend = axes.legend(loc="lower left", fontsize=8.5, labelcolor=INK)
            for handle in legend.legend_handles:
                handle.set_sizes([30])
    return figure


def describe(events: pl.DataFrame, what: str) -> str:
    """The picture in words, for those who do not see it.

    >>> describe(pl.DataFrame({"date": [date(1999, 1, 2)], "country": ["Mali"]}), "mutiny")
    'mutiny: 1 event in 1 country, 1999 to 1999'
    """
    n, states = events.height, events["country"].n_unique()
    first, last = events["date"].min(), events["date"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    span = f"{first.year} to {last.year}"
    return f"{what}: {n} event{'s' * (n != 1)} in {states} countr{'ies' if states != 1 else 'y'}, {span}"


def draw(events: pl.DataFrame, words: str, folder: Path) -> list[Path]:
    """Write `events.csv`, `timeline.svg` and `map.svg`, each whole or not at all; returns their paths."""
    csv = folder / "events.csv"
    write_csv(csv, events)
    paths = [csv]
    for name, figure in (("timeline", timeline(events)), ("map", event_map(events))):
        path = folder / f"{name}.svg"
        write_text(path, svg(figure, words, themed=False))
        paths.append(path)
    return paths
