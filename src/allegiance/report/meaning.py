"""What a what-if means for the war, in two sentences that carry their numbers: for the web page and the report.

The editor's rule: of the changes that are sure and large enough to matter, the gravest form leads (a coup before a
mutiny, a mutiny before those who leave, those before who stay and refuse or shirk), and within a form the largest.
A share is told with the number of people behind it where the two do not move alike.
"""

from __future__ import annotations

import math
from typing import Any

from allegiance.cases.schema import Case
from allegiance.experiments.modelled import note as not_modelled
from allegiance.experiments.modelled import unmodelled
from allegiance.report.labels import side_name

_MOST = 2
"""Most changes told of; the table has them all."""
_TOLD = {
    "coup_attempt?": "the probability of a coup attempt in {}",
    "mutiny?": "the probability of a mutiny in {}",
    "defection": "the share of soldiers of {} who defect",
    "desertion": "the share of soldiers of {} who desert",
    "refusal": "the share of soldiers of {} who refuse",
    "shirking": "the share of soldiers of {} who shirk",
}
"""Outcome -> its words; the gravest first."""
MATERIAL = {"coup_attempt?": 1.0, "mutiny?": 1.0, "war.mean_log_ratio": 0.02, "war.duration_days": 1.0,
            "escalation.max_level": 0.1}  # fmt: skip
"""Smallest change that is told of: percentage points, log ratio, days, levels; a person, half a point for shares."""
_SHARE = 0.5
WAR = {"war.mean_log_ratio", "war.duration_days", "civilians_killed"}
"""Outcomes of the war itself that the second sentence tells of."""


def sure(row: dict[str, Any]) -> bool:
    """Whether the interval of a difference excludes zero."""
    return bool(row["low"] > 0 or row["high"] < 0)


def meaning(case: Case, rows: list[dict[str, Any]], pairs: int) -> tuple[str, str]:
    """Two sentences: what changes in the armies, and what that does to the war."""
    said = _armies(case, rows, pairs), _war(case, {r["key"]: r for r in rows})
    return _unbroken(said[0]), _unbroken(said[1])


def material(row: dict[str, Any]) -> bool:
    """Whether a difference is large enough to be told of: people count from one simulated soldier (`step`) on."""
    people = row["unit"] in ("soldiers", "people")
    least = max(1.0, row.get("step", 1.0)) if people else MATERIAL.get(_form(row), _SHARE)
    return bool(abs(row["difference"]) >= least)


def _armies(case: Case, rows: list[dict[str, Any]], pairs: int) -> str:
    moved, clear = leading(rows)
    if not clear:
        return (
            f"With {pairs} pairs of simulated wars no form of disloyalty differs from the baseline beyond its 90 %"
            " interval."
        )
    if not moved:
        return "No material change: no form of disloyalty moves by as much as half a percentage point."
    by_key = {r["key"]: r for r in rows}
    told = [change(case, r) + _in_numbers(r, by_key.get(f"{r['key']}#")) for r in moved[:_MOST]]
    return f"{_capital(', and '.join(told))}."


def leading(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
    """Changes in disloyalty worth telling, in the editor's order; and whether any is sure at all."""
    clear = [r for r in rows if r["side"] and sure(r) and _form(r) in _TOLD]
    moved = [r for r in clear if material(r)]
    moved.sort(key=lambda r: (list(_TOLD).index(_form(r)), -abs(r["difference"])))
    return moved, bool(clear)


def change(case: Case, r: dict[str, Any]) -> str:
    """One change: a probability from its old to its new level, a share by its mean difference, beside the medians."""
    what = f"{_TOLD[_form(r)].format(side_name(case, r['side']))} {'rises' if r['difference'] > 0 else 'falls'}"
    levels = f"{_round(r['baseline'])} to {_round(r['changed'])} %"
    if _form(r).endswith("?"):
        return f"{what} from {levels} ({_points(r)})"
    size, _, between = _points(r).partition(", ")
    return f"{what} by {size.lstrip('+−')} on average ({between}; median {levels})"


def _in_numbers(share: dict[str, Any], number: dict[str, Any] | None) -> str:
    """What the number of people does where it does not move as the share does; else nothing."""
    if number is None or (sure(number) and number["difference"] * share["difference"] > 0):
        return ""
    between = f"90 % interval {_signed(number['low'])} to {_signed(number['high'])}"
    if sure(number) and material(number):
        more = "more" if number["difference"] > 0 else "fewer"
        return f" — in numbers the reverse, {_round(abs(number['difference']))} {more} on average ({between})"
    return f" — their number does not change beyond its interval ({between}): the share is of another army"


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
    rows = {key: row for key, row in rows.items() if sure(row)}
    clear, rows = bool(rows.keys() & WAR), {k: r for k, r in rows.items() if material(r)}
    ratio = rows.get("war.mean_log_ratio")
    if ratio:
        nearer = abs(ratio["changed"]) < abs(ratio["baseline"])
        said.append(
            f"the balance of capability moves {'towards' if nearer else 'away from'} parity"
            f" ({math.exp(ratio['baseline']):.2g} : 1 to {math.exp(ratio['changed']):.2g} : 1, attacker to defender)"
        )
    for key, up, down in (
        ("war.duration_days", "it lasts {} days longer on average", "it ends {} days sooner on average"),
        ("civilians_killed", "{} more civilians die on average", "{} fewer civilians die on average"),
    ):
        row = rows.get(key)
        if row:
            low, high = sorted((abs(row["low"]), abs(row["high"])))
            word = (up if row["difference"] > 0 else down).format(_round(abs(row["difference"])))
            said.append(f"{word} (90 % interval {_round(low)} to {_round(high)})")
    if not said and unmodelled(case):
        return not_modelled(case)
    if not said and clear:
        return "For the war itself there is no material change in its balance, its length or the civilians killed."
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
