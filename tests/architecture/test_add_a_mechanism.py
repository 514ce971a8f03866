"""The page that adds a mechanism from outside the package: its code runs, and disturbs nothing."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from allegiance.inference.layer import load_layer
from allegiance.runs.spec import RunSpec
from allegiance.theory.contract import Mechanism
from allegiance.theory.registry import GROUP, MECHANISMS, PARAMETERS, register, unregister
from allegiance.theory.stamp import changed, stamps

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "add-a-mechanism.md").read_text(encoding="utf-8")
MODULE, PLAY = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
(ENTRY,) = re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path with the page's module in it."""
    (tmp_path / "primary_group.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    sys.modules.pop("primary_group", None)


@pytest.fixture
def added(folder: Path) -> Iterator[Mechanism]:
    """The page's mechanism, registered as the page does it."""
    mechanism = import_module("primary_group").MECHANISM
    register(mechanism)
    yield mechanism
    unregister(mechanism.id)


def test_the_page_plays_and_its_cause_acts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        exec(compile(PLAY, "add-a-mechanism.md", "exec"), {})
    finally:
        unregister("primary_group")
    without, with_it, twice = capsys.readouterr().out.splitlines()
    assert without != with_it != twice
    low, high = (json.loads(line.replace("'", '"'))["median"] for line in (without, twice))
    assert low < high, "with comrades gone, more men leave"


def test_the_others_keep_their_parameters(folder: Path) -> None:
    alone = RunSpec(seed=4).values(3)
    mechanism = import_module("primary_group").MECHANISM
    register(mechanism)
    try:
        together = RunSpec(seed=4).values(3)
    finally:
        unregister(mechanism.id)
    assert {k: v for k, v in together.items() if k != "primary_group_weight"} == alone


def test_its_stamp_is_its_own(added: Mechanism) -> None:
    now = stamps()
    assert changed({k: v for k, v in now.items() if k != added.id}) == []
    assert changed(now) == []


def test_what_is_shipped_fitted_is_not_refused_for_it(added: Mechanism) -> None:
    layer = load_layer()
    assert added.id not in layer.card.formulas
    assert changed(layer.card.formulas) == []
    assert changed({**layer.card.formulas, "linkage": "0" * 64}) == ["linkage"]



def test_a_package_brings_it_by_an_entry_point(folder: Path) -> None:
    """What the page's lines make of an installed package: its metadata on the path, and no code of the user's."""
    group = tomllib.loads(ENTRY)["project"]["entry-points"]
    assert list(group) == [GROUP]
    info = folder / "primary_group-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: primary-group\nVersion: 1.0\n")
    lines = "\n".join(f"{name} = {value}" for name, value in group[GROUP].items())
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{lines}\n")
    program = "from allegiance.theory.registry import mechanism; print(mechanism('primary_group').summary)"
    path = os.pathsep.join([str(folder), *filter(None, sys.path)])
    shown = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert shown.stdout.startswith("Soldiers whose comrades are gone for good leave sooner")


def test_nothing_is_left_of_it() -> None:
    assert "primary_group" not in {m.id for m in MECHANISMS}
    assert "primary_group_weight" not in PARAMETERS
