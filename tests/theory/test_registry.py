"""The registry, the priors, the draws, and the theory of a run."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegiance.base.errors import AllegianceError
from allegiance.base.values import Basis
from allegiance.theory.anchors import solve
from allegiance.theory.contract import Mechanism, Parameter
from allegiance.theory.model import Model, Theory, draw, rival_of, rivalled
from allegiance.theory.registry import (
    MECHANISMS,
    PARAMETERS,
    check_value,
    mechanism,
    register,
    switchable,
    unregister,
)

Z90 = 1.6448536269514722


def parameter(low: float, value: float, high: float, scale: str, support: str = "nonnegative") -> Parameter:
    return Parameter("x", value, low, high, "unit", Basis.judgement, "gurr1970", "a reason", scale, support)  # type: ignore[arg-type]


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


@pytest.mark.parametrize("name", PARAMETERS)
@given(z=st.floats(-3.0, 3.0))
def test_no_draw_turns_a_mechanism_round(name: str, z: float) -> None:
    value = PARAMETERS[name].quantile(z)
    assert PARAMETERS[name].allows(value)
    assert value >= 0.0 or PARAMETERS[name].support == "real"


def test_a_nonnegative_prior_keeps_its_interval_and_stops_at_nought() -> None:
    """With low above 0 the lower half falls off on the log scale; with low at 0 it ends there."""
    above, at = parameter(0.1, 1.0, 3.0, "normal"), parameter(0.0, 1.0, 3.0, "normal")
    assert above.quantile(-Z90) == pytest.approx(0.1)
    assert 0.0 < above.quantile(-3.0) < 0.1
    assert at.quantile(-Z90) == pytest.approx(0.0)
    assert at.quantile(-3.0) == 0.0
    assert parameter(-3.0, 1.0, 3.0, "normal", "real").quantile(-3.0) < -3.0


def test_faulty_priors_are_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        parameter(0.1, 0.5, 0.4, "normal")
    with pytest.raises(ValueError, match="low > 0"):
        parameter(0.0, 0.5, 0.9, "log")
    with pytest.raises(ValueError, match="logit"):
        parameter(0.1, 0.5, 1.0, "logit")
    with pytest.raises(ValueError, match='support="real"'):
        parameter(-0.1, 0.5, 1.0, "normal")


def test_central_values_when_not_sampling() -> None:
    central = {name: p.value for name, p in PARAMETERS.items()}
    assert draw(5, 1, sample=False) == central | solve(central)


def test_the_same_keys_draw_the_same_and_draws_differ() -> None:
    assert draw(0, 3) == draw(0, 3)
    assert draw(0, 3) != draw(0, 4)
    assert draw(0, 3) != draw(1, 3)


def test_fixing_one_parameter_leaves_the_others_as_drawn() -> None:
    free, fixed = draw(7, 2), draw(7, 2, fixed={"deprivation_supply": 1.25})
    changed = {name for name in free if fixed[name] != free[name]}
    assert changed == {"deprivation_supply", "choice_base_mutiny"}, "only hungry men's intercept hangs on hunger"
    assert fixed["deprivation_supply"] == 1.25
    assert free["deprivation_supply"] != 1.25


def test_a_fixed_intercept_is_not_solved_for() -> None:
    assert draw(7, 2, fixed={"choice_base_mutiny": -3.5})["choice_base_mutiny"] == -3.5


def test_draws_follow_the_prior() -> None:
    values = np.array([draw(11, number)["learning_noise"] for number in range(400)])
    p = PARAMETERS["learning_noise"]
    assert 0.85 < np.mean((values > p.low) & (values < p.high)) < 0.95
    assert np.median(values) == pytest.approx(p.value, rel=0.1)
    assert math.isfinite(values.max())


def test_switches_and_unknown_names() -> None:
    assert not Model(Theory(off=("linkage",)), [draw(0, 0)]).linkage.on
    assert Model(Theory(), [draw(0, 0)]).linkage.on
    with pytest.raises(AllegianceError, match="cannot be switched off"):
        Theory(off=("choice",))
    with pytest.raises(AllegianceError, match="did you mean 'linkage'"):
        switchable("linkge")
    with pytest.raises(AllegianceError, match="no parameter 'deprivation_suply'"):
        draw(0, 0, fixed={"deprivation_suply": 1.0})
    assert mechanism("wounded").claims == ("C14",)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("deprivation_supply", -0.1, "must be 0 or more, not -0.1"),
        ("contagion_half", 1.2, "must be between 0 and 1, not 1.2"),
        ("choice_base_desert", math.inf, "must be a number, not inf"),
        ("deprivation_supply", math.nan, "must be 0 or more, not nan"),
    ],
)
def test_a_value_that_a_parameter_cannot_take_is_refused(name: str, value: float, said: str) -> None:
    with pytest.raises(AllegianceError, match=said):
        check_value(name, value)
    with pytest.raises(AllegianceError, match=said):
        draw(0, 0, fixed={name: value})


def test_a_mechanism_left_out_has_no_terms_and_the_others_keep_theirs() -> None:
    """Switching off is leaving out."""
    model = Model(Theory(off=("linkage",)), [draw(0, 0)])
    assert model.linkage.terms == ()
    assert all(len(model.mechanisms[m.id].terms) == len(m.terms) for m in MECHANISMS if m.id != "linkage")


def test_a_model_holds_one_value_per_contest() -> None:
    draws = [draw(1, 0), draw(1, 1), draw(1, 1)]
    p = Model(Theory(), draws).linkage.p
    assert p.refusal.tolist() == [d["linkage_refusal"] for d in draws]
    with pytest.raises(AttributeError, match="no mechanism 'linkge'"):
        _ = Model(Theory(), draws).linkge
    with pytest.raises(AttributeError, match="mechanism 'linkage' has no function 'facng'"):
        _ = Model(Theory(), draws).linkage.facng


def test_a_rival_takes_the_place_of_the_form_it_rivals_in_functions_and_terms() -> None:
    theory = Theory().with_(relative_deprivation="gurr1970")
    rival = rival_of("relative_deprivation", "gurr1970")
    active = Model(theory, [draw(0, 0)]).relative_deprivation
    assert active.relative_deprivation is rival
    assert rivalled("relative_deprivation", rival).__name__ == "relative_deprivation"
    assert rival in [t.formula for t in active.terms]
    assert theory.rivals == {"relative_deprivation": rival.__name__}


def test_theories_are_made_from_one_another_and_leave_it_as_it_was() -> None:
    plain = Theory()
    both = plain.with_(inclusion=None).with_(cascade="granovetter1978")
    assert (both.off, set(both.rivals)) == (("inclusion",), {"cascade"})
    assert plain == Theory()
    with pytest.raises(AllegianceError, match="cannot be switched off"):
        plain.with_(combat=None)
    with pytest.raises(AllegianceError, match=r"has no rival 'gur1970'"):
        plain.with_(relative_deprivation="gur1970")
    with pytest.raises(AllegianceError, match=r"rivals there are: .*relative_deprivation=gap_gurr1970"):
        plain.with_(wounded="gurr1970")


def made(identifier: str, *names: str) -> Mechanism:
    def nothing(weight: float) -> float:
        return weight

    return Mechanism(
        identifier, ("C1",), "pressure", "Nothing.", "everything",
        tuple(Parameter(n, 1.0, 0.5, 2.0, "unit", Basis.judgement, "gurr1970", "for a test") for n in names),
        (nothing,), ("gurr1970",),
    )  # fmt: skip


def test_a_mechanism_from_outside_joins_and_leaves_again() -> None:
    before, known = list(MECHANISMS), dict(PARAMETERS)
    register(made("aaa_weather", "rain"))
    try:
        assert mechanism("aaa_weather") is MECHANISMS[0], "by name, wherever it comes from"
        assert draw(0, 0, sample=False)["aaa_weather_rain"] == 1.0
    finally:
        unregister("aaa_weather")
    assert (before, known) == (MECHANISMS, PARAMETERS)


def test_its_draws_leave_those_of_all_others_as_they_were() -> None:
    alone = draw(3, 1)
    register(made("aaa_weather", "rain"))
    try:
        together = draw(3, 1)
    finally:
        unregister("aaa_weather")
    assert {k: v for k, v in together.items() if k != "aaa_weather_rain"} == alone


def test_names_that_are_taken_are_refused_and_nothing_is_left_behind() -> None:
    before, known = list(MECHANISMS), dict(PARAMETERS)
    with pytest.raises(AllegianceError, match="there is a mechanism 'linkage' already"):
        register(made("linkage", "new"))
    with pytest.raises(AllegianceError, match="there is a parameter 'deprivation_losses_half' already"):
        register(made("deprivation_losses", "half"))
    assert (before, known) == (MECHANISMS, PARAMETERS)


def test_ids_are_unique() -> None:
    assert len({m.id for m in MECHANISMS}) == len(MECHANISMS)
