"""The degeneracy gate: says so when a run cannot tell its user anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from allegiance.runs.outcomes import COUNTED, INDIVIDUAL


def degenerate(summary: Mapping[str, Any], members: pl.DataFrame, daily: pl.DataFrame) -> list[str]:
    """Sentences about outcomes that never or always happen, members that do not differ, populations that emptied."""
    found = []
    count = len(members)
    for side, forms in summary["outcomes"].items():
        for form in (*COUNTED, *INDIVIDUAL):
            p = forms[form]["probability"]
            if p in (0.0, 1.0):
                word = "never" if p == 0.0 else "always"
                found.append(
                    f"{side}: {form.replace('_', ' ')} {word} happened in {count} members; "
                    f"the probability is not {p:g} but within {_interval(forms[form])}"
                )
    if count >= 2:
        numbers = members.drop("member").select(pl.selectors.numeric())
        if all(numbers[c].n_unique() == 1 for c in numbers.columns):
            found.append(f"all {count} members are the same: nothing was sampled")
    if len(daily):
        emptied = (
            daily.group_by("side", "force", maintain_order=True)
            .agg(pl.col("strength").max().alias("most"), (pl.col("strength") < 1).any().alias("gone"))
            .filter((pl.col("most") >= 1) & pl.col("gone"))
        )
        for row in emptied.iter_rows(named=True):
            found.append(f"{row['side']}: the force '{row['force']}' emptied in at least one member")
    return found


def _interval(form: Mapping[str, Any]) -> str:
    low, high = form["interval_chance_only"]
    return f"{low:.1%} to {high:.1%}"


def inert_lever(path: str, value: Any, with_it: pl.DataFrame, without: pl.DataFrame) -> list[str]:
    """A sentence if one lever changed nothing between paired runs (same seed, same members), else nothing."""
    columns = [c for c in with_it.columns if c in without.columns]
    if not all(_same(with_it[c].to_numpy(), without[c].to_numpy()) for c in columns):
        return []
    return [
        f"the setting {path}={value} changed no outcome of any of {len(with_it)} members against the paired baseline"
    ]


def _same(a: np.ndarray, b: np.ndarray) -> bool:
    if a.dtype.kind == "f":
        return bool(np.array_equal(a, b, equal_nan=True))
    return bool((a == b).all())
