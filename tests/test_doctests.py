"""The examples in the docstrings of the installed package are true."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

import allegiance

MODULES = [
    m.name for m in pkgutil.walk_packages(allegiance.__path__, "allegiance.") if not m.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of(name: str) -> None:
    try:
        module = import_module(name)
    except ModuleNotFoundError as missing:
        pytest.skip(f"an extra is not installed: {missing.name}")
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    assert doctest.testmod(module, optionflags=flags).failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    modules = ("allegiance.base.random", "allegiance.base.files", "allegiance.runs.summary")
    assert sum(bool(t.examples) for name in modules for t in finder.find(import_module(name))) >= 3
