"""Every formula gives the same on arrays as number by number, within its documented ranges and to its documented range.

What the documentation prints is what the engine executes on columns: this holds the two together.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegiance.report.docstrings import explain
from allegiance.theory.contract import Mechanism
from allegiance.theory.model import rivalled
from allegiance.theory.registry import MECHANISMS

FUNCTIONS = [(m, f) for m in MECHANISMS for f in (*m.functions, *m.rivals)]
EVERY = pytest.mark.parametrize(
    ("mechanism", "function"), FUNCTIONS, ids=[f"{m.id}.{f.__name__}" for m, f in FUNCTIONS]
)
BRACKET = re.compile(r"\[([^\]]+)\]")
NUMBER = r"(−?\d+(?:\.\d+)?)"
COUNTS = ("soldiers", "people", "deaths")
UNSTATED = {"share": (0.0, 1.0), "probability": (0.0, 1.0), "per": (0.0, 1.0)}
"""Ranges of units that have one where none is written, by the first word of the unit."""


def minus(text: str) -> float:
    return float(text.replace("−", "-"))


def allowed(mechanism: Mechanism, text: str) -> tuple[float, float]:
    """The range in which an argument is tried: the one its text gives, its prior's, or its unit's."""
    unit = BRACKET.findall(text)[-1]
    most = 1e5 if unit.startswith(COUNTS) else 10.0
    if found := re.search(rf"{NUMBER} (?:none |divided )?to {NUMBER}", unit):
        low, high = minus(found[1]), minus(found[2])
        return (0.01 if "not 0" in unit else low), high
    if found := re.search(r"parameters? `(\w+)`", text):
        return next((p.quantile(-3.0), p.quantile(3.0)) for p in mechanism.parameters if p.name == found[1])
    if found := re.search(rf">= {NUMBER}", unit):
        return minus(found[1]), max(most, 10.0 * minus(found[1]))
    if "> 0" in unit or "floored" in unit:
        return 0.01, most
    if "upwards" in unit:
        return 0.0, most
    return UNSTATED.get(re.split(r"\W", unit)[0], (-most, most))


def promised(function: Callable[..., Any], given_: dict[str, Any]) -> tuple[Any, Any]:
    """The range of the result that the docstring gives, -inf and inf where it gives none."""
    text = BRACKET.findall(explain(function).returns)[0].split(";")[0].replace("−", "-").replace("·", "*")
    names = {"__builtins__": {}} | given_
    if found := re.search(r", (\S.*) to ([^a]\S*.*)$", text):
        return eval(found[1], names), eval(found[2], names)
    if found := re.search(rf"(>=|>|<=) {NUMBER}", text):
        return (minus(found[2]), np.inf) if found[1] != "<=" else (-np.inf, minus(found[2]))
    return -np.inf, np.inf


@EVERY
@settings(max_examples=25)
@given(data=st.data())
def test_arrays_give_what_numbers_give(mechanism: Mechanism, function: Callable[..., Any], data: st.DataObject) -> None:
    # a rival is given what the form is given whose place it takes
    texts = dict(explain(rivalled(mechanism.id, function) if function in mechanism.rivals else function).arguments)
    names = list(inspect.signature(function).parameters)
    ranges = [allowed(mechanism, texts[name]) for name in names]
    rows = data.draw(st.lists(st.tuples(*(st.floats(*r) for r in ranges)), min_size=1, max_size=5))
    columns = {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
    before = {name: column.copy() for name, column in columns.items()}
    found = function(**columns)
    one_by_one = [function(**dict(zip(names, row, strict=True))) for row in rows]
    assert np.shape(found) == (len(rows),)
    assert all(np.ndim(value) == 0 for value in one_by_one)
    assert np.allclose(np.asarray(found, float), np.array(one_by_one, float), rtol=1e-12, atol=1e-14)
    assert np.isfinite(np.asarray(found, float)).all()
    assert all(np.array_equal(columns[name], before[name]) for name in names), "it changed what it was given"
    low, high = promised(function, columns)
    room = 1e-9 * (1.0 + np.abs(np.asarray(found, float)))
    assert (np.asarray(found, float) >= low - room).all(), (low, found)
    assert (np.asarray(found, float) <= high + room).all(), (high, found)
