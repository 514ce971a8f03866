"""Plays the arms of an experiment on shared luck and keeps what was measured, arm by arm, so that runs resume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.base.files import sha256_text, to_json
from allegiance.base.parts import Parts
from allegiance.cases.paths import dump, with_values
from allegiance.cases.schema import Case
from allegiance.cases.walk import Value, expand
from allegiance.experiments.measures import needs, take
from allegiance.experiments.protocol import Arm, Experiment, Mutation, fill, protocol
from allegiance.runs.bundle import identity
from allegiance.runs.ensemble import Ensemble, Progress, simulate
from allegiance.runs.spec import LUCK_PER_DRAW, RunSpec, by_draw
from allegiance.runs.workers import spread
from allegiance.world.blueprint import automatic_scale
from allegiance.world.columns import Array

Taken = dict[str, tuple[Array, Array]]
"""Measure -> numerator and denominator, each of shape (members,)."""


@dataclass(frozen=True)
class Plan:
    """An experiment on one case: settings bound, size fixed.

    Args:
        meanings: placeholder -> key in the case. members, seed: of each arm; the same luck in all. scale: share of
        companies. threads: worlds played at once. mutation: laid over every arm, to disable a mechanism.
    """

    case: Case
    experiment: Experiment
    meanings: Mapping[str, str]
    members: int
    seed: int
    scale: float
    threads: int
    mutation: Mutation | None = None


def default_scale(case: Case, experiment: Experiment, members: int) -> float:
    """The protocol's scale, or less if the case is so large that the arms would take minutes."""
    most = automatic_scale(case, experiment.days, members * len(experiment.arms))
    return min(protocol().scale, most)


def _set(arm: Arm | Mutation, plan: Plan) -> dict[str, Value]:
    """The arm's settings with placeholders filled; a path after a question mark is left out where it means nothing."""
    found: dict[str, Value] = {}
    for path, value in arm.set.items():
        try:
            filled = fill(path.removeprefix("?"), plan.meanings)
            if not path.startswith("?") or expand(dump(plan.case), filled):
                found[filled] = value
        except AllegianceError:
            if not path.startswith("?"):
                raise
    return found


def arm_run(plan: Plan, name: str) -> tuple[Case, RunSpec]:
    """Case and run of one arm.

    Raises:
        AllegianceError: the case lacks what the arm changes.
    """
    common, arm, mutation = plan.experiment.common, plan.experiment.arms[name], plan.mutation
    values = _set(common, plan) | _set(arm, plan)
    fixed, off, permute = {**common.fixed, **arm.fixed}, {*common.off, *arm.off}, arm.permute or common.permute
    if mutation:
        values |= _set(mutation, plan)
        fixed |= mutation.fixed
        off |= set(mutation.off)
        permute = "" if mutation.permute == "none" else mutation.permute or permute
    spec = RunSpec(
        members=plan.members, days=plan.experiment.days, seed=plan.seed, scale=plan.scale, fixed=fixed,
        off=tuple(sorted(off)), permute=permute, threads=plan.threads,
    )  # fmt: skip
    return with_values(plan.case, values), spec


def lacking(plan: Plan) -> str:
    """What the case lacks for the experiment, in words; empty if it has everything."""
    try:
        for name in plan.experiment.arms:
            arm_run(plan, name)
        for one in plan.experiment.measures.values():
            fill(one.side + one.force + one.column, plan.meanings)
    except AllegianceError as error:
        return error.message
    return ""


def measure(ensemble: Ensemble, plan: Plan) -> Taken:
    """All measures of an experiment, rates divided by what they are per."""
    raw = {n: take(ensemble, m, plan.meanings) for n, m in plan.experiment.measures.items()}
    return {n: (raw[n][0], raw[m.per][0]) if m.per else raw[n] for n, m in plan.experiment.measures.items()}


def play_arms(
    plans: Mapping[str, Plan], parts: Parts | None = None, progress: Progress | None = None
) -> dict[str, dict[str, Taken]]:
    """Play every arm of every plan, or read what an interrupted run left in `parts`: plan -> arm -> measures."""
    done: dict[str, dict[str, Taken]] = {name: {} for name in plans}
    runs = {(name, arm): arm_run(plan, arm) for name, plan in plans.items() for arm in plan.experiment.arms}
    places = {k: _place(plans[k[0]], k, run) for k, run in runs.items()}
    for (name, arm), place in places.items():
        known = _read(parts.find(place), plans[name]) if parts else None
        if known is not None:
            done[name][arm] = known
    todo = [k for k in runs if k[1] not in done[k[0]]]
    threads = max((p.threads for p in plans.values()), default=1)
    # one arm alone has the threads for itself; several are played side by side
    alone = len(todo) == 1
    jobs = [(*runs[k], plans[k[0]], alone) for k in todo]
    for number, taken in spread(play_arm, jobs, threads):
        name, arm = todo[number]
        if parts:
            parts.keep(places[name, arm], _table(taken))
        done[name][arm] = taken
        if progress:
            progress(sum(map(len, done.values())) / len(runs), f"{name} {arm}")
    return {name: {arm: done[name][arm] for arm in plan.experiment.arms} for name, plan in plans.items()}


def _place(plan: Plan, key: tuple[str, str], run: tuple[Case, RunSpec]) -> str:
    digest = sha256_text(to_json([identity(*run), plan.experiment.model_dump(mode="json")["measures"]]))
    return f"{key[0]}/{key[1]}.{digest[:16]}.parquet"


def play_arm(case: Case, spec: RunSpec, plan: Plan, alone: bool) -> Taken:
    """Play one arm and keep what is measured, so that only that has to travel."""
    daily, events = needs(plan.experiment.measures)
    spec = spec if alone else replace(spec, threads=1)
    return measure(simulate(case, spec, daily=daily, events=events), plan)


def _table(taken: Taken) -> pl.DataFrame:
    columns = {f"{n}.{part}": values for n, pair in taken.items() for part, values in zip("yt", pair, strict=True)}
    return pl.DataFrame(columns)


def _read(table: pl.DataFrame | None, plan: Plan) -> Taken | None:
    names = plan.experiment.measures
    if table is None or len(table) != plan.members or set(table.columns) != {f"{n}.{p}" for n in names for p in "yt"}:
        return None
    return {n: (table[f"{n}.y"].to_numpy(), table[f"{n}.t"].to_numpy()) for n in names}


def sums_by_draw(values: Array) -> Array:
    """Sums over the members that share a draw of the parameters, shape (draws,); an odd last member stands alone."""
    padded = np.append(values, np.zeros(-len(values) % LUCK_PER_DRAW))
    total: Array = by_draw(padded).sum(axis=1)
    return total


def mutated(plan: Plan) -> Plan:
    """The same plan with the claim's own mechanism disabled."""
    return replace(plan, mutation=plan.experiment.mutation)
