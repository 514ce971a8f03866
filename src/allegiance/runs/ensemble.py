"""Many members of one case: played side by side, kept apart, put together in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import polars as pl

from allegiance.cases.schema import Case
from allegiance.runs.cluster import current
from allegiance.runs.frames import daily_frame, event_frame, individual_frame
from allegiance.runs.member import MOST_MEMBERS, MOST_SOLDIERS, Played, play, side_by_side
from allegiance.runs.outcomes import outcome_row
from allegiance.runs.spec import RunSpec
from allegiance.runs.workers import spread
from allegiance.world.blueprint import Blueprint, build

LONG = 3.0e8
"""Soldier-days above which the members of a run are played in processes of their own."""

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Ensemble:
    """Frames of a run (see runs/frames.py and runs/outcomes.py)."""

    case: Case
    spec: RunSpec
    members: pl.DataFrame
    daily: pl.DataFrame
    events: pl.DataFrame
    individuals: pl.DataFrame


def play_members(plan: Blueprint, spec: RunSpec, members: Sequence[int]) -> list[Played]:
    """Play some members side by side; pairs of neighbours share a parameter draw."""
    return play(plan, spec.theory, spec.draws(members), spec.seed, members, spec.permute)


def play_rows(case: Case, spec: RunSpec, members: Iterable[int]) -> list[dict[str, Any]]:
    """Outcomes of some members of a case, one row each (runs/outcomes.py), played on one thread."""
    assert spec.days is not None
    assert spec.scale is not None
    plan = build(case, spec.days, spec.scale)
    return [
        outcome_row(p, plan.names) for batch in batches(plan, list(members)) for p in play_members(plan, spec, batch)
    ]


def play_mixed(
    wanted: Sequence[tuple[Blueprint, int]], spec: RunSpec, draws: Sequence[Mapping[str, float]] | None = None
) -> list[dict[str, Any]]:
    """Outcomes of members of several cases, a row for each pair of blueprint and member, as `play_rows` gives them."""
    rows = {k: outcome_row(played, wanted[k][0].names) for k, played in play_together(wanted, spec, draws)}
    return [rows[k] for k in range(len(wanted))]


def play_together(
    wanted: Sequence[tuple[Blueprint, int]], spec: RunSpec, draws: Sequence[Mapping[str, float]] | None = None
) -> Iterator[tuple[int, Played]]:
    """Members of several cases, each with the number of its pair of blueprint and member, in the order they are done.

    Cases of one shape are played side by side: a day costs little more for many wars than for one. `draws` gives each
    pair its own parameters; those of the spec if None.
    """
    for batch in _kindred([plan for plan, _ in wanted]):
        plans, members = [wanted[k][0] for k in batch], [wanted[k][1] for k in batch]
        drawn = [draws[k] for k in batch] if draws else spec.draws(members)
        yield from zip(batch, play(plans, spec.theory, drawn, spec.seed, members, spec.permute), strict=True)


def _kindred(plans: Sequence[Blueprint]) -> Iterator[list[int]]:
    """Numbers of the plans that are played side by side: of one shape, and no more than memory is meant to hold."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, plan in enumerate(plans):
        groups.setdefault(plan.shape(), []).append(number)
    for group in groups.values():
        batch: list[int] = []
        for number in group:
            slots = sum(plans[k].slots for k in batch) + plans[number].slots
            if batch and (len(batch) == MOST_MEMBERS or slots > MOST_SOLDIERS):
                yield batch
                batch = []
            batch.append(number)
        yield batch


def batches(plan: Blueprint, members: Sequence[int], threads: int = 1) -> list[list[int]]:
    """Members in the groups in which they are played side by side, enough groups to keep every thread busy."""
    size = max(1, min(side_by_side(plan), -(-len(members) // threads)))
    return [list(members[k : k + size]) for k in range(0, len(members), size)]


def play_all(
    plan: Blueprint, spec: RunSpec, wanted: list[int], progress: Progress | None = None
) -> Iterator[tuple[int, Played]]:
    """Play the wanted members, `spec.threads` groups of them at once, yielding each as it ends (in any order)."""
    groups = batches(plan, wanted, spec.threads)
    done = 0
    for members in _in_processes(plan, spec, groups) if _is_long(plan, wanted) else _in_threads(plan, spec, groups):
        for played in members:
            done += 1
            yield played.member, played
            if progress:
                progress(done / len(wanted), f"member {done} of {len(wanted)}")


def _is_long(plan: Blueprint, wanted: Sequence[int]) -> bool:
    """Whether processes of their own are worth the seconds that it takes to start them."""
    return current() is not None or plan.slots * plan.days * len(wanted) > LONG


def _in_processes(plan: Blueprint, spec: RunSpec, groups: Sequence[list[int]]) -> Iterator[list[Played]]:
    """A day of columns holds the interpreter half of the time, so that threads hardly help."""
    for _, played in spread(play_members, [(plan, spec, members) for members in groups], spec.threads):
        yield played


def _in_threads(plan: Blueprint, spec: RunSpec, groups: Sequence[list[int]]) -> Iterator[list[Played]]:
    todo = iter(groups)
    with ThreadPoolExecutor(spec.threads) as pool:
        running = {pool.submit(play_members, plan, spec, m) for _, m in zip(range(spec.threads), todo, strict=False)}
        try:
            while running:
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    if (following := next(todo, None)) is not None:
                        running.add(pool.submit(play_members, plan, spec, following))
                    yield future.result()
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
