"""Many members of one case: played side by side, kept apart, put together in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import polars as pl

from allegiance.cases.schema import Case
from allegiance.run.frames import daily_frame, event_frame, individual_frame
from allegiance.run.member import Played, play
from allegiance.run.outcomes import outcome_row
from allegiance.run.spec import LUCK_PER_DRAW, RunSpec
from allegiance.world.blueprint import Blueprint, build

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Ensemble:
    """Frames of a run (see engine/frames.py and engine/outcomes.py)."""

    case: Case
    spec: RunSpec
    members: pl.DataFrame
    daily: pl.DataFrame
    events: pl.DataFrame
    individuals: pl.DataFrame


def play_member(plan: Blueprint, spec: RunSpec, member: int) -> Played:
    """Play one member; pairs of members share a parameter draw."""
    return play(plan, spec.theta(member // LUCK_PER_DRAW), spec.seed, member, spec.permute)


def play_rows(case: Case, spec: RunSpec, members: Iterable[int]) -> list[dict[str, Any]]:
    """Outcomes of some members of a case, one row each (engine/outcomes.py), played one after the other."""
    assert spec.days is not None
    assert spec.scale is not None
    plan = build(case, spec.days, spec.scale)
    return [outcome_row(play_member(plan, spec, m), plan.names) for m in members]


def play_all(
    plan: Blueprint, spec: RunSpec, wanted: list[int], progress: Progress | None = None
) -> Iterator[tuple[int, Played]]:
    """Play the wanted members, at most `spec.threads` at once, yielding each as it ends (in any order)."""
    todo = iter(wanted)
    done = 0
    with ThreadPoolExecutor(spec.threads) as pool:
        running = {pool.submit(play_member, plan, spec, m): m for _, m in zip(range(spec.threads), todo, strict=False)}
        try:
            while running:
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    member = running.pop(future)
                    following = next(todo, None)
                    if following is not None:
                        running[pool.submit(play_member, plan, spec, following)] = following
                    done += 1
                    yield member, future.result()
                    if progress:
                        progress(done / len(wanted), f"member {done} of {len(wanted)}")
        finally:
            for future in running:
                future.cancel()


def simulate(
    case: Case, spec: RunSpec, progress: Progress | None = None, daily: bool = True, events: bool = True
) -> Ensemble:
    """Play a case in memory.

    Args:
        progress: called with (share done, text). daily, events: keep those tables (large for long wars).
    """
    spec = spec.settled(case)
    assert spec.days is not None
    assert spec.scale is not None
    plan = build(case, spec.days, spec.scale)
    rows, days, happened, people = {}, {}, {}, {}
    for member, played in play_all(plan, spec, list(range(spec.members)), progress):
        rows[member] = outcome_row(played, plan.names)
        people[member] = individual_frame(played, plan)
        if daily:
            days[member] = daily_frame(played, plan)
        if events:
            happened[member] = event_frame(played, plan)

    def together(parts: dict[int, pl.DataFrame]) -> pl.DataFrame:
        return pl.concat([parts[m] for m in sorted(parts)]) if parts else pl.DataFrame()

    return Ensemble(
        case, spec, pl.DataFrame([rows[m] for m in sorted(rows)]), together(days), together(happened), together(people)
    )
