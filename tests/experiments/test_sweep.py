"""Sweeps: points are read and refused as a whole, share their random draws, go on where they stopped, and are drawn."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

import allegiance.experiments.sweep as module
from allegiance.base.errors import AllegianceError
from allegiance.cli.main import app
from allegiance.experiments.design import check_points, grid, parse_axis, read_axes, read_design
from allegiance.report.figures.sweep import drawn
from allegiance.report.sweep import Swept, sweep, write_sweep_report
from allegiance.runs.bundle import run_bundle, spec_of

SMALL = {"days": 12, "scale": 0.1, "threads": 1}
SUPPLY = "sides.stronger.supply"


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Swept, Path]:
    out = tmp_path_factory.mktemp("sweep") / "s"
    return sweep("reference", {SUPPLY: [0.3, 0.7, 1.0]}, members=6, out=out, **SMALL), out


@pytest.mark.parametrize("text", ["", "supply", "=1", "a=1:2", "a=1:2:x", "a=1:2:0", "a=1:nan:3", "a=1,,2"])
def test_an_axis_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(AllegianceError, match="cannot read --grid"):
        parse_axis(text)


def test_a_path_given_twice_is_refused() -> None:
    with pytest.raises(AllegianceError, match="twice"):
        read_axes(["a=1,2", "a=3,4"])


def test_points_must_set_the_same_paths_once_each_and_not_be_too_many() -> None:
    for points in ([], [{}], [{"a": 1}, {"b": 1}], [{"a": 1}, {"a": 1}], grid({"a": list(range(2001))})):
        with pytest.raises(AllegianceError):
            check_points(points)
    assert check_points(grid({"a": [1, 2], "b": [1, 2, 3]})) == ["a", "b"]


def test_a_design_file_is_read_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text("a,b\n0.5,true\n1,false\n")
    assert read_design(file) == [{"a": 0.5, "b": True}, {"a": 1, "b": False}]
    for text, said in (("a,b\n", "no point"), ("a,a\n1,2\n", "twice"), ("a,b\n1\n", "line 2"), ("a,b\n1,\n", "line 2")):
        file.write_text(text)
        with pytest.raises(AllegianceError, match=said):
            read_design(file)


def test_a_faulty_point_is_told_before_anything_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "play_point", lambda *_: pytest.fail("played"))
    for over in ({SUPPLY: [0.5, 7.0]}, {"sides.stronger.suply": [0.5]}):
        with pytest.raises(AllegianceError):
            sweep("reference", over, members=4, **SMALL)


def test_less_supply_means_more_shirking_and_the_table_is_long(done: tuple[Swept, Path]) -> None:
    result, _ = done
    rows = result.of("stronger.shirking").sort(SUPPLY)
    assert rows["median"].is_sorted(descending=True)
    assert rows["median"][0] > rows["median"][-1]
    assert (rows["low"] <= rows["median"]).all()
    assert (rows["median"] <= rows["high"]).all()
    assert result.frame.height == 3 * result.frame["outcome"].n_unique()
    with pytest.raises(AllegianceError, match="no outcome"):
        result.of("stronger.shirkin")


def test_a_point_is_the_run_with_its_value_set(done: tuple[Swept, Path], tmp_path: Path) -> None:
    """The same draws as `allegiance run --set`: no other number moves."""
    spec = spec_of(members=6, **SMALL)
    said = run_bundle("reference", spec, tmp_path / "run", {SUPPLY: 0.3})
    row = done[0].of("stronger.shirking").row(by_predicate=pl.col(SUPPLY) == 0.3, named=True)
    assert row["median"] == pytest.approx(100 * said["shares"]["stronger"]["shirking"]["median"], rel=1e-5)
    happened = done[0].of("stronger.mutiny?").row(by_predicate=pl.col(SUPPLY) == 0.3, named=True)
    assert happened["median"] == pytest.approx(100 * said["outcomes"]["stronger"]["mutiny"]["probability"], rel=1e-5)


def test_an_interrupted_sweep_goes_on(
    done: tuple[Swept, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, played = module.play_point, []

    def once(case, point, spec):  # type: ignore[no-untyped-def]
        if len(played) == 2:
            raise KeyboardInterrupt
        played.append(point)
        return real(case, point, spec)

    monkeypatch.setattr(module, "play_point", once)
    over = {SUPPLY: [0.3, 0.7, 1.0]}
    with pytest.raises(KeyboardInterrupt):
        sweep("reference", over, members=6, out=tmp_path / "s", **SMALL)
    again: list[dict[str, object]] = []
    monkeypatch.setattr(module, "play_point", lambda c, p, s: (again.append(p), real(c, p, s))[1])
    result = sweep("reference", over, members=6, out=tmp_path / "s", **SMALL)
    assert again == [{SUPPLY: 1.0}]
    assert result.frame.equals(done[0].frame)


def test_the_bundle_holds_the_table_and_a_report_with_curves(done: tuple[Swept, Path]) -> None:
    result, out = done
    assert pl.read_parquet(out / "sweep.parquet").equals(result.frame)
    assert json.loads((out / "sweep.json").read_text())["points"][0] == {SUPPLY: 0.3}
    page = write_sweep_report(out, result).read_text(encoding="utf-8")
    assert "Shared random draws" in page
    assert page.count("<svg") >= 3
    assert repr(result).startswith("Swept(case='reference', paths=1 entry, points=3 entries")


def rows_of(**columns: list[object]) -> pl.DataFrame:
    height = len(next(iter(columns.values())))
    fixed = {"label": "soldiers who shirk", "unit": "%", "low": 0.0, "high": 9.0}
    medians = pl.Series("median", [float(k) for k in range(height)])
    return pl.DataFrame(columns).with_columns(medians, *(pl.lit(v).alias(k) for k, v in fixed.items()))


def test_one_number_is_a_curve_two_a_heat_map_and_anything_else_a_list() -> None:
    curve, words = drawn(rows_of(a=[0.1, 0.2, 0.3]), ["a"])
    assert len(curve.axes[0].lines) == 1
    assert "at 0.2" in words
    heat, words = drawn(rows_of(a=[1, 1, 2, 2], b=[0.0, 1.0, 0.0, 1.0]), ["a", "b"])
    cells = heat.axes[0].images[0].get_array()
    assert cells.tolist() == [[0.0, 2.0], [1.0, 3.0]]  # rows are values of b, from below; columns values of a
    for rows, paths in ((rows_of(a=[True, False]), ["a"]), (rows_of(a=[1, 1, 2], b=[0, 1, 0]), ["a", "b"])):
        listed, _ = drawn(rows, paths)
        assert len(listed.axes[0].get_yticklabels()) == rows.height


def test_the_command_prints_points_and_writes_csv_and_excel(tmp_path: Path) -> None:
    options = ["--members", 2, "--days", 3, "--scale", 0.1, "--threads", 1, "--out", tmp_path / "s", "--csv", "--xlsx"]
    given = [str(x) for x in ("sweep", "reference", "--grid", f"{SUPPLY}=0.4,0.9", *options)]
    result = CliRunner().invoke(app, given)
    assert result.exit_code == 0, result.output
    assert "0.4" in result.output
    assert "soldiers who desert (Stronger side)" in result.output
    head = (tmp_path / "s" / "sweep.csv").read_text().splitlines()[0]
    assert head.startswith(f"point,{SUPPLY},outcome,side,label,unit,median,low,high")
    assert (tmp_path / "s" / "sweep.xlsx").read_bytes()[:2] == b"PK"


def test_the_command_takes_a_grid_or_a_design_and_not_both(tmp_path: Path) -> None:
    for given in ([], ["--grid", "a=1", "--design", str(tmp_path / "x.csv")]):
        result = CliRunner().invoke(app, ["sweep", "reference", *given])
        assert isinstance(result.exception, AllegianceError)
        assert "either --grid or --design" in str(result.exception)
