"""Soldiers leave when they believe that others will leave or that all is lost; past a threshold an army goes in days.

Claims C7 and C15. The same parameters must hold two regimes: a trickle of 0.2 to 1 per cent even in mass protest, and
the collapse of 70 to 95 per cent of an army within days (Crimea 2014, Mosul 2014, Kabul 2021, Syria 2024). Both follow
from a belief about what comrades will do, fed by what they did (Kuran 1991, doi:10.2307/2010422), acting through a
steep curve: below `half` it adds next to nothing, above it everything. Surrender spreads from battle to battle
(Lehmann & Zhukov 2019). A war plainly lost works like an example: it tells each soldier what the others will do.

Leaves out why the first soldiers leave, and rumours that are false.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real, term
from allegiance.theory.forms import routes


def belief_update(belief: Real, left_today: Real, memory: Real) -> Real:
    """What soldiers have seen others do lately: belief · (1 − 1 / memory) + left_today.

    Args:
        belief: share of those around who left or disobeyed, as remembered [share, >= 0].
        left_today: share that left or disobeyed today [share, 0 to 1].
        memory: days over which it stops being news [days, >= 1; parameter `memory`].

    Returns:
        Belief tonight [share, >= 0]; a steady daily share s settles at memory · s.

    Source: form by this project after Kuran (1991), doi:10.2307/2010422.
    """
    return belief * (1.0 - 1.0 / memory) + left_today


def shared_belief(company: Real, brigade: Real, force: Real, own: Real) -> Real:
    """Belief of a company from what is seen near and far: own · company + (1 − own) · (0.6 · brigade + 0.4 · force).

    Args:
        company: belief about the own company [share, >= 0].
        brigade: belief about the brigade [share, >= 0].
        force: belief about the whole force [share, >= 0].
        own: weight of what is seen with one's own eyes [share, 0 to 1; parameter `company`].

    Returns:
        Belief [share, >= 0], a weighted mean. The split 0.6 to 0.4 of the rest is a judgement.

    Source: primary groups weigh most: Shils & Janowitz (1948), doi:10.1086/265951.
    """
    return own * company + (1.0 - own) * (0.6 * brigade + 0.4 * force)


def collapse_pressure(belief: Real, weight: Real, half: Real) -> Real:
    """What believing in collapse adds: weight · belief³ / (belief³ + half³).

    Args:
        belief: from `shared_belief` [share, >= 0].
        weight: pressure when everybody is believed to go [log-odds; parameter `weight`].
        half: belief with half of that pressure [share, > 0; parameter `half`].

    Returns:
        Pressure [log-odds, 0 to weight]; cubic, hence negligible, at small beliefs: a tenth gone is no collapse.

    Source: threshold behaviour after Kuran (1991), doi:10.2307/2010422; the curve is a judgement.
    """
    cube = belief * belief * belief
    return weight * cube / (cube + half * half * half)


def all_lost(win_probability: Real, weight: Real) -> Real:
    """Share of comrades that a war plainly lost counts as having left: weight · max(0, 1 − 4 · win_probability)².

    Nothing above one chance in four (a judgement); the square keeps doubt from acting before it is plain.

    Args:
        win_probability: the side's chance of winning as its soldiers believe it [probability, 0 to 1].
        weight: share at a hopeless war [share of comrades; parameter `lost`].

    Returns:
        Share added to belief [share of comrades, 0 to weight].

    Source: form by this project; Lehmann & Zhukov (2019) for surrender after defeats elsewhere.
    """
    doubt = np.maximum(0.0, 1.0 - 4.0 * win_probability)
    return weight * doubt * doubt


def defeat(ground_lost: Real, plain: Real) -> Real:
    """How plain it is to soldiers that they are being beaten: min(1, max(0, ground_lost) / plain).

    What soldiers see is the ground, not the balance of power: weaker armies that hold their ground fight on for years.

    Args:
        ground_lost: ground lost in about the last ten days, of all that is contested [share].
        plain: loss at which it is plain [share, > 0; parameter `plain`].

    Returns:
        Share [0 to 1], by which doubts about the war count.

    Source: form by this project, after Lehmann & Zhukov (2019), doi:10.1017/S0020818318000358, where soldiers give up
    after defeats that they have seen or heard of.
    """
    return np.minimum(1.0, np.maximum(0.0, ground_lost) / plain)


def rout(ground_lost: Real, weight: Real) -> Real:
    """Ground lost fast works like an example: weight · ground_lost.

    Args:
        ground_lost: ground lost in about the last ten days, of all that is contested [share, >= 0].
        weight: how far it counts as comrades gone [share of comrades per share of ground, >= 0; parameter `rout`].

    Returns:
        Addition to the belief that others have left [share, >= 0].

    Source: judgement, after Lehmann & Zhukov (2019), doi:10.1017/S0020818318000358, where surrender spreads from
    battle to battle, and McQuie (1987), where most defeats begin with a manoeuvre and few with casualties.
    """
    return weight * np.maximum(0.0, ground_lost)


def hopelessness(win_probability: Real, weight: Real) -> Real:
    """Grievance of fighting a losing war: weight · max(0, 1 − 2 · win_probability).

    Args:
        win_probability: chance of winning as believed [probability, 0 to 1].
        weight: grievance of a hopeless war [grievance; parameter `hopeless`].

    Returns:
        Appraisal [grievance, 0 to weight]; 0 at even chances and above.

    Source: judgement.
    """
    return weight * np.maximum(0.0, 1.0 - 2.0 * win_probability)


MECHANISM = Mechanism(
    id="contagion",
    claims=("C7", "C15"),
    kind="pressure",
    summary=(
        "Soldiers leave when they believe that others will leave or that all is lost; past a threshold an "
        "army goes in days."
    ),
    silent_on="why the first soldiers leave",
    parameters=(
        Parameter("weight", 7.0, 5.0, 9.0, "log-odds", Basis.judgement, "lehmannZhukov2019",
                  "from a daily trickle of one in tens of thousands to a loss of most of a force in days "
                  "takes 7 or more log-odds; anchored on Crimea, Mosul, Kabul and not on the study's "
                  "coefficients", "normal"),
        Parameter("half", 0.36, 0.24, 0.5, "share gone or disobeying", Basis.judgement, "kuran1991",
                  "belief at which collapse becomes likely; argued to exist, never measured", "logit"),
        Parameter("memory", 10, 5, 20, "days", Basis.judgement, "kuran1991",
                  "how long what others did is news: days to weeks, ours", "log"),
        Parameter("company", 0.5, 0.3, 0.7, "share", Basis.judgement, "shilsJanowitz1948",
                  "weight of what is seen in the own company; the primary group counts most, the number is "
                  "ours", "logit"),
        Parameter("lost", 0.12, 0.05, 0.22, "share of comrades", Basis.judgement, "lehmannZhukov2019",
                  "a war plainly lost counts as if this share had already left: well below `half`, since armies "
                  "have fought lost wars for months", "logit"),
        Parameter("rout", 0.5, 0.2, 1.0, "share per share", Basis.judgement, "lehmannZhukov2019",
                  "a front that breaks tells every soldier what the others will do; size ours", "normal"),
        Parameter("plain", 0.03, 0.01, 0.08, "share of the ground", Basis.judgement, "lehmannZhukov2019",
                  "ground lost in ten days that tells everyone: at this pace all is lost within a year", "log"),
        Parameter("hopeless", 1.2, 0.4, 2.2, "grievance", Basis.judgement, "lyall2016",
                  "desertion rises with the length of wars; as a proxy for hopelessness, size ours", "normal"),
    ),
    functions=(belief_update, shared_belief, collapse_pressure, all_lost, defeat, rout, hopelessness),
    sources=("kuran1991", "lehmannZhukov2019", "shilsJanowitz1948"),
    rivals=(),
    terms=(
        term(
            hopelessness, "grievance", where="side.defeat",
            win_probability="side.win_belief", weight="hopeless",
        ),
        term(
            collapse_pressure, routes(shirking=0.5, refusal=0.4, desertion=1.0, defection=1.0),
            belief="company.expected", weight="weight", half="half",
        ),
    ),
    switchable=True,
)  # fmt: skip
