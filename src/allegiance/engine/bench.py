"""How fast, how large, how soon: measured on this machine, beside the same model written for Mesa."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from allegiance.benchmarks.mesa_twin import mesa_rate
from allegiance.cases.loader import load_case
from allegiance.cases.schema import Case
from allegiance.engine.state import BYTES_PER_SOLDIER
from allegiance.run.ensemble import play_all, simulate
from allegiance.run.spec import RunSpec
from allegiance.world.blueprint import build

FLAGSHIP = "russia-ukraine-2022"
TARGETS = {"two_threads": 60e6, "bytes_per_soldier": 32, "import": 0.5, "help": 0.7, "until_simulating": 3.0}
"""What the project holds itself to: soldier-days a second, bytes, seconds."""


def warm(case: Case) -> None:
    """Have every kernel compiled and loaded."""
    simulate(case, RunSpec(members=1, days=3, scale=0.01, threads=1))


def rate(case: Case, threads: int, days: int) -> dict[str, float]:
    """Soldier-days at scale 1, one member per thread, muster included, per second of the clock and of one processor.

    A soldier counts on each day on which he is present with his company; wounded and absent men are not counted. On
    a machine that does nothing else the first figure is about `threads` times the second.
    """
    spec = RunSpec(members=threads, days=days, scale=1.0, threads=threads)
    plan = build(case, days, 1.0)
    begun, used = time.perf_counter(), time.process_time()
    played = [p for _, p in play_all(plan, spec, list(range(threads)))]
    seconds, used = time.perf_counter() - begun, time.process_time() - used
    soldier_days = float(sum(p.daily["strength"].sum() for p in played))
    return {"per_second": soldier_days / seconds, "per_processor_second": soldier_days / used}


def peak_memory(case_name: str, members: int, threads: int, days: int) -> dict[str, float]:
    """Megabytes of a fresh process: resident after a tiny run, at its peak during a full one, and what a soldier took.

    `bytes_per_soldier` is the growth over all soldiers alive at once, so it includes everything that grows with them.
    """
    code = (
        "import sys, json; from allegiance.benchmarks.bench import measure_here;"
        "print(json.dumps(measure_here(sys.argv[1], *map(int, sys.argv[2:]))))"
    )
    arguments = [sys.executable, "-c", code, case_name, str(members), str(threads), str(days)]
    found: dict[str, float] = json.loads(subprocess.run(arguments, capture_output=True, check=True).stdout)
    return found


def measure_here(case_name: str, members: int, threads: int, days: int) -> dict[str, float]:
    """The work of `peak_memory`, for a process of its own: peaks never fall."""
    case = load_case(case_name)
    warm(case)
    before = _forget_peak()
    plan = build(case, days, 1.0)
    for _ in play_all(plan, RunSpec(members=members, days=days, scale=1.0, threads=threads), list(range(members))):
        pass
    after = _peak()
    return {
        "base_mb": before / 1e6,
        "peak_mb": after / 1e6,
        "bytes_per_soldier": (after - before) / (plan.slots * min(members, threads)),
        "columns_bytes_per_soldier": float(BYTES_PER_SOLDIER),
    }


_SELF = Path("/proc/self")


def _forget_peak() -> int:
    """Resident memory now [bytes]; on Linux the peak counts from here on."""
    with contextlib.suppress(OSError):
        (_SELF / "clear_refs").write_text("5")
    return _peak()


def _peak() -> int:
    """Peak resident memory of this process [bytes].

    Linux hands `ru_maxrss` of the parent on to its children, so its own record is read where there is one.
    """
    with contextlib.suppress(OSError):
        lines = (_SELF / "status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024


_FIRST_DAY = (
    "from allegiance.cases.loader import load_case; from allegiance.world.blueprint import build;"
    "from allegiance.run.spec import RunSpec; from allegiance.run.member import begin, play_day;"
    "from allegiance.theory.registry import draw; c = load_case({case!r}); s = RunSpec().settled(c);"
    "p = build(c, s.days, s.scale); w = begin(p, draw(0, 0), 0, 0); play_day(w, p)"
)


def start_up(case_name: str) -> dict[str, float]:
    """Seconds, best of three, of whole processes: import, help, and until the first day of the default run is over."""
    commands = {
        "import": ["-c", "import allegiance"],
        "help": ["-m", "allegiance.cli.main", "--help"],
        "until_simulating": ["-c", _FIRST_DAY.format(case=case_name)],
    }
    return {name: min(_seconds([sys.executable, *c]) for _ in range(3)) for name, c in commands.items()}


def _seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


def benchmark(case_name: str = FLAGSHIP, days: int = 120, mesa: bool = True) -> dict[str, Any]:
    """Everything measured, as plain data (see the keys below); rates in soldier-days a second, memory in MB, seconds.

    Raises:
        AllegianceError: an unknown case, or `mesa` wanted and not installed.
    """
    case = load_case(case_name)
    warm(case)
    found: dict[str, Any] = {
        "machine": {"processor": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()},
        "case": case_name,
        "days": days,
        "rate": {"one_thread": rate(case, 1, days), "two_threads": rate(case, 2, days)},
        "memory": {
            "two_members": peak_memory(case_name, 2, 2, 5),
            "six_members": peak_memory(case_name, 6, 2, 5),
        },
        "start_up": start_up(case_name),
        "targets": TARGETS,
    }
    if mesa:
        twin = mesa_rate()
        ratios = {name: ours["per_second"] / twin["per_second"] for name, ours in found["rate"].items()}
        processor = found["rate"]["one_thread"]["per_processor_second"] / twin["per_processor_second"]
        found["mesa"] = twin | {"ratio": ratios | {"per_processor_second": processor}}
    return found
