"""Only soldiers who are there and willing fight; unwilling ones take power away.

Claim C9. Effective capability is not a head count: the absent give nothing, shirkers little, and the rest as much as
their quality, supply, equipment, leadership and morale allow. Disloyalty therefore moves the *ratio* of capabilities,
towards parity if the stronger side suffers it and away from parity if the weaker does.

Leaves out chance in battle and the exchange of losses (see combat). The morale factor is the largest effect in 584
battles of the data base CDB90, with the warning that morale was coded by experts who knew the outcome; Pilster &
Böhmelt (2011) find that coup-proofed armies do worse in battle.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter, Real


def morale_step(grievance: Real) -> Real:
    """Morale on the scale of CDB90 from mean grievance: 1 − grievance, kept between −2 and 1.

    Args:
        grievance: mean grievance of the company [grievance, >= 0].

    Returns:
        Morale [steps of expert-coded relative morale, −2 to 1]; 1 for a content company.

    Source: definition of this project, to put grievance on the scale of CDB90.
    """
    return np.minimum(1.0, np.maximum(-2.0, 1.0 - grievance))


def effort(obeying: Real, shirking: Real, shirker: Real) -> Real:
    """Soldiers of a company who count in battle: obeying + shirker · shirking.

    Args:
        obeying: soldiers present and obeying [soldiers, >= 0].
        shirking: soldiers present and withholding effort [soldiers, >= 0].
        shirker: effort left in a shirking soldier [share, 0 to 1; parameter `shirker`].

    Returns:
        The same in obeying soldiers [soldiers, >= 0].

    Source: this project; that the unwilling stay and hold back is Scott (1985).
    """
    return obeying + shirker * shirking


def kit(supply: Real, equipment: Real, supply_exponent: Real) -> Real:
    """What supply and equipment leave of a company's power.

    max(supply, 0.02)^supply_exponent · max(equipment, 0.02)

    The floors 0.02 keep a starved company from vanishing.

    Args:
        supply: supply received against need [share, 0 to 1].
        equipment: equipment held against establishment [share, 0 to 1 or above].
        supply_exponent: how power falls with supply [exponent, >= 0; parameter `supply`].

    Returns:
        Factor of power [ratio, > 0]; 1 for a company fed and equipped as it should be.

    Source: product form by this project.
    """
    return np.maximum(supply, 0.02) ** supply_exponent * np.maximum(equipment, 0.02)


def company_power(
    soldiers: Real, quality: Real, material: Real, competence: Real, morale: Real, morale_weight: Real
) -> Real:
    """Effective fighting power of one company.

    power = soldiers · quality · material · (0.5 + 0.5 · competence) · exp(morale_weight · morale)

    An incompetent commander halves the company's power.

    Args:
        soldiers: from `effort` [soldiers, >= 0].
        quality: training and experience relative to an ordinary company [ratio, > 0].
        material: from `kit` [ratio, > 0].
        competence: competence of the commander [share, 0 to 1].
        morale: from `morale_step` [steps, −2 to 1].
        morale_weight: log power per step of morale [log power per step; parameter `morale`].

    Returns:
        Power in ordinary obeying soldiers [soldiers, >= 0].

    Source: product form by this project; morale from CDB90 (Helmbold 1993).
    """
    return soldiers * quality * material * (0.5 + 0.5 * competence) * np.exp(morale_weight * morale)


def log_ratio(own: Real, other: Real) -> Real:
    """Log ratio of two powers, safe at zero: log(own / other) with floors of 1e-9.

    Args:
        own: power of one side [soldiers, >= 0].
        other: power of the other [soldiers, >= 0].

    Returns:
        log(own / other) [log ratio]; changes sign when the sides change place.

    Source: definition.
    """
    return np.log(np.maximum(own, 1.0e-9) / np.maximum(other, 1.0e-9))


def in_parity(ratio: Real, bound: Real) -> Any:
    """Whether two sides are at parity: |ratio| < bound.

    Args:
        ratio: log ratio of capabilities [log ratio].
        bound: half-width of the parity band [log ratio, > 0; 0.223 = log 1.25 unless the case says otherwise].

    Returns:
        True inside the band [true or false].

    Source: definition of this project.
    """
    return abs(ratio) < bound  # type: ignore[operator]


MECHANISM = Mechanism(
    id="capability",
    claims=("C9",),
    kind="process",
    summary="Only soldiers who are there and willing fight; unwilling ones take power away.",
    silent_on="chance in battle (see combat)",
    parameters=(
        Parameter("morale", 0.36, 0.1, 0.5, "log power per step", Basis.estimated, "cdb90",
                  "our regression on 584 battles: relative loss rate x1.44 = e^0.36 per step of relative "
                  "morale; an upper bound, since morale was coded in hindsight", "normal"),
        Parameter("shirker", 0.3, 0.1, 0.6, "share", Basis.judgement, "scott1985",
                  "effort left in a soldier who withholds it; described for other settings, never measured in "
                  "an army", "logit"),
        Parameter("supply", 0.7, 0.3, 1.0, "exponent", Basis.judgement, "cdb90",
                  "battles fought with worse supply were won 7 times of 22, with better supply 37 of 42: "
                  "sign and rough size, not an exponent", "normal"),
    ),
    functions=(morale_step, effort, kit, company_power, log_ratio, in_parity),
    sources=("cdb90", "pilsterBohmelt2011"),
    rivals=(),
    switchable=False,
)  # fmt: skip
