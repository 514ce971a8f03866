"""How much memory soldiers take, each measurement in a process of its own: peaks never fall."""

from __future__ import annotations

import contextlib
import json
import resource
import subprocess
import sys
from pathlib import Path

from allegiance.cases.loader import load_case
from allegiance.runs.ensemble import play_all, simulate
from allegiance.runs.spec import RunSpec
from allegiance.world.blueprint import build
from allegiance.world.soldiers import BYTES_PER_SOLDIER

_SELF = Path("/proc/self")


def peak_memory(case_name: str, members: int, threads: int, days: int) -> dict[str, float]:
    """Megabytes of a fresh process: resident after a tiny run, at its peak during a full one, and what a soldier took.

    `bytes_per_soldier` is the growth over all soldiers alive at once, so it includes everything that grows with them.
    """
    code = (
        "import sys, json; from allegiance.benchmarks.memory import measure_here;"
        "print(json.dumps(measure_here(sys.argv[1], *map(int, sys.argv[2:]))))"
    )
    arguments = [sys.executable, "-c", code, case_name, str(members), str(threads), str(days)]
    measured: dict[str, float] = json.loads(subprocess.run(arguments, capture_output=True, check=True).stdout)
    return measured


def measure_here(case_name: str, members: int, threads: int, days: int) -> dict[str, float]:
    """The work of `peak_memory`, in this process."""
    case = load_case(case_name)
    simulate(case, RunSpec(members=1, days=3, scale=0.01, threads=1))
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
