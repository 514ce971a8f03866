"""Losses are replaced from the pool that costs the ruler least; compulsion comes late.

Claim C2. A ruler has a menu of replacement pools (paid volunteers, prisoners, foreigners, reservists, conscripts),
each with a size, a speed, a price in money and a price in politics. A ruler draws on the cheapest pool at a cost that
is tolerated, and need raises what is tolerated, so composition is an outcome and not an input. The model can therefore
end where the founding argument expects (conscripts) or where Russia ended in 2022-23 (reservists, prisoners and paid
volunteers, conscripts spared).

Leaves out who volunteers and why, and the economics of bonuses. That the draft is politically dear and kept for
great need is the argument of Levi (1997); states at war and in rivalry conscript more, democracies less (Asal, Conrad
& Toronto 2017, doi:10.1177/0022002715606217). The Russian order of pools is in the notes of the Conflict Intelligence
Team (2023).
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real


def pool_cost(political: Real, money: Real, used: Real, money_weight: Real) -> Real:
    """Cost to the ruler of drawing on a pool: political + money_weight · money + 0.5 · used.

    The last term says that a pool half spent is dearer (worse soldiers, higher bonuses); its 0.5 is a judgement.

    Args:
        political: political cost of the pool in the case [share of the worst imaginable, 0 to 1].
        money: cost per soldier relative to the dearest pool [ratio, 0 to 1].
        used: share of the pool already drawn [share, 0 to 1].
        money_weight: what money weighs against politics [ratio, 0 to 1; parameter `money`].

    Returns:
        Cost [ratio, 0 to about 2]; the ruler takes the smallest.

    Source: judgement; order of Russian pools from Conflict Intelligence Team (2023).
    """
    return political + money_weight * money + 0.5 * used


def tolerated_cost(shortfall: Real, threshold: Real, urgency: Real) -> Real:
    """Highest pool cost the ruler accepts at this shortfall: 0.5 + urgency · (shortfall − threshold).

    Args:
        shortfall: share of the strength at entry that is missing [share, 0 to 1].
        threshold: shortfall at which pools of middling cost, 0.5, open [share, 0 to 1; parameter `shortfall`].
        urgency: how fast tolerance rises with need [ratio per share missing; parameter `urgency`].

    Returns:
        Cost tolerated [ratio]; pools dearer than this stay closed.

    Source: judgement; anchored on the call-up of 21 September 2022.
    """
    return 0.5 + urgency * (shortfall - threshold)


def daily_intake(shortfall_men: Real, available: Real, daily_max: Real) -> Real:
    """Soldiers taken in today: the least of what is missing, what is left and what can be processed in a day.

    Args:
        shortfall_men: soldiers missing against the wanted strength [soldiers, any; below 0 gives 0].
        available: soldiers left in the pool [soldiers, >= 0].
        daily_max: how many the pool can deliver in a day [soldiers per day, >= 0].

    Returns:
        Soldiers joining the training queue today [soldiers, >= 0].

    Source: bookkeeping.
    """
    return np.maximum(0.0, np.minimum(shortfall_men, np.minimum(available, daily_max)))


MECHANISM = Mechanism(
    id="recruitment",
    claims=("C2",),
    kind="process",
    summary="Losses are replaced from the pool that costs the ruler least; compulsion comes late.",
    silent_on="who volunteers and why",
    parameters=(
        Parameter("urgency", 1.5, 0.6, 3.0, "ratio", Basis.judgement, "cit2023",
                  "how far need outweighs political cost; set so that compulsion opens only with a "
                  "shortfall well above a third", "normal"),
        Parameter("money", 0.15, 0.05, 0.3, "ratio", Basis.judgement, "cit2023",
                  "weight of money against politics: Russia raised bonuses many times over before it called"
                  " up again, so money is the lesser obstacle", "logit"),
        Parameter("shortfall", 0.33, 0.2, 0.45, "share of entry strength", Basis.judgement, "economist2023",
                  "Russia called up reservists when, by the Economist's series, 35 to 44 per cent of the "
                  "force at entry had been lost; one case, a little below it", "logit"),
    ),
    functions=(pool_cost, tolerated_cost, daily_intake),
    sources=("levi1997", "asal2017", "cit2023"),
    rivals=(),
    switchable=True,
)  # fmt: skip
