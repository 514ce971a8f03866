"""Groups treated unequally inside the army leave it, whoever they face.

Part of claim C3, kept apart from linkage on purpose: it has another input (standing inside the army), another effect
(desertion and defection more than refusal) and needs no civilians in front of the soldier. It is the largest single
predictor of mass desertion between armies: odds ratio 2.3 (before 1918) to 3.4 (after) per step of Lyall's three
types of regime, 10 against 49 per cent at the ends (Lyall 2016; the argument in Lyall 2020).

Leaves out ties to the civilians faced (see linkage), and why groups are unequal.
"""

from __future__ import annotations

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real, term
from allegiance.theory.forms import routes


def exclusion_pressure(inclusion: Real, own_group_share: Real, weight: Real) -> Real:
    """What unequal standing adds: weight · (1 − inclusion) · (1 − own_group_share).

    The second factor makes the ruling group, which fills most of the army, feel little of it.

    Args:
        inclusion: equality of groups in the force [share, 0 divided to 1 equal].
        own_group_share: share of the force that belongs to the soldier's own group [share, 0 to 1].
        weight: pressure on a soldier of a tiny group in a wholly divided army [log-odds; parameter `weight`].

    Returns:
        Pressure [log-odds, 0 to weight]; 0 in an equal army.

    Source: Lyall (2016, 2020); the interaction with group size is a judgement.
    """
    return weight * (1.0 - inclusion) * (1.0 - own_group_share)


MECHANISM = Mechanism(
    id="inclusion",
    claims=("C3",),
    kind="pressure",
    summary="Groups treated unequally inside the army leave it, whoever they face.",
    silent_on="ties to the civilians faced (see linkage)",
    parameters=(
        Parameter("weight", 3.2, 2.0, 4.6, "log-odds", Basis.judgement, "lyall2016",
                  "two steps at 0.825 (before 1918) to 1.217 log-odds span 1.65 to 2.4 for whole armies; "
                  "a soldier of a small group bears about twice the mean of an army of several", "normal"),
    ),
    functions=(exclusion_pressure,),
    sources=("lyall2016", "lyall2020"),
    rivals=(),
    terms=(
        term(
            exclusion_pressure, routes(shirking=0.3, refusal=0.3, desertion=1.0, defection=1.0, mutiny=0.3),
            inclusion="side.inclusion", own_group_share="group.own_share", weight="weight",
        ),
    ),
    switchable=True,
)  # fmt: skip
