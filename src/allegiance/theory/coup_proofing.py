"""Measures against coups make plots harder and the army worse and more resentful."""

from __future__ import annotations

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def coordination_cost(counterbalancing: float, surveillance: float, purges: float, weight: float) -> float:
    return weight * (0.4 * counterbalancing + 0.4 * surveillance + 0.2 * purges)


@scalar
def guard_strength(counterbalancing: float, weight: float) -> float:
    return weight * counterbalancing


@scalar
def competence(base: float, stacking: float, purges: float, weight: float) -> float:
    return base * (1.0 - weight * (0.6 * stacking + 0.4 * purges))


@scalar
def resentment(counterbalancing: float, stacking: float, purges: float, weight: float) -> float:
    return weight * (0.4 * counterbalancing + 0.4 * stacking + 0.2 * purges)


MECHANISM = Mechanism(
    id="coup_proofing",
    claims=("C5",),
    kind="pressure",
    summary="Measures against coups make plots harder and the army worse and more resentful.",
    silent_on="pay and supply moved to the parallel force (see relative_deprivation)",
    parameters=(
        Parameter(
            "coordination",
            1.8,
            0.8,
            3.0,
            "log-odds",
            Basis.judgement,
            "debruin2018",
            "counterbalancing lowers success more surely than attempts",
            "normal",
        ),
        Parameter(
            "guards",
            0.9,
            0.4,
            1.5,
            "probit units",
            Basis.published,
            "debruin2018",
            "counterbalancing about halves the success of attempts",
            "normal",
        ),
        Parameter(
            "competence",
            0.35,
            0.15,
            0.55,
            "share",
            Basis.judgement,
            "talmadge2015",
            "stacking and purges cost skill",
            "logit",
        ),
        Parameter(
            "resentment",
            0.5,
            0.1,
            1.0,
            "grievance",
            Basis.judgement,
            "bouNassif2015",
            "second-class officers and men beside favoured ones",
            "normal",
        ),
    ),
    functions=(
        coordination_cost,
        guard_strength,
        competence,
        resentment,
    ),
    sources=("debruin2018", "debruin2020", "powell2012", "talmadge2015"),
    rivals=(),
    switchable=True,
)
