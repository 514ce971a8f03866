"""Titles of charts that hold both sides: who is stronger, who loses more, who turns to heavier means."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from allegiance.report.findings.course import between, per_war
from allegiance.report.labels import percent

MOST_WARS = 0.9
"""Share of wars in which one side has to be ahead of the other to be told to be so."""


def balance(attacker: str, defender: str, movement: str, first: str, last: str) -> str:
    """The balance of forces at first and at the end.

    Args:
        movement: how the median moves, see `narrative.movement`. first, last: ratios in words.
    """
    return f"The balance {movement}: {attacker} to {defender} {first} at first, {last} at the end of each war"


def counted(names: Mapping[str, str], totals: pl.DataFrame, column: str, what: str, whose: str) -> str:
    """How many of each side at the end of each war, and whether one side is ahead in nearly all wars.

    Args:
        names: side key -> name in words. totals: `frames.carried` totals of all sides.
        what: what is counted: "soldiers killed". whose: a pattern for whose they are: "of {}".
    """
    ends = {s: per_war(totals.filter(pl.col("side") == s), column).sort("member") for s in names}
    last = {s: table["last"].to_numpy() for s, table in ends.items() if table.height}
    if not last or max(v.max() for v in last.values()) < 1:
        return f"No {what} in any war"
    each = {s: f"{between(v)} {whose.format(names[s])}" for s, v in last.items()}
    capital = f"{what[0].upper()}{what[1:]}"
    if len(last) != 2 or len({len(v) for v in last.values()}) > 1:
        return f"{capital}: {' and '.join(each.values())}"
    (one, a), (other, b) = last.items()
    ahead, behind, share = (one, other, np.mean(a > b)) if np.mean(a > b) >= np.mean(b > a) else (
        other, one, np.mean(b > a)
    )  # fmt: skip
    if share < MOST_WARS:
        return f"{capital}: which side has more is open, {each[one]} and {each[other]}"
    often = f"more {whose.format(names[ahead])} in {percent(float(share))} of wars"
    return f"{capital}: {each[ahead]}, {each[behind]}; {often}"


def destruction(names: Mapping[str, str], totals: pl.DataFrame) -> str:
    """The highest level of destruction that each side turns to in a war, with its 90 % interval."""
    told = []
    for side, name in names.items():
        most = per_war(totals.filter(pl.col("side") == side), "escalation")["most"].to_numpy()
        if not len(most):
            continue
        if np.median(most) < 1:
            told.append(f"{name} stays at level 0 in {percent(float(np.mean(most < 1)))} of wars")
        else:
            told.append(f"{name} turns to level {between(most, lambda v: f'{v:.0f}')} of 5")
    return "Destruction: " + "; ".join(told) if told else "Nothing is known of the level of destruction"
