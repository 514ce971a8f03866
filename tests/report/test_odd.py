"""The generated reference pages: complete, resolvable, and the same as those committed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allegiance.base.claims import CLAIMS
from allegiance.base.errors import AllegianceError
from allegiance.cli.main import app
from allegiance.report.odd import CURE, check_pages, pages, write_pages
from allegiance.theory.registry import MECHANISMS, PARAMETERS

DOCS = Path(__file__).resolve().parents[2] / "docs"
ELEMENTS = (
    "Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling",
    "Design concepts", "Initialization", "Input data", "Submodels",
)  # fmt: skip
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
    "Stochasticity", "Collectives", "Observation",
)  # fmt: skip


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return pages()


def test_committed_pages_are_up_to_date() -> None:
    check_pages(DOCS)


def test_the_protocol_has_its_seven_elements_and_eleven_concepts_in_order(written: dict[str, str]) -> None:
    text = written["odd.md"]
    headings = re.findall(r"^## \d\. (.+)$", text, re.MULTILINE)
    assert headings == list(ELEMENTS)
    places = [text.index(f"**{concept}.**") for concept in CONCEPTS]
    assert places == sorted(places)


def test_every_claim_and_mechanism_appears_in_the_protocol(written: dict[str, str]) -> None:
    for entry in CLAIMS:
        assert f"| {entry.id} {entry.name} |" in written["odd.md"]
    for mechanism in MECHANISMS:
        assert f"(mechanisms/{mechanism.id}.md)" in written["odd.md"]


def test_every_parameter_is_in_the_reference_and_on_its_page(written: dict[str, str]) -> None:
    for name in PARAMETERS:
        assert f"| `{name}` |" in written["parameters.md"]
    for mechanism in MECHANISMS:
        for parameter in mechanism.parameters:
            assert f"`{mechanism.id}_{parameter.name}`" in written[f"mechanisms/{mechanism.id}.md"]


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.id)
def test_a_page_explains_every_function_and_rival_in_full(written: dict[str, str], mechanism) -> None:  # type: ignore[no-untyped-def]
    text = written[f"mechanisms/{mechanism.id}.md"]
    for function in (*mechanism.functions, *mechanism.rivals):
        section = text.split(f"### `{function.__name__}(")[1].split("\n### ")[0]
        assert "Returns: " in section
        assert "Source: " in section
        assert ">>>" not in section
    assert "Returns: \n" not in text
    assert "Source: \n" not in text


def test_links_between_pages_lead_somewhere(written: dict[str, str]) -> None:
    for name, text in written.items():
        for target in re.findall(r"\]\(([^)#:]+\.md)", text):
            assert str(Path(name).parent / target) in written or (DOCS / Path(name).parent / target).is_file()


def test_writing_checking_and_removing_stale_pages(tmp_path: Path) -> None:
    (tmp_path / "mechanisms").mkdir()
    (tmp_path / "mechanisms" / "forgotten.md").write_text("old")
    with pytest.raises(AllegianceError, match="out of date") as caught:
        check_pages(tmp_path)
    assert caught.value.cure == CURE
    assert "mechanisms/forgotten.md" in caught.value.message
    write_pages(tmp_path)
    check_pages(tmp_path)
    (tmp_path / "parameters.md").write_text("edited by hand")
    with pytest.raises(AllegianceError, match=r"parameters\.md"):
        check_pages(tmp_path)


def test_the_command_writes_and_checks(tmp_path: Path) -> None:
    runner = CliRunner()
    shown = runner.invoke(app, ["docs", "--out", str(tmp_path)])
    assert shown.exit_code == 0
    assert "wrote" in shown.output
    assert (tmp_path / "odd.md").is_file()
    assert runner.invoke(app, ["docs", "--out", str(tmp_path), "--check"]).exit_code == 0
    (tmp_path / "odd.md").unlink()
    failed = runner.invoke(app, ["docs", "--out", str(tmp_path), "--check"])
    assert isinstance(failed.exception, AllegianceError)
