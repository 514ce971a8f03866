"""Losses follow the exchange of fire, ground follows the ratio of power.

Serves claim C9. Losses per head rise with the enemy's power over one's own to an exponent: 1 is Lanchester's (1916)
square law, 0.5 gives the trajectories of the linear law, 0 is the logarithmic law of Peterson (1967,
doi:10.1287/opre.15.3.557). Ground follows a contest success function of the ratio form (Tullock 1980; axioms in
Skaperdas 1996, doi:10.1007/BF01213906); the difference form of Hirshleifer (1989, doi:10.1007/BF00153394) stands
beside it as a rival.

An attacker weakens with the ground taken (loss-of-strength gradient of Boulding 1962), works are left behind
where the front moves, and the fortune of operations lasts for weeks: fronts therefore culminate, stand and turn.

Leaves out tactics, ground and weather within a day; the case gives each axis its mobility and intensity.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real


def loss_rate(intensity: Real, enemy: Real, own: Real, exchange: Real) -> Real:
    """Share of a force killed in a day of contact: intensity / 1000 · ratio^exchange, at most 0.2.

    The ratio of powers is kept between 1/5 and 5: beyond that soldiers are out of reach of each other.

    Args:
        intensity: killed per thousand soldiers and day of contact at equal power [per 1000 soldiers and day, >= 0].
        enemy: power of the enemy on the axis [soldiers, >= 0].
        own: own power on the axis [soldiers, >= 0].
        exchange: Lanchester exponent [exponent, 0 to 1; parameter `exchange`].

    Returns:
        Daily loss [share, 0 to 0.2].

    Source: Lanchester (1916); Peterson (1967), doi:10.1287/opre.15.3.557.
    """
    ratio = np.minimum(5.0, np.maximum(0.2, (enemy + 1.0e-9) / (own + 1.0e-9)))
    return np.minimum(0.2, intensity * 0.001 * ratio**exchange)


def ground_gain(attack: Real, defence: Real, mobility: Real, decisiveness: Real) -> Real:
    """Ground the attacker gains today: mobility · (a − d) / (a + d), with powers raised to `decisiveness`.

    Args:
        attack: power of the attacker on the axis [soldiers, >= 0].
        defence: power of the defender, terrain included [soldiers, >= 0].
        mobility: ground taken in a day without resistance [km2 per day, >= 0].
        decisiveness: mass effect of the contest [exponent, > 0; parameter `decisiveness`].

    Returns:
        Gain, negative when ground is lost [km2 per day, −mobility to mobility]; 0 at equal power.

    Source: Tullock (1980); Skaperdas (1996), doi:10.1007/BF01213906.
    """
    a = np.maximum(attack, 1.0e-9) ** decisiveness
    d = np.maximum(defence, 1.0e-9) ** decisiveness
    return mobility * (a - d) / (a + d)


def entrenchment(days: Real, most: Real, pace: Real) -> Real:
    """What works and known ground add to a holder's power: most · (1 − exp(−days / pace)).

    Args:
        days: days of fighting so far [days, >= 0].
        most: addition when fully dug in, for either side where it holds [share of its power, >= 0; parameter `dug_in`].
        pace: days until 63 per cent of it [days, > 0; parameter `digging`].

    Returns:
        Addition to the holder's power [share, 0 to most].

    Source: Biddle (2004), Military Power (Princeton): depth, cover and reserves stop attacks that numbers alone
    would carry. Form by judgement.
    """
    return most * (1.0 - np.exp(-days / pace))


def works_left(days: Real, moved: Real, line: Real) -> Real:
    """Days of digging that still count after the front has moved, plus today: days · max(0, 1 − moved / line) + 1.

    Args:
        days: days of digging that counted this morning [days, >= 0].
        moved: ground that changed hands today [share of all that is contested, >= 0].
        line: movement that leaves all works behind [share of all that is contested, > 0].

    Returns:
        Days of digging that count tonight [days, >= 1].

    Source: form by judgement; that depth and cover take time to prepare is in Biddle (2004), Military Power.
    """
    return days * np.maximum(0.0, 1.0 - moved / line) + 1.0


def reach(depth: Real, overreach: Real) -> Real:
    """What is left of an attacker's power at the end of an advance: exp(−overreach · depth).

    Args:
        depth: ground taken over ground aimed for [share, >= 0].
        overreach: log power lost on reaching the aim [log power, >= 0; parameter `overreach`].

    Returns:
        Factor on the power at the front [ratio, 0 to 1].

    Source: the loss-of-strength gradient of Boulding (1962), Conflict and Defense; exponential by choice.
    """
    return np.exp(-overreach * np.maximum(0.0, depth))


def fortune(yesterday: Real, luck: Real, spread: Real, tempo: Real) -> Real:
    """Fortune of operations, which lasts for weeks: a first-order autoregression with standard deviation `spread`.

    Args:
        yesterday: fortune so far [log ratio of power].
        luck: today's draw [standard normal].
        spread: its standard deviation in the long run [log ratio, >= 0; parameter `fortune`].
        tempo: days over which it fades by a factor e [days, >= 1; parameter `tempo`].

    Returns:
        Today's fortune, positive for the attacker [log ratio of power].

    Source: this project; surprise, weather, concentration and command make sectors move that the balance of the
    whole would leave in place (Biddle 2004, Military Power).
    """
    keep = 1.0 - 1.0 / np.maximum(tempo, 1.0)
    return keep * yesterday + spread * np.sqrt(1.0 - keep * keep) * luck


def ground_gain_hirshleifer1989(attack: Real, defence: Real, mobility: Real, decisiveness: Real) -> Real:
    """Rival: the difference form, where an edge of so many soldiers is worth the same in any battle.

    gain = mobility · tanh(decisiveness · (attack − defence) / 2000): a logistic in the difference in thousands.

    Args:
        attack: power of the attacker on the axis [soldiers, >= 0].
        defence: power of the defender [soldiers, >= 0].
        mobility: ground taken in a day without resistance [km2 per day, >= 0].
        decisiveness: log-odds per thousand soldiers of difference [per 1000 soldiers, > 0].

    Returns:
        Gain [km2 per day, −mobility to mobility].

    Source: Hirshleifer (1989), doi:10.1007/BF00153394.
    """
    return mobility * np.tanh(decisiveness * (attack - defence) / 2000.0)


MECHANISM = Mechanism(
    id="combat",
    claims=("C9",),
    kind="process",
    summary="Losses follow the exchange of fire, ground follows the ratio of power.",
    silent_on="tactics, ground and weather within a day",
    parameters=(
        Parameter("exchange", 0.7, 0.4, 1.0, "exponent", Basis.judgement, "lanchester1916",
                  "between the linear law, 0.5, and the square law, 1; fits of either to battles are poor", "normal"),
        Parameter("decisiveness", 1.5, 0.8, 2.5, "exponent", Basis.judgement, "hirshleifer1989",
                  "1 would make ground proportional to the difference in shares of power; a little more "
                  "decisive than that", "log"),
        Parameter("dug_in", 1.2, 0.6, 2.0, "share of power", Basis.judgement, "biddle2004",
                  "the rule of thumb that a dug-in holder stops an attacker of two to three times the power", "log"),
        Parameter("digging", 60, 30, 120, "days", Basis.judgement, "biddle2004",
                  "lines of trenches within months", "log"),
        Parameter("overreach", 0.6, 0.2, 1.2, "log power", Basis.judgement, "boulding1962",
                  "supply lines, garrisons and flanks cost an attacker who has reached the aim nearly half "
                  "of the power; no estimate on land", "log"),
        Parameter("fortune", 0.25, 0.1, 0.45, "log ratio", Basis.judgement, "biddle2004",
                  "surprise and concentration at one place are worth a factor of 1.3 more or less on the "
                  "whole front", "log"),
        Parameter("tempo", 30, 15, 60, "days", Basis.judgement, "biddle2004",
                  "an operation is prepared and spent within weeks to months", "log"),
        Parameter("intensity", 1.0, 0.6, 1.6, "ratio", Basis.judgement, "cdb90",
                  "spread of killing between like battles beyond the case's own intensity; in 169 battles "
                  "since 1900 at odds of 1.2 to 2.7 the middle half of attackers' daily loss rates spans a "
                  "factor of 5.5, so this is narrow", "log"),
    ),
    functions=(loss_rate, ground_gain, entrenchment, works_left, reach, fortune),
    sources=(
        "lanchester1916", "peterson1967", "tullock1980", "skaperdas1996", "hirshleifer1989", "biddle2004",
        "boulding1962",
    ),
    rivals=(ground_gain_hirshleifer1989,),
    switchable=False,
)  # fmt: skip
