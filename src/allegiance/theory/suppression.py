"""Loyal neighbours and parallel forces put a mutiny down, or the ruler buys it off, or it walks away.

Claims C12 and C15. A mutiny ends sooner beside blocking units and loyal parallel forces; those who took part mostly
return to duty, some are imprisoned, some are gone, a few go over where an opponent offers it; and the ruler concedes
something. The French mutinies of 1917 are the best counted: of about 35,000 participants some 2,900 were sent to
prison, and leave, food and an end of attacks ended it (Pedroncini 1967). That most end within days, without victory,
is in Rose (1982, doi:10.1177/0095327X8200800403); over a third of 460 mutinies were violent (Johnson 2021,
doi:10.1177/00223433211020092).

Leaves out trials long after, and mutinies that turn into coups (see plot).
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real


def end_hazard(blocking: Real, guards: Real, rate: Real, force: Real) -> Real:
    """Chance that a mutiny ends today: 1 − exp(−rate · exp(force · (0.5 · blocking + 0.5 · guards))).

    Args:
        blocking: presence of blocking units and loyal neighbours [share, 0 to 1].
        guards: strength of loyal parallel forces [share, 0 to 1].
        rate: speed at which mutinies end by themselves [per day; parameter `rate`].
        force: how much the forces present shorten it [log hazard; parameter `force`].

    Returns:
        Probability [per day, 0 to 1].

    Source: proportional hazards in complementary log-log form; sizes by judgement.
    """
    return 1.0 - np.exp(-rate * np.exp(force * (0.5 * blocking + 0.5 * guards)))


def violence_probability(grievance: Real, competence: Real, base: Real, anger: Real) -> Real:
    """Chance that a mutiny is violent: expit(logit(base) + anger · (grievance − 2) − (competence − 0.5)).

    Officers who lead well are argued with; hated ones are shot at.

    Args:
        grievance: mean grievance of the company [grievance, >= 0].
        competence: of the commander [share, 0 to 1].
        base: chance at a grievance of 2, common among mutineers, under a middling commander [probability; parameter
            `violence`].
        anger: effect of a unit of grievance [log-odds; parameter `anger`].

    Returns:
        Probability [0 to 1].

    Source: level from Johnson (2021), doi:10.1177/00223433211020092; form and slopes by judgement.
    """
    odds = base / (1.0 - base) * np.exp(anger * (grievance - 2.0) - (competence - 0.5))
    return odds / (1.0 + odds)


def defect_share(offer: Real, contact: Real, share: Real) -> Real:
    """Share of mutineers who go over when it ends: min(1, 4 · share · offer · contact).

    `share` is the value at a middling offer and contact of a half each, hence the 4.

    Args:
        offer: generosity and credibility of the opponent's offer [share, 0 to 1].
        contact: contact with those who offer [share, 0 to 1].
        share: share at the point of reference [share, 0 to 1; parameter `defect`].

    Returns:
        Share [share, 0 to 1].

    Source: judgement.
    """
    return np.minimum(1.0, share * offer * contact * 4.0)


MECHANISM = Mechanism(
    id="suppression",
    claims=("C12", "C15"),
    kind="process",
    summary="Loyal neighbours and parallel forces put a mutiny down, or the ruler buys it off, or it walks away.",
    silent_on="trials long after",
    parameters=(
        Parameter("rate", 0.25, 0.1, 0.5, "per day", Basis.judgement, "rose1982",
                  "most mutinies end within days: four days on average when left alone", "logit"),
        Parameter("force", 1.0, 0.4, 2.0, "log hazard", Basis.judgement, "johnson2021",
                  "blocking units and loyal parallel forces shorten them; sign only", "normal"),
        Parameter("desert", 0.12, 0.04, 0.3, "share", Basis.judgement, "rose1982",
                  "mutineers who are gone when it ends; no count read", "logit"),
        Parameter("defect", 0.03, 0.008, 0.1, "share", Basis.judgement, "albrechtOhl2016",
                  "mutineers who go over, when an opponent offers it; no count read", "logit"),
        Parameter("prison", 0.08, 0.03, 0.2, "share", Basis.published, "pedroncini1967",
                  "2,896 prison sentences among about 35,000 participants in the French mutinies of 1917, "
                  "as reported from Pedroncini", "logit"),
        Parameter("concession", 0.25, 0.08, 0.5, "share of grievance", Basis.judgement, "pedroncini1967",
                  "leave, food and an end of attacks ended the French mutinies; a quarter of grievance is "
                  "ours", "logit"),
        Parameter("violence", 0.33, 0.2, 0.45, "probability", Basis.published, "johnson2021",
                  "over a third of 460 mutinies, 1945-2017, were violent (abstract); taken at a third", "logit"),
        Parameter("anger", 0.5, 0.1, 1.0, "log-odds per unit", Basis.judgement, "johnson2021",
                  "violence grows with grievance; no estimate read", "normal"),
    ),
    functions=(end_hazard, violence_probability, defect_share),
    sources=("rose1982", "johnson2021", "pedroncini1967"),
    rivals=(),
    switchable=True,
)  # fmt: skip
