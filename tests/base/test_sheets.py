"""Tables for spreadsheets: every cell arrives, none computes, the same table is the same file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl
import pytest

from allegiance.base import sheets
from allegiance.base.errors import AllegianceError

pytest.importorskip("xlsxwriter", reason="needs the xlsx extra")
TABLE = pl.DataFrame({"name": ["=1+1", "@sum", "https://x.org", "fine"], "value": [1.5, float("nan"), None, -2.0]})


def sheet(path: Path) -> tuple[str, str]:
    with zipfile.ZipFile(path) as book:
        return book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/sharedStrings.xml").decode()


def test_no_cell_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    assert sheets.export(tmp_path, "compare", {"differences": TABLE}, True, True) == [
        tmp_path / "differences.csv", tmp_path / "compare.xlsx",
    ]  # fmt: skip
    cells, words = sheet(tmp_path / "compare.xlsx")
    assert "<f>" not in cells
    assert "<hyperlink" not in cells
    assert "<t>'=1+1</t>" in words
    assert "<v>1.5</v>" in cells
    assert "nan" not in cells.lower()
    assert (tmp_path / "differences.csv").read_text().splitlines()[1] == "'=1+1,1.5"


def test_equal_tables_are_equal_bytes() -> None:
    assert sheets.to_xlsx({"t": TABLE}) == sheets.to_xlsx({"t": TABLE})


def test_a_table_too_large_for_a_sheet_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS", 3)
    with pytest.raises(AllegianceError, match="too large for Excel"):
        sheets.to_xlsx({"t": TABLE})


def test_replaced_results_leave_no_file_of_the_old_ones(tmp_path: Path) -> None:
    sheets.export(tmp_path, "run", {"members": TABLE}, True, True)
    assert sheets.export(tmp_path, "run", {"members": TABLE}, False, False) == []
    assert (tmp_path / "members.csv").is_file()
    sheets.export(tmp_path, "run", {"members": TABLE}, False, False, force=True)
    assert not list(tmp_path.iterdir())
