"""A ruler whose success lags behind his hopes turns to destruction, the more so when his infantry is unreliable."""

from __future__ import annotations

import math

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def aspiration_gap(progress: float, expected: float) -> float:
    return min(1.0, max(-1.0, expected - progress))


@scalar
def step_up_hazard(gap: float, unreliability: float, rate: float, gap_weight: float, unreliable_weight: float) -> float:
    return rate * max(0.0, gap) * math.exp(gap_weight * gap + unreliable_weight * unreliability)


@scalar
def step_down_hazard(gap: float, rate: float) -> float:
    return rate * max(0.0, -gap)


@scalar
def civilian_rate(baseline: float, close_fighting: float, urban: float, rung: float, standoff: float) -> float:
    return baseline * (close_fighting * urban + standoff * rung)


MECHANISM = Mechanism(
    id="escalation",
    claims=("C11",),
    kind="process",
    summary="A ruler whose success lags behind his hopes turns to destruction, the more so when his infantry is unreliable.",
    silent_on="nuclear use and outside intervention",
    parameters=(
        Parameter(
            "rate",
            0.012,
            0.005,
            0.03,
            "per day",
            Basis.judgement,
            "downes2006",
            "about one interstate war in three sees civilians targeted",
            "log",
        ),
        Parameter("gap", 1.6, 0.6, 2.8, "log hazard", Basis.judgement, "downes2006", "desperation", "normal"),
        Parameter(
            "unreliable",
            1.5,
            0.4,
            2.8,
            "log hazard",
            Basis.judgement,
            "downes2006",
            "stand-off fire replaces infantry that will not go",
            "normal",
        ),
        Parameter(
            "deescalate",
            0.006,
            0.002,
            0.02,
            "per day",
            Basis.judgement,
            "downes2006",
            "return to lesser means when progress meets hopes",
            "log",
        ),
        Parameter(
            "standoff",
            0.12,
            0.05,
            0.3,
            "ratio per rung",
            Basis.judgement,
            "ohchr2023",
            "civilians killed per rung against close fighting: methods change more than deaths",
            "log",
        ),
    ),
    functions=(
        aspiration_gap,
        step_up_hazard,
        step_down_hazard,
        civilian_rate,
    ),
    sources=("downes2006", "downes2008"),
    rivals=(),
    switchable=True,
)
