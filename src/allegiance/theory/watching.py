"""Soldiers beside forces that watch them leave less.

Claim C5. Rulers keep guards, militias and hired soldiers beside the army, among other things so that fewer dare to
leave it: who goes meets others who are armed, paid apart and not of the army. Where armies coerced their own soldiers,
some by separate units placed behind them, fewer fled (Lyall & Zhukov 2025, doi:10.1017/S002081832400033X). What
parallel forces as such do is disputed: security forces made for special tasks go with fewer defections, those made as
a counterweight with more (Dworschak 2020, doi:10.1177/0022002720904763). The second is the resentment of those
passed over, which is not here but in `coup_proofing` and `relative_deprivation`: this is the other side of the balance,
and a small one.

Leaves out where the guards stand, and what they do to those whom they catch.
"""

from __future__ import annotations

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real, term
from allegiance.theory.forms import routes


def watched(counterbalancing: Real, watch: Real, weight: Real) -> Real:
    """What parallel forces take from the log-odds that a regular soldier leaves: −weight · counterbalancing · watch.

    Args:
        counterbalancing: how far they are kept against the army and not merely beside it [share, 0 to 1].
        watch: strength of the parallel forces that obey, 1 at a fifth of all soldiers [share, 0 to 1].
        weight: effect of forces of full strength kept wholly against the army [log-odds, >= 0; parameter `weight`].

    Returns:
        Pressure, never positive [log-odds, −weight to 0]; 0 where no parallel force obeys, or none is a counterweight.

    Source: Lyall & Zhukov (2025), doi:10.1017/S002081832400033X, for the sign; the product by judgement.
    """
    return -weight * counterbalancing * watch


MECHANISM = Mechanism(
    id="watching",
    claims=("C5",),
    kind="pressure",
    summary="Soldiers beside forces that watch them leave less.",
    silent_on="where the guards stand, and what they do to those whom they catch",
    parameters=(
        Parameter("weight", 0.25, 0.0, 0.7, "log-odds", Basis.judgement, "dworschak2020",
                  "specialised forces go with fewer defections, counterweights with more, so that little or nothing "
                  "may be left; a ninth of what certain and utmost punishment does in hidden_effort; size ours",
                  "normal"),
    ),
    functions=(watched,),
    sources=("lyallZhukov2025", "dworschak2020", "debruin2020"),
    rivals=(),
    terms=(
        term(
            watched, routes(desertion=1.0, defection=1.0), where="force.regular",
            counterbalancing="side.counterbalancing", watch="side.watch", weight="weight",
        ),
    ),
    switchable=True,
)  # fmt: skip
