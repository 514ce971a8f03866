"""Measures against coups make plots harder and the army worse and more resentful.

Claim C5. One set of measures, four effects: surveillance and purges raise the cost of coordinating a plot; guards
lower its chance of success; stacking and purges cost competence; favour breeds resentment in those passed
over. The signs are those of De Bruin (2018, doi:10.1177/0022002717692652; 2020): counterbalancing lowers the success
of attempts more surely than their number; Powell (2012, doi:10.1177/0022002712445732) finds fewer attempts as well.
Talmadge (2015) and Pilster & Böhmelt (2011) trace the loss of fighting skill, Bou Nassif (2015) the resentment of
Sunni officers in Syria. Between 1960-89 and 1990-2019 coups in West and Central Africa fell by a third while mutinies
rose four to five times (Dwyer & Tansey 2020, doi:10.1080/09636412.2020.1859129), but coup-proofing is not isolated
there: the authors explain the divergence by what the end of the Cold War meant to senior and to junior ranks.

Leaves out pay and supply moved to the parallel force (see relative_deprivation), and the year after a new force is
founded, in which attempts rise (De Bruin 2020). The shares inside the formulas say which
measure works through which effect; they are judgements and are varied only through the weights.
"""

from __future__ import annotations

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real, term


def coordination_cost(surveillance: Real, purges: Real, weight: Real) -> Real:
    """What measures against plots take from the log-odds of an attempt.

    cost = weight · (0.6 · surveillance + 0.4 · purges)

    Counterweights are not among them: they work by giving others a reason to resist, not by barriers to coordination
    (De Bruin 2018).

    Args:
        surveillance: how closely officers are watched [share, 0 to 1].
        purges: how often commanders are removed or rotated [share, 0 to 1].
        weight: cost at full measures [log-odds; parameter `coordination`].

    Returns:
        Cost, subtracted from the log-odds of an attempt [log-odds, 0 to weight].

    Source: Powell (2012), doi:10.1177/0022002712445732, for the sign.
    """
    return weight * (0.6 * surveillance + 0.4 * purges)


def guard_strength(counterbalancing: Real, weight: Real) -> Real:
    """What guards take from a coup's chance of success: weight · counterbalancing.

    Args:
        counterbalancing: strength of the counterweight [share, 0 to 1].
        weight: effect of a full counterweight [probit units; parameter `guards`].

    Returns:
        Strength subtracted inside the success probability of `plot` [probit units, 0 to weight].

    Source: De Bruin (2018), doi:10.1177/0022002717692652, for the sign.
    """
    return weight * counterbalancing


def trust(stacking: Real, weight: Real) -> Real:
    """What posts given for loyalty take from the support that a coup finds: weight · stacking.

    Args:
        stacking: share of posts given by group or loyalty instead of merit [share, 0 to 1].
        weight: support withheld where every post is given so [grievance; parameter `trust`].

    Returns:
        Taken from the disaffection of the other commanders in the success probability of `plot` [grievance, 0 to
        weight].

    Source: Quinlivan (1999), doi:10.1162/016228899560202: those who hold posts by the ruler's favour lose them
    with the ruler; size by judgement.
    """
    return weight * stacking


def competence(base: Real, stacking: Real, purges: Real, weight: Real) -> Real:
    """Competence of commanders left after stacking and purges: base · (1 − weight · (0.6 stacking + 0.4 purges)).

    Args:
        base: competence the formation would have [share, 0 to 1].
        stacking: share of posts given by group or loyalty instead of merit [share, 0 to 1].
        purges: how often commanders are removed [share, 0 to 1].
        weight: share of competence lost at full measures [share, 0 to 1; parameter `competence`].

    Returns:
        Competence [share, 0 to base].

    Source: Talmadge (2015); Quinlivan (1999), doi:10.1162/016228899560202.
    """
    return base * (1.0 - weight * (0.6 * stacking + 0.4 * purges))


def resentment(counterbalancing: Real, stacking: Real, purges: Real, weight: Real) -> Real:
    """Grievance of those passed over: weight · (0.4 · counterbalancing + 0.4 · stacking + 0.2 · purges).

    Args:
        counterbalancing: strength of the favoured counterweight [share, 0 to 1].
        stacking: share of posts given by group or loyalty [share, 0 to 1].
        purges: how often commanders are removed [share, 0 to 1].
        weight: appraisal at full measures [grievance; parameter `resentment`].

    Returns:
        Appraisal added to the grievance of regular soldiers [grievance, 0 to weight].

    Source: Bou Nassif (2015), Journal of Strategic Studies 38(5); size by judgement.
    """
    return weight * (0.4 * counterbalancing + 0.4 * stacking + 0.2 * purges)


MECHANISM = Mechanism(
    id="coup_proofing",
    claims=("C5",),
    kind="pressure",
    summary="Measures against coups make plots harder and the army worse and more resentful.",
    silent_on="pay and supply moved to the parallel force (see relative_deprivation)",
    parameters=(
        Parameter("coordination", 1.2, 0.4, 2.2, "log-odds", Basis.judgement, "powell2012",
                  "deters attempts in Powell (2012), hardly in De Bruin (2018); coefficients not "
                  "comparable, so the interval is wide", "normal"),
        Parameter("guards", 1.0, 0.45, 1.6, "probit units", Basis.judgement, "debruin2018",
                  "at a middling counterweight success falls from a half to about a third, at the fullest "
                  "to about a fifth; the abstract gives the sign, coefficients were not read", "normal"),
        Parameter("competence", 0.35, 0.15, 0.55, "share", Basis.judgement, "talmadge2015",
                  "stacking and purges cost skill in every case compared; a third of it at the extreme is "
                  "our reading, not a measurement", "logit"),
        Parameter("trust", 0.6, 0.2, 1.0, "grievance", Basis.judgement, "quinlivan1999",
                  "outweighs the resentment of those passed over, who command less of what decides a coup; size ours",
                  "normal"),
        Parameter("resentment", 0.5, 0.1, 1.0, "grievance", Basis.judgement, "bouNassif2015jss",
                  "second-class officers and soldiers beside favoured ones; described, not measured", "normal"),
    ),
    functions=(coordination_cost, guard_strength, trust, competence, resentment),
    sources=(
        "debruin2018", "debruin2020", "powell2012", "talmadge2015", "pilsterBohmelt2011",
        "quinlivan1999", "bouNassif2015jss", "dwyerTansey2020",
    ),
    rivals=(),
    terms=(
        term(
            resentment, "grievance", where="force.regular",
            counterbalancing="side.counterbalancing", stacking="side.stacking", purges="side.purges",
            weight="resentment",
        ),
    ),
    switchable=True,
)  # fmt: skip
