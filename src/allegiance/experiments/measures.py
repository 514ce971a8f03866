"""From an ensemble to one number per member and measure: a numerator and a denominator.

A mean is Σ numerator / Σ denominator over members, so that counts, rates (per month of war) and Mantel-Haenszel odds
ratios (Σ R / Σ S over strata) are all of one form, and a bootstrap can resample draws of any of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.experiments.protocol import Measure, fill
from allegiance.runs.ensemble import Ensemble
from allegiance.world.columns import Array
from allegiance.world.quantities import MEANS, SIDE_WIDE

MONTH = 30


def needs(measures: Mapping[str, Measure]) -> tuple[bool, bool]:
    """Whether any measure reads the daily table, and whether any reads the events."""
    return any(m.daily for m in measures.values()), any(m.events for m in measures.values())


def take(ensemble: Ensemble, measure: Measure, meanings: Mapping[str, str]) -> tuple[Array, Array]:
    """Numerator and denominator of a measure, each of shape (members,).

    Raises:
        AllegianceError: the case lacks the side or force that the measure names.
    """
    side, force = fill(measure.side, meanings), fill(measure.force, meanings)
    if measure.odds:
        return _odds(ensemble, measure, side)
    if measure.column:
        name = fill(measure.column, meanings)
        if name not in ensemble.members.columns:
            raise AllegianceError(f"no outcome '{name}' in this case")
        values = ensemble.members[name].to_numpy().astype(float)
    elif measure.events and measure.take == "months":
        return _months(ensemble, measure, side)
    elif measure.events:
        values = _events(ensemble, measure, side, force)
    else:
        values = _daily(ensemble, measure, side, force)
    values = np.abs(values) if measure.absolute else values
    values = (values > 0).astype(float) if measure.any else values * measure.scaled
    return values, np.ones(len(values))


def _events(ensemble: Ensemble, measure: Measure, side: str, force: str) -> Array:
    rows = ensemble.events.filter((pl.col("side") == side) & (pl.col("type") == measure.events))
    if force:
        rows = rows.filter(pl.col("force") == force)
    if measure.days:
        rows = rows.filter((pl.col("day") >= measure.days[0]) & (pl.col("day") < measure.days[1]))
    values = np.zeros(len(ensemble.members))
    total = rows.group_by("member").agg(pl.col("weight").sum())
    values[total["member"].to_numpy()] = total["weight"].to_numpy()
    return values


def _months(ensemble: Ensemble, measure: Measure, side: str) -> tuple[Array, Array]:
    """Months with an event, out of whole months of war: every one had the same time to see it."""
    rows = ensemble.events.filter((pl.col("side") == side) & (pl.col("type") == measure.events))
    whole = ensemble.members["war.duration_days"].to_numpy() // MONTH
    values = np.zeros(len(whole))
    for member, month in rows.select("member", month=pl.col("day") // MONTH).unique().iter_rows():
        values[member] += month < whole[member]
    return values, whole.astype(float)


def _daily(ensemble: Ensemble, measure: Measure, side: str, force: str) -> Array:
    rows = ensemble.daily.filter(pl.col("side") == side)
    rows = rows.filter(pl.col("force") == force) if force else rows
    if measure.days:
        rows = rows.filter((pl.col("day") >= measure.days[0]) & (pl.col("day") < measure.days[1]))
    value = pl.sum_horizontal(*measure.daily)
    if set(measure.daily) <= {*MEANS, "win_belief"}:
        men = pl.col("strength").clip(1e-9)
        by_day = rows.group_by("member", "day").agg(((value * men).sum() / men.sum()).alias("v"))
    else:
        # what is known of a side as a whole stands in the row of each of its forces
        once = set(measure.daily) <= set(SIDE_WIDE)
        by_day = rows.group_by("member", "day").agg((value.max() if once else value.sum()).alias("v"))
    by_day = by_day.sort("member", "day")
    values = np.full(len(ensemble.members), np.nan)
    if measure.take in ("half_day", "half_rise"):
        for (member,), days in by_day.group_by("member"):
            v = days["v"].to_numpy().astype(float)
            grown = np.maximum(np.diff(v, prepend=v[0]), 0.0) if measure.take == "half_rise" else v
            values[int(str(member))] = _half_day(days["day"].to_numpy(), grown)
        return values
    how = {"mean": pl.col("v").mean(), "sum": pl.col("v").sum(), "max": pl.col("v").max(), "last": pl.col("v").last()}
    total = by_day.group_by("member").agg(how[measure.take])
    values[total["member"].to_numpy()] = total["v"].to_numpy()
    return values


def _half_day(day: Array, value: Array) -> float:
    """Day by which half of the total had come; NaN if nothing came."""
    done = np.cumsum(value)
    return float(day[np.searchsorted(done, done[-1] / 2)]) if done[-1] > 0 else float("nan")


def _odds(ensemble: Ensemble, measure: Measure, side: str) -> tuple[Array, Array]:
    """Mantel-Haenszel parts R = Σ a d / n and S = Σ b c / n of each member.

    Strata are tie bins where categories are compared and categories where tie bins are. Source: Mantel & Haenszel
    (1959), doi:10.1093/jnci/22.4.719.
    """
    ties = isinstance(measure.exposed[0], int)
    group, stratum = ("tie_bin", "category") if ties else ("category", "tie_bin")
    rows = ensemble.individuals.filter((pl.col("side") == side) & (pl.col("form") == measure.odds))

    def cells(members: tuple[str | int, ...], ever: str, never: str) -> pl.DataFrame:
        chosen = rows.filter(pl.col(group).is_in(list(members))).group_by("member", stratum)
        return chosen.agg(pl.col("count").sum().alias(ever), (pl.col("of") - pl.col("count")).sum().alias(never))

    table = cells(measure.exposed, "a", "b").join(cells(measure.against, "c", "d"), on=["member", stratum])
    n = pl.col("a") + pl.col("b") + pl.col("c") + pl.col("d")
    parts = table.group_by("member").agg(
        (pl.col("a") * pl.col("d") / n).sum().alias("R"), (pl.col("b") * pl.col("c") / n).sum().alias("S")
    )
    up, down = np.zeros(len(ensemble.members)), np.zeros(len(ensemble.members))
    up[parts["member"].to_numpy()] = parts["R"].to_numpy()
    down[parts["member"].to_numpy()] = parts["S"].to_numpy()
    return up, down
