"""What happens, as rows of named columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from allegiance.world.columns import Array

EVENT_TYPES = (
    "coup_attempt", "coup_success", "mutiny", "march", "seizure", "mutineers_kill", "halt", "dismissal",
    "unit_defection", "flight", "call_out", "fragging", "defection", "desertion", "refusal", "shirking", "escalation",
    "settlement", "end",
)  # fmt: skip
ONGOING = "ongoing"
ENDS = {
    ONGOING: "still fighting",
    "settlement": "settled",
    "attacker_victory": "the attacker reached its aim",
    "collapse_attacker": "the attacker's army collapsed",
    "collapse_defender": "the defender's army collapsed",
    "coup": "officers took power",
    "regime_fell": "the regime fell",
    "order_restored": "order restored",
}
"""How a contest can end, in words; one that does not within its days is ongoing."""
EVENT_CODE = {name: k for k, name in enumerate(EVENT_TYPES)}

_COLUMNS: dict[str, tuple[str, float]] = {
    "contest": ("i4", 0), "day": ("i4", 0), "type": ("i4", 0), "side": ("i4", -1), "force": ("i4", -1),
    "brigade": ("i4", -1), "company": ("i4", -1), "episode": ("i4", 0), "size": ("f8", 0),
    "weight": ("f8", 1), "level": ("f8", 0), "violent": ("i4", 0), "officers": ("i4", 0), "grievance": ("f8", 0),
}  # fmt: skip
EVENT = np.dtype([(name, kind) for name, (kind, _) in _COLUMNS.items()])
"""Row numbers are those of the world's tables, -1 where an event has no such unit. `size` is people in each of
`weight` like events (of `mutineers_kill` the civilians killed); `episode` numbers the episodes of a side's mutinies
from 1; `level` the level of an escalation."""


class Events:
    """The events of a world so far."""

    def __init__(self) -> None:
        self._rows: list[Array] = []

    def add(self, kind: str, day: int, contest: Any, **columns: Any) -> None:
        """Add events of one type, one per row of `contest`; the other columns are arrays or single values."""
        rows = np.zeros(np.size(contest), EVENT)
        if len(rows) == 0:
            return
        for name, (_, default) in _COLUMNS.items():
            rows[name] = columns.get(name, default)
        rows["contest"], rows["day"], rows["type"] = contest, day, EVENT_CODE[kind]
        self._rows.append(rows)

    def table(self) -> Array:
        """All events in the order in which they happened (dtype EVENT)."""
        return np.concatenate(self._rows) if self._rows else np.zeros(0, EVENT)
