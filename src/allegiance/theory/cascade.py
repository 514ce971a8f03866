"""Readiness becomes mutiny when enough men believe that enough others will join; conditions multiply."""

from __future__ import annotations

import math

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def spread_factor(spread: float) -> float:
    # the logistic-normal integral: mean of expit(m + s z) is close to expit(m / sqrt(1 + pi s^2 / 8))
    return math.sqrt(1.0 + math.pi * spread * spread / 8.0)


@scalar
def tipping_point(conformity: float, factor: float) -> float:
    if conformity <= 4.0 * factor:
        return 0.5
    return 0.5 * (1.0 - math.sqrt(1.0 - 4.0 * factor / conformity))


@scalar
def mutiny_threshold(men: float, spread: float, conformity: float, minimum: float) -> float:
    factor = spread_factor(spread)
    if men <= minimum:
        return 1.0e9
    needed = min(minimum / men, 0.999)
    at = min(needed, tipping_point(conformity, factor))
    return factor * math.log(at / (1.0 - at)) - conformity * at


@scalar
def mutiny_probability(gap: float, trigger: float, trigger_scale: float) -> float:
    return trigger * math.exp(-max(gap, 0.0) / trigger_scale)


@scalar
def participation(readiness: float, spread: float, conformity: float, start: float) -> float:
    factor = spread_factor(spread)
    share = start
    for _ in range(40):
        share = max(share, 1.0 / (1.0 + math.exp(-(readiness + conformity * share) / factor)))
    return share


@scalar
def neighbour_pressure(share_in_mutiny: float, weight: float) -> float:
    return weight * math.sqrt(share_in_mutiny)


MECHANISM = Mechanism(
    id="cascade",
    claims=("C15",),
    kind="process",
    summary="Readiness becomes mutiny when enough men believe that enough others will join; conditions multiply.",
    silent_on="what mutineers do afterwards (see suppression)",
    parameters=(
        Parameter(
            "conformity",
            6.0,
            4.5,
            8.0,
            "log-odds",
            Basis.judgement,
            "brockDurlauf2001",
            "how much the example of others weighs; above 4 a company can tip",
            "normal",
        ),
        Parameter(
            "trigger",
            0.002,
            0.0007,
            0.006,
            "per company and day",
            Basis.judgement,
            "rose1982",
            "incidents that bring a company together: an order, a death, a missing meal",
            "log",
        ),
        Parameter(
            "trigger_scale",
            0.3,
            0.18,
            0.5,
            "log-odds",
            Basis.judgement,
            "rose1982",
            "mean size of such an incident",
            "log",
        ),
        Parameter("minimum", 12, 12, 12, "soldiers", Basis.published, "johnson2021", "a mutiny needs twelve", "normal"),
        Parameter(
            "neighbours",
            1.5,
            0.5,
            3.0,
            "log-odds",
            Basis.judgement,
            "granovetter1978",
            "a mutiny seen in the brigade",
            "normal",
        ),
    ),
    functions=(
        spread_factor,
        tipping_point,
        mutiny_threshold,
        mutiny_probability,
        participation,
        neighbour_pressure,
    ),
    sources=("granovetter1978", "kuran1991", "brockDurlauf2001"),
    rivals=(),
    switchable=True,
)
