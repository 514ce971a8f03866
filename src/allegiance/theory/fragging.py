"""Soldiers attack their own officers where grievance is great and leaders are poor.

Part of claim C7. Heinl (1971) gives 209 such incidents for 1970; over some 335,000 soldiers in Vietnam (the project's
own figure, not checked against a source) that is one company in thirteen in a year. An officer is attacked by few, in
the dark, without a mutiny; afterwards officers lead less. A colonel run over by subordinates in March 2022 was reported
and partly retracted.

Leaves out who is tried for it.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real


def attack_hazard(grievance: Real, competence: Real, base: Real, anger: Real) -> Real:
    """Chance a day that an officer of a company is attacked: base · exp(anger · (grievance − 2)) · (1.5 − competence).

    Args:
        grievance: mean grievance of the company [grievance, >= 0].
        competence: of its commander [share, 0 to 1].
        base: hazard at a grievance of 2 under a middling commander [per company and day; parameter `rate`].
        anger: effect of a unit of grievance [log hazard; parameter `anger`].

    Returns:
        Hazard [per company and day, >= 0].

    Source: level from Heinl (1971); form by judgement.
    """
    return base * np.exp(anger * (grievance - 2.0)) * (1.5 - competence)


MECHANISM = Mechanism(
    id="fragging",
    claims=("C7",),
    kind="process",
    summary="Soldiers attack their own officers where grievance is great and leaders are poor.",
    silent_on="who is tried for it",
    parameters=(
        Parameter("rate", 0.0001, 0.00003, 0.0003, "per company and day", Basis.judgement, "heinl1971",
                  "209 incidents in 1970 over an assumed 2,800 companies' worth are 0.0002; the denominator "
                  "is ours, and other armies are not counted", "log"),
        Parameter("anger", 0.8, 0.3, 1.4, "log hazard", Basis.judgement, "heinl1971",
                  "rare where soldiers are content; size ours", "normal"),
        Parameter("timid", 0.02, 0.005, 0.06, "share", Basis.judgement, "heinl1971",
                  "competence that commanders of the brigade lose with each: officers in fear of them lead less; "
                  "size ours", "logit"),
    ),
    functions=(attack_hazard,),
    sources=("heinl1971",),
    rivals=(),
    switchable=True,
)  # fmt: skip
