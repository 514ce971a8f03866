"""Watched and punished soldiers stay in line and withhold effort instead."""

from __future__ import annotations

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def deterrence(monitoring: float, punishment: float, weight: float) -> float:
    return -weight * monitoring * punishment


@scalar
def displacement(monitoring: float, punishment: float, grievance: float, weight: float) -> float:
    return weight * monitoring * punishment * grievance / (1.0 + grievance)


@scalar
def punishment_grievance(punishment: float, weight: float) -> float:
    return weight * punishment


MECHANISM = Mechanism(
    id="hidden_effort",
    claims=("C12",),
    kind="pressure",
    summary="Watched and punished soldiers stay in line and withhold effort instead.",
    silent_on="sabotage whose authors are found",
    parameters=(
        Parameter(
            "deterrence",
            2.2,
            1.0,
            3.4,
            "log-odds",
            Basis.judgement,
            "lyallZhukov2025",
            "coercion keeps men in place",
            "normal",
        ),
        Parameter(
            "displacement", 1.1, 0.4, 2.0, "log-odds", Basis.judgement, "rozenas2024", "and costs initiative", "normal"
        ),
        Parameter(
            "aggrieve",
            0.4,
            0.1,
            0.9,
            "grievance",
            Basis.judgement,
            "lyallZhukov2025",
            "punishment is itself a grievance",
            "normal",
        ),
    ),
    functions=(
        deterrence,
        displacement,
        punishment_grievance,
    ),
    sources=("scott1985", "lyallZhukov2025"),
    rivals=(),
    switchable=True,
)
