"""What every part of a case is made of: keys, texts, categories of soldiers, and the kinds of brigades of a force."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from allegiance.cases.units import Level, Share

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,47}$")]
Text = Annotated[str, Field(min_length=1, max_length=4000)]


_AS_WRITTEN = frozenset({"decisions", "counterfactuals", "conditions", "sources", "set", "neutral"})
"""Fields that keep the order of the file: nothing is worked out in it."""


class Category(StrEnum):
    """How a soldier came to serve."""

    contract = "contract"
    conscript = "conscript"
    mobilised = "mobilised"
    volunteer = "volunteer"
    prisoner = "prisoner"
    mercenary = "mercenary"


class Part(BaseModel):
    """One part of a case: unknown keys are refused and nothing can be changed afterwards.

    What is named stands in one order, whatever the order of the file (sides, forces, areas by their names), so that a
    case is the same case however it is written. What a reader chooses from keeps the order of the file.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="after")
    @classmethod
    def _in_order(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, dict) and info.field_name not in _AS_WRITTEN:
            return dict(sorted(value.items()))
        return value


Role = Literal["line", "spearhead", "reserve", "garrison"]
ROLES: tuple[str, ...] = get_args(Role)
"""Roles of a brigade, by the number under which the world keeps them."""


class BrigadeKind(Part):
    """One kind of brigade of a force: whom its brigades hold, how ready they are, and what for."""

    name: Text = Field(description="name in words")
    share: Share = Field(description="share of the force's brigades; must add up to 1 over its kinds")
    role: Role = Field(
        default="line",
        description="line: takes its turn in contact; spearhead: sent ahead of it; reserve: comes when those are worn; "
        "garrison: stays out of contact while the others can fill the share deployed",
    )
    ready: Level = Field(description="how ready for battle it is at the start, by training and manning; 1 at once")
    composition: dict[Category, Share] = Field(
        default_factory=dict,
        description="share of each category in brigades of this kind; must add up to 1, and with the other kinds to "
        "the force's; what the other kinds leave if not given",
    )
