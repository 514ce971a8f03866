"""Commanders pass an order on, halt, or side with their soldiers.

Claims C3 and C5 for those who lead. A commander who is disloyal, tied to the civilians in front, or at the head of
aggrieved soldiers may halt the formation: General Babichev stopped one of three columns before Grozny in 1994
and said that it was forbidden to shoot at the people (Lieven 1998). What officers do decides many uprisings (Albrecht
& Ohl 2016, doi:10.1017/S1537592715003217; Lee 2015). Governments know it and hold back the troops they doubt (P. L.
Johnson 2017), which hides the very effects one looks for and is therefore in the model. Commanders also watch each
other: those who halt first make it thinkable for the rest (Granovetter 1978, doi:10.1086/226707).

A commander may also go over with the formation, where there is somebody to go over to, and may flee: in Mosul and
Kabul the generals left first and their soldiers followed within hours. Both spread by example, as halts do.

Leaves out plots around the ruler (see plot) and quiet delay by staffs.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.normal import erfc
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real


def halt_hazard(loyalty: Real, tie: Real, grievance: Real, base: Real, disloyal: Real, tied: Real) -> Real:
    """Chance that a commander halts the formation today.

    hazard = base · exp(disloyal · (1 − 2 · loyalty) + tied · tie + 0.5 · grievance − 1)

    `base` is thus the hazard of an indifferent, untied commander of soldiers with grievance 2 (0.5, 1: judgements).

    Args:
        loyalty: the commander's loyalty to the ruler [share, 0 to 1].
        tie: closeness to the civilians faced, times exposure [share, 0 to 1].
        grievance: mean grievance of the soldiers led [grievance, >= 0].
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


def orders_per_day(against_civilians: Real, signal: Real, crowd: Real) -> Real:
    """Orders a day at which a commander decides anew: 1 + crowd · against_civilians · min(1, signal).

    In front of a crowd a commander is told to clear a square, to close a bridge, to fire: each order is a decision.

    Args:
        against_civilians: how far the task is against civilians [share, 0 to 1].
        signal: size of the protest as soldiers read it [share of a million-strong crowd, 0 upwards].
        crowd: orders added by a task wholly against a crowd of a million [per day, >= 0; parameter `orders`].

    Returns:
        Decisions [per day, >= 1].

    Source: judgement, after the accounts of Tahrir, Leipzig and Moscow in Nepstad (2013), doi:10.1177/0022343313476529.
    """
    return 1.0 + crowd * against_civilians * np.minimum(1.0, signal)


def daily_probability(hazard: Real) -> Real:
    """Chance that something of this daily hazard happens today: 1 − exp(−hazard).

    Args:
        hazard: [per day, >= 0].

    Returns:
        Probability [0 to 1].

    Source: the complement of surviving a day of a constant hazard.
    """
    return 1.0 - np.exp(-np.minimum(hazard, 50.0))


def hold_probability(log_ratio: Real, relief: Real, spread: Real) -> Real:
    """Chance that a place under attack can hold, as its commander sees it: Φ((log_ratio + log(relief)) / spread).

    Whoever attacks garrisons chooses where, and has there all power against what can come to its help.

    Args:
        log_ratio: log of the own effective power in contact over the attacker's [log ratio].
        relief: share of that power that can come to the help of one place [share, 0 to 1; from the case].
        spread: luck left between known powers [log ratio, > 0], the same as in `learning`.

    Returns:
        Probability [0 to 1]; a half between equals of which one can move freely.

    Source: as `learning.win_probability`, for one place in place of the war.
    """
    return 0.5 * erfc(-(log_ratio + np.log(np.maximum(relief, 0.01))) / (spread * np.sqrt(2.0)))


def flight_hazard(hold: Real, loyalty: Real, base: Real, disloyal: Real) -> Real:
    """Chance that a commander in contact leaves the soldiers.

    hazard = base · max(0, 1 − 2 · hold)² · exp(disloyal · (1 − 2 · loyalty))

    Args:
        hold: chance that the place can be held [probability, 0 to 1].
        loyalty: the commander's loyalty to the ruler [share, 0 to 1].
        base: hazard of an indifferent commander in a hopeless place [per day; parameter `flight`].
        disloyal: effect of full disloyalty against indifference [log hazard; parameter `disloyal`].

    Returns:
        Hazard [per commander and day, >= 0].

    Source: form by this project, after the generals who left Mosul on 9 June 2014 and the governors who left Afghan
    provinces in August 2021; for the spread Lehmann & Zhukov (2019), doi:10.1017/S0020818318000358.
    """
    doubt = np.maximum(0.0, 1.0 - 2.0 * hold)
    return base * doubt * doubt * np.exp(disloyal * (1.0 - 2.0 * loyalty))


def crossing_probability(halt: Real, offer: Real, opposed: Real, share: Real) -> Real:
    """Chance that a commander goes over with the formation today: share · halt · max(offer, opposed · (1 + offer) / 2).

    Where an enemy army stands opposite, commanders can go over unasked, half as readily as under the fullest offer (a
    judgement); to a crowd only as far as it welcomes them.

    Args:
        halt: the chance of halting today [probability].
        offer: what the other side, or the crowd, offers [share, 0 to 1].
        opposed: 1 where an enemy army stands opposite, 0 where only a crowd does [share].
        share: of those who would halt, how many go over under a full offer [share; parameter `cross`].

    Returns:
        Probability [per commander and day, 0 to 1]; 0 where nobody is there to go over to.

    Source: judgement; brigades of Benghazi in February 2011, of Crimea in March 2014.
    """
    return share * halt * np.maximum(offer, opposed * 0.5 * (1.0 + offer))


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
    summary="Commanders pass an order on, halt, or side with their soldiers.",
    silent_on="plots around the ruler (see plot)",
    parameters=(
        Parameter("halt", 0.0008, 0.0003, 0.002, "per commander and day", Basis.judgement, "lieven1998",
                  "one of three columns halted in the first week before Grozny, 1994, against next to none "
                  "in most wars: one case sets the order of size", "log"),
        Parameter("disloyal", 2.0, 1.0, 3.0, "log hazard", Basis.judgement, "albrechtOhl2016",
                  "loyalty of commanders decides in the cases compared; size ours", "normal"),
        Parameter("tied", 4.0, 2.0, 6.0, "log hazard", Basis.judgement, "albrechtOhl2016",
                  "officers who would have to fire on their own; size ours, made large enough that December"
                  " 1994 is not a miracle", "normal"),
        Parameter("example", 5.0, 2.0, 8.0, "log hazard", Basis.judgement, "granovetter1978",
                  "commanders in Cairo, Leipzig, Belgrade and Moscow stopped together; size ours", "normal"),
        Parameter("orders", 9, 3, 20, "orders per day", Basis.judgement, "nepstad2013",
                  "a commander before a crowd of a million is told several times a day to clear, close or "
                  "fire; no count exists", "log"),
        Parameter("flight", 0.04, 0.012, 0.12, "per commander and day", Basis.judgement, "lehmannZhukov2019",
                  "generals in Mosul left on the fifth day, Afghan governors within two weeks of a hopeless "
                  "front; order of size only", "log"),
        Parameter("cross", 0.03, 0.01, 0.1, "share", Basis.judgement, "albrechtOhl2016",
                  "most officers who stop do not change sides; a few do with their formations", "logit"),
        Parameter("follow", 0.8, 0.5, 0.95, "share", Basis.judgement, "albrechtOhl2016",
                  "most of the soldiers of a formation that changes sides go with it (Crimea: 73 per cent); "
                  "the others are sent home or captured", "logit"),
        Parameter("days", 5, 2, 12, "days", Basis.judgement, "lieven1998",
                  "the halt of December 1994 was over within weeks, others within days; one case", "log"),
        Parameter("held_back", 0.5, 0.2, 0.8, "share", Basis.judgement, "johnsonPL2017",
                  "conscript armies were deployed in 15 of 35 campaigns, volunteer armies in 10 of 18: a "
                  "lean, not significant", "logit"),
    ),
    functions=(
        halt_hazard, example_pressure, orders_per_day, daily_probability, hold_probability, flight_hazard,
        crossing_probability, doubted,
    ),
    sources=("albrechtOhl2016", "lee2015", "lieven1998", "johnsonPL2017", "granovetter1978", "nepstad2013"),
    rivals=(),
    switchable=True,
)  # fmt: skip
