"""docs/forecasting.md says what the last full run on the leaderboard says, and that run is of the present models."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from allegiance.base.errors import AllegianceError
from allegiance.report.forecast_docs import BOARD, PAGE, check_scores, last_run, lines, write_scores

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the page and of the leaderboard; returns the folder of the docs."""
    for name in (f"docs/{PAGE}", BOARD):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path / "docs"


def test_the_page_is_up_to_date() -> None:
    check_scores(ROOT / "docs")


def test_every_figure_told_is_one_of_the_run() -> None:
    run = last_run(ROOT / BOARD)
    told = lines(run)
    bar = next(r for r in run if r["kind"] == "bars" and r["rival"] == "stack" and r["metric"] == "log")
    assert f"{1000 * bar['difference']:+.3g}".replace("-", "\N{MINUS SIGN}") in told
    assert run[0]["run"] in told
    assert f"look number {run[0]['look']}" in told


def test_a_published_figure_that_is_missed_is_said_to_be_with_our_interval() -> None:
    run = last_run(ROOT / BOARD)
    for r in run:
        if r["kind"] == "bars" and r["to_beat"] is not None and r["metric"] == "auc":
            line = next(x for x in lines(run).splitlines() if f"| {r['to_beat']:.4g} |" in x and "| AUC |" in x)
            assert ("**missed** by" in line) == (r["ours"] < r["to_beat"])
            assert f"[{r['ours_low']:.4g}, {r['ours_high']:.4g}]" in line


def test_a_changed_figure_is_found_and_written_anew(copied: Path) -> None:
    page = copied / PAGE
    right = page.read_text(encoding="utf-8")
    page.write_text(right.replace("**better**", "undecided", 1), encoding="utf-8")
    with pytest.raises(AllegianceError, match="out of date"):
        check_scores(copied)
    assert write_scores(copied) == page
    assert page.read_text(encoding="utf-8") == right


def test_a_run_of_other_models_is_stale(copied: Path) -> None:
    board = copied.parent / BOARD
    rows = [json.loads(line) | {"method": "0"} for line in board.read_text(encoding="utf-8").splitlines()]
    board.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    with pytest.raises(AllegianceError, match="stale"):
        check_scores(copied)


def test_without_a_full_run_there_is_nothing_to_tell(copied: Path) -> None:
    board = copied.parent / BOARD
    board.write_text('{"kind": "scores", "run": "a", "method": "4"}\n', encoding="utf-8")
    with pytest.raises(AllegianceError, match="held against the bars"):
        write_scores(copied)
