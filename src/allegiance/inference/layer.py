"""The layer of coding error on disk: fitted to one set of cases, so that other cases can be scored without a fit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from allegiance import __version__
from allegiance.base.compiler import sources_hash
from allegiance.base.errors import AllegianceError
from allegiance.base.files import sha256_text, to_json, write_json
from allegiance.base.models import read_model
from allegiance.inference import coding
from allegiance.inference.coding_error import OrdinalError, ShareError
from allegiance.inference.forecasters import History
from allegiance.inference.observation import CHANNELS, reporting_probability
from allegiance.inference.weights import LEFT_FLOOR
from allegiance.theory.stamp import changed, stamps

SHIPPED = Path(__file__).with_name("library_layer.json")
"""The layer fitted to the library's cases, with prior parameters."""


@lru_cache(maxsize=1)
def coding_hash() -> str:
    """SHA-256 of the rules by which playings are coded: the text of coding.py, and what it takes from elsewhere."""
    text = Path(coding.__file__).read_text(encoding="utf-8")
    known = reporting_probability(CHANNELS["mutinies_known"], coding.TYPICAL_MUTINY)
    return sha256_text(to_json([text, LEFT_FLOOR, f"{known:.9g}"]))


class Card(BaseModel):
    """What a layer was fitted with, and to: `cases` gives each case's family of wars by its id.

    `parameters` is "prior", or the digest of a fitted set. `ranges`: the cases' own numbers were drawn, too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    formulas: dict[str, str]
    coding_sha256: str
    code_sha256: str
    package: str
    parameters: str
    ranges: bool
    draws: int = Field(ge=1)
    seed: int = Field(ge=0)
    cases: dict[str, str] = Field(min_length=1)


def card(known: History, draws: int, seed: int, ranges: bool, parameters: str) -> Card:
    """The card of a layer fitted now, by this version, to these cases."""
    return Card(
        formulas=stamps(), coding_sha256=coding_hash(), code_sha256=sources_hash(), package=__version__,
        parameters=parameters, ranges=ranges, draws=draws, seed=seed,
        cases={c.case.id: c.family for c in known.cases},
    )  # fmt: skip


class Layer(BaseModel):
    """Coding error of coup, mutiny, refusal and the share that left, and the card of their fit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ordinal: dict[str, OrdinalError]
    share: ShareError
    card: Card

    @model_validator(mode="after")
    def _sound(self) -> Layer:
        if set(self.ordinal) != set(coding.LEVELS):
            raise ValueError(f"the outcomes must be {', '.join(coding.LEVELS)}, not {', '.join(self.ordinal)}")
        for outcome, error in self.ordinal.items():
            _finite(outcome, (error.slope, error.spread, *error.cuts))
            if len(error.cuts) != coding.LEVELS[outcome] - 1 or list(error.cuts) != sorted(error.cuts):
                raise ValueError(f"{outcome} must have {coding.LEVELS[outcome] - 1} cuts in rising order")
            if error.spread <= 0:
                raise ValueError(f"the spread of {outcome} must lie above 0, not at {error.spread:g}")
        _finite("left", (self.share.shift, self.share.slope, self.share.error, self.share.middle))
        if self.share.error <= 0:
            raise ValueError(f"the error of the share that left must lie above 0, not at {self.share.error:g}")
        return self

    def write(self, path: Path) -> None:
        """Write the layer as JSON, whole or not at all."""
        write_json(path, self.model_dump(mode="json"))


def _finite(outcome: str, values: Sequence[float]) -> None:
    for value in values:
        if not math.isfinite(value):
            raise ValueError(f"a number of {outcome} is {value}, which is not finite")


def fit_layer(known: History, about: Card) -> Layer:
    """Fit the coding error to all cases of `known`; `about` says how they were played.

    Raises:
        AllegianceError: scipy is not installed.
    """
    every = range(len(known.cases))
    ordinal = {outcome: known.ordinal_error(outcome, every) for outcome in coding.LEVELS}
    return Layer(ordinal=ordinal, share=known.share_error(every), card=about)


def load_layer(path: Path | None = None) -> Layer:
    """Read the layer at `path`; the one fitted to the library if None.

    Raises:
        AllegianceError: no such file, not a layer, or fitted with another theory or other rules of coding.
    """
    path = path or SHIPPED
    cure = "give a layer.json that allegiance score wrote with this version, or fit to your own cases with --refit"
    found = read_model(path, Layer, "a layer of coding error", cure)
    cure = "score the library again (allegiance score) and give its layer.json with --layer, or use --refit"
    if other := changed(found.card.formulas):
        raise AllegianceError(f"the layer {path} was fitted with other formulas ({', '.join(other)})", cure)
    theirs, ours = found.card.coding_sha256, coding_hash()
    if theirs != ours:
        raise AllegianceError(
            f"the layer {path} was fitted with other rules of coding ({theirs[:12]}, now {ours[:12]})", cure
        )
    return found
