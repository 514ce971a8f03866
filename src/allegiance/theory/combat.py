"""Losses follow the exchange of fire, ground follows the ratio of power."""

from __future__ import annotations

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


@scalar
def loss_rate(intensity: float, enemy: float, own: float, exchange: float) -> float:
    ratio = min(5.0, max(0.2, (enemy + 1.0e-9) / (own + 1.0e-9)))
    return float(min(0.2, intensity * 0.001 * ratio**exchange))


@scalar
def ground_gain(attack: float, defence: float, mobility: float, decisiveness: float) -> float:
    a = max(attack, 1.0e-9) ** decisiveness
    d = max(defence, 1.0e-9) ** decisiveness
    return float(mobility * (a - d) / (a + d))


MECHANISM = Mechanism(
    id="combat",
    claims=("C9",),
    kind="process",
    summary="Losses follow the exchange of fire, ground follows the ratio of power.",
    silent_on="tactics, ground and weather within a day",
    parameters=(
        Parameter(
            "exchange",
            0.7,
            0.4,
            1.0,
            "exponent",
            Basis.judgement,
            "lanchester1916",
            "between linear and square law",
            "normal",
        ),
        Parameter(
            "decisiveness",
            1.5,
            0.8,
            2.5,
            "exponent",
            Basis.judgement,
            "hirshleifer1989",
            "mass effect of the contest",
            "log",
        ),
        Parameter(
            "intensity",
            1.0,
            0.6,
            1.6,
            "ratio",
            Basis.judgement,
            "cdb90",
            "spread of killing between like battles",
            "log",
        ),
    ),
    functions=(
        loss_rate,
        ground_gain,
    ),
    sources=("lanchester1916", "tullock1980", "hirshleifer1989"),
    rivals=(),
    switchable=False,
)
