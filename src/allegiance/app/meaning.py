"""What a what-if means for the war, in two sentences that carry their numbers."""

from __future__ import annotations

import math
from typing import Any

from allegiance.cases.schema import Case
from allegiance.experiments.modelled import note as not_modelled
from allegiance.experiments.modelled import unmodelled
from allegiance.report.labels import ordered, side_name

_MOST = 2
"""Most changes told of; the table has them all."""
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
    said = _armies(case, rows, pairs), _war(case, {r["key"]: r for r in rows})
    return _unbroken(said[0]), _unbroken(said[1])


def _armies(case: Case, rows: list[dict[str, Any]], pairs: int) -> str:
    moved = [r for r in rows if r["side"] and sure(r) and _form(r) in _TOLD]
    moved.sort(key=lambda r: -abs(r["difference"]) / max(abs(r["high"] - r["low"]), 1e-9))
    first = [next((r for r in moved if r["side"] == side), None) for side in ordered(case)]
    told_of = [*(r for r in first if r), *(r for r in moved if r not in first)]
    if not moved:
        return (
            f"With {pairs} pairs of simulated wars no form of disloyalty differs from the baseline beyond its 90 %"
            " interval."
        )
    told = [
        f"{_TOLD[_form(r)].format(side_name(case, r['side']))} {'rises' if r['difference'] > 0 else 'falls'} from"
        f" {_round(r['baseline'])} to {_round(r['changed'])} %"
        f" ({_points(r)})"
        for r in told_of[:_MOST]
    ]
    return f"{_capital(', and '.join(told))}."


def _points(row: dict[str, Any]) -> str:
    size = "percentage points" if abs(row["difference"]) != 1 else "percentage point"
    return f"{_signed(row['difference'])} {size}, 90 % interval {_signed(row['low'])} to {_signed(row['high'])}"


def _round(value: float) -> str:
    """Two digits are enough in a sentence.

    >>> _round(33.02), _round(0.1374), _round(100.0), _round(14321.0)
    ('33', '0.14', '100', '14,000')
    """
    return f"{float(f'{value:.2g}'):,.6g}"


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{_round(abs(value))}"


def _form(row: dict[str, Any]) -> str:
    return str(row["key"]).removeprefix(f"{row['side']}.")


def _war(case: Case, rows: dict[str, dict[str, Any]]) -> str:
    said = []
    ratio = rows.get("war.mean_log_ratio")
    if ratio and sure(ratio):
        nearer = abs(ratio["changed"]) < abs(ratio["baseline"])
        said.append(
            f"the balance of capability moves {'towards' if nearer else 'away from'} parity"
            f" ({math.exp(ratio['baseline']):.2g} : 1 to {math.exp(ratio['changed']):.2g} : 1, attacker to defender)"
        )
    for key, up, down in (
        ("war.duration_days", "it lasts {} days longer", "it ends {} days sooner"),
        ("civilians_killed", "{} more civilians die", "{} fewer civilians die"),
    ):
        row = rows.get(key)
        if row and sure(row):
            low, high = sorted((abs(row["low"]), abs(row["high"])))
            word = (up if row["difference"] > 0 else down).format(_round(abs(row["difference"])))
            said.append(f"{word} (90 % interval {_round(low)} to {_round(high)})")
    if not said and unmodelled(case):
        return not_modelled(case)
    if not said:
        return (
            "For the war itself, its balance, its length and the civilians killed, no difference can be told from none."
        )
    return f"In the war, {_listed(said)}."


def _unbroken(text: str) -> str:
    """Numbers stay on one line with their percent signs and ratios with their colons."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%").replace(" : ", "\N{NO-BREAK SPACE}:\N{NO-BREAK SPACE}")


def _listed(parts: list[str]) -> str:
    return ", and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
