"""A missing extra fails with the line that cures it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from allegiance.base.errors import AllegianceError
from allegiance.base.extras import require


def test_what_is_there_is_imported() -> None:
    assert require("json", "web") is json


def test_what_is_missing_names_itself_and_the_pip_line() -> None:
    with pytest.raises(AllegianceError, match="'not_a_module_at_all'") as caught:
        require("not_a_module_at_all.part", "fit")
    assert caught.value.cure == "python -m pip install 'allegiance[fit]'"


def test_a_present_module_that_misses_another_names_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "half_installed_thing.py").write_text("import its_missing_dependency\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(AllegianceError, match="'its_missing_dependency'"):
        require("half_installed_thing", "web")


def test_importing_the_package_brings_in_nothing_heavy() -> None:
    heavy = ["numba", "polars", "matplotlib", "pandas", "scipy", "sklearn", "shiny", "xarray", "duckdb"]
    code = f"import sys, allegiance; print([m for m in {heavy!r} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
