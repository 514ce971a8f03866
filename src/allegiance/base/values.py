"""A number a user can meet: its value, unit, basis, source, and plausible range."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Basis(StrEnum):
    """How a number is known."""

    measured = "measured"
    """counted or computed from data that the source holds"""
    published = "published"
    """stated by a study, an official or a press report"""
    estimated = "estimated"
    """estimated by a model or fitted by this project"""
    judgement = "judgement"
    """set by the authors of the case or the theory, with a reason"""


class Sourced(BaseModel):
    """One sourced number.

    `range` is the plausible interval (read as a 90 % interval where an ensemble samples it).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float = Field(description="the best single number, in `unit`")
    unit: str = Field(description="unit, such as soldiers, share, km2, days, people")
    basis: Basis = Field(description="measured, published, estimated or judgement")
    source: str = Field(default="", description="key in the case's `sources`; may be empty only for judgement")
    range: tuple[float, float] | None = Field(default=None, description="[low, high], plausible interval")
    note: str = Field(default="", description="why this value, in a few words; required for judgement without source")

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if not math.isfinite(self.value):
            raise ValueError("must be a finite number")
        if self.range is not None:
            low, high = self.range
            if not (math.isfinite(low) and math.isfinite(high)):
                raise ValueError("range must hold two finite numbers")
            if not low <= self.value <= high:
                raise ValueError(f"range [{low:g}, {high:g}] does not contain the value {self.value:g}")
        if self.basis is not Basis.judgement and not self.source:
            raise ValueError(f"basis '{self.basis}' needs a source key")
        if self.basis is Basis.judgement and not (self.source or self.note):
            raise ValueError("a judgement needs a note saying why, or a source")
        return self
