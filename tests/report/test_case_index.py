"""The case index as a page: a sortable table with every episode, and nothing that reaches out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from allegiance.cases.index import COLUMNS
from allegiance.report.case_index import case_index, write_case_index
from allegiance.report.page import Table


def test_the_page_has_a_row_per_episode_and_sorts(tmp_path: Path) -> None:
    html = write_case_index(tmp_path / "index.html").read_text(encoding="utf-8")
    table = html[html.index("<table") : html.index("</table>")]
    assert "sortable" in table
    assert table.count("<tr") == 1 + 34
    assert not re.search(r"(src|href)=.(https?:)?//", html)


def test_shares_sort_by_their_middle_and_codes_by_number() -> None:
    table = case_index().brief[0]
    assert isinstance(table, Table)
    rows = {row[0].text: dict(zip([key for key, _ in COLUMNS], row, strict=True)) for row in table.cells()}
    assert rows["ukraine-crimea-2014"]["left"].sort == pytest.approx(0.6175)
    assert rows["egypt-2011"]["coup"].title == "succeeded"
    assert rows["egypt-2011"]["coup"].sort == 2
    assert rows["russia-1917"]["mutiny"].title == "above 10 %"


def test_an_empty_folder_gives_an_empty_page(tmp_path: Path) -> None:
    table = case_index(tmp_path).brief[0]
    assert isinstance(table, Table)
    assert table.cells() == []
