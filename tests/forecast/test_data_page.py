"""docs/data.md says what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from allegiance.base.errors import AllegianceError
from allegiance.evidence.catalogue import catalogue
from allegiance.forecast.data_page import renewed
from allegiance.forecast.features import MONTH_FEATURES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "data.md"


def test_page_is_up_to_date() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert renewed(text) == text
    assert all(f"### {key}:" in text for key in catalogue())
    assert all(f"`{feature.name}`" in text for feature in MONTH_FEATURES)


def test_missing_marks_are_told() -> None:
    with pytest.raises(AllegianceError, match="lacks the marks"):
        renewed("nothing")
