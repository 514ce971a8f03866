"""`allegiance case` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allegiance.base.errors import AllegianceError
from allegiance.cases.loader import library
from allegiance.cases.template import TEMPLATE, field_table, json_schema
from allegiance.cli.main import app

runner = CliRunner()


def run(*words: str) -> str:
    result = runner.invoke(app, ["case", *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_list_names_every_case() -> None:
    assert [row["id"] for row in json.loads(run("list", "--json"))] == library()
    assert "reference" in run("list")


def test_list_shows_conditions_and_outcomes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = run("list").splitlines()
    assert all(any(line.startswith(f"{name} ") for line in lines) for name in library())
    heads = next(line for line in lines if line.startswith("case")).split()
    russia = next(line for line in lines if line.startswith("russia-1917")).split()
    seen = dict(zip(heads, russia, strict=True))
    assert (seen["coup"], seen["mut"], seen["left"], seen["ref"], seen["comp"]) == ("1", "3", "10–30", "3", "0.97")
    assert max(map(len, lines)) <= 80


def test_the_whole_library_passes_the_check_and_its_numbers_add_up() -> None:
    found = json.loads(run("check", "--json"))
    assert found["ok"]
    assert [row["case"] for row in found["cases"]] == library()
    assert all(row["works"] for row in found["cases"] if row["case"] != "reference")
    total = sum(sum(row["basis"].values()) for row in found["cases"])
    assert f"{total:,} numbers" in " ".join(run("check").split())


@pytest.mark.parametrize("name", ["reference", "wagner-2023"])
def test_show(name: str) -> None:
    text = run("show", name)
    assert name in text
    assert "judgement" in text
    shown = json.loads(run("show", name, "--json"))
    assert shown["case"]["id"] == name
    assert set(shown["basis"]) == {"measured", "published", "estimated", "judgement"}


def test_a_new_case_passes_the_check_and_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    assert "wrote" in run("new", str(path))
    assert "ok" in run("check", str(path))
    path.write_text("mine")
    with pytest.raises(AllegianceError, match="exists already"):
        run("new", str(path))
    assert path.read_text() == "mine"
    with pytest.raises(AllegianceError, match="is a folder"):
        run("new", str(tmp_path))


def test_check_lists_faults_as_json(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(TEMPLATE.read_text().replace("days: 180", "days: 0"))
    result = runner.invoke(app, ["case", "check", str(path), "--json"])
    answer = json.loads(result.output)
    assert result.exit_code == 2
    assert not answer["ok"]
    assert answer["faults"][0]["path"] == "days"
    with pytest.raises(AllegianceError, match="days"):
        run("check", str(path))


def test_the_schema_is_json_schema_and_refuses_unknown_keys() -> None:
    schema = json.loads(run("schema"))
    assert schema == json_schema()
    assert schema["additionalProperties"] is False
    assert {"sides", "war", "schema"} <= set(schema["properties"])
    side = schema["$defs"]["Side"]["properties"]
    assert side["supply"]["description"].endswith("([0, 1] level)")
    assert schema["$defs"]["Force"]["properties"]["composition"]["description"].endswith("([0, 1] share)")
    assert "coup" in json.loads(run("schema", "--observed"))["properties"]


def test_the_table_of_keys_and_the_template_are_complete() -> None:
    rows = {row["path"]: row for row in field_table()}
    assert rows["sides.NAME.supply"]["takes"] == "[0, 1] level"
    assert rows["sides.NAME.forces.NAME.composition.NAME"]["takes"] == "[0, 1] share"
    template = TEMPLATE.read_text()
    keys = {part for path in rows for part in path.split(".") if part != "NAME"}
    assert [key for key in sorted(keys) if f"{key}:" not in template] == []
