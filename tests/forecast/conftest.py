"""A made-up world of twenty years, and forecasts of it by models that take no time."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from made import QUICK, world

from allegiance.forecast import issue, monthly, prepare, record

HASHES = {"made/up": "0" * 64}


@pytest.fixture(scope="session")
def small_panel() -> pl.DataFrame:
    return world(years=20)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, cache: Path, small_panel: pl.DataFrame) -> None:
    """Forecasts are of the made-up world, by quick models, with a cache of their own."""
    monkeypatch.setenv("ALLEGIANCE_CACHE", str(cache))
    monkeypatch.setattr(prepare, "issued", lambda outcome: QUICK)
    for module in (issue, monthly, record):
        monkeypatch.setattr(module, "month_panel", lambda data: (small_panel, HASHES))
    monkeypatch.setattr(monthly, "freshness", lambda data, as_of: [])
