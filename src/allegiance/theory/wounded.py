"""Armour and medicine set how many are wounded for each man killed, and how many come back."""

from __future__ import annotations

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def wounded(killed: float, ratio: float) -> float:
    return killed * ratio


@scalar
def out_of_action_share(killed: float, ratio: float, force: float) -> float:
    return killed * ratio / force


@scalar
def return_hazard(return_share: float, days: float) -> float:
    return return_share / days


@scalar
def invalid_hazard(return_share: float, days: float) -> float:
    return (1.0 - return_share) / days


MECHANISM = Mechanism(
    id="wounded",
    claims=("C14",),
    kind="process",
    summary="Armour and medicine set how many are wounded for each man killed, and how many come back.",
    silent_on="the quality of life of the maimed",
    parameters=(
        Parameter("days", 60, 30, 120, "days", Basis.judgement, "fmMedical", "mean time to return to duty", "log"),
    ),
    functions=(
        wounded,
        out_of_action_share,
        return_hazard,
        invalid_hazard,
    ),
    sources=("fmMedical",),
    rivals=(),
    switchable=False,
)
