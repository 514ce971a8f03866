"""Losses are replaced from the pool that costs the ruler least; compulsion comes late."""

from __future__ import annotations

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def pool_cost(political: float, money: float, used: float, money_weight: float) -> float:
    return political + money_weight * money + 0.5 * used


@scalar
def tolerated_cost(shortfall: float, threshold: float, urgency: float) -> float:
    return 0.5 + urgency * (shortfall - threshold)


@scalar
def daily_intake(shortfall_men: float, available: float, daily_max: float) -> float:
    return max(0.0, min(shortfall_men, min(available, daily_max)))


MECHANISM = Mechanism(
    id="recruitment",
    claims=("C2",),
    kind="process",
    summary="Losses are replaced from the pool that costs the ruler least; compulsion comes late.",
    silent_on="who volunteers and why",
    parameters=(
        Parameter(
            "urgency",
            1.5,
            0.6,
            3.0,
            "ratio",
            Basis.judgement,
            "cit2023",
            "how far need outweighs political cost",
            "normal",
        ),
        Parameter(
            "money", 0.15, 0.05, 0.3, "ratio", Basis.judgement, "cit2023", "weight of money against politics", "logit"
        ),
        Parameter(
            "shortfall",
            0.33,
            0.2,
            0.45,
            "share of entry strength",
            Basis.judgement,
            "economist2023",
            "compulsory call-up came at about one third of entry strength lost",
            "logit",
        ),
    ),
    functions=(
        pool_cost,
        tolerated_cost,
        daily_intake,
    ),
    sources=("cit2023",),
    rivals=(),
    switchable=True,
)
