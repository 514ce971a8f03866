"""Hunger, cold, bad leadership and losses wear out obedience."""

from __future__ import annotations

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def absolute_deprivation(supply: float, weight: float) -> float:
    return weight * (1.0 - min(max(supply, 0.0), 1.0))


@scalar
def leadership_grievance(competence: float, weight: float) -> float:
    return weight * (1.0 - competence)


@scalar
def unit_shock(losses: float, weight: float, half: float) -> float:
    return weight * losses / (losses + half)


@scalar
def appraise(grievance: float, appraisal: float, memory: float) -> float:
    return grievance + (appraisal - grievance) / memory


MECHANISM = Mechanism(
    id="deprivation",
    claims=("C7",),
    kind="pressure",
    summary="Hunger, cold, bad leadership and losses wear out obedience.",
    silent_on="comparison with others (see relative_deprivation)",
    parameters=(
        Parameter(
            "supply",
            3.0,
            1.8,
            4.5,
            "grievance",
            Basis.judgement,
            "albrechtKoehler2018",
            "full want against none",
            "normal",
        ),
        Parameter(
            "leadership",
            0.9,
            0.3,
            1.6,
            "grievance",
            Basis.judgement,
            "hurSurvey2023",
            "60 per cent of captured soldiers gave commanders the lowest mark",
            "normal",
        ),
        Parameter(
            "losses",
            1.6,
            0.8,
            2.6,
            "grievance",
            Basis.judgement,
            "albrechtKoehler2018",
            "66 against 29 per cent of desertions in months of high and low losses",
            "normal",
        ),
        Parameter(
            "losses_half",
            0.15,
            0.08,
            0.3,
            "share of company in 30 days",
            Basis.judgement,
            "cdb90",
            "median loss at defeat 7 to 17 per cent of a force",
            "log",
        ),
        Parameter("memory", 21, 10, 45, "days", Basis.judgement, "gurr1970", "how long an appraisal lasts", "log"),
        Parameter(
            "fear",
            1.2,
            0.4,
            2.2,
            "log-odds",
            Basis.judgement,
            "lyall2016",
            "losses drive flight more than pay does",
            "normal",
        ),
    ),
    functions=(
        absolute_deprivation,
        leadership_grievance,
        unit_shock,
        appraise,
    ),
    sources=("gurr1970", "albrechtKoehler2018", "shilsJanowitz1948"),
    rivals=(),
    switchable=True,
)
