"""The points of a sweep: every combination of some values, or the rows of a design file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import prod
from pathlib import Path

import numpy as np

from allegiance.base.errors import AllegianceError, shown
from allegiance.cases.reader import Sort, read_text, scalar
from allegiance.cases.walk import Value

SORT = Sort(
    "design file", "points.csv", "write a row of paths, then a row of values per point", "see docs/sweep.md",
)  # fmt: skip
MOST = 2000
"""Most points of a sweep."""
Point = dict[str, Value]
"""Case path -> value."""


def parse_axis(text: str) -> tuple[str, list[Value]]:
    """Read `PATH=LOW:HIGH:COUNT` (evenly spaced) or `PATH=A,B,C`.

    Raises:
        AllegianceError: it is neither.

    >>> parse_axis("sides.russia.supply=0.5:1:3"), parse_axis("decisions.draft.enabled=true,false")
    (('sides.russia.supply', [0.5, 0.75, 1.0]), ('decisions.draft.enabled', [True, False]))
    """
    path, sign, values = (part.strip() for part in text.partition("="))
    wrong = AllegianceError(
        f"cannot read --grid '{text}'", "write PATH=LOW:HIGH:COUNT, such as sides.russia.supply=0.5:1:6, or PATH=A,B,C"
    )
    if not sign or not path or not values:
        raise wrong
    if ":" not in values:
        return path, [_value(part, wrong) for part in values.split(",")]
    try:
        low, high, count = values.split(":")
        span, number = (float(low), float(high)), int(count)
    except ValueError as error:
        raise wrong from error
    if number < 1 or not np.isfinite(span).all():
        raise wrong
    _few(number)  # before they are laid out: a billion points would fill the memory
    found = np.linspace(*span, number)
    if not np.isfinite(found).all():
        raise wrong
    return path, [float(f"{x:.10g}") for x in found]


def _value(text: str, wrong: AllegianceError) -> Value:
    value = scalar(text.strip())
    if not isinstance(value, bool | int | float | str):
        raise wrong
    return value


def grid(axes: Mapping[str, Sequence[Value]]) -> list[Point]:
    """Every combination of the values of each path, the last path moving first.

    >>> grid({"a": [1, 2], "b": [0.5]})
    [{'a': 1, 'b': 0.5}, {'a': 2, 'b': 0.5}]
    """
    return [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]


def read_axes(texts: Iterable[str]) -> dict[str, list[Value]]:
    """The axes that several `--grid` give.

    Raises:
        AllegianceError: one cannot be read, a path stands twice, or there are too many points.
    """
    axes: dict[str, list[Value]] = {}
    for text in texts:
        path, values = parse_axis(text)
        if path in axes:
            raise AllegianceError(f"--grid names {path} twice", "give all its values at once: PATH=A,B,C")
        axes[path] = values
    _few(prod(map(len, axes.values())))
    return axes


def _few(points: int) -> None:
    if points > MOST:
        raise AllegianceError(f"{points:,} points are more than {MOST:,}", "take fewer values, or several sweeps")


def read_design(file: Path) -> list[Point]:
    """The points of a design file: CSV with a column for each path and a row for each point.

    Raises:
        AllegianceError: the file cannot be read, has no row, an empty cell, or rows of another length than its head.
    """
    import csv

    try:
        rows = [row for row in csv.reader(read_text(file, SORT).splitlines()) if row]
    except csv.Error as error:
        raise AllegianceError(f"{shown(file)} is not a CSV table: {error}", "write it as CSV UTF-8") from error
    if len(rows) < 2:
        raise AllegianceError(f"{shown(file)} holds no point", "write a row of paths, then a row of values per point")
    head = [name.strip() for name in rows[0]]
    if len(set(head)) < len(head) or "" in head:
        raise AllegianceError(f"{shown(file)}: a path of the first row is empty or stands twice", "name each once")
    points = []
    for number, row in enumerate(rows[1:], 2):
        wrong = AllegianceError(f"{shown(file)}, line {number}: a value for each of {len(head)} paths is needed")
        if len(row) != len(head):
            raise wrong
        points.append({path: _value(text, wrong) for path, text in zip(head, row, strict=True)})
    return points


def check_points(points: Sequence[Point]) -> list[str]:
    """The paths of the points, the same in all.

    Raises:
        AllegianceError: no point, too many, points of different paths, or a point that stands twice.
    """
    if not points:
        raise AllegianceError("there is nothing to sweep over", "give --grid PATH=LOW:HIGH:COUNT or --design FILE.csv")
    _few(len(points))
    paths = list(points[0])
    if not paths or any(set(point) != set(paths) for point in points):
        raise AllegianceError("the points of a sweep set different paths", "give every point a value for every path")
    if len({tuple(map(str, point.values())) for point in points}) < len(points):
        raise AllegianceError("a point of the sweep stands twice", "name each once; more members sharpen a point")
    return paths
