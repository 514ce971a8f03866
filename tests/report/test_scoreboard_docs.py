"""docs/scoreboard.md says what its record says, and what an earlier form of the model came to is told as such."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.report import scoreboard_docs as docs
from allegiance.theory.stamp import theory_hash

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the page and of its record; returns the folder."""
    for name in (docs.PAGE, docs.RECORD):
        shutil.copy(DOCS / name, tmp_path / name)
    return tmp_path


def test_the_page_is_up_to_date() -> None:
    docs.check_scoreboard(DOCS)


def test_overlaps_are_called_overlaps() -> None:
    text = (DOCS / docs.PAGE).read_text(encoding="utf-8")
    assert text.count("meets the coded range in") == text.count("they overlap; the coded range need not lie inside") > 0


def test_a_changed_figure_is_found_and_written_anew(copied: Path) -> None:
    page = copied / docs.PAGE
    right = page.read_text(encoding="utf-8")
    page.write_text(right.replace("| better |", "| worse |", 1), encoding="utf-8")
    with pytest.raises(AllegianceError, match="behind its record"):
        docs.check_scoreboard(copied)
    assert docs.write_scoreboard(copied) == page
    assert page.read_text(encoding="utf-8") == right


def test_scores_of_an_earlier_form_are_said_to_be_so(copied: Path) -> None:
    known = json.loads((copied / docs.RECORD).read_text(encoding="utf-8"))
    known["case"]["formulas_sha256"] = theory_hash()
    assert "earlier form" not in docs.lines({"case": known["case"]})
    known["case"]["formulas_sha256"] = "0"
    assert "earlier form" in docs.lines({"case": known["case"]})


def test_ends_are_shares_of_the_playings_of_a_case() -> None:
    run = {"ends": {"tunisia-2011": {"regime_fell": 3, "order_restored": 1}}}
    assert docs.ends_share(run, "tunisia-2011", ("regime_fell", "coup")) == 0.75
    assert docs.ends_share(run, "unknown", ("coup",)) is None
    run = {"ends": {"iraq-mosul-2014": {"ongoing": 3, "collapse_defender": 1}}, "dissolved": {"iraq-mosul-2014": 2}}
    assert docs.ends_share(run, "iraq-mosul-2014", (docs.DISSOLVED,)) == 0.5


def test_an_army_has_dissolved_where_its_war_ended_so_or_half_of_it_left() -> None:
    members = pl.DataFrame({
        "war.end": ["ongoing", "ongoing", "collapse_defender", "collapse_attacker"], "iraq.served": [1000.0] * 4,
        "iraq.desertion": [0.1, 0.45, 0.1, 0.1], "iraq.defection": [0.0, 0.06, 0.0, 0.0],
    })  # fmt: skip
    rest = {name: [0.0] * 4 for name in (
        "iraq.coup_attempt", "iraq.coup_success", "iraq.mutiny", "iraq.largest_mutiny", "iraq.refusal",
        "iraq.halted_share", "iraq.mutineers", "iraq.halted_brigades", "iraq.mutinous_companies", "iraq.shirking",
    )}  # fmt: skip
    assert docs.dissolved("iraq-mosul-2014", members.with_columns(**{k: pl.Series(v) for k, v in rest.items()})) == 2


def test_a_record_holds_each_way_of_leaving_out(tmp_path: Path) -> None:
    bank = {"a": pl.DataFrame({"war.end": ["ongoing", "ongoing", "settlement"]})}
    keys = ("draws", "seed", "parameters", "ranges", "comparisons", "coverage_of_left", "gate")
    summary = dict.fromkeys(keys, 0) | {"cases": []}
    path = tmp_path / "record.json"
    docs.keep_record(path, summary | {"holdout": "case"}, bank)
    docs.keep_record(path, summary | {"holdout": "family"}, bank)
    known = json.loads(path.read_text(encoding="utf-8"))
    assert set(known) == {"case", "family"}
    assert known["case"]["ends"]["a"] == {"ongoing": 2, "settlement": 1}


def test_a_page_without_its_marks_is_refused(copied: Path) -> None:
    (copied / docs.PAGE).write_text("# Scores\n", encoding="utf-8")
    with pytest.raises(AllegianceError, match="no place"):
        docs.write_scoreboard(copied)


def test_the_readme_says_what_is_left_of_the_scores_where_nobody_knew_the_end() -> None:
    made = json.loads((DOCS / docs.RECORD).read_text(encoding="utf-8"))["by_rule"]
    against = [r["verdict"] for r in made["scores"] if (r["ours"], r["theirs"]) == ("by rule", "base rate")]
    words = f"{len(made['cases'])} of these armies [made by rule from data]"
    told = " ".join((DOCS.parent / "README.md").read_text(encoding="utf-8").split())
    assert words in told
    assert set(against) == {"cannot be distinguished"}, "say so in README.md"


def test_the_readme_says_how_state_years_came_out() -> None:
    board = (DOCS.parent / "benchmarks" / "leaderboard.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [r for r in map(json.loads, board) if r["kind"] in ("world scores", "world comparisons")]
    rows = [r for r in rows if r["run"] == rows[-1]["run"] and r["rows_are"] == "all state-years"]
    own = {r["coding"]: r for r in rows if r.get("model") == "simulation, as it is"}
    told = " ".join((DOCS.parent / "README.md").read_text(encoding="utf-8").split())
    for words in (
        f"On {own['mutiny']['rows']:,} [state-years",
        f"coup attempts ({own['coup_attempt']['events']}) with an AUC of {own['coup_attempt']['auc']:.2f}",
        f"mutinies ({own['mutiny']['events']}) with one of {own['mutiny']['auc']:.2f}",
    ):
        assert words in told, "say so in README.md"
    pair = ("simulation", "base rate")
    against = {r["coding"]: r["verdict"] for r in rows if (r.get("ours"), r.get("theirs")) == pair}
    assert against == {"mutiny": "better", "coup_attempt": "better"}
    assert 5.5 < own["mutiny"]["expected_observed"] < 6.5  # "a sixth of those it plays"
