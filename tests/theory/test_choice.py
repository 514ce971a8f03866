"""The random-utility choice: floors, slopes and routes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.theory.choice import FORMS, MECHANISM, ROUTES, log_odds, loyalty_pressure

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
    route = ROUTES["disposition"][FORMS.index(form)]
    daily = 1.0 / (1.0 + math.exp(-(MECHANISM.parameter(BASES[form]).value + route * loyalty_pressure(0.7, 2.0))))
    assert 1.0 - (1.0 - daily) ** 365 < 0.012


def test_hidden_shirking_of_the_content_stays_below_one_per_cent_at_a_time() -> None:
    daily = math.exp(MECHANISM.parameter("base_shirk").value)
    assert daily / MECHANISM.parameter("recover").value < 0.01


def test_every_form_answers_to_grievance_and_defection_is_rarest() -> None:
    slopes = [p.value for p in MECHANISM.parameters if p.name.startswith("grievance_")]
    assert len(slopes) == len(FORMS)
    assert min(slopes) > 0.0
    bases = {form: MECHANISM.parameter(name).value for form, name in BASES.items()}
    assert min(bases, key=lambda form: bases[form]) == "defection"


def test_routes_are_shares_of_a_pressure_for_every_form() -> None:
    for driver, weights in ROUTES.items():
        assert len(weights) == len(FORMS), driver
        assert all(0.0 <= w <= 1.0 for w in weights), driver
        assert max(weights) == 1.0, driver


def test_deterrence_does_not_reach_what_is_hidden() -> None:
    assert ROUTES["deterrence"][FORMS.index("shirking")] == 0.0
    assert [f for f, w in zip(FORMS, ROUTES["displacement"], strict=True) if w] == ["shirking"]
