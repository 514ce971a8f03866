"""Historical base rates brought to a horizon."""

from __future__ import annotations

import pytest

from allegiance.base.citations import reference
from allegiance.report.baserates import RATES, BaseRate


def test_a_year_is_the_rate_and_two_years_compound() -> None:
    rate = BaseRate(0.1, 0.2, "", "")
    assert rate.over(365) == pytest.approx((0.1, 0.2))
    assert rate.over(730) == pytest.approx((0.19, 0.36))


@pytest.mark.parametrize("form", RATES)
def test_every_rate_is_ordered_and_cited(form: str) -> None:
    rate = RATES[form]
    assert 0 < rate.low <= rate.high < 1
    assert reference(rate.source).short
