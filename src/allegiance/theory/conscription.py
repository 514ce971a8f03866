"""Who will soon be a civilian again, or never chose to serve, has less reason to obey."""

from __future__ import annotations

import math

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def horizon_pressure(days_left: float, weight: float, scale: float) -> float:
    return weight * math.exp(-max(days_left, 0.0) / scale)


@scalar
def compulsion_pressure(compelled: float, weight: float) -> float:
    return weight * compelled


@scalar
def overdue_grievance(days_over: float, weight: float) -> float:
    over = min(max(days_over, 0.0), 180.0)
    return weight * over / 180.0


MECHANISM = Mechanism(
    id="conscription",
    claims=("C1",),
    kind="pressure",
    summary="Who will soon be a civilian again, or never chose to serve, has less reason to obey.",
    silent_on="what conscription does to the choice of wars, and to who is sent to fight",
    parameters=(
        Parameter(
            "horizon",
            1.0,
            0.3,
            1.7,
            "log-odds",
            Basis.judgement,
            "mclauchlin2015",
            "conscript against volunteer odds ratio of 2-5 within one war, most of it through the horizon",
            "normal",
        ),
        Parameter(
            "scale",
            240,
            120,
            480,
            "days",
            Basis.judgement,
            "johnson2018",
            "a year of remaining service weighs little more than three",
            "log",
        ),
        Parameter(
            "compulsion",
            0.25,
            0.0,
            0.5,
            "log-odds",
            Basis.judgement,
            "mclauchlin2014",
            "what is left of the conscript effect when horizons are equal",
            "normal",
        ),
        Parameter(
            "overdue",
            0.8,
            0.2,
            1.6,
            "grievance",
            Basis.judgement,
            "heinl1971",
            "service beyond the promised tour",
            "normal",
        ),
    ),
    functions=(
        horizon_pressure,
        compulsion_pressure,
        overdue_grievance,
    ),
    sources=("mclauchlin2014", "mclauchlin2015", "johnson2018"),
    rivals=(),
    switchable=True,
)
