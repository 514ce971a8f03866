"""From members to probabilities, medians and intervals; parameters and luck told apart."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl

from allegiance.cases.paths import basis_counts
from allegiance.cases.schema import Case
from allegiance.runs.outcomes import COUNTED, INDIVIDUAL, THRESHOLDS
from allegiance.runs.spec import LUCK_PER_DRAW, RunSpec
from allegiance.theory.registry import PARAMETERS, free
from allegiance.world.columns import Array
from allegiance.world.inputs import has_enemy

SCHEMA = 1
_Z = 1.6448536269514722


def wilson(p: float, n: float, z: float = _Z) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927, doi:10.1080/01621459.1927.10502953).

    >>> [round(x, 3) for x in wilson(0.5, 100)]
    [0.419, 0.581]
    """
    if n <= 0:
        return 0.0, 1.0
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def between_draws(happened: Array, drawn: Array | None = None) -> float:
    """Variance of an outcome between parameter draws: the covariance of members who share a draw (>= 0).

    Args:
        happened: outcome of every member, shape (members,). drawn: number of each member's draw; neighbours share one
        if None.
    """
    drawn = np.arange(len(happened)) // LUCK_PER_DRAW if drawn is None else drawn
    away = happened - happened.mean()
    number = np.unique(drawn, return_inverse=True)[1]
    many, total, squares = (np.bincount(number, w) for w in (np.ones(len(away)), away, away * away))
    pairs = many * (many - 1.0)
    if pairs.sum() == 0 or (pairs > 0).sum() < 2:
        return 0.0
    return max(0.0, float((total * total - squares).sum() / pairs.sum()))


def probability(happened: Array, drawn: Array | None = None) -> dict[str, Any]:
    """A probability over members with two 90 % intervals.

    `interval_chance_only`: what the finite number of members leaves open. `interval`: that, widened by how far the
    probability itself differs between draws of the parameters.
    """
    n = len(happened)
    p = float(happened.mean())
    spread = p * (1 - p)
    total = spread / n + between_draws(happened.astype(float), drawn)
    effective = spread / total if total > 0 else float(n)
    return {
        "probability": _r(p),
        "interval": [_r(x) for x in wilson(p, effective)],
        "interval_chance_only": [_r(x) for x in wilson(p, n)],
    }


def expected(happened: Array, chances: Array) -> dict[str, Any]:
    """A probability from whether an event came in each member and from its chance there, with a 90 % interval.

    Both have the same mean (`SIDE.FORM_chance` of members, see day/odds.py), and their difference, whose mean is 0, is
    taken out of the first where the event is rare: in full at first, no longer from one in two. The interval is what
    the draws of the parameters leave open; with one draw, what as many coins would.

    >>> [round(expected(np.zeros(8), np.full(8, p))["probability"], 4) for p in (0.0, 0.02)]
    [0.0, 0.0196]
    """
    taken = max(0.0, 1.0 - (happened.mean() + chances.mean()))
    values = happened - taken * (happened - chances)
    p = float(np.clip(values.mean(), 0.0, 1.0))
    draws = np.array([d.mean() for d in np.array_split(values, -(-len(values) // LUCK_PER_DRAW))])
    error = float(draws.var(ddof=1)) / len(draws) if len(draws) > 1 else 0.0
    effective = p * (1 - p) / error if error > 0 else float(len(chances))
    return {"probability": _r(p), "interval": [_r(x) for x in wilson(p, effective)]}


def spread(values: Array) -> dict[str, Any]:
    """Median and 90 % interval across members."""
    finite = values[np.isfinite(values)]
    if len(finite) == 0:
        return {"median": None, "interval": [None, None]}
    low, middle, high = np.quantile(finite, [0.05, 0.5, 0.95])
    return {"median": _r(float(middle)), "interval": [_r(float(low)), _r(float(high))]}


def _r(x: float) -> float:
    return float(f"{x:.6g}")


def basis_of_run(case: Case) -> dict[str, int]:
    """Numbers of the case and of the theory, by basis; what is solved for is not counted."""
    counts = {name: int(n) for name, n in basis_counts(case).items()}
    for name in free():
        basis = PARAMETERS[name].basis.value
        counts[basis] = counts.get(basis, 0) + 1
    return {name: counts.get(name, 0) for name in ("measured", "published", "estimated", "judgement")}


def summarise(case: Case, spec: RunSpec, members: pl.DataFrame, drawn: Array | None = None) -> dict[str, Any]:
    """The summary of a run, without the gate's sentences (`engine.gate` adds those)."""

    def column(name: str) -> Array:
        return members[name].to_numpy().astype(float)

    outcomes: dict[str, Any] = {}
    shares: dict[str, Any] = {}
    counts: dict[str, Any] = {}
    for side in case.sides:
        outcomes[side] = {form: probability(column(f"{side}.{form}") > 0, drawn) for form in COUNTED}
        outcomes[side] |= {form: probability(column(f"{side}.{form}") > THRESHOLDS[form], drawn) for form in INDIVIDUAL}
        shares[side] = {form: spread(column(f"{side}.{form}")) for form in INDIVIDUAL}
        counts[side] = {form: spread(column(f"{side}.{form}")) for form in (*COUNTED, "halted_brigades")}
        for form in COUNTED:
            counts[side][form]["mean"] = _r(float(column(f"{side}.{form}").mean()))
    civil_war = {
        side: {"days": spread(column(f"{side}.civil_war_days")), "deaths": spread(column(f"{side}.civil_war_deaths"))}
        | probability(column(f"{side}.civil_war") > 0, drawn)
        for side in ([] if has_enemy(case) else case.sides)
    }
    ends = dict(members["war.end"].value_counts(sort=True).iter_rows())
    return {
        "schema": SCHEMA,
        "case": case.id,
        "members": spec.members,
        "days": spec.days,
        "seed": spec.seed,
        "scale": spec.scale,
        "outcomes": outcomes,
        "thresholds": THRESHOLDS,
        "shares": shares,
        "counts": counts,
        "war": {
            "duration_days": spread(column("war.duration_days")),
            "parity_share": spread(column("war.parity_share")),
            "end": {name: _r(n / spec.members) for name, n in sorted(ends.items())},
            "mean_log_ratio": spread(column("war.mean_log_ratio")),
        },
        "civil_war": civil_war,
        "escalation": {"max_level": spread(column("escalation.max_level"))},
        "civilians_killed": spread(column("civilians_killed")),
        "killed": {side: spread(column(f"{side}.killed")) for side in case.sides},
        "wounded": {side: spread(column(f"{side}.wounded")) for side in case.sides},
        "basis": basis_of_run(case),
    }
