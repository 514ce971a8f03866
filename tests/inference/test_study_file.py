"""Study files of calibrations and fits are found, read and refused alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from allegiance.base.errors import AllegianceError
from allegiance.inference import study
from allegiance.inference.fit import study as fit_study

LOADERS = (study.load_study, fit_study.load_study)


def test_a_shipped_study_is_found_by_its_name_and_a_copy_by_its_path(tmp_path: Path) -> None:
    for load, shipped in zip(LOADERS, (study.SHIPPED, fit_study.SHIPPED), strict=True):
        for file in shipped.glob("*.yaml"):
            copy = tmp_path / file.name
            copy.write_bytes(file.read_bytes())
            assert load(file.stem).identity() == load(str(copy)).identity()  # type: ignore[attr-defined]


@pytest.mark.parametrize("load", LOADERS)
def test_an_unknown_name_and_an_unknown_key_are_refused(load: object, tmp_path: Path) -> None:
    assert callable(load)
    with pytest.raises(AllegianceError, match="no study 'librari'"):
        load("librari")
    file = tmp_path / "study.yaml"
    file.write_text("title: a\nseed: 1\ncolour: red\n")
    with pytest.raises(AllegianceError, match=r"study\.yaml:3.*colour"):
        load(str(file))
