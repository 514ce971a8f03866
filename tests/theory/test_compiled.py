"""Compiled and plain Python agree, for every function of every mechanism and every rival."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from allegiance.theory.registry import MECHANISMS

FUNCTIONS = [(m.id, f) for m in MECHANISMS for f in (*m.functions, *m.rivals)]


@pytest.mark.parametrize(("owner", "function"), FUNCTIONS, ids=[f"{m}.{f.__name__}" for m, f in FUNCTIONS])
def test_compiled_equals_plain(owner: str, function: Callable[..., Any]) -> None:
    plain = getattr(function, "py_func", function)  # the function itself when the compiler is off
    names = list(inspect.signature(plain).parameters)
    generator = np.random.default_rng(len(owner) * 1000 + len(function.__name__))
    for spread in (0.5, 2.0, 5.0):
        for _ in range(20):
            values = [float(v) for v in generator.uniform(0.01, spread, len(names))]
            expected, found = plain(*values), function(*values)
            assert type(found) is type(expected) or isinstance(found, float)
            assert math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12), dict(zip(names, values, strict=True))
