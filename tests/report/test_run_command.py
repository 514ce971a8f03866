"""`allegiance run` from the command line: small real runs, and every refusal in one message."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import allegiance as package
from allegiance.base.errors import AllegianceError
from allegiance.cli.main import app

Done = tuple[Path, subprocess.CompletedProcess[str]]
QUICK = ("run", "israel-hebron-2009", "--members", "4", "--days", "10", "--seed", "3")


def allegiance(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder of its own."""
    command = [sys.executable, "-m", "allegiance.cli.main", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    folder = tmp_path_factory.mktemp("command")
    return folder, allegiance(*QUICK, folder=folder)


def test_prints_tables_paragraph_basis_and_report(done: Done) -> None:
    folder, ran = done
    assert ran.returncode == 0, ran.stderr
    for wanted in ("coup attempt", "desertion ≥ 1 %", "What it means for the war", "judgement", "Powell & Thyne 2011"):
        assert wanted in ran.stdout, wanted
    bundle = folder / "runs" / "israel-hebron-2009-3"
    assert (bundle / "report.html").stat().st_size < 3_000_000
    assert "report.html" in json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))["outputs"]


def test_json_is_the_summary_and_nothing_else(done: Done, tmp_path: Path) -> None:
    first = (done[0] / "runs" / "israel-hebron-2009-3" / "summary.json").read_text(encoding="utf-8")
    ran = allegiance(*QUICK, "--threads", "1", "--json", "--out", "out", folder=tmp_path)
    assert ran.stdout == first
    assert ran.returncode == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--members", "0"], "members"),
        (["--days", "0"], "days"),
        (["--seed", "-1"], "seed"),
        (["--scale", "0"], "scale"),
        (["--scale", "1.5"], "scale"),
        (["--threads", "0"], "threads"),
        (["--set", "sides.israel.suply=1"], "did you mean 'supply'"),
        (["--set", "sides.israel.supply=.nan"], "finite"),
        (["--set", "sides.israel.supply=lots"], "takes a number"),
        (["--set", "sides.israel.supply"], "path=value"),
        (["--set", "sides.israel.name=3"], "takes text"),
    ],
)
def test_impossible_requests_end_in_one_message(words: list[str], message: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = CliRunner().invoke(app, ["run", "israel-hebron-2009", "--out", str(out), *words])
    assert isinstance(ran.exception, AllegianceError)
    assert message in str(ran.exception)
    assert ran.stdout == ""
    assert not out.exists()


def test_unknown_case_and_foreign_folder(tmp_path: Path) -> None:
    ran = allegiance("run", "israel-hebron-2010", folder=tmp_path)
    assert ran.returncode == 2
    assert "israel-hebron-2009" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me", encoding="utf-8")
    ran = allegiance(*QUICK, "--out", "mine", folder=tmp_path)
    assert ran.returncode == 2
    assert "mine" in ran.stderr
    assert (tmp_path / "mine" / "letter.txt").read_text(encoding="utf-8") == "keep me"


def test_an_interrupted_run_says_what_is_kept(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "allegiance.cli.main", *QUICK, "--members", "2000", "--out", "out"]
    ran = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    for _ in range(600):
        if any((tmp_path / "out" / ".parts").glob("*.daily.parquet")):
            break
        time.sleep(0.1)
    ran.send_signal(signal.SIGINT)
    _, said = ran.communicate(timeout=60)
    assert ran.returncode == 130
    assert "what was finished is kept" in said
    assert any((tmp_path / "out" / ".parts").iterdir())


def test_python_runs_the_same_as_the_command(done: Done) -> None:
    result = package.run("israel-hebron-2009", members=4, seed=3, days=10)
    command = json.loads((done[0] / "runs" / "israel-hebron-2009-3" / "summary.json").read_text(encoding="utf-8"))
    assert result.summary() == command
    assert result.report.is_file()
    with pytest.raises(AllegianceError, match="unknown option"):
        package.run("israel-hebron-2009", wars=3)
