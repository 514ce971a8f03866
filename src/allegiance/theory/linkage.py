"""Soldiers tied to the civilians they face refuse to harm them.

Claim C3. The tie acts only through the task: `linkage_pressure` is a product of the soldier's tie and of how far the
task today is against those civilians, so that the same soldier sent against strangers feels nothing. This
interaction is the claim; a model with a plain effect of the tie would not contain it.

Leaves out equality of groups inside the army (see inclusion), and civilians the soldier does not face. The
argument is in Albrecht & Ohl (2016, doi:10.1017/S1537592715003217), Nepstad (2013, doi:10.1177/0022343313476529) and
McLauchlin (2010); 95 per cent of 61 Syrian deserters disliked fighting fellow Syrians (Albrecht & Koehler 2018,
doi:10.1080/09636412.2017.1386931). No study read estimates the effect of ties to the civilians faced directly.
"""

from __future__ import annotations

from allegiance.base.values import Basis
from allegiance.theory.contract import TIE, Mechanism, Parameter, Real, term
from allegiance.theory.forms import routes


def facing(against_civilians: Real, fighting: Real, in_contact: Real) -> Real:
    """How far today's task is against the civilians present: in_contact · (against + (1 − against) · fighting).

    Args:
        against_civilians: share of the task that is directed at civilians, such as repression [share, 0 to 1].
        fighting: how much combat among civilians counts as acting against them [share, 0 to 1; parameter `fighting`].
        in_contact: 1 if the formation is in contact today [share, 0 to 1].

    Returns:
        Exposure [share, 0 to 1]; 0 for a formation in the rear.

    Source: definition of this project.
    """
    return in_contact * (against_civilians + (1.0 - against_civilians) * fighting)


def linkage_pressure(tie: Real, faced: Real, weight: Real) -> Real:
    """What the tie adds to the log-odds of disobeying while facing those civilians: weight · tie · faced.

    Args:
        tie: closeness of the soldier to the civilians faced, as the soldier believes it [share, 0 none to 1 kin].
        faced: exposure from `facing` [share, 0 to 1].
        weight: pressure at full tie and full exposure [log-odds; parameter `refusal`].

    Returns:
        Pressure [log-odds, 0 to weight].

    Source: form by this project after Albrecht & Ohl (2016), doi:10.1017/S1537592715003217.
    """
    return weight * tie * faced


def kin_grievance(tie: Real, faced: Real, weight: Real) -> Real:
    """The grievance of being used against one's own, which outlasts the day: weight · tie · faced.

    Args:
        tie: closeness to the civilians faced [share, 0 to 1].
        faced: exposure from `facing` [share, 0 to 1].
        weight: appraisal at full tie and exposure [grievance; parameter `grievance`].

    Returns:
        Appraisal added to grievance [grievance, 0 to weight].

    Source: Albrecht & Koehler (2018), doi:10.1080/09636412.2017.1386931, for the motive; size by judgement.
    """
    return weight * tie * faced


MECHANISM = Mechanism(
    id="linkage",
    claims=("C3",),
    kind="pressure",
    summary="Soldiers tied to the civilians they face refuse to harm them.",
    silent_on="equality of groups inside the army (see inclusion); civilians the soldier does not face",
    parameters=(
        Parameter("refusal", 3.0, 1.2, 4.8, "log-odds per unit tie", Basis.judgement, "albrechtOhl2016",
                  "about 1.0 log-odds per step when linkage is coded 0 to 3 and troops are ordered to fire;"
                  " the study argues the sign, the size is ours", "normal"),
        Parameter("grievance", 1.2, 0.4, 2.2, "grievance per unit tie", Basis.judgement, "albrechtKoehler2018",
                  "95 per cent of 61 Syrian deserters disliked fighting fellow Syrians: the motive is "
                  "common, its size is not estimated", "normal"),
        Parameter("fighting", 0.25, 0.1, 0.45, "share", Basis.judgement, "johnson2022",
                  "how much combat among civilians counts as acting against them: less than half, since it "
                  "is not aimed at them; no estimate", "logit"),
    ),
    functions=(facing, linkage_pressure, kin_grievance),
    sources=("albrechtOhl2016", "albrechtKoehler2018", "nepstad2013", "mclauchlin2010"),
    rivals=(),
    terms=(
        term(kin_grievance, "grievance", tie=TIE, faced="company.faced", weight="grievance"),
        term(
            linkage_pressure, routes(shirking=0.3, refusal=1.0, desertion=0.5, defection=1.0, mutiny=0.8),
            tie=TIE, faced="company.faced", weight="refusal",
        ),
    ),
    switchable=True,
)  # fmt: skip
