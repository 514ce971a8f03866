"""Intercepts that follow from rates: what can be elicited is how often, not a log-odds.

Nobody has seen the log-odds of a soldier with nothing to complain of. How many soldiers of a contented army desert in a
year, and how often a company of a hungry one mutinies, can be asked of archives and of people. So each intercept of
`choice` is solved for, in every draw, from a rate with its prior (parameters `rate_…`) and from what all other drawn
parameters say of one army of reference: a draw with steeper slopes gets a lower intercept. (O'Hagan et al. 2006,
Uncertain Judgements, on eliciting observable quantities.)

The armies of reference are stated here. A term that reads a quantity which is not named adds nothing to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from allegiance.theory import junior_leaders
from allegiance.theory.cascade import incident_rate, mutiny_probability, mutiny_threshold
from allegiance.theory.choice import DISPOSITION
from allegiance.theory.contract import Term
from allegiance.theory.forms import NUMBER, Routes
from allegiance.theory.registry import MECHANISMS

CONTENTED: Mapping[str, float] = {
    "company.supply": 1.0, "company.package": 1.0, "company.contact": 0.0, "brigade.skill": 0.6,
    "side.monitoring": 0.5, "side.punishment": 0.4, "side.inclusion": 1.0, "group.own_share": 1.0,
    "side.win_belief": 0.6, "side.counterbalancing": 0.3, "side.stacking": 0.3, "side.purges": 0.3,
    "force.regular": 1.0, "force.way_out": 1.0, "recruit.loyalty": 0.6,
}  # fmt: skip
"""A volunteer army in its barracks: fed, paid, led as most are, of one people, in a quiet part of a war."""
HUNGRY: Mapping[str, float] = {
    **CONTENTED, "company.supply": 0.6, "company.package": 0.6, "company.contact": 1.0, "brigade.skill": 0.45,
    "company.losses": 0.05, "company.worn": 40.0, "side.win_belief": 0.45, "side.has_enemy": 1.0, "contest.faced": 1.0,
    "recruit.loyalty": 0.5, "recruit.compelled": 0.5,
}  # fmt: skip
"""An army in the field half of which is compelled: two thirds of its needs, some losses, no victory in sight."""
MEN, KILLED, SPREAD = 100.0, 0.001, 0.8
"""Soldiers of a company of reference, share killed on a day, and spread of readiness between its soldiers."""
YEAR = 365.0
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
SOLVED = {
    "choice_base_shirk": "shirking", "choice_base_refuse": "refusal", "choice_base_desert": "desertion",
    "choice_base_defect": "defection", "choice_base_mutiny": "mutiny",
}  # fmt: skip
"""Parameters that are solved for, and the form each is the intercept of."""
_SLOPES = {
    "shirking": "grievance_shirk", "refusal": "grievance_refuse", "desertion": "grievance_desert",
    "defection": "grievance_defect", "mutiny": "grievance_mutiny",
}  # fmt: skip


def solve(values: Mapping[str, float]) -> dict[str, float]:
    """Intercepts by the name of their parameter, from the other parameters of a draw.

    >>> from allegiance.theory.registry import PARAMETERS
    >>> central = {name: p.value for name, p in PARAMETERS.items()}
    >>> -12 < solve(central)["choice_base_desert"] < -9
    True
    """
    return {name: _intercept(form, values) for name, form in SOLVED.items()}


def _intercept(form: str, values: Mapping[str, float]) -> float:
    rate = values[f"choice_rate_{form}"]
    if form == "mutiny":
        return _readiness(rate / YEAR, values) - pressure(form, HUNGRY, values)
    daily = 1.0 - (1.0 - rate) ** (1.0 / YEAR)
    return float(np.log(daily / (1.0 - daily))) - pressure(form, CONTENTED, values)


def pressure(form: str, army: Mapping[str, float], values: Mapping[str, float]) -> float:
    """Log-odds of a form that an average man of an army of reference has on top of the intercept."""
    k = NUMBER[form]
    army = {**army, "company.grievance": grievance(army, values)}
    army["company.leaders"] = _leaders(army, values)
    total = values[f"choice_{_SLOPES[form]}"] * army["company.grievance"]
    for mechanism, term in _terms():
        if isinstance(term.into, Routes):
            total += term.into.array()[k] * _value(mechanism, term, army, values)
    return float(total + DISPOSITION.array()[k] * _disposition(army, values))


def grievance(army: Mapping[str, float], values: Mapping[str, float]) -> float:
    """Grievance at which an average man of an army of reference settles."""
    return sum(_value(m, t, army, values) for m, t in _terms() if t.into == "grievance")


def _leaders(army: Mapping[str, float], values: Mapping[str, float]) -> float:
    """Share of junior leaders who enforce orders in an army of reference, under commanders of ordinary loyalty."""

    def v(name: str) -> float:
        return values[f"junior_leaders_{name}"]

    lean = junior_leaders.resentment(army["company.grievance"], v("usual"), v("anger")) + junior_leaders.hold(
        army["side.monitoring"], army["side.punishment"], junior_leaders.LOYAL, v("threat"), v("trust")
    )
    return float(junior_leaders.settled(v("ordinary"), lean, v("neighbours")))


def _disposition(army: Mapping[str, float], values: Mapping[str, float]) -> float:
    return sum(_value(m, t, army, values) for m, t in _terms() if t.into == "disposition")


def _terms() -> list[tuple[str, Term]]:
    return [(m.id, t) for m in MECHANISMS for t in m.terms]


def _value(mechanism: str, term: Term, army: Mapping[str, float], values: Mapping[str, float]) -> float:
    read = [s for s in (*term.inputs.values(), term.where) if isinstance(s, str) and "." in s]
    if any(path not in army for path in read):
        return 0.0

    def given(source: str | float) -> float:
        if not isinstance(source, str):
            return source
        return army[source] if "." in source else values[f"{mechanism}_{source}"]

    formula: Callable[..., Any] = term.formula
    value = formula(**{name: given(source) for name, source in term.inputs.items()})
    return float(value) * (given(term.where) if term.where else 1.0)


def _readiness(daily: float, values: Mapping[str, float]) -> float:
    """Mean readiness of a company of average temper at which companies like it mutiny at the given rate a day."""

    def v(name: str) -> float:
        return values[f"cascade_{name}"]

    threshold = float(mutiny_threshold(MEN, SPREAD, v("conformity"), v("minimum")))
    trigger = float(incident_rate(HUNGRY["company.contact"], KILLED, v("trigger")))
    low, high = threshold - 60.0, threshold + 20.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        gap = threshold - (middle + v("temper") * _NODES)
        rate = float((_WEIGHTS * mutiny_probability(gap, trigger, v("trigger_scale"))).sum())
        low, high = (middle, high) if rate < daily else (low, middle)
    return 0.5 * (low + high)

