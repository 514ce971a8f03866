"""Typed sourced values: which unit a field takes and between which bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from allegiance.base.values import Sourced


@dataclass(frozen=True)
class Unit:
    """The unit and bounds of a field; called by pydantic on each number."""

    unit: str
    low: float
    high: float

    def __call__(self, number: Sourced) -> Sourced:
        """Return the number, or raise ValueError saying which unit or bound it breaks."""
        if number.unit != self.unit:
            raise ValueError(f"wrong unit '{number.unit}', this field takes '{self.unit}'")
        ends = (number.value, *(number.range or ()))
        if min(ends) < self.low or max(ends) > self.high:
            raise ValueError(f"out of bounds: value and range must lie in {self.bounds}")
        return number

    @property
    def bounds(self) -> str:
        """The bounds in words, such as `[0, 1] share`."""
        return f"[{self.low:g}, {self.high:g}] {self.unit}"


Soldiers = Annotated[Sourced, AfterValidator(Unit("soldiers", 0, 2e7))]
People = Annotated[Sourced, AfterValidator(Unit("people", 0, 2e9))]
Share = Annotated[Sourced, AfterValidator(Unit("share", 0, 1))]
Level = Annotated[Sourced, AfterValidator(Unit("level", 0, 1))]
"""A coded condition between 0 (absent) and 1 (as strong as known cases get)."""
Days = Annotated[Sourced, AfterValidator(Unit("days", 0, 36500))]
Area = Annotated[Sourced, AfterValidator(Unit("km2", 0, 2e7))]
AreaPerDay = Annotated[Sourced, AfterValidator(Unit("km2/day", 0, 1e5))]
Ratio = Annotated[Sourced, AfterValidator(Unit("ratio", 0, 100))]
LogRatio = Annotated[Sourced, AfterValidator(Unit("log ratio", -5, 5))]
PerThousandDay = Annotated[Sourced, AfterValidator(Unit("killed per 1000 per day", 0, 100))]
SoldiersPerDay = Annotated[Sourced, AfterValidator(Unit("soldiers/day", 0, 1e5))]
PerYear = Annotated[Sourced, AfterValidator(Unit("probability/year", 0, 1))]
