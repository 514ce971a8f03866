"""What if? A state's forecast when one thing about it were different, by what the ridge logit makes of it.

The change in the ridge logit's log-odds is added to the log-odds of the forecast. It says what usually goes with such a
change in the data, not what it would bring about; the trees are not asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from allegiance.base.errors import AllegianceError, near
from allegiance.forecast.horizons import Floats
from allegiance.forecast.models.frame import Frame, scales
from allegiance.forecast.models.logit import LogitFit

DOUBLING = 0.4
"""Standard deviations of the protest series by which it rises when protests double: the logarithm of 2 over the spread
of log monthly counts, about 1.7 in ACLED. A judgement: the counts themselves may not be passed on."""


@dataclass(frozen=True)
class Scenario:
    """A change: features set to a value (`put`), or raised by one (`add`), on the scale of the frame."""

    name: str
    words: str
    put: Mapping[str, float] = field(default_factory=dict)
    add: Mapping[str, float] = field(default_factory=dict)


def protests(factor: float) -> Scenario:
    """Protests multiplied by `factor`.

    Raises:
        AllegianceError: it is not a positive number up to 100.
    """
    if not 0.01 <= factor <= 100:
        raise AllegianceError(f"protests times {factor:g} is out of range", "choose a factor between 0.01 and 100")
    step = DOUBLING * float(np.log2(factor))
    return Scenario("protests", f"protests × {factor:g}", add={"protests": step, "protests_counted": step})


SCENARIOS: dict[str, Scenario] = {
    s.name: s
    for s in (
        protests(2.0),
        Scenario("leader-falls", "the leader falls", {"leader_months": 0.0}, {"leaders_5y": 1.0, "leaders_10y": 1.0}),
        Scenario("civil-war", "a civil war kills 1,000 a year", {"civil_war": 1.0, "battle_deaths": np.log1p(1000.0)}),
        Scenario("peace", "nobody dies in battle", {"battle_deaths": 0.0}),
        Scenario("neighbour-coup", "a coup next door", {"neighbour_coup": 1.0}),
        Scenario("election", "an election was held", {"election_past": 1.0}),
        Scenario("recession", "income per head falls by 5 %", {"gdp_growth": float(np.arcsinh(-1.0))}),
    )
}


def parse(text: str) -> Scenario:
    """A scenario by name; ``protests=3`` multiplies protests by three.

    Raises:
        AllegianceError: there is none of that name, or the factor is no number.

    >>> parse("protests=3").words, parse("leader-falls").words
    ('protests × 3', 'the leader falls')
    """
    name, _, factor = text.partition("=")
    if name == "protests" and factor:
        try:
            return protests(float(factor))
        except ValueError:
            raise AllegianceError(f"{factor!r} is not a number", "write protests=2") from None
    if text not in SCENARIOS:
        raise AllegianceError(f"there is no scenario {text!r}", near(text, [*SCENARIOS, "protests=2"]))
    return SCENARIOS[text]


def shift(fit: LogitFit, frame: Frame, row: int, what: Scenario, spread: Floats) -> float:
    """The change in log-odds that the ridge logit sees in `row` of `frame` under a scenario.

    Args:
        spread: of each feature before the origin of `fit` (see `frame.scales`).
    """
    total = 0.0
    for name in {*what.put, *what.add}:
        if name not in frame.names:
            continue
        c = frame.names.index(name)
        before = fit.task.z[row, c]
        if np.isnan(frame.x[row, c]):
            continue  # not known of this state: nothing can be said to change
        moved = what.put.get(name, frame.x[row, c]) + what.add.get(name, 0.0)
        after = np.clip(before + (moved - frame.x[row, c]) / spread[c], -6.0, 6.0)
        total += float(fit.coef[fit.columns.index(c)] * (after - before))
    return total


def under(p: float, change: float) -> float:
    """Probability `p` with its log-odds moved by `change`.

    >>> round(under(0.5, 0.0), 3), round(under(0.1, 0.693), 3)
    (0.5, 0.182)
    """
    odds = p / (1 - p) * float(np.exp(change))
    return odds / (1 + odds)


def table(fit: Any, frame: Frame, rows: Any, p: Floats, wanted: list[Scenario]) -> list[dict[str, float]]:
    """For each row the probability under each scenario, by the scenario's words."""
    _, spread = scales(frame, fit.task.origin)
    return [
        {s.words: under(float(value), shift(fit, frame, int(row), s, spread)) for s in wanted}
        for row, value in zip(rows, p, strict=True)
    ]
