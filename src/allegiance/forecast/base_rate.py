"""How often this happens in such a country: the statistical base rate beside a simulated probability.

With data, the rate is that of the hierarchical hazard (world, region, the state's own record; `models.hazard`), known
at the date and nothing later. Without, it is the published average over states, which says nothing about this one.
One rule joins it with a simulation, and only when asked: see `level_shift` and docs/forecasting.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from allegiance.base.errors import AllegianceError, near
from allegiance.evidence.states import find_state
from allegiance.forecast.horizons import HORIZONS

STRUCTURAL_SPREAD = 1.0
"""Log-odds by which a simulation may be wrong for reasons its ensemble does not hold: one standard deviation, a
judgement."""


@dataclass(frozen=True)
class Published:
    """A rate per state and year, with the range in which such rates lie among states, and its source."""

    rate: float
    low: float
    high: float
    source: str


PUBLISHED: dict[str, Published] = {
    "coup_attempt": Published(
        0.014, 0.010, 0.023,
        "states 2000–2016, computed from Powell & Thyne (doi:10.1177/0022343310397436); upper end: states without "
        "an attempt in the five years before, 1950–2000s",
    ),
    "coup_success": Published(
        0.007, 0.005, 0.012,
        "half of attempts (236 of 474, 1950–2015), computed from Powell & Thyne (doi:10.1177/0022343310397436)",
    ),
    "coup_failed": Published(
        0.007, 0.005, 0.012,
        "half of attempts (238 of 474, 1950–2015), computed from Powell & Thyne (doi:10.1177/0022343310397436)",
    ),
    "mutiny": Published(
        0.045, 0.02, 0.09,
        "460 mutinies 1945–2017 (Johnson 2021, doi:10.1177/00223433211020092) over about 10,000 state-years, crude; "
        "range: West and Central Africa before and after 1990 (Dwyer & Tansey 2020, doi:10.1080/09636412.2020.1859129)",
    ),
}  # fmt: skip
"""Averages used when no data folder is at hand."""


@dataclass(frozen=True)
class Rate:
    """A probability with its 90 % interval."""

    probability: float
    low: float
    high: float


@dataclass(frozen=True)
class BaseRates:
    """Base rates by horizon in months; `known_to` is the last month used, None for published averages."""

    outcome: str
    gwcode: int
    rates: dict[int, Rate]
    source: str
    known_to: date | None


def base_rate(country: str | int, day: date, outcome: str, data: Path | None = None) -> BaseRates:
    """Base rates of `outcome` in `country` within 1, 3, 6 and 12 months of `day`.

    Args:
        country: Gleditsch–Ward number, ISO3 code or name. day: months that began after it are not used.
        outcome: a name in `PUBLISHED`. data: folder of standardised tables, or None for published averages.

    Raises:
        AllegianceError: unknown country or outcome, faulty data, or a day before 1960 with data.

    >>> base_rate("RUS", date(2022, 2, 24), "coup_attempt").rates[12].probability
    0.014
    """
    gwcode = find_state(str(country))
    if outcome not in PUBLISHED:
        raise AllegianceError(f"no base rate is known for {outcome!r}", near(outcome, PUBLISHED))
    if data is None:
        known = PUBLISHED[outcome]
        rates = {h: Rate(*(_within(r, h) for r in (known.rate, known.low, known.high))) for h in HORIZONS}
        return BaseRates(outcome, gwcode, rates, f"average over {known.source}", None)
    return _from_data(gwcode, day, outcome, data)


def _within(yearly: float, months: int) -> float:
    return round(float(1 - (1 - yearly) ** (months / 12)), 12)


def _from_data(gwcode: int, day: date, outcome: str, data: Path) -> BaseRates:
    """The posterior of the hierarchical hazard, exact in its Gamma form."""
    from scipy.stats import gamma

    from allegiance.forecast.definitions import OUTCOMES
    from allegiance.forecast.models.frame import make_frame, make_task, standardise
    from allegiance.forecast.models.hazard import Hazard
    from allegiance.forecast.models.share import share
    from allegiance.forecast.panel import cut
    from allegiance.forecast.prepare import month_panel

    if day.year < 1960:
        raise AllegianceError(f"no base rate can be learned for {day:%Y}: the data start in 1950", "use 1960 or later")
    panel, _ = month_panel(data)
    whole = OUTCOMES[outcome].part_of or outcome
    coded = panel.filter(panel[whole].is_not_null())["month"].max()
    assert isinstance(coded, date)
    before = date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1)
    known_to = min(before, coded)
    frame = make_frame(cut(panel, known_to))
    origin = int(frame.t.max())
    rows = np.flatnonzero((frame.gwcode == gwcode) & (frame.t == origin))
    if not len(rows):
        raise AllegianceError(f"state {gwcode} is not in the system at {known_to:%Y-%m}", "choose another date")
    task = make_task(frame, whole, 1, origin, standardise(frame, origin), {})
    shape, rate, base = Hazard().fit(task).posterior()
    unit, per_month = frame.unit[rows[0]], float(base[rows[0]])
    low, middle, high = gamma.ppf([0.05, 0.5, 0.95], shape[unit], scale=1 / rate[unit]) * per_month
    mean = float(shape[unit] / rate[unit]) * per_month
    rates = {}
    for h in HORIZONS:
        part = share(frame, outcome, whole, h, origin) if whole != outcome else 1.0
        p, a, b = (float(part * -math.expm1(-h * x)) for x in (max(mean, float(middle)), float(low), float(high)))
        rates[h] = Rate(p, min(a, p), max(b, p))
    source = f"hierarchical hazard of the state, its region and the world on data to {known_to:%Y-%m}"
    return BaseRates(outcome, gwcode, rates, source, known_to)


def level_shift(simulated: float, members: int, base: Rate) -> float:
    """What to add to the log-odds of a case's coup or mutiny level so that simulation and base rate agree.

    The precision-weighted combination of two estimates of one log-odds: ``(z_base − z_sim) · v_sim / (v_sim +
    v_base)``, with ``v_sim`` the sampling variance of the ensemble's share (half an event added to each side) plus
    `STRUCTURAL_SPREAD` squared, and ``v_base`` from the base rate's interval. Applied only when the user asks.

    Args:
        simulated: share of ensemble members with the event, 0 to 1. members: their number, at least 1.
        base: the base rate over the same horizon.

    >>> round(level_shift(0.014, 1000, Rate(0.014, 0.010, 0.020)), 2)
    -0.03
    """
    if not 0 <= simulated <= 1 or members < 1:
        raise AllegianceError(f"{simulated:g} of {members} members is not a share", "give a share between 0 and 1")
    hits = simulated * members
    z_sim = math.log((hits + 0.5) / (members - hits + 0.5))
    v_sim = 1 / (hits + 0.5) + 1 / (members - hits + 0.5) + STRUCTURAL_SPREAD**2
    z_base = math.log(base.probability / (1 - base.probability))
    odds = [math.log(p / (1 - p)) for p in (base.low, base.high)]
    v_base = max(((odds[1] - odds[0]) / (2 * 1.6449)) ** 2, 1e-6)
    return (z_base - z_sim) * v_sim / (v_sim + v_base)
