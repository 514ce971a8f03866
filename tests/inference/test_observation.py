"""What is reported is less, later and larger than what happened."""

import numpy as np
import polars as pl
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.inference.observation import CHANNELS, as_reported, channel, reported_daily, reporting_probability


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_reports_never_exceed_their_share(name: str) -> None:
    via = CHANNELS[name]
    latent = np.full((2, 2000), 3.0)
    reported = as_reported(latent, via)
    assert np.all(np.diff(reported, axis=1) >= -1e-12)
    assert reported[0, -1] == pytest.approx(3.0 * via.share.value, rel=0.01)


def test_court_cases_trail_the_offence_by_about_five_months() -> None:
    latent = np.zeros(1500)
    latent[0] = 1000.0
    reported = as_reported(latent, CHANNELS["court_cases"])
    mean_delay = float((reported * np.arange(1500)).sum() / reported.sum())
    assert 140 < mean_delay < 160


def test_small_mutinies_are_seldom_known() -> None:
    via = channel("mutinies_known")
    assert reporting_probability(via, 12) < 0.3 * reporting_probability(via, 1000)


def test_latent_and_reported_are_kept_apart() -> None:
    daily = pl.DataFrame(
        {"member": [0, 0, 0], "day": [0, 1, 2], "side": ["a"] * 3, "killed": [10.0, 30.0, 60.0]},
    )
    table = reported_daily(daily, "a", CHANNELS["named_dead"])
    assert table["latent"].to_list() == [10.0, 30.0, 60.0]
    assert (table["reported"] < table["latent"]).all()


def test_an_unknown_channel_is_named_with_its_neighbours() -> None:
    with pytest.raises(AllegianceError, match="court_case"):
        channel("court_case")
