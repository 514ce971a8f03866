"""Titles of charts of claims and of sensitivity: whether studies agree, which way a curve runs, what matters most."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

import polars as pl

from allegiance.report.effects_text import number
from allegiance.report.findings.changes import swept
from allegiance.report.labels import plural


class Effect(Protocol):
    """An effect with its interval, and whether the model gave it."""

    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def model(self) -> bool: ...


def beside_studies(name: str, effects: Sequence[Effect]) -> str:
    """How many estimates of studies the model's first effect cannot be told apart from: their intervals overlap.

    Args:
        name: of the claim. effects: of the model and of studies, those of the model first.
    """
    ours = [e for e in effects if e.model]
    studies = [e for e in effects if not e.model]
    if not ours or not studies:
        return f"{name}: {plural(len(ours), 'effect')} of the model, no comparable study"
    low, high = _ends(ours[0])
    inside = sum(low <= b and a <= high for a, b in map(_ends, studies))
    return f"{name}: the model's first effect overlaps {inside} of {plural(len(studies), 'comparable estimate')}"


def _ends(effect: Effect) -> tuple[float, float]:
    ends = (effect.low, effect.high)
    low, high = (e if e is not None and math.isfinite(e) else effect.value for e in ends)
    return low, high


def runs(label: str, axis: str, points: pl.DataFrame) -> str:
    """Which way a curve runs between the ends of its axis, if it is sure; its first line, if it has several.

    Args:
        points: line, x, value, low, high.
    """
    lines = points.partition_by("line", maintain_order=True)
    if not lines:
        return f"{label}: not measured"
    whose = f" ({lines[0]['line'][0]})" if len(lines) > 1 else ""
    return swept(f"{label}{whose}", axis, lines[0].sort("x").rename({"x": axis, "value": "median"}))


def traded(points: pl.DataFrame, names: Mapping[str, str]) -> str:
    """Which measures surely rise between the ends of an axis, and which fall.

    Args:
        points: measure, x, value, low, high. names: measure to what it is called.
    """
    told: dict[str, list[str]] = {"rises": [], "falls": [], "cannot be told": []}
    for measure, label in names.items():
        line = points.filter(pl.col("measure") == measure).sort("x").drop_nulls(["value", "low", "high"])
        if line.height < 2:
            continue
        a, b = line.row(0, named=True), line.row(-1, named=True)
        told["rises" if a["high"] < b["low"] else "falls" if b["high"] < a["low"] else "cannot be told"].append(label)
    said = "; ".join(f"{', '.join(labels)}: {verb}" for verb, labels in told.items() if labels)
    return said[:1].upper() + said[1:] or "Nothing was measured"


def drives(label: str, rows: pl.DataFrame, sure: bool) -> str:
    """What has the largest share of an outcome's variance, and what luck has of a single war's.

    Args:
        label: of the outcome. rows: input, kind, ST of the inputs that survived. sure: whether the sample ranks them.
    """
    known = rows.filter(pl.col("ST").is_not_null())
    numbers = known.filter(pl.col("kind").is_in(["theory", "case"])).sort("ST", descending=True)
    if not numbers.height or float(numbers["ST"][0]) <= 0:
        return f"{label}: no number moves it"
    verb = "matters most" if sure else "seems to matter most"
    luck = known.filter(pl.col("kind") == "chance")
    said = f"; chance has {number(float(luck['ST'][0]))} of a single war" if luck.height else ""
    return f"{label}: {numbers['input'][0]} {verb}, {number(float(numbers['ST'][0]))} of the variance{said}"
