"""Loyal neighbours and parallel forces put a mutiny down, or the ruler buys it off, or it walks away."""

from __future__ import annotations

import math

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def end_hazard(blocking: float, guards: float, rate: float, force: float) -> float:
    return 1.0 - math.exp(-rate * math.exp(force * (0.5 * blocking + 0.5 * guards)))


@scalar
def defect_share(offer: float, contact: float, share: float) -> float:
    return min(1.0, share * offer * contact * 4.0)


MECHANISM = Mechanism(
    id="suppression",
    claims=("C12", "C15"),
    kind="process",
    summary="Loyal neighbours and parallel forces put a mutiny down, or the ruler buys it off, or it walks away.",
    silent_on="trials long after",
    parameters=(
        Parameter(
            "rate", 0.25, 0.1, 0.5, "per day", Basis.judgement, "rose1982", "most mutinies end within days", "logit"
        ),
        Parameter(
            "force",
            1.0,
            0.4,
            2.0,
            "log hazard",
            Basis.judgement,
            "johnson2021",
            "blocking units and loyal parallel forces shorten them",
            "normal",
        ),
        Parameter(
            "desert",
            0.12,
            0.04,
            0.3,
            "share",
            Basis.judgement,
            "rose1982",
            "mutineers who are gone when it ends",
            "logit",
        ),
        Parameter(
            "defect",
            0.03,
            0.008,
            0.1,
            "share",
            Basis.judgement,
            "albrechtOhl2016",
            "mutineers who go over, when an opponent offers it",
            "logit",
        ),
        Parameter(
            "prison",
            0.08,
            0.03,
            0.2,
            "share",
            Basis.published,
            "wikiFrance1917",
            "3,400 tried of the French mutineers of 1917; a minority is punished",
            "logit",
        ),
        Parameter(
            "concession",
            0.25,
            0.08,
            0.5,
            "share of grievance",
            Basis.judgement,
            "wikiFrance1917",
            "leave, food and no attacks ended the French mutinies",
            "logit",
        ),
        Parameter(
            "violence",
            0.33,
            0.2,
            0.45,
            "probability",
            Basis.published,
            "johnson2021",
            "over a third of mutinies are violent",
            "logit",
        ),
    ),
    functions=(
        end_hazard,
        defect_share,
    ),
    sources=("rose1982", "johnson2021"),
    rivals=(),
    switchable=True,
)
