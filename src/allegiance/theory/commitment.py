"""Formations that are ready are sent first, and are used up first.

Claim C2. Contract soldiers and conscripts may serve in different formations, kept at different readiness. A staff sends
the ready ones first, spearheads before all, keeps garrisons at home and reserves back. Those who are sent lose most;
recruits who take the places of trained soldiers do not make up for them, so that their readiness falls and others take
over. Russia's units of contract soldiers at high readiness were committed first in 2022, and reinforcements were
expected to be much worse than they (Stepanenko, Kagan & Babcock-Lumish 2022); the army was built for a short war and
short of infantry (Kofman & Lee 2022). Acts only in a force whose case says that its brigades are of different kinds.

The cost of sending the ready first: they are missing later. The cost of sparing them: the unready bear the war.

Leaves out that recruits are trained in time, that a formation is taken out of the war to be rebuilt, and that one
at higher readiness fights better.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real


def readiness(drill: Real, present: Real) -> Real:
    """How ready a formation is today: drill · present.

    Args:
        drill: how trained those who joined it were, mean [level, 0 to 1]; recruits bring the parameter `recruits`.
        present: share of its places whose soldiers are present [share, 0 to 1].

    Returns:
        Readiness [level, 0 to 1].

    Source: judgement; manning and training are what armies report as readiness.
    """
    return drill * present


def spent(ready: Real, at_start: Real, worn: Real) -> Real:
    """How far the formations that go first are used up: min(1, (1 − ready / at_start) / worn).

    Args:
        ready: mean readiness today of line formations and spearheads of the force [level, 0 to 1].
        at_start: the same at the start [level, 0 to 1]; at 0 there is nothing to lose and they are spent.
        worn: share of readiness lost at which reserves come as others do [share, > 0; parameter `worn`].

    Returns:
        Share [0 to 1].

    Source: judgement.
    """
    lost = np.where(np.asarray(at_start) > 0, 1.0 - ready / np.where(np.asarray(at_start) > 0, at_start, 1.0), 1.0)
    return np.clip(lost / worn, 0.0, 1.0)


def precedence(ready: Real, lead: Real, held: Real, first: Real) -> Real:
    """How often a formation is sent against an unready one of the line: exp(first · ready) · lead · (1 − held).

    Args:
        ready: readiness today [level, 0 to 1].
        lead: 1, of a spearhead how much more often it goes than an equal of the line [ratio, > 0; parameter `lead`].
        held: share of its turns that it is kept out of: 0 in the line; `kept` of a garrison, and of a reserve while
            the others are not spent [share, 0 to 1].
        first: how far the staff puts ready formations first, 0 not at all [log ratio per level; parameter `first`].

    Returns:
        Precedence [ratio, >= 0]; only the ratios between formations of a force count.

    Source: judgement, after Stepanenko, Kagan & Babcock-Lumish (2022).
    """
    return np.exp(first * ready) * lead * (1.0 - held)


def turn(precedence: Real, level: Real, present: Real, deployed: Real) -> Real:
    """Share of the days that a formation is due in contact: min(max(present, deployed), level · precedence).

    `level` is one number for the formations of a force, so large that together they fill the share of it that is
    deployed. None gives more than the share of its soldiers who are there, unless all must, so that a burden too heavy
    for those who go first falls on those kept back.

    Args:
        precedence: see there [ratio, >= 0].
        level: days due at a precedence of 1 [share, >= 0].
        present: share of its places whose soldiers are present [share, 0 to 1].
        deployed: share of the force that is in contact [share, 0 to 1].

    Returns:
        Share of days [share, 0 to 1].

    Source: bookkeeping; the bound by judgement.
    """
    return np.minimum(np.maximum(present, deployed), level * precedence)


MECHANISM = Mechanism(
    id="commitment",
    claims=("C2",),
    kind="process",
    summary="Formations that are ready are sent first, and are used up first.",
    silent_on="the training of recruits in time, and formations taken out of the war to be rebuilt",
    parameters=(
        Parameter("first", 2.0, 0.5, 4.0, "log ratio per level", Basis.judgement, "stepanenko2022",
                  "units of contract soldiers at high readiness were committed first in 2022; the source gives no "
                  "share: a formation at 0.9 goes 2.7 times as often as one at 0.4", "normal"),
        Parameter("lead", 1.5, 1.0, 2.5, "ratio", Basis.judgement, "stepanenko2022",
                  "airborne and other elite units went ahead; how much more often than the line is ours", "log"),
        Parameter("kept", 0.9, 0.6, 0.98, "share", Basis.judgement, "stepanenko2022",
                  "conscripts were not to be sent, and some were all the same; share ours", "logit"),
        Parameter("worn", 0.3, 0.15, 0.5, "share", Basis.judgement, "kofmanLee2022",
                  "armies count a formation that has lost a third as no longer fit to attack; rule of thumb", "logit"),
        Parameter("recruits", 0.4, 0.2, 0.6, "level", Basis.judgement, "kofmanLee2022",
                  "replacements in the first year had weeks of training where those they replaced had years; no "
                  "measure read", "logit"),
    ),
    functions=(readiness, spent, precedence, turn),
    sources=("stepanenko2022", "kofmanLee2022"),
    rivals=(),
    switchable=True,
)  # fmt: skip
