"""docs/reliability.md lists every trial, and at least twice as many relatives as samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from faults.page import Trial, merged, page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
CURE = "ALLEGIANCE_RELIABILITY=docs/reliability.md python -m pytest -n 0 tests/faults"

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason=f"the page is not written yet: {CURE}")


def test_every_trial_is_on_the_page(trials: list[Trial]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    missing = [t for t in trials if f"### {t.right}" not in text or t.row not in text]
    assert not missing, f"not on the page: {missing[:3]}; write it anew: {CURE}"
    assert "NOT so" not in text


def test_relatives_outnumber_samples() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith(("| tried", "| ---"))]
    samples = [line for line in rows if line.startswith("| sample ")]
    assert len(rows) - len(samples) >= 2 * len(samples) > 40


def test_the_page_read_again_is_the_same() -> None:
    """What a trial is called survives the page: signs of tables, leading blanks, brackets."""
    trials = [Trial("k", "r", what, "as it should") for what in ("", "a|b", "  a", "a \\ b", "<a>", "x | y")]
    text = page(trials)
    assert page(merged(text, trials)) == text
    assert page(merged(page(merged(text, [])), [])) == text
