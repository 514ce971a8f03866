"""The random-utility choice: floors, slopes and routes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.choice import (
    DISPOSITION,
    MECHANISM,
    NO_CONTACT,
    NO_ORDER,
    NO_SIDE,
    daring_pressure,
    log_odds,
    loyalty_pressure,
    opportunity,
    refuge,
)
from allegiance.theory.forms import FORMS, NAMES, Routes, routes
from allegiance.theory.registry import MECHANISMS

BASES = {
    "shirking": "base_shirk", "refusal": "base_refuse", "desertion": "base_desert",
    "defection": "base_defect", "mutiny": "base_mutiny",
}  # fmt: skip
real = st.floats(-10.0, 10.0)


@given(real, real, real, real)
def test_log_odds_are_linear(base: float, slope: float, grievance: float, pressure: float) -> None:
    assert log_odds(base, slope, 0.0, 0.0) == base
    assert log_odds(base, slope, grievance, pressure) == pytest.approx(base + slope * grievance + pressure)


def test_an_indifferent_man_has_no_disposition_and_loyalty_is_antisymmetric() -> None:
    weight = MECHANISM.parameter("loyalty").value
    assert loyalty_pressure(0.5, weight) == 0.0
    assert loyalty_pressure(0.1, weight) == pytest.approx(-loyalty_pressure(0.9, weight))
    assert loyalty_pressure(0.0, weight) - loyalty_pressure(1.0, weight) == pytest.approx(weight)


@pytest.mark.parametrize("form", ["refusal", "desertion", "defection"])
def test_a_contented_volunteer_army_sees_about_one_per_cent_or_less_in_a_year(form: str) -> None:
    """Loyal at 0.7 and without grievance, through the route of disposition."""
    route = DISPOSITION.shares[form]
    daily = 1.0 / (1.0 + math.exp(-(MECHANISM.parameter(BASES[form]).value + route * loyalty_pressure(0.7, 2.0))))
    assert 1.0 - (1.0 - daily) ** 365 < 0.012


def test_hidden_shirking_of_the_content_stays_below_one_per_cent_at_a_time() -> None:
    daily = math.exp(MECHANISM.parameter("base_shirk").value)
    assert daily / MECHANISM.parameter("recover").value < 0.01


def test_every_form_answers_to_grievance_and_defection_is_rarest() -> None:
    slopes = [p.value for p in MECHANISM.parameters if p.name.startswith("grievance_")]
    assert len(slopes) == len(FORMS)
    assert set(BASES) == set(NAMES)
    assert min(slopes) > 0.0
    bases = {form: MECHANISM.parameter(name).value for form, name in BASES.items()}
    assert min(bases, key=lambda form: bases[form]) == "defection"


ROUTES = [(f"{m.id}: {t.formula.__name__}", t.into) for m in MECHANISMS for t in m.terms if isinstance(t.into, Routes)]


@pytest.mark.parametrize(("driver", "into"), [*ROUTES, ("disposition", DISPOSITION)])
def test_routes_are_shares_of_a_pressure_for_every_form(driver: str, into: Routes) -> None:
    weights = into.array()
    assert weights.shape == (len(FORMS),)
    assert (weights >= 0.0).all()
    assert weights.max() == 1.0, driver


def test_a_form_that_does_not_exist_has_no_route() -> None:
    with pytest.raises(ValueError, match="no form of disloyalty called 'sulking'"):
        routes(sulking=1.0)


@given(st.floats(0.0, 1.0), st.floats(0.01, 1.0), st.floats(0.01, 1.0))
def test_the_rear_gives_fewer_chances_and_the_front_takes_none_away(contact: float, a: float, b: float) -> None:
    assert opportunity(1.0, a) == 0.0
    assert opportunity(0.0, a) == pytest.approx(math.log(a))
    assert opportunity(contact, min(a, b)) <= opportunity(contact, max(a, b)) <= 1e-12


def test_in_the_rear_one_order_in_four_and_one_meeting_in_ten_is_left() -> None:
    """And in peace, with no side to go over to, one case of going over in fifty."""
    found = [t for t in MECHANISM.terms if t.formula is opportunity]
    assert [(next(iter(t.into.shares)), t.inputs["contact"], t.inputs["share"]) for t in found] == [
        ("refusal", "company.contact", NO_ORDER),
        ("defection", "company.contact", NO_CONTACT),
        ("defection", "contest.faced", NO_SIDE),
    ]
    assert [math.exp(t.formula(0.0, t.inputs["share"])) for t in found] == pytest.approx([0.25, 0.1, 0.02])


def test_the_bold_disobey_more_and_the_average_man_is_the_measure() -> None:
    weight = MECHANISM.parameter("risk").value
    assert daring_pressure(0.0, weight) == 0.0
    assert daring_pressure(1.0, weight) == pytest.approx(weight) == -daring_pressure(-1.0, weight)


def test_few_leave_an_island_and_none_of_the_rest_is_held() -> None:
    assert refuge(1.0) == pytest.approx(0.0)
    assert math.exp(refuge(0.0)) == pytest.approx(0.02)
    assert math.exp(refuge(0.5)) == pytest.approx(0.51)
