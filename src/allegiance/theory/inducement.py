"""A safe and credible way out, in contact with those who offer it, draws soldiers over.

Claim C8. Kindness, safe surrender, amnesty and pay for equipment act on defection alone, and only where a soldier
meets those who offer them. Whoever can leave safely has less reason to rise, so nothing is added to mutiny. Soldiers
give up sooner to captors expected to treat them well (Reiter & Stam 1997, known from the abstract), and surrender
spreads between battles (Lehmann & Zhukov 2019). No clean causal estimate exists: leaflets and hotlines come together
with hunger, bombs and encirclement.

Leaves out the treatment of those who came over, and who believes the offer (part of `offer`).
"""

from __future__ import annotations

from allegiance.base.values import Basis
from allegiance.theory.contract import TIE, Mechanism, Parameter, Real, term
from allegiance.theory.forms import routes


def inducement_pressure(offer: Real, contact: Real, tie: Real, weight: Real, linked: Real) -> Real:
    """What an offer adds to the log-odds of going over: weight · offer · contact · (1 + linked · tie).

    Args:
        offer: generosity and credibility of what the opponent or civilians offer [share, 0 to 1].
        contact: how much the soldier meets those who offer [share, 0 to 1].
        tie: closeness to them [share, 0 to 1].
        weight: pressure of a full offer on a stranger in full contact [log-odds; parameter `weight`].
        linked: how much more it moves a soldier fully tied to them [ratio, >= 0; parameter `linked`].

    Returns:
        Pressure on defection [log-odds, 0 to weight · (1 + linked)].

    Source: judgement, after Reiter & Stam (1997).
    """
    return weight * offer * contact * (1.0 + linked * tie)


MECHANISM = Mechanism(
    id="inducement",
    claims=("C8",),
    kind="pressure",
    summary="A safe and credible way out, in contact with those who offer it, draws soldiers over.",
    silent_on="the treatment of those who came over",
    parameters=(
        Parameter("weight", 0.35, 0.05, 0.9, "log-odds", Basis.judgement, "reiterStam1997",
                  "sign only, from the abstract: no size was read; 1.4 at the fullest offer in full contact is a "
                  "judgement", "normal"),
        Parameter("linked", 1.0, 0.2, 2.0, "ratio", Basis.judgement, "johnson2022",
                  "stronger for soldiers tied to those who offer; argued, not estimated", "normal"),
    ),
    functions=(inducement_pressure,),
    sources=("reiterStam1997", "lehmannZhukov2019"),
    rivals=(),
    terms=(
        term(
            inducement_pressure, routes(defection=1.0), offer="side.offer", contact="company.contact", tie=TIE,
            weight="weight", linked="linked",
        ),
    ),
    switchable=True,
)  # fmt: skip
