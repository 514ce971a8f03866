"""A run beside what was recorded month by month, by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from allegiance.cases.loader import load_case, load_observed
from allegiance.cases.schema import Recorded
from allegiance.report.by_month import beside_record, months, spans

CASE = load_case("russia-ukraine-2022")
NOTHING = pl.DataFrame(schema={
    "member": pl.Int32, "day": pl.Int32, "type": pl.String, "side": pl.String, "force": pl.String,
    "episode": pl.Int32, "size": pl.Float32, "weight": pl.Float32,
})  # fmt: skip


def played(days: int, members: int = 2, ends: int | None = None) -> pl.DataFrame:
    """Two forces of Russia that lose one and two men a day, more in member 1; the second member may end early."""
    rows = [
        {"member": m, "day": d, "side": "russia", "force": f, "killed": (n + m) * (d + 1.0), "area": 100.0 + d,
         "civilians_killed": 5.0 * (d + 1), "deserted": 1.0, "defected": 0.0, "new_refusal": 2.0}
        for m in range(members) for d in range(days if ends is None or m == 0 else ends)
        for f, n in (("army", 1.0), ("guard", 2.0))
    ]  # fmt: skip
    return pl.DataFrame(rows)


def record(what: str, values: list[float | None]) -> Recorded:
    return Recorded.model_validate(
        {"what": what, "side": "russia", "first": "2022-02-24", "values": values, "label": "Dead", "source": "s"}
    )


def test_losses_of_a_month_are_those_of_all_forces_within_it() -> None:
    first, second, third = months(CASE, record("killed", [15.0, 93.0, None]), played(70))
    # five days of February, thirty-one of March: three men a day in the first war, five in the second
    assert (first.low, first.high) == pytest.approx((15.0 + 0.05 * 10.0, 25.0 - 0.05 * 10.0))
    assert second.middle == pytest.approx(31 * 4.0)
    assert first.inside is False
    assert third.inside is None


def test_a_level_is_that_of_the_last_day_and_counted_once() -> None:
    found = months(CASE, record("area", [104.0, 135.0]), played(40))
    assert [m.middle for m in found] == [104.0, 135.0]
    assert all(m.inside for m in found)


def test_months_that_were_not_played_to_their_end_are_left_out() -> None:
    assert len(months(CASE, record("killed", [1.0, 2.0, 3.0]), played(40))) == 2
    assert months(CASE, record("killed", [1.0]), played(3)) == []


def test_a_war_that_is_over_loses_nobody() -> None:
    _, march = months(CASE, record("killed", [1.0, 2.0]), played(40, ends=5))
    given = np.quantile([31 * 3.0, 0.0], [0.05, 0.95])
    assert (march.low, march.high) == pytest.approx(tuple(given))


def test_the_section_tells_how_many_months_lie_inside() -> None:
    observed = load_observed("russia-ukraine-2022")
    assert observed is not None
    section = beside_record(CASE, observed, played(365), NOTHING)
    assert section is not None
    assert "of 12 months" in str(section.blocks[0])
    assert beside_record(CASE, None, played(365), NOTHING) is None
    assert beside_record(CASE, observed, played(2), NOTHING) is None


def test_every_record_of_the_library_names_its_source_and_its_side() -> None:
    observed = load_observed("russia-ukraine-2022")
    assert observed is not None
    assert {r.source for r in observed.record} <= set(observed.sources)
    assert {r.side for r in observed.record} <= set(CASE.sides)
    assert all(spans(r.first, len(r.values))[0][0] >= date(2022, 2, 24) for r in observed.record)
