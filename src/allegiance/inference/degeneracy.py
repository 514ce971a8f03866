"""The degeneracy gate over many cases: an outcome that never or always happens anywhere tells nobody anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from allegiance.inference.forecasters import History
from allegiance.runs.outcomes import INDIVIDUAL, THRESHOLDS
from allegiance.world.columns import Array

MARKS = (
    ("coup attempt", "coup", 1), ("coup success", "coup", 2), ("mutiny", "mutiny", 1),
    ("mutiny above 10 %", "mutiny", 3), ("refusal", "refusal", 1), ("order not carried out", "refusal", 3),
    ("one in a hundred left", "left", 0.01), ("half left", "left", 0.5),
)  # fmt: skip
"""What is counted: name, coded outcome, and the level (or share) from which it has happened."""


def gate(known: History, played: Mapping[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """One row per mark: in how many cases it never, always, or sometimes happens, over the case's playings.

    Marks are coded outcomes, and each form of disloyalty of single soldiers above the share from which `run` counts it.

    `degenerate` is a sentence where all playings of all cases agree, else empty.
    """
    rows = []
    for name, happened in _marks(known, played).items():
        chances = [float(found.mean()) for found in happened]
        never, always = sum(c == 0.0 for c in chances), sum(c == 1.0 for c in chances)
        word = "never" if never == len(chances) else "always" if always == len(chances) else ""
        rows.append(
            {
                "outcome": name, "cases": len(chances), "never": never, "always": always,
                "sometimes": len(chances) - never - always, "mean": sum(chances) / len(chances),
                "degenerate": f"{name} {word} happens, in any playing of any case" if word else "",
            }
        )  # fmt: skip
    return rows


def _marks(known: History, played: Mapping[str, pl.DataFrame]) -> dict[str, list[Array]]:
    """Per mark and case, whether it happened in each playing."""
    marks = {name: [codes[outcome] >= least for codes in known.codes] for name, outcome, least in MARKS}
    for form in INDIVIDUAL:
        marks[f"{form} ({THRESHOLDS[form]:.1%} of soldiers)"] = [
            played[c.case.id][f"{c.observed.side}.{form}"].to_numpy() > THRESHOLDS[form] for c in known.cases
        ]
    return marks
