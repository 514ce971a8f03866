"""Base rates with and without data, and the rule that joins them with a simulation."""

from __future__ import annotations

from datetime import date

import pytest

from allegiance.base.errors import AllegianceError
from allegiance.forecast.base_rate import PUBLISHED, Rate, base_rate, level_shift

DAY = date(2012, 3, 1)


@pytest.mark.parametrize("outcome", sorted(PUBLISHED))
def test_without_data_the_published_average_is_given_with_its_source(outcome):
    found = base_rate("MLI", DAY, outcome)
    assert found.gwcode == 432
    assert found.known_to is None
    assert "doi:" in found.source
    assert found.rates[12].probability == pytest.approx(PUBLISHED[outcome].rate)
    for rate in found.rates.values():
        assert 0 < rate.low < rate.probability < rate.high < 1
    assert [found.rates[h].probability for h in (1, 3, 6, 12)] == sorted(r.probability for r in found.rates.values())


def test_what_is_unknown_is_named():
    with pytest.raises(AllegianceError, match="no state is called 'Malli'"):
        base_rate("Malli", DAY, "mutiny")
    with pytest.raises(AllegianceError, match="no base rate is known for 'muutiny'"):
        base_rate("Mali", DAY, "muutiny")


def test_the_shift_moves_a_simulation_to_the_base_rate_and_less_where_that_is_vague():
    sharp, vague = Rate(0.02, 0.015, 0.027), Rate(0.02, 0.001, 0.3)
    up = level_shift(0.001, 5000, sharp)
    assert 2.3 < up < 3.0  # nearly all of log(0.02/0.98) - log(0.001/0.999)
    assert 0 < level_shift(0.001, 5000, vague) < up
    assert level_shift(0.3, 5000, sharp) < 0
    assert abs(level_shift(0.02, 5000, sharp)) < 0.05
    assert level_shift(0.0, 64, sharp) > 0
    with pytest.raises(AllegianceError, match="is not a share"):
        level_shift(1.2, 64, sharp)


def test_with_data_a_state_with_a_record_stands_above_one_without(data_dir, tmp_path, monkeypatch):
    monkeypatch.setenv("ALLEGIANCE_CACHE", str(tmp_path))
    mali, norway = (base_rate(c, DAY, "coup_attempt", data_dir) for c in ("MLI", "NOR"))
    assert mali.known_to == date(2012, 2, 1)
    for h in (1, 12):
        assert mali.rates[h].probability > 3 * norway.rates[h].probability
        assert mali.rates[h].low < mali.rates[h].probability < mali.rates[h].high
    assert 0.005 < mali.rates[12].probability < 0.1
    success = base_rate("MLI", DAY, "coup_success", data_dir)
    assert success.rates[12].probability < mali.rates[12].probability
    late = base_rate("RUS", date(2022, 2, 24), "mutiny", data_dir)
    assert late.known_to == date(2018, 12, 1)
