"""The protocol is closed and complete, fits the reference case, and is refused by cases that lack something."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from allegiance.base.claims import CLAIMS
from allegiance.base.errors import AllegianceError
from allegiance.cases.loader import library, load_case
from allegiance.experiments.contrast import Plan, arm_run, mutated
from allegiance.experiments.protocol import Effect, Experiment, Measure, bind, fill, protocol


def plan_of(claim: str, case: str = "reference", members: int = 4) -> Plan:
    loaded = load_case(case)
    return Plan(loaded, protocol().claims[claim], bind(loaded), members, 0, 0.1, 2)


def test_every_claim_has_an_experiment_in_order() -> None:
    assert list(protocol().claims) == [c.id for c in CLAIMS]


@pytest.mark.parametrize("claim", [c.id for c in CLAIMS])
def test_every_arm_and_its_mutation_fit_the_reference_case(claim: str) -> None:
    plan = plan_of(claim)
    base = {name: arm_run(plan, name) for name in plan.experiment.arms}
    for name in plan.experiment.arms:
        case, spec = arm_run(mutated(plan), name)
        assert (case, spec.identity()) != (base[name][0], base[name][1].identity()) or claim in ("C14", "N2")
    if len(base) > 1:
        kinds = {(case.model_dump_json(), str(spec.identity())) for case, spec in base.values()}
        assert len(kinds) == len(base), "two arms of an experiment are the same"


def test_every_claim_asks_at_least_one_main_effect() -> None:
    for name, experiment in protocol().claims.items():
        assert any(e.role == "main" for e in experiment.effects.values()), name
        assert experiment.mutation.label


@pytest.mark.parametrize("name", library())
def test_placeholders_mean_keys_of_every_library_case(name: str) -> None:
    case = load_case(name)
    meanings = bind(case)
    own = case.sides[meanings["side"]]
    assert meanings["army"] in own.forces
    assert meanings["home"] in own.regions
    assert ("other" in meanings) == (len(case.sides) == 2)


def test_unknown_side_and_missing_meaning_are_said() -> None:
    with pytest.raises(AllegianceError, match=r"no side 'strongr'.*\n.*'stronger'"):
        bind(load_case("reference"), "strongr")
    with pytest.raises(AllegianceError, match="no second side"):
        fill("sides.{other}.supply", {"side": "a"})


def test_an_optional_path_is_left_out_where_it_means_nothing() -> None:
    plan = plan_of("C13", "russia-chechnya-1994")
    if plan.case.sides[plan.meanings["side"]].protest.waves:
        pytest.skip("the case has protest")
    case, _ = arm_run(plan, "few")
    assert case.war.intensity.value == 0.5


def test_the_protocol_refuses_what_does_not_hang_together() -> None:
    effect = {"label": "x", "measure": "m", "terms": {"a": 1}, "scale": "days", "expect": "up"}
    good = {"contrast": "c", "days": 10, "arms": {"a": {"label": "a"}}, "measures": {"m": {"column": "killed"}},
            "effects": {"e": effect}, "mutation": {"label": "off"}}  # fmt: skip
    Experiment.model_validate(good)
    for wrong in (
        {"effects": {"e": effect | {"terms": {"b": 1}}}},
        {"effects": {"e": effect | {"expect": "equal"}}},
        {"measures": {"m": {"column": "killed", "per": "days"}}},
        {"unknown": 1},
    ):
        with pytest.raises(ValidationError):
            Experiment.model_validate(good | wrong)
    with pytest.raises(ValidationError, match="one of"):
        Measure(column="a", events="mutiny")
    with pytest.raises(ValidationError, match="odds need"):
        Measure(odds="desertion")
    with pytest.raises(ValidationError):
        Effect.model_validate(effect | {"scale": "miles"})
