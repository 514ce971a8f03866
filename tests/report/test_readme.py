"""The README says what the record of its run says, and the record is of this case, these formulas and these priors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from allegiance.base.errors import AllegianceError
from allegiance.cases.loader import library, load_case
from allegiance.cases.paths import basis_counts
from allegiance.report.readme import RECORD, check_readme, record

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_readme_is_up_to_date() -> None:
    check_readme(DOCS)


def test_the_readme_counts_the_numbers_of_the_library() -> None:
    """As `allegiance case check` does."""
    counts = [basis_counts(load_case(name)) for name in library()]
    total = sum(sum(c.values()) for c in counts)
    share = sum(c["judgement"] for c in counts) / total
    text = " ".join((DOCS.parent / "README.md").read_text(encoding="utf-8").split())
    assert f"Of the {total:,} numbers in the case library {share:.0%}".replace("%", " %") in text


def test_a_record_of_other_priors_is_stale(tmp_path: Path) -> None:
    known = json.loads((DOCS / RECORD).read_text(encoding="utf-8"))
    (tmp_path / RECORD).write_text(json.dumps(known | {"priors_sha256": "0" * 64}), encoding="utf-8")
    with pytest.raises(AllegianceError, match="its priors has changed"):
        record(tmp_path)
