"""The page that assesses an army: what may be asked, and what is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from allegiance.app.assess import TASKS, render, wanted
from allegiance.app.catalogue import Catalogue
from allegiance.app.context import Context, Options
from allegiance.base.errors import AllegianceError
from allegiance.cases.draft.drafting import TASKS as KNOWN


def test_a_question_is_read() -> None:
    found = wanted({"country": " Mali ", "day": "2012-01-01", "task": "peace", "against": ""})
    assert found == {"country": "Mali", "day": "2012-01-01", "task": "peace", "against": None}
    assert set(TASKS) == set(KNOWN)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "no state was named"),
        ({"country": "MLI", "day": "yesterday"}, "is not a day"),
        ({"country": "MLI", "task": "war"}, "no such task"),
    ],
)
def test_a_bad_question_is_refused(fields: dict[str, str], said: str) -> None:
    with pytest.raises(AllegianceError, match=said):
        wanted(fields)


def test_without_data_the_page_says_how_to_get_them(tmp_path: Path) -> None:
    without = str(render(Context({}, Options()), Catalogue()))
    assert "<form" not in without
    assert 'data-ask="assess"' in str(render(Context({"country": "FJI"}, Options(data=tmp_path)), Catalogue()))
