"""What a mechanism is: a claim, its parameters with priors, and compiled scalar functions.

A mechanism *returns what it adds* (a pressure on a log-odds or on grievance) or advances the one quantity it owns
(a process). It never draws random numbers, never assigns to someone else's state, never knows a war by name.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from allegiance.base.values import Basis

Scale = Literal["normal", "log", "logit"]
_Z90 = 1.6448536269514722


@dataclass(frozen=True)
class Parameter:
    """One number of the theory with its prior.

    `low` and `high` bound its central 90 % interval on the given `scale`: normal, log (positive numbers) or
    logit (shares). `value` is used when an ensemble does not sample parameters.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    basis: Basis
    source: str
    why: str
    scale: Scale = "normal"

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.name}: value {self.value} outside [{self.low}, {self.high}]")
        if self.scale == "log" and self.low <= 0:
            raise ValueError(f"{self.name}: a log-scale prior needs low > 0")
        if self.scale == "logit" and not 0 < self.low <= self.high < 1:
            raise ValueError(f"{self.name}: a logit-scale prior needs 0 < low <= high < 1")

    def quantile(self, z: float) -> float:
        """The value at standard normal deviate `z` of the prior: centred on `value`, 90 % within low and high.

        The two halves may differ in width, so that `value` is the prior's median.
        """
        to, back = _SCALES[self.scale]
        centre = to(self.value)
        edge = to(self.high) if z > 0 else to(self.low)
        return back(centre + abs(z) / _Z90 * (edge - centre))


def _logit(x: float) -> float:
    return math.log(x / (1 - x))


def _expit(x: float) -> float:
    return 1 / (1 + math.exp(-x))


_SCALES: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "normal": (lambda x: x, lambda x: x),
    "log": (math.log, math.exp),
    "logit": (_logit, _expit),
}


@dataclass(frozen=True)
class Mechanism:
    """One cause: its claim, its kind, its parameters and the functions that state it."""

    id: str
    claims: tuple[str, ...]
    kind: Literal["pressure", "process"]
    summary: str
    silent_on: str
    parameters: tuple[Parameter, ...]
    functions: tuple[Callable[..., Any], ...]
    sources: tuple[str, ...]
    rivals: tuple[Callable[..., Any], ...] = field(default=())
    switchable: bool = True

    def parameter(self, name: str) -> Parameter:
        """The parameter called `name`."""
        return next(p for p in self.parameters if p.name == name)
