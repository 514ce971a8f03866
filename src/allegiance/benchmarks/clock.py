"""Whole commands by the clock: start-up, and the default run with an empty and with a full cache of compiled code."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

_FIRST_DAY = (
    "from allegiance.cases.loader import load_case; from allegiance.world.blueprint import build;"
    "from allegiance.runs.spec import RunSpec; from allegiance.runs.member import begin, play_day;"
    "c = load_case({case!r}); s = RunSpec().settled(c); p = build(c, s.days, s.scale);"
    "play_day(begin(p, s.theory, s.draws([0]), 0, [0]))"
)


def start_up(case_name: str) -> dict[str, float]:
    """Seconds, best of three, of whole processes: import, help, and until the first day of the default run is over."""
    commands = {
        "import": ["-c", "import allegiance"],
        "help": ["-m", "allegiance.cli.main", "--help"],
        "until_simulating": ["-c", _FIRST_DAY.format(case=case_name)],
    }
    return {name: min(_seconds(c)[0] for _ in range(3)) for name, c in commands.items()}


def whole_run(case_name: str) -> dict[str, float]:
    """Seconds of the default run, report included, by the clock: `cold` with an empty cache of compiled code, `warm`.

    `compiling` is the processor time that a run of one member for three days takes cold less what it takes warm.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = {"ALLEGIANCE_CACHE": str(Path(folder) / "cache")}
        tiny = ["-m", "allegiance.cli.main", "run", case_name, "--members", "1", "--days", "3", "--scale", "0.01"]
        first, second = (_seconds([*tiny, "--out", f"{folder}/t{k}"], place)[1] for k in range(2))
        whole = ["-m", "allegiance.cli.main", "run", case_name]
        warm = _seconds([*whole, "--out", f"{folder}/warm"], place)[0]
        place["ALLEGIANCE_CACHE"] = str(Path(folder) / "empty")
        cold = _seconds([*whole, "--out", f"{folder}/cold"], place)[0]
    return {"compiling": first - second, "warm": warm, "cold": cold}


def _seconds(arguments: list[str], extra: Mapping[str, str] | None = None) -> tuple[float, float]:
    """Seconds of the clock and of the processor that a Python process takes."""
    before = os.times()
    begun = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env={**os.environ, **(extra or {})})
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - begun, used
