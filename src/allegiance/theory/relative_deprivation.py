"""Soldiers who go without beside soldiers who do not feel cheated, more than hunger alone would make them.

Claim C6. Soldiers compare their pay, food and kit with those of the forces they see (Stouffer et al. 1949; Gurr 1970).
The comparison is logarithmic in the ratio, as in the justice evaluation of Jasso (1978, doi:10.1086/226706), whose
ln(actual / just) this is with the other force as the just share; only the shortfall counts. Gurr's own form, the gap
as a share of what is expected, stands beside it as a rival. A parallel force in turn rises when its privileges are
withdrawn. Starting to hire foreigners raises mutiny risk, an established foreign force lowers it (Escribà-Folch,
Faulkner & Mehrl 2025, known here from the abstract).

Leaves out absolute want (see deprivation) and how well informed soldiers are beyond `seen`.
"""

from __future__ import annotations

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real, term


def relative_deprivation(own: Real, reference: Real, seen: Real, weight: Real) -> Real:
    """Grievance from comparison: weight · seen · max(0, log(reference / own)).

    Args:
        own: supply and pay of the soldier's force against its full needs [share, >= 0; floored at 0.01].
        reference: the same for the best-kept force in sight [share, >= 0; floored at 0.01].
        seen: how much is seen of that force [share, 0 to 1].
        weight: grievance per unit log ratio [grievance per log ratio; parameter `weight`].

    Returns:
        Appraisal [grievance, >= 0]; 0 if no worse off.

    Source: Jasso (1978), doi:10.1086/226706; Stouffer et al. (1949).
    """
    return weight * seen * np.maximum(0.0, np.log(np.maximum(reference, 0.01) / np.maximum(own, 0.01)))


def gap_gurr1970(own: Real, reference: Real, seen: Real, weight: Real) -> Real:
    """Rival: Gurr's (1970) gap as a share of what is expected: weight · seen · (reference − own) / reference.

    Args:
        own: supply and pay of the soldier's force [share, >= 0].
        reference: the same for the best-kept force in sight [share, >= 0; floored at 0.01 as a divisor].
        seen: how much is seen of that force [share, 0 to 1].
        weight: grievance at a total gap [grievance].

    Returns:
        Appraisal [grievance, 0 to weight · seen]; unlike the logarithm it is bounded.

    Source: Gurr (1970).
    """
    return weight * seen * np.maximum(0.0, (reference - own) / np.maximum(reference, 0.01))


def privilege_loss(dissolution: Real, weight: Real) -> Real:
    """Grievance of a parallel force told to fold in: weight · dissolution.

    Args:
        dissolution: how far its dissolution or merger has been ordered [share, 0 to 1].
        weight: grievance at a full order [grievance; parameter `privilege`].

    Returns:
        Appraisal of the parallel force [grievance, 0 to weight].

    Source: the pattern in De Bruin (2020); size by judgement.
    """
    return weight * dissolution


MECHANISM = Mechanism(
    id="relative_deprivation",
    claims=("C6",),
    kind="pressure",
    summary="Soldiers who go without beside soldiers who do not feel cheated, more than hunger alone would make them.",
    silent_on="absolute want (see deprivation)",
    parameters=(
        Parameter("weight", 1.0, 0.4, 1.8, "grievance per log ratio", Basis.judgement, "gurr1970",
                  "a force kept twice as well adds log 2 = 0.7 of the weight, well below full want; the "
                  "theory gives the form, no study the size", "normal"),
        Parameter("privilege", 3.0, 1.5, 5.0, "grievance", Basis.judgement, "debruin2020",
                  "parallel forces rose when told to fold in (Serbia 2001, Sudan 2023, Wagner 2023); at "
                  "least as strong as full want, size ours", "normal"),
    ),
    functions=(relative_deprivation, privilege_loss),
    sources=("stouffer1949", "gurr1970", "jasso1978", "escribaFolch2025"),
    rivals=(gap_gurr1970,),
    terms=(
        term(
            relative_deprivation, "grievance", own="company.package", reference="force.reference", seen="force.seen",
            weight="weight",
        ),
        term(privilege_loss, "grievance", dissolution="force.dissolution", weight="privilege"),
    ),
    switchable=True,
)  # fmt: skip
