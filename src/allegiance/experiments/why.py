"""How much each condition of a case contributes: Shapley values over worlds in which conditions are switched.

A world is a set of conditions that are present; the others are at their neutral values. The Shapley value of a
condition is its mean marginal effect over all orders in which conditions may be added (Shapley 1953), here by sampling
orders: every pair of members, which shares its parameters, takes one order and its reverse (antithetic sampling:
Mitchell et al. 2022), so the interval over pairs contains the error of sampling. `exact=True` plays all worlds.
The parts add up to the joint effect, member by member. Set beside them: the sum of each condition's effect alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.arguments import flag, names
from allegiance.base.errors import AllegianceError, near
from allegiance.base.notebook import Brief, with_bar
from allegiance.base.parts import Parts
from allegiance.cases.loader import load_case
from allegiance.cases.paths import case_hash, with_values
from allegiance.cases.schema import Case
from allegiance.cases.walk import Value
from allegiance.experiments.outcomes import Outcome, mean, mean_interval, outcomes_of
from allegiance.experiments.protocol import bind
from allegiance.experiments.store import apart, open_folder, plain, publish
from allegiance.runs.bundle import spec_of
from allegiance.runs.ensemble import Progress, play_mixed
from allegiance.runs.spec import RunSpec
from allegiance.runs.workers import spread
from allegiance.world.blueprint import automatic_scale, build
from allegiance.world.columns import Array

World = frozenset[str]
BATCH = 16
"""Wars that are played in one go: between two batches a server answers others."""


@dataclass(frozen=True, repr=False)
class Attribution(Brief):
    """Contributions of conditions.

    `frame`: one row per outcome and condition (shapley, low, high, alone, alone_low, alone_high, unit).
    `joint`: one row per outcome: without, with_all, joint, sum_alone, beyond_sum and its interval.
    `members`: outcomes of the case as it stands, with all conditions, one row for each member.
    """

    case: Case
    side: str
    conditions: dict[str, str]
    spec: RunSpec
    exact: bool
    worlds: int
    frame: pl.DataFrame
    joint: pl.DataFrame
    members: pl.DataFrame


@with_bar
def why(
    case: Case | str | Path,
    members: int = 64,
    seed: int = 0,
    conditions: Sequence[str] | None = None,
    side: str | None = None,
    exact: bool = False,
    **options: Any,
) -> Attribution:
    """Attribute a case's outcomes to its named conditions.

    Args:
        case: a case, a name of the library, or the path of a case file.
        members: simulated wars in each world, at least 4; each takes the conditions in an order of its own. With all
            conditions they are the wars of `run`; fewer are the first of them, at the same scale.
        seed: a number from 0 from which all random draws follow.
        conditions: those of the case to weigh; all if not given.
        side: side whose outcomes are shown; the attacker if not given.
        exact: play every set of conditions with every member.
        options: of the results (out, resume, force, progress; see `allegiance.experiments.store.Kept`), and further
            fields of `allegiance.runs.spec.RunSpec`, such as days, scale, threads.

    Examples:
        >>> found = why("reference", members=8, conditions=["conscription", "ties"], days=30)  # doctest: +SKIP
        >>> found.frame.select("outcome", "condition", "shapley", "low", "high")  # doctest: +SKIP

    Raises:
        AllegianceError: a case without conditions, an unknown condition, or too few members.
    """
    kept, others = apart(options)
    spec, exact = spec_of(members=members, seed=seed, **others), flag("exact", exact)
    members, seed = spec.members, spec.seed
    loaded = case if isinstance(case, Case) else load_case(case)
    chosen = _conditions(loaded, names("conditions", conditions))
    if members < 4:
        raise AllegianceError(f"members must be at least 4, not {members}", "an interval needs two pairs of members")
    if exact and len(chosen) > 10:
        raise AllegianceError(f"{len(chosen)} conditions make {2 ** len(chosen)} worlds", "leave out --exact")
    need = _needed(chosen, members, seed, exact)
    if spec.scale is None:
        days = spec.days or loaded.days
        spec = replace(spec, scale=automatic_scale(loaded, days, RunSpec().members))  # however many are asked for
    spec = spec.settled(loaded)
    about = bind(loaded, side)["side"]
    wanted = {
        "case_sha256": case_hash(loaded), "conditions": chosen, "exact": exact, "side": about, "spec": spec.identity(),
    }  # fmt: skip
    with open_folder("why", wanted, **kept) as folder:
        played = _play(loaded, chosen, spec, need, folder.parts, kept.get("progress"))
        result = _attributed(loaded, about, chosen, spec, exact, played)
        publish(folder, {"shapley": result.frame, "joint": result.joint}, summary(result))
    return result


def _conditions(case: Case, names: Sequence[str] | None) -> list[str]:
    if not case.conditions:
        raise AllegianceError(f"case '{case.id}' names no conditions", "add a `conditions` block to the case file")
    for name in names or ():
        if name not in case.conditions:
            raise AllegianceError(f"no condition '{name}' in case '{case.id}'", near(name, case.conditions))
    chosen = [c for c in case.conditions if not names or c in names]
    if len(chosen) < 2:
        raise AllegianceError("there is only one condition to weigh", "name two or more")
    return chosen


def orders(count: int, members: int, seed: int) -> list[list[int]]:
    """An order of the conditions for each member; the second of a pair takes the first's in reverse."""
    rng = np.random.default_rng(seed)
    found: list[list[int]] = []
    for member in range(members):
        found.append([int(x) for x in rng.permutation(count)] if member % 2 == 0 else found[-1][::-1])
    return found


def _needed(chosen: list[str], members: int, seed: int, exact: bool) -> dict[World, list[int]]:
    """World -> members that must play it."""
    everyone = list(range(members))
    if exact:
        worlds = [frozenset(c) for n in range(len(chosen) + 1) for c in combinations(chosen, n)]
        return dict.fromkeys(worlds, everyone)
    need: dict[World, set[int]] = {frozenset(): set(everyone), frozenset(chosen): set(everyone)}
    for name in chosen:
        need[frozenset((name,))] = set(everyone)
    for member, order in enumerate(orders(len(chosen), members, seed)):
        for n in range(1, len(chosen)):
            need.setdefault(frozenset(chosen[i] for i in order[:n]), set()).add(member)
    return {world: sorted(need[world]) for world in sorted(need, key=lambda w: (len(w), sorted(w)))}


def _neutral(case: Case, chosen: list[str], world: World) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name in chosen:
        if name not in world:
            values |= case.conditions[name].neutral
    return values


def _play(
    case: Case, chosen: list[str], spec: RunSpec, need: Mapping[World, list[int]], parts: Parts,
    progress: Progress | None,
) -> dict[World, dict[int, dict[str, Any]]]:  # fmt: skip
    def part(world: World) -> str:
        return "".join("1" if c in world else "0" for c in chosen) + ".parquet"

    found: dict[World, dict[int, dict[str, Any]]] = {}
    for world, members in need.items():
        known = _read(parts.find(part(world)), members)
        if known is not None:
            found[world] = known
    todo = [world for world in need if world not in found]
    settings = {world: _neutral(case, chosen, world) for world in todo}
    wars = [(world, member) for world in todo for member in need[world]]
    chunks = [wars[k : k + BATCH] for k in range(0, len(wars), BATCH)]
    jobs = [(case, [(settings[world], member) for world, member in chunk], spec) for chunk in chunks]
    done, total = sum(len(need[w]) for w in found), sum(map(len, need.values()))
    rows: dict[World, dict[int, dict[str, Any]]] = {world: {} for world in todo}
    for number, batch in spread(play_worlds, jobs, spec.threads):
        for (world, member), row in zip(chunks[number], batch, strict=True):
            rows[world][member] = row
            if len(rows[world]) == len(need[world]):
                found[world] = {m: rows[world][m] for m in need[world]}
                parts.keep(part(world), pl.DataFrame(list(found[world].values())))
        done += len(batch)
        if progress:
            progress(done / total, f"world {len(found)} of {len(need)}")
    return {world: found[world] for world in need}


def play_worlds(case: Case, wars: Sequence[tuple[Mapping[str, Value], int]], spec: RunSpec) -> list[dict[str, Any]]:
    """Outcomes of members of a case, each with settings of its own laid over it, one row for each."""
    assert spec.days is not None
    assert spec.scale is not None
    settings = {id(neutral): neutral for neutral, _ in wars}
    plans = {key: build(with_values(case, neutral), spec.days, spec.scale) for key, neutral in settings.items()}
    return play_mixed([(plans[id(neutral)], member) for neutral, member in wars], spec)


def _read(table: pl.DataFrame | None, members: list[int]) -> dict[int, dict[str, Any]] | None:
    if table is None or "member" not in table.columns:
        return None
    rows = {row["member"]: row for row in table.to_dicts()}
    return rows if sorted(rows) == members else None


def shapley_exact(value: Mapping[World, float], names: Sequence[str]) -> dict[str, float]:
    """Shapley values of a game given by the value of every coalition (Shapley 1953).

    >>> value = {frozenset(): 0.0, frozenset("a"): 1.0, frozenset("b"): 2.0, frozenset("ab"): 5.0}
    >>> shapley_exact(value, "ab")
    {'a': 2.0, 'b': 3.0}
    """
    n = len(names)
    found = {}
    for one in names:
        others = [x for x in names if x != one]
        total = 0.0
        for size in range(n):
            weight = 1.0 / (n * math.comb(n - 1, size))
            for coalition in combinations(others, size):
                without = frozenset(coalition)
                total += weight * (value[without | {one}] - value[without])
        found[one] = total
    return found


def shapley_order(value: Mapping[World, float], names: Sequence[str], order: Sequence[int]) -> dict[str, float]:
    """Marginal effects along one order of adding the conditions: an unbiased guess at the Shapley values."""
    found, world = {}, frozenset[str]()
    for i in order:
        larger = world | {names[i]}
        found[names[i]] = value[larger] - value[world]
        world = larger
    return found


def _attributed(
    case: Case, side: str, chosen: list[str], spec: RunSpec, exact: bool,
    played: Mapping[World, Mapping[int, dict[str, Any]]],
) -> Attribution:  # fmt: skip
    every = frozenset(chosen)
    along = orders(len(chosen), spec.members, spec.seed)
    rows, joints = [], []
    for outcome in outcomes_of(case, [side]):
        values = {w: _values(outcome, rows_) for w, rows_ in played.items()}
        parts = []
        for m in range(spec.members):
            game = {w: v[m] for w, v in values.items() if m in v}
            parts.append(shapley_exact(game, chosen) if exact else shapley_order(game, chosen, along[m]))
        base = _array(values[frozenset()], spec.members)
        alone = {c: _array(values[frozenset((c,))], spec.members) - base for c in chosen}
        for name in chosen:
            share = np.array([p[name] for p in parts])
            low, high = mean_interval(share)
            alone_low, alone_high = mean_interval(alone[name])
            rows.append({
                "outcome": outcome.key, "label": outcome.label, "unit": outcome.unit, "condition": name,
                "claim": case.conditions[name].claim, "shapley": mean(share), "low": low, "high": high,
                "alone": mean(alone[name]), "alone_low": alone_low, "alone_high": alone_high,
            })  # fmt: skip
        joint = _array(values[every], spec.members) - base
        beyond = joint - np.sum(list(alone.values()), axis=0)
        (joint_low, joint_high), (low, high) = mean_interval(joint), mean_interval(beyond)
        joints.append({
            "outcome": outcome.key, "label": outcome.label, "unit": outcome.unit, "without": mean(base),
            "with_all": mean(base + joint), "joint": mean(joint), "joint_low": joint_low, "joint_high": joint_high,
            "sum_alone": mean(joint) - mean(beyond), "beyond_sum": mean(beyond), "low": low, "high": high,
        })  # fmt: skip
    labels = {c: case.conditions[c].label for c in chosen}
    members = pl.DataFrame(list(played[every].values()), infer_schema_length=None).sort("member")
    tables = pl.DataFrame(rows), pl.DataFrame(joints), members
    return Attribution(case, side, labels, spec, exact, len(played), *tables)


def _values(outcome: Outcome, rows: Mapping[int, dict[str, Any]]) -> dict[int, float]:
    frame = pl.DataFrame({outcome.column: [row[outcome.column] for row in rows.values()]})
    return dict(zip(rows, outcome.values(frame).tolist(), strict=True))


def _array(values: Mapping[int, float], members: int) -> Array:
    return np.array([values[m] for m in range(members)])


def summary(result: Attribution) -> dict[str, Any]:
    """The attribution as JSON holds it."""
    return {
        "schema": 1, "case": result.case.id, "side": result.side, "members": result.spec.members,
        "days": result.spec.days, "seed": result.spec.seed, "scale": result.spec.scale, "worlds": result.worlds,
        "method": "exact" if result.exact else "sampled orders, each with its reverse", "conditions": result.conditions,
        "contributions": plain(result.frame), "joint": plain(result.joint),
    }  # fmt: skip
