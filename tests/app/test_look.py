"""Look: the newest forecast, and what changed most since the one before."""

from __future__ import annotations

import polars as pl
import pytest

from allegiance.app.home import _answer
from allegiance.app.look_task import WATCHED, changed, look, watch
from allegiance.base.errors import AllegianceError

FOUND = {"title": "t", "map": "<svg></svg>", "source": "s", "as_of": "2018-12-01", "outcome": "mutiny"}


def table(*chances: float) -> pl.DataFrame:
    count = len(chances)
    return pl.DataFrame({
        "gwcode": [432, 475, 625, *range(2, count - 1)][:count], "iso3": ["MLI", "NGA", "SDN", *["XXX"] * 20][:count],
        "country": ["Mali", "Nigeria", "<i>Sudan</i>", *[f"s{k}" for k in range(20)]][:count],
        "probability": list(chances), "low": [c / 2 for c in chances], "high": [min(1.0, 2 * c) for c in chances],
    })  # fmt: skip


def test_the_watch_list_is_ruled_by_size_and_not_by_direction() -> None:
    rows = changed(table(0.3, 0.2, 0.1), table(0.29, 0.5, 0.05)).to_dicts()
    assert [r["country"] for r in rows] == ["Mali", "Nigeria", "<i>Sudan</i>"]
    assert [r["region"] for r in rows][:2] == ["Sub-Saharan Africa"] * 2
    assert [r["country"] for r in watch(rows)] == ["Nigeria", "<i>Sudan</i>", "Mali"]
    assert watch(rows)[0]["change"] == pytest.approx(-0.3)
    many = changed(table(*[0.1] * 15), table(*[0.2] * 15)).to_dicts()
    assert len(watch(many)) == WATCHED


def test_a_forecast_without_an_earlier_one_has_no_watch_list() -> None:
    rows = changed(table(0.3, 0.2), None).to_dicts()
    assert watch(rows) == []
    assert "no earlier forecast" in str(_answer(FOUND | {"rows": rows, "watch": []}))


def test_without_anything_at_hand_nothing_is_made_unasked() -> None:
    *_, last = look({}, "mutiny")
    assert last.result == {"missing": True}
    with pytest.raises(AllegianceError, match="no such map"):
        list(look({}, "revolution"))
    assert "Make the map" in str(_answer(last.result))


def test_names_are_text() -> None:
    rows = changed(table(0.3, 0.2, 0.1), None).to_dicts()
    assert "<i>Sudan" not in str(_answer(FOUND | {"rows": rows, "watch": rows}))
