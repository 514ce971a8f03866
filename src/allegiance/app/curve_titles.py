"""What each curve of a what-if shows, in a sentence: the baseline alone, or what the change does to it."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from allegiance.report.figures.capability import ratio_text
from allegiance.report.findings import changes, course, sides
from allegiance.report.findings.course import Act
from allegiance.report.narrative import first_and_last, movement
from allegiance.world.quantities import BY_NAME

RATIO = "capability_log_ratio"
_ACTS = {
    "left": Act("deserts or defects", "desert or defect"),
    "in_mutiny": Act("is in mutiny", "are in mutiny"),
    "shirking": Act("shirks", "shirk"),
    "effective": Act("obeys", "obey"),
    "killed": Act("is killed", "are killed"),
    "civilians_killed": Act("is killed by its forces", "civilians are killed by its forces"),
}


def alone(names: dict[str, str], side: str, quantity: str, totals: pl.DataFrame, start: date, step: float) -> str:
    """What a curve of the case as it stands shows.

    Args:
        names: side key -> name in words, attacker first. totals: the side's rows, with the column of the quantity.
        step: people that one simulated soldier stands for.
    """
    if quantity == RATIO:
        ends = first_and_last(totals)
        first, second = (*names.values(), "nobody")[:2]
        return sides.balance(first, second, movement(*ends), *map(ratio_text, ends)) if ends else ""
    if quantity == "protest":
        return course.protest(names[side], totals, start)
    adds_up = quantity == "left" or BY_NAME[quantity].kind == "cumulative"
    tell = course.total if adds_up else course.level
    return tell(names[side], _ACTS[quantity], totals, quantity, start, step)


def beside(
    name: str, label: str, quantity: str, base: pl.DataFrame, other: pl.DataFrame, step: float, half: Any
) -> str:  # fmt: skip
    """What a change does to a curve until the end of each war.

    Args:
        name, label: of the side and of the quantity, in words. base, other: the side's rows in both worlds.
        half: gives mean and half width of the 90 % interval of paired differences (`whatif_task.t_interval`).
    """
    pairs = course.per_war(base, quantity).join(course.per_war(other, quantity), on="member", suffix="_other")
    pairs = pairs.sort("member")
    if not pairs.height:
        return ""
    middle, width = half((pairs["last_other"] - pairs["last"]).to_numpy())
    whose = f"{label.capitalize()} (log ratio)" if quantity == RATIO else f"{name}, {label}"
    return changes.at_the_end(whose, middle, middle - width, middle + width, step, ratio=quantity == RATIO)
