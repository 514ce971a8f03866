"""How fast, how large, how soon: measured on this machine, beside the same model written for Mesa."""

from __future__ import annotations

import os
import platform
import time
from typing import Any

from allegiance.base.extras import require
from allegiance.benchmarks.clock import start_up, whole_run
from allegiance.benchmarks.memory import peak_memory
from allegiance.benchmarks.mesa_twin import mesa_rate
from allegiance.benchmarks.profile import by_phase
from allegiance.cases.loader import load_case
from allegiance.cases.schema import Case
from allegiance.runs.ensemble import play_all, simulate
from allegiance.runs.spec import RunSpec
from allegiance.world.blueprint import SCALES, build

FLAGSHIP = "russia-ukraine-2022"
TARGETS = {
    "two_threads": 180e6, "bytes_per_soldier": 32, "import": 0.5, "help": 0.7, "until_simulating": 3.0,
    "compiling": 12.0, "warm": 15.0, "cold": 60.0,
}  # fmt: skip
"""What the project holds itself to: soldier-days a second, bytes, seconds."""


def warm(case: Case, days: int = 120) -> None:
    """Have every kernel compiled and loaded."""
    simulate(case, RunSpec(members=2, days=days, scale=0.01, threads=1))


def rate(case: Case, threads: int, days: int, scale: float = 1.0) -> dict[str, float]:
    """Soldier-days played, two members per thread, muster included, per second of the clock and of one processor.

    A soldier counts on each day on which he is present with his company; wounded and absent men are not counted. On
    a machine that does nothing else the first figure is about `threads` times the second.
    """
    members = 2 * threads
    spec = RunSpec(members=members, days=days, scale=scale, threads=threads)
    plan = build(case, days, scale)
    begun, used = time.perf_counter(), time.process_time()
    played = [p for _, p in play_all(plan, spec, list(range(members)))]
    seconds, used = time.perf_counter() - begun, time.process_time() - used
    weight = plan.force.weight
    soldier_days = sum(float((p.daily["strength"] / weight[p.daily["force"]]).sum()) for p in played)
    return {"per_second": soldier_days / seconds, "per_processor_second": soldier_days / used}


def by_scale(case: Case, days: int) -> dict[str, dict[str, float]]:
    """Rates on one thread at every scale, with the share of the soldiers that is then played."""
    whole = build(case, days, 1.0).slots
    return {f"{s:g}": {"share": build(case, days, s).slots / whole} | rate(case, 1, days, s) for s in SCALES[:5]}


def benchmark(
    case_name: str = FLAGSHIP, days: int = 120, mesa: bool = True, profile: bool = False, clock: bool = False
) -> dict[str, Any]:
    """Everything measured, as plain data (see the keys below); rates in soldier-days a second, memory in MB, seconds.

    Args:
        profile: where the time of a day goes, phase by phase, and the rate at every scale. clock: whole default runs,
        with an empty and a full cache of compiled code (minutes).

    Raises:
        AllegianceError: an unknown case, or `mesa` wanted and not installed.
    """
    case = load_case(case_name)
    if mesa:
        require("mesa", "bench")  # asked before minutes of measuring
    warm(case)
    measured: dict[str, Any] = {
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
    if profile:
        measured |= {"phases": by_phase(case, days), "scales": by_scale(case, days)}
    if clock:
        measured["whole_run"] = whole_run(case_name)
    if mesa:
        twin = mesa_rate()
        ratios = {name: ours["per_second"] / twin["per_second"] for name, ours in measured["rate"].items()}
        processor = measured["rate"]["one_thread"]["per_processor_second"] / twin["per_processor_second"]
        measured["mesa"] = twin | {"ratio": ratios | {"per_processor_second": processor}}
    return measured
