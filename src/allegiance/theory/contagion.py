"""Men leave when they believe that others will leave or that all is lost; past a threshold an army goes in days."""

from __future__ import annotations

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def belief_update(belief: float, left_today: float, memory: float) -> float:
    return belief * (1.0 - 1.0 / memory) + left_today


@scalar
def shared_belief(company: float, brigade: float, force: float, own: float) -> float:
    return own * company + (1.0 - own) * (0.6 * brigade + 0.4 * force)


@scalar
def collapse_pressure(belief: float, weight: float, half: float) -> float:
    square = belief * belief
    return weight * square / (square + half * half)


@scalar
def all_lost(win_probability: float, weight: float) -> float:
    doubt = max(0.0, 1.0 - 4.0 * win_probability)
    return weight * doubt * doubt


@scalar
def hopelessness(win_probability: float, weight: float) -> float:
    return weight * max(0.0, 1.0 - 2.0 * win_probability)


MECHANISM = Mechanism(
    id="contagion",
    claims=("C7", "C15"),
    kind="pressure",
    summary="Men leave when they believe that others will leave or that all is lost; past a threshold an army goes in days.",
    silent_on="why the first men leave",
    parameters=(
        Parameter(
            "weight",
            7.0,
            5.0,
            9.0,
            "log-odds",
            Basis.judgement,
            "lehmannZhukov2019",
            "Mosul, Kabul, Crimea: 70 to 95 per cent within days, against a trickle otherwise",
            "normal",
        ),
        Parameter(
            "half",
            0.2,
            0.12,
            0.32,
            "share gone or disobeying",
            Basis.judgement,
            "kuran1991",
            "belief at which collapse becomes likely",
            "logit",
        ),
        Parameter("memory", 10, 5, 20, "days", Basis.judgement, "kuran1991", "how long what others did is news", "log"),
        Parameter(
            "company",
            0.5,
            0.3,
            0.7,
            "share",
            Basis.judgement,
            "shilsJanowitz1948",
            "weight of what is seen in the own company; the rest is brigade and force",
            "logit",
        ),
        Parameter(
            "lost",
            0.22,
            0.1,
            0.35,
            "share of comrades",
            Basis.judgement,
            "lehmannZhukov2019",
            "a war plainly lost counts as if this share had already left",
            "logit",
        ),
        Parameter("hopeless", 1.2, 0.4, 2.2, "grievance", Basis.judgement, "lyall2016", "all is lost", "normal"),
    ),
    functions=(
        belief_update,
        shared_belief,
        collapse_pressure,
        hopelessness,
    ),
    sources=("kuran1991", "lehmannZhukov2019"),
    rivals=(),
    switchable=True,
)
