"""Watched and punished soldiers stay in line and withhold effort instead.

Claim C12. Expected punishment (probability times severity, Becker 1968, doi:10.1086/259394) deters what can be seen:
leaving, refusing, rising. It cannot buy what is not seen, and pressure on the visible task moves effort out of the
invisible one (Holmstrom & Milgrom 1991, doi:10.1093/jleo/7.special_issue.24; everyday resistance in Scott 1985). In
526 battles armies that coerced their own soldiers saw fewer flee, more die, and less initiative (Lyall & Zhukov 2025);
Soviet soldiers from more repressed places shirked less but won fewer medals (Rozenas, Talibova & Zhukov 2024): the
displacement is real and its size unknown.

Leaves out sabotage whose authors are found, and punishment that is unjust to the wrong soldier.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real, term
from allegiance.theory.forms import routes


def deterrence(monitoring: Real, punishment: Real, weight: Real) -> Real:
    """What expected punishment takes from the log-odds of open disobedience: −weight · monitoring · punishment.

    Args:
        monitoring: probability that open disobedience is seen and pursued [share, 0 to 1].
        punishment: severity, 0 none to 1 shot [share, 0 to 1].
        weight: effect of certain and utmost punishment [log-odds; parameter `deterrence`].

    Returns:
        Pressure, never positive [log-odds, −weight to 0].

    Source: Becker (1968), doi:10.1086/259394.
    """
    return -weight * monitoring * punishment


def displacement(monitoring: Real, punishment: Real, grievance: Real, weight: Real) -> Real:
    """What moves from open to hidden disobedience: weight · monitoring · punishment · grievance / (1 + grievance).

    Args:
        monitoring: probability of being seen [share, 0 to 1].
        punishment: severity [share, 0 to 1].
        grievance: the soldier's grievance [grievance, >= 0].
        weight: pressure on shirking at full watch and great grievance [log-odds; parameter `displacement`].

    Returns:
        Pressure on shirking [log-odds, 0 to weight]; 0 for a content or an unwatched soldier.

    Source: after Holmstrom & Milgrom (1991), doi:10.1093/jleo/7.special_issue.24; form by this project.
    """
    return weight * monitoring * punishment * grievance / (1.0 + grievance)


def punishment_grievance(punishment: Real, weight: Real) -> Real:
    """The grievance that punishment itself causes: weight · punishment.

    Args:
        punishment: severity [share, 0 to 1].
        weight: grievance at the utmost [grievance; parameter `aggrieve`].

    Returns:
        Appraisal [grievance, 0 to weight].

    Source: judgement; Lyall & Zhukov (2025) for the cost of coercion.
    """
    return weight * punishment


def upkeep(state: Real, shirking: Real, wear: Real, repair: Real) -> Real:
    """State of a force's equipment tonight: state − wear · shirking · state + repair · (1 − state).

    Feigned incompetence, slow work, neglected maintenance and invented faults act on what has to be kept in order.

    Args:
        state: working order against what it could be [share, 0 to 1].
        shirking: share of the soldiers present who shirk [share, 0 to 1].
        wear: share lost a day where all shirk [per day; parameter `neglect`].
        repair: share of what is lost that is mended a day [per day; parameter `repair`].

    Returns:
        Working order [share, 0 to 1]; 1 where nobody shirks.

    Source: judgement, after Scott (1985) on everyday resistance.
    """
    return np.clip(state - wear * shirking * state + repair * (1.0 - state), 0.0, 1.0)


def misdirected(shirking: Real, weight: Real) -> Real:
    """Share of supply that does not arrive because those who move it shirk: weight · shirking.

    Args:
        shirking: share of the side's soldiers present who shirk [share, 0 to 1].
        weight: share lost where all shirk [share, 0 to 1; parameter `cargo`].

    Returns:
        Share lost [share, 0 to weight].

    Source: judgement, after Scott (1985).
    """
    return weight * shirking


MECHANISM = Mechanism(
    id="hidden_effort",
    claims=("C12",),
    kind="pressure",
    summary="Watched and punished soldiers stay in line and withhold effort instead.",
    silent_on="sabotage whose authors are found",
    parameters=(
        Parameter("deterrence", 2.2, 1.0, 3.4, "log-odds", Basis.judgement, "lyallZhukov2025",
                  "coercion keeps soldiers in place; odds of open disobedience some nine times lower at the "
                  "utmost; coefficients not read", "normal"),
        Parameter("displacement", 1.1, 0.4, 2.0, "log-odds", Basis.judgement, "rozenas2024",
                  "and costs initiative; half of what is deterred, our guess", "normal"),
        Parameter("neglect", 0.02, 0.006, 0.06, "per day", Basis.judgement, "scott1985",
                  "vehicles of a unit in which nobody cares are out of order within months; no series", "log"),
        Parameter("repair", 0.03, 0.01, 0.08, "per day", Basis.judgement, "scott1985",
                  "a month or so until workshops have caught up", "log"),
        Parameter("cargo", 0.2, 0.07, 0.45, "share", Basis.judgement, "scott1985",
                  "supply lost where all who move it shirk; no series", "logit"),
        Parameter("aggrieve", 0.4, 0.1, 0.9, "grievance", Basis.judgement, "lyallZhukov2025",
                  "punishment is itself a grievance; small beside want, no estimate", "normal"),
    ),
    functions=(deterrence, displacement, punishment_grievance, upkeep, misdirected),
    sources=("becker1968", "holmstromMilgrom1991", "scott1985", "lyallZhukov2025", "rozenas2024"),
    rivals=(),
    terms=(
        term(punishment_grievance, "grievance", punishment="side.punishment", weight="aggrieve"),
        term(
            deterrence, routes(refusal=1.0, desertion=1.0, defection=0.7, mutiny=1.0),
            monitoring="side.monitoring", punishment="side.punishment", weight="deterrence",
        ),
        term(
            displacement, routes(shirking=1.0), monitoring="side.monitoring", punishment="side.punishment",
            grievance="company.grievance", weight="displacement",
        ),
    ),
    switchable=True,
)  # fmt: skip
