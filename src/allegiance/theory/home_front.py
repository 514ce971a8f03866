"""Losses reach families by home region, families protest, and the state can hold down only so many.

Claim C13. Each death leaves mourners in one home region; their number fades slowly; protest per death is easy where
deaths are many per head (thresholds in the sense of Granovetter 1978, doi:10.1086/226707) and repression breaks what
lies within its capacity, no more. Losses cost governments support by locality (Karol & Miguel 2007,
doi:10.1111/j.1468-2508.2007.00564.x; Gartner & Segura 1998, doi:10.1177/0022002798042003004, whose logarithmic
response, where each further death counts less, stands here as a rival). In Russia deaths per head differ 75 times
between Moscow and Buryatia (Bessudnov 2023, doi:10.4054/DemRes.2023.48.31) and open protest of families stayed tiny.

Leaves out elections and parties, and protest that has nothing to do with losses (an input of the case).
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real


def bereavement(stock: Real, deaths: Real, memory: Real) -> Real:
    """Recent deaths still mourned in a region: stock · (1 − 1 / memory) + deaths.

    Args:
        stock: yesterday's stock [deaths, >= 0].
        deaths: deaths whose news arrives today [deaths, >= 0].
        memory: days over which mourning fades by a factor e [days, >= 1; parameter `memory`].

    Returns:
        Today's stock [deaths, >= 0]; steady at memory · deaths per day.

    Source: form by this project after Karol & Miguel (2007), doi:10.1111/j.1468-2508.2007.00564.x.
    """
    return stock * (1.0 - 1.0 / memory) + deaths


def participation(stock: Real, population: Real, per_death: Real, threshold: Real) -> Real:
    """People ready to protest in a region: per_death · stock · share / (share + threshold), share = stock / population.

    Args:
        stock: recent deaths from `bereavement` [deaths, >= 0].
        population: people of the region [people, >= 1].
        per_death: protesters per recent death where deaths are many [people per death; parameter `participation`].
        threshold: deaths per head at which half of that is reached [deaths per head, > 0; parameter `threshold`].

    Returns:
        Protesters before repression [people, >= 0]; grows with the square of small losses.

    Source: threshold form after Granovetter (1978), doi:10.1086/226707.
    """
    share = stock / np.maximum(population, 1.0)
    return per_death * stock * share / (share + threshold)


def participation_gartner_segura1998(stock: Real, population: Real, per_death: Real, threshold: Real) -> Real:
    """Rival: each further death counts less: per_death · threshold · population · log(1 + share / threshold).

    Args:
        stock: recent deaths from `bereavement` [deaths, >= 0].
        population: people of the region [people, >= 1].
        per_death: protesters per recent death while deaths are few [people per death].
        threshold: deaths per head at which the response bends [deaths per head, > 0].

    Returns:
        Protesters before repression [people, >= 0]; linear in small losses, logarithmic in large.

    Source: Gartner & Segura (1998), doi:10.1177/0022002798042003004, for the logarithm of losses.
    """
    people = np.maximum(population, 1.0)
    return per_death * threshold * people * np.log1p(stock / people / threshold)


def surviving(protesters: Real, capacity: Real, broken: Real) -> Real:
    """Protesters left after repression: protesters − broken · min(protesters, capacity).

    Args:
        protesters: people in the street [people, >= 0].
        capacity: people whom the state can deal with in a day [people, >= 0].
        broken: share of those dealt with who are gone the next day [share, 0 to 1; parameter `repression`].

    Returns:
        Protesters tomorrow [people, >= 0]; everything beyond capacity survives.

    Source: finite capacity after Epstein (2002), doi:10.1073/pnas.092080199; form by this project.
    """
    contained = np.minimum(protesters, capacity)
    return protesters - broken * contained


MECHANISM = Mechanism(
    id="home_front",
    claims=("C13",),
    kind="process",
    summary="Losses reach families by home region, families protest, and the state can hold down only so many.",
    silent_on="elections and parties",
    parameters=(
        Parameter("lag", 30, 14, 60, "days", Basis.judgement, "karolMiguel2007",
                  "from a death to the protest of those who mourn: news, burial, anger; the study looks at "
                  "months, not days", "log"),
        Parameter("memory", 180, 90, 365, "days", Basis.judgement, "karolMiguel2007",
                  "how long bereavement moves people: about half a year, ours", "log"),
        Parameter("participation", 0.5, 0.1, 2.0, "people a day per recent death", Basis.judgement, "putDomoi2023",
                  "about 30 women in the street from a chat of 11,000, in a country with tens of thousands "
                  "of dead: the interval reaches far below one", "log"),
        Parameter("threshold", 0.0004, 0.0001, 0.0015, "deaths per head", Basis.judgement, "bessudnov2023",
                  "deaths per head of a region at which protest comes easily; Buryatia, at about 240 per "
                  "100,000 soldiers, stood above it", "log"),
        Parameter("repression", 0.7, 0.4, 0.9, "share per day", Basis.judgement, "ovdinfo2022",
                  "protest of early March 2022 was broken within two to three weeks by some 15,000 arrests", "logit"),
    ),
    functions=(bereavement, participation, surviving),
    sources=("karolMiguel2007", "gartnerSegura1998", "granovetter1978", "bessudnov2023", "epstein2002"),
    rivals=(participation_gartner_segura1998,),
    switchable=True,
)  # fmt: skip
