"""Protest tells soldiers and generals that the ruler is not obeyed and that others are ready.

Claim C4. A crowd is a public signal: it shows that the regime is unwanted and gives everyone in uniform the same
news at the same time. Coups answer to crowds near the capital and to peaceful ones; soldiers answer to the size.
In 79,404 country-months, three protests near the capital go with a coup risk 246 per cent higher, three of any kind
with 16 per cent, three peaceful ones with 74 per cent (Johnson & Thyne 2018, doi:10.1177/0022002716654742; see
Casper & Tyson 2014 for the signalling argument). Defection in a campaign-year rises from 6 per cent with fewer than
a thousand participants to about 40 with half a million (computed from NAVCO 2.1), where nonviolence as such adds
nothing once size is in: hence its modest weight.

Leaves out why people protest (see home_front) and how a protest is reported to soldiers.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real, term
from allegiance.theory.forms import routes


def protest_signal(participants: Real, half: Real) -> Real:
    """Size of protest as soldiers read it, on a logarithmic scale with 1 at a million.

    signal = log(1 + participants / half) / log(1 + 10^6 / half)

    Args:
        participants: people in the street today [people, any; below 0 counts as 0].
        half: crowd below which size hardly registers [people, > 0; parameter `half`].

    Returns:
        Signal [share of a million-strong crowd, 0 upwards; 1 at a million].

    Source: form by this project; NAVCO 2.1 shows a step in defection per order of size (odds ratio 1.47).
    """
    return np.log1p(np.maximum(participants, 0.0) / half) / np.log1p(1.0e6 / half)


def remembered(before: Real, today: Real, memory: Real) -> Real:
    """The signal tonight: today's, or what is left of an earlier one: max(today, before · (1 − 1 / memory)).

    Args:
        before: the signal last night [share of a million-strong crowd].
        today: the signal of today's crowd [share of a million-strong crowd].
        memory: days over which a crowd is forgotten [days, >= 1; parameter `memory`].

    Returns:
        Signal [share of a million-strong crowd, 0 upwards].

    Source: judgement; coups come within months of protest in Johnson & Thyne (2018), doi:10.1177/0022002716654742.
    """
    return np.maximum(today, before * (1.0 - 1.0 / memory))


def troop_pressure(signal: Real, nonviolent: Real, weight: Real, nonviolent_weight: Real) -> Real:
    """What protest adds to a soldier's log-odds of disobeying, full when the crowd is peaceful.

    pressure = weight · signal · (1 + nonviolent_weight · nonviolent) / (1 + nonviolent_weight)

    Args:
        signal: from `protest_signal` [share, 0 upwards].
        nonviolent: share of the crowd that is peaceful [share, 0 to 1].
        weight: pressure of a peaceful million [log-odds; parameter `troops`].
        nonviolent_weight: extra effect of a peaceful crowd over a violent one [ratio, >= 0; parameter `nonviolent`].

    Returns:
        Pressure [log-odds, >= 0].

    Source: Johnson & Thyne (2018), doi:10.1177/0022002716654742, for the signs.
    """
    return weight * signal * (1.0 + nonviolent_weight * nonviolent) / (1.0 + nonviolent_weight)


def coup_pressure(
    signal: Real, nonviolent: Real, capital: Real, weight: Real, nonviolent_weight: Real, capital_weight: Real
) -> Real:
    """What protest adds to the log-odds of a coup attempt; stronger when peaceful and near the capital.

    pressure = weight · signal · (1 + nonviolent_weight · nonviolent) · (1 + capital_weight · capital)
               / ((1 + nonviolent_weight) · (1 + 0.5 · capital_weight))

    so that `weight` is the pressure of a peaceful million half of whom stand near the capital.

    Args:
        signal: from `protest_signal` [share, 0 upwards].
        nonviolent: share of the crowd that is peaceful [share, 0 to 1].
        capital: share of the crowd that is near the capital [share, 0 to 1].
        weight: pressure at the point of reference [log-odds; parameter `coups`].
        nonviolent_weight: extra effect of a peaceful crowd [ratio, >= 0; parameter `nonviolent`].
        capital_weight: extra effect of a crowd near the capital [ratio, >= 0; parameter `capital`].

    Returns:
        Pressure on the log-odds of an attempt [log-odds, >= 0].

    Source: Johnson & Thyne (2018), doi:10.1177/0022002716654742.
    """
    lift = (1.0 + nonviolent_weight * nonviolent) * (1.0 + capital_weight * capital)
    return weight * signal * lift / ((1.0 + nonviolent_weight) * (1.0 + 0.5 * capital_weight))


MECHANISM = Mechanism(
    id="protest",
    claims=("C4",),
    kind="pressure",
    summary="Protest tells soldiers and generals that the ruler is not obeyed and that others are ready.",
    silent_on="why people protest (see home_front)",
    parameters=(
        Parameter("troops", 0.8, 0.2, 1.6, "log-odds at a million", Basis.judgement, "johnsonThyne2018",
                  "half the effect on coups: no direct estimate of protest on mutiny could be read", "normal"),
        Parameter("coups", 2.8, 1.4, 4.2, "log-odds at a million", Basis.judgement, "johnsonThyne2018",
                  "published log-odds of 1.24 for three protests close to the capital; the translation from"
                  " counts of protests to a crowd of a million is ours", "normal"),
        Parameter("capital", 1.5, 0.6, 3.0, "ratio", Basis.judgement, "johnsonThyne2018",
                  "published +246 per cent near the capital against +16 for all would mean a larger ratio; "
                  "shrunk, because nearness and size go together in the data", "log"),
        Parameter("nonviolent", 0.8, 0.2, 1.6, "ratio", Basis.judgement, "johnsonThyne2018",
                  "published .200 against .049 for coups, but no difference for defection once size is in "
                  "(NAVCO 2.1); between the two", "normal"),
        Parameter("memory", 14, 5, 40, "days", Basis.judgement, "johnsonThyne2018",
                  "the study counts protests of the month before; days to weeks", "log"),
        Parameter("half", 30000, 10000, 100000, "people", Basis.judgement, "navco21",
                  "defection in campaign-years rises from 12 per cent at tens of thousands to 22 at "
                  "hundreds of thousands", "log"),
    ),
    functions=(protest_signal, remembered, troop_pressure, coup_pressure),
    sources=("johnsonThyne2018", "casperTyson2014", "navco21"),
    rivals=(),
    terms=(
        term(
            troop_pressure, routes(shirking=0.2, refusal=0.6, desertion=0.4, defection=0.6, mutiny=1.0),
            signal="side.signal", nonviolent="side.nonviolent", weight="troops", nonviolent_weight="nonviolent",
        ),
    ),
    switchable=True,
)  # fmt: skip
