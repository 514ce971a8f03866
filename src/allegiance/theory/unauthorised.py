"""Mutineers may march, seize a place or kill civilians; a seized place is answered by concession.

Claim C15. A mutiny is disregard of orders or unauthorised action, together. Mutineers in West and Central Africa act
to be heard (Dwyer 2015, of 66 mutinies from 1960 to 2012). Wagner took Rostov and marched on Moscow in June 2023 and
was offered terms within a day; soldiers who seized Bouaké in January 2017 had their bonus agreed a day later; at
Bobo-Dioulasso in June 2011 loyal troops stormed the camp. Over a third of 460 mutinies were violent and 6 per cent
killed civilians (Johnson 2021, doi:10.1177/00223433211020092, abstract). Coups follow mutinies (Schiel, Powell &
Faulkner 2021): in the country-months of CoupCats, 22 of 327 months in which mutiny began before 2019 had a coup attempt
too (7 per cent), against 0.4 per cent of all. How many mutinies march or seize is in no table that was read: these
rates are judgements.

A march costs as well as it gains: those who are stopped have shown themselves and are punished the harder.

Leaves out how far a march is from the capital, fights between mutineers and those who stop them, and looting.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real


def march_hazard(
    grievance: Real, together: Real, pressed: Real, rate: Real, anger: Real, numbers: Real, force: Real
) -> Real:  # fmt: skip
    """How soon a company in mutiny leaves its place.

    hazard = rate · exp(anger · (grievance − 2) + numbers · √together − force · pressed)

    Args:
        grievance: mean grievance of the company: the more there is, the more to demand [grievance, >= 0].
        together: share of the force's companies in mutiny today, its own included [share, 0 to 1].
        pressed: blocking units and loyal parallel forces, half each [share, 0 to 1].
        rate: hazard at a grievance of 2, alone and with nobody in the way [per company and day; parameter `march`].
        anger: effect of a unit of grievance [log hazard; parameter `anger`].
        numbers: effect of a whole force in mutiny: safety in numbers [log hazard; parameter `numbers`].
        force: effect of full blocking units and guards [log hazard; parameter `force`].

    Returns:
        Hazard [per company in mutiny and day, >= 0].

    Source: judgement; the root, by which the first few who act together count most, as in `cascade.neighbour_pressure`.
    """
    return rate * np.exp(anger * (grievance - 2.0) + numbers * np.sqrt(together) - force * pressed)


def stoppers(obeying: Real, guards: Real, near: Real, guarded: Real) -> Real:
    """Loyal soldiers who can be put in the way of a march within a day: near · obeying · (1 + guarded · guards).

    Args:
        obeying: soldiers of the side who obey [soldiers, >= 0].
        guards: strength of its parallel forces [share, 0 to 1].
        near: share of those who obey that is near enough and would do it [share, 0 to 1; parameter `near`].
        guarded: what full guards, kept for this, add to it [ratio, >= 0; parameter `guarded`].

    Returns:
        Soldiers [>= 0].

    Source: judgement.
    """
    return near * obeying * (1.0 + guarded * guards)


def upper_hand(marchers: Real, against: Real) -> Real:
    """How far marchers outweigh those who would stop them: marchers / (marchers + against); 0 without marchers.

    Args:
        marchers: soldiers of the side on the march [soldiers, >= 0].
        against: from `stoppers` [soldiers, >= 0].

    Returns:
        Share [share, 0 to 1]; a half between equals.

    Source: judgement, the plainest form by which numbers decide.
    """
    return marchers / np.maximum(marchers + against, 1.0)


def shaken(hand: Real, yesterday: Real, weight: Real, memory: Real) -> Real:
    """What marchers add to the log-odds of a coup attempt: max(weight · hand, yesterday · (1 − 1 / memory)).

    Those around the ruler see that a column meets nobody; how many marches make for the capital is in the weight.

    Args:
        hand: from `upper_hand` [share, 0 to 1].
        yesterday: what it was [log-odds, >= 0].
        weight: effect of marchers whom nobody stops [log-odds; parameter `coup`].
        memory: days over which it fades [days, >= 1; parameter `memory`].

    Returns:
        Pressure [log-odds, >= 0]; no more than `weight`, if it was not before.

    Source: form by judgement; that coups follow mutinies is in Schiel, Powell & Faulkner (2021).
    """
    return np.maximum(weight * hand, yesterday * (1.0 - 1.0 / np.maximum(memory, 1.0)))


def imprisoned(prison: Real, marched: Real, holding: Real, yields: Real, stern: Real) -> Real:
    """Share of mutineers sent to prison: prison · (1 − yields · holding) · (1 + stern · stopped).

    `stopped` is max(0, marched − holding); the share is at most 1.

    Args:
        prison: share where mutineers stayed in their place [share, 0 to 1].
        marched: 1 if the company has marched [share, 0 to 1].
        holding: 1 if it holds a place that it seized, which only those hold who marched [share, 0 to 1].
        yields: how far a seized place turns force into concession [share, 0 to 1; parameter `yields`].
        stern: what is added for those who marched and were stopped [ratio, >= 0; parameter `stern`].

    Returns:
        Share [share, 0 to 1].

    Source: judgement, after Dwyer (2017).
    """
    return np.minimum(1.0, prison * (1.0 - yields * holding) * (1.0 + stern * np.maximum(0.0, marched - holding)))


def conceded(concession: Real, holding: Real, yields: Real) -> Real:
    """Share of grievance that is conceded: concession + (1 − concession) · yields · holding.

    Args:
        concession: share conceded to mutineers who stayed in their place [share, 0 to 1].
        holding: 1 if the company holds a place that it seized [share, 0 to 1].
        yields: share of the rest that is conceded for it [share, 0 to 1; parameter `yields`].

    Returns:
        Share [share, concession to 1].

    Source: judgement, after Dwyer (2017), in whose account mutineers mostly win something; no count was read.
    """
    return concession + (1.0 - concession) * yields * holding


def among_civilians(urban: Real, marching: Real) -> Real:
    """How far mutineers are among civilians: urban + (1 − urban) · marching.

    Args:
        urban: share of the area that is built up [share, 0 to 1; from the case].
        marching: share of the mutineers who have left their place [share, 0 to 1].

    Returns:
        Share [share, urban to 1].

    Source: judgement: roads lead through towns.
    """
    return urban + (1.0 - urban) * marching


def killing_hazard(violent: Real, grievance: Real, among: Real, rate: Real, anger: Real) -> Real:
    """How soon a company in mutiny kills civilians: rate · violent · among · exp(anger · (grievance − 2)).

    Args:
        violent: 1 if its mutiny is violent [share, 0 to 1].
        grievance: mean grievance of the company [grievance, >= 0].
        among: from `among_civilians` [share, 0 to 1].
        rate: hazard of a violent mutiny among civilians, at a grievance of 2 [per company and day; parameter `kill`].
        anger: effect of a unit of grievance [log hazard; parameter `anger`].

    Returns:
        Hazard [per company in mutiny and day, >= 0]; 0 where the mutiny is not violent.

    Source: form by judgement; level so that some 6 per cent of episodes kill, Johnson (2021),
    doi:10.1177/00223433211020092.
    """
    return rate * violent * among * np.exp(anger * (grievance - 2.0))


def civilians_killed(luck: Real, median: Real, spread: Real) -> Real:
    """Civilians killed where mutineers kill: max(1, round(median · exp(spread · luck))).

    Args:
        luck: of the day [standard normal].
        median: in the middling incident [people; parameter `median`].
        spread: between incidents [log; parameter `spread`].

    Returns:
        People [whole number, >= 1].

    Source: judgement: one child at Bobo-Dioulasso in June 2011, six to nine people at Mbandaka in July 2005, by the
    press; over 200 dead in the unrest of Zaire in autumn 1991, rioters among them.
    """
    return np.maximum(1.0, np.round(median * np.exp(spread * luck)))


MECHANISM = Mechanism(
    id="unauthorised",
    claims=("C15",),
    kind="process",
    summary="Mutineers may march, seize a place or kill civilians; a seized place is answered by concession.",
    silent_on="how far a march is from the capital, and fights between mutineers and those who stop them",
    parameters=(
        Parameter("march", 0.04, 0.015, 0.1, "per company in mutiny and day", Basis.judgement, "dwyer2015",
                  "some mutinies march and most do not: one in seven of a single company in four days; no count was "
                  "read", "log"),
        Parameter("anger", 0.5, 0.1, 1.0, "log hazard", Basis.judgement, "johnson2021",
                  "the more there is to demand; as for violence, no estimate read", "normal"),
        Parameter("numbers", 1.5, 0.5, 3.0, "log hazard", Basis.judgement, "granovetter1978",
                  "a force that is wholly in mutiny; safety in numbers, size as of a mutiny seen in the brigade",
                  "normal"),
        Parameter("force", 1.0, 0.4, 2.0, "log hazard", Basis.judgement, "johnson2021",
                  "blocking units and guards hold mutineers in their place as they shorten mutinies; sign only",
                  "normal"),
        Parameter("seize", 0.5, 0.2, 1.0, "per company on the march and day", Basis.judgement, "dwyer2015",
                  "marchers whom nobody stops hold a camp, a station or a town within two days; Rostov and Bouaké "
                  "took hours", "log"),
        Parameter("near", 0.002, 0.0005, 0.01, "share", Basis.judgement, "singh2014",
                  "of an army's loyal soldiers, those near enough within a day who would face comrades: Wagner met "
                  "next to none", "logit"),
        Parameter("guarded", 3.0, 1.0, 8.0, "ratio", Basis.judgement, "debruin2018",
                  "forces kept against the army stand where it would march; size ours", "log"),
        Parameter("news", 3.0, 1.0, 10.0, "mutinies", Basis.judgement, "dwyer2015",
                  "mutinies that are as well known as one march, or one seized place: both are done to be seen; size "
                  "ours", "log"),
        Parameter("coup", 1.0, 0.3, 2.0, "log-odds", Basis.judgement, "schiel2021",
                  "marchers whom nobody stops; attempts are 18 times as frequent in the month of a mutiny, most of "
                  "which is common causes and mutinies that were part of a coup; size ours", "normal"),
        Parameter("memory", 30, 10, 90, "days", Basis.judgement, "schiel2021",
                  "coup attempts are seven times as frequent in the month after a mutiny as in all months, and back to "
                  "ordinary in the third", "log"),
        Parameter("yields", 0.4, 0.15, 0.7, "share", Basis.judgement, "dwyer2017",
                  "a ruler who would have to take the place back pays first; size ours", "logit"),
        Parameter("stern", 0.5, 0.1, 1.5, "ratio", Basis.judgement, "dwyer2017",
                  "57 were arrested at Bobo-Dioulasso where loyal troops stormed the camp; one case", "log"),
        Parameter("kill", 0.012, 0.004, 0.035, "per company in violent mutiny and day", Basis.judgement, "johnson2021",
                  "6 per cent of 460 mutinies killed civilians: set so that episodes of a dozen library cases do so "
                  "about as often", "log"),
        Parameter("median", 4.0, 2.0, 10.0, "people", Basis.judgement, "johnson2021",
                  "civilians killed in the middling incident; from a few press reports", "log"),
        Parameter("spread", 1.4, 0.9, 1.9, "log", Basis.judgement, "johnson2021",
                  "one incident in twenty then kills over forty; ours", "normal"),
    ),
    functions=(
        march_hazard, stoppers, upper_hand, shaken, imprisoned, conceded, among_civilians, killing_hazard,
        civilians_killed,
    ),
    sources=("dwyer2015", "dwyer2017", "johnson2021", "schiel2021"),
    rivals=(),
    switchable=True,
)  # fmt: skip
