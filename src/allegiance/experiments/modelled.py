"""What a case does not model: quantities that would come out as 0 because nothing in the case can move them.

Not modelled is not zero. Tables, texts, charts and comparisons leave these out, and say so once.
"""

from __future__ import annotations

from collections.abc import Iterable

from allegiance.cases.schema import Case
from allegiance.world.inputs import has_enemy

WORDS = {
    "killed": "soldiers killed and wounded (but by those who went over)",
    "war.duration_days": "the length of the fighting and how it ends",
    "war.mean_log_ratio": "the balance of forces",
    "escalation.max_level": "the means of destruction",
    "civilians_killed": "civilians killed",
}
"""Outcome column (of a side without its prefix) -> the same in words."""


def unmodelled(case: Case) -> tuple[str, ...]:
    """The keys of WORDS that mean nothing in a case.

    Without an armed opponent nobody fights back: no length, no balance, no escalation, and no losses but to soldiers
    who went over, which are told with the civil war they make. Civilians are then killed only where an army faces
    crowds and the case says how deadly that is.
    """
    if has_enemy(case):
        return ()
    found = ["killed", "war.duration_days", "war.mean_log_ratio", "escalation.max_level"]
    crowds = any(side.protest.waves for side in case.sides.values())
    if not crowds or case.war.civilian_baseline.value <= 0:
        found.append("civilians_killed")
    return tuple(found)


def note(case: Case) -> str:
    """One sentence that says what a case does not model; empty if it models all."""
    missing = unmodelled(case)
    return (
        f"Not modelled, as no armed opponent is in this case: {_listed(WORDS[m] for m in missing)}." if missing else ""
    )


def _listed(parts: Iterable[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
