"""A safe and credible way out, in contact with those who offer it, draws soldiers over."""

from __future__ import annotations

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def inducement_pressure(offer: float, contact: float, tie: float, weight: float, linked: float) -> float:
    return weight * offer * contact * (1.0 + linked * tie)


MECHANISM = Mechanism(
    id="inducement",
    claims=("C8",),
    kind="pressure",
    summary="A safe and credible way out, in contact with those who offer it, draws soldiers over.",
    silent_on="the treatment of those who came over",
    parameters=(
        Parameter(
            "weight",
            2.2,
            0.8,
            3.6,
            "log-odds",
            Basis.judgement,
            "reiterStam1997",
            "credible good treatment multiplies surrender by 1.1-1.5 alone and more for men cut off",
            "normal",
        ),
        Parameter(
            "linked",
            1.0,
            0.2,
            2.0,
            "ratio",
            Basis.judgement,
            "johnson2021",
            "stronger for soldiers tied to those who offer",
            "normal",
        ),
    ),
    functions=(inducement_pressure,),
    sources=("reiterStam1997", "lehmannZhukov2019"),
    rivals=(),
    switchable=True,
)
