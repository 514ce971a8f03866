"""Drawing surface of every picture: house style in, inline SVG out that follows the page from light to dark."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Any

from matplotlib import rc_context
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FuncFormatter, MaxNLocator

from allegiance.base.style import FORM_COLOURS, RC
from allegiance.report.labels import count, percent

INK, SOFT, LINE, PAPER = "#1b1f24", "#57606a", "#d4d9df", "#fefefe"
"""Neutral colours; in the SVG they become the page's own, so that one drawing serves light, dark and print."""
_THEMED = {
    INK: "var(--ink)", SOFT: "var(--soft)", LINE: "var(--line)", PAPER: "var(--paper)",
    FORM_COLOURS["coup_success"].lower(): "var(--deep)",  # too dark for dark paper
}  # fmt: skip
_STYLE: dict[str, Any] = {
    **RC,
    "text.color": INK,
    "axes.labelcolor": SOFT,
    "axes.edgecolor": SOFT,
    "axes.facecolor": "none",
    "axes.labelsize": 9.5,
    "axes.axisbelow": True,
    "figure.facecolor": "none",
    "grid.color": LINE,
    "grid.alpha": 1.0,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "text.parse_math": False,  # a dollar sign in a case's name is a dollar sign
    "path.simplify_threshold": 0.4,
    "svg.image_inline": True,
}


class Picture(Drawing):
    """A matplotlib figure that Jupyter shows as SVG without a plotting backend."""

    def _repr_svg_(self) -> str:
        return svg(self, "", themed=False)


@contextmanager
def canvas(width: float = 4.6, height: float = 3.0, **subplots: Any) -> Iterator[tuple[Picture, Any]]:
    """A figure and its axes in the house style; `width` and `height` in inches."""
    with rc_context(_STYLE):
        figure = Picture(figsize=(width, height), layout="constrained")
        yield figure, figure.subplots(**subplots)


def svg(figure: Drawing, alt: str, themed: bool = True) -> str:
    """A figure as inline SVG: no prolog, no metadata, ids of its own, text alternative, the page's colours."""
    stream = io.StringIO()
    with rc_context(_STYLE):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = stream.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r"\b([1-9]\d*\.\d{2})\d+", r"\1", text)  # a hundredth of a point is enough; not for scales below 1
    text = re.sub(r">\s+<", "><", text).strip()
    mark = "f" + hashlib.sha256(text.encode()).hexdigest()[:8] + "-"
    text = re.sub(r'(\bid="|href="#|url\(#)', lambda m: m[0] + mark, text)
    if themed:
        for colour, variable in _THEMED.items():
            text = text.replace(colour, variable)
    opening, rest = text.split(">", 1)
    opening = re.sub(r' (width|height)="[^"]*"', "", opening)
    return f'{opening} role="img" aria-label="{escape(alt, quote=True)}">{rest}'


def date_axis(axes: Any) -> None:
    """Dates on the horizontal axis, few and short."""
    locator = AutoDateLocator(minticks=3, maxticks=6)
    axes.xaxis.set_major_locator(locator)
    zeros = ["", "%Y", "%b", "%d %b", "%H:%M", "%H:%M"]
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False, zero_formats=zeros))
    axes.grid(False, axis="x")
    axes.margins(x=0.01)


def count_axis(axes: Any, label: str, which: str = "y", top: float = 0.0) -> None:
    """Counts from zero with thousands separated; the label carries the unit. `top`: a value that must fit as well."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_formatter(FuncFormatter(lambda value, _: count(value)))
    axis.set_major_locator(MaxNLocator(5))
    top = max(top, (axes.get_ylim if which == "y" else axes.get_xlim)()[1])
    (axes.set_ylim if which == "y" else axes.set_xlim)(0, max(1.0, 1.05 * top))
    axis.set_label_text(label)


def share_axis(axes: Any, label: str, which: str = "y") -> None:
    """A probability or share: always the whole of it, 0 to 100 %."""
    axis = axes.yaxis if which == "y" else axes.xaxis
    (axes.set_ylim if which == "y" else axes.set_xlim)(0, 1)
    axis.set_ticks([0, 0.25, 0.5, 0.75, 1])
    axis.set_major_formatter(FuncFormatter(lambda value, _: percent(value)))
    axis.set_label_text(label)
