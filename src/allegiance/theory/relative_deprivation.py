"""Men who go without beside men who do not feel cheated, more than hunger alone would make them."""

from __future__ import annotations

import math

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def relative_deprivation(own: float, reference: float, seen: float, weight: float) -> float:
    return weight * seen * max(0.0, math.log(max(reference, 0.01) / max(own, 0.01)))


@scalar
def gap_gurr1970(own: float, reference: float, seen: float, weight: float) -> float:
    return weight * seen * max(0.0, (reference - own) / max(reference, 0.01))


@scalar
def privilege_loss(dissolution: float, weight: float) -> float:
    return weight * dissolution


MECHANISM = Mechanism(
    id="relative_deprivation",
    claims=("C6",),
    kind="pressure",
    summary="Men who go without beside men who do not feel cheated, more than hunger alone would make them.",
    silent_on="absolute want (see deprivation)",
    parameters=(
        Parameter(
            "weight",
            1.0,
            0.4,
            1.8,
            "grievance per log ratio",
            Basis.judgement,
            "gurr1970",
            "strength of comparison with the better kept force",
            "normal",
        ),
        Parameter(
            "privilege",
            3.0,
            1.5,
            5.0,
            "grievance",
            Basis.judgement,
            "debruin2020",
            "parallel forces rise when told to fold in: Serbia 2001, Sudan 2023, Wagner 2023",
            "normal",
        ),
    ),
    functions=(
        relative_deprivation,
        privilege_loss,
    ),
    sources=("stouffer1949", "gurr1970", "escribaFolch2025"),
    rivals=(gap_gurr1970,),
    switchable=True,
)
