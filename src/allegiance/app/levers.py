"""The levers of a case: the numbers a what-if may move, with words, bounds and what the case itself says of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from allegiance.base.errors import AllegianceError
from allegiance.base.values import Sourced
from allegiance.cases.paths import numbers
from allegiance.cases.schema import Case, Decision
from allegiance.cases.walk import Value

_PATTERNS: tuple[tuple[str, str, str], ...] = (
    # pattern of the path after `sides.SIDE.`, group, words ({1}: second name in the path); in the order shown
    (r"supply", "Want and pay", "Supply: share of needs met"),
    (r"forces\.([^.]+)\.pay", "Want and pay", "Pay relative to a civilian wage"),
    (r"forces\.([^.]+)\.resources", "Want and pay", "Food, kit and pay a head against the mean soldier"),
    (r"forces\.([^.]+)\.wounded_to_killed", "Want and pay", "Wounded per killed"),
    (r"punishment", "Ruler and command", "Severity of punishment"),
    (r"monitoring", "Ruler and command", "How closely soldiers are watched"),
    (r"coup_proofing\.counterbalancing", "Ruler and command", "Coup-proofing: armed bodies outside the army"),
    (r"coup_proofing\.stacking", "Ruler and command", "Coup-proofing: posts by loyalty, not skill"),
    (r"coup_proofing\.purges", "Ruler and command", "Coup-proofing: purges and rotation"),
    (r"coup_proofing\.surveillance", "Ruler and command", "Coup-proofing: secret police among officers"),
    (r"coup_proofing\.blocking", "Ruler and command", "Units that stop soldiers who leave"),
    (r"inclusion", "Who serves", "Equality of groups in the army"),
    (r"replaces_losses", "Who serves", "Share of losses it replaces"),
    (
        r"forces\.([^.]+)\.composition\.(conscript|mobilised|contract|prisoner)",
        "Who serves",
        "Share of {1} soldiers",
    ),
    (r"forces\.([^.]+)\.strength", "Who serves", "Soldiers at the start"),
    (r"inducement", "Home and outside", "What it offers opposing soldiers"),
    (r"protest\.capacity", "Home and outside", "Protesters the state can contain in a day"),
    (r"protest\.waves\.(\d+)\.participants", "Home and outside", "Protest wave {n}: participants (person-days)"),
    (r"aid\.(\d+)\.materiel", "Home and outside", "Outside aid {n}: equipment relative to the start"),
)
_RULES = [(re.compile(rf"sides\.([^.]+)\.{pattern}"), group, words) for pattern, group, words in _PATTERNS]
_TIE = re.compile(r"ties\.(\d+)\.tie")
_SHARES = ("share", "level")
_SHARED = " The others of these shares fill the rest, in the same proportions as before."
SHIFT = 120
"""Most days by which a decision can be moved."""


@dataclass(frozen=True)
class Lever:
    """One slider: path, words, where it stands in the case, its ends and step, and what the case says of it.

    `side` is the side it belongs to, empty if the case as a whole; `of` the force or decision it belongs to, if any.
    A switch (whether a decision is taken) has no number; the value of a date is its day, the case's first being 0.
    """

    path: str
    label: str
    group: str
    side: str
    value: float
    low: float
    high: float
    step: float
    unit: str
    about: str
    plausible: tuple[float, float] | None = None
    kind: Literal["number", "switch", "date"] = "number"
    of: str = ""

    @property
    def switch(self) -> bool:
        """Whether it is on or off."""
        return self.kind == "switch"


def levers(case: Case) -> list[Lever]:
    """The levers of a case, in the order of the groups above; decisions that happened have a switch and a date."""
    order = {words: k for k, (_, _, words) in enumerate(_PATTERNS)}
    ranked: list[tuple[int, Lever]] = []
    for path, number in numbers(case):
        for rule, group, words in _RULES:
            match = rule.fullmatch(path)
            if match and (number.value > 0 or _bounded(number)) and not _alone(case, path):
                names = [
                    case.sides[match[1]].forces[n].name if n in case.sides[match[1]].forces else n.replace("_", " ")
                    for n in match.groups()[1:]
                ]
                count = int(match[2]) + 1 if "{n}" in words else 0
                of = names[0] if ".forces." in path else ""
                label = words.format(*names, n=count)
                ranked.append((order[words], replace(_slider(path, label, group, match[1], number), of=of)))
        tie = _TIE.fullmatch(path)
        if tie:
            pair = case.ties[int(tie[1])]
            label = f"Tie of {pair.soldiers} soldiers to {pair.civilians} civilians".replace("_", " ")
            ranked.append((99, _slider(path, label, "Ties to the civilians faced", "", number)))
    ranked.sort(key=lambda item: item[0])
    found = [lever for _, lever in ranked]
    return [*found, *(lever for key, d in case.decisions.items() for lever in _decision(case, key, d))]


def _decision(case: Case, key: str, decision: Decision) -> list[Lever]:
    """A decision as two levers: whether it is taken, and when."""
    day, of = (decision.date - case.start).days, decision.label
    low, high = max(1, day - SHIFT), min(case.days - 1, day + SHIFT)
    path, group = f"decisions.{key}", "Decisions and their dates"
    taken = Lever(
        f"{path}.enabled", "It is taken", group, "", float(decision.enabled), 0, 1, 1, "", "", None, "switch", of
    )
    if not low <= day <= high:
        return [taken]
    about = f"In the case {decision.date.day} {decision.date:%B %Y}; up to {SHIFT} days earlier or later."
    return [taken, Lever(f"{path}.date", "When", group, "", day, low, high, 1, "date", about, None, "date", of)]


def _alone(case: Case, path: str) -> bool:
    """Whether a share has no other to give to or take from, so that it can only stay where it is."""
    parts = path.split(".")
    if parts[-1] == "resources":
        return len(case.sides[parts[1]].forces) == 1
    if parts[-2] == "composition":
        mix = case.sides[parts[1]].forces[parts[3]].composition
        others = [share.value for category, share in mix.items() if category.value != parts[-1]]
    else:
        return False
    return sum(others) <= 0


def _bounded(number: Sourced) -> bool:
    return number.unit in _SHARES


def _slider(path: str, label: str, group: str, side: str, number: Sourced) -> Lever:
    value = round(number.value, 6)  # finer than any step: what a browser can hold; only what is moved is sent back
    low, high, step = _grid(path, number.model_copy(update={"value": value}))
    known_by = f"{number.basis}, {number.source}" if number.source else str(number.basis)
    about = f"In the case {value:,.10g} ({known_by})"
    if number.range:
        about += f", plausible {_short(number.range[0])} to {_short(number.range[1])}"
    about += f": {number.note}." if number.note else "."
    about += _SHARED if ".composition." in path else ""
    return Lever(path, label, group, side, value, low, high, step, number.unit, about, number.range)


def _short(number: float) -> str:
    """An end of a range: three digits, whole numbers whole.

    >>> _short(0.9142857143), _short(139000.0), _short(0.6)
    ('0.914', '139,000', '0.6')
    """
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def written(number: float) -> str:
    """A number as the page's sliders carry it: ten digits.

    >>> written(4 / 3), written(250000)
    ('1.333333333', '250000')
    """
    return f"{number:.10g}"


def _grid(path: str, number: Sourced) -> tuple[float, float, float]:
    """Ends and step of a slider that can stand exactly where the case has it.

    A browser moves a slider to the nearest step from its lower end, and what is not on a step would look moved. So
    sliders whose ends are fixed have steps that divide the value; the others are laid out from the value to both sides.
    All is reckoned from the value as the page writes it: an end with one more digit would set every step off by it.
    """
    value = float(written(number.value))
    if _bounded(number):
        return 0.0, 1.0, _dividing(value, 0.01)
    known = number.range or (value, value)
    low, high = min(known[0], value / 2), max(known[1], 2 * value)
    step = _step(high - low)
    if path.endswith(".materiel"):
        step = _dividing(value, step)
        return 0.0, round(math.ceil(high / step - 1e-9) * step, 10), step
    below = math.ceil((value - low) / step - 1e-9)
    below -= value - below * step < 0
    above = math.ceil((high - value) / step - 1e-9)
    return round(value - below * step, 10), round(value + above * step, 10), step


def _dividing(value: float, most: float) -> float:
    """The largest round step, at most `most`, that divides a value; a very small one if none does.

    >>> _dividing(0.35, 0.01), _dividing(0.794, 0.01), _dividing(0.125, 0.01), _dividing(1 / 3, 0.01)
    (0.01, 0.002, 0.005, 1e-06)
    """
    power = 10.0 ** math.floor(math.log10(most) + 1e-9)
    for digits in range(6):
        for round_one in (5.0, 2.0, 1.0):
            step = round(round_one * power / 10.0**digits, 10)
            if step <= most * (1 + 1e-9) and math.isclose(value / step, round(value / step), abs_tol=1e-6):
                return max(float(step), 1e-6)
    return 1e-6


def _step(width: float) -> float:
    """A round step of about a hundredth of the slider's width.

    >>> _step(1.0), _step(250000)
    (0.01, 5000.0)
    """
    if width <= 0:
        return 0.01
    rough = width / 100
    power = 10.0 ** math.floor(math.log10(rough) + 1e-9)
    return next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power >= rough * (1 - 1e-9))


def settings(case: Case, wanted: Mapping[str, object], known: Iterable[Lever] | None = None) -> dict[str, Value]:
    """What a visitor asks for, as settings of the case: known levers only, within their ends; the rest is refused.

    Args:
        wanted: path -> value as it came from a browser. known: the levers of the case, if they are at hand.

    Raises:
        AllegianceError: a path that is no lever, or a value outside the slider.
    """
    by_path = {lever.path: lever for lever in (levers(case) if known is None else known)}
    found: dict[str, Value] = {}
    for path, value in wanted.items():
        lever = by_path.get(path)
        if lever is None:
            raise AllegianceError(f"'{str(path)[:80]}' is not a lever of this case", "move one of the sliders")
        number = _number(case, lever, value)
        if not lever.low <= number <= lever.high:  # also false for nan
            raise AllegianceError(
                f"{lever.label}: {number:g} lies outside {lever.low:g} to {lever.high:g}", "move the slider again"
            )
        if not math.isclose(number, lever.value, rel_tol=1e-9, abs_tol=lever.step / 1000):
            day = (case.start + timedelta(days=round(number))).isoformat() if lever.kind == "date" else ""
            found[path] = day or (bool(number) if lever.switch else number)
    return found


def standing(case: Case, lever: Lever, values: Mapping[str, Value]) -> float:
    """Where a lever stands under some settings, as a number."""
    return _number(case, lever, values[lever.path]) if lever.path in values else lever.value


def _number(case: Case, lever: Lever, value: object) -> float:
    try:
        if lever.kind == "date":
            return float((date.fromisoformat(str(value)) - case.start).days)
        return float(value if isinstance(value, bool) else str(value))
    except ValueError as error:
        kind = "a date such as 2022-09-21" if lever.kind == "date" else "a number"
        raise AllegianceError(f"'{str(value)[:40]}' is not {kind}", "move the slider again") from error
