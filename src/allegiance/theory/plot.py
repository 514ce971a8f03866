"""Commanders move against the ruler when they expect enough others to move."""

from __future__ import annotations

import math

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def attempt_hazard(yearly: float, shift: float) -> float:
    daily = min(max(yearly, 1.0e-6), 0.95) / 365.0
    odds = daily / (1.0 - daily) * math.exp(shift)
    return odds / (1.0 + odds)


@scalar
def success_probability(disaffection: float, guards: float, support: float, top: float) -> float:
    return 0.5 * math.erfc(-(top + support * disaffection - guards) / math.sqrt(2.0))


MECHANISM = Mechanism(
    id="plot",
    claims=("C4", "C5"),
    kind="process",
    summary="Commanders move against the ruler when they expect enough others to move.",
    silent_on="plots that are found out before they act",
    parameters=(
        Parameter(
            "grievance", 0.8, 0.3, 1.4, "log-odds", Basis.judgement, "singh2014", "disaffection of commanders", "normal"
        ),
        Parameter("war", 1.0, 0.3, 1.8, "log-odds", Basis.judgement, "gassebner2016", "a war going badly", "normal"),
        Parameter(
            "mutiny",
            0.7,
            0.2,
            1.4,
            "log-odds",
            Basis.judgement,
            "schiel2021",
            "mutiny raises later coup odds",
            "normal",
        ),
        Parameter(
            "support",
            1.2,
            0.5,
            2.0,
            "probit units",
            Basis.judgement,
            "singh2014",
            "what disaffection adds to the support found",
            "normal",
        ),
        Parameter(
            "top",
            0.0,
            -0.4,
            0.4,
            "probit units",
            Basis.published,
            "powellThyne2011",
            "about half of attempts succeed",
            "normal",
        ),
    ),
    functions=(
        attempt_hazard,
        success_probability,
    ),
    sources=("singh2014", "powellThyne2011", "morrisShin2003"),
    rivals=(),
    switchable=False,
)
