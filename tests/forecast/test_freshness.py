"""Old features are carried forward, said to be, and dropped from the fit when too old."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from made import world
from panel_sample import write_sample

from allegiance.forecast.asof import STALE_MONTHS, join_known
from allegiance.forecast.features import MONTH_FEATURES
from allegiance.forecast.freshness import ages, reach, warning
from allegiance.forecast.models.frame import make_frame, standardise
from allegiance.forecast.panel import build_panel


@pytest.mark.parametrize(("gap", "carried"), [(1, True), (120, True), (121, False)])
def test_a_value_is_carried_as_long_as_it_is_not_stale(gap: int, carried: bool) -> None:
    known = pl.DataFrame({"unit": [1], "known": [100], "x": [0.5]}, schema_overrides={"known": pl.Int32})
    rows = pl.DataFrame({"unit": [1], "t": [100 + gap]}, schema_overrides={"t": pl.Int32})
    assert join_known(rows, [(known, STALE_MONTHS["month"])])["x"].to_list() == [0.5 if carried else None]


def test_a_column_that_ends_before_its_table_is_carried(tmp_path) -> None:
    folder = write_sample(tmp_path)
    path = folder / "demspaces" / "gdp_country_year.csv"
    table = pl.read_csv(path)
    gone = pl.when(pl.col("year") < 2000).then(pl.col("gdp_growth")).alias("gdp_growth")
    table.with_columns(gone).write_csv(path)
    panel = build_panel(folder)
    late = panel.filter((pl.col("gwcode") == 432) & (pl.col("month") == date(2001, 12, 1)))
    assert late["growth"].to_list() == [1999.0]


def test_ages_say_what_is_old(tmp_path) -> None:
    known = reach(write_sample(tmp_path))
    found = {a.feature.name: a for a in ages(known, date(2002, 1, 1))}
    assert found["polyarchy"].state == "fresh"
    assert found["leader_months"].newest == date(2001, 12, 1)
    later = {a.feature.name: a for a in ages(known, date(2006, 1, 1))}
    assert later["leader_months"].state == "carried"
    assert later["polyarchy"].state == "carried"
    much_later = ages(known, date(2030, 1, 1))
    assert {a.state for a in much_later} == {"missing"}
    fresh = [a for a in found.values() if a.feature.name != "protests_counted"]  # spliced throughout the sample
    assert warning(fresh) == ""
    assert "carried forward" in warning(list(later.values()))
    assert f"{len(MONTH_FEATURES)} features are not known" in warning(much_later)


def test_a_feature_nobody_has_now_is_not_learned_from() -> None:
    panel = world(years=10)
    gone = panel.with_columns(
        gdp_per_head=pl.when(pl.col("month") < date(1957, 1, 1)).then(pl.col("gdp_per_head"))
    )
    frame = make_frame(gone)
    c = frame.names.index("gdp_per_head")
    assert np.abs(standardise(frame, 1956 * 12)[:, c]).sum() > 0
    assert np.abs(standardise(frame, 1957 * 12)[:, c]).sum() == 0


def test_scales_are_those_of_the_rows_before(tmp_path) -> None:
    frame = make_frame(world(years=10))
    z = standardise(frame, 1956 * 12)
    past = frame.t < 1956 * 12
    for c in range(3):
        values = frame.x[past, c]
        known = ~np.isnan(values)
        expected = (values[known] - values[known].mean()) / values[known].std()
        np.testing.assert_allclose(z[past, c][known], np.clip(expected, -6, 6), atol=1e-3)
