"""What a mechanism is: a claim, its parameters with priors, its formulas, and where each formula acts.

A mechanism *returns what it adds* (a pressure on a log-odds or on grievance) or advances the one quantity it owns
(a process). It never draws random numbers, never assigns to someone else's state, never knows a war by name. Formulas
take numbers or arrays of any one shape: what the documentation prints is what the engine executes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from allegiance.base.values import Basis
from allegiance.theory.forms import Routes

Real: TypeAlias = "float | npt.NDArray[np.float64]"
"""A number, or an array of numbers of one shape."""
Scale = Literal["normal", "log", "logit"]
Support = Literal["real", "nonnegative"]
_Z90 = 1.6448536269514722
TIE = "soldier.tie"
"""A soldier's own tie as the argument of a formula that is linear in it."""


@dataclass(frozen=True)
class Parameter:
    """One number of the theory with its prior.

    `low` and `high` bound its central 90 % interval on the given `scale`: normal, log (positive numbers) or
    logit (shares). `value` is used when an ensemble does not sample parameters. `support` says which values it can
    take at all: a parameter that is `nonnegative` is never drawn below 0, so that no draw turns a mechanism round. A
    parameter that is `solved` has no prior of its own: it follows from the others in every draw (theory/anchors.py),
    unless a run fixes it; `value`, `low` and `high` then say what comes of it.
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
    support: Support = "nonnegative"
    solved: bool = False

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.name}: value {self.value} outside [{self.low}, {self.high}]")
        if self.scale == "log" and self.low <= 0:
            raise ValueError(f"{self.name}: a log-scale prior needs low > 0")
        if self.scale == "logit" and not 0 < self.low <= self.high < 1:
            raise ValueError(f"{self.name}: a logit-scale prior needs 0 < low <= high < 1")
        if self.scale == "normal" and self.support == "nonnegative" and self.low < 0:
            raise ValueError(f'{self.name}: low {self.low} is below 0; a parameter of any sign has support="real"')

    def quantile(self, z: float) -> float:
        """The value at standard normal deviate `z` of the prior: centred on `value`, 90 % within low and high.

        The two halves may differ in width, so that `value` is the prior's median. The lower half of a nonnegative
        normal prior falls off on the log scale where `low` is above 0, and stops at 0 where it is not.
        """
        scale = self.scale
        if scale == "normal" and self.support == "nonnegative" and z < 0 and self.low > 0:
            scale = "log"
        to, back = _SCALES[scale]
        centre = to(self.value)
        edge = to(self.high) if z > 0 else to(self.low)
        value = back(centre + abs(z) / _Z90 * (edge - centre))
        return max(0.0, value) if self.support == "nonnegative" else value

    def allows(self, value: float) -> bool:
        """Whether the parameter can take this value at all: finite, of the right sign, a share where it is one."""
        if not math.isfinite(value):
            return False
        if self.scale == "logit":
            return 0.0 <= value <= 1.0
        return self.support == "real" or value >= 0.0


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
class Term:
    """One formula at work: what it is given, and what it adds to.

    `into` is "grievance" (added to a company's appraisal of its day), "disposition" (added, once, to the log-odds a
    recruit brings along) or routes to forms (added to the log-odds of each). `inputs` gives every argument of the
    formula: a quantity by its path ("company.losses", "side.monitoring"), a parameter of the mechanism by its name,
    or a number. An argument given `TIE` is the soldier's own; the formula must be linear in it. `where` names a
    quantity that is 1 where the term acts and 0 where it does not.
    """

    formula: Callable[..., Any]
    into: Literal["grievance", "disposition"] | Routes
    inputs: Mapping[str, str | float]
    where: str = ""

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """Owners of the quantities that the term reads, "" for a parameter of the mechanism."""
        read = (v for v in (*self.inputs.values(), self.where) if isinstance(v, str) and v != TIE)
        return tuple(v.rpartition(".")[0] for v in read)

    @cached_property
    def reads_tie(self) -> bool:
        """Whether an argument is the soldier's own tie."""
        return TIE in self.inputs.values()


def term(
    formula: Callable[..., Any], into: Literal["grievance", "disposition"] | Routes, where: str = "",
    **inputs: str | float,
) -> Term:  # fmt: skip
    """A term that gives the arguments of `formula` by keyword (see `Term`)."""
    return Term(formula, into, inputs, where)


@dataclass(frozen=True)
class Mechanism:
    """One cause: its claim, its kind, its parameters, the functions that state it and the terms in which they act.

    A rival is another author's form of one of the functions, with the same arguments; a run can choose it.
    """

    id: str
    claims: tuple[str, ...]
    kind: Literal["pressure", "process"]
    summary: str
    silent_on: str
    parameters: tuple[Parameter, ...]
    functions: tuple[Callable[..., Any], ...]
    sources: tuple[str, ...]
    rivals: tuple[Callable[..., Any], ...] = field(default=())
    terms: tuple[Term, ...] = field(default=())
    switchable: bool = True

    def parameter(self, name: str) -> Parameter:
        """The parameter called `name`."""
        return next(p for p in self.parameters if p.name == name)
