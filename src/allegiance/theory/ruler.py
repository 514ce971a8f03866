"""The ruler answers disobedience: dismisses, calls out other forces, or falls.

Claims C4 and C5. A refusal matters because of what follows. A ruler whose general halts can put another in that place
(Yeltsin dismissed those who halted before Grozny in 1994), which buys loyalty with competence; and can call out the
forces kept beside the army, which then no longer stand guard; can pay and promise (see suppression), concede to the
crowd (see concession), rotate and hold back those in doubt (see command), purge after a failed coup (see plot). Where
those who would still hold the streets are too few for the crowd in them the ruler falls, whoever pushes last: in Egypt,
Tunisia, Serbia and East Germany nobody seized power (Nepstad 2013, doi:10.1177/0022343313476529; Albrecht & Ohl 2016,
doi:10.1017/S1537592715003217). A war is no protection: February 1917.

Where most formations have halted, the generals themselves may tell the ruler to go, which lists of coups count as one.

Leaves out who rules afterwards.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real


def dismissal_hazard(share_halted: Real, base: Real) -> Real:
    """Chance a day that the commander of a halted formation is replaced: base · (1 − share_halted).

    The more have halted, the fewer are left who would carry the dismissal out.

    Args:
        share_halted: share of the brigades with orders whose commanders have halted [share, 0 to 1].
        base: hazard for the only one who halts [per day; parameter `dismiss`].

    Returns:
        Hazard [per day, 0 to base].

    Source: form by this project; Lieven (1998) for December 1994.
    """
    return base * (1.0 - share_halted)


def call_out_hazard(share_halted: Real, base: Real) -> Real:
    """Chance a day that parallel forces are called out in full: base · min(1, 5 · share_halted).

    Args:
        share_halted: share of the brigades with orders whose commanders have halted [share, 0 to 1].
        base: hazard once a fifth have halted [per day; parameter `call_out`].

    Returns:
        Hazard [per day, 0 to base].

    Source: judgement (a fifth is ours); guards were the last to be used in Cairo, Tunis and Tehran.
    """
    return base * np.minimum(1.0, 5.0 * share_halted)


def needed(least: Real, stretch: Real, swamp: Real) -> Real:
    """Share of the soldiers that it takes to hold the streets: least · max(1, stretch)^swamp.

    What a government is fit for is a crowd of a certain size. One of many times that size is out of its reach although
    its soldiers obey: in Leipzig and East Berlin in 1989 nobody had refused.

    Args:
        least: share that is enough against a crowd of the size that the side is fit for [share, > 0; parameter
            `least`].
        stretch: size of the crowd against what the side is fit for [ratio, >= 0; `protest.capacity` of the case].
        swamp: how the need grows with the crowd [exponent, >= 0; parameter `swamp`].

    Returns:
        Share needed [share, `least` upwards]; above 1 no army is enough.

    Source: form by this project; that numbers decide, whatever soldiers do, is Chenoweth & Stephan (2011) and computed
    from NAVCO 2.1.
    """
    return least * np.maximum(1.0, stretch) ** swamp


def fall_hazard(willing: Real, signal: Real, rate: Real, need: Real, crowd: Real) -> Real:
    """Chance a day that the ruler falls: rate · max(0, 1 − willing / need) · min(1, signal / crowd)².

    Args:
        willing: soldiers who would hold the streets, as a share of those there should be [share, 0 to 1].
        signal: size of the protest as soldiers read it [share of a million-strong crowd, 0 upwards].
        rate: hazard when nobody obeys before a crowd that counts [per day; parameter `fall`].
        need: share of soldiers with which a ruler is safe, from `needed` [share, > 0].
        crowd: signal of a crowd that counts in full [> 0; parameter `crowd`].

    Returns:
        Hazard [per day, 0 to rate]; 0 without a crowd and with enough willing soldiers. The square keeps a small crowd
        that lasts for years from adding up to a revolution.

    Source: form by this project after Albrecht & Ohl (2016), doi:10.1017/S1537592715003217.
    """
    size = np.minimum(1.0, signal / crowd)
    return rate * np.maximum(0.0, 1.0 - willing / need) * size * size


MECHANISM = Mechanism(
    id="ruler",
    claims=("C4", "C5"),
    kind="process",
    summary="The ruler answers disobedience: dismisses, calls out other forces, or falls.",
    silent_on="who rules afterwards",
    parameters=(
        Parameter("dismiss", 0.1, 0.03, 0.3, "per day", Basis.judgement, "lieven1998",
                  "generals who halted before Grozny were dismissed; ten days until it comes is a judgement", "log"),
        Parameter("trusted", 0.75, 0.6, 0.9, "share", Basis.judgement, "talmadge2015",
                  "loyalty of an officer put in place for it", "logit"),
        Parameter("haste", 0.1, 0.03, 0.2, "share", Basis.judgement, "talmadge2015",
                  "competence lost with the officer dismissed", "logit"),
        Parameter("call_out", 0.3, 0.1, 0.8, "per day", Basis.judgement, "albrechtOhl2016",
                  "within days of the army's hesitation in the cases compared", "log"),
        Parameter("exposed", 0.5, 0.2, 0.8, "share", Basis.judgement, "debruin2018",
                  "guards in the streets do not guard the palace: share of their strength against coups that is "
                  "lost", "logit"),
        Parameter("fall", 1.0, 0.4, 2.5, "per day", Basis.judgement, "nepstad2013",
                  "from the army's refusal to the end: hours in Belgrade, a day in Tunis, two weeks in Cairo", "log"),
        Parameter("least", 0.5, 0.35, 0.65, "share", Basis.judgement, "albrechtOhl2016",
                  "rulers fell when the army as such stayed out, though police fought on", "logit"),
        Parameter("swamp", 0.3, 0.15, 0.45, "exponent", Basis.judgement, "navco21",
                  "twice the soldiers for ten times the crowd; in the library crowds of three to fifteen times what "
                  "police and troops were fit for ended rulers, crowds of up to twice did not", "normal"),
        Parameter("depose", 0.33, 0.12, 0.6, "probability", Basis.judgement, "powellThyne2011",
                  "of six rulers of the library who fell after the army had stopped, two falls are listed as coups "
                  "(Egypt 2011, Sudan 2019)", "logit"),
        Parameter("crowd", 0.3, 0.15, 0.5, "signal", Basis.judgement, "navco21",
                  "some 60,000 people at once; smaller crowds are arrested", "log"),
    ),
    functions=(dismissal_hazard, call_out_hazard, needed, fall_hazard),
    sources=(
        "powellThyne2011", "nepstad2013", "albrechtOhl2016", "lieven1998", "talmadge2015", "debruin2018", "navco21",
    ),
    rivals=(),
    switchable=True,
)  # fmt: skip
