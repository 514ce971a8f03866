"""The table of effect sizes as data: what is played and computed, what a study found, where the model must lie."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from ruamel.yaml import YAML

from allegiance.base.citations import reference
from allegiance.base.errors import AllegianceError, near
from allegiance.base.files import sha256_text, to_json
from allegiance.experiments.effect_sizes.estimands import ESTIMANDS
from allegiance.experiments.protocol import Part

TABLE = Path(__file__).with_name("table.yaml")


class Study(Part):
    """What a study found; `level` of its interval."""

    source: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = 0.9
    note: str = ""


class Played(Part):
    """One arm: cases played with settings laid over them.

    Args:
        cases: names of library cases, or kinds of war ("civil", "repression") that stand for all of that kind.
        every_side: count each side as a belligerent of its own, not the side studied alone. days: horizon, the case's
        own if not given. set, fixed: as in the protocol of the claims, with placeholders. members: size against that
        asked for; rare events need more, many cases fewer.
    """

    label: str
    cases: tuple[str, ...] = ("reference",)
    every_side: bool = False
    days: int | None = None
    set: dict[str, float] = Field(default_factory=dict)
    fixed: dict[str, float] = Field(default_factory=dict)
    members: float = 1.0


class Row(Part):
    """One effect: `estimand` names a function of estimands.py that is given `arms` in order, and `args`.

    `must` is the range in which the model's value has to lie, in the unit of the estimate.
    """

    label: str
    study: Study
    must: tuple[float, float]
    scale: Literal["odds ratio", "rate ratio", "risk ratio", "ratio", "share"]
    estimand: str
    arms: tuple[str, ...]
    args: dict[str, str] = Field(default_factory=dict)
    how: str
    note: str = ""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.must[0] >= self.must[1]:
            raise ValueError(f"the range {self.must} is empty")
        if self.estimand not in ESTIMANDS:
            raise ValueError(f"unknown estimand '{self.estimand}'{near(self.estimand, ESTIMANDS)}")
        reference(self.study.source)
        return self


class Table(Part):
    """All rows and the arms that they share; `looks` says when results were seen, and what was changed after it."""

    looks: tuple[str, ...] = ()
    arms: dict[str, Played]
    rows: dict[str, Row]

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name, row in self.rows.items():
            if missing := [a for a in row.arms if a not in self.arms]:
                raise ValueError(f"row '{name}' has no arm {missing}")
        return self

    @property
    def digest(self) -> str:
        """SHA-256 of rows and arms."""
        return sha256_text(to_json(self.model_dump(mode="json", exclude={"looks"})))


@cache
def table() -> Table:
    """The table that comes with the package."""
    return Table.model_validate(YAML(typ="safe").load(TABLE.read_text(encoding="utf-8")))


def chosen(names: Sequence[str] | None) -> dict[str, Row]:
    """The rows asked for, all if none is named.

    Raises:
        AllegianceError: an unknown row.
    """
    rows = table().rows
    for name in names or ():
        if name not in rows:
            raise AllegianceError(f"there is no effect '{name}'", near(name, rows))
    return {name: row for name, row in rows.items() if not names or name in names}
