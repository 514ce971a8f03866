"""Armour and medicine set how many are wounded for each soldier killed, and how many come back.

Claim C14. The ratio of wounded to killed is an input of each force, because it differs between armies and falls or
rises within a war: 1.7 for the United States in the Second World War, 7.3 in Iraq, about 4 falling below 2 in
estimates for Russia (better medicine hides the cost of war from counts of the dead: Fazal 2014,
doi:10.1162/ISEC_a_00166). What it means is arithmetic, and the functions do nothing else: 15,000 killed at 3 wounded
each are 45,000 wounded, a third of a force of 135,000.

Leaves out the lives of the maimed, and how soldiers are hit.
"""

from __future__ import annotations

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real


def wounded(killed: Real, ratio: Real) -> Real:
    """Wounded that go with the killed: killed · ratio.

    Args:
        killed: soldiers killed [soldiers, >= 0].
        ratio: wounded per killed of the force [ratio, >= 0; input of the case].

    Returns:
        Wounded [soldiers, >= 0].

    >>> wounded(15_000.0, 3.0)
    45000.0

    Source: arithmetic.
    """
    return killed * ratio


def return_hazard(return_share: Real, days: Real) -> Real:
    """Chance that a wounded soldier returns to duty today: return_share / days.

    With `invalid_hazard` it makes two competing exits with mean stay `days`.

    Args:
        return_share: share of the wounded who ever return [share, 0 to 1; input of the case].
        days: mean stay until either exit [days, >= 1; parameter `days`].

    Returns:
        Hazard [per day, 0 to 1].

    Source: constant competing hazards.
    """
    return return_share / days


def invalid_hazard(return_share: Real, days: Real) -> Real:
    """Chance that a wounded soldier is discharged for good today: (1 − return_share) / days.

    Args:
        return_share: share of the wounded who ever return [share, 0 to 1].
        days: mean stay until either exit [days, >= 1; parameter `days`].

    Returns:
        Hazard [per day, 0 to 1].

    Source: constant competing hazards.
    """
    return (1.0 - return_share) / days


MECHANISM = Mechanism(
    id="wounded",
    claims=("C14",),
    kind="process",
    summary="Armour and medicine set how many are wounded for each soldier killed, and how many come back.",
    silent_on="the quality of life of the maimed",
    parameters=(
        Parameter("days", 60, 30, 120, "days", Basis.judgement, "fm855",
                  "mean stay between wound and return or discharge: weeks to months, the span that "
                  "evacuation policies plan with; no series read", "log"),
    ),
    functions=(wounded, return_hazard, invalid_hazard),
    sources=("fazal2014", "fm855"),
    rivals=(),
    switchable=False,
)  # fmt: skip
