"""What is computed: each estimand as a function of sums over members, so that resampling members is weighting them.

An arm comes as sums of its columns (columns.py), each of shape (resamples, units): a unit is the side studied of one
case, or each side of each of many cases. Every function returns one value per resample, shape (resamples,), NaN where
nothing can be estimated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from allegiance.world.columns import Array

Sums = Mapping[str, Array]
"""Column -> sums over members, shape (resamples, units)."""
HALF = 0.5
"""Added to counts of events, so that none at all is rare and not impossible (Haldane 1956)."""
MAJORITY = 0.5
"""Share of compelled men from which an army is not one of volunteers (Lyall 2016: a majority)."""


def _over(up: Array, down: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(down > 0, up / np.where(down > 0, down, 1.0), np.nan))


def rate(arm: Sums, events: str, per: str) -> Array:
    """Events per unit of exposure: (events + ½) / exposure, units together."""
    return _over(arm[events].sum(axis=-1) + HALF, arm[per].sum(axis=-1))


def rates(arms: Sequence[Sums], events: str, per: str = "soldier_days") -> Array:
    """Ratio of two rates; of four arms, the ratio of the first pair over that of the second."""
    first = _over(rate(arms[0], events, per), rate(arms[1], events, per))
    return first if len(arms) == 2 else _over(first, rates(arms[2:], events, per))


def odds(arms: Sequence[Sums], outcome: str) -> Array:
    """Odds ratio of an outcome of playings, first arm against second; stratified by unit (Mantel & Haenszel 1959).

    With one unit, half an event is added to each cell.
    """
    (a, n), (c, m) = ((arm[outcome], arm["n"]) for arm in arms)
    b, d = n - a, m - c
    if a.shape[-1] == 1:
        return _over((a + HALF) * (d + HALF), (b + HALF) * (c + HALF))[..., 0]
    total = np.maximum(n + m, 1.0)
    return _over((a * d / total).sum(axis=-1), (b * c / total).sum(axis=-1))


def within(arms: Sequence[Sums]) -> Array:
    """Odds ratio of desertion, conscript against contract soldier of one army; each member is a stratum."""
    (arm,) = arms
    return _over(arm["mh_up"].sum(axis=-1), arm["mh_down"].sum(axis=-1))


def across(arms: Sequence[Sums], outcome: str) -> Array:
    """Odds ratio of an outcome, belligerents most of whose men are compelled against the others; nothing held equal."""
    (arm,) = arms
    compelled = _over(arm["compelled"], arm["n"]) >= MAJORITY
    a, n = (np.where(compelled, arm[k], 0.0).sum(axis=-1) for k in (outcome, "n"))
    c, m = (np.where(compelled, 0.0, arm[k]).sum(axis=-1) for k in (outcome, "n"))
    return _over((a + HALF) * (m - c + HALF), (n - a + HALF) * (c + HALF))


def months(arms: Sequence[Sums]) -> Array:
    """Desertion per soldier and day, months of losses above the army's own mean against its other months."""
    (arm,) = arms
    heavy, light = (rate(arm, f"{kind}_deserted", f"{kind}_days") for kind in ("heavy", "light"))
    return _over(heavy, light)


def share(arms: Sequence[Sums], outcome: str, of: str = "n") -> Array:
    """Share of playings with an outcome, of all or of those with `of`; units together."""
    (arm,) = arms
    return _over(arm[outcome].sum(axis=-1), arm[of].sum(axis=-1))


def peak(arms: Sequence[Sums]) -> Array:
    """Length at the first arm over that at the mean of the next two (geometric means); of six arms, the ratio of two.

    The arms are parity, weaker, stronger, and if there are six the same again under other beliefs.
    """
    middle, *sides = (_over(a["log_days"].sum(axis=-1), a["n"].sum(axis=-1)) for a in arms[:3])
    found = np.exp(middle - sum(sides) / 2.0)
    return found if len(arms) == 3 else found / peak(arms[3:])


ESTIMANDS: dict[str, Callable[..., Array]] = {
    f.__name__: f for f in (rates, odds, within, across, months, share, peak)
}
"""Estimands by the name that the table gives them."""
