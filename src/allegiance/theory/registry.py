"""The explicit list of mechanisms, and the flat record of parameters that kernels read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from allegiance.base.errors import AllegianceError, near
from allegiance.base.random import name_key, normal
from allegiance.theory import (
    capability,
    cascade,
    choice,
    combat,
    command,
    conscription,
    contagion,
    coup_proofing,
    deprivation,
    escalation,
    hidden_effort,
    home_front,
    inclusion,
    inducement,
    learning,
    linkage,
    plot,
    protest,
    recruitment,
    relative_deprivation,
    suppression,
    wounded,
)
from allegiance.theory.contract import Mechanism, Parameter

MECHANISMS: tuple[Mechanism, ...] = tuple(
    module.MECHANISM
    for module in (
        conscription,
        recruitment,
        linkage,
        inclusion,
        protest,
        coup_proofing,
        relative_deprivation,
        deprivation,
        inducement,
        capability,
        combat,
        learning,
        escalation,
        hidden_effort,
        home_front,
        wounded,
        cascade,
        contagion,
        choice,
        command,
        suppression,
        plot,
    )
)

PARAMETERS: dict[str, Parameter] = {f"{m.id}_{p.name}": p for m in MECHANISMS for p in m.parameters}
SWITCHES: tuple[str, ...] = tuple(f"{m.id}_on" for m in MECHANISMS if m.switchable)
THETA: np.dtype[Any] = np.dtype((np.record, [(name, "f8") for name in (*PARAMETERS, *SWITCHES)]))
"""One float per parameter, then one switch (1 on, 0 off) per switchable mechanism."""

_DRAW_DAY = 0
_DRAW_DECISION = 255


def mechanism(identifier: str) -> Mechanism:
    """The mechanism called `identifier`.

    Raises:
        AllegianceError: no such mechanism.
    """
    for found in MECHANISMS:
        if found.id == identifier:
            return found
    raise AllegianceError(f"no mechanism '{identifier}'", near(identifier, (m.id for m in MECHANISMS)))


def defaults() -> npt.NDArray[Any]:
    """The record (shape (1,), dtype THETA) of central values with every mechanism on."""
    theta = np.zeros(1, THETA)
    for name, parameter in PARAMETERS.items():
        theta[name] = parameter.value
    for name in SWITCHES:
        theta[name] = 1.0
    return theta


def draw(
    seed: int, member: int, fixed: Mapping[str, float] | None = None, off: Iterable[str] = (), sample: bool = True
) -> npt.NDArray[Any]:
    """The parameters of one ensemble member, drawn from their priors by keyed normals.

    Args:
        seed, member: keys of the draw; the same keys give the same record whatever else is fixed.
        fixed: parameter name ("mechanism_name") to value. off: mechanisms switched off.
        sample: draw from the priors; otherwise use central values.

    Raises:
        AllegianceError: an unknown parameter or mechanism, or one that cannot be switched off.
    """
    theta = defaults()
    if sample:
        for name, parameter in PARAMETERS.items():
            z = normal(seed, member, name_key(name), _DRAW_DAY, _DRAW_DECISION, 0)
            theta[name] = parameter.quantile(max(-3.0, min(3.0, z)))
    for name, value in (fixed or {}).items():
        if name not in PARAMETERS:
            raise AllegianceError(f"no parameter '{name}' in the theory", near(name, PARAMETERS))
        theta[name] = value
    for identifier in off:
        if not mechanism(identifier).switchable:
            raise AllegianceError(f"mechanism '{identifier}' cannot be switched off: the others are built on it")
        theta[f"{identifier}_on"] = 0.0
    return theta
