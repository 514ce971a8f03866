"""A schematic map of the world without network or map library.

Outlines: Natural Earth 1:110m (public domain, naturalearthdata.com), thinned to a third of a degree; states too small
to be drawn are dots. Plain longitude and latitude: the map shows where, not how large.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import Colormap, LinearSegmentedColormap, LogNorm, Normalize

from allegiance.base.style import RED
from allegiance.report.figures.canvas import LINE, PAPER, SOFT, Picture, canvas

_SHADES: Colormap = LinearSegmentedColormap.from_list("risk", ["#fae3cf", "#f5b97f", RED, "#7a1f02"])
REACH = 40.0
"""The highest value over the lowest that is shaded, on a log scale."""
_SUCCESSOR = {255: 260, 265: 260, 315: 316, 345: 340, 680: 678, 817: 816, 511: 510, 711: 710}
"""Where a state that is gone is drawn."""


@cache
def _world() -> dict[str, Any]:
    text = (files("allegiance.report") / "tables" / "world.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def place(gwcode: int) -> tuple[float, float] | None:
    """A point (longitude, latitude) inside a state, or None if it is on no map.

    >>> place(432)
    (-3.5, 17.3)
    """
    key = str(_SUCCESSOR.get(gwcode, gwcode))
    point = _world()["dots"].get(key) or _world()["centres"].get(key)
    return (float(point[0]), float(point[1])) if point else None


def background(axes: Axes) -> None:
    """Draw every outline in a quiet colour and set the frame of the map."""
    shapes = [np.array(ring) for rings in _world()["outlines"].values() for ring in rings]
    axes.add_collection(PolyCollection(shapes, facecolor=LINE, edgecolor=PAPER, linewidth=0.4))
    axes.set_xlim(-180, 182)  # Tonga and Samoa to Fiji
    axes.set_ylim(-56, 84)
    axes.set_aspect(1.2)
    axes.set_axis_off()


def world_map(values: pl.DataFrame, label: str, percent: bool = False, log: bool = True) -> Picture:
    """States shaded by a value.

    Args:
        values: `gwcode, value`; states without a row stay grey.
        label: what is shown, for the scale.
        percent: show the scale in percent. log: shade by the logarithm (values must then be above zero).
    """
    shown = values.filter(pl.col("value") > 0) if log else values
    numbers = dict(zip(shown["gwcode"].to_list(), shown["value"].to_list(), strict=True))
    with canvas(7.4, 3.9) as (figure, axes):
        background(axes)
        if numbers:
            low, high = min(numbers.values()) if log else 0.0, max(numbers.values())
            high = high if high > low else low * 1.01 + 1e-9
            # two states that are both safe look the same: shades begin at a fortieth of the highest
            least, low = low, max(low, high / REACH) if log else low
            norm: Normalize = LogNorm(low, high, clip=True) if log else Normalize(low, high)
            _shade(axes, numbers, norm)
            scale = ScalarMappable(norm, _SHADES)
            beyond = "min" if least < low else "neither"
            bar = figure.colorbar(scale, ax=axes, orientation="horizontal", shrink=0.45, pad=0.02, extend=beyond)
            bar.set_label(label, color=SOFT)
            bar.outline.set_visible(False)
            ticks = _round_numbers(low, high) if log else list(np.linspace(low, high, 4))
            bar.set_ticks(ticks, labels=[f"{_short(100 * t)} %" if percent else _short(t) for t in ticks])
            bar.ax.minorticks_off()
    return figure


def _round_numbers(low: float, high: float) -> list[float]:
    """The numbers 1, 2, 5, 10 … between two positive ones; where fewer than two are, the ends.

    >>> _round_numbers(0.0014, 0.055)
    [0.002, 0.005, 0.01, 0.02, 0.05]
    """
    first, last = (int(np.floor(np.log10(v))) for v in (low, high))
    found = [float(f"{digit}e{k}") for k in range(first, last + 1) for digit in (1, 2, 5)]
    inside = [v for v in found if low <= v <= high]
    return inside if len(inside) > 1 else [low, high]


def _short(number: float) -> str:
    """Two digits, and never an exponent for a number of a few digits: 100 and not 1e+02."""
    return f"{number:.0f}" if number >= 10 else f"{number:.2g}"


def _shade(axes: Axes, numbers: dict[int, float], norm: Normalize) -> None:
    shapes: list[Any] = []
    colours: list[Any] = []
    for code, value in numbers.items():
        colour = _SHADES(norm(value))
        rings = _world()["outlines"].get(str(code), [])
        shapes += [np.array(ring) for ring in rings]
        colours += [colour] * len(rings)
        if not rings and (point := place(code)):
            axes.plot(*point, "o", color=colour, markersize=3.5, markeredgecolor=SOFT, markeredgewidth=0.3)
    axes.add_collection(PolyCollection(shapes, facecolor=colours, edgecolor=PAPER, linewidth=0.4))
