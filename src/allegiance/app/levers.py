"""The levers of a case: the numbers a what-if may move, with words, bounds and what the case itself says of them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from allegiance.base.errors import AllegianceError
from allegiance.base.values import Sourced
from allegiance.cases.paths import numbers
from allegiance.cases.schema import Case
from allegiance.cases.walk import Value

_PATTERNS: tuple[tuple[str, str, str], ...] = (
    # pattern of the path after `sides.SIDE.`, group, words ({0}: first name in the path); in the order shown
    (r"supply", "Want and pay", "Supply: share of needs met"),
    (r"forces\.([^.]+)\.pay", "Want and pay", "{0}: pay relative to a civilian wage"),
    (r"forces\.([^.]+)\.resource_share", "Want and pay", "{0}: share of the side's food, kit and pay"),
    (r"forces\.([^.]+)\.wounded_to_killed", "Want and pay", "{0}: wounded per killed"),
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
        "{0}: share of {1} soldiers",
    ),
    (r"forces\.([^.]+)\.strength", "Who serves", "{0}: soldiers at the start"),
    (r"inducement", "Home and outside", "What it offers opposing soldiers"),
    (r"protest\.capacity", "Home and outside", "Protesters the state can contain in a day"),
    (r"protest\.waves\.(\d+)\.participants", "Home and outside", "Protest wave {n}: participants (person-days)"),
    (r"aid\.(\d+)\.materiel", "Home and outside", "Outside aid {n}: equipment relative to the start"),
)
_RULES = [(re.compile(rf"sides\.([^.]+)\.{pattern}"), group, words) for pattern, group, words in _PATTERNS]
_TIE = re.compile(r"ties\.(\d+)\.tie")
_SHARES = ("share", "level")


@dataclass(frozen=True)
class Lever:
    """One slider: path, words, where it stands in the case, its ends and step, and what the case says of it.

    `side` is the side it belongs to, empty if the case as a whole. A switch (a dated decision) has no number.
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
    switch: bool = False


def levers(case: Case) -> list[Lever]:
    """The levers of a case, in the order of the groups above; decisions that happened are switches."""
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
                ranked.append((order[words], _slider(path, words.format(*names, n=count), group, match[1], number)))
        tie = _TIE.fullmatch(path)
        if tie:
            pair = case.ties[int(tie[1])]
            label = f"Tie of {pair.soldiers} soldiers to {pair.civilians} civilians".replace("_", " ")
            ranked.append((99, _slider(path, label, "Ties to the civilians faced", "", number)))
    ranked.sort(key=lambda item: item[0])
    found = [lever for _, lever in ranked]
    for key, decision in case.decisions.items():
        about = f"{decision.date:%d %B %Y}. Switched off, it does not happen."
        found.append(
            Lever(
                f"decisions.{key}.enabled",
                decision.label,
                "Decisions that happened",
                "",
                float(decision.enabled),
                0,
                1,
                1,
                "",
                about,
                None,
                True,
            )
        )
    return found


def _alone(case: Case, path: str) -> bool:
    """Whether a share has no other to give to or take from, so that it can only stay where it is."""
    parts = path.split(".")
    if parts[-1] == "resource_share":
        others = [f.resource_share.value for key, f in case.sides[parts[1]].forces.items() if key != parts[3]]
    elif parts[-2] == "composition":
        mix = case.sides[parts[1]].forces[parts[3]].composition
        others = [share.value for category, share in mix.items() if category.value != parts[-1]]
    else:
        return False
    return sum(others) <= 0


def _bounded(number: Sourced) -> bool:
    return number.unit in _SHARES


def _slider(path: str, label: str, group: str, side: str, number: Sourced) -> Lever:
    value = number.value
    if _bounded(number):
        low, high = 0.0, 1.0
    else:
        known = number.range or (value, value)
        low, high = min(known[0], value / 2), max(known[1], 2 * value)
        if path.endswith(".materiel"):
            low = 0.0
    step = _step(high - low)
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    about = f"{value:,.6g} {number.unit}, {number.basis}"
    if number.source:
        about += f", source: {number.source}"
    if number.note:
        about += f". {number.note}"
    return Lever(
        path, label, group, side, value, round(low, 10), round(high, 10), step, number.unit, about, number.range
    )


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


def settings(case: Case, wanted: Mapping[str, object]) -> dict[str, Value]:
    """What a visitor asks for, as settings of the case: known levers only, within their ends; the rest is refused.

    Raises:
        AllegianceError: a path that is no lever, or a value outside the slider.
    """
    known = {lever.path: lever for lever in levers(case)}
    found: dict[str, Value] = {}
    for path, value in wanted.items():
        lever = known.get(path)
        if lever is None:
            raise AllegianceError(f"'{str(path)[:80]}' is not a lever of this case", "move one of the sliders")
        try:
            number = float(str(value))
        except ValueError as error:
            raise AllegianceError(f"'{str(value)[:40]}' is not a number", "move the slider again") from error
        if not lever.low <= number <= lever.high:  # also false for nan
            raise AllegianceError(
                f"{lever.label}: {number:g} lies outside {lever.low:g} to {lever.high:g}", "move the slider again"
            )
        if not math.isclose(number, lever.value, rel_tol=1e-9, abs_tol=lever.step / 2.0001):
            found[path] = bool(number) if lever.switch else number
    return found
