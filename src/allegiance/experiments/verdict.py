"""From intervals to verdicts, by rule.

An effect *shows* what was expected when its 90 % interval lies wholly on the expected side, *denies* it when the
interval lies wholly on the other side, and is *open* otherwise. A claim is supported if all its main effects and checks
show, contradicted if one of them denies, else inconclusive. As every effect must show, testing several does not make
support easier (intersection-union test: Berger 1982, doi:10.1080/00401706.1982.10487790); over the claims, the
adjusted p value controls the false discovery rate (Benjamini & Hochberg 1995).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from allegiance.base.extras import require
from allegiance.experiments.effects import LOGS, Estimate
from allegiance.experiments.protocol import Effect

Answer = Literal["shows", "denies", "open"]
Verdict = Literal["supported", "contradicted", "inconclusive", "not applicable"]
_Z90 = 1.6448536269514722
MOST = 200_000


def null(effect: Effect) -> float:
    """The value of no effect, or the bound, on the effect's scale."""
    if effect.target is not None:
        return effect.target
    return 1.0 if effect.scale == "odds ratio" or effect.scale in LOGS else 0.0


def answer(effect: Effect, estimate: Estimate, fewest: int) -> Answer:
    """What one effect says.

    Args:
        fewest: draws below which nothing is said.
    """
    low, high, at = estimate.low, estimate.high, null(effect)
    if estimate.draws < fewest or not (math.isfinite(low) and math.isfinite(high)):
        return "open"
    if effect.expect == "up":
        return "shows" if low > at else "denies" if high < at else "open"
    if effect.expect in ("down", "below"):
        return "shows" if high < at else "denies" if low > at else "open"
    ratio = effect.scale == "odds ratio" or effect.scale in LOGS
    lower, upper = (at / (1 + effect.margin), at * (1 + effect.margin)) if ratio else (
        at - effect.margin, at + effect.margin
    )  # fmt: skip
    return "shows" if lower <= low and high <= upper else "denies" if high < lower or low > upper else "open"


def verdict(effects: Mapping[str, Effect], answers: Mapping[str, Answer]) -> Verdict:
    """The claim's verdict from the answers of its main effects and checks.

    >>> from allegiance.experiments.protocol import Effect
    >>> one = Effect(label="", measure="m", terms={}, scale="days", expect="up")
    >>> verdict({"a": one, "b": one}, {"a": "shows", "b": "open"})
    'inconclusive'
    """
    asked = [answers[name] for name, effect in effects.items() if effect.role != "context"]
    if all(a == "shows" for a in asked):
        return "supported"
    return "contradicted" if "denies" in asked else "inconclusive"


def members_needed(effect: Effect, estimate: Estimate, fewest: int) -> int | None:
    """Members that would probably settle an open effect if it is as large as it looks; None if no number would.

    An interval shrinks with the square root of the draws; two members share a draw.
    """
    if estimate.draws < fewest and not math.isfinite(estimate.se):
        return 2 * fewest
    if not (math.isfinite(estimate.se) and math.isfinite(estimate.value)) or estimate.draws < 1:
        return None
    ratio = effect.scale == "odds ratio" or effect.scale in LOGS
    at, value = null(effect), estimate.value
    if ratio and value <= 0:
        return None
    distance = abs(math.log(value / at)) if ratio else abs(value - at)
    if effect.expect == "equal":
        distance = abs((math.log(1 + effect.margin) if ratio else effect.margin) - distance)
    if distance <= 0:
        return None
    draws = max(fewest, math.ceil(estimate.draws * (_Z90 * estimate.se / distance) ** 2))
    return 2 * draws if 2 * draws <= MOST else None


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Benjamini-Hochberg adjusted p values; NaN stays NaN.

    Raises:
        AllegianceError: scipy is not installed.
    """
    values = np.asarray(p_values, float)
    known = np.isfinite(values)
    if known.any():
        values[known] = require("scipy.stats", "experiments").false_discovery_control(values[known])
    return [float(v) for v in values]
