"""The verbs forecast, backtest and ledger, driven as a user would."""

from __future__ import annotations

import pytest
from made import QUICK, world
from typer.testing import CliRunner

from allegiance.base.errors import AllegianceError
from allegiance.cli.main import app
from allegiance.forecast import freshness, issue, leaderboard, prepare


def run(*arguments: object):
    return CliRunner().invoke(app, [str(a) for a in arguments])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--outcome", "coup", "--as-of", "2019-12", "--out", "f.csv"), "no outcome is called 'coup'"),
        (("--outcome", "mutiny", "--as-of", "December", "--out", "f.csv"), "'December' is not a month"),
        (("--outcome", "mutiny", "--as-of", "2019-12", "--out", "f.xlsx"), "unknown kind of file '.xlsx'"),
        (("--outcome", "mutiny", "--as-of", "2019-12", "--horizon", 7, "--out", "f.csv"), "for 7 months"),
    ],
)
def test_faulty_wishes_write_nothing(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run("forecast", "--data", tmp_path, *arguments)
    assert isinstance(result.exception, AllegianceError)
    assert message in str(result.exception)
    assert list(tmp_path.iterdir()) == []


def test_without_out_the_table_is_printed_and_nothing_is_written(tmp_path, monkeypatch):
    """A date counts as its month."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALLEGIANCE_CACHE", str(tmp_path.parent / f"{tmp_path.name}-cache"))
    monkeypatch.setattr(prepare, "issued", lambda outcome: QUICK)
    monkeypatch.setattr(issue, "month_panel", lambda data: (world(years=20), {"made/up": "0" * 64}))
    monkeypatch.setattr(prepare, "freshness", lambda data, month: [])
    monkeypatch.setattr(freshness, "warning", lambda known: "")
    result = run("forecast", "--data", tmp_path, "--outcome", "coup_attempt", "--as-of", "1968-06-30", "--top", 3)
    assert result.exit_code == 0, result.exception
    assert "states, " in result.stdout
    assert "world average 9.1 % a state" in result.stdout
    assert "nothing was written" in result.stdout
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_of_data_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("ALLEGIANCE_CACHE", str(tmp_path / "cache"))
    empty = tmp_path / "data"
    empty.mkdir()
    result = run("forecast", "--data", empty, "--outcome", "mutiny", "--as-of", "2010-01", "--out", tmp_path / "f.csv")
    assert isinstance(result.exception, AllegianceError)
    assert "has no table" in str(result.exception)


def test_a_ledger_that_is_not_there_is_named(tmp_path):
    for verb in ("list", "score"):
        result = run("ledger", verb, "--ledger", tmp_path / "none")
        assert "there is no ledger" in str(result.exception)


def test_half_a_period_is_refused(data_dir, tmp_path):
    result = run("backtest", "--data", data_dir, "--outcome", "mutiny", "--from", 1990, "--out", tmp_path)
    assert "--from and --to go together" in str(result.exception)


def test_defection_is_scored_and_kept_on_the_leaderboard(data_dir, tmp_path):
    result = run("backtest", "--data", data_dir, "--outcome", "defection", "--out", tmp_path)
    assert result.exit_code == 0
    assert "history logit" in result.stdout
    rows = leaderboard.read(tmp_path / "leaderboard.jsonl")
    assert {r["model"] for r in rows} == {"base rate", "history logit", "ridge logit", "boosting"}
    assert {r["kind"] for r in rows} == {"defection"}
