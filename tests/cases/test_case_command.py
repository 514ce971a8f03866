"""`allegiance case` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allegiance.base.errors import AllegianceError
from allegiance.cases.loader import library, load_case
from allegiance.cases.paths import numbers, parse_setting, with_values
from allegiance.cases.template import TEMPLATE, field_table, json_schema
from allegiance.cli.main import app
from allegiance.report.case_text import settings

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
    lines = run("list", "--codes").splitlines()
    assert all(any(line.startswith(f"{name} ") for line in lines) for name in library())
    heads = next(line for line in lines if line.startswith("case")).split()
    russia = next(line for line in lines if line.startswith("russia-1917")).split()
    seen = dict(zip(heads, russia, strict=True))
    assert (seen["cou"], seen["mut"], seen["left"], seen["ref"], seen["comp"]) == ("1", "3", "5–28", "3", "0.97")
    assert max(map(len, lines)) <= 80


def test_list_says_what_happened_in_words_and_filters() -> None:
    text = run("list")
    assert "Russia, March to November 1917" in text
    assert "coup failed, mutiny above 10 %, the order was not carried out, 5–28 % left or changed sides" in text
    names = [row["id"] for row in json.loads(run("list", "--json"))]
    assert len(names) == 35

    def found(*words: str) -> set[str]:
        return {row["id"] for row in json.loads(run("list", "--json", *words))}

    coups, none = found("--happened", "coup"), found("--happened", "none")
    assert coups
    assert none
    assert not coups & none
    assert "reference" not in coups | none
    assert found("--search", "UKRAINE 2014") == {"ukraine-crimea-2014"}
    assert found("--search", "no such word") == set()
    assert found("--since", "1900", "--until", "1950") == {
        n for n in names if "19" in n and 1900 <= int(n[-4:]) <= 1950
    }
    assert found("--task", "repress") | found("--task", "fight") | found("--task", "both") == set(names) - {"reference"}
    with pytest.raises(AllegianceError, match="--happened: 'coups'"):
        run("list", "--happened", "coups")
    with pytest.raises(AllegianceError, match="did you mean 'repress'"):
        run("list", "--task", "repres")


@pytest.mark.parametrize("name", ["reference", "russia-ukraine-2022", "sudan-2019"])
@pytest.mark.parametrize("columns", ["30", "80", "200"])
def test_show_lists_paths_what_ifs_and_conditions_with_units_and_bounds(
    name: str, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = run("show", name).splitlines()
    case = load_case(name)
    for path, number in numbers(case):
        line = next(text for text in lines if text.startswith(f"  {path} = "))
        assert f"= {number.value:,.10g}  ([" in line
        assert number.unit in line
        assert str(number.basis) in line
    for names in (case.counterfactuals, case.conditions):
        assert all(any(text.startswith(f"  {k}") for text in lines) for k in names)


def test_every_value_that_show_lists_can_be_set() -> None:
    case = load_case("russia-ukraine-2022")
    for setting in settings(case):
        path, value = parse_setting(f"{setting.path}={setting.value.replace(',', '')}")
        assert with_values(case, {path: value}).id == case.id
    assert {"decisions.mobilisation.enabled", "decisions.mobilisation.date"} <= {s.path for s in settings(case)}
    company = next(s for s in settings(case) if s.path.endswith(".formation.company"))
    assert company.takes == "whole number in [20, 400]"


def test_show_finds_paths() -> None:
    lines = run("show", "reference", "--find", "SUPPLY").splitlines()
    assert lines[0].endswith(": 2")
    assert all("supply" in line for line in lines[1:3])


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
