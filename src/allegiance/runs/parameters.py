"""Parameter values that a calibration left behind: weighted draws, and a card that says where they come from."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from allegiance.base.errors import AllegianceError, shown
from allegiance.base.files import sha256_text, to_json
from allegiance.base.models import read_model
from allegiance.base.random import name_key, uniform
from allegiance.theory.registry import PARAMETERS
from allegiance.theory.stamp import changed

PRIOR, POSTERIOR = "prior", "posterior"
SHIPPED = Path(__file__).parents[1] / "theory" / "posterior" / "library.json"
"""The set that `posterior` stands for."""


class ParameterSet(BaseModel):
    """Weighted joint draws of some parameters; the others stay with their priors.

    `draws` holds one row per draw, one value per name, in the parameter's own unit; `weights` add to 1. `formulas` is
    the stamp of every mechanism's formulas when the set was made; `card` says with what data, when and with which code.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    formulas: dict[str, str]
    names: tuple[str, ...] = Field(min_length=1)
    draws: tuple[tuple[float, ...], ...] = Field(min_length=1)
    weights: tuple[float, ...] = Field(min_length=1)
    card: dict[str, Any]

    @model_validator(mode="after")
    def _shapes(self) -> ParameterSet:
        if len(self.draws) != len(self.weights) or any(len(row) != len(self.names) for row in self.draws):
            raise ValueError("draws, weights and names differ in length")
        if min(self.weights) < 0 or abs(sum(self.weights) - 1) > 1e-6:
            raise ValueError("weights must be 0 or more and add to 1")
        if len(set(self.names)) < len(self.names):
            raise ValueError("a parameter is named twice")
        return self

    @cached_property
    def _cumulated(self) -> list[float]:
        return list(accumulate(self.weights))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of names, draws and weights: what a run that uses the set depends on."""
        return sha256_text(to_json([self.names, self.draws, self.weights]))

    def values(self, seed: int, number: int) -> dict[str, float]:
        """Parameter values of draw `number` of a run, chosen by weight with a keyed uniform."""
        u = uniform(seed, number, name_key("parameter set"), 0, 255, 1) * self._cumulated[-1]
        row = self.draws[min(bisect_left(self._cumulated, u), len(self.draws) - 1)]
        return dict(zip(self.names, row, strict=True))


@lru_cache(maxsize=8)
def parameter_set(name: str) -> ParameterSet | None:
    """The set called `name`: None for "prior", the shipped one for "posterior", else read from that path.

    Raises:
        AllegianceError: no such file, not a parameter set, or one made with another version of the theory.
    """
    if name == PRIOR:
        return None
    path = SHIPPED if name == POSTERIOR else Path(name)
    cure = "choose prior, posterior, or a file that allegiance calibrate wrote"
    if name == POSTERIOR and not SHIPPED.is_file():
        raise AllegianceError(
            "no posterior is shipped with this version: the last one was fitted with other formulas",
            "fit one (allegiance calibrate --study library) and give its parameters.json, or use --parameters prior",
        )
    found = read_model(path, ParameterSet, "a parameter set", cure)
    strangers = [name for name in found.names if name not in PARAMETERS]
    if other := changed(found.formulas) or strangers:
        raise AllegianceError(
            f"the parameter set {path} was made with other formulas ({', '.join(other)})",
            "calibrate again with allegiance calibrate, or use --parameters prior",
        )
    for k, name in enumerate(found.names):
        worst = min(row[k] for row in found.draws)
        if PARAMETERS[name].support == "nonnegative" and worst < 0:
            raise AllegianceError(f"{shown(path)}: {name} is {worst:g} in a draw; it cannot be below 0", cure)
    return found

