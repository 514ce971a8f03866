"""How far two coders of the library agree: Krippendorff's alpha for every outcome, and where they part.

Alpha is 1 where coders agree in everything and 0 where they agree as often as chance would have it. Agreement says that
the rules can be followed, not that what was coded is true: coders who read the same sources err together.

Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from allegiance.cases.loader import library, load_observed
from allegiance.cases.schema import LEVELS, SHARES, Coder
from allegiance.world.columns import Array

FLOOR = 0.001
"""Least middle of a coded range of shares before its logarithm is taken."""
DRAWS, COVER = 2000, 0.9
"""Resamples of cases for the interval of alpha, and what the interval covers."""
Metric = Literal["nominal", "ordinal", "interval"]
Pair = tuple[Coder, Coder]


@dataclass(frozen=True)
class Agreement:
    """Agreement on one outcome over the cases that both coded.

    Attributes:
        alpha, low, high: Krippendorff's alpha and its interval over resampled cases; NaN where codes do not vary.
        same: cases with the same level, or for shares with ranges that meet. cases: how many both coded.
    """

    outcome: str
    metric: Metric
    alpha: float
    low: float
    high: float
    same: int
    cases: int


def alpha(codes: Array, metric: Metric) -> float:
    """Krippendorff's alpha, 1 − observed / expected disagreement; NaN where all codes are the same.

    Args:
        codes: one row a coder, one column a unit, NaN where a coder has none. metric: how far apart two values are.
    """
    return float(_alphas(codes, metric, np.ones((1, codes.shape[1])))[0])


def _alphas(codes: Array, metric: Metric, times: Array) -> Array:
    """Alpha with every unit taken so many times; `times` has shape (resamples, units)."""
    values = np.unique(codes[~np.isnan(codes)])
    counts = (codes[:, :, None] == values).sum(axis=0).astype(float)  # units, values
    paired = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(values))
    pairs /= np.maximum(paired - 1.0, 1.0)[:, None, None]
    found = np.full(len(times), np.nan)
    for draw, often in enumerate(times):
        seen = np.tensordot(often * (paired > 1), pairs, 1)
        each = seen.sum(axis=0)
        apart = _apart(values, each, metric)
        expected = float(each @ apart @ each) / max(each.sum() - 1.0, 1.0)
        if expected > 0:
            found[draw] = 1.0 - float((seen * apart).sum()) / expected
    return found


def _apart(values: Array, each: Array, metric: Metric) -> Array:
    """Squared distance of every two values: of ranks by how often values in between occur, or of the values."""
    if metric == "nominal":
        return 1.0 - np.eye(len(values))
    place = np.cumsum(each) - each / 2.0 if metric == "ordinal" else values
    squared: Array = (place[:, None] - place[None, :]) ** 2
    return squared


def coded_twice() -> dict[str, Pair]:
    """Cases of the library that two coders coded, with both coders' own codes."""
    found = {name: load_observed(name) for name in library()}
    return {n: (o.first, o.second) for n, o in found.items() if o is not None and o.first and o.second}


def agreement(pairs: Mapping[str, Pair], seed: int = 0) -> list[Agreement]:
    """Agreement on every level and share that both coded; levels are ordinal, shares the logarithm of the middle."""
    rng = np.random.default_rng(seed)
    found = []
    for outcome in (*LEVELS, *SHARES):
        known = [p for p in pairs.values() if all(getattr(coder, outcome) is not None for coder in p)]
        if not known:
            continue
        codes = np.array([[_value(coder, outcome) for coder in pair] for pair in known]).T
        metric: Metric = "ordinal" if outcome in LEVELS else "interval"
        units = codes.shape[1]
        times = rng.multinomial(units, np.full(units, 1.0 / units), DRAWS).astype(float)
        drawn = _alphas(codes, metric, times)
        drawn = drawn[~np.isnan(drawn)]
        tail = (1.0 - COVER) / 2.0
        low, high = np.quantile(drawn, [tail, 1.0 - tail]) if len(drawn) else (np.nan, np.nan)
        same = sum(_same(pair, outcome) for pair in known)
        found.append(Agreement(outcome, metric, alpha(codes, metric), float(low), float(high), same, units))
    return found


def _value(coder: Coder, outcome: str) -> float:
    code = getattr(coder, outcome)
    return float(code) if outcome in LEVELS else float(np.log10(max(sum(code) / 2.0, FLOOR)))


def _same(pair: Pair, outcome: str) -> bool:
    one, other = (getattr(coder, outcome) for coder in pair)
    return bool(one == other if outcome in LEVELS else max(one[0], other[0]) <= min(one[1], other[1]))


def apart(pairs: Mapping[str, Pair], more_than: int = 1) -> list[tuple[str, str, int, int]]:
    """Case, outcome and both codes wherever the coders' levels differ by more than `more_than`."""
    rows = ((n, o, getattr(a, o), getattr(b, o)) for n, (a, b) in pairs.items() for o in LEVELS)
    return [row for row in rows if abs(row[2] - row[3]) > more_than]


def cells(row: Agreement) -> tuple[str, str, str, str]:
    """An agreement as four cells: outcome, metric, alpha with its interval, how many cases are the same."""
    scale = "ordinal" if row.metric == "ordinal" else "interval, log10 of the middle"
    given = f"{row.alpha:.2f} ({row.low:.2f} to {row.high:.2f})" if not np.isnan(row.alpha) else "codes do not vary"
    word = "same level" if row.outcome in LEVELS else "ranges meet"
    return row.outcome, scale, given, f"{row.same} of {row.cases}, {word}"


HEADS = ("outcome", "scale", f"alpha ({COVER:.0%} interval)".replace("%", " %"), "cases")
