"""A ruler whose success lags behind hopes turns to destruction, the more so when the infantry is unreliable.

Claim C11. The gap between hoped and actual progress drives the level of destruction; soldiers who will not advance make
stand-off fire relatively cheaper. Wars of attrition and of annexation see civilians targeted, about one interstate
war in three (Downes 2006, doi:10.1162/isec.2006.30.4.152; 2008); a leader who is losing may gamble (Downs & Rocke
1994, doi:10.2307/2111408). Escalation changes *method* more than the number of dead: in Ukraine the deadliest month
for civilians, March 2022 with 4,154 killed, came before the strikes on cities of October 2022 with 309 (Office of the
High Commissioner for Human Rights, count of July 2023), so a level adds little beside close fighting in towns.

Leaves out nuclear use, outside intervention and what bombing does to the bombed.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real


def aspiration_gap(progress: Real, expected: Real) -> Real:
    """How far success lags behind hopes: expected − progress, kept between −1 and 1.

    Args:
        progress: share of the war aim achieved [share, 0 to 1].
        expected: share that the ruler had expected by now [share, 0 to 1].

    Returns:
        Gap [share, −1 to 1]; positive when disappointed.

    Source: Downes (2006), doi:10.1162/isec.2006.30.4.152, for desperation.
    """
    return np.minimum(1.0, np.maximum(-1.0, expected - progress))


def parity(log_ratio: Real) -> Real:
    """How near the two sides are to parity: exp(−log_ratio² / 0.5).

    Args:
        log_ratio: log of one side's effective power over the other's [log ratio].

    Returns:
        Nearness [share, 0 to 1]; 1 between equals, 0.14 at a ratio of e (the width 0.5 is a judgement).

    Source: form by this project.
    """
    return np.exp(-log_ratio * log_ratio / 0.5)


def step_up_hazard(
    gap: Real, unreliability: Real, near_parity: Real, rate: Real, gap_weight: Real, unreliable_weight: Real,
    show_weight: Real,
) -> Real:  # fmt: skip
    """Chance of climbing a level today.

    hazard = rate · max(0, gap) · exp(gap_weight · gap + unreliable_weight · unreliability + show_weight · near_parity)

    Near parity neither side knows who will win, and destruction shows capability and resolve.

    Args:
        gap: from `aspiration_gap` [share, −1 to 1].
        unreliability: share of the force that shirks, refuses or is in mutiny [share, 0 to 1].
        near_parity: from `parity` [share, 0 to 1].
        rate: scale of the hazard [per day; parameter `rate`].
        gap_weight: how desperation steepens it [log hazard; parameter `gap`].
        unreliable_weight: effect of infantry that will not go [log hazard; parameter `unreliable`].
        show_weight: effect of parity [log hazard; parameter `show`].

    Returns:
        Hazard [per day, >= 0]; 0 unless disappointed.

    Source: Downes (2006), doi:10.1162/isec.2006.30.4.152; the substitution by stand-off fire is this project's.
    """
    drive = gap_weight * gap + unreliable_weight * unreliability + show_weight * near_parity
    return rate * np.maximum(0.0, gap) * np.exp(drive)


def step_down_hazard(gap: Real, rate: Real) -> Real:
    """Chance of stepping down a level today: rate · max(0, −gap).

    Args:
        gap: from `aspiration_gap` [share, −1 to 1].
        rate: scale of the hazard [per day; parameter `deescalate`].

    Returns:
        Hazard [per day, 0 to rate]; 0 unless hopes are met.

    Source: judgement; studies describe climbing, hardly descending.
    """
    return rate * np.maximum(0.0, -gap)


def civilian_rate(baseline: Real, close_fighting: Real, urban: Real, rung: Real, standoff: Real) -> Real:
    """Civilians killed a day among a thousand in an area: baseline · (close_fighting · urban + standoff · rung).

    Args:
        baseline: deaths at full close fighting in a wholly urban area [people per 1000 and day, >= 0].
        close_fighting: intensity of ground combat there [share, 0 to 1].
        urban: share of it that is in towns [share, 0 to 1].
        rung: level of destruction [levels, >= 0].
        standoff: deaths of one level against full close fighting [ratio per level; parameter `standoff`].

    Returns:
        Civilian deaths [people per 1000 and day, >= 0].

    Source: ratio from Office of the High Commissioner for Human Rights (2023), one war.
    """
    return baseline * (close_fighting * urban + standoff * rung)


def still_there(days: Real, most: Real, pace: Real) -> Real:
    """Share of the civilians of a war zone who have not fled: 1 − most · (1 − exp(−days / pace)).

    Args:
        days: days of full close fighting so far [days, >= 0].
        most: share who flee in the end [share, 0 to 1; parameter `flight`].
        pace: days until 63 per cent of those have gone [days, > 0; parameter `flight_days`].

    Returns:
        Exposed share [share, 0 to 1].

    Source: fall of verified deaths in Ukraine from March to summer 2022 while the fighting went on, Office of the
    High Commissioner for Human Rights (2023); form by judgement.
    """
    return 1.0 - most * (1.0 - np.exp(-days / pace))


MECHANISM = Mechanism(
    id="escalation",
    claims=("C11", "C16"),
    kind="process",
    summary=(
        "A ruler whose success lags behind hopes turns to destruction, the more so when the infantry"
        " is unreliable."
    ),
    silent_on="nuclear use and outside intervention",
    parameters=(
        Parameter("rate", 0.012, 0.005, 0.03, "per day", Basis.judgement, "downes2006",
                  "about one interstate war in three sees civilians targeted; first steps then take months "
                  "at moderate gaps", "log"),
        Parameter("gap", 1.6, 0.6, 2.8, "log hazard", Basis.judgement, "downes2006",
                  "desperation raises the risk; coefficients not read", "normal"),
        Parameter("unreliable", 1.5, 0.4, 2.8, "log hazard", Basis.judgement, "downes2006",
                  "stand-off fire replaces infantry that will not go; this project's reading of the "
                  "argument, not estimated", "normal"),
        Parameter("show", 0.5, 0.0, 1.2, "log hazard", Basis.judgement, "johnson2022",
                  "both sides must escalate to show capability and resolve; the argument gives the sign, not the "
                  "size", "normal"),
        Parameter("deescalate", 0.006, 0.002, 0.02, "per day", Basis.judgement, "downes2006",
                  "slower down than up; no study read", "log"),
        Parameter("standoff", 0.12, 0.05, 0.3, "ratio per level", Basis.judgement, "ohchr2023",
                  "4,154 civilians killed in March 2022 (count of July 2023) with close fighting for cities, about "
                  "190 to 310 a month in late 2022 with strikes on them: methods change more than deaths", "log"),
        Parameter("flight", 0.65, 0.35, 0.85, "share", Basis.judgement, "ohchr2023",
                  "those who stay in towns under fire are a minority within months; from one war", "logit"),
        Parameter("flight_days", 40, 20, 80, "days", Basis.judgement, "ohchr2023",
                  "most who flee do so in the first weeks of fighting near them", "log"),
    ),
    functions=(aspiration_gap, parity, step_up_hazard, step_down_hazard, civilian_rate, still_there),
    sources=("downes2006", "downes2008", "downsRocke1994", "ohchr2023"),
    rivals=(),
    switchable=True,
)  # fmt: skip
