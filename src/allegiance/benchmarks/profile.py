"""Where the time of a day goes, phase by phase."""

from __future__ import annotations

import time

from allegiance.cases.schema import Case
from allegiance.day.record import rows_of_day
from allegiance.day.schedule import SCHEDULE
from allegiance.runs.member import begin, side_by_side
from allegiance.runs.spec import RunSpec
from allegiance.world.blueprint import build


def by_phase(case: Case, days: int) -> dict[str, float]:
    """Nanoseconds of the processor per soldier-day that each phase takes, at the default scale on one thread.

    "muster" is what the first morning costs, spread over `days`; "tables" is what becomes of the day's numbers.
    """
    spec = RunSpec(days=days).settled(case)
    assert spec.scale is not None
    plan = build(case, days, spec.scale)
    members = list(range(side_by_side(plan)))
    begun = time.thread_time()
    world = begin(plan, spec.theory, spec.draws(members), spec.seed, members)
    spent = {"muster": time.thread_time() - begun} | {phase.name: 0.0 for phase in SCHEDULE} | {"tables": 0.0}
    soldier_days = 0.0
    for _ in range(days):
        for phase in SCHEDULE:
            begun = time.thread_time()
            phase.step(world)
            spent[phase.name] += time.thread_time() - begun
        begun = time.thread_time()
        rows_of_day(world)
        spent["tables"] += time.thread_time() - begun
        soldier_days += float(world.company.present.sum())
        world.day += 1
        world.chance.day = world.day
    return {name: 1e9 * seconds / soldier_days for name, seconds in spent.items()}
