"""War is learning: each side updates its belief about relative strength and settles when demands overlap."""

from __future__ import annotations

import math

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def update_mean(mean: float, variance: float, observed: float, noise: float) -> float:
    gain = variance / (variance + noise * noise)
    return mean + gain * (observed - mean)


@scalar
def update_variance(variance: float, noise: float, drift: float) -> float:
    return 1.0 / (1.0 / variance + 1.0 / (noise * noise)) + drift * drift


@scalar
def win_probability(mean: float, variance: float, spread: float) -> float:
    return 0.5 * math.erfc(-mean / math.sqrt(2.0 * (variance + spread * spread)))


@scalar
def surplus(p_first: float, p_second: float, cost_first: float, cost_second: float, indivisible: float) -> float:
    return cost_first + cost_second - (p_first + p_second - 1.0) - indivisible


@scalar
def settlement_hazard(surplus_now: float, rate: float) -> float:
    return rate * min(1.0, max(0.0, surplus_now) / 0.25)


MECHANISM = Mechanism(
    id="learning",
    claims=("C10",),
    kind="process",
    summary="War is learning: each side updates its belief about relative strength and settles when demands overlap.",
    silent_on="who pays inside a state for a settlement",
    parameters=(
        Parameter(
            "noise",
            4.0,
            2.5,
            7.0,
            "log ratio",
            Basis.judgement,
            "slantchev2003",
            "how badly a day of fighting shows relative strength",
            "log",
        ),
        Parameter(
            "drift",
            0.02,
            0.008,
            0.05,
            "log ratio per sqrt day",
            Basis.judgement,
            "powell2004",
            "strength changes, so beliefs never become certain",
            "log",
        ),
        Parameter(
            "spread",
            0.5,
            0.3,
            0.9,
            "log ratio",
            Basis.judgement,
            "powell2004",
            "luck left in the outcome of a war between known powers",
            "log",
        ),
        Parameter(
            "cost",
            0.3,
            0.12,
            0.6,
            "share of the stakes",
            Basis.judgement,
            "fearon1995",
            "cost of a year of fighting of ordinary intensity to a side without resolve",
            "logit",
        ),
        Parameter(
            "rate",
            0.02,
            0.008,
            0.05,
            "per day",
            Basis.judgement,
            "slantchev2003",
            "speed of bargaining once demands overlap",
            "log",
        ),
        Parameter(
            "indivisible",
            0.25,
            0.05,
            0.5,
            "share of the stakes",
            Basis.judgement,
            "fearon1995",
            "what cannot be divided or promised credibly; grows with resolve on both sides",
            "logit",
        ),
    ),
    functions=(
        update_mean,
        update_variance,
        win_probability,
        surplus,
        settlement_hazard,
    ),
    sources=("fearon1995", "powell2004", "slantchev2003", "wagner2000"),
    rivals=(),
    switchable=True,
)
