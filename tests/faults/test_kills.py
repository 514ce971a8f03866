"""kill -9 at twenty random moments of every long command, resumed to the same bytes (on demand: -m slow)."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from allegiance.cases.loader import LIBRARY
from faults.probe import contents

KIND = "Killed and resumed"
MOMENTS = int(os.environ.get("ALLEGIANCE_KILLS", "20"))
SMALL = ["--days", "4", "--scale", "0.02", "--seed", "1"]
STUDY = """title: three cases of five days
cases: {hold_out: []}
summaries: [left, mutiny]
budget: 2000
replicates: 1
seed: 1
parameters: [choice_risk]
screen: {draws: 16, keep: 1}
smc: {population: 8, generations: 2}
checks: {fits: 5, accept: 0.3}
"""
SHORT = "soviet-union-1991"
"""The shortest case of the library, five days; three copies of it are a library of one's own."""
COMMANDS = {
    "run": ["run", "reference", "--members", "12", "--days", "20", "--scale", "0.02", "--seed", "1", "--threads", "2"],
    "why": ["why", "reference", "--members", "4", *SMALL, "--condition", "ties", "--condition", "losses",
            "--threads", "1"],
    "claims": ["claims", "C14", "--members", "2", "--scale", "0.02", "--threads", "1"],
    "sensitivity": ["sensitivity", "reference", "--days", "1", "--scale", "0.02", "--trajectories", "2", "--size", "8",
                    "--survivors", "1", "--members", "2", "--threads", "1"],
    "compare": ["compare", "reference", "--with", "x:sides.weaker.supply=0.4", "--members", "4", *SMALL],
    "calibrate": ["calibrate", "--study", "study.yaml", "--cases", "own", "--threads", "1"],
    "score": ["score", "--cases", "own", "--draws", "8"],
    "backtest": ["backtest", "--outcome", "coup_attempt", "--horizon", "12", "--from", "2015", "--to", "2015"],
}  # fmt: skip
"""Each of the long commands at its smallest: a few seconds, most of them the start of Python."""


def started(words: list[str], where: Path) -> subprocess.Popen[bytes]:
    line = [sys.executable, "-m", "allegiance.cli.main", *words, "--out", "out"]
    return subprocess.Popen(line, cwd=where, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)


def ended(words: list[str], where: Path) -> None:
    running = started(words, where)
    said = running.communicate(timeout=3600)[1]
    assert running.returncode == 0, said.decode("utf-8", "replace")


def prepared(where: Path) -> Path:
    where.mkdir()
    (where / "study.yaml").write_text(STUDY)
    for name in ("one", "two", "three"):
        own = where / "own" / name
        shutil.copytree(LIBRARY / SHORT, own)
        text = (own / "case.yaml").read_text(encoding="utf-8")
        (own / "case.yaml").write_text(text.replace(f"id: {SHORT}", f"id: {name}"), encoding="utf-8")
    return where


def killed(words: list[str], where: Path, after: float) -> bool:
    """Start a command and kill it after so many seconds; whether it was still at work."""
    running = started(words, where)
    try:
        running.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)
    said = running.communicate()[1]
    assert running.returncode in (0, -signal.SIGKILL), said.decode("utf-8", "replace")
    return running.returncode != 0


def differing(found: dict[str, bytes], right: dict[str, bytes], verb: str) -> list[str]:
    """Files that are not what an undisturbed command wrote."""
    if verb == "backtest":  # it takes a line in the leaderboard, and says how long it took
        found, right = ({k: v for k, v in c.items() if k.endswith(".csv")} for c in (found, right))
    # pyABC writes the time of day into its database
    fleeting = ("smc.db", "smc.db.kept", "manifest.json", "posterior.nc")
    missing = found.keys() ^ right.keys()
    return sorted(missing | {k for k in found.keys() & right.keys() - set(fleeting) if found[k] != right[k]})


def held_against(verb: str, words: list[str], moments: int, tmp_path: Path) -> None:
    """Kill a command at so many random moments of its work, each time going on from what it left; when it is done, its
    bytes are held against an undisturbed one's and it begins again in a new folder."""
    undisturbed = prepared(tmp_path / "undisturbed")
    begun = time.monotonic()
    ended(words, undisturbed)
    lasts, right = time.monotonic() - begun, contents(undisturbed / "out")
    rng, kills, folders = random.Random(verb), 0, 0
    while kills < moments:
        folders += 1
        cut = prepared(tmp_path / f"cut{folders}")
        # short of its whole length, so that most of them meet it at work
        while kills < moments and killed(words, cut, rng.uniform(0.1, 0.8) * lasts):
            kills += 1
        ended(words, cut)
        assert differing(contents(cut / "out"), right, verb) == [], f"after {kills} kills"


@pytest.mark.slow
@pytest.mark.parametrize("verb", COMMANDS)
def test_killed_at_random_moments(
    verb: str, tmp_path: Path, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    """A long command that is killed at any moment and given again ends in the bytes of an undisturbed one."""
    words = list(COMMANDS[verb])
    if verb == "backtest":
        words += ["--data", str(request.getfixturevalue("data_dir"))]
    record_property("size", f"{MOMENTS} kills")
    held_against(verb, words, MOMENTS, tmp_path)


@pytest.mark.slow
@pytest.mark.sample
def test_a_short_run_killed_at_three_moments(tmp_path: Path) -> None:
    """A short run that is killed three times and given again ends in the bytes of an undisturbed one."""
    held_against("run", ["run", "reference", "--members", "4", *SMALL, "--threads", "1"], 3, tmp_path)


@pytest.mark.slow
def test_a_download_killed_at_random_moments(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """A download that is killed at any moment and given again ends in the file of an undisturbed one."""
    record_property("size", f"{MOMENTS} kills")
    script = Path(__file__).with_name("fetching.py")
    right, found = tmp_path / "right", tmp_path / "found"
    subprocess.run([sys.executable, str(script), str(right), "0"], check=True)
    rng = random.Random(3)
    for _ in range(MOMENTS):
        running = subprocess.Popen([sys.executable, str(script), str(found), "0.002"])
        try:
            running.wait(rng.uniform(1.0, 5.0))
        except subprocess.TimeoutExpired:
            running.kill()
        running.wait()
    subprocess.run([sys.executable, str(script), str(found), "0"], check=True)
    kept = {k: v for k, v in contents(found).items() if k.endswith(".csv")}
    assert kept == {k: v for k, v in contents(right).items() if k.endswith(".csv")} != {}


@pytest.mark.skipif(os.name == "nt", reason="processes end otherwise there")
def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    """The processes that play for a command are gone seconds after it was killed."""
    script = (
        "import time, os, sys\nfrom allegiance.runs.workers import spread\n"
        "for _ in spread(time.sleep, [(60,), (60,), (60,)], 2): pass\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    running = subprocess.Popen([sys.executable, "-c", script], env=env, cwd=tmp_path, start_new_session=True,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    time.sleep(12)
    assert len(_session(running.pid)) > 1, "no worker was started"
    running.kill()
    running.wait()
    until = time.monotonic() + 20
    while _session(running.pid) and time.monotonic() < until:
        time.sleep(0.5)
    assert _session(running.pid) == []


def _session(leader: int) -> list[int]:
    """Processes of a session that still run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(words[3]) == leader and words[0] != "Z":
            found.append(int(folder.name))
    return found
