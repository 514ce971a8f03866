"""Commanders pass an order on, halt, or side with their men."""

from __future__ import annotations

import math

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def halt_hazard(loyalty: float, tie: float, grievance: float, base: float, disloyal: float, tied: float) -> float:
    return base * math.exp(disloyal * (1.0 - 2.0 * loyalty) + tied * tie + 0.5 * grievance - 1.0)


@scalar
def doubted(tie: float, against_civilians: float, held_back: float) -> float:
    return held_back * tie * against_civilians


MECHANISM = Mechanism(
    id="command",
    claims=("C3", "C5"),
    kind="process",
    summary="Commanders pass an order on, halt, or side with their men.",
    silent_on="intrigue at court (see plot)",
    parameters=(
        Parameter(
            "halt",
            0.0002,
            5e-05,
            0.0008,
            "per commander and day",
            Basis.judgement,
            "chechnya1994",
            "one of three columns halted in December 1994",
            "log",
        ),
        Parameter(
            "disloyal",
            2.0,
            1.0,
            3.0,
            "log hazard",
            Basis.judgement,
            "albrechtOhl2016",
            "loyalty of commanders",
            "normal",
        ),
        Parameter(
            "tied",
            4.0,
            2.0,
            6.0,
            "log hazard",
            Basis.judgement,
            "albrechtOhl2016",
            "officers who would have to fire on their own",
            "normal",
        ),
        Parameter("days", 5, 2, 12, "days", Basis.judgement, "chechnya1994", "how long a halt lasts", "log"),
        Parameter(
            "held_back",
            0.5,
            0.2,
            0.8,
            "share",
            Basis.judgement,
            "johnsonPL2017",
            "governments hold back the troops they doubt",
            "logit",
        ),
    ),
    functions=(
        halt_hazard,
        doubted,
    ),
    sources=("albrechtOhl2016", "lee2009"),
    rivals=(),
    switchable=True,
)
