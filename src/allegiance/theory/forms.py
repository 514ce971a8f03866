"""The forms of disloyalty, each declared once: its name, its verb, its threshold, whether it leaves, whether it shows.

A soldier chooses among the forms of `FORMS`; whatever lists forms (engine, tables, reports, pages) reads them here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Form:
    """One form of disloyalty of soldiers.

    `status` is what a soldier is who has taken it; `threshold` the share of a side's soldiers above which the form
    counts as having happened (None: one event is enough). A form that `leaves` takes the soldier from the unit; one
    that is `hidden` is not seen by others. `definition` says what is counted. `measure` is its column in the table of
    members.
    """

    name: str
    label: str
    definition: str
    verb: str
    status: str
    threshold: float | None
    leaves: bool
    hidden: bool
    measure: str


FORMS = (
    Form("shirking", "shirking", "soldiers stay in place and withhold effort", "shirk", "shirking", 0.01,
         leaves=False, hidden=True, measure="shirking"),
    Form("refusal", "refusal", "soldiers decline an order to deploy, attack or fire, and stay in service",
         "refuse an order", "refusing", 0.01, leaves=False, hidden=False, measure="refusal"),
    Form("desertion", "desertion", "soldiers leave without leave and join nobody", "desert", "deserted", 0.01,
         leaves=True, hidden=False, measure="desertion"),
    Form("defection", "defection", "soldiers go over to the opponent or to the civilians they were sent against",
         "defect", "defected", 0.001, leaves=True, hidden=False, measure="defection"),
    Form("mutiny", "mutiny", "12 or more soldiers together disobey lawful military authority, not seeking power",
         "mutiny", "in_mutiny", None, leaves=False, hidden=False, measure="mutineers"),
)  # fmt: skip
"""The forms a soldier chooses among besides obeying; the last is readiness, which a company must turn into mutiny."""

NAMES = tuple(form.name for form in FORMS)
NUMBER = {name: k for k, name in enumerate(NAMES)}
SHIRK, REFUSE, DESERT, DEFECT, RISE = (NUMBER[n] for n in ("shirking", "refusal", "desertion", "defection", "mutiny"))

COUPS = {
    "coup_attempt": ("coup attempt", "illegal, overt attempt by officers to unseat the executive"),
    "coup_success": ("successful coup", "a coup attempt that holds power for at least 7 days"),
}
"""Outcomes of plots: what each is called, and what is counted."""
COUNTED = (*COUPS, "mutiny")
"""Outcomes counted as events of a side."""
THRESHOLDS: dict[str, float] = {
    form.name: form.threshold
    for form in sorted(FORMS, key=lambda form: form.name) if form.threshold is not None
}  # fmt: skip
"""Share of a side's soldiers above which an individual form counts as having happened."""
INDIVIDUAL = tuple(THRESHOLDS)
"""Forms counted as the share of a side's soldiers who ever took them."""


@dataclass(frozen=True)
class Routes:
    """How far a pressure acts on each form: 1 in full, 0 not at all (forms that are not named: 0)."""

    shares: Mapping[str, float]

    @cached_property
    def acting(self) -> tuple[tuple[int, float], ...]:
        """Number and share of each form that the pressure acts on."""
        return tuple((NUMBER[name], self.shares[name]) for name in NAMES if self.shares.get(name))

    def array(self) -> npt.NDArray[Any]:
        """The shares in the order of FORMS (shape (forms,))."""
        return np.array([self.shares.get(name, 0.0) for name in NAMES])


def routes(**shares: float) -> Routes:
    """Routes to forms by name.

    >>> routes(desertion=1.0, refusal=0.5).array().tolist()
    [0.0, 0.5, 1.0, 0.0, 0.0]

    Raises:
        ValueError: no such form.
    """
    if unknown := set(shares) - set(NAMES):
        raise ValueError(f"no form of disloyalty called {sorted(unknown)[0]!r}; there are {', '.join(NAMES)}")
    return Routes(shares)
