"""How well a draw of the parameters agrees with coded history, and the weights that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from allegiance.cases.schema import Observed
from allegiance.inference.coding import effective_size
from allegiance.runs.spec import LUCK_PER_DRAW
from allegiance.world.columns import Array

SUMMARIES = ("coup", "mutiny", "refusal", "left")
"""Coded outcomes, in the order of cases.schema.Observed."""
ORDINAL_WIDTH = 1.0
"""Levels by which a coded outcome may be off before a draw is called unlikely (judgement)."""
LEFT_WIDTH = 0.7
"""Log units by which the share that left may be off, beyond its coded range."""
LEFT_FLOOR = 0.002
"""Shares below this are not told apart (the coded ranges begin at 0)."""
KEEP = 0.3
"""Share of the draws that the weights must effectively keep; history is tempered until they do."""


def disagreement(codes: Mapping[str, Array], observed: Observed, summaries: Sequence[str], replicates: int) -> Array:
    """Distance of playings from one coded case, averaged over the replicates of a draw (shape (draws,)), 0 at best.

    Levels of the ordinal codes count one each, the share that left by log distance beyond its coded range, with the
    widths of inference/weights.py; replicates are averaged as likelihoods: −log mean exp(−distance).
    """
    total = np.zeros(len(codes["left"]))
    for name in ("coup", "mutiny", "refusal"):
        if name in summaries:
            total += np.abs(codes[name] - getattr(observed, name)) / ORDINAL_WIDTH
    if "left" in summaries:
        low, high = (np.log(max(x, LEFT_FLOOR)) for x in observed.left)
        left = np.log(np.maximum(codes["left"], LEFT_FLOOR))
        off = np.maximum(0.0, np.maximum(low - left, left - high)) / LEFT_WIDTH
        total += 0.5 * off * off
    mean: Array = -np.log(np.exp(-total).reshape(-1, replicates).mean(axis=1))
    return mean


def case_log_weight(codes: Mapping[str, Array], observed: Observed) -> Array:
    """Log agreement of each draw with one case, averaged over its lucks (shape (draws,))."""
    return -disagreement(codes, observed, SUMMARIES, LUCK_PER_DRAW)


def tempered(log_weights: Sequence[Array], keep: float = KEEP) -> tuple[Array, float]:
    """Weights of the draws from several cases, flattened until `keep` of the draws count.

    Returns:
        Weights that add to 1 (shape (draws,)), and the exponent in (0, 1] by which history was tempered.

    >>> w, t = tempered([np.array([0.0, -50.0, -50.0, -50.0])], keep=0.5)
    >>> bool(w[0] > 0.4), bool(t < 1)
    (True, True)
    """
    total = np.sum(log_weights, axis=0)

    def weights(exponent: float) -> Array:
        w = np.exp(exponent * (total - total.max()))
        normal: Array = w / w.sum()
        return normal

    if effective_size(weights(1.0)) >= keep * len(total):
        return weights(1.0), 1.0
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if effective_size(weights(middle)) >= keep * len(total) else (low, middle)
    return weights(low), low
