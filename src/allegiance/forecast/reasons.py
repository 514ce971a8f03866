"""Why is this country high? What the ridge logit adds and takes away, theme by theme, in words.

The combination has no simple parts, so the reasons are those of its most readable member, the ridge logit, and say
what distinguishes a state from the average state of the same month. They describe the model, not causes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from allegiance.forecast.horizons import Ints
from allegiance.forecast.models.logit import LogitFit

THEMES: dict[str, tuple[str, ...]] = {
    "its own record of coups": ("coup_attempt_", "coup_success_", "coup_failed_"),
    "its own record of mutinies": ("mutiny_",),
    "coups and mutinies around it": ("neighbour_coup", "cold_war"),
    "the leader": ("leader",),
    "the regime": ("polyarchy", "regime_between", "closed_autocracy", "electoral_", "military_dimension",
                   "military_regime", "military_leaders"),
    "elections": ("election",),
    "protest and mobilisation": ("protests", "mobilization", "stability"),
    "war": ("civil_war", "interstate_conflict", "battle_deaths"),
    "the armed forces' size and money": ("military_spending", "military_personnel", "spending_per_soldier"),
    "the economy": ("gdp", "growth", "inflation", "trade", "infant_mortality"),
    "society": ("women", "excluded", "ethnic", "population"),
    "the state's age": ("state_age",),
}  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """One theme's push on the log-odds; positive raises the forecast."""

    theme: str
    push: float

    def __str__(self) -> str:
        return f"{self.theme} ×{math.exp(self.push):.2g}"


def theme(name: str) -> str:
    """The theme of a feature.

    >>> theme("gdp_per_head"), theme("coup_attempt_region_12m")
    ('the economy', 'coups and mutinies around it')
    """
    if "_region_" in name or "_world_" in name:
        return "coups and mutinies around it"
    for words, starts in THEMES.items():
        if name.startswith(starts):
            return words
    return "other"


def reasons(fit: LogitFit, rows: Ints) -> list[list[Reason]]:
    """For each row the themes from the strongest push to the weakest, against the mean of `rows`."""
    pushes = fit.contributions(rows)
    pushes = pushes - pushes.mean(0)
    themes = [theme(fit.task.frame.names[c]) for c in fit.columns]
    names = list(dict.fromkeys(themes))
    sums = np.column_stack([pushes[:, [t == n for t in themes]].sum(1) for n in names])
    order = np.argsort(-np.abs(sums), axis=1)
    return [[Reason(names[j], float(row[j])) for j in ranks] for row, ranks in zip(sums, order, strict=True)]


def sentence(found: list[Reason]) -> str:
    """The reasons in one line: what raises the odds, then what lowers them.

    >>> sentence([Reason("the economy", 0.7), Reason("war", -0.3)])
    'raised by the economy ×2; lowered by war ×0.74'
    """
    up = [str(r) for r in found if r.push > 0.1][:3]
    down = [str(r) for r in found if r.push < -0.1][:2]
    parts = [f"{verb} by {', '.join(some)}" for verb, some in (("raised", up), ("lowered", down)) if some]
    return "; ".join(parts) or "near the average state"
