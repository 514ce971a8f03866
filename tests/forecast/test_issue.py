"""Issuing a forecast: what is refused, what stands in the table, and that nothing later is seen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.forecast import issue as module
from allegiance.forecast.features import feature_words
from allegiance.forecast.issue import make_forecast, parse_month
from allegiance.forecast.reasons import theme

HASHES = {"made/up": "0" * 64}


@pytest.fixture
def made(quick):
    """Forecasts from the made-up world."""
    return lambda outcome="coup_attempt", horizon=12, as_of="1968-06": make_forecast(
        Path("unused"), outcome, horizon, parse_month(as_of)
    )


@pytest.mark.parametrize("text", ["2019", "2019-13", "12-2019", "2019-1", "0000-01", "2019-02-30", "2019-12-1", ""])
def test_what_is_not_a_month_is_refused(text):
    with pytest.raises(AllegianceError, match="is not a month"):
        parse_month(text)


def test_faulty_wishes_are_refused_with_a_cure(made):
    with pytest.raises(AllegianceError, match="no outcome is called 'coup_atempt'") as caught:
        made("coup_atempt")
    assert "coup_attempt" in str(caught.value.cure)
    with pytest.raises(AllegianceError, match="campaign-year"):
        made("defection")
    with pytest.raises(AllegianceError, match="no forecasts are made for 5 months"):
        made(horizon=5)
    with pytest.raises(AllegianceError, match="too early"):
        made(as_of="1955-01")
    with pytest.raises(AllegianceError, match="outside the data"):
        made(as_of="1975-01")


def test_a_forecast_has_a_row_per_state_and_is_the_same_twice(made, small_panel):
    first, second = made(), made()
    assert first.table.columns[:7] == ["gwcode", "ccode", "iso3", "country", "probability", "low", "high"]
    assert first.table["gwcode"].n_unique() == small_panel["gwcode"].n_unique() == first.table.height
    low, p, high = (first.table[c].to_numpy() for c in ("low", "probability", "high"))
    assert ((low > 0) & (low < p) & (p < high) & (high < 1)).all()
    assert (np.diff(p) <= 0).all()
    assert first.table.equals(second.table)  # the second comes from the cache
    assert first.data == HASHES
    assert sum(first.weights.values()) == pytest.approx(1)
    assert len(first.pushes) == first.table.height


def test_parts_and_horizons_agree(made):
    attempt = made().table.sort("gwcode")
    success = made("coup_success").table.sort("gwcode")
    month = made(horizon=1).table.sort("gwcode")
    assert (success["probability"] < attempt["probability"]).all()
    assert (month["probability"] <= attempt["probability"]).all()


def test_what_happens_later_changes_nothing(made, small_panel, monkeypatch):
    before = made().table
    after = small_panel["month"] > date(1968, 6, 1)
    changed = small_panel.with_columns(coup_attempt=after.cast(small_panel["coup_attempt"].dtype))
    keep = small_panel["month"] <= date(1968, 6, 1)
    changed = small_panel.filter(keep).vstack(changed.filter(~keep)).sort("gwcode", "month")
    monkeypatch.setattr(module, "month_panel", lambda data: (changed, HASHES))
    assert made().table.equals(before)


def test_every_monthly_feature_has_a_theme():
    assert [name for name in feature_words() if theme(name) == "other"] == []
