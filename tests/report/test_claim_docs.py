"""Pages of the claims: all there, true to the recorded result, refused without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from allegiance.base.claims import CLAIMS
from allegiance.base.errors import AllegianceError
from allegiance.report.claim_docs import claim_pages, latest, record

DOCS = Path(__file__).resolve().parents[2] / "docs" / "claims"


def test_a_page_for_each_claim_and_a_table_of_all() -> None:
    pages = claim_pages()
    assert set(pages) == {"README.md", *(f"{c.id}.md" for c in CLAIMS)}
    for about in CLAIMS:
        assert about.sentence in pages[f"{about.id}.md"]
        assert f"[{about.id} {about.name}]({about.id}.md)" in pages["README.md"]


def test_pages_say_what_the_recorded_result_says() -> None:
    pages = claim_pages()
    for row in latest()["claims"]:
        assert f"**{row['verdict'].capitalize()}**" in pages[f"{row['claim']}.md"]


def test_the_pages_in_the_documentation_are_up_to_date() -> None:
    for name, text in claim_pages().items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, f"{name} is out of date: run `allegiance docs`"


def test_studies_that_disagree_are_shown() -> None:
    page = claim_pages()["C10.md"]
    assert "contradicts" in page
    assert "does not show" in page


def test_a_partial_result_is_not_recorded(tmp_path: Path) -> None:
    with pytest.raises(AllegianceError, match="C2"):
        record({"claims": [{"claim": "C1"}]}, tmp_path / "claims.json")
    with pytest.raises(AllegianceError, match="cannot read"):
        latest(tmp_path / "claims.json")


def test_the_readme_tells_the_chain_as_it_was_last_tried() -> None:
    """Members, and how much longer wars become where the stronger side is disloyal."""
    result = latest()
    (row,) = (
        e for e in result["effects"] if e["claim"] == "C16" and e["label"].startswith("length of the war, stronger")
    )
    text = " ".join((Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").split())
    sign = {True: "+", False: "−"}
    low, high = (f"{sign[row[k] > 0]}{abs(row[k]):.0f}" for k in ("low", "high"))
    assert f"Tried with {result['members']} wars an arm" in text
    assert f"by {row['value']:.0f} days ({low} to {high})" in text
