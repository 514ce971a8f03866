"""What a run says in words: headline, meaning for the war, what is uncertain; every claim carries its number."""

from __future__ import annotations

import math
from typing import Any

import polars as pl

from allegiance.cases.schema import Case
from allegiance.experiments.modelled import note, unmodelled
from allegiance.report.figures.capability import PARITY, ratio_text
from allegiance.report.labels import FORMS, REMOTE, likelihood, ordered, people, percent, side_name, span
from allegiance.world.events import ENDS
from allegiance.world.inputs import has_enemy

LEFT = ("desertion", "defection")
LEADING = ("coup_attempt", "mutiny", "desertion")
"""Forms that the headline tells of, the gravest first."""


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

    >>> hedged({"median": 1200.0, "interval": [800.0, 2000.0]}, people)
    '1,200 (90 % interval 800–2,000)'
    """
    ends = interval(quantity)
    return str(text(middle(quantity))) + (f" (90 % interval {span(ends, text)})" if ends else "")


def in_order(case: Case, by_side: dict[str, Any] | None) -> list[tuple[str, Any]]:
    """The entries of a summary's part by side, the attacker first."""
    return [(side, by_side[side]) for side in ordered(case) if by_side and side in by_side]


def lost(summary: dict[str, Any], side: str) -> float:
    """Sum of the median shares of the side's soldiers who deserted and who defected, to compare sides by."""
    shares = summary.get("shares", {}).get(side, {})
    return sum(middle(shares.get(form)) or 0.0 for form in LEFT)


def _leaving(summary: dict[str, Any], side: str) -> list[str]:
    shares = summary.get("shares", {}).get(side, {})
    return [percent(middle(shares.get(form))) for form in LEFT]


def headline(case: Case, summary: dict[str, Any]) -> str:
    """One sentence per side: coup, mutiny and leaving, each with its likelihood in words and number.

    The editor's rule of a run: the gravest form leads, but one that is remote stands behind those to be expected.
    """
    sentences = []
    for side, outcomes in in_order(case, summary["outcomes"]):
        told = [form for form in LEADING if form in outcomes]
        told.sort(key=lambda form: (outcomes[form]["probability"] < REMOTE, LEADING.index(form)))
        chances = {form: outcomes[form]["probability"] for form in told}
        each = [f"{_what(f)} {'is ' if f == told[0] else ''}{likelihood(p)} ({percent(p)})" for f, p in chances.items()]
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
    missing = unmodelled(case)
    length = "" if "war.duration_days" in missing else _length(summary)
    parts = [
        _balance(case, summary, daily), length, _civil_war(case, summary), _destruction(case, summary, missing),
        note(case),
    ]  # fmt: skip
    return " ".join(part for part in parts if part)


def _civil_war(case: Case, summary: dict[str, Any]) -> str:
    """How often fighting with those who left the army became a civil war, where an army faces a crowd."""
    if case.war.kind == "peace":
        return ""
    told = []
    for side, found in summary.get("civil_war", {}).items():
        share, deaths = found["probability"], found["deaths"]
        dead = f", with {people(deaths['interval'][1])} dead or more in one of twenty" if share > 0 else ""
        told.append(
            f"Soldiers who went over and fought on brought civil war (25 dead within a year) upon"
            f" {side_name(case, side)} in {percent(share)} of these wars{dead}."
        )
    return " ".join(told)


def _balance(case: Case, summary: dict[str, Any], daily: pl.DataFrame) -> str:
    share = {side: lost(summary, side) for side in ordered(case)}
    worse = max(share, key=lambda side: share[side])
    gone, over = _leaving(summary, worse)
    said = f"At the median {gone} of {side_name(case, worse)}'s soldiers desert and {over} defect"
    others = [f"{' and '.join(_leaving(summary, s))} of {side_name(case, s)}'s" for s in share if s != worse]
    said += f", against {others[0]}. " if others else ". "
    ratio = first_and_last(daily) if len(case.sides) == 2 else None
    if ratio is None or not has_enemy(case):
        return said.strip()
    attacker = next(side for side, s in case.sides.items() if s.role == "attacker")
    defender = next(side for side in case.sides if side != attacker)
    stronger = attacker if ratio[0] > 0 else defender
    even = abs(ratio[0]) < PARITY
    opening = "The sides start within parity" if even else f"{side_name(case, stronger)} starts as the stronger side"
    said += (
        f"{opening} ({ratio_text(ratio[0])}, {side_name(case, attacker)} to {side_name(case, defender)}) and the median"
        f" balance {_movement(ratio[0], ratio[1])}"
    )
    if share[worse] - min(share.values()) <= 0.1 * share[worse]:
        return said + "; disloyalty weighs about equally on both sides."
    if worse == stronger and not even:
        return (
            said
            + "; disloyalty is larger on the stronger side, where in theory it pulls towards parity and a longer war."
        )
    where = f"in {side_name(case, worse)}" if even else "on the weaker side"
    return said + f"; disloyalty is larger {where}, where in theory it pulls away from parity and towards a decision."


def first_and_last(daily: pl.DataFrame) -> tuple[float, float] | None:
    """Median over members of the log ratio on the first and on the last day of their war."""
    known = daily.filter(pl.col("capability_log_ratio").is_finite()).sort("day")
    ends = known.group_by("member").agg(
        pl.col("capability_log_ratio").first().alias("a"), pl.last("capability_log_ratio").alias("b")
    )
    first, last = ends["a"].median(), ends["b"].median()
    return (float(first), float(last)) if isinstance(first, float) and isinstance(last, float) else None


def _movement(first: float, last: float) -> str:
    """How the log ratio of capability moved against parity.

    >>> _movement(0.9, 0.3), _movement(0.9, -0.9), _movement(0.2, 0.21)
    ('moves towards parity, to 1.3 : 1', 'moves past parity to the other side, to 1 : 2.5', 'hardly moves (1.2 : 1)')
    """
    moved = movement(first, last)
    return f"{moved} ({ratio_text(last)})" if moved == "hardly moves" else f"{moved}, to {ratio_text(last)}"


def movement(first: float, last: float) -> str:
    """How the log ratio of capability moved against parity, without its numbers.

    >>> movement(0.9, 0.3), movement(0.3, 0.9), movement(0.9, -0.9), movement(0.2, 0.21)
    ('moves towards parity', 'moves away from parity', 'moves past parity to the other side', 'hardly moves')
    """
    if first * last < 0 and abs(last) > PARITY:
        return "moves past parity to the other side"
    closer = abs(first) - abs(last)
    if abs(closer) < 0.02:
        return "hardly moves"
    return f"moves {'towards' if closer > 0 else 'away from'} parity"


def _length(summary: dict[str, Any]) -> str:
    war = summary.get("war", {})
    said = ""
    days = war.get("duration_days")
    if middle(days) is not None:
        days_text = hedged(days, lambda value: f"{value:.0f}")
        said = f"Fighting lasts {days_text} of {summary['days']} days at the median"
        parity = middle(war.get("parity_share"))
        said += (
            f", {percent(parity)} of them within parity (ratio below {math.exp(PARITY):.3g})"
            if parity is not None
            else ""
        )
        said += ". "
    ends = war.get("end")
    if isinstance(ends, dict) and ends:
        ways = sorted(((k, middle(v) or 0.0) for k, v in ends.items()), key=lambda way: -way[1])
        said += "By the horizon: " + ", ".join(f"{ENDS.get(k, k)} {percent(v)}" for k, v in ways if v > 0) + "."
    return said.strip()


def _destruction(case: Case, summary: dict[str, Any], missing: tuple[str, ...]) -> str:
    said = ""
    top = summary.get("escalation", {}).get("max_level")
    if middle(top) is not None and "escalation.max_level" not in missing:
        said = f"Destruction reaches level {hedged(top, lambda v: f'{v:.0f}')} of 5. "
    civilians = summary.get("civilians_killed")
    if civilians is not None and "civilians_killed" not in missing:
        said += f"Civilians killed: {hedged(civilians, people)}. "
    dead = summary.get("killed", {})
    if dead and "killed" not in missing:
        each = [f"{side_name(case, s)} {hedged(q, people)}" for s, q in in_order(case, dead)]
        said += f"Soldiers killed: {'; '.join(each)}."
    return said.strip()


def uncertainty(case: Case, summary: dict[str, Any]) -> list[tuple[str, str]]:
    """What a reader must not take for certain: (bold opening, sentence)."""
    found: list[tuple[str, str]] = []
    known = [(s, f, o) for s, forms in summary["outcomes"].items() for f, o in forms.items() if o.get("interval")]
    if known:
        side, form, outcome = max(known, key=lambda item: item[2]["interval"][1] - item[2]["interval"][0])
        chance = span(outcome.get("interval_chance_only"), percent)
        where = f"{FORMS[form].name.capitalize()} in {side_name(case, side)}"
        text = (
            f"{where}: {percent(outcome['probability'])}, 90 % interval"
            f" {span(outcome['interval'], percent)}; from chance alone {chance}. What the first interval adds to the"
            " second is what we do not know about how soldiers decide."
        )
        found.append(("Widest probability.", text))
    basis = summary.get("basis", {})
    total = sum(basis.values())
    if total:
        judged = basis.get("judgement", 0)
        rest = ", ".join(f"{basis.get(name, 0)} {name}" for name in ("measured", "published", "estimated"))
        text = f"{judged} of {total} numbers of case and theory ({percent(judged / total)}) are judgement; {rest}."
        found.append(("Judgement.", text))
    text = (
        f"{summary['members']} simulated wars: probabilities are no finer than {percent(1 / summary['members'])}, and"
        " 0 % or 100 % means not once or every time among them."
    )
    found.append(("Members.", text))
    return found


def doubts(case: Case, summary: dict[str, Any]) -> list[str]:
    """The doubts about a run, with those that only repeat the table's 0 % and 100 % in one sentence."""
    words = {0.0: "never", 1.0: "always"}
    said: dict[str, list[str]] = {word: [] for word in words.values()}
    for side in ordered(case):
        for form, entry in summary["outcomes"][side].items():
            if entry["probability"] in words:
                said[words[entry["probability"]]].append(f"{FORMS[form].name} ({side_name(case, side)})")
    rest = [s for s in summary["degenerate"] if not any(f" {word} happened in " in s for word in said)]
    told = "; ".join(f"{word}: {', '.join(found)}" for word, found in said.items() if found)
    few = f"in {summary['members']} simulated wars {told}. Not impossible or certain for that: see the 90 % intervals"
    return [few, *rest] if told else rest
