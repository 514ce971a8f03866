"""Sets of fitted parameters: chosen by weight and key, refused when they belong to another theory."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from allegiance.base.errors import AllegianceError
from allegiance.base.values import Basis
from allegiance.runs.parameters import ParameterSet, parameter_set
from allegiance.runs.spec import RunSpec
from allegiance.theory.contract import Parameter
from allegiance.theory.registry import PARAMETERS, mechanism, register, unregister
from allegiance.theory.stamp import stamps

NAME = next(iter(PARAMETERS))


def written(path: Path, **changes: object) -> str:
    value = {
        "formulas": stamps(), "names": [NAME], "draws": [[1.0], [2.0]], "weights": [0.25, 0.75], "card": {},
    } | changes  # fmt: skip
    path.write_text(json.dumps(value))
    return str(path)


def test_draws_come_by_weight_and_key(tmp_path: Path) -> None:
    chosen = parameter_set(written(tmp_path / "set.json"))
    assert isinstance(chosen, ParameterSet)
    values = [chosen.values(3, k)[NAME] for k in range(2000)]
    assert set(values) == {1.0, 2.0}
    assert values.count(2.0) / 2000 == pytest.approx(0.75, abs=0.04)
    assert values == [chosen.values(3, k)[NAME] for k in range(2000)]


def test_a_run_takes_the_set_keeps_the_other_parameters_and_what_the_user_fixed(tmp_path: Path) -> None:
    path = written(tmp_path / "set.json", draws=[[1.0], [1.0]])
    prior, fitted = RunSpec().values(4), RunSpec(parameters=path).values(4)
    assert fitted == prior | {NAME: 1.0}
    assert prior[NAME] != 1.0
    assert RunSpec(parameters=path, fixed={NAME: 0.5}).values(4)[NAME] == 0.5
    assert RunSpec(parameters=path).identity() != RunSpec().identity()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"formulas": stamps() | {"linkage": "0" * 64}}, r"made with other formulas \(linkage\)"),
        ({"formulas": stamps() | {"forgotten": "0" * 64}}, r"made with other formulas \(forgotten\)"),
        ({"names": ["linkage_refusl"]}, r"made with other formulas \(linkage_refusl\)"),
        ({"weights": [0.5, 0.2]}, "not a parameter set"),
        ({"draws": [[1.0]]}, "not a parameter set"),
    ],
)
def test_a_foreign_or_damaged_set_is_refused(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises(AllegianceError, match=message):
        RunSpec(parameters=written(tmp_path / "set.json", **changes))


def test_no_such_set_and_central_values_with_a_set(tmp_path: Path) -> None:
    with pytest.raises(AllegianceError, match="no parameter set"):
        RunSpec(parameters=str(tmp_path / "nothing.json"))
    with pytest.raises(AllegianceError, match="exclude each other"):
        RunSpec(parameters=written(tmp_path / "set.json"), sample_parameters=False)


def test_a_set_survives_a_mechanism_and_a_parameter_that_came_later(tmp_path: Path) -> None:
    """What was fitted says nothing of them: they keep their priors."""
    path = written(tmp_path / "set.json", draws=[[1.0], [1.0]])
    idle = Parameter("idle", 1.0, 0.5, 2.0, "unit", Basis.judgement, "gurr1970", "for a test")
    known = mechanism("inclusion")
    register(replace(known, id="weather", parameters=(idle,), terms=()))
    try:
        parameter_set.cache_clear()
        values = RunSpec(parameters=path).values(2)
        assert values[NAME] == 1.0
        assert values["weather_idle"] == RunSpec().values(2)["weather_idle"]
    finally:
        unregister("weather")
        parameter_set.cache_clear()
