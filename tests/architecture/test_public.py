"""The public names of the package are functions, whatever else has been imported."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType

import pytest

import allegiance


@pytest.mark.parametrize("name", [n for n in allegiance.__all__ if not n.startswith("_")])
def test_a_public_name_is_never_a_folder(name: str) -> None:
    """A folder of the same name would take its place as soon as anything in it is imported."""
    assert name not in {m.name for m in pkgutil.iter_modules(allegiance.__path__)}
    for part in pkgutil.iter_modules(allegiance.__path__):
        import_module(f"allegiance.{part.name}")
    assert not isinstance(getattr(allegiance, name), ModuleType)
    assert callable(getattr(allegiance, name))
