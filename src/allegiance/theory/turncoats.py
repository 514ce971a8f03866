"""Some of those who go over fight on for the other side; where none stands there, they are a civil war.

Claims C8 and C9. A soldier who crosses is lost to one side and may be won by the other, so that defection counts twice
in the balance of power. Formations that cross under their commander fight on more often than single soldiers: the
brigades of Benghazi and the First Armoured Division of Yemen did in 2011, while of 194,000 who came over in Vietnam
some 2,500 at a time were scouts against their comrades (on whom Aguirre Quiroga 2021). Where an army faces a crowd,
those who crossed are the armed opposition. They find only so many of the loyal within reach; whether it becomes a civil
war is counted in deaths, by the threshold of Gleditsch et al. (2002), doi:10.1177/0022343302039005007.

It cuts both ways: those who fight die, and beside armed fighters a crowd is less peaceful, and so moves soldiers and
officers less (Chenoweth & Schock 2015, doi:10.17813/1086-671X-20-4-427).

Leaves out civilians who take up arms beside them, ground that they hold, and help from abroad.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real

BATTLE_DEATHS = 25.0
"""Deaths in battle within a year from which fighting is an armed conflict: UCDP's definition, not an estimate."""
YEAR = 365.0
"""Days over which these deaths are counted."""


def fight_on(formation: Real, single: Real, welcome: Real, formation_share: Real, single_share: Real) -> Real:
    """Of those who went over today, how many will fight: formation_share · formation + single_share · welcome · single.

    Args:
        formation: who went over with their formation [soldiers or their power, >= 0].
        single: who went over alone [soldiers or their power, >= 0].
        welcome: what the other side, or the crowd, offers [share, 0 to 1].
        formation_share: share of the first who fight on [share, 0 to 1; parameter `formation`].
        single_share: share of the second under a full welcome [share, 0 to 1; parameter `single`].

    Returns:
        Those who will fight [as given, >= 0].

    Source: form by judgement; single soldiers have to be taken in, a formation comes with its arms and its chain of
    command.
    """
    return formation_share * formation + single_share * welcome * single


def ready(waiting: Real, delay: Real) -> Real:
    """Of those who will fight, how many are ready today: waiting / delay.

    Args:
        waiting: who will fight and do not yet [soldiers or their power, >= 0].
        delay: mean days from going over until the first fight [days, > 0; parameter `delay`].

    Returns:
        Those who begin today [as given, 0 to waiting].

    Source: judgement.
    """
    return waiting / np.maximum(delay, 1.0)


def within_reach(own: Real, enemy: Real, reach: Real) -> Real:
    """Share of one's soldiers that the enemy can meet at all: min(1, reach · enemy / own).

    A hundred fighters in the hills are in nobody's way but their neighbours'.

    Args:
        own: own power [soldiers, >= 0].
        enemy: power of the enemy [soldiers, >= 0].
        reach: power that a power of one can meet [ratio, > 0; parameter `reach`].

    Returns:
        Share [share, 0 to 1]; 0 without an enemy.

    Source: form by this project; the bound of `combat.loss_rate` is the same idea.
    """
    return np.minimum(1.0, reach * enemy / np.maximum(own, 1.0e-9))


def within_a_year(before: Real, today: Real) -> Real:
    """Deaths in battle within about a year: before · (1 − 1 / 365) + today.

    Args:
        before: the same last night [deaths, >= 0].
        today: deaths of today, expected [deaths, >= 0].

    Returns:
        Deaths [>= 0]; a civil war from `BATTLE_DEATHS` on.

    Source: definition of Gleditsch et al. (2002), doi:10.1177/0022343302039005007, with a fading year for that of the
    calendar.
    """
    return before * (1.0 - 1.0 / YEAR) + today


def armed_crowd(stretch: Real, turncoats: Real, capacity: Real, armed: Real) -> Real:
    """The crowd against what a side is fit for, armed opponents counted: stretch + armed · turncoats / capacity.

    Args:
        stretch: protesters against those that police and troops are fit for [ratio, >= 0].
        turncoats: who went over and fight [soldiers, >= 0].
        capacity: protesters that the side is fit for [people, > 0; `protest.capacity` of the case].
        armed: protesters who bind as many soldiers as one armed opponent [people; parameter `armed`].

    Returns:
        Ratio [ratio, >= 0].

    Source: judgement.
    """
    return stretch + armed * turncoats / np.maximum(capacity, 1.0)


def peaceful(nonviolent: Real, deaths: Real, flank: Real) -> Real:
    """What armed fighters beside it leave of a crowd's peaceful share: nonviolent · (1 − flank · min(1, deaths / 25)).

    Args:
        nonviolent: peaceful share of the crowd by itself [share, 0 to 1].
        deaths: from `within_a_year` [deaths, >= 0].
        flank: share of it that a civil war takes away [share, 0 to 1; parameter `flank`].

    Returns:
        Peaceful share [share, 0 to nonviolent].

    Source: sign of Chenoweth & Schock (2015), doi:10.17813/1086-671X-20-4-427; form and size by judgement.
    """
    return nonviolent * (1.0 - flank * np.minimum(1.0, deaths / BATTLE_DEATHS))


MECHANISM = Mechanism(
    id="turncoats",
    claims=("C8", "C9"),
    kind="process",
    summary="Some of those who go over fight on for the other side; where none stands there, they are a civil war.",
    silent_on="civilians who take up arms beside them; ground that they hold; help from abroad",
    parameters=(
        Parameter("formation", 0.5, 0.2, 0.8, "share", Basis.judgement, "albrechtOhl2016",
                  "units that crossed in Yemen and Libya in 2011 fought on, though not with all their soldiers; where "
                  "the ruler fell at once they had nobody to fight; no count", "logit"),
        Parameter("single", 0.1, 0.015, 0.4, "share", Basis.judgement, "aguirreQuiroga2021",
                  "at most 2,500 scouts at a time among 194,000 who came over in Vietnam is 1.3 per cent; of those who "
                  "left in Syria by 2012 a quarter or more fought by rebels' claims", "logit"),
        Parameter("delay", 15, 5, 45, "days", Basis.judgement, "aguirreQuiroga2021",
                  "vetting and a course of some weeks for scouts in Vietnam, days in Libya", "log"),
        Parameter("fierceness", 0.3, 0.1, 1.0, "per 1000 soldiers and day", Basis.judgement, "gleditsch2002",
                  "killed between equals where an army faces those who left it; Libya 2011 in the library has 0.45, "
                  "Syria's first year 0.1. Not the case's own intensity, which tells what happened there", "log"),
        Parameter("reach", 5, 2, 10, "ratio", Basis.judgement, "lanchester1916",
                  "as the bound of the ratio of powers in combat", "log"),
        Parameter("armed", 10, 3, 30, "people", Basis.judgement, "navco21",
                  "one fighter with a rifle binds as many soldiers as ten without; the rule of ten soldiers to a "
                  "guerrilla is folklore", "log"),
        Parameter("flank", 0.4, 0.1, 0.8, "share", Basis.judgement, "chenowethSchock2015",
                  "armed struggle beside 106 campaigns goes with lower participation and has no positive effect; sign "
                  "only", "logit"),
    ),
    functions=(fight_on, ready, within_reach, within_a_year, armed_crowd, peaceful),
    sources=(
        "aguirreQuiroga2021", "albrechtOhl2016", "gleditsch2002", "chenowethSchock2015", "lanchester1916", "navco21",
    ),
    rivals=(),
    switchable=True,
)  # fmt: skip
