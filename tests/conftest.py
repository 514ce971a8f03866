"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A compiled function compiles on its first call, which is no slow example. CI tries the same examples in every run, so
# that what fails there fails again here; elsewhere each run tries others.
settings.register_profile("allegiance", deadline=None, max_examples=60, derandomize=bool(os.environ.get("CI")))
settings.load_profile("allegiance")


NAMED = os.environ.get("ALLEGIANCE_DATA")
"""As it was when the tests began: those of faults run without it."""


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """A folder of standardised tables: ALLEGIANCE_DATA, or `shared/data` beside the checkout; else a skip."""
    folder = Path(NAMED) if NAMED else Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no data folder (set ALLEGIANCE_DATA)")
    return folder
