"""One parameter in one fit: what the data say of it, and whether they still do without a decade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt
from statistics import NormalDist

from allegiance.inference.fit.records import Summary
from allegiance.inference.fit.result import CONVERGED, INFORMED

CLEAR = NormalDist().inv_cdf(0.95)
"""Posterior standard deviations from the prior's middle at which a shift is clear of 0: a 90 % interval leaves it out.
"""


@dataclass(frozen=True)
class Reading:
    """What a fit says of a parameter.

    Attributes:
        fit: name of the study. shift, spread: posterior mean and standard deviation, in prior standard deviations.
            median, low, high: the posterior in the parameter's own unit, with its 90 % interval. response: change of
            the outcome's log-odds per prior standard deviation. emulator: what is not known of the emulator, in prior
            standard deviations. effective: independent draws that the walk is worth. without: decade -> shift and
            spread of a fit without the campaigns that began in it.
    """

    fit: str
    parameter: str
    shift: float
    spread: float
    median: float
    low: float
    high: float
    response: float
    emulator: float
    effective: float
    without: Mapping[int, tuple[float, float]] = field(default_factory=dict)

    @property
    def informed(self) -> bool:
        """Whether the spread is small enough."""
        return self.spread <= INFORMED

    @property
    def clear(self) -> bool:
        """Whether the shift is clear of 0."""
        return _clear(self.shift, self.spread)

    @property
    def told(self) -> bool:
        """Whether the data say anything of it: informed, or clear of 0."""
        return self.informed or self.clear

    def lost(self) -> list[int]:
        """Decades without which the data would say nothing of it, though they do with all."""
        return [d for d, (m, s) in self.without.items() if self.told and not (s <= INFORMED or _clear(m, s))]

    def away(self, direction: int) -> bool:
        """Whether it is clear of 0 towards less of an effect that grows with the parameter's `direction` (1 or -1)."""
        return self.clear and self.shift * direction < 0


def _clear(shift: float, spread: float) -> bool:
    return abs(shift) > CLEAR * spread


def readings(fit: str, summary: Summary) -> dict[str, Reading]:
    """What a fit says of each of its parameters."""
    effective = float(summary["card"]["effective_draws"])
    whole = {row["parameter"]: row for row in summary["parameters"]}
    without: dict[str, dict[int, tuple[float, float]]] = {name: {} for name in whole}
    for row in summary["decades"]:
        own = whole[row["parameter"]]
        left = own["shift"] - row["moved"] * own["spread"], own["spread"] * row["spread_ratio"]
        without[row["parameter"]][int(row["without"])] = left
    return {
        name: Reading(
            fit, name, row["shift"], row["spread"], row["median"], row["low"], row["high"], row["response"],
            row["emulator_error"] * row["spread"], effective, without[name],
        )
        for name, row in whole.items()
    }  # fmt: skip


def converged(summary: Summary) -> bool:
    """Whether the walk of a fit is long enough for its posterior to be used."""
    return float(summary["card"]["r_hat"]) <= CONVERGED


def overlap(one: Summary, other: Summary) -> str:
    """How the campaigns of two fits lie: "apart", "inside" (the first in the second), "around", "same" or "mixed".

    Campaigns are told by the method and the years of their studies. State-years and campaigns are "mixed": other lists
    of other events, but of the same armies at the same time.
    """
    of = [s["card"]["study"].get("campaigns") for s in (one, other)]
    if None in of:
        same = one["card"]["study"].get("state_years") == other["card"]["study"].get("state_years")
        return "same" if same else "mixed"
    a, b = of
    if a["last"] < b["first"] or b["last"] < a["first"] or {a["method"], b["method"]} == {"armed", "unarmed"}:
        return "apart"
    inside, around = _holds(b, a), _holds(a, b)
    return "same" if inside and around else "inside" if inside else "around" if around else "mixed"


def _holds(outer: Summary, inner: Summary) -> bool:
    years = outer["first"] <= inner["first"] and inner["last"] <= outer["last"]
    return years and outer["method"] in ("all", inner["method"])


def distance(one: Reading, other: Reading, lie: str) -> float | None:
    """How far two fits of a parameter are from each other, over how far chance would part them; None: cannot be told.

    Two fits of data of their own that start from one prior, with spreads s and t, differ by chance with variance
    s² + t² − 2 s² t² (each mean varies by 1 − s², and both follow the truth); a fit of part of the data differs from
    the fit of all by s² − t², s of the part. What is not known of the emulators and of the walks is added.

    Args:
        lie: see `overlap`. The same data, or data that share some campaigns, cannot be compared so.
    """
    s, t = min(1.0, one.spread) ** 2, min(1.0, other.spread) ** 2
    by = {"apart": s + t - 2 * s * t, "inside": s - t, "around": t - s}.get(lie, 0.0)
    if by <= 0:
        return None
    noise = sum(r.emulator**2 + r.spread**2 / r.effective for r in (one, other))
    return (one.shift - other.shift) / sqrt(by + noise)
