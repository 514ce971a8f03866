"""Words and number formats shared by every report: forms of disloyalty, likelihood, shares, intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from allegiance.theory.forms import COUPS, INDIVIDUAL
from allegiance.theory.forms import FORMS as _FORMS


@dataclass(frozen=True)
class Form:
    """One form of disloyalty: its name, what is counted, and the share that its probability is about (0: one event)."""

    name: str
    counted: str
    threshold: float = 0.0
    verb: str = ""

    @property
    def question(self) -> str:
        """What the probability is the probability of.

        >>> FORMS["desertion"].question
        'at least 1 % of soldiers desert'
        """
        if not self.threshold:
            return f"at least one {self.name}"
        return f"at least {100 * self.threshold:g} % of soldiers {self.verb}"


FORMS: dict[str, Form] = {
    **{key: Form(name, counted) for key, (name, counted) in COUPS.items()},
    **{f.name: Form(f.label, f.definition, f.threshold or 0.0, f.verb) for f in _FORMS if f.threshold is None},
    **{
        name: Form(f.label, f.definition, f.threshold or 0.0, f.verb)
        for name in INDIVIDUAL
        for f in _FORMS
        if f.name == name
    },
}
EVENT_NAMES: dict[str, str] = {
    **{key: form.name for key, form in FORMS.items()},
    "mutiny": "mutiny of a company",
    "march": "a company in mutiny leaves its place and marches",
    "seizure": "mutineers seize a place",
    "mutineers_kill": "mutineers kill civilians (size: the dead)",
    "halt": "a commander halts the brigade",
    "dismissal": "a commander who halted is replaced",
    "unit_defection": "a brigade goes over under its commander",
    "civil_war": "fighting with those who went over becomes a civil war",
    "flight": "a commander leaves the soldiers",
    "call_out": "parallel forces are called out",
    "concession": "the ruler concedes something to the crowd",
    "fragging": "an officer is attacked by soldiers of the same side",
    "settlement": "settlement",
    "escalation": "escalation",
    "end": "end of the war",
}
# Degrees of likelihood as in Intelligence Community Directive 203 (2015), one adjective for each of its seven steps.
_LIKELIHOOD = (
    (0.05, "remote"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "about as likely as not"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (math.inf, "almost certain"),
)


REMOTE = _LIKELIHOOD[0][0]
"""Probability below which a form is called remote, and does not lead."""


def likelihood(probability: float) -> str:
    """A probability in words, with the steps of ICD 203.

    >>> likelihood(0.03), likelihood(0.7), likelihood(1.0)
    ('remote', 'likely', 'almost certain')
    """
    return next(word for edge, word in _LIKELIHOOD if probability < edge)


def percent(share: float | None) -> str:
    """A share or probability as a percentage of two or so digits.

    >>> percent(0.0), percent(0.0004), percent(0.034), percent(0.42), percent(0.998), percent(1.0)
    ('0 %', '0.04 %', '3.4 %', '42 %', '99.8 %', '100 %')
    """
    if share is None or math.isnan(share):
        return "–"
    value = 100 * share
    if value in (0.0, 100.0) or 10 <= value < 99:
        return f"{value:.0f} %"
    if value < 1:
        return f"{value:.1g} %" if value >= 0.001 else "<0.001 %"
    return f"{min(value, 99.9):.1f} %".replace(".0 ", " ")


def count(value: float | None) -> str:
    """A number of people or things to three significant digits.

    >>> count(0), count(0.4), count(12345), count(1234567)
    ('0', '0.4', '12,300', '1.23 million')
    """
    if value is None or math.isnan(value):
        return "–"
    if value == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    rounded = round(value, digits)
    if abs(rounded) >= 1e6:
        return f"{rounded / 1e6:g} million"
    return f"{rounded:,.0f}" if abs(rounded) >= 10 else f"{rounded:.2g}"


def exact(value: float) -> str:
    """A number as it was given, thousands separated.

    >>> exact(0.0135), exact(50_000_000.0)
    ('0.0135', '50,000,000')
    """
    return f"{value:,.0f}" if abs(value) >= 1e6 else f"{value:,.6g}"


def span(interval: Any, text: Any) -> str:
    """An interval in words; `text` formats each end.

    >>> span([0.01, 0.2], percent)
    '1–20 %'
    >>> span([0.0, 1500.0], count)
    '0–1,500'
    """
    if interval is None or any(end is None for end in interval):
        return "–"
    low, high = (text(float(end)) for end in interval)
    if low == high:
        return str(low)
    if low.endswith(" %") and high.endswith(" %"):
        low = low.removesuffix(" %")
    return f"{low}–{high}"


def people(value: float | None) -> str:
    """A number of people; nobody is 0.07 of a person.

    >>> people(0.07), people(0.0), people(1234.0)
    ('fewer than 1', '0', '1,230')
    """
    return "fewer than 1" if value is not None and 0 < value < 1 else count(value)


def ordered(case: Any) -> list[str]:
    """The keys of the sides, the attacker first."""
    return sorted(case.sides, key=lambda side: (case.sides[side].role != "attacker", side))


def side_name(case: Any, side: str) -> str:
    """The side's name in words, or its key if the case does not know it."""
    return case.sides[side].name if side in case.sides else side


def plural(number: float, word: str, many: str = "") -> str:
    """A count with its noun.

    >>> plural(1, "member"), plural(2, "mutiny", "mutinies")
    ('1 member', '2 mutinies')
    """
    return f"{count(number)} {word if number == 1 else many or word + 's'}"
