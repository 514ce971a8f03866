"""Simulated members coded by the same rules as the case library codes history (docs/coding-rules.md).

The thresholds are judgement, stated here once, and the same for every case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from allegiance.cases import schema
from allegiance.inference.observation import CHANNELS, reporting_probability
from allegiance.world.columns import Array

LEVELS = {outcome: len(words) for outcome, words in schema.LEVELS.items()}
"""Ordinal outcomes and their number of levels."""
SECOND, THIRD = 0.01, 0.10
"""Share of a side's soldiers who took part in its largest episode of mutiny from which it is of level 2, of level 3
(docs/coding-rules.md)."""
SOME, MANY = 0.002, 0.03
"""Shares who refused from which refusal counts as some, as many."""
TENTH, FAILED = 0.1, 0.3
"""Shares of the brigades with orders that are halted on one day from which refusal is by many, from which the order
failed."""
TYPICAL_MUTINY = 60.0
"""Participants of a typical mutiny in the model, for the chance that it is reported (people)."""


def coded(members: pl.DataFrame, side: str, against_crowds: bool) -> dict[str, Array]:
    """Codes per member for one side: coup, mutiny, refusal (integers) and left (share, 0-1), as reported.

    Args:
        members: Ensemble.members. side: key of the side. against_crowds: there is no enemy army, and the order is to
            repress; if the regime falls it was not carried out.
    """

    def column(name: str) -> Array:
        return members[f"{side}.{name}"].to_numpy().astype(float)

    left = column("desertion") + column("defection")
    coup = np.where(column("coup_success") > 0, 2, np.where(column("coup_attempt") > 0, 1, 0))
    served = np.maximum(column("served"), 1.0)
    known = column("mutinous_companies") * reporting_probability(CHANNELS["mutinies_known"], TYPICAL_MUTINY)
    largest = np.where(known >= 1.0, column("largest_mutiny") / served, 0.0)
    mutiny = np.select([largest >= THIRD, largest >= SECOND, known >= 1.0], [3, 2, 1], 0)
    fell = against_crowds & (members["war.end"].to_numpy() == "regime_fell")
    failed = fell | (column("halted_share") >= FAILED)
    many = (column("refusal") >= MANY) | (column("halted_share") >= TENTH)
    refusal = np.select([failed, many, column("refusal") >= SOME], [3, 2, 1], 0)
    return {"coup": coup, "mutiny": mutiny, "refusal": refusal, "left": left}


def level_probabilities(codes: Array, levels: int, weights: Array | None = None, prior: float = 0.5) -> Array:
    """Probability of each level over (weighted) members, with `prior` pseudo-members per level (Jeffreys).

    >>> level_probabilities(np.array([0, 0, 1]), 3).round(2).tolist()
    [0.56, 0.33, 0.11]
    """
    w = np.ones(len(codes)) if weights is None else weights / weights.sum() * effective_size(weights)
    counts = np.bincount(codes, w, levels) + prior
    shares: Array = counts / counts.sum()
    return shares


def effective_size(weights: Array) -> float:
    """Effective sample size of importance weights (Kish 1965).

    >>> effective_size(np.array([1.0, 1.0, 0.0, 0.0]))
    2.0
    """
    total = float(weights.sum())
    return total * total / float((weights * weights).sum()) if total > 0 else 0.0


def conditions_of(case: Any, side: str) -> Mapping[str, float]:
    """The coded conditions of a side: what a regression on the case list would know (all 0-1)."""
    own = case.sides[side]
    men = sum(f.strength.value for f in own.forces.values())

    def mean(of: Any) -> float:
        return float(sum(of(f) * f.strength.value for f in own.forces.values()) / max(men, 1.0))

    compelled = ("conscript", "mobilised", "prisoner")
    proof = own.coup_proofing
    ties = [t.tie.value for t in case.ties if any(t.soldiers in f.groups for f in own.forces.values())]
    crowd = max((w.participants.value / w.days for w in own.protest.waves), default=0.0)
    return {
        "conscript": mean(lambda f: sum(v.value for c, v in f.composition.items() if c.value in compelled)),
        "coup_proofing": float(np.mean([getattr(proof, n).value for n in type(proof).model_fields])),
        "tie": max(ties, default=0.0) * max((z.against_civilians.value for z in case.areas.values()), default=0.0),
        "protest": float(np.log1p(crowd / 3e4) / np.log1p(1e6 / 3e4)),
        "deprivation": 1.0 - own.supply.value,
        "losing": float(1.0 / (1.0 + np.exp(2.0 * own.aims.expected_advantage.value))),
    }
