"""Pages of which a command writes a part."""

from __future__ import annotations

import pytest

from allegiance.base.errors import AllegianceError
from allegiance.base.markdown import SCORES, between, table


def test_only_what_stands_between_the_marks_is_written_anew() -> None:
    start, end = SCORES
    page = f"before\n{start}\nold\n{end}\nafter {start}"
    assert between(page, SCORES, "\nnew\n", "no marks") == f"before\n{start}\nnew\n{end}\nafter {start}"
    assert between(page, SCORES, "\nold\n", "no marks") == page


@pytest.mark.parametrize("page", ["", SCORES[0], SCORES[1], f"{SCORES[1]} {SCORES[0]}"])
def test_a_page_without_both_marks_in_order_is_refused_in_the_callers_words(page: str) -> None:
    with pytest.raises(AllegianceError, match="no place here") as refused:
        between(page, SCORES, "new", "no place here", "mark it")
    assert refused.value.cure == "mark it"


def test_a_table_without_rows_is_its_head() -> None:
    assert table(["a"], []) == "| a |\n| --- |"
