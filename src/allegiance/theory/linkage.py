"""Soldiers tied to the civilians they face refuse to harm them."""

from __future__ import annotations

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def facing(against_civilians: float, fighting: float, in_contact: float) -> float:
    return in_contact * (against_civilians + (1.0 - against_civilians) * fighting)


@scalar
def linkage_pressure(tie: float, faced: float, weight: float) -> float:
    return weight * tie * faced


@scalar
def kin_grievance(tie: float, faced: float, weight: float) -> float:
    return weight * tie * faced


MECHANISM = Mechanism(
    id="linkage",
    claims=("C3",),
    kind="pressure",
    summary="Soldiers tied to the civilians they face refuse to harm them.",
    silent_on="equality of groups inside the army (see inclusion); civilians the soldier does not face",
    parameters=(
        Parameter(
            "refusal",
            3.0,
            1.2,
            4.8,
            "log-odds per unit tie",
            Basis.judgement,
            "albrechtOhl2016",
            "about 1.0 per step of a 0-3 coding of linkage when ordered to fire",
            "normal",
        ),
        Parameter(
            "grievance",
            1.2,
            0.4,
            2.2,
            "grievance per unit tie",
            Basis.judgement,
            "albrechtKoehler2018",
            "95 of 100 Syrian deserters disliked fighting fellow Syrians",
            "normal",
        ),
        Parameter(
            "fighting",
            0.25,
            0.1,
            0.45,
            "share",
            Basis.judgement,
            "johnson2021",
            "how much fighting among civilians counts as acting against them",
            "logit",
        ),
    ),
    functions=(
        facing,
        linkage_pressure,
        kin_grievance,
    ),
    sources=("albrechtOhl2016", "albrechtKoehler2018"),
    rivals=(),
    switchable=True,
)
