"""Hunger, cold, bad leadership and losses wear out obedience.

Claim C7. Grievance is a memory: each day's appraisal of want, of the commander and of losses moves it a little
(`appraise`), so that one cold night does nothing and a cold month a lot. Losses also act by fear, which moves soldiers
to flight and not to voice. In one Syrian province-month study 66 per cent of desertions fell in months of
above-average regime losses and 29 per cent in the others, while rank and income made no difference (Albrecht & Koehler
2018, doi:10.1080/09636412.2017.1386931): hence losses weigh more than their share of hardship. Primary-group
cohesion, which breaks with losses, is from Shils & Janowitz (1948, doi:10.1086/265951).

Leaves out comparison with others (see relative_deprivation), and what a cause is worth to a soldier.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real, term
from allegiance.theory.forms import routes


def absolute_deprivation(supply: Real, weight: Real) -> Real:
    """Grievance of want: weight · (1 − supply), supply clipped to 0..1.

    Args:
        supply: food, warmth, equipment and pay received against need [share, 0 to 1].
        weight: grievance of getting nothing [grievance; parameter `supply`].

    Returns:
        Appraisal [grievance, 0 to weight]; 0 when fully supplied.

    Source: Gurr (1970) for deprivation; linear by choice.
    """
    return weight * (1.0 - np.minimum(np.maximum(supply, 0.0), 1.0))


def leadership_grievance(competence: Real, weight: Real) -> Real:
    """Grievance of being badly led: weight · (1 − competence).

    Args:
        competence: competence of the soldier's commander [share, 0 to 1].
        weight: grievance under the worst commander [grievance; parameter `leadership`].

    Returns:
        Appraisal [grievance, 0 to weight].

    Source: judgement; motive in the survey of prisoners of war of April 2023.
    """
    return weight * (1.0 - competence)


def unit_shock(losses: Real, weight: Real, half: Real) -> Real:
    """Effect of recent losses on those who remain, steep at first: weight · losses / (losses + half).

    Args:
        losses: killed and wounded of the company in the last 30 days over its strength [share, >= 0].
        weight: effect at overwhelming losses [grievance or log-odds; parameters `losses` and `fear`].
        half: losses with half of that effect [share of company in 30 days, > 0; parameter `losses_half`].

    Returns:
        Effect, in the unit of weight [grievance or log-odds, 0 to weight].

    Source: Shils & Janowitz (1948), doi:10.1086/265951, for the break of primary groups; the form is a judgement.
    """
    return weight * losses / (losses + half)


def weariness(days: Real, weight: Real, half: Real) -> Real:
    """Grievance of service without relief: weight · days / (days + half).

    Args:
        days: days in contact of the soldiers who are there now, those of rest taken off [days, >= 0].
        weight: grievance of endless service [grievance; parameter `weariness`].
        half: days in contact with half of that grievance [days, > 0; parameter `weary_days`].

    Returns:
        Appraisal [grievance, 0 to weight].

    Source: Swank & Marchand (1946), who saw infantrymen lose their efficiency after weeks of combat without relief;
    the form is a judgement.
    """
    return weight * days / (days + half)


def appraise(grievance: Real, appraisal: Real, memory: Real) -> Real:
    """Grievance after today's appraisal: an exponentially weighted memory.

    grievance + (appraisal − grievance) / memory

    Args:
        grievance: yesterday's grievance [grievance, >= 0].
        appraisal: sum of today's appraisals [grievance, >= 0].
        memory: days over which an old appraisal fades by a factor e [days, >= 1; parameter `memory`].

    Returns:
        Grievance tonight [grievance], between the two arguments.

    Source: this project; the slopes of `choice` define the unit of grievance (one log-odds of shirking).
    """
    return grievance + (appraisal - grievance) / memory


MECHANISM = Mechanism(
    id="deprivation",
    claims=("C7",),
    kind="pressure",
    summary="Hunger, cold, bad leadership and losses wear out obedience.",
    silent_on="comparison with others (see relative_deprivation)",
    parameters=(
        Parameter("supply", 1.1, 0.6, 1.7, "grievance", Basis.judgement, "albrechtKoehler2018",
                  "full want against none; no study measures the extreme; below heavy losses and fear", "normal"),
        Parameter("leadership", 0.6, 0.2, 1.1, "grievance", Basis.judgement, "hurSurvey2023",
                  "60 per cent of 400 captured Russian soldiers gave their commanders the lowest mark: "
                  "common, but a sample held by its captor", "normal"),
        Parameter("losses", 1.2, 0.6, 2.0, "grievance", Basis.judgement, "albrechtKoehler2018",
                  "66 against 29 per cent of desertions fell in months of high and low losses, a ratio of "
                  "about 2 within the sample; size ours", "normal"),
        Parameter("losses_half", 0.15, 0.08, 0.3, "share of company in 30 days", Basis.judgement, "cdb90",
                  "median losses at defeat were 7 (attacker) to 17 per cent (defender) of a force in "
                  "battles of 1600-1973", "log"),
        Parameter("weariness", 0.5, 0.15, 1.0, "grievance", Basis.judgement, "swankMarchand1946",
                  "endless service weighs less than hunger or heavy losses; size ours", "log"),
        Parameter("weary_days", 120, 60, 240, "days", Basis.judgement, "swankMarchand1946",
                  "most soldiers who stayed in combat without relief were exhausted after some weeks to months; "
                  "rotation makes a day in contact lighter here", "log"),
        Parameter("memory", 21, 10, 45, "days", Basis.judgement, "gurr1970",
                  "how long an appraisal lasts: weeks, not days or years; no estimate", "log"),
        Parameter("before", 0.5, 0.2, 0.8, "share", Basis.judgement, "gurr1970",
                  "chronic want, bad leadership and favour were felt before the first day of a case; share ours",
                  "logit"),
        Parameter("fear", 1.9, 1.1, 2.8, "log-odds", Basis.judgement, "albrechtKoehler2018",
                  "losses drove flight more than pay or rank did; size ours", "normal"),
    ),
    functions=(absolute_deprivation, leadership_grievance, unit_shock, weariness, appraise),
    sources=("gurr1970", "albrechtKoehler2018", "shilsJanowitz1948", "swankMarchand1946"),
    rivals=(),
    terms=(
        term(absolute_deprivation, "grievance", supply="company.supply", weight="supply"),
        term(leadership_grievance, "grievance", competence="brigade.skill", weight="leadership"),
        term(unit_shock, "grievance", losses="company.losses", weight="losses", half="losses_half"),
        term(weariness, "grievance", days="company.worn", weight="weariness", half="weary_days"),
        term(
            unit_shock, routes(shirking=0.5, refusal=0.8, desertion=1.0, defection=0.3, mutiny=0.2),
            losses="company.losses", weight="fear", half="losses_half",
        ),
    ),
    switchable=True,
)  # fmt: skip
