"""Commanders move against the ruler when they expect enough others to move.

Claims C4 and C5. A coup is a coordination game (Singh 2014): each commander joins who expects success, and success
is that enough join. In the global-games form (Morris & Shin 2003, doi:10.1017/CBO9780511610240.004) private doubts
about common conditions leave one outcome for each state of the world, so that public signals (protest, mutiny, a war
going badly) raise attempts smoothly: here in the log-odds of a daily attempt around the country's base rate, and in a
probit for success that guards enter on the other side. Half of 474 attempts since 1950 succeeded (definition and data
of Powell & Thyne 2011, doi:10.1177/0022343310397436).

Leaves out plots that are found out before they act, and what coups do to a war beyond the change of ruler.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.normal import erfc
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real


def attempt_hazard(yearly: Real, shift: Real) -> Real:
    """Chance of a coup attempt today: the daily base rate with its odds multiplied by exp(shift).

    daily = clip(yearly, 1e-6, 0.95) / 365;  odds = daily / (1 − daily) · exp(shift);  hazard = odds / (1 + odds)

    Args:
        yearly: chance of an attempt in an ordinary year of this country [probability per year, 0 to 1; from the case].
        shift: sum of pressures less the cost of coordination [log-odds].

    Returns:
        Probability [per day, 0 to 1]; the base rate at shift 0.

    Source: logit of country-months as in Johnson & Thyne (2018), doi:10.1177/0022002716654742.
    """
    daily = np.minimum(np.maximum(yearly, 1.0e-6), 0.95) / 365.0
    odds = daily / (1.0 - daily) * np.exp(shift)
    return odds / (1.0 + odds)


def success_probability(disaffection: Real, guards: Real, support: Real, top: Real) -> Real:
    """Chance that an attempt succeeds (power held for a week): Φ(top + support · disaffection − guards).

    Args:
        disaffection: disaffection of the other commanders above the ordinary [grievance, any].
        guards: `coup_proofing.guard_strength` above that of an average ruler [probit units, any].
        support: effect of a unit of disaffection [probit units; parameter `support`].
        top: success of an attempt in ordinary times against average guards [probit units; parameter `top`].

    Returns:
        Probability [probability, 0 to 1]; a half at top = 0.

    Source: probit share of joiners, Morris & Shin (2003), doi:10.1017/CBO9780511610240.004; one-week rule from Powell &
    Thyne (2011), doi:10.1177/0022343310397436.
    """
    return 0.5 * erfc(-(top + support * disaffection - guards) / np.sqrt(2.0))


MECHANISM = Mechanism(
    id="plot",
    claims=("C4", "C5"),
    kind="process",
    summary="Commanders move against the ruler when they expect enough others to move.",
    silent_on="plots that are found out before they act",
    parameters=(
        Parameter("grievance", 0.8, 0.3, 1.4, "log-odds", Basis.judgement, "singh2014",
                  "disaffection of commanders raises attempts; size ours", "normal"),
        Parameter("war", 1.0, 0.3, 1.8, "log-odds", Basis.judgement, "gassebner2016",
                  "a war going badly: crises and falling growth are robust predictors, interstate war as "
                  "such is not (5.6 against 5.2 per cent of state-years)", "normal"),
        Parameter("mutiny", 0.7, 0.2, 1.4, "log-odds", Basis.judgement, "schiel2021",
                  "mutinies raise the odds of later coups in Africa; coefficient not read", "normal"),
        Parameter("support", 0.8, 0.3, 1.4, "probit units", Basis.judgement, "singh2014",
                  "what disaffection adds to the support found; that support decides is the book's "
                  "argument, the size ours", "normal"),
        Parameter("loyalty", 2.0, 1.0, 3.0, "log-odds", Basis.judgement, "albrechtOhl2016",
                  "commanders disloyal throughout against loyal throughout, around a loyalty of 0.6; that "
                  "loyalty decides is the study's finding, the size ours", "normal"),
        Parameter("top", -0.5, -0.9, -0.1, "probit units", Basis.judgement, "powellThyne2011",
                  "236 of 474 attempts succeeded, 1950-2015; set so that half do at the disaffection at which soldiers"
                  " attempt (about 0.6 above the ordinary)", "normal", "real"),
    ),
    functions=(attempt_hazard, success_probability),
    sources=("singh2014", "powellThyne2011", "morrisShin2003", "johnsonThyne2018"),
    rivals=(),
    switchable=False,
)  # fmt: skip
