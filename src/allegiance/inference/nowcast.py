"""Nowcasting: what has been seen so far reweights the ensemble, and the rest is played anew from there.

Importance weights, systematic resampling (Kitagawa 1996, doi:10.1080/10618600.1996.10474692), then fresh luck from
the information date on, so that a member that was drawn twice is not one future counted twice.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.cases.schema import Case
from allegiance.inference.coding import effective_size
from allegiance.inference.observation import CHANNELS, Channel, reported_daily, reporting_probability
from allegiance.inference.observations import Seen, SeenFile
from allegiance.runs.ensemble import Progress, batches
from allegiance.runs.frames import daily_frame, event_frame
from allegiance.runs.member import Played, play
from allegiance.runs.outcomes import outcome_row
from allegiance.runs.spec import LUCK_PER_DRAW, RunSpec
from allegiance.runs.summary import summarise, wilson
from allegiance.world.blueprint import Blueprint, build
from allegiance.world.columns import Array

IMPOSSIBLE = -12.5
"""Log agreement (five standard errors) below which a member is said not to be compatible with an observation."""
FRESH = 1 << 20
"""Where the keys of fresh luck begin, above any member's own."""
MANY = 10_000
"""Known events beyond which it makes no difference how many more are asked for."""
_Z = 1.6448536269514722


@dataclass(frozen=True)
class Nowcast:
    """Prior and updated ensembles and how one became the other."""

    case: Case
    spec: RunSpec
    seen: SeenFile
    agreement: pl.DataFrame
    weights: Array
    effective: float
    prior_members: pl.DataFrame
    prior_daily: pl.DataFrame
    members: pl.DataFrame
    daily: pl.DataFrame
    drawn: Array
    """which draw of the parameters each updated member has"""

    def summary(self) -> dict[str, Any]:
        """Prior and updated outcomes, with the effective sample size; intervals know of no more members than that."""
        updated = summarise(self.case, self.spec, self.members, self.drawn)
        for forms in updated["outcomes"].values():
            for p in forms.values():
                own = wilson(p["probability"], self.effective)
                for name in ("interval", "interval_chance_only"):
                    p[name] = [float(f"{f(x, y):.6g}") for f, x, y in zip((min, max), p[name], own, strict=True)]
        return {
            "case": self.case.id,
            "information_date": self.seen.information_date.isoformat(),
            "members": self.spec.members,
            "effective_members": float(f"{self.effective:.4g}"),
            "prior": summarise(self.case, self.spec, self.prior_members),
            "updated": updated,
        }


def update(case: Case, seen: SeenFile, spec: RunSpec, progress: Progress | None = None) -> Nowcast:
    """Condition an ensemble of `case` on what was seen and play the rest anew.

    Raises:
        AllegianceError: no member is compatible with the observations; the one that excludes them all is named.
    """
    spec = spec.settled(case)
    assert spec.days is not None
    assert spec.scale is not None
    plan = build(case, spec.days, spec.scale)
    known = (seen.information_date - case.start).days
    prior = _play_all(plan, spec, range(spec.members), None, progress, 0.0)
    daily = pl.concat([daily_frame(p, plan) for p in prior])
    events = pl.concat([event_frame(p, plan) for p in prior])
    compared = [_agreement(one, case, daily, events, spec.members) for one in seen.observations]
    agreement = np.array([log for log, _ in compared])
    weights = _weights(agreement, np.array([shown for _, shown in compared]), seen)
    chosen = resample(weights, spec.members, spec.seed)
    after = _play_all(plan, spec, chosen.tolist(), known + 1, progress, 0.5)
    for k, played in enumerate(after):
        played.member = k
    table = pl.DataFrame(
        {"member": np.arange(spec.members), "weight": weights}
        | {f"observation_{k + 1}": agreement[k] for k in range(len(seen.observations))}
    )
    return Nowcast(
        case, spec, seen, table, weights, effective_size(weights),
        pl.DataFrame([outcome_row(p, plan.names) for p in prior], infer_schema_length=None), daily,
        pl.DataFrame([outcome_row(p, plan.names) for p in after], infer_schema_length=None),
        pl.concat([daily_frame(p, plan) for p in after]), chosen // LUCK_PER_DRAW,
    )  # fmt: skip


def _play_all(
    plan: Blueprint, spec: RunSpec, members: Sequence[int], fresh: int | None, progress: Progress | None, base: float
) -> list[Played]:
    """Play members; from day `fresh` on, each play has luck of its own."""

    def some(places: list[int]) -> list[Played]:
        those = [members[k] for k in places]
        luck = (fresh, [FRESH + k for k in places]) if fresh is not None else None
        return play(plan, spec.theory, spec.draws(those), spec.seed, those, fresh=luck)

    done: list[Played] = []
    with ThreadPoolExecutor(spec.threads) as pool:
        for played in pool.map(some, batches(plan, range(len(members)), spec.threads)):
            done += played
            if progress:
                progress(base + 0.5 * len(done) / len(members), "days observed so far" if base == 0 else "days to come")
    return done


def _agreement(one: Seen, case: Case, daily: pl.DataFrame, events: pl.DataFrame, members: int) -> tuple[Array, Array]:
    """Log agreement of every member with one observation (0 at best), and what the member shows; shapes (members,)."""
    day = (one.by - case.start).days
    if one.kind == "event":
        return _event_agreement(one, events, members, day)
    if one.kind == "grievance":
        rows = daily.filter((pl.col("side") == one.side) & (pl.col("day") <= day))
        last = rows.group_by("member", "day").agg(
            (pl.col("grievance") * pl.col("strength")).sum() / pl.col("strength").sum().clip(1e-9)
        )
        final = last.sort("day").group_by("member", maintain_order=True).last().sort("member")
        shown = final["grievance"].to_numpy()
        return _normal(shown - one.value, one.error or 1.0, one.at_least), shown
    via = CHANNELS[one.what]
    table = reported_daily(daily.filter(pl.col("day") <= day), one.side, via)
    final = table.group_by("member", maintain_order=True).last().sort("member")
    shown = final["reported"].to_numpy()
    gap = np.log1p(shown) - math.log1p(one.value)
    return _normal(gap, one.error or channel_error(via), one.at_least), shown


def _normal(gap: Array, error: float, at_least: bool) -> Array:
    if at_least:
        gap = np.minimum(gap, 0.0)
    agreement: Array = -0.5 * (gap / error) ** 2
    return agreement


def channel_error(via: Channel) -> float:
    """Standard deviation of the log reported share, from the channel's 90 % range (at least 0.1)."""
    low, high = via.share.range or (via.share.value, via.share.value)
    return max(0.1, (math.log(max(high, 1e-6)) - math.log(max(low, 1e-6))) / (2 * _Z))


def _event_agreement(one: Seen, events: pl.DataFrame, members: int, day: int) -> tuple[Array, Array]:
    """Poisson agreement of the known count with what each member's events would have made known by `day`, and that."""
    happened = (pl.col("type") == one.what) & (pl.col("side") == one.side) & (pl.col("day") <= day)
    own = events.filter(happened)
    if one.what == "mutiny":  # the companies of an episode are one event to those who count
        people = (pl.col("size") * pl.col("weight")).sum()
        by = own.group_by("member", "episode", maintain_order=True)
        own = by.agg(pl.col("day").min(), people.alias("size"), weight=1.0)
    via = CHANNELS["mutinies_known"]
    expected = np.zeros(members)
    for row in own.iter_rows(named=True):
        chance = 1.0
        if one.what != "coup_attempt":
            known = 1.0 - math.exp(-(day - row["day"] + 1) / via.delay.value)
            chance = reporting_probability(via, row["size"]) * known
        expected[row["member"]] += row["weight"] * chance
    mean = np.maximum(expected, 0.02)  # something may have happened that the model does not know of
    k = one.value
    if one.at_least:
        terms = range(min(int(k), MANY))
        below = [sum(math.exp(j * math.log(m) - m - math.lgamma(j + 1)) for j in terms) for m in mean]
        return np.log(np.clip(1.0 - np.array(below), 1e-300, 1.0)), expected
    best = -k + k * math.log(k) if k > 0 else 0.0
    agreement: Array = (-mean + k * np.log(mean)) - best
    return agreement, expected


def _weights(agreement: Array, shown: Array, seen: SeenFile) -> Array:
    for k, row in enumerate(agreement):
        if row.max() < IMPOSSIBLE:
            raise AllegianceError(
                f"no member is compatible with {seen.named(k)}; as it would be reported, {len(row)} members show"
                f" {shown[k].min():.4g} to {shown[k].max():.4g}",
                "check its unit and its channel, widen its error, or play more members",
            )
    total = agreement.sum(axis=0)
    if total.max() < 2 * IMPOSSIBLE:
        worst = int(np.argmax([(total - row).max() for row in agreement]))
        raise AllegianceError(
            "each observation is compatible with some member, but no member with all of them; the others agree best"
            f" without {seen.named(worst)}",
            "play more members, widen the errors, or look for observations that contradict each other",
        )
    weights: Array = np.exp(total - total.max())
    weights /= weights.sum()
    return weights


def resample(weights: Array, count: int, seed: int) -> Array:
    """Systematic resampling: each member is drawn its expected number of times, give or take one.

    >>> resample(np.array([0.5, 0.5, 0.0]), 4, 0).tolist()
    [0, 0, 1, 1]
    """
    start = np.random.default_rng(seed).uniform()
    picks = (start + np.arange(count)) / count
    found: Array = np.searchsorted(np.cumsum(weights), picks * (1 - 1e-12))
    return np.minimum(found, len(weights) - 1)
