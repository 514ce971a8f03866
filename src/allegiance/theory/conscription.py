"""Who will soon be a civilian again, or never chose to serve, has less reason to obey.

Claim C1. Two channels are kept apart: the *horizon* (who goes home in weeks will live among those whom the army
is sent against, and an army career is no prospect) and *compulsion* (serving was not a wish). The
horizon is meant to carry most of the effect: give every soldier the same horizon and only `compulsion` is left.

Leaves out what conscription does to the choice of wars, and who is sent to fight: governments deploy conscripts
less and watch them more, which is why comparisons between countries find almost nothing (Lyall 2016: odds ratio of
mass desertion 1.15 to 1.28, not significant) while comparisons inside one war find odds ratios of 2 to 5 (McLauchlin
2014, doi:10.1177/0022002714547901; 2015, doi:10.1111/isqu.12205). The horizon argument is Johnson's (2018,
doi:10.13023/ETD.2018.190).
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real, term
from allegiance.theory.forms import routes

COMPELLED = {
    "contract": 0.0, "conscript": 1.0, "mobilised": 1.0, "volunteer": -0.5, "prisoner": 0.5, "mercenary": 0.0,
}  # fmt: skip
"""How far a category serves against its will (judgement; below 0: chose this war)."""

HORIZON_DAYS = {
    "contract": 1100.0, "conscript": 365.0, "mobilised": 365.0,
    "volunteer": 730.0, "prisoner": 180.0, "mercenary": 365.0,
}  # fmt: skip
"""Days of service from joining until civilian life, where a case gives none.

Judgement: mobilised soldiers expected months; prisoners in Russia were promised freedom after six.
"""


def horizon_pressure(days_left: Real, weight: Real, scale: Real) -> Real:
    """What the nearness of civilian life adds to the log-odds of disobeying: weight · exp(−days_left / scale).

    Args:
        days_left: days until the soldier returns to civilian life [days, any; below 0 counts as 0].
        weight: pressure on the last day of service [log-odds; parameter `horizon`].
        scale: days of remaining service over which the pressure falls by a factor e [days, > 0; parameter `scale`].

    Returns:
        Pressure [log-odds, 0 to weight]; 0 for a soldier with a long career ahead.

    Source: form by this project for the argument of Johnson (2018), doi:10.13023/ETD.2018.190.
    """
    return weight * np.exp(-np.maximum(days_left, 0.0) / scale)


def compulsion_pressure(compelled: Real, weight: Real) -> Real:
    """What not having chosen to serve adds by itself, at equal horizons: weight · compelled.

    Args:
        compelled: 1 for conscripts and mobilised reservists, 0 for soldiers who signed up [share, 0 to 1].
        weight: pressure on a compelled soldier [log-odds; parameter `compulsion`].

    Returns:
        Pressure [log-odds, 0 to weight].

    Source: McLauchlin (2014), doi:10.1177/0022002714547901, where individual status alone has odds ratio 4.7 (2.8 to
    7.7); most of that is left to the horizon here.
    """
    return weight * compelled


def company_pressure(unwilling: Real, weight: Real) -> Real:
    """What serving among more unwilling comrades than is usual in the army adds for every soldier: weight · unwilling.

    Args:
        unwilling: share of the company's soldiers who are compelled, less that of the whole force [share, −1 to 1].
        weight: a company of compelled soldiers against one of volunteers beside it [log-odds; parameter `company`].

    Returns:
        Pressure [log-odds, −weight to weight]; 0 where all companies are alike.

    Source: McLauchlin (2015), doi:10.1111/isqu.12205: at equal status soldiers of companies of conscripts deserted far
    more. That companies are held against the rest of their own army is a judgement: between armies the share of
    compelled soldiers says next to nothing.
    """
    return weight * unwilling


def overdue_grievance(days_over: Real, weight: Real) -> Real:
    """Grievance of being kept past the promised end of service, growing over half a year.

    grievance = weight · min(days_over, 180) / 180; the half year after which it stops growing is a judgement.

    Args:
        days_over: days served beyond the promised tour [days, any; below 0 counts as 0].
        weight: grievance after 180 days [grievance; parameter `overdue`].

    Returns:
        Appraisal added to the soldier's grievance [grievance, 0 to weight].

    Source: the tour promise as a cause of indiscipline in Heinl (1971); the riot of Egyptian police conscripts in
    February 1986 followed a rumour of one more year.
    """
    over = np.minimum(np.maximum(days_over, 0.0), 180.0)
    return weight * over / 180.0


MECHANISM = Mechanism(
    id="conscription",
    claims=("C1",),
    kind="pressure",
    summary="Who will soon be a civilian again, or never chose to serve, has less reason to obey.",
    silent_on="what conscription does to the choice of wars, and to who is sent to fight",
    parameters=(
        Parameter("horizon", 1.0, 0.3, 1.7, "log-odds", Basis.judgement, "mclauchlin2015",
                  "e^1.0 = 2.7 sits inside the odds ratios of about 2 (2015) to 4.7 (2014) for conscripts "
                  "against volunteers in one war; how much of them is horizon is not measured", "normal"),
        Parameter("scale", 240, 120, 480, "days", Basis.judgement, "johnson2018",
                  "no estimate exists; 240 days leave half of the pressure at half a year of remaining "
                  "service, a fifth at a year and a hundredth at three", "log"),
        Parameter("compulsion", 0.25, 0.0, 0.5, "log-odds", Basis.judgement, "mclauchlin2014",
                  "the part of the conscript effect left when horizons are equal; the studies do not "
                  "separate the two, so the interval starts at none", "normal"),
        Parameter("apart", 0.6, 0.3, 0.9, "share", Basis.judgement, "mclauchlin2015",
                  "soldiers who serve in companies of their own kind: companies of conscripts and of volunteers stood "
                  "side by side at Santander; share ours", "logit"),
        Parameter("company", 1.1, 0.5, 1.7, "log-odds", Basis.judgement, "mclauchlin2015",
                  "an odds ratio of 1.8 for the soldier at equal company and one of 8 with the company leave a "
                  "factor of 4 to the company; cut to 3, as soldiers of one kind also learn from each other", "normal"),
        Parameter("overdue", 0.8, 0.2, 1.6, "grievance", Basis.judgement, "heinl1971",
                  "service beyond the promised tour; a lesser grievance than full want, no estimate read", "normal"),
    ),
    functions=(horizon_pressure, compulsion_pressure, company_pressure, overdue_grievance),
    sources=("mclauchlin2014", "mclauchlin2015", "johnson2018", "lyall2016", "heinl1971"),
    rivals=(),
    terms=(
        term(compulsion_pressure, "disposition", compelled="recruit.compelled", weight="compulsion"),
        term(company_pressure, routes(desertion=1.0), unwilling="company.unwilling", weight="company"),
    ),
    switchable=True,
)  # fmt: skip
