"""Each day a soldier obeys, shirks, refuses, deserts, goes over, or is ready to mutiny: random utility."""

from __future__ import annotations

from allegiance.base.compiler import scalar
from allegiance.base.values import Basis
from allegiance.theory.contract import Mechanism, Parameter


FORMS = ("shirking", "refusal", "desertion", "defection", "mutiny")
"""The forms a soldier chooses among besides obeying; the last is readiness, which a company must turn into mutiny."""

ROUTES: dict[str, tuple[float, float, float, float, float]] = {
    "disposition": (0.3, 1.0, 1.0, 1.0, 0.8),
    "linkage": (0.3, 1.0, 0.5, 1.0, 0.8),
    "exclusion": (0.3, 0.3, 1.0, 1.0, 0.3),
    "protest": (0.2, 0.6, 0.4, 0.6, 1.0),
    "inducement": (0.0, 0.0, 0.0, 1.0, 0.0),
    "fear": (0.5, 0.8, 1.0, 0.3, 0.2),
    "collapse": (0.5, 0.8, 1.0, 1.0, 0.5),
    "deterrence": (0.0, 1.0, 1.0, 0.7, 1.0),
    "displacement": (1.0, 0.0, 0.0, 0.0, 0.0),
    "neighbours": (0.0, 0.5, 0.2, 0.0, 1.0),
}
"""How far each driver's pressure acts on each form, in the order of FORMS (judgement: 1 in full, 0 not at all)."""


@scalar
def log_odds(base: float, slope: float, grievance: float, pressure: float) -> float:
    return base + slope * grievance + pressure


@scalar
def loyalty_pressure(loyalty: float, weight: float) -> float:
    return weight * (0.5 - loyalty)


MECHANISM = Mechanism(
    id="choice",
    claims=("C1", "C3", "C7", "C12"),
    kind="process",
    summary="Each day a soldier obeys, shirks, refuses, deserts, goes over, or is ready to mutiny: random utility.",
    silent_on="what soldiers say",
    parameters=(
        Parameter(
            "base_shirk",
            -7.8,
            -8.6,
            -7.0,
            "log-odds per day",
            Basis.judgement,
            "mclauchlin2015",
            "without any driver; set so that a contented volunteer army sees about one per cent or less in a year",
            "normal",
        ),
        Parameter(
            "base_refuse",
            -11.2,
            -12.0,
            -10.4,
            "log-odds per day",
            Basis.judgement,
            "mclauchlin2015",
            "without any driver; set so that a contented volunteer army sees about one per cent or less in a year",
            "normal",
        ),
        Parameter(
            "base_desert",
            -10.6,
            -11.3,
            -9.9,
            "log-odds per day",
            Basis.judgement,
            "heinl1971",
            "without any driver; set so that a contented volunteer army sees about one per cent or less in a year",
            "normal",
        ),
        Parameter(
            "base_defect",
            -14.2,
            -15.2,
            -13.2,
            "log-odds per day",
            Basis.judgement,
            "mclauchlin2015",
            "without any driver; set so that a contented volunteer army sees about one per cent or less in a year",
            "normal",
        ),
        Parameter(
            "base_mutiny",
            -6.5,
            -7.2,
            -5.8,
            "log-odds per day",
            Basis.judgement,
            "mclauchlin2015",
            "without any driver; set so that a contented volunteer army sees about one per cent or less in a year",
            "normal",
        ),
        Parameter(
            "grievance_shirk",
            1.0,
            0.7,
            1.3,
            "log-odds per unit",
            Basis.judgement,
            "gurr1970",
            "slope on grievance",
            "normal",
        ),
        Parameter(
            "grievance_refuse",
            0.9,
            0.6,
            1.2,
            "log-odds per unit",
            Basis.judgement,
            "gurr1970",
            "slope on grievance",
            "normal",
        ),
        Parameter(
            "grievance_desert",
            0.8,
            0.5,
            1.1,
            "log-odds per unit",
            Basis.judgement,
            "gurr1970",
            "slope on grievance",
            "normal",
        ),
        Parameter(
            "grievance_defect",
            0.8,
            0.5,
            1.1,
            "log-odds per unit",
            Basis.judgement,
            "gurr1970",
            "slope on grievance",
            "normal",
        ),
        Parameter(
            "grievance_mutiny",
            1.2,
            0.9,
            1.5,
            "log-odds per unit",
            Basis.judgement,
            "gurr1970",
            "slope on grievance",
            "normal",
        ),
        Parameter(
            "loyalty",
            2.0,
            1.0,
            3.0,
            "log-odds",
            Basis.judgement,
            "hirschman1970",
            "a soldier fully loyal to the regime against one not at all",
            "normal",
        ),
        Parameter(
            "risk",
            0.6,
            0.2,
            1.0,
            "log-odds",
            Basis.judgement,
            "mclauchlin2015",
            "spread of daring between soldiers",
            "normal",
        ),
        Parameter(
            "recover",
            0.05,
            0.025,
            0.1,
            "per day",
            Basis.judgement,
            "scott1985",
            "hidden shirking and refusal end",
            "log",
        ),
        Parameter(
            "awol_return",
            0.35,
            0.15,
            0.6,
            "share",
            Basis.published,
            "zonaMedia2023",
            "suspended sentences return deserters to the front",
            "logit",
        ),
        Parameter(
            "return_days",
            90,
            45,
            180,
            "days",
            Basis.judgement,
            "zonaMedia2023",
            "until a deserter is brought back",
            "log",
        ),
    ),
    functions=(
        log_odds,
        loyalty_pressure,
    ),
    sources=("mcfadden1974", "hirschman1970"),
    rivals=(),
    switchable=False,
)
