"""Commanders pass an order on, halt, or side with their men.

Claims C3 and C5 for those who lead. A commander who is disloyal, tied to the civilians in front of him, or at the head
of aggrieved men may halt his formation: General Babichev stopped one of three columns before Grozny in December 1994
and said that it was forbidden to shoot at the people (Lieven 1998). What officers do decides many uprisings (Albrecht
& Ohl 2016, doi:10.1017/S1537592715003217; Lee 2015). Governments know it and hold back the troops they doubt (P. L.
Johnson 2017), which hides the very effects one looks for and is therefore in the model. Commanders also watch each
other: those who halt first make it thinkable for the rest (Granovetter 1978, doi:10.1086/226707).

Silent on intrigue at court (see plot) and on quiet delay by staffs.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real


def halt_hazard(loyalty: Real, tie: Real, grievance: Real, base: Real, disloyal: Real, tied: Real) -> Real:
    """Chance that a commander halts his formation today.

    hazard = base · exp(disloyal · (1 − 2 · loyalty) + tied · tie + 0.5 · grievance − 1)

    `base` is thus the hazard of an indifferent, untied commander over men with grievance 2 (0.5 and 1 are judgements).

    Args:
        loyalty: the commander's loyalty to the ruler [share, 0 to 1].
        tie: his closeness to the civilians faced, times exposure [share, 0 to 1].
        grievance: mean grievance of his men [grievance, >= 0].
        base: scale of the hazard [per commander and day; parameter `halt`].
        disloyal: effect of full disloyalty against indifference [log hazard; parameter `disloyal`].
        tied: effect of a full tie [log hazard; parameter `tied`].

    Returns:
        Hazard [per commander and day, >= 0]; above 1 at the extremes, so cap it to read it as a
        probability.

    Source: judgement, after Albrecht & Ohl (2016), doi:10.1017/S1537592715003217.
    """
    return base * np.exp(disloyal * (1.0 - 2.0 * loyalty) + tied * tie + 0.5 * grievance - 1.0)


def example_pressure(share_halted: Real, weight: Real) -> Real:
    """What the example of other commanders adds to the log hazard of halting: weight · sqrt(share_halted).

    Args:
        share_halted: share of the side's brigades whose commanders have halted [share, 0 to 1].
        weight: effect when all have [log hazard, >= 0; parameter `example`].

    Returns:
        Pressure on the log hazard [>= 0].

    Source: threshold behaviour after Granovetter (1978), doi:10.1086/226707; form by judgement. The root makes the
    first few who are known to have halted count most.
    """
    return weight * np.sqrt(share_halted)


def doubted(tie: Real, against_civilians: Real, held_back: Real) -> Real:
    """Share of a doubted formation's exposure that the ruler takes away: held_back · tie · against_civilians.

    Args:
        tie: mean tie of the formation to the civilians faced [share, 0 to 1].
        against_civilians: how far the task is against civilians [share, 0 to 1].
        held_back: share held back at full tie [share, 0 to 1; parameter `held_back`].

    Returns:
        Share of exposure removed [share, 0 to held_back].

    Source: selection described by P. L. Johnson (2017); form by judgement.
    """
    return held_back * tie * against_civilians


MECHANISM = Mechanism(
    id="command",
    claims=("C3", "C5"),
    kind="process",
    summary="Commanders pass an order on, halt, or side with their men.",
    silent_on="intrigue at court (see plot)",
    parameters=(
        Parameter("halt", 0.0003, 8e-05, 0.001, "per commander and day", Basis.judgement, "lieven1998",
                  "one of three columns halted in the first week before Grozny, 1994, against next to none "
                  "in most wars: one case sets the order of size", "log"),
        Parameter("disloyal", 2.0, 1.0, 3.0, "log hazard", Basis.judgement, "albrechtOhl2016",
                  "loyalty of commanders decides in the cases compared; size ours", "normal"),
        Parameter("tied", 4.0, 2.0, 6.0, "log hazard", Basis.judgement, "albrechtOhl2016",
                  "officers who would have to fire on their own; size ours, made large enough that December"
                  " 1994 is not a miracle", "normal"),
        Parameter("example", 5.0, 2.0, 8.0, "log hazard", Basis.judgement, "granovetter1978",
                  "commanders in Cairo, Leipzig, Belgrade and Moscow stopped together; size ours", "normal"),
        Parameter("days", 5, 2, 12, "days", Basis.judgement, "lieven1998",
                  "the halt of December 1994 was over within weeks, others within days; one case", "log"),
        Parameter("held_back", 0.5, 0.2, 0.8, "share", Basis.judgement, "johnsonPL2017",
                  "conscript armies were deployed in 15 of 35 campaigns, volunteer armies in 10 of 18: a "
                  "lean, not significant", "logit"),
    ),
    functions=(halt_hazard, example_pressure, doubted),
    sources=("albrechtOhl2016", "lee2015", "lieven1998", "johnsonPL2017", "granovetter1978"),
    rivals=(),
    switchable=True,
)  # fmt: skip
