"""Sets of fitted parameters: chosen by weight and key, refused when they belong to another theory."""

import json
from pathlib import Path

import pytest
from allegiance.run.parameters import ParameterSet, parameter_set, theory_hash
from allegiance.run.spec import RunSpec

from allegiance.base.errors import AllegianceError
from allegiance.theory.registry import PARAMETERS

NAME = next(iter(PARAMETERS))


def written(path: Path, **changes: object) -> str:
    value = {
        "theory_sha256": theory_hash(), "names": [NAME], "draws": [[1.0], [2.0]], "weights": [0.25, 0.75], "card": {},
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
    prior, fitted = RunSpec().theta(4), RunSpec(parameters=path).theta(4)
    assert fitted[NAME][0] == 1.0
    others = [n for n in PARAMETERS if n != NAME]
    assert prior[others].tolist() == fitted[others].tolist()
    assert RunSpec(parameters=path, fixed={NAME: 0.5}).theta(4)[NAME][0] == 0.5
    assert RunSpec(parameters=path).identity() != RunSpec().identity()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"theory_sha256": "0" * 64}, "another version of the theory"),
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
