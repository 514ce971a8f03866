"""Typed sourced values: which unit a field takes and between which bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator

from allegiance.base.values import Sourced


def _unit(unit: str, low: float, high: float) -> Callable[[Sourced], Sourced]:
    def check(number: Sourced) -> Sourced:
        if number.unit != unit:
            raise ValueError(f"wrong unit '{number.unit}', this field takes '{unit}'")
        ends = (number.value, *(number.range or ()))
        if min(ends) < low or max(ends) > high:
            raise ValueError(f"out of bounds: value and range must lie in [{low:g}, {high:g}] {unit}")
        return number

    return check


Soldiers = Annotated[Sourced, AfterValidator(_unit("soldiers", 0, 2e7))]
People = Annotated[Sourced, AfterValidator(_unit("people", 0, 2e9))]
Share = Annotated[Sourced, AfterValidator(_unit("share", 0, 1))]
Level = Annotated[Sourced, AfterValidator(_unit("level", 0, 1))]
"""A coded condition between 0 (absent) and 1 (as strong as known cases get)."""
Days = Annotated[Sourced, AfterValidator(_unit("days", 0, 36500))]
Area = Annotated[Sourced, AfterValidator(_unit("km2", 0, 2e7))]
AreaPerDay = Annotated[Sourced, AfterValidator(_unit("km2/day", 0, 1e5))]
Ratio = Annotated[Sourced, AfterValidator(_unit("ratio", 0, 100))]
LogRatio = Annotated[Sourced, AfterValidator(_unit("log ratio", -5, 5))]
PerThousandDay = Annotated[Sourced, AfterValidator(_unit("killed per 1000 per day", 0, 100))]
SoldiersPerDay = Annotated[Sourced, AfterValidator(_unit("soldiers/day", 0, 1e5))]
PerYear = Annotated[Sourced, AfterValidator(_unit("probability/year", 0, 1))]
