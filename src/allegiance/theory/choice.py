"""Each day a soldier obeys, shirks, refuses, deserts, goes over, or is ready to mutiny: random utility.

Claims C1, C3, C7 and C12 act through it, as does every pressure. A soldier's daily choice is a multinomial logit
(McFadden 1974; Train 2009, doi:10.1017/CBO9780511805271): the log-odds of each form against obeying are linear in a
base rate, a grievance and the pressures of the mechanisms, each of which says on which forms it acts. Each
coefficient is therefore a log-odds ratio, to be held against published odds ratios. The forms are Hirschman's (1970)
exit (desertion, defection) and voice (refusal, mutiny) with Scott's (1985) hidden third. Readiness to mutiny is an
opinion: `cascade` makes it an act.

Leaves out what soldiers say. Because the logit is per day, `base` parameters run from about −7 to −14: one in
a thousand to one in a million a day.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real, term
from allegiance.theory.forms import routes

DISPOSITION = routes(shirking=0.3, refusal=1.0, desertion=1.0, defection=1.0, mutiny=0.8)
"""How far what a soldier brings along (see conscription) acts on each form (judgement)."""
NO_ORDER = 0.25
"""Out of contact fewer orders are given that could be refused: share of those in contact (judgement)."""
NO_CONTACT = 0.1
"""Out of contact few can reach the other side: share of those in contact (judgement)."""
NO_SIDE = 0.02
"""In peace there is no other side; exile and a band in the hills are left: share of those in a war (judgement)."""


def log_odds(base: Real, slope: Real, grievance: Real, pressure: Real) -> Real:
    """Log-odds of one form of disloyalty against obeying today: base + slope · grievance + pressure.

    Args:
        base: log-odds of a soldier with nothing to complain of [log-odds per day; parameters `base_...`].
        slope: effect of grievance [log-odds per unit grievance; parameters `grievance_...`].
        grievance: the soldier's grievance [grievance, >= 0].
        pressure: sum of routed pressures [log-odds].

    Returns:
        Log-odds [log-odds per day].

    Source: McFadden (1974).
    """
    return base + slope * grievance + pressure


def opportunity(contact: Real, share: Real) -> Real:
    """What the place of a company adds to the log-odds of a form: log(contact + (1 − contact) · share).

    Args:
        contact: 1 in contact, 0 in the rear [share, 0 to 1].
        share: chances of a soldier in the rear against those of a soldier in contact [share, 0 to 1, not 0].

    Returns:
        Pressure [log-odds, <= 0]; 0 in contact.

    Source: judgement: a refusal needs an order, and going over needs somebody to go over to.
    """
    return np.log(contact + (1.0 - contact) * share)


def refuge(way_out: Real) -> Real:
    """What the lack of a place to go takes from the log-odds of leaving: log(0.02 + 0.98 · way_out).

    Args:
        way_out: how far a soldier who leaves has somewhere to go [share, 0 to 1; from the case].

    Returns:
        Pressure [log-odds, −4 to 0].

    Source: McLauchlin (2014), doi:10.1177/0022002714547901, for the sign: terrain and control of home decide whether
    soldiers can get away; the form and the floor of one in fifty are judgements.
    """
    return np.log(0.02 + 0.98 * way_out)


def daring_pressure(daring: Real, weight: Real) -> Real:
    """What boldness adds: weight · daring.

    Args:
        daring: the soldier's boldness against that of comrades [standard normal].
        weight: spread of daring between soldiers [log-odds, >= 0; parameter `risk`].

    Returns:
        Pressure [log-odds]; 0 for the average soldier.

    Source: judgement; the spread of odds ratios between soldiers of one front in McLauchlin (2015).
    """
    return weight * daring


def loyalty_pressure(loyalty: Real, weight: Real) -> Real:
    """What disposition towards the regime adds: weight · (0.5 − loyalty).

    Args:
        loyalty: regime loyalty of the soldier [share, 0 to 1; 0.5 is indifferent].
        weight: a wholly disloyal against a wholly loyal one [log-odds; parameter `loyalty`].

    Returns:
        Pressure [log-odds, −weight / 2 to weight / 2]; 0 for an indifferent soldier.

    Source: Hirschman (1970) for loyalty as what holds back exit; size by judgement.
    """
    return weight * (0.5 - loyalty)


MECHANISM = Mechanism(
    id="choice",
    claims=("C1", "C3", "C7", "C12"),
    kind="process",
    summary="Each day a soldier obeys, shirks, refuses, deserts, goes over, or is ready to mutiny: random utility.",
    silent_on="what soldiers say",
    parameters=(
        Parameter("rate_shirking", 0.15, 0.05, 0.4, "share a year", Basis.judgement, "scott1985",
                  "soldiers of a contented army who slack at least once a year, some three weeks at a time; hidden by "
                  "nature, so unmeasured", "logit"),
        Parameter("rate_refusal", 0.001, 0.0003, 0.004, "share a year", Basis.judgement, "mclauchlin2015",
                  "soldiers of a contented army in barracks who refuse an order in a year", "logit"),
        Parameter("rate_desertion", 0.0035, 0.0015, 0.008, "share a year", Basis.judgement, "heinl1971",
                  "well below the 1.5 per cent of the United States Army of 1966, half of it drafted: soldiers in "
                  "barracks who are fed and paid; size ours", "logit"),
        Parameter("rate_defection", 0.00003, 0.000006, 0.00015, "share a year", Basis.judgement, "mclauchlin2015",
                  "far rarer than desertion, which is all that is known", "logit"),
        Parameter("rate_mutiny", 0.01, 0.003, 0.03, "per company and year", Basis.judgement, "rose1982",
                  "companies of a hungry army in the field: one in a hundred a year, so that a division sees a "
                  "mutiny or two; order of size only", "log"),
        Parameter("base_shirk", -8.3, -12.0, -5.0, "log-odds per day", Basis.judgement, "scott1985",
                  "solved from rate_shirking", "normal", "real", solved=True),
        Parameter("base_refuse", -11.3, -15.0, -7.0, "log-odds per day", Basis.judgement, "mclauchlin2015",
                  "solved from rate_refusal", "normal", "real", solved=True),
        Parameter("base_desert", -11.2, -14.0, -7.0, "log-odds per day", Basis.judgement, "heinl1971",
                  "solved from rate_desertion", "normal", "real", solved=True),
        Parameter("base_defect", -13.8, -18.0, -10.0, "log-odds per day", Basis.judgement, "mclauchlin2015",
                  "solved from rate_defection", "normal", "real", solved=True),
        Parameter("base_mutiny", -8.9, -16.0, 0.0, "log-odds per day", Basis.judgement, "rose1982",
                  "solved from rate_mutiny; readiness of the contented, not mutiny", "normal", "real", solved=True),
        Parameter("grievance_shirk", 1.0, 0.7, 1.3, "log-odds per unit", Basis.judgement, "gurr1970",
                  "slope on grievance; fixes the unit of grievance: one unit is one log-odds of shirking", "normal"),
        Parameter("grievance_refuse", 0.9, 0.6, 1.2, "log-odds per unit", Basis.judgement, "gurr1970",
                  "slope on grievance, a little below shirking because refusal is seen", "normal"),
        Parameter("grievance_desert", 0.5, 0.3, 0.8, "log-odds per unit", Basis.judgement, "gurr1970",
                  "slope on grievance; exit answers to fear more than to anger, so less steep than voice", "normal"),
        Parameter("grievance_defect", 0.5, 0.3, 0.8, "log-odds per unit", Basis.judgement, "gurr1970",
                  "slope on grievance, as for desertion", "normal"),
        Parameter("grievance_mutiny", 1.2, 0.9, 1.5, "log-odds per unit", Basis.judgement, "gurr1970",
                  "slope on grievance, the steepest: collective voice is the form that grievance theory is "
                  "about", "normal"),
        Parameter("loyalty", 2.0, 1.0, 3.0, "log-odds", Basis.judgement, "hirschman1970",
                  "a soldier fully loyal to the regime against one not at all: odds ratio 7, from theory "
                  "alone", "normal"),
        Parameter("risk", 0.6, 0.2, 1.0, "log-odds", Basis.judgement, "mclauchlin2015",
                  "spread of daring between soldiers: about the spread of individual odds ratios in one "
                  "front's desertion data", "normal"),
        Parameter("recover", 0.05, 0.025, 0.1, "per day", Basis.judgement, "scott1985",
                  "hidden shirking and refusal end after some three weeks; no data", "log"),
        Parameter("awol_return", 0.35, 0.15, 0.6, "share", Basis.judgement, "zonaMedia2023",
                  "suspended sentences, more than half of verdicts, return absentees to the front; the "
                  "share of all absentees who return is not known", "logit"),
        Parameter("return_days", 90, 45, 180, "days", Basis.judgement, "zonaMedia2023",
                  "until a deserter is brought back: court cases lag the offence by some months", "log"),
    ),
    functions=(log_odds, opportunity, refuge, daring_pressure, loyalty_pressure),
    sources=("mcfadden1974", "train2009", "hirschman1970", "scott1985"),
    rivals=(),
    terms=(
        term(opportunity, routes(refusal=1.0), contact="company.contact", share=NO_ORDER),
        term(opportunity, routes(defection=1.0), contact="company.contact", share=NO_CONTACT),
        term(opportunity, routes(defection=1.0), contact="contest.faced", share=NO_SIDE),
        term(refuge, routes(desertion=1.0, defection=0.5), way_out="force.way_out"),
        term(loyalty_pressure, "disposition", loyalty="recruit.loyalty", weight="loyalty"),
        term(daring_pressure, "disposition", daring="recruit.daring", weight="risk"),
    ),
    switchable=False,
)  # fmt: skip
