"""Only soldiers who are there and willing fight; unwilling ones take power away."""

from __future__ import annotations

import math

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def morale_step(grievance: float) -> float:
    return min(1.0, max(-2.0, 1.0 - grievance))


@scalar
def company_power(
    obeying: float,
    shirking: float,
    quality: float,
    supply: float,
    equipment: float,
    competence: float,
    morale: float,
    shirker: float,
    supply_exponent: float,
    morale_weight: float,
) -> float:
    men = obeying + shirker * shirking
    kit = max(supply, 0.02) ** supply_exponent * max(equipment, 0.02)
    return float(men * quality * kit * (0.5 + 0.5 * competence) * math.exp(morale_weight * morale))


@scalar
def log_ratio(own: float, other: float) -> float:
    return math.log(max(own, 1.0e-9) / max(other, 1.0e-9))


@scalar
def in_parity(ratio: float, bound: float) -> bool:
    return abs(ratio) < bound


MECHANISM = Mechanism(
    id="capability",
    claims=("C9",),
    kind="process",
    summary="Only soldiers who are there and willing fight; unwilling ones take power away.",
    silent_on="chance in battle (see combat)",
    parameters=(
        Parameter(
            "morale",
            0.36,
            0.1,
            0.5,
            "log power per step",
            Basis.estimated,
            "cdb90",
            "relative loss rate x1.44 per morale step in 584 battles; an upper bound, coded in hindsight",
            "normal",
        ),
        Parameter(
            "shirker",
            0.3,
            0.1,
            0.6,
            "share",
            Basis.judgement,
            "scott1985",
            "effort left in a man who withholds it",
            "logit",
        ),
        Parameter("supply", 0.7, 0.3, 1.0, "exponent", Basis.judgement, "cdb90", "power lost with supply", "normal"),
    ),
    functions=(
        morale_step,
        company_power,
        log_ratio,
        in_parity,
    ),
    sources=("lanchester1916", "pilsterBohmelt2011"),
    rivals=(),
    switchable=False,
)
