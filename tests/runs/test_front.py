"""The front: withdrawals by decision, and small forces that grow large."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from allegiance.cases.loader import load_case
from allegiance.cases.paths import with_values
from allegiance.cases.schema import Case
from allegiance.runs.ensemble import simulate
from allegiance.runs.spec import RunSpec
from allegiance.world.blueprint import build


def _area(case: Case) -> np.ndarray:
    spec = RunSpec(members=1, days=60, scale=0.01, seed=2, sample_parameters=False)
    daily = simulate(case, spec).daily.group_by("day").agg(pl.col("area").first()).sort("day")
    return daily["area"].to_numpy()


def test_a_withdrawal_gives_ground_back_on_its_day_and_once() -> None:
    case = load_case("russia-ukraine-2022")
    went = _area(case)
    stayed = _area(with_values(case, {"decisions.northern-withdrawal.enabled": False}))
    day = (case.decisions["northern-withdrawal"].date - case.start).days
    assert np.array_equal(went[:day], stayed[:day])
    lost = min(36_300.0, stayed[day - 1] - case.war.area_start.value)
    assert lost > 0
    assert stayed[day] - went[day] == pytest.approx(lost, rel=0.5)


@pytest.mark.parametrize("scale", [1.0, 0.2, 0.05, 0.01])
def test_a_small_force_can_raise_as_many_at_any_scale(scale: float) -> None:
    """A private company of a thousand that takes in thirty thousand prisoners has room for them when scaled down."""
    plan = build(load_case("russia-ukraine-2022"), 10, scale)
    company, weight = plan.company, plan.force.weight
    for k, name in enumerate(plan.names.pools):
        own = company.pool == k
        room = ((company.stop - company.start) * weight[company.force])[own].sum()
        side, pool = name.split(".")
        new = plan.case.sides[side].recruitment[pool].new_formations
        if new and new.value:
            assert room == pytest.approx(new.value, rel=0.1), name


def test_a_fraction_of_a_man_makes_no_company_of_its_own() -> None:
    case = with_values(load_case("reference"), {"sides.*.forces.*.strength": 1000.3})
    company = build(case, 10, 1.0).company
    assert (company.stop - company.start).min() >= 1
