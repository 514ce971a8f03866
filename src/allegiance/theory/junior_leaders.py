"""Hidden disobedience lasts where sergeants and lieutenants look away, and mutiny where they lead.

Claims C12 and C15. Slow work, feigned incompetence and neglect are seen first by those who stand beside the soldiers:
whoever hides effort must hide it from them, or have them hide it too (Scott 1985). Shils & Janowitz (1948,
doi:10.1086/265951) found the small units of the Wehrmacht held by the junior officers and sergeants who lived and died
with them. Rose (1982, doi:10.1177/0095327X8200800403) and Hamby (2002) count leadership of the small unit among what
mutinies turn on. All of them say that it matters; none is read here as a size.

So each company has its junior leaders, of whom a share enforces orders. They share their soldiers' grievance, and hold
as far as their commander is loyal, as the leaders beside them hold, and as they are watched and punished. Those who
fall are replaced by soldiers who were equals the day before, and who enforce less. Where fewer enforce than in an
ordinary army, less of hidden shirking is stopped and more of the readiness to mutiny finds somebody at its head; where
more do, both are held down. Punishment reaches a leader who rebels in the open, yet hardly one who looks away.

Leaves out what single leaders do, leaders who are purged or promoted for their stance, and quarrels between them.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real, term
from allegiance.theory.forms import routes

WATCHED, LOYAL = 0.2, 0.7
"""Monitoring times punishment, and loyalty of commanders, of an ordinary army (theory/anchors.py; judgement)."""
AWAY = 0.5
"""Leaders of a company look away as a body where a smaller share than this enforces (judgement)."""


def enforcing(ordinary: Real, lean: Real) -> Real:
    """Share of junior leaders who enforce orders: expit(logit(ordinary) + lean).

    Args:
        ordinary: share in an ordinary army [share, 0 to 1, not 0; parameter `ordinary`].
        lean: sum of what sets these leaders apart [log-odds].

    Returns:
        Share [0 to 1]; `ordinary` at a lean of 0.

    Source: form by this project: the logit of theory/choice.py.
    """
    odds: Real = (1.0 - ordinary) / ordinary * np.exp(-np.clip(lean, -50.0, 50.0))
    return 1.0 / (1.0 + odds)


def resentment(grievance: Real, usual: Real, weight: Real) -> Real:
    """What shared grievance takes from leaders' readiness to enforce: −weight · max(0, grievance − usual).

    Args:
        grievance: mean grievance of the company, in which its leaders live [grievance, >= 0].
        usual: grievance up to which leaders do their duty as in any army [grievance; parameter `usual`].
        weight: effect of a unit of grievance beyond it [log-odds per unit; parameter `anger`].

    Returns:
        Lean [log-odds, never positive].

    Source: judgement, after Shils & Janowitz (1948), doi:10.1086/265951.
    """
    return -weight * np.maximum(0.0, grievance - usual)


def hold(monitoring: Real, punishment: Real, loyalty: Real, threat: Real, trust: Real) -> Real:
    """What keeps leaders to their duty from above, against an ordinary army.

    threat · (monitoring · punishment − 0.2) + trust · (loyalty − 0.7).

    Args:
        monitoring: probability that disobedience is seen and pursued [share, 0 to 1].
        punishment: severity [share, 0 to 1].
        loyalty: of the commander of their brigade, to the ruler [share, 0 to 1].
        threat: effect of certain and utmost punishment [log-odds; parameter `threat`].
        trust: a wholly loyal commander against one not loyal at all [log-odds; parameter `trust`].

    Returns:
        Lean [log-odds]; 0 in an ordinary army.

    Source: judgement; expected punishment after Becker (1968), doi:10.1086/259394.
    """
    return threat * (monitoring * punishment - WATCHED) + trust * (loyalty - LOYAL)


def example(around: Real, ordinary: Real, weight: Real) -> Real:
    """What the leaders of neighbouring companies add: weight · (around − ordinary).

    Args:
        around: share of leaders who enforce, mean over the companies of the brigade [share, 0 to 1].
        ordinary: that share in an ordinary army [share, 0 to 1, not 0; parameter `ordinary`].
        weight: effect of all against none [log-odds; parameter `neighbours`]; below 4 no stance feeds on itself.

    Returns:
        Lean [log-odds].

    Source: judgement, after Granovetter (1978), doi:10.1086/226707.
    """
    return weight * (around - ordinary)


def bereft(leaders: Real, lost: Real, ratio: Real, green: Real) -> Real:
    """Share who enforce after a day's losses: leaders · (1 − min(1, ratio · lost) · (1 − green)).

    Args:
        leaders: share of junior leaders who enforce orders [share, 0 to 1].
        lost: share of the company killed or wounded today [share, 0 to 1].
        ratio: losses among junior leaders against those among soldiers [ratio; parameter `fallen`].
        green: how far those who take their place enforce, against those who fell [share; parameter `green`].

    Returns:
        Share [0 to `leaders`].

    Source: judgement; losses by rank in Winter (1977) and Buzzell & Preston (2007).
    """
    return leaders * (1.0 - np.minimum(1.0, ratio * lost) * (1.0 - green))


def moved(leaders: Real, towards: Real, days: Real) -> Real:
    """Share who enforce tomorrow: leaders + (towards − leaders) / days.

    Args:
        leaders: share today [share, 0 to 1].
        towards: share at which they would settle under today's conditions [share, 0 to 1; from `enforcing`].
        days: days in which a stance moves by two thirds of the way [days, >= 1; parameter `days`].

    Returns:
        Share [0 to 1].

    Source: judgement.
    """
    return leaders + (towards - leaders) / np.maximum(days, 1.0)


def complicity(leaders: Real, ordinary: Real, weight: Real) -> Real:
    """What leaders who look away add to hidden shirking: weight · (1 − leaders / ordinary).

    Hidden work is seen by those who stand beside it or by nobody: the watch over it counts by leaders / ordinary,
    however closely those above watch what is done in the open.

    Args:
        leaders: share of the company's junior leaders who enforce [share, 0 to 1].
        ordinary: that share in an ordinary army [share, 0 to 1, not 0; parameter `ordinary`].
        weight: what the watch of ordinary leaders holds down [log-odds; parameter `watch`].

    Returns:
        Pressure on shirking [log-odds]; 0 under ordinary leaders, negative under stricter ones, `weight` at most.

    Source: judgement, after Scott (1985).
    """
    return weight * (1.0 - leaders / ordinary)


def at_the_head(leaders: Real, monitoring: Real, punishment: Real) -> Real:
    """Chance that a junior leader is at the head of a mutiny: (1 − leaders) · (1 − monitoring · punishment).

    Args:
        leaders: share of the company's junior leaders who enforce [share, 0 to 1].
        monitoring: probability that disobedience is seen and pursued [share, 0 to 1].
        punishment: severity; ringleaders are the first to be shot [share, 0 to 1].

    Returns:
        Probability [0 to 1].

    Source: judgement, after Rose (1982), doi:10.1177/0095327X8200800403.
    """
    return (1.0 - leaders) * (1.0 - monitoring * punishment)


def lead(leaders: Real, ordinary: Real, monitoring: Real, punishment: Real, weight: Real) -> Real:
    """What junior leaders add to open disobedience, with x = 1 − leaders / ordinary.

    weight · x · (1 − monitoring · punishment) where x > 0; weight · x where they enforce more than is ordinary.

    Args:
        leaders: share of the company's junior leaders who enforce [share, 0 to 1].
        ordinary: that share in an ordinary army [share, 0 to 1, not 0; parameter `ordinary`].
        monitoring: probability that open disobedience is seen and pursued [share, 0 to 1].
        punishment: severity [share, 0 to 1].
        weight: leaders all at the head, unpunished, against ordinary ones [log-odds; parameter `rally`].

    Returns:
        Pressure [log-odds]; 0 under ordinary leaders, negative under stricter ones, `weight` at most.

    Source: judgement, after Hamby (2002).
    """
    short = 1.0 - leaders / ordinary
    return weight * short * np.where(short > 0.0, 1.0 - monitoring * punishment, 1.0)


def settled(ordinary: Real, lean: Real, neighbours: Real) -> Real:
    """Share at which the leaders of a brigade of like companies settle: the end of x ← enforcing(lean + example(x)).

    Args:
        ordinary: share in an ordinary army [share, 0 to 1, not 0; parameter `ordinary`].
        lean: all that sets these companies apart but each other's example [log-odds].
        neighbours: effect of that example [log-odds; parameter `neighbours`].

    Returns:
        Share [0 to 1]; `ordinary` at a lean of 0.

    Source: fixed point of the formulas above; Brock & Durlauf (2001), doi:10.1111/1467-937X.00168.
    """
    share = ordinary
    for _ in range(60):
        share = enforcing(ordinary, lean + example(share, ordinary, neighbours))
    return share


MECHANISM = Mechanism(
    id="junior_leaders",
    claims=("C12", "C15"),
    kind="process",
    summary="Hidden disobedience lasts where sergeants and lieutenants look away, and mutiny where they lead.",
    silent_on="single leaders, and leaders purged or promoted for their stance",
    parameters=(
        Parameter("ordinary", 0.85, 0.7, 0.94, "share", Basis.judgement, "shilsJanowitz1948",
                  "junior leaders of an ordinary army who enforce orders; all else is measured against it; the study "
                  "says that they were the core of their units, not how many", "logit"),
        Parameter("spread", 0.5, 0.2, 0.9, "log-odds", Basis.judgement, "mclauchlin2015",
                  "standard deviation between companies: from three in four to nine in ten around the ordinary; less "
                  "than what sets companies apart in readiness", "log"),
        Parameter("usual", 0.8, 0.5, 1.2, "grievance", Basis.judgement, "shilsJanowitz1948",
                  "grievance up to which leaders do as in any army: near the upper end of a contented one", "log"),
        Parameter("anger", 0.7, 0.3, 1.3, "log-odds per unit", Basis.judgement, "hamby2002",
                  "leaders share their soldiers' lot but have rank to lose: below a soldier's slope on refusal", "log"),
        Parameter("threat", 0.5, 0.1, 1.2, "log-odds", Basis.judgement, "becker1968",
                  "a quarter of what deters soldiers from open disobedience: looking away is hardly ever seen", "log"),
        Parameter("trust", 1.0, 0.3, 2.0, "log-odds", Basis.judgement, "hirschman1970",
                  "half of what a soldier's own loyalty does: it is the commander's", "normal"),
        Parameter("neighbours", 2.0, 0.6, 3.4, "log-odds", Basis.judgement, "granovetter1978",
                  "all leaders around who enforce against none; below what would let a stance feed on itself",
                  "normal"),
        Parameter("fallen", 1.4, 0.8, 2.2, "ratio", Basis.judgement, "winter1977",
                  "losses of junior leaders against soldiers: higher for British officers, above all junior ones, in "
                  "1914-18; lower for American officers in Iraq, of whom lieutenants were most at risk (summaries of "
                  "both; tables not read)", "log"),
        Parameter("green", 0.7, 0.4, 0.95, "share", Basis.judgement, "shilsJanowitz1948",
                  "those promoted from among equals enforce less at first; size ours", "logit"),
        Parameter("days", 20, 7, 60, "days", Basis.judgement, "scott1985",
                  "as long as a spell of shirking; no series", "log"),
        Parameter("watch", 1.0, 0.4, 2.0, "log-odds", Basis.judgement, "scott1985",
                  "hidden shirking that ordinary leaders hold down: where all look away its odds are nearly threefold; "
                  "hidden by nature, so unmeasured", "normal"),
        Parameter("rally", 1.5, 0.5, 3.0, "log-odds", Basis.judgement, "hamby2002",
                  "all leaders at the head against ordinary ones: as much as a mutiny seen in the brigade", "normal"),
    ),
    functions=(
        enforcing, resentment, hold, example, bereft, moved, complicity, at_the_head, lead, settled,
    ),
    sources=("shilsJanowitz1948", "rose1982", "hamby2002", "scott1985", "winter1977", "buzzellPreston2007"),
    rivals=(),
    terms=(
        term(
            complicity, routes(shirking=1.0), leaders="company.leaders", ordinary="ordinary",
            weight="watch",
        ),
        term(
            lead, routes(refusal=0.5, mutiny=1.0), leaders="company.leaders", ordinary="ordinary",
            monitoring="side.monitoring", punishment="side.punishment", weight="rally",
        ),
    ),
    switchable=True,
)  # fmt: skip
