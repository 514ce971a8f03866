"""A what-if in the worker: pairs of wars on the same luck, few at first, more while nobody moves a lever."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from allegiance.app import curve_titles
from allegiance.app.baselines import keep, recall
from allegiance.app.worker import Task, Update
from allegiance.base.extras import require
from allegiance.cases.paths import case_hash, with_values
from allegiance.cases.schema import Case
from allegiance.cases.walk import Value
from allegiance.experiments.modelled import unmodelled
from allegiance.experiments.outcomes import counts_of, outcomes_of
from allegiance.report.frames import bands, carried, side_totals, thin
from allegiance.report.labels import ordered, side_name
from allegiance.runs.ensemble import play_together
from allegiance.runs.frames import daily_frame
from allegiance.runs.outcomes import outcome_row
from allegiance.runs.spec import RunSpec, by_draw
from allegiance.world.blueprint import Blueprint, automatic_scale, build, soldier_days
from allegiance.world.columns import Array

STEP = 4
"""Pairs of wars from one answer to the next."""
TURN = 1.0e8
"""Soldier-days of a turn, some two seconds, unless one pair needs more: so long a new question may have to wait."""
PAIRS = RunSpec().members
"""Pairs of wars of the last answer: as many as `allegiance run` and `compare` play, so that page and report agree."""
KEPT = 6
"""Worlds whose wars are remembered."""
CURVES = {
    "left": "soldiers who deserted or defected so far",
    "in_mutiny": "soldiers in mutiny",
    "shirking": "soldiers shirking",
    "effective": "soldiers who obey",
    "killed": "soldiers killed so far",
    "civilians_killed": "civilians killed so far by this side",
    "protest": "people protesting",
    "capability_log_ratio": "capability, attacker to defender",
}
_DRAWN = [quantity for quantity in CURVES if quantity != "left"]


def scale_for(case: Case) -> float:
    """The share of companies the page simulates: what the default run of the case takes."""
    return automatic_scale(case, case.days, RunSpec().members)


@dataclass
class _Played:
    """The wars of one world so far."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    days: list[pl.DataFrame] = field(default_factory=list)
    plan: Blueprint | None = None
    kept: int = 0
    """wars of it that the disk holds"""


_known: OrderedDict[str, _Played] = OrderedDict()


def _world(case: Case, baseline: bool) -> _Played:
    key = case_hash(case)
    if key not in _known:
        rows, days = recall(case, scale_for(case), __file__) if baseline else ([], [])
        _known[key] = _Played(rows, days, kept=len(rows))
    found = _known[key]
    _known.move_to_end(key)
    while len(_known) > KEPT:
        _known.popitem(last=False)
    return found


def _play(worlds: Sequence[tuple[Case, _Played]], members: int) -> None:
    """Play the members that are missing, so that there are `members` of each world: all side by side."""
    wanted: list[tuple[Blueprint, int]] = []
    of: list[_Played] = []
    for case, world in worlds:
        if len(world.rows) < members:
            world.plan = world.plan or build(case, case.days, scale_for(case))
            missing = range(len(world.rows), members)
            wanted += [(world.plan, member) for member in missing]
            of += [world for _ in missing]
    for k, played in sorted(play_together(wanted, RunSpec()), key=lambda found: found[0]):
        plan = wanted[k][0]
        of[k].rows.append(outcome_row(played, plan.names))
        frame = side_totals(daily_frame(played, plan)).with_columns(pl.col("side").cast(pl.String))
        of[k].days.append(frame.select("member", "day", "side", "deserted", "defected", *_DRAWN))


def _pairs_of_turn(case: Case) -> int:
    """How many pairs are played side by side before the worker looks up."""
    pair = 2.0 * soldier_days(case, case.days, scale_for(case))
    return max(1, min(STEP, int(TURN / pair)))


def _keep(case: Case, world: _Played) -> None:
    """Keep a baseline on disk if there is more of it than was kept."""
    if len(world.rows) > world.kept:
        keep(case, scale_for(case), __file__, (world.rows, world.days))
        world.kept = len(world.rows)


def baseline(case: Case, members: int, keep_them: bool = True) -> list[dict[str, Any]]:
    """Outcomes of at least this many wars of a case as it stands: those that are known, the missing ones played."""
    world = _world(case, baseline=True)
    _play([(case, world)], members)
    if keep_them:
        _keep(case, world)
    return world.rows


def whatif(_: dict[str, Any], case: Case, values: dict[str, Value]) -> Task:
    """Answer a what-if, better and better.

    Each update's result is a dictionary: pairs, of, start, rows (differences), curves, sentences. Without values the
    case is played alone.
    """
    changed = with_values(case, values) if values else case
    base, other = _world(case, baseline=True), _world(changed, baseline=not values)
    worlds = [(case, base)] if other is base else [(case, base), (changed, other)]
    pairs, many = 0, _pairs_of_turn(case)
    while pairs < PAIRS:
        pairs = min(pairs + many, (pairs // STEP + 1) * STEP, PAIRS)
        text = f"{pairs} of {PAIRS} pairs of simulated wars"
        _play(worlds, pairs)
        if pairs % STEP:
            yield Update(pairs / PAIRS, text)
            continue
        _keep(case, base)
        found = {
            "pairs": pairs,
            "of": PAIRS,
            "start": case.start.isoformat(),
            "changed": bool(values),
            "rows": differences(case, base.rows[:pairs], other.rows[:pairs]),
            "curves": _curves(case, base.days[:pairs], other.days[:pairs], bool(values)),
        }
        yield Update(pairs / PAIRS, text, found)


def differences(case: Case, base: list[dict[str, Any]], other: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row per outcome: baseline and what-if (share of wars or median), mean paired difference, 90 % interval.

    The interval is the t interval over draws of the parameters (pairs of members share one).
    """
    a, b = (pl.DataFrame(rows, infer_schema_length=None) for rows in (base, other))
    found = []
    step = 1.0 / scale_for(case)
    for outcome in (*outcomes_of(case), *counts_of(case)):
        x, y = outcome.values(a), outcome.values(b)
        middle, half = t_interval(y - x)
        found.append(
            {
                "key": outcome.key,
                "side": outcome.side,
                "label": outcome.label,
                "unit": outcome.unit,
                "baseline": outcome.level(a),
                "changed": outcome.level(b),
                "difference": middle,
                "low": middle - half,
                "high": middle + half,
                "step": step,
                "of": [float(np.median(m[outcome.times].to_numpy())) for m in (a, b)] if outcome.times else None,
            }
        )
    return found


def t_interval(values: Array) -> tuple[float, float]:
    """Mean and half width of the 90 % t interval over neighbouring pairs of values, which share a draw.

    >>> t_interval(np.array([1.0, 1.0, 1.0, 1.0]))
    (1.0, 0.0)
    """
    draws = by_draw(values).mean(axis=1)
    if len(draws) < 2:
        return float(values.mean()), math.inf
    factor = float(require("scipy.stats", "web").t.ppf(0.95, len(draws) - 1))
    return float(draws.mean()), factor * float(draws.std(ddof=1)) / math.sqrt(len(draws))


def _curves(case: Case, base: list[pl.DataFrame], other: list[pl.DataFrame], changed: bool) -> list[dict[str, Any]]:
    """For each side and quantity, median and 90 % band by day of the baseline and of the what-if; what they show."""
    worlds = {"baseline": base, "changed": other} if changed else {"baseline": base}
    frames = {
        name: carried(pl.concat(days)).with_columns(left=pl.col("deserted") + pl.col("defected"))
        for name, days in worlds.items()
    }
    names = {s: side_name(case, s) for s in ordered(case)}
    step = 1.0 / scale_for(case)
    found, missing = [], {"capability_log_ratio" if m == "war.mean_log_ratio" else m for m in unmodelled(case)}
    for side in case.sides:
        for quantity, label in CURVES.items():
            if quantity in missing:
                continue
            entry: dict[str, Any] = {"side": side, "quantity": quantity, "label": label}
            own = {name: frame.filter(pl.col("side") == side) for name, frame in frames.items()}
            for name, frame in own.items():
                table = thin(bands(frame, quantity), 90)
                entry[name] = {c: _short(table[c].to_numpy()) for c in ("day", "median", "low", "high")}
            if entry["baseline"]["day"]:
                entry["finding"] = (
                    curve_titles.beside(
                        names[side], label, quantity, own["baseline"], own["changed"], step, t_interval
                    )
                    if changed
                    else curve_titles.alone(names, side, quantity, own["baseline"], case.start, step)
                )
            found.append(entry)
    return found


def _short(values: Array) -> list[float]:
    return [float(f"{v:.5g}") for v in np.nan_to_num(values)]
