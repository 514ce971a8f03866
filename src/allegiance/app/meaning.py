"""What a what-if means for the war, in two sentences that carry their numbers."""

from __future__ import annotations

import math
from typing import Any

from allegiance.cases.schema import Case
from allegiance.report.effects_text import effect, number
from allegiance.report.labels import side_name

_TOLD = {
    "mutiny?": "the probability of a mutiny in {}",
    "coup_attempt?": "the probability of a coup attempt in {}",
    "desertion": "the share of soldiers of {} who desert",
    "defection": "the share of soldiers of {} who defect",
    "shirking": "the share of soldiers of {} who shirk",
    "refusal": "the share of soldiers of {} who refuse",
}


def sure(row: dict[str, Any]) -> bool:
    """Whether the interval of a difference excludes zero."""
    return bool(row["low"] > 0 or row["high"] < 0)


def meaning(case: Case, rows: list[dict[str, Any]], pairs: int) -> tuple[str, str]:
    """Two sentences: what changes in the armies, and what that does to the war."""
    return _armies(case, rows, pairs), _war({r["key"]: r for r in rows})


def _armies(case: Case, rows: list[dict[str, Any]], pairs: int) -> str:
    moved = [r for r in rows if r["side"] and sure(r) and _form(r) in _TOLD]
    moved.sort(key=lambda r: -abs(r["difference"]) / max(abs(r["high"] - r["low"]), 1e-9))
    if not moved:
        return (
            f"With {pairs} pairs of simulated wars no form of disloyalty differs from the baseline beyond its 90 %"
            " interval."
        )
    told = [
        f"{_TOLD[_form(r)].format(side_name(case, r['side']))} {'rises' if r['difference'] > 0 else 'falls'} from"
        f" {number(r['baseline'])} to {number(r['changed'])} %"
        f" ({effect(r['difference'], r['low'], r['high'], r['unit'])})"
        for r in moved[:3]
    ]
    return f"{_capital('; '.join(told))}."


def _form(row: dict[str, Any]) -> str:
    return str(row["key"]).removeprefix(f"{row['side']}.")


def _war(rows: dict[str, dict[str, Any]]) -> str:
    said = []
    ratio = rows.get("war.mean_log_ratio")
    if ratio and sure(ratio):
        nearer = abs(ratio["changed"]) < abs(ratio["baseline"])
        said.append(
            f"the balance of capability moves {'towards' if nearer else 'away from'} parity"
            f" ({math.exp(ratio['baseline']):.2g} : 1 to {math.exp(ratio['changed']):.2g} : 1, attacker to defender)"
        )
    for key, up, down in (
        ("war.duration_days", "the war lasts longer", "the war is shorter"),
        ("civilians_killed", "more civilians die", "fewer civilians die"),
    ):
        row = rows.get(key)
        if row and sure(row):
            word = up if row["difference"] > 0 else down
            said.append(f"{word} ({effect(row['difference'], row['low'], row['high'], row['unit'])})")
    if not said:
        return (
            "For the war itself, its balance, its length and the civilians killed, no difference can be told from none."
        )
    return f"For the war: {'; '.join(said)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
