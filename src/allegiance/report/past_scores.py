"""How drafted armies did when they were held against what happened: the sentences that an assessment quotes.

`allegiance docs` copies the figures here from the newest run of campaigns on the leaderboard, so that an installed
package, which has no leaderboard, can tell them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from allegiance.forecast.halves import AS_MANY, off_the_ends

TABLE = Path(__file__).parent / "tables" / "draft_scores.json"
CODING = "defect_21"
RECORDED = ("mutiny",)
"""Outcomes told as lists would have them, too: a line learnt on years up to 1999 still holds for mutinies later; the
world's rate of coups has fallen to a quarter since."""
ADDED = ("stack with simulation", "stack")
"""Compared to say what the simulation adds to regressions on the same inputs."""
GAP = ("difference", "low", "high", "verdict", "rows", "events", "first_year", "last_year")
KEPT = ("events", "rows", "first_year", "last_year", "auc", "auc_low", "auc_high", "expected_observed", "run")


@cache
def _own() -> dict[str, Any]:
    """The package's own table, read once: a page of the world asks it for every state."""
    found: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return found


def kept(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What is kept of a run: scores of the simulation as it is, and how it and the regression stand to base rates."""
    scores = [r for r in rows if r["kind"] == "campaign scores" and r["coding"] == CODING]
    compared = [r for r in rows if r["kind"] == "campaign comparisons" and r["coding"] == CODING]
    own = next(r for r in scores if r["model"] == "simulation, as it is")
    verdicts = {r["ours"]: r["verdict"] for r in compared if r["theirs"] == "base rate"}
    return {name: own[name] for name in KEPT} | {"against_base_rate": verdicts}


def added(world: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What is kept of a scoring of state-years: by outcome, what the simulation added to a stack of regressions."""
    rows = [r for r in world if r["kind"] == "world comparisons" and r["rows_are"] == "all state-years"]
    return {r["coding"]: {name: r[name] for name in GAP} for r in rows if (r["ours"], r["theirs"]) == ADDED}


def lines(world: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What is kept of the same: by outcome, the line from what is simulated to what lists record."""
    rows = [r for r in world if r["kind"] == "world scores" and r["rows_are"] == "all state-years"]
    return {r["coding"]: {"level": r["line_level"], "slope": r["line_slope"]} for r in rows if r.get("line_slope")}


def as_recorded(outcome: str, probability: float, found: dict[str, Any] | None = None) -> float | None:
    """Probability that lists of the outcome would have it where it is simulated with this one; None if not learnt.

    >>> round(as_recorded("mutiny", 0.5, {"lines": {"mutiny": {"level": -3.0, "slope": 0.3}}}), 3)
    0.047
    """
    line = (found or _own()).get("lines", {}).get(outcome)
    if line is None:
        return None
    p = off_the_ends(probability, AS_MANY)
    return float(1.0 / (1.0 + math.exp(-line["level"] - line["slope"] * math.log(p / (1.0 - p)))))


def added_to(outcome: str, found: dict[str, Any] | None = None) -> str:
    """What the simulation added to regressions in forecasts of the outcome within a year; empty if it was not scored.

    >>> told = {"difference": 0.0, "low": -0.1, "high": 0.1, "verdict": "cannot be distinguished", "rows": 9}
    >>> told |= {"events": 2, "first_year": 2000, "last_year": 2018}
    >>> added_to("mutiny", {"added": {"mutiny": told}})[:46]
    'The simulation is not part of this. On 9 state'
    """
    known = (found or _own()).get("added", {})
    if outcome not in known:
        return ""
    r = known[outcome]
    rows = f"{r['rows']} state-years of {r['first_year']} to {r['last_year']} with {r['events']} events"
    return (
        f"The simulation is not part of this. On {rows} it changed the log score of regressions on the same inputs by"
        f" {r['difference']:+.4f} ({r['low']:+.4f} to {r['high']:+.4f}): {r['verdict']}."
    )


def told(found: dict[str, Any] | None = None) -> str:
    """How such assessments did, in words with figures; those of the package's own table if none are given."""
    s = found or _own()
    verdicts = s["against_base_rate"]
    return (
        f"On {s['rows']} campaigns of {s['first_year']} to {s['last_year']}, drafted by these rules and never fitted "
        f"to, the simulation ranks one in which security forces changed sides above one in which they did not in "
        f"{100 * s['auc']:.0f} % of pairs (95 %: {100 * s['auc_low']:.0f} to {100 * s['auc_high']:.0f}; chance: 50). "
        f"Held against base rates: simulation {verdicts['simulation']}, plain regression {verdicts['ridge logit']}. "
        f"It expected {s['expected_observed']:.2f} times the events that came."
    )
