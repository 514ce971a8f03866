"""Helper processes end with the process that started them, however that one ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")

SPREAD = """
import time
from allegiance.runs.workers import spread
list(spread(time.sleep, [(600,)] * {jobs}, {workers}))
"""
COMPUTING = """
import numpy as np
from allegiance.runs.workers import spread
list(spread(eval, [("sum(k * k for k in range(10 ** 11))",)] * 2, 2))
"""
CHAIN = """
import multiprocessing, os, subprocess, sys, time
from allegiance.base.lifetime import end_with
def middle(parent):
    end_with(parent)
    from allegiance.runs.workers import spread
    list(spread(time.sleep, [(600,)] * 2, 2))
if __name__ == "__main__":
    child = multiprocessing.get_context("spawn").Process(target=middle, args=(os.getpid(),))
    child.start()
    child.join()
"""


def session(of: int) -> set[int]:
    """Processes of the session that `of` began, itself left out."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == of and fields[0] != "Z":
            found.add(int(stat.parent.name))
    return found - {of}


def until(true: object, seconds: float) -> bool:
    stop = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        if time.monotonic() > stop:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP, signal.SIGABRT])
@pytest.mark.parametrize(
    ("code", "helpers"),
    [(SPREAD.format(jobs=2, workers=2), 2), (SPREAD.format(jobs=9, workers=3), 3), (COMPUTING, 2), (CHAIN, 3)],
    ids=["asleep", "three with more to do", "computing", "helpers of a helper"],
)
def test_no_helper_is_left(code: str, helpers: int, number: int, tmp_path: Path) -> None:
    if signal.getsignal(number) == signal.SIG_IGN:
        pytest.skip("the signal is ignored here, as under nohup, and so it is by what is started")
    script = tmp_path / "script.py"
    script.write_text(code, encoding="utf-8")
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, script], stderr=log, stdout=log, start_new_session=True)
    assert until(lambda: len(session(process.pid)) >= helpers, 60), (tmp_path / "log").read_text()
    time.sleep(1.5)  # until each helper has begun its work
    os.kill(process.pid, number)
    process.wait(10)
    gone = until(lambda: not session(process.pid), 10)
    left = session(process.pid)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert gone, left
