"""Arguments put right at the door: anything that is a whole number becomes an `int`; what only looks like one does not.

NumPy's integers have ``__index__`` and are taken; floats, texts and booleans are not whole numbers, and not-a-number
and the infinities are no numbers at all.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from allegiance.base.errors import AllegianceError, shown

T = TypeVar("T")


def whole(name: str, value: Any, least: int | None = None, most: int | None = None) -> int:
    """`value` as an int between `least` and `most`.

    Raises:
        AllegianceError: it is no whole number, or out of range.

    >>> whole("members", 3)
    3
    >>> whole("members", 3.0)
    Traceback (most recent call last):
        ...
    allegiance.base.errors.AllegianceError: members must be a whole number, not 3.0
    """
    if isinstance(value, bool) or not hasattr(type(value), "__index__") or type(value).__name__ in ("bool_", "bool"):
        raise AllegianceError(f"{name} must be a whole number, not {shown(repr(value))}")
    try:
        found = operator.index(value)
    except TypeError as error:  # arrays have the method, and answer it for one number only
        raise AllegianceError(f"{name} must be a whole number, not {shown(repr(value))}") from error
    if (least is not None and found < least) or (most is not None and found > most):
        raise AllegianceError(f"{name} must be {_bounds(least, most)}, not {shown(found)}")
    return found


def number(name: str, value: Any, above: float | None = None, most: float | None = None) -> float:
    """`value` as a finite float, above `above` and up to `most`.

    Raises:
        AllegianceError: it is no number, not finite, or out of range.

    >>> number("scale", float("nan"), 0, 1)
    Traceback (most recent call last):
        ...
    allegiance.base.errors.AllegianceError: scale must be a number, not nan
    """
    real = not isinstance(value, bool | str | bytes) and (hasattr(value, "__float__") or hasattr(value, "__index__"))
    try:
        found = float(value) if real else math.nan
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise AllegianceError(f"{name} must be a number, not {shown(value)}")
    if (above is not None and found <= above) or (most is not None and found > most):
        raise AllegianceError(f"{name} must lie above {above:g} and up to {most:g}, not {found:g}")
    return found


def optional(check: Callable[..., T], name: str, value: Any, *bounds: Any) -> T | None:
    """`check` applied to anything but None."""
    return None if value is None else check(name, value, *bounds)


def names(name: str, value: Any) -> list[str] | None:
    """`value` as a list of texts, or None; one text alone would be taken apart into its letters and is refused.

    Raises:
        AllegianceError: a text alone, or something that holds anything but texts.
    """
    if value is None:
        return None
    if isinstance(value, str | bytes) or not hasattr(value, "__iter__"):
        said = shown(repr(value))
        raise AllegianceError(f"{name} must be a list of names, not {said}", f"write [{said}]")
    found = list(value)
    for one in found:
        if not isinstance(one, str):
            raise AllegianceError(f"{name} must hold names, not {shown(repr(one))}")
    return found


def flag(name: str, value: Any) -> bool:
    """`value` as a bool.

    Raises:
        AllegianceError: it is neither true nor false.
    """
    if isinstance(value, bool) or type(value).__name__ == "bool":  # NumPy's own is called so, too
        return bool(value)
    raise AllegianceError(f"{name} must be True or False, not {shown(repr(value))}")


def run_options(**given: Any) -> dict[str, Any]:
    """Options of a run as plain Python values; None stays where it has a meaning (days, scale), `threads` is left out.

    Raises:
        AllegianceError: a value of the wrong kind.
    """
    found = dict(given)
    for name in ("members", "seed"):
        if name in found:
            found[name] = whole(name, found[name])
    if "days" in found:
        found["days"] = optional(whole, "days", found["days"])
    if found.get("threads", 0) is None:
        del found["threads"]
    elif "threads" in found:
        found["threads"] = whole("threads", found["threads"])
    if "scale" in found:
        found["scale"] = optional(number, "scale", found["scale"])
    if "fixed" in found:
        found["fixed"] = _fixed(found["fixed"])
    if "off" in found:
        found["off"] = tuple(names("off", found["off"]) or ())
    return found


def _fixed(value: Any) -> dict[str, float]:
    if not isinstance(value, Mapping):
        raise AllegianceError(f"fixed must map parameters to values, not be {shown(repr(value))}")
    return {str(k): number(f"parameter {k}", v) for k, v in value.items()}


def _bounds(least: int | None, most: int | None) -> str:
    if most is None:
        return f"{least} or more"
    return f"between {least} and {most}" if least is not None else f"at most {most}"
