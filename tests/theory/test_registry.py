"""The registry, the priors and the draws."""

from __future__ import annotations

import math

import numpy as np
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.base.values import Basis
from allegiance.theory.contract import Parameter
from allegiance.theory.registry import MECHANISMS, PARAMETERS, SWITCHES, THETA, defaults, draw, mechanism

Z90 = 1.6448536269514722


def parameter(low: float, value: float, high: float, scale: str) -> Parameter:
    return Parameter("x", value, low, high, "unit", Basis.judgement, "gurr1970", "a reason", scale)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", PARAMETERS)
def test_priors_hold_ninety_per_cent_between_low_and_high(name: str) -> None:
    p = PARAMETERS[name]
    assert p.quantile(0.0) == pytest.approx(p.value)
    assert p.quantile(Z90) == pytest.approx(p.high)
    assert p.quantile(-Z90) == pytest.approx(p.low)
    ladder = [p.quantile(z) for z in np.linspace(-3, 3, 25)]
    assert ladder == sorted(ladder)


@pytest.mark.parametrize("name", [n for n, p in PARAMETERS.items() if p.scale == "logit"])
def test_shares_stay_shares(name: str) -> None:
    assert 0.0 < PARAMETERS[name].quantile(-3.0) < PARAMETERS[name].quantile(3.0) < 1.0


def test_faulty_priors_are_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        parameter(0.1, 0.5, 0.4, "normal")
    with pytest.raises(ValueError, match="low > 0"):
        parameter(0.0, 0.5, 0.9, "log")
    with pytest.raises(ValueError, match="logit"):
        parameter(0.1, 0.5, 1.0, "logit")


def test_defaults_are_central_with_everything_on() -> None:
    theta = defaults()
    assert theta.dtype == THETA
    assert all(theta[name][0] == p.value for name, p in PARAMETERS.items())
    assert all(theta[name][0] == 1.0 for name in SWITCHES)


def test_the_same_keys_draw_the_same_and_members_differ() -> None:
    assert draw(0, 3) == draw(0, 3)
    assert draw(0, 3) != draw(0, 4)
    assert draw(0, 3) != draw(1, 3)


def test_fixing_one_parameter_leaves_the_others_as_drawn() -> None:
    free, fixed = draw(7, 2), draw(7, 2, fixed={"deprivation_supply": 1.25})
    for name in PARAMETERS:
        assert fixed[name][0] == (1.25 if name == "deprivation_supply" else free[name][0])


def test_central_values_when_not_sampling() -> None:
    assert draw(5, 1, sample=False) == defaults()


def test_draws_follow_the_prior() -> None:
    values = np.array([draw(11, member)["learning_noise"][0] for member in range(400)])
    p = PARAMETERS["learning_noise"]
    assert 0.85 < np.mean((values > p.low) & (values < p.high)) < 0.95
    assert np.median(values) == pytest.approx(p.value, rel=0.1)
    assert math.isfinite(values.max())


def test_switches_and_unknown_names() -> None:
    assert draw(0, 0, off=["linkage"])["linkage_on"][0] == 0.0
    with pytest.raises(AllegianceError, match="cannot be switched off"):
        draw(0, 0, off=["choice"])
    with pytest.raises(AllegianceError, match="did you mean 'linkage'"):
        draw(0, 0, off=["linkge"])
    with pytest.raises(AllegianceError, match="no parameter 'deprivation_suply'"):
        draw(0, 0, fixed={"deprivation_suply": 1.0})
    assert mechanism("wounded").claims == ("C14",)


def test_ids_are_unique() -> None:
    assert len({m.id for m in MECHANISMS}) == len(MECHANISMS)
