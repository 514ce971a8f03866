"""The commands: case draft, case drafts, case readings, case new --country."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_world import world
from typer.testing import CliRunner

from allegiance.cases.draft.registry import READINGS
from allegiance.cases.loader import load_case
from allegiance.cli.main import app

RUN = CliRunner()


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(world(tmp_path / "tables"))


def test_a_draft_is_written_with_its_page_and_passes_the_check(data: str, tmp_path: Path) -> None:
    out = tmp_path / "mali.yaml"
    done = RUN.invoke(app, ["case", "draft", "MLI", "--date", "2005-01-01", "-o", str(out), "--check", "--data", data])
    assert done.exit_code == 0, done.output
    assert "ok mali-2005-01-01-peace" in done.output
    assert load_case(out).war.kind == "peace"
    assert "Counted or coded by experts" in (tmp_path / "mali-README.md").read_text()
    assert RUN.invoke(app, ["case", "check", str(out)]).exit_code == 0


def test_without_a_file_the_case_is_printed(data: str, tmp_path: Path) -> None:
    done = RUN.invoke(app, ["case", "draft", "MLI", "--date", "2005-01-01", "--data", data])
    (tmp_path / "printed.yaml").write_text(done.stdout)
    assert load_case(tmp_path / "printed.yaml").id == "mali-2005-01-01-peace"


def test_all_drafts_of_some_years_are_counted(data: str, tmp_path: Path) -> None:
    import polars as pl

    out = tmp_path / "drafts.csv"
    done = RUN.invoke(app, ["case", "drafts", "--from", "2004", "--to", "2005", "--workers", "1", "--out", str(out),
                            "--data", data])  # fmt: skip
    assert done.exit_code == 0, done.output
    table = pl.read_csv(out)
    assert table["why_not"].null_count() == 24
    assert "24 drafted and checked" in done.output
    assert (table["why_not"].drop_nulls().str.len_chars() > 20).all()


def test_a_page_for_each_reading(data: str, tmp_path: Path) -> None:
    done = RUN.invoke(app, ["case", "readings", "--out", str(tmp_path / "pages"), "--data", data])
    assert done.exit_code == 0, done.output
    for name, reading in READINGS.items():
        text = (tmp_path / "pages" / f"{name}.md").read_text()
        assert reading.formula in text
        assert reading.misses in text


def test_a_new_case_can_begin_with_a_draft(data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLEGIANCE_DATA", data)
    path = tmp_path / "new.yaml"
    assert RUN.invoke(app, ["case", "new", str(path), "--country", "MLI", "--date", "2005-01-01"]).exit_code == 0
    assert load_case(path).sides["mali"].forces["army"].strength.value == 7000


def test_pages_in_the_documentation_belong_to_readings() -> None:
    """Coverage needs the tables; what the pages say of the rules must be what the rules say now."""
    folder = Path(__file__).resolve().parents[2] / "docs" / "readings"
    pages = {p.stem for p in folder.glob("*.md")} - {"index"}
    assert pages == set(READINGS)
    for name, reading in READINGS.items():
        text = (folder / f"{name}.md").read_text()
        stale = f"allegiance case readings --out docs/readings writes docs/readings/{name}.md anew"
        assert f"- **Formula** {reading.formula}." in text, stale
        assert f"- **Misses** {reading.misses}." in text, stale
        assert f"- **Quality** {reading.quality}" in text, stale


def test_levels_have_anchors(data: str) -> None:
    done = RUN.invoke(app, ["case", "anchors", "supply", "--value", "0.65", "--data", data])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("supply")
    assert "0.6" in done.output
    assert RUN.invoke(app, ["case", "anchors", "suply", "--data", data]).exit_code != 0
