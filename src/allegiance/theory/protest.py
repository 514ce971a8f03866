"""Protest tells soldiers and generals that the ruler is not obeyed and that others are ready."""

from __future__ import annotations

import math

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def protest_signal(participants: float, half: float) -> float:
    return math.log1p(max(participants, 0.0) / half) / math.log1p(1.0e6 / half)


@scalar
def troop_pressure(signal: float, nonviolent: float, weight: float, nonviolent_weight: float) -> float:
    return weight * signal * (1.0 + nonviolent_weight * nonviolent) / (1.0 + nonviolent_weight)


@scalar
def coup_pressure(
    signal: float, nonviolent: float, capital: float, weight: float, nonviolent_weight: float, capital_weight: float
) -> float:
    lift = (1.0 + nonviolent_weight * nonviolent) * (1.0 + capital_weight * capital)
    return weight * signal * lift / ((1.0 + nonviolent_weight) * (1.0 + 0.5 * capital_weight))


MECHANISM = Mechanism(
    id="protest",
    claims=("C4",),
    kind="pressure",
    summary="Protest tells soldiers and generals that the ruler is not obeyed and that others are ready.",
    silent_on="why people protest (see home_front)",
    parameters=(
        Parameter(
            "troops",
            0.8,
            0.2,
            1.6,
            "log-odds at a million",
            Basis.judgement,
            "johnsonThyne2018",
            "half the published effect on coups, since no direct estimate for mutiny was readable",
            "normal",
        ),
        Parameter(
            "coups",
            1.6,
            0.8,
            2.4,
            "log-odds at a million",
            Basis.published,
            "johnsonThyne2018",
            "coefficients .059 per protest and .417 near the capital",
            "normal",
        ),
        Parameter(
            "capital",
            1.5,
            0.6,
            3.0,
            "ratio",
            Basis.published,
            "johnsonThyne2018",
            "near the capital +246 per cent against +16 per cent for all",
            "log",
        ),
        Parameter(
            "nonviolent",
            0.8,
            0.2,
            1.6,
            "ratio",
            Basis.published,
            "johnsonThyne2018",
            "peaceful .200 against violent .049",
            "normal",
        ),
        Parameter(
            "half",
            30000,
            10000,
            100000,
            "people",
            Basis.judgement,
            "navco21",
            "protest matters little below tens of thousands",
            "log",
        ),
    ),
    functions=(
        protest_signal,
        troop_pressure,
        coup_pressure,
    ),
    sources=("johnsonThyne2018", "casperTyson2014"),
    rivals=(),
    switchable=True,
)
