"""Groups treated unequally inside the army leave it, whoever they face."""

from __future__ import annotations

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def exclusion_pressure(inclusion: float, own_group_share: float, weight: float) -> float:
    return weight * (1.0 - inclusion) * (1.0 - own_group_share)


MECHANISM = Mechanism(
    id="inclusion",
    claims=("C3",),
    kind="pressure",
    summary="Groups treated unequally inside the army leave it, whoever they face.",
    silent_on="ties to the civilians faced (see linkage)",
    parameters=(
        Parameter(
            "weight",
            1.5,
            0.6,
            2.6,
            "log-odds",
            Basis.published,
            "lyall2016",
            "inclusive against divided regimes: logit .8 to 1.2 per step on mass desertion",
            "normal",
        ),
    ),
    functions=(exclusion_pressure,),
    sources=("lyall2016", "lyall2020"),
    rivals=(),
    switchable=True,
)
