"""What a run says in words: the headline, what it means for the war, what is uncertain. Every claim carries its number."""

from __future__ import annotations

import math
from typing import Any

import polars as pl

from allegiance.cases.schema import Case
from allegiance.report.figures.capability import PARITY, ratio_text
from allegiance.report.frames import bands
from allegiance.report.labels import FORMS, count, likelihood, percent, side_name, span

LEFT = ("desertion", "defection")


def middle(quantity: Any) -> float | None:
    """The central value of a summary quantity: a number, or the median of {median, interval}."""
    if isinstance(quantity, dict):
        quantity = quantity.get("median", quantity.get("probability"))
    return float(quantity) if isinstance(quantity, int | float) else None


def interval(quantity: Any) -> Any:
    """The 90 % interval of a summary quantity, or None."""
    return quantity.get("interval") if isinstance(quantity, dict) else None


def hedged(quantity: Any, text: Any) -> str:
    """A quantity with its interval.

    >>> hedged({"median": 1200.0, "interval": [800.0, 2000.0]}, count)
    '1,200 (90 % interval 800–2,000)'
    """
    ends = interval(quantity)
    return text(middle(quantity)) + (f" (90 % interval {span(ends, text)})" if ends else "")


def lost(summary: dict[str, Any], side: str) -> float:
    """Share of the side's soldiers who, at the median, deserted or defected."""
    shares = summary.get("shares", {}).get(side, {})
    return sum(middle(shares.get(form)) or 0.0 for form in LEFT)


def headline(case: Case, summary: dict[str, Any]) -> str:
    """One sentence per side: leaving, mutiny and coup, each with its likelihood in words and number."""
    sentences = []
    for side, outcomes in summary["outcomes"].items():
        told = [form for form in ("desertion", "mutiny", "coup_attempt") if form in outcomes]
        told.sort(key=lambda form: -outcomes[form]["probability"])
        each = [
            f"{_what(f)} {'is ' if i == 0 else ''}{likelihood(outcomes[f]['probability'])} ({percent(outcomes[f]['probability'])})"
            for i, f in enumerate(told)
        ]
        sentences.append(f"{side_name(case, side)}: {', '.join(each)}.")
    return " ".join(sentences)


def _what(form: str) -> str:
    known = FORMS[form]
    return f"{known.name} by {100 * known.threshold:g} % or more" if known.threshold else f"a {known.name}"


def meaning(case: Case, summary: dict[str, Any], daily: pl.DataFrame) -> str:
    """The paragraph 'what it means for the war'.

    Args:
        case: the case as run.
        summary: the content of `summary.json`.
        daily: the run's daily frame.
    """
    parts = [_balance(case, summary, daily), _length(summary), _destruction(case, summary)]
    return " ".join(part for part in parts if part)


def _balance(case: Case, summary: dict[str, Any], daily: pl.DataFrame) -> str:
    share = {side: lost(summary, side) for side in summary["outcomes"]}
    worse = max(share, key=lambda side: share[side])
    said = f"At the median {percent(share[worse])} of {side_name(case, worse)}'s soldiers desert or defect"
    others = [f"{percent(v)} of {side_name(case, s)}'s" for s, v in share.items() if s != worse]
    said += f", against {others[0]}. " if others else ". "
    per_member = daily.group_by("member", "day").agg(pl.col("capability_log_ratio").first())
    ratio = bands(per_member, "capability_log_ratio")["median"].to_list() if len(case.sides) == 2 else []
    if not ratio:
        return said + "No organised opponent fights back, so there is no balance of forces to shift."
    attacker = next(side for side, s in case.sides.items() if s.role == "attacker")
    defender = next(side for side in case.sides if side != attacker)
    stronger = attacker if ratio[0] > 0 else defender
    moved = abs(ratio[-1]) - abs(ratio[0])
    way = "towards parity" if moved < -0.02 else "away from parity" if moved > 0.02 else "hardly at all"
    said += (
        f"{side_name(case, stronger)} starts as the stronger side ({ratio_text(ratio[0])}, {side_name(case, attacker)} to"
        f" {side_name(case, defender)}) and the median balance moves {way}, to {ratio_text(ratio[-1])}"
    )
    if share[worse] - min(share.values()) < 0.1 * share[worse] or share[worse] == 0:
        return said + "; disloyalty weighs about equally on both sides."
    effect = "works towards parity and a longer war" if worse == stronger else "works away from parity and towards a decision"
    return said + f"; disloyalty is larger on the {'stronger' if worse == stronger else 'weaker'} side, where it {effect}."


def _length(summary: dict[str, Any]) -> str:
    war = summary.get("war", {})
    said = ""
    days = war.get("duration_days")
    if middle(days) is not None:
        days_text = hedged(days, lambda value: f"{value:.0f}")
        said = f"Fighting lasts {days_text} of {summary['days']} days at the median"
        parity = middle(war.get("parity_share"))
        said += f", {percent(parity)} of them within parity (ratio below {math.exp(PARITY):.3g})" if parity is not None else ""
        said += ". "
    ends = war.get("end")
    if isinstance(ends, dict) and ends:
        ways = sorted(((k, middle(v) or 0.0) for k, v in ends.items()), key=lambda way: -way[1])
        said += "By the horizon: " + ", ".join(f"{k.replace('_', ' ')} {percent(v)}" for k, v in ways if v > 0) + "."
    return said.strip()


def _destruction(case: Case, summary: dict[str, Any]) -> str:
    said = ""
    top = summary.get("escalation", {}).get("max_level")
    if middle(top) is not None:
        said = f"Destruction reaches rung {hedged(top, lambda v: f'{v:.0f}')} of a ladder of 5. "
    civilians = summary.get("civilians_killed")
    if civilians is not None:
        said += f"Civilians killed: {hedged(civilians, count)}. "
    dead = summary.get("killed", {})
    if dead:
        each = [f"{side_name(case, s)} {hedged(q, count)}" for s, q in dead.items()]
        said += f"Soldiers killed: {'; '.join(each)}."
    return said.strip()


def uncertainty(case: Case, summary: dict[str, Any]) -> list[tuple[str, str]]:
    """What a reader must not take for certain: (bold opening, sentence)."""
    found: list[tuple[str, str]] = []
    widest = max(
        ((s, f, o) for s, forms in summary["outcomes"].items() for f, o in forms.items() if o.get("interval")),
        key=lambda item: item[2]["interval"][1] - item[2]["interval"][0],
        default=None,
    )
    if widest:
        side, form, outcome = widest
        found.append((
            "Widest probability.",
            f"{FORMS[form].name.capitalize()} ({side_name(case, side)}): {percent(outcome['probability'])}, 90 % interval"
            f" {span(outcome['interval'], percent)}; from chance alone {span(outcome.get('interval_chance_only'), percent)}."
            " What the first interval adds to the second is what we do not know about how soldiers decide.",
        ))  # fmt: skip
    basis = summary.get("basis", {})
    total = sum(basis.values())
    if total:
        found.append((
            "Judgement.",
            f"{basis.get('judgement', 0)} of {total} numbers of this case ({percent(basis.get('judgement', 0) / total)}) are its"
            f" authors' judgement; {basis.get('measured', 0)} are measured, {basis.get('published', 0)} published,"
            f" {basis.get('estimated', 0)} estimated.",
        ))  # fmt: skip
    found.append((
        "Members.",
        f"{summary['members']} simulated wars; with so few, probabilities are no finer than {percent(1 / summary['members'])}"
        f" and a probability of 0 % or 100 % means 'not once' or 'every time' among them.",
    ))  # fmt: skip
    return found
