"""Reports of the calibration and of the test by month say what was found."""

import json
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from allegiance.cli.main import app
from allegiance.inference.ukraine import Ukraine, episodes, score
from allegiance.inference.ukraine_data import DAYS, FIT, MONTHS, SERIES, Point
from allegiance.report.ukraine_page import write_ukraine_report

MEMBERS = 6


def test_calibrate_writes_a_report_with_its_card_and_checks(tmp_path: Path) -> None:
    study = {
        "title": "Small study", "seed": 1, "cases": {"hold_out": ["ukraine"], "longest_days": 16}, "budget": 1e4,
        "replicates": 1, "summaries": ["coup", "left"], "screen": {"draws": 16, "keep": 2},
        "parameters": ["choice_rate_desertion"], "smc": {"population": 8, "generations": 1},
        "checks": {"fits": 5, "accept": 0.6},
    }  # fmt: skip
    with (tmp_path / "study.yaml").open("w") as stream:
        YAML().dump(study, stream)
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["calibrate", "--study", str(tmp_path / "study.yaml"), "--out", str(out), "--json"])
    assert done.exit_code == 0, done.output
    summary = json.loads(done.stdout)
    assert [p["parameter"] for p in summary["parameters"]] == ["choice_rate_desertion"]
    page = (out / "report.html").read_text()
    for words in ("Small study", "choice_rate_desertion", "italy-1943", "uniform ranks", "held out"):
        assert words in page
    assert set(json.loads((out / "manifest.json").read_text())["outputs"]) >= {"parameters.json", "posterior.nc"}


@pytest.fixture
def found() -> Ukraine:
    rng = np.random.default_rng(0)
    monthly = {s.name: rng.uniform(0.1, 0.4, (MEMBERS, len(MONTHS))) for s in SERIES}
    points = [Point(s.name, (k,), 0.2 + 0.01 * k) for s in SERIES for k in range(len(MONTHS))]
    weights = np.full(MEMBERS, 1 / MEMBERS)
    mutinies = np.zeros((MEMBERS, DAYS))
    over = np.linspace(0, 0.5, len(MONTHS))
    return Ukraine(
        points, monthly, dict.fromkeys(monthly, 0.1), weights, 6.0, 1.0, score(monthly, weights, points),
        episodes(monthly, mutinies, weights),
        np.zeros(len(MONTHS)), over, {"ongoing": 0.5, "settlement": 0.5},
    )  # fmt: skip


def test_the_page_by_month_shows_every_series_and_when_wars_ended(found: Ukraine, tmp_path: Path) -> None:
    page = write_ukraine_report(tmp_path, found, [("seed", "0")]).read_text()
    for s in SERIES:
        assert s.label in page
    assert f"{found.over_by[FIT - 1]:.0%}" in page
    assert "persistence" in page
    assert page.count("<svg") == len(SERIES) + 1
