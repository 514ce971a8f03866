"""An army chooses how kind to be to soldiers of the other side, and a ruler answers those who go over.

Claim C8, as a choice of both sides. How captives are treated varies between wars and within one; long wars of attrition
and cruelty suffered make for cruelty (Wallace 2012, doi:10.1177/0022002712445736; reciprocity: Morrow 2007; both known
from their abstracts). South Vietnam's offer to defectors was kept up and widened since it was thought cheap against
what it brought (Koch 1973). So each side reconsiders from time to time: soldiers who come over speak for kindness, its
own dead and the other's cruelty against it, and what nobody comes for is given up. Its own soldiers pay: the hungry
resent an enemy who is fed. And those whom it draws are held back: surveillance by the Viet Cong, and fear of what the
other side would do to them, delayed defectors (Gouré 1968, from the abstract). Pickets, in turn, do not fight.

Leaves out prisoners taken in battle, exchanges of prisoners, and what democracies do that others do not.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real, term


def noticed(went_over: Real, half: Real) -> Real:
    """How much is made of soldiers who go over: went_over / (went_over + half).

    Args:
        went_over: soldiers of an army who went over in the last month or so [share, >= 0].
        half: share a month of which half as much is made as can be [share a month, > 0; parameter `half`].

    Returns:
        Notice taken, by those who receive them and by the ruler whom they left [share, 0 to 1].

    Source: judgement.
    """
    return went_over / (went_over + half)


def case_for(come: Real, gap: Real, parity: Real, gain: Real, need: Real) -> Real:
    """What speaks for more kindness: gain · come + need · max(0, gap) · parity.

    Where the sides are equal, few soldiers decide, and whoever had hoped for more looks for them.

    Args:
        come: notice taken of soldiers who come over, from `noticed` [share, 0 to 1].
        gap: how far success lags behind hope [share, -1 to 1].
        parity: how near the sides are to equal [share, 0 to 1].
        gain: weight of those who come over [share of a step, >= 0; parameter `gain`].
        need: weight of success that stays out [share of a step, >= 0; parameter `need`].

    Returns:
        Pull upwards [shares of a step, >= 0].

    Source: judgement, after Koch (1973) for what success of an offer did to it.
    """
    return gain * come + need * np.maximum(0.0, gap) * parity


def case_against(bled: Real, theirs: Real, revenge: Real, bitter: Real, mirror: Real) -> Real:
    """What speaks against it: revenge · bled / (bled + bitter) − mirror · log(theirs).

    Args:
        bled: own soldiers killed in the last month or so [share, >= 0].
        theirs: how the other side treats one's own, 1 as at the start [ratio, > 0; floored at 0.1].
        revenge: weight of the own dead [share of a step, >= 0; parameter `revenge`].
        bitter: share killed in a month that counts by half [share, > 0; parameter `bitter`].
        mirror: weight of treatment in kind [share of a step per log ratio, >= 0; parameter `mirror`].

    Returns:
        Pull downwards [shares of a step]; below 0 where the other side is kind.

    Source: signs from Wallace (2012), doi:10.1177/0022002712445736, and Morrow (2007); sizes by judgement.
    """
    return revenge * bled / (bled + bitter) - mirror * np.log(np.maximum(theirs, 0.1))


def habit(kindness: Real, come: Real, thrift: Real) -> Real:
    """What draws a policy that brings nobody back to what was usual: thrift · (1 − come) · log(kindness).

    Args:
        kindness: how kind the side is, 1 as at the start [ratio, > 0].
        come: notice taken of soldiers who come over [share, 0 to 1].
        thrift: weight of a change without return [share of a step per log ratio, >= 0; parameter `thrift`].

    Returns:
        Pull downwards [shares of a step]; below 0 where the side is less kind than it was.

    Source: judgement.
    """
    return thrift * (1.0 - come) * np.log(kindness)


def reconsidered(kindness: Real, pull: Real, step: Real, most: Real) -> Real:
    """Kindness after a review: kindness · exp(step · pull), pull between −1 and 1, the result within 1 / most and most.

    Args:
        kindness: before [ratio, > 0].
        pull: what speaks for more less what speaks for less [shares of a step].
        step: most that one review changes [log ratio, >= 0; parameter `step`].
        most: kindest that a side becomes against the start [ratio, >= 1; parameter `most`].

    Returns:
        Kindness [ratio, 1 / most to most].

    Source: judgement.
    """
    moved = kindness * np.exp(step * np.minimum(1.0, np.maximum(-1.0, pull)))
    return np.minimum(most, np.maximum(1.0 / most, moved))


def credible(rung: Real, discredit: Real) -> Real:
    """How far a promise of kindness is believed of a side that destroys: max(0, 1 − discredit · `rung`).

    Args:
        rung: its level of destruction [levels, 0 to 5].
        discredit: credibility that each level takes [share per level, >= 0; parameter `discredit`].

    Returns:
        Credibility [share, 0 to 1].

    Source: judgement, after Wallace (2012), doi:10.1177/0022002712445736.
    """
    return np.maximum(0.0, 1.0 - discredit * rung)


def offered(inducement: Real, kindness: Real, rung: Real, discredit: Real) -> Real:
    """What soldiers are offered: min(1, inducement · kindness) · max(0, 1 − discredit · `rung`).

    Args:
        inducement: what the side was ready to offer at the start [share, 0 to 1; from the case].
        kindness: how kind it is now against then [ratio, > 0].
        rung: its own level of destruction [levels, 0 to 5].
        discredit: credibility that each level takes [share per level, >= 0; parameter `discredit`].

    Returns:
        Offer [share, 0 to 1].

    Source: judgement, after Wallace (2012), doi:10.1177/0022002712445736.
    """
    return np.minimum(1.0, inducement * kindness) * credible(rung, discredit)


def answer(before: Real, gone: Real, days: Real) -> Real:
    """How far a ruler answers those who go over, a day on: before + (gone − before) / days.

    Args:
        before: answer of yesterday [share, 0 to 1].
        gone: notice taken of the own soldiers who went over [share, 0 to 1].
        days: days that it takes to answer, and to cease [days, >= 1; parameter `days`].

    Returns:
        Answer [share, 0 to 1]; it fades when nobody goes any more.

    Source: form by this project; that armies answer so, Gouré (1968).
    """
    return before + (gone - before) / days


def believed(answered: Real, hold: Real) -> Real:
    """Share of an offer that tales of torture and pickets on the way leave: 1 − hold · answered.

    Args:
        answered: from `answer` [share, 0 to 1].
        hold: share of the offer that a full answer takes [share, 0 to 1; parameter `hold`].

    Returns:
        Share left [share, 0 to 1].

    Source: judgement, after Gouré (1968).
    """
    return 1.0 - hold * answered


def left_to_fight(answered: Real, pickets: Real) -> Real:
    """Share of the soldiers in the field who are not needed to watch the others: 1 − pickets · answered.

    Args:
        answered: from `answer` [share, 0 to 1].
        pickets: share that a full answer takes from the front, or from the streets [share, 0 to 1; parameter
            `pickets`].

    Returns:
        Share left [share, 0 to 1].

    Source: judgement, after Lyall & Zhukov (2025), doi:10.1017/S002081832400033X, on armies that coerce their own.
    """
    return 1.0 - pickets * answered


def resentment(kindness: Real, supply: Real, weight: Real) -> Real:
    """Grievance of soldiers in want who see the enemy's treated better than before.

    grievance = weight · max(0, kindness − 1) · max(0, 1 − supply)

    Args:
        kindness: of their side to soldiers of the other, 1 as at the start [ratio, > 0].
        supply: what they receive against need [share, >= 0].
        weight: grievance of soldiers without anything at twice the kindness [grievance, >= 0; parameter `resent`].

    Returns:
        Appraisal [grievance, >= 0]; 0 for the well-supplied, and while their side is no kinder than it was.

    Source: relative deprivation (Stouffer et al. 1949); size by judgement.
    """
    return weight * np.maximum(0.0, kindness - 1.0) * np.maximum(0.0, 1.0 - supply)


MECHANISM = Mechanism(
    id="overtures",
    claims=("C8",),
    kind="process",
    summary="An army chooses how kind to be to soldiers of the other side, and a ruler answers those who go over.",
    silent_on="prisoners taken in battle, and exchanges of prisoners",
    parameters=(
        Parameter("review", 0.033, 0.015, 0.07, "per day", Basis.judgement, "koch1973",
                  "a policy is reconsidered about monthly; ours", "log"),
        Parameter("step", 0.3, 0.1, 0.6, "log ratio", Basis.judgement, "wallace2012",
                  "treatment changes within a war, not from day to day; a third at most at a time is ours", "log"),
        Parameter("most", 2.0, 1.4, 3.0, "ratio", Basis.judgement, "wallace2012",
                  "treatment differs widely between wars, less within one; ours", "log"),
        Parameter("memory", 30, 14, 60, "days", Basis.judgement, "koch1973",
                  "success is counted by the month; ours", "log"),
        Parameter("half", 0.003, 0.001, 0.01, "share a month", Basis.judgement, "koch1973",
                  "some 20,000 came over in 1966, as others report it, from an army of a few hundred thousand, and it "
                  "was called a success: well under one in a hundred a month; half of the notice at a third of that "
                  "is ours", "log"),
        Parameter("gain", 0.6, 0.2, 1.2, "share of a step", Basis.judgement, "koch1973",
                  "an offer that was taken up was widened, since it cost little for each who came; one war", "normal"),
        Parameter("need", 0.3, 0.0, 0.8, "share of a step", Basis.judgement, "johnson2022",
                  "kindness as a strategy of who needs it; argued, and wars of attrition point the other way through "
                  "the dead", "normal"),
        Parameter("revenge", 0.5, 0.1, 1.0, "share of a step", Basis.judgement, "wallace2012",
                  "captives are abused more in drawn-out wars of attrition; sign from the abstract", "normal"),
        Parameter("bitter", 0.03, 0.01, 0.08, "share a month", Basis.judgement, "wallace2012",
                  "killed in a month that make an army bitter; ours", "log"),
        Parameter("mirror", 0.5, 0.1, 1.0, "share of a step per log ratio", Basis.judgement, "morrow2007",
                  "states answer breaches of the laws of war in kind, strongest where both are bound; sign from the "
                  "abstract", "normal"),
        Parameter("thrift", 0.5, 0.1, 1.2, "share of a step per log ratio", Basis.judgement, "koch1973",
                  "what brings nobody is not kept up for long; ours", "normal"),
        Parameter("discredit", 0.1, 0.03, 0.25, "share per level", Basis.judgement, "wallace2012",
                  "who destroys is believed less when promising kindness; no estimate", "log"),
        Parameter("days", 14, 5, 40, "days", Basis.judgement, "goure1968",
                  "an army learns of its losses to the other side within days and answers within weeks; ours", "log"),
        Parameter("hold", 0.3, 0.1, 0.6, "share", Basis.judgement, "goure1968",
                  "surveillance and fear of the other side delayed 125 who did defect; how many never did is not "
                  "known", "logit"),
        Parameter("pickets", 0.03, 0.01, 0.08, "share", Basis.judgement, "lyallZhukov2025",
                  "soldiers set to watch soldiers do not fight; a few in a hundred is ours", "logit"),
        Parameter("resent", 0.6, 0.1, 1.2, "grievance", Basis.judgement, "stouffer1949",
                  "half of what full want weighs by itself; no study read", "normal"),
    ),
    functions=(
        noticed, case_for, case_against, habit, reconsidered, credible, offered, answer, believed, left_to_fight,
        resentment,
    ),
    sources=("wallace2012", "morrow2007", "koch1973", "goure1968", "lyallZhukov2025", "stouffer1949"),
    rivals=(),
    terms=(
        term(resentment, "grievance", kindness="side.kindness", supply="company.supply", weight="resent"),
    ),
    switchable=True,
)  # fmt: skip
