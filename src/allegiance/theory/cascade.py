"""Readiness becomes mutiny when enough soldiers believe that enough others will join; conditions multiply.

Claim C15, with C1 to C8 as its fuel. In a company soldiers know each other's minds. A soldier's log-odds of joining
rise with the share of comrades expected to join (`conformity`), so the company has a tipping point: below it a few
malcontents keep quiet, above it nearly all move within hours (Granovetter 1978, doi:10.1086/226707; Kuran 1991,
doi:10.2307/2010422, for readiness that nobody sees until then). The mean-field form is Brock & Durlauf's (2001,
doi:10.1111/1467-937X.00168) discrete choice with social interactions:

    x = expit((m + conformity · x) / factor),   factor = √(1 + π · spread² / 8)

where m is mean readiness, x the share joining, and `factor` averages the logistic over soldiers who differ by `spread`
(MacKay 1992, doi:10.1162/neco.1992.4.5.720). Every cause adds to m, and mutiny is a threshold in m: causes that do
nothing alone multiply together, which is the perfect storm.

Granovetter's deterministic thresholds stand beside it as a rival. Leaves out what mutineers do afterwards (see
suppression) and who talks to whom inside a company (Siegel 2009, doi:10.1111/j.1540-5907.2008.00361.x, shows that
it can matter).
"""

from __future__ import annotations

import numpy as np

from allegiance.base.normal import erfc
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real, term
from allegiance.theory.forms import routes


def spread_factor(spread: Real) -> Real:
    """Flattening of a logistic by unequal soldiers: √(1 + π · spread² / 8).

    The mean of expit(m + spread · z) over standard normal z is close to expit(m / factor); the error stays below 0.02.

    Args:
        spread: standard deviation of readiness between soldiers of a company [log-odds, >= 0].

    Returns:
        Factor [ratio, >= 1]; 1 for equal soldiers.

    Source: MacKay (1992), doi:10.1162/neco.1992.4.5.720.
    """
    return np.sqrt(1.0 + np.pi * spread * spread / 8.0)


def tipping_point(conformity: Real, factor: Real) -> Real:
    """Share of joiners at which a company tips: (1 − √(1 − 4 · factor / conformity)) / 2, or 1/2 if it cannot tip.

    The lower root of x (1 − x) = factor / conformity, where the quiet equilibrium disappears.

    Args:
        conformity: weight of others' example [log-odds; parameter `conformity`]; tipping needs more than 4 · factor.
        factor: from `spread_factor` [ratio, >= 1].

    Returns:
        Share [share, 0 to 0.5].

    Source: fold of the mean-field equation; Brock & Durlauf (2001), doi:10.1111/1467-937X.00168.
    """
    steepness = np.maximum(0.0, 1.0 - 4.0 * factor / np.maximum(conformity, 1.0e-9))
    return 0.5 * (1.0 - np.sqrt(steepness))


def mutiny_threshold(men: Real, spread: Real, conformity: Real, minimum: Real) -> Real:
    """Mean readiness at which a company of `men` mutinies.

    With g(x) = factor · log(x / (1 − x)) − conformity · x, it is g at the lesser of two shares: `minimum` soldiers,
    who are then ready by themselves, and the tipping point, past which the others follow.

    Args:
        men: soldiers present [soldiers, >= 0].
        spread: standard deviation of readiness between them [log-odds, >= 0].
        conformity: weight of others' example [log-odds, >= 0; parameter `conformity`].
        minimum: smallest mutiny [soldiers; parameter `minimum`].

    Returns:
        Threshold of mean readiness [log-odds]; out of reach (1e9) when no more than `minimum` soldiers are left. For a
        company of less than twice `minimum` soldiers it is a lower bound: the cascade may stop short of `minimum`, so
        whoever counts a mutiny must count the soldiers who joined.

    Source: Brock & Durlauf (2001), doi:10.1111/1467-937X.00168; minimum of twelve from Johnson (2021),
    doi:10.1177/00223433211020092.
    """
    factor = spread_factor(spread)
    needed = np.minimum(minimum / np.maximum(men, 1.0), 0.999)
    at = np.minimum(needed, tipping_point(conformity, factor))
    return np.where(men <= minimum, 1.0e9, factor * np.log(at / (1.0 - at)) - conformity * at)


def mutiny_probability(gap: Real, trigger: Real, trigger_scale: Real) -> Real:
    """Chance that today's incident starts a mutiny: trigger · exp(−max(gap, 0) / trigger_scale).

    An incident comes with probability `trigger`; its exponential size, of mean `trigger_scale`, must exceed the gap.

    Args:
        gap: threshold less mean readiness of the company [log-odds].
        trigger: probability of an incident [per company and day; parameter `trigger`].
        trigger_scale: mean size of an incident [log-odds, > 0; from `incident_size`].

    Returns:
        Probability [per company and day, 0 to trigger].

    Source: form by this project; incidents that start mutinies in Rose (1982), doi:10.1177/0095327X8200800403.
    """
    return trigger * np.exp(-np.maximum(gap, 0.0) / trigger_scale)


def at_stake(faced: Real, contact: Real, committed: Real) -> Real:
    """How likely a company is to be sent against somebody: faced · (contact + (1 − contact) · committed).

    Args:
        faced: 1 where an enemy or a crowd is faced, 0 in peace [share, 0 to 1].
        contact: 1 in contact, 0 in the rear [share, 0 to 1].
        committed: share of the company's force in contact, those whose turn may be its own next [share, 0 to 1].

    Returns:
        Share [0 to 1]; 1 in contact with those faced.

    Source: judgement.
    """
    return faced * (contact + (1.0 - contact) * committed)


def incident_size(stake: Real, barracks: Real, trigger_scale: Real) -> Real:
    """Mean size of an incident: trigger_scale · (barracks + (1 − barracks) · stake).

    Sent against somebody, a company may be given an order that kills it; in barracks it is given a bad meal.

    Args:
        stake: from `at_stake` [share, 0 to 1].
        barracks: size of an incident in barracks against one in contact [share, 0 to 1, not 0; parameter `barracks`].
        trigger_scale: mean size in contact [log-odds, > 0; parameter `trigger_scale`].

    Returns:
        Mean size [log-odds, barracks · trigger_scale to trigger_scale].

    Source: judgement, after the causes of mutinies in Rose (1982), doi:10.1177/0095327X8200800403.
    """
    return trigger_scale * (barracks + (1.0 - barracks) * stake)


def incident_rate(contact: Real, killed: Real, trigger: Real) -> Real:
    """Chance that something brings a company together today.

    trigger · (0.4 + 0.6 · contact) · (1 + min(2, 20 · killed)).

    Args:
        contact: 1 in contact, 0 in the rear [share, 0 to 1].
        killed: share of the company killed today [share, 0 to 1].
        trigger: probability of an incident in contact on a day without dead [per company and day; parameter `trigger`].

    Returns:
        Probability [per company and day, 0 to 3 · trigger].

    Source: judgement, after the incidents in Rose (1982), doi:10.1177/0095327X8200800403.
    """
    return trigger * (0.4 + 0.6 * contact) * (1.0 + np.minimum(2.0, 20.0 * killed))


def participation(readiness: Real, spread: Real, conformity: Real, start: Real) -> Real:
    """Share of a company that joins, climbing from a start.

    Forty rounds of x ← max(x, expit((m + conformity · x) / factor)), with m the readiness.

    Args:
        readiness: mean readiness m [log-odds].
        spread: standard deviation between soldiers [log-odds, >= 0].
        conformity: weight of others' example [log-odds; parameter `conformity`].
        start: share that moves first [share, 0 to 1].

    Returns:
        Share joining [share, start to 1]; the least fixed point above the start, within the rounds of one day.

    Source: Granovetter (1978), doi:10.1086/226707, for the rounds; Brock & Durlauf (2001) for the response.
    """
    factor = spread_factor(spread)
    share = start
    for _ in range(40):
        lean = np.clip((readiness + conformity * share) / factor, -500.0, 500.0)
        share = np.maximum(share, 1.0 / (1.0 + np.exp(-lean)))
    return share


def participation_granovetter1978(readiness: Real, spread: Real, conformity: Real, start: Real) -> Real:
    """Rival: deterministic thresholds, normal over soldiers.

    Forty rounds of x ← max(x, Φ((readiness + conformity · x) / spread)).

    A soldier joins for certain once the share joining passes a threshold; chance enters only in who has which.

    Args:
        readiness: mean readiness [log-odds].
        spread: standard deviation of readiness between soldiers [log-odds, floored at 0.001].
        conformity: weight of others' example [log-odds].
        start: share that moves first [share, 0 to 1].

    Returns:
        Share joining [share, start to 1].

    Source: Granovetter (1978), doi:10.1086/226707.
    """
    share = start
    for _ in range(40):
        share = np.maximum(
            share, 0.5 * erfc(-(readiness + conformity * share) / (np.maximum(spread, 1.0e-3) * np.sqrt(2.0)))
        )
    return share


def neighbour_pressure(share_in_mutiny: Real, weight: Real) -> Real:
    """What a mutiny elsewhere in the brigade adds to readiness: weight · √share_in_mutiny.

    The root says that the first company to rise is the greatest news.

    Args:
        share_in_mutiny: share of the brigade's companies in mutiny [share, 0 to 1].
        weight: pressure with the whole brigade in mutiny [log-odds; parameter `neighbours`].

    Returns:
        Pressure [log-odds, 0 to weight].

    Source: Granovetter (1978), doi:10.1086/226707, for contagion by example; form and size by judgement.
    """
    return weight * np.sqrt(share_in_mutiny)


def temper_pressure(temper: Real, weight: Real) -> Real:
    """What sets a company apart from others in the same place: weight · temper.

    Leaders, habits and history make companies differ beyond all that is counted of them.

    Args:
        temper: of the company [standard normal].
        weight: standard deviation between companies [log-odds, >= 0; parameter `temper`].

    Returns:
        Pressure [log-odds].

    Source: company effects in McLauchlin (2015), doi:10.1111/isqu.12205.
    """
    return weight * temper


MECHANISM = Mechanism(
    id="cascade",
    claims=("C15",),
    kind="process",
    summary="Readiness becomes mutiny when enough soldiers believe that enough others will join; conditions multiply.",
    silent_on="what mutineers do (see unauthorised) and what becomes of them (see suppression)",
    parameters=(
        Parameter("conformity", 6.0, 4.5, 8.0, "log-odds", Basis.judgement, "brockDurlauf2001",
                  "how much the example of others weighs; above 4 a company can tip, which mutinies that "
                  "take all or nothing suggest", "normal"),
        Parameter("trigger", 0.002, 0.0007, 0.006, "per company and day", Basis.judgement, "rose1982",
                  "incidents that bring a company together (an order, a death, a missing meal): one in 500 "
                  "days of a company; no series exists", "log"),
        Parameter("trigger_scale", 0.9, 0.6, 1.4, "log-odds", Basis.judgement, "rose1982",
                  "mean size of such an incident: a unit of log-odds of readiness then multiplies the rate of mutinies "
                  "by three, which is about what published odds ratios of single causes allow", "log"),
        Parameter("barracks", 0.4, 0.28, 0.55, "share", Basis.judgement, "rose1982",
                  "size of an incident in barracks against one in contact: a company of a well kept army then mutinies "
                  "once in some million years of peace, one long unpaid once in some thousands; size ours", "logit"),
        Parameter("minimum", 12, 12, 12, "soldiers", Basis.published, "johnson2021",
                  "the data base counts a mutiny from twelve service members", "normal"),
        Parameter("temper", 0.8, 0.4, 1.3, "log-odds", Basis.judgement, "mclauchlin2015",
                  "standard deviation between companies in the same place: at Santander desertion differs "
                  "eightfold between companies of conscripts and of volunteers", "log"),
        Parameter("rest", 60, 30, 120, "days", Basis.judgement, "pedroncini1967",
                  "what has been conceded and punished keeps a company quiet for a while; ours", "log"),
        Parameter("news", 1.2, 0.4, 2.5, "log-odds", Basis.judgement, "pedroncini1967",
                  "a mutiny of the whole force, known to all; in 1917 half of the divisions followed within "
                  "six weeks", "normal"),
        Parameter("neighbours", 1.5, 0.5, 3.0, "log-odds", Basis.judgement, "granovetter1978",
                  "a mutiny seen in the brigade; spread between units is the rule in France 1917, size ours", "normal"),
    ),
    functions=(
        spread_factor, tipping_point, mutiny_threshold, mutiny_probability, at_stake, incident_size,
        incident_rate, participation, neighbour_pressure, temper_pressure,
    ),
    sources=(
        "granovetter1978", "kuran1991", "brockDurlauf2001", "mackay1992", "siegel2009", "rose1982",
        "johnson2021",
    ),
    rivals=(participation_granovetter1978,),
    terms=(
        term(
            temper_pressure, routes(refusal=0.5, desertion=0.5, mutiny=1.0), temper="company.temper", weight="temper",
        ),
        term(
            neighbour_pressure, routes(refusal=0.5, mutiny=1.0), share_in_mutiny="force.risen", weight="news",
        ),
        term(
            neighbour_pressure, routes(refusal=0.5, desertion=0.2, mutiny=1.0),
            share_in_mutiny="brigade.mutiny", weight="neighbours",
        ),
    ),
    switchable=True,
)  # fmt: skip
