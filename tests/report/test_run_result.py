"""A finished run in Python."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from allegiance.base.errors import AllegianceError
from allegiance.base.files import sha256
from allegiance.cases.schema import Case
from allegiance.report.frames import side_totals
from allegiance.report.result import Result


def test_reads_what_the_folder_holds(bundle: Path, case: Case) -> None:
    result = Result(bundle)
    assert result.summary()["case"] == case.id
    assert result.daily.height > 0
    assert result.report == bundle / "report.html"
    assert case.id in repr(result)


def test_missing_and_broken_files_are_named(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(AllegianceError, match=r"not a finished run: no summary\.json"):
        Result(tmp_path)
    copy = tmp_path / "copy"
    shutil.copytree(bundle, copy)
    (copy / "daily.parquet").write_bytes(b"not a table")
    with pytest.raises(AllegianceError, match=r"daily\.parquet is damaged"):
        _ = Result(copy).daily
    (copy / "summary.json").write_text("{", encoding="utf-8")
    with pytest.raises(AllegianceError, match=r"summary\.json is damaged"):
        Result(copy).summary()


def test_report_is_written_when_asked_for(bundle: Path, tmp_path: Path, case: Case) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(bundle, copy)
    (copy / "report.html").unlink()
    result = Result(copy)
    assert result.case == case
    assert result.report.read_bytes() == (bundle / "report.html").read_bytes()
    assert Result(copy).manifest["outputs"]["report.html"] == sha256(result.report)


def test_xarray_holds_every_side_total(bundle: Path) -> None:
    pytest.importorskip("xarray")
    result = Result(bundle)
    data = result.to_xarray()
    assert dict(data.sizes) == {"member": 12, "day": 120, "side": 2}
    totals = side_totals(result.daily)
    row = totals.row(777, named=True)
    at = {k: row[k] for k in ("member", "day", "side")}
    assert float(data["deserted"].sel(at)) == row["deserted"]
    assert data.attrs["seed"] == 0


def test_plot_and_its_faults(bundle: Path) -> None:
    result = Result(bundle)
    assert "<svg" in result.plot("shirking")._repr_svg_()  # type: ignore[attr-defined]
    with pytest.raises(AllegianceError, match="did you mean 'deserted'"):
        result.plot("desertet")
    with pytest.raises(AllegianceError, match="no side 'west'"):
        result.plot("deserted", "west")


def test_jupyter_shows_the_outcomes_escaped(bundle: Path, tmp_path: Path) -> None:
    assert "62 %" in Result(bundle)._repr_html_().replace("\N{NO-BREAK SPACE}", " ")
    copy = tmp_path / "<b>copy"
    shutil.copytree(bundle, copy)
    assert "<b>" not in Result(copy)._repr_html_()
