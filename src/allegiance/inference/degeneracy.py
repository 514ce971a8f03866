"""The degeneracy gate over many cases: an outcome that never or always happens anywhere tells nobody anything."""

from __future__ import annotations

from typing import Any

from allegiance.inference.forecasters import History

MARKS = (
    ("coup attempt", "coup", 1), ("coup success", "coup", 2), ("mutiny", "mutiny", 1), ("decisive mutiny", "mutiny", 3),
    ("refusal", "refusal", 1), ("order not carried out", "refusal", 3), ("one in a hundred left", "left", 0.01),
    ("half left", "left", 0.5),
)  # fmt: skip
"""What is counted: name, coded outcome, and the level (or share) from which it has happened."""


def gate(known: History) -> list[dict[str, Any]]:
    """One row per mark: in how many cases it never, always, or sometimes happens, over the case's playings.

    `degenerate` is a sentence where all playings of all cases agree, else empty.
    """
    rows = []
    for name, outcome, least in MARKS:
        chances = [float((codes[outcome] >= least).mean()) for codes in known.codes]
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
