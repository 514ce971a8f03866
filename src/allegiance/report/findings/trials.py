"""Titles of charts of claims and of sensitivity: where effects lie, which way a curve runs, what matters most."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

import polars as pl

from allegiance.report.effects_text import number
from allegiance.report.findings.changes import swept
from allegiance.report.labels import plural


class Effect(Protocol):
    """An effect, and whether the model gave it."""

    @property
    def value(self) -> float: ...
    @property
    def model(self) -> bool: ...


def beside_studies(name: str, effects: Sequence[Effect], ratio: bool) -> str:
    """Where the effects of the model lie, and where the estimates of studies do.

    Args:
        name: of the claim. effects: of the model and of studies, on one scale. ratio: whether that is one of ratios.
    """
    known = [e for e in effects if math.isfinite(e.value)]
    ours, theirs = ([e.value for e in known if e.model is model] for model in (True, False))
    said = f"{plural(len(ours), 'effect')} of the model {_spread(ours, ratio)}" if ours else "no effect of the model"
    if not theirs:
        return f"{name}: {said}, no comparable study"
    return f"{name}: {said}, {plural(len(theirs), 'estimate')} of studies {_spread(theirs, ratio)}"


def _spread(values: Sequence[float], ratio: bool) -> str:
    """The range of some values, or the only one."""
    ends = [number(end, ratio) for end in (min(values), max(values))]
    return f"at {ends[0]}" if ends[0] == ends[1] else f"from {ends[0]} to {ends[1]}"


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
