"""A war of one's own by about a dozen questions, each with anchors from the library, laid over a whole case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from allegiance.base.errors import AllegianceError
from allegiance.cases.faults import validated
from allegiance.cases.loader import library, load_case
from allegiance.cases.paths import dump, with_values
from allegiance.cases.reader import Document, parse
from allegiance.cases.schema import Case, Category, Side
from allegiance.cases.template import TEMPLATE
from allegiance.cases.walk import Value

ROLES = ("attacker", "defender")
ANCHORS = 3
"""Library cases named beside a question: the lowest, the middle and the highest."""


@dataclass(frozen=True)
class Question:
    """One question about a side: its words, the path below the side ({force}: its largest force), ends and step."""

    key: str
    words: str
    path: str
    low: float
    high: float
    step: float


QUESTIONS = (
    Question("soldiers", "Soldiers of its main force", "forces.{force}.strength", 500, 2_000_000, 100),
    Question("supply", "Share of food, warmth and ammunition it gets", "supply", 0, 1, 0.01),
    Question("conscripts", "Share of conscripts in its main force", "forces.{force}.composition.conscript", 0, 1, 0.01),
    Question("pay", "Pay against a civilian wage", "forces.{force}.pay", 0, 5, 0.05),
    Question("quality", "Training and skill", "forces.{force}.quality", 0, 1, 0.01),
    Question("equipment", "Weapons in working order", "forces.{force}.equipment", 0, 1, 0.01),
    Question("command", "Loyalty of its commanders to the ruler", "forces.{force}.command.loyalty", 0, 1, 0.01),
    Question("loyalty", "Loyalty of its soldiers to the regime", "forces.{force}.loyalty", 0, 1, 0.01),
    Question("punishment", "Severity of punishment", "punishment", 0, 1, 0.01),
    Question("inclusion", "Equality of groups in the army", "inclusion", 0, 1, 0.01),
    Question("proofing", "Armed bodies outside the army against coups", "coup_proofing.counterbalancing", 0, 1, 0.01),
    Question("resolve", "Will to bear costs rather than concede", "aims.resolve", 0, 1, 0.01),
)


def blank() -> Case:
    """The annotated template as a case without anything of its own: no dates, decisions or sources to forget."""
    text = TEMPLATE.read_text(encoding="utf-8").replace("stronger", "attacker").replace("weaker", "defender")
    data: dict[str, Any] = dump(validated(parse(text, "template"), Case))
    data |= {"id": "my-war", "title": "A war of your own", "summary": "A war between two states, by a dozen questions."}
    data |= {"sources": {}, "decisions": {}, "tags": ["own"]}
    for side in data["sides"].values():
        side["aid"], side["protest"]["waves"] = [], []
        for pool in side["recruitment"].values():
            pool["opens"] = None
    data["conditions"].pop("protest", None)
    _unsourced(data["sides"])
    return _case(data)


def _unsourced(data: Any) -> None:
    """Make every number that cites the template's example a judgement of the visitor's."""
    if isinstance(data, dict):
        if "basis" in data and data.get("source"):
            data |= {"basis": "judgement", "source": "", "note": "to be said by whoever writes the case"}
        for part in data.values():
            _unsourced(part)


def _case(data: Mapping[str, Any]) -> Case:
    return validated(Document("your war", dict(data)), Case)


def side_of(case: Case, role: str) -> str | None:
    """The key of the side with a role; None if the case has none."""
    return next((key for key, side in case.sides.items() if side.role == role), None)


def main_force(side: Side) -> str:
    """The largest force of a side."""
    return max(side.forces, key=lambda name: side.forces[name].strength.value)


def value(side: Side, question: Question) -> float | None:
    """What a side answers to a question; None where it does not hold such a number."""
    found: Any = side
    for part in question.path.format(force=main_force(side)).split("."):
        if isinstance(found, dict):
            found = found.get(Category(part) if part in Category.__members__ else part)
        else:
            found = getattr(found, part, None)
        if found is None:
            return 0.0 if ".composition." in question.path else None
    return float(found.value)


@cache
def anchors(key: str) -> tuple[tuple[str, float], ...]:
    """Sides of the library beside a question: the lowest, the middle and the highest, each by name and year."""
    question = next(q for q in QUESTIONS if q.key == key)
    found = []
    for name in library():
        case = load_case(name)
        for side in case.sides.values():
            answer = value(side, question)
            if answer is not None and "reference" not in name:
                found.append((f"{side.name} {case.start.year}", answer))
    found.sort(key=lambda item: item[1])
    return tuple(found[round(k * (len(found) - 1) / (ANCHORS - 1))] for k in range(ANCHORS))


def answered(base: Case, answers: Mapping[str, Any]) -> Case:
    """A case with the answers laid over it.

    Args:
        answers: title, attacker and defender (names), start, days, decision and decided (words and day of a decision:
            the attacker calls up reservists faster), and ROLE.KEY for each of QUESTIONS.

    Raises:
        AllegianceError: an answer that is no number, no day, or out of bounds.
    """
    values: dict[str, Value] = {}
    for role in ROLES:
        key = side_of(base, role)
        for q in QUESTIONS if key else ():
            text = str(answers.get(f"{role}.{q.key}", "")).strip()
            if key and text and _number(text, q) != value(base.sides[key], q):
                values[f"sides.{key}.{q.path.format(force=main_force(base.sides[key]))}"] = _number(text, q)
    data = dump(with_values(base, values))
    for role in ROLES:
        key, name = side_of(base, role), str(answers.get(role, "")).strip()[:80]
        if key and name:
            data["sides"][key]["name"] = name
    title = str(answers.get("title", "")).strip()[:200]
    start = _day(str(answers.get("start", "")) or data["start"])
    data |= {"title": title or data["title"], "start": start.isoformat(), "days": _days(answers.get("days"), base.days)}
    data["information_date"] = start.isoformat()  # a scenario: what is dated in it is assumed
    _decide(data, answers, side_of(base, "attacker"))
    return _case(data)


def _decide(data: dict[str, Any], answers: Mapping[str, Any], key: str | None) -> None:
    """A dated decision of the attacker, if one is asked for: reservists are called up, twice as many a day."""
    day = str(answers.get("decided", "")).strip()
    pools = data["sides"][key]["recruitment"] if key else {}
    pool = next((name for name, p in pools.items() if p["category"] == "mobilised"), None)
    if day and pool:
        faster = 2 * pools[pool]["daily_max"]["value"]
        data["sources"]["own"] = {"title": "Assumed in this scenario"}
        data["decisions"]["call-up"] = {
            "date": _day(day).isoformat(), "label": "Reservists are called up", "source": "own", "enabled": True,
            "set": {f"sides.{key}.recruitment.{pool}.daily_max": faster},
        }  # fmt: skip


def _number(text: str, question: Question) -> float:
    try:
        found = float(text.replace(",", ""))
    except ValueError as error:
        raise AllegianceError(f"{question.words}: '{text[:40]}' is not a number", "write one such as 0.5") from error
    if not question.low <= found <= question.high:
        raise AllegianceError(f"{question.words}: {found:g} lies outside {question.low:g} to {question.high:g}")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise AllegianceError(f"'{text[:40]}' is not a day", "write it as 2027-04-01") from error


def _days(text: Any, default: int) -> int:
    try:
        found = int(text or default)
    except (ValueError, TypeError) as error:
        raise AllegianceError(f"'{str(text)[:40]}' is not a number of days", "write one such as 180") from error
    if not 1 <= found <= 730:
        raise AllegianceError(f"{found} days cannot be played here", "from 1 to 730")
    return found
