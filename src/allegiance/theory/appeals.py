"""Dissidents choose how far to appeal to soldiers, and pay for it by arrests.

Claim C4, and C8 where soldiers face a crowd. Protesters who met soldiers in Cairo in 2011 worked on their loyalty by
chants, embraces and shared food, on purpose and as a repertoire that they made up as they went (Ketchley 2014,
doi:10.1017/S0010417513000650, known from the abstract). What they can win depends on soldiers who waver, which they
see; what they risk on a police that breaks up the crowd and on officers who watch their soldiers. Those arrested are
missing from the next appeal, and from the protest of those who mourn.

Leaves out who decides to protest at all (protest given by a case stays what it was), and the rotation of troops who
have met a crowd for too long.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real, term
from allegiance.theory.forms import routes


def wavering(refusing: Real, risen: Real, halted: Real, gone: Real) -> Real:
    """How far soldiers are seen to waver: min(1, refusing + risen + halted + gone).

    Args:
        refusing: soldiers present who refuse [share, 0 to 1].
        risen: soldiers present who are in mutiny [share, 0 to 1].
        halted: brigades with orders whose commanders have halted [share, 0 to 1].
        gone: soldiers who went over in the last month or so [share, 0 to 1].

    Returns:
        Wavering that everyone can see [share, 0 to 1]; who shirks is not seen.

    Source: definition of this project.
    """
    return np.minimum(1.0, refusing + risen + halted + gone)


def exposed(broken: Real, monitoring: Real) -> Real:
    """How far whoever appeals to soldiers is exposed: broken · monitoring.

    Args:
        broken: share of the protest that repression broke today [share, 0 to 1].
        monitoring: how closely officers watch their soldiers [share, 0 to 1; from the case].

    Returns:
        Exposure [share, 0 to 1]; 0 without a protest, or where no one breaks it up.

    Source: judgement.
    """
    return broken * monitoring


def balance(waver: Real, half: Real, exposure: Real, hope: Real, fear: Real) -> Real:
    """What speaks for more appeals less what speaks against: hope · waver / (waver + half) − fear · exposure.

    Args:
        waver: from `wavering`, 0 without a protest [share, 0 to 1].
        half: wavering that gives half of the hope there can be [share, > 0; parameter `half`].
        exposure: from `exposed` [share, 0 to 1].
        hope: weight of soldiers who waver [share of a step, >= 0; parameter `hope`].
        fear: weight of exposure [share of a step, >= 0; parameter `fear`].

    Returns:
        Pull [shares of a step]; above 0 for more.

    Source: judgement, after Ketchley (2014), doi:10.1017/S0010417513000650.
    """
    return hope * waver / (waver + half) - fear * exposure


def effort(appeal: Real, pull: Real, usual: Real, step: Real, most: Real) -> Real:
    """Effort after a review: appeal · exp(step · (pull − usual · log(appeal))), within 1 / most and most.

    The bracket counts between −1 and 1.

    Args:
        appeal: effort before, 1 as is usual before crowds [ratio, > 0].
        pull: from `balance` [shares of a step].
        usual: weight of what is usual [share of a step per log ratio, >= 0; parameter `usual`].
        step: most that one review changes [log ratio, >= 0; parameter `step`].
        most: most effort against what is usual [ratio, >= 1; parameter `most`].

    Returns:
        Effort [ratio, 1 / most to most].

    Source: judgement.
    """
    change = np.minimum(1.0, np.maximum(-1.0, pull - usual * np.log(appeal)))
    return np.minimum(most, np.maximum(1.0 / most, appeal * np.exp(step * change)))


def free_tomorrow(at_large: Real, appeal: Real, exposure: Real, arrest: Real, release: Real) -> Real:
    """Organisers at large tomorrow: at_large · max(0, 1 − arrest · appeal · exposure) + (1 − at_large) / release.

    Args:
        at_large: share of them at large today [share, 0 to 1].
        appeal: how far they appeal to soldiers [ratio, > 0].
        exposure: from `exposed` [share, 0 to 1].
        arrest: arrested in a day at the usual effort and full exposure [per day; parameter `arrest`].
        release: days until half or more are back, or others in their place [days, >= 1; parameter `release`].

    Returns:
        Share at large [share, 0 to 1].

    Source: judgement.
    """
    return at_large * np.maximum(0.0, 1.0 - arrest * appeal * exposure) + (1.0 - at_large) / release


def crowd_offer(signal: Real, nonviolent: Real, reach: Real, crowd: Real) -> Real:
    """What a crowd adds to the offer of the civilians faced: crowd · reach · signal · nonviolent.

    Args:
        signal: size of the protest as soldiers read it [share of a million-strong crowd, 0 upwards].
        nonviolent: share of the crowd that is peaceful [share, 0 to 1].
        reach: effort times organisers at large, 1 as is usual [ratio, >= 0].
        crowd: added by a peaceful million at the usual effort [share, >= 0; parameter `crowd`].

    Returns:
        Addition to the offer [share, >= 0].

    Source: judgement.
    """
    return crowd * reach * signal * nonviolent


def still_led(at_large: Real, led: Real) -> Real:
    """Share of the mourners' protest that arrests of organisers leave: 1 − led · (1 − at_large).

    Args:
        at_large: share of organisers at large [share, 0 to 1].
        led: share that would not come without any of them [share, 0 to 1; parameter `led`].

    Returns:
        Share left [share, 0 to 1].

    Source: judgement.
    """
    return 1.0 - led * (1.0 - at_large)


def approached(appeal: Real, at_large: Real, signal: Real, nonviolent: Real, weight: Real) -> Real:
    """What appeals beyond, or short of, the usual do to soldiers who see the crowd.

    pressure = weight · (appeal · at_large − 1) · signal · nonviolent

    What a crowd does at the usual effort is in `protest`.

    Args:
        appeal: how far dissidents appeal to soldiers, 1 as is usual [ratio, > 0].
        at_large: share of organisers at large [share, 0 to 1].
        signal: size of the protest as soldiers read it [share of a million-strong crowd, 0 upwards].
        nonviolent: share of the crowd that is peaceful [share, 0 to 1].
        weight: of twice the usual before a peaceful million [log-odds, >= 0; parameter `approach`].

    Returns:
        Pressure on the log-odds of refusing [log-odds]; below 0 where fewer than usual appeal.

    Source: judgement, after Ketchley (2014), doi:10.1017/S0010417513000650.
    """
    return weight * (appeal * at_large - 1.0) * signal * nonviolent


MECHANISM = Mechanism(
    id="appeals",
    claims=("C4", "C8"),
    kind="process",
    summary="Dissidents choose how far to appeal to soldiers, and pay for it by arrests.",
    silent_on="who decides to protest at all, and the rotation of troops who have met a crowd",
    parameters=(
        Parameter("review", 0.15, 0.07, 0.3, "per day", Basis.judgement, "ketchley2014",
                  "what protesters did to win soldiers changed within the days of one uprising; weekly is ours", "log"),
        Parameter("step", 0.3, 0.1, 0.6, "log ratio", Basis.judgement, "ketchley2014",
                  "most that effort changes at a time; ours", "log"),
        Parameter("most", 2.0, 1.4, 3.0, "ratio", Basis.judgement, "ketchley2014",
                  "twice what is usual or half of it; ours", "log"),
        Parameter("hope", 0.6, 0.2, 1.2, "share of a step", Basis.judgement, "ketchley2014",
                  "protesters claimed the loyalty of troops who were there; one uprising, size ours", "normal"),
        Parameter("half", 0.02, 0.005, 0.06, "share", Basis.judgement, "nepstad2013",
                  "a few units that stand aside are known to everyone; ours", "log"),
        Parameter("fear", 0.4, 0.1, 0.9, "share of a step", Basis.judgement, "ovdinfo2022",
                  "protest of early March 2022 was broken within two to three weeks by some 15,000 arrests; what it "
                  "does to appeals is ours", "normal"),
        Parameter("usual", 0.6, 0.2, 1.2, "share of a step per log ratio", Basis.judgement, "ketchley2014",
                  "effort returns to what is usual when nothing speaks for or against it; ours", "normal"),
        Parameter("arrest", 0.05, 0.015, 0.15, "per day", Basis.judgement, "ovdinfo2022",
                  "share of organisers taken in a day by a police that breaks up everything; no count of organisers "
                  "read", "log"),
        Parameter("release", 30, 10, 90, "days", Basis.judgement, "ovdinfo2022",
                  "short sentences for most, and others who take their place; ours", "log"),
        Parameter("led", 0.3, 0.1, 0.6, "share", Basis.judgement, "putDomoi2023",
                  "relatives of soldiers met through a chat and a few who called for it; share ours", "logit"),
        Parameter("crowd", 0.5, 0.2, 0.9, "share", Basis.judgement, "nepstad2013",
                  "a place among the people for those who leave the ruler's side; ours", "logit"),
        Parameter("approach", 0.3, 0.05, 0.7, "log-odds", Basis.judgement, "ketchley2014",
                  "under half of what the crowd itself does (protest, `troops`); sign only", "normal"),
    ),
    functions=(wavering, exposed, balance, effort, free_tomorrow, crowd_offer, still_led, approached),
    sources=("ketchley2014", "nepstad2013", "ovdinfo2022", "putDomoi2023"),
    rivals=(),
    terms=(
        term(
            approached, routes(refusal=1.0, desertion=0.3, mutiny=0.5), appeal="side.appeal", at_large="side.at_large",
            signal="side.signal", nonviolent="side.nonviolent", weight="approach",
        ),
    ),
    switchable=True,
)  # fmt: skip
