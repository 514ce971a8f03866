"""Pictures of a sweep: a curve with its interval over one number, a heat map over two."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from matplotlib.ticker import MaxNLocator

from allegiance.base.style import BLUE, CYCLE
from allegiance.report.effects_text import number
from allegiance.report.figures.canvas import Picture, canvas


def drawn(rows: pl.DataFrame, paths: list[str]) -> tuple[Picture, str]:
    """One outcome over the points, and the same in words for those who do not see it.

    Args:
        rows: of one outcome, columns as in `Sweep.frame`. paths: those of the sweep. One path of numbers gives a curve,
            two that make a full grid give a heat map; anything else a row for each point.
    """
    label = f"{rows['label'][0]}, {rows['unit'][0]}"
    numeric = [path for path in paths if rows[path].dtype.is_numeric()]
    if len(paths) == 1 and numeric:
        return _curve(rows.sort(paths[0]), paths[0], label)
    if len(paths) == 2 and _full(rows, paths):
        return _map(rows, paths, label)
    return _rows(rows, paths, label)


def _full(rows: pl.DataFrame, paths: list[str]) -> bool:
    counts = [rows[path].n_unique() for path in paths]
    return min(counts) > 1 and counts[0] * counts[1] == rows.height


def _curve(rows: pl.DataFrame, path: str, label: str) -> tuple[Picture, str]:
    x, median, low, high = (rows[c].cast(pl.Float64).to_numpy() for c in (path, "median", "low", "high"))
    with canvas(5.6, 3.4) as (figure, axes):
        axes.fill_between(x, low, high, color=BLUE, alpha=0.2, linewidth=0)
        axes.plot(x, median, "o-", color=BLUE, markersize=4)
        axes.set_xlabel(path)
        axes.set_ylabel(label)
        axes.yaxis.set_major_locator(MaxNLocator(5))
        said = ", ".join(f"{number(m)} ({number(a)} to {number(b)}) at {v:g}"
                         for v, m, a, b in zip(x, median, low, high, strict=True))  # fmt: skip
        return figure, f"{label} over {path}: {said}."


def _map(rows: pl.DataFrame, paths: list[str], label: str) -> tuple[Picture, str]:
    across, up = (rows[path].unique().sort().to_list() for path in paths)
    cells = np.full((len(up), len(across)), np.nan)
    for row in rows.iter_rows(named=True):
        if row["median"] is not None:
            cells[up.index(row[paths[1]]), across.index(row[paths[0]])] = row["median"]
    with canvas(1.6 + 0.62 * max(len(across), 5), 1.4 + 0.42 * max(len(up), 4)) as (figure, axes):
        picture = axes.imshow(cells, origin="lower", aspect="auto", cmap="cividis")
        middle = (np.nanmin(cells) + np.nanmax(cells)) / 2
        for j, i in np.ndindex(*cells.shape):
            ink = "#ffffff" if cells[j, i] < middle else "#111111"
            axes.text(i, j, number(float(cells[j, i])), ha="center", va="center", fontsize=8, color=ink)
        axes.set_xticks(range(len(across)), [_short(v) for v in across])
        axes.set_yticks(range(len(up)), [_short(v) for v in up])
        axes.grid(False)
        axes.set_xlabel(paths[0])
        axes.set_ylabel(paths[1])
        figure.colorbar(picture, ax=axes, label=label)
        ends = f"{number(float(np.nanmin(cells)))} to {number(float(np.nanmax(cells)))}"
        return figure, f"{label}, median, over {paths[0]} (across) and {paths[1]} (up): {ends}."


def _rows(rows: pl.DataFrame, paths: list[str], label: str) -> tuple[Picture, str]:
    names = [", ".join(_short(row[path]) for path in paths) for row in rows.iter_rows(named=True)]
    with canvas(6.4, 0.9 + 0.28 * rows.height) as (figure, axes):
        for k, row in enumerate(rows.iter_rows(named=True)):
            if row["median"] is not None:
                axes.plot([row["low"], row["high"]], [-k, -k], color=CYCLE[0], linewidth=1.6)
                axes.plot([row["median"]], [-k], "o", color=CYCLE[0], markersize=4)
        axes.set_yticks([-k for k in range(len(names))], names, fontsize=8)
        axes.grid(False, axis="y")
        axes.set_xlabel(label)
        said = "; ".join(f"{n}: {number(m)}" for n, m in zip(names, rows["median"], strict=True))
        return figure, f"{label} at each point ({', '.join(paths)}): {said}."


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
