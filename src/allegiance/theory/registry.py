"""Every mechanism there is, found by folder, and the parameters they share out.

A mechanism is a module of this folder with a ``MECHANISM``. One from outside the package joins by `register`, or by an
entry point of the group ``allegiance.mechanisms`` that names its ``MECHANISM``.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from pkgutil import iter_modules

from allegiance.base.errors import AllegianceError, near
from allegiance.theory.contract import Mechanism, Parameter

GROUP = "allegiance.mechanisms"
"""Entry points of other packages that bring mechanisms."""

MECHANISMS: list[Mechanism] = []
"""Every mechanism, by name."""
PARAMETERS: dict[str, Parameter] = {}
"""Every parameter, by the name of its mechanism and its own ("linkage_refusal")."""


def register(mechanism: Mechanism) -> None:
    """Add a mechanism to the theory of every run from now on.

    Raises:
        AllegianceError: its name, or the full name of one of its parameters, is taken.
    """
    if any(mechanism.id == known.id for known in MECHANISMS):
        raise AllegianceError(f"there is a mechanism '{mechanism.id}' already", "give yours another id")
    names = {f"{mechanism.id}_{p.name}": p for p in mechanism.parameters}
    if taken := sorted(set(names) & set(PARAMETERS)):
        raise AllegianceError(f"there is a parameter '{taken[0]}' already", "rename the mechanism or the parameter")
    MECHANISMS.append(mechanism)
    MECHANISMS.sort(key=lambda m: m.id)
    PARAMETERS.update(names)


def foreign() -> list[str]:
    """Names of the mechanisms that this process has and another, started anew, would not have."""
    return [m.id for m in MECHANISMS if m.id not in _EVERYWHERE]


def unregister(identifier: str) -> None:
    """Take a mechanism out of the theory again (for tests of one from outside)."""
    gone = mechanism(identifier)
    MECHANISMS.remove(gone)
    for parameter in gone.parameters:
        del PARAMETERS[f"{identifier}_{parameter.name}"]


def mechanism(identifier: str) -> Mechanism:
    """The mechanism called `identifier`.

    Raises:
        AllegianceError: no such mechanism.
    """
    for known in MECHANISMS:
        if known.id == identifier:
            return known
    raise AllegianceError(f"no mechanism '{identifier}'", near(identifier, (m.id for m in MECHANISMS)))


def free() -> list[str]:
    """Names of the parameters that have a prior of their own: those that are not solved for."""
    return [name for name, parameter in PARAMETERS.items() if not parameter.solved]


def switchable(identifier: str) -> Mechanism:
    """The mechanism called `identifier`, if a run can do without it.

    Raises:
        AllegianceError: no such mechanism, or one that the others are built on.
    """
    known = mechanism(identifier)
    if not known.switchable:
        raise AllegianceError(f"mechanism '{identifier}' cannot be switched off: the others are built on it")
    return known


def check_value(name: str, value: float) -> None:
    """Check that the parameter called `name` can take `value`.

    Raises:
        AllegianceError: no such parameter, or a value it cannot take.
    """
    if name not in PARAMETERS:
        raise AllegianceError(f"no parameter '{name}' in the theory", near(name, PARAMETERS))
    known = PARAMETERS[name]
    if not known.allows(value):
        room = "between 0 and 1" if known.scale == "logit" else "a number" if known.support == "real" else "0 or more"
        raise AllegianceError(f"parameter '{name}' must be {room}, not {value:g}", f"its value is {known.value:g}")


_NOT_MECHANISMS = {"anchors", "model", "stamp"}
"""Modules of this folder that read the registry themselves."""


def _discover() -> None:
    for module in iter_modules([str(Path(__file__).parent)]):
        if module.name in _NOT_MECHANISMS:
            continue
        declared = getattr(import_module(f"{__package__}.{module.name}"), "MECHANISM", None)
        if declared is not None:
            register(declared)
    for entry in entry_points(group=GROUP):
        register(entry.load())


_discover()
_EVERYWHERE = frozenset(m.id for m in MECHANISMS)
"""Mechanisms that every process finds by itself."""
