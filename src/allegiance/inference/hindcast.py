"""A hindcast from the playing of its cases to the board: with a layer fitted anew, or with one fitted before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from allegiance.base.errors import AllegianceError
from allegiance.inference.bank import CodedCase, Progress, coded_cases, play_bank
from allegiance.inference.degeneracy import gate
from allegiance.inference.forecasters import history
from allegiance.inference.layer import Layer, card, fit_layer
from allegiance.inference.own import score_own
from allegiance.inference.scoreboard import Scoreboard, score, score_fitted
from allegiance.runs.parameters import PRIOR, ParameterSet, parameter_set

FEWEST_CASES, FEWEST_DRAWS = 4, 8


@dataclass(frozen=True)
class Settings:
    """How cases are played and, where the layer is fitted anew, what is left out at a time ("case" or "family").

    Raises:
        AllegianceError: too few draws, an unknown holdout, or a parameter set that cannot be read.
    """

    draws: int = 48
    seed: int = 0
    parameters: str = PRIOR
    ranges: bool = True
    holdout: str = "case"

    def __post_init__(self) -> None:
        if self.holdout not in ("case", "family"):
            raise AllegianceError(f"holdout is '{self.holdout}'", "choose case or family")
        if self.draws < FEWEST_DRAWS:
            raise AllegianceError(f"draws is {self.draws}", f"choose at least {FEWEST_DRAWS} draws, such as 48")
        _ = self.fitted  # read now: a set that cannot be used is refused before any work

    @cached_property
    def fitted(self) -> ParameterSet | None:
        """The fitted parameters, None for the prior."""
        return parameter_set(self.parameters)

    @property
    def digest(self) -> str:
        """What tells parameters apart: "prior", or the digest of the fitted set."""
        return self.fitted.digest if self.fitted else PRIOR

    @property
    def trained(self) -> list[str]:
        """Ids of the cases that the parameters were fitted to."""
        return list(self.fitted.card.get("fitted_to", [])) if self.fitted else []


def refit(
    cases: Sequence[CodedCase], how: Settings, bank: Path, progress: Progress | None = None
) -> tuple[Scoreboard, Layer, list[dict[str, Any]]]:
    """Forecast each case from the others; also fit the layer to all of them, for cases of others, and ask the gate.

    Raises:
        AllegianceError: fewer than FEWEST_CASES cases, or the folder of the bank cannot be written.
    """
    if len(cases) < FEWEST_CASES:
        raise AllegianceError(
            f"only {len(cases)} cases with outcomes",
            "a case is forecast from at least three others; without --refit any number is scored, by the library's fit",
        )
    prior = played = play_bank(cases, how.draws, how.seed, bank, progress, ranges=how.ranges)
    if how.fitted is None:
        board = score(cases, prior, how.holdout)
    else:
        played = play_bank(cases, how.draws, how.seed, bank, progress, how.parameters, how.ranges)
        board = score_fitted(cases, prior, played, how.trained)
    known = history(cases, played)
    return board, fit_layer(known, card(known, how.draws, how.seed, how.ranges, how.digest)), gate(known, played)


def by_layer(
    cases: Sequence[CodedCase], layer: Layer, how: Settings, bank: Path, progress: Progress | None = None
) -> Scoreboard:
    """Forecast own cases by a layer fitted before, beside baselines of the library.

    Raises:
        AllegianceError: the layer was fitted to other playings, or the folder of the bank cannot be written.
    """
    for what, theirs, ours in (
        ("parameters", layer.card.parameters, how.digest),
        ("ranges of the cases' own numbers", layer.card.ranges, how.ranges),
    ):
        if theirs != ours:
            raise AllegianceError(
                f"the layer was fitted with {what} {_said(theirs)}, the cases would be played with {_said(ours)}",
                "choose the same, or score the library so (allegiance score) and give its layer.json with --layer",
            )
    played = play_bank(cases, how.draws, how.seed, bank, progress, how.parameters, how.ranges)
    return score_own(cases, played, layer, coded_cases(), how.trained)


def _said(value: str | bool) -> str:
    return value[:12] if isinstance(value, str) else ("drawn" if value else "as stated")
