"""How often such things have happened: historical base rates beside which a run's figures stand.

Each is computed from, or stated by, the work named. They are averages over many states and wars, not forecasts.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from allegiance.base.citations import reference
from allegiance.base.errors import AllegianceError
from allegiance.cases.schema import Case
from allegiance.evidence.folder import VARIABLE
from allegiance.forecast.base_rate import BaseRates, base_rate
from allegiance.report.labels import percent, span


@dataclass(frozen=True)
class BaseRate:
    """A yearly rate: `low` and `high` bound it (equal where one number is known); `of` says of what."""

    low: float
    high: float
    of: str
    source: str

    def over(self, days: int) -> tuple[float, float]:
        """The probability or share over a horizon of `days`, at a constant hazard."""
        years = days / 365.0
        return 1 - (1 - self.low) ** years, 1 - (1 - self.high) ** years


# Coups: 2000-2016, computed from the data of Powell & Thyne; 236 of 474 attempts of 1950-2015 succeed.
# Mutiny: 460 events 1945-2017 over roughly 10,000 state-years; crude, since events cluster.
# Desertion: United States Army, 14.7 per 1,000 in 1966 and 52.3 per 1,000 in 1970.
RATES: dict[str, BaseRate] = {
    "coup_attempt": BaseRate(0.014, 0.014, "states 2000–2016, per year", "powellThyne2011"),
    "coup_success": BaseRate(0.007, 0.007, "states 2000–2016, per year, half of attempts", "powellThyne2011"),
    "mutiny": BaseRate(0.04, 0.05, "states 1945–2017, per year, crude", "johnson2021"),
    "desertion": BaseRate(0.0147, 0.0523, "share of the US Army per year, 1966–1970", "heinl1971"),
}


def compared(form: str, days: int) -> tuple[str, str]:
    """The base rate of a form over the horizon, and where it comes from; empty where none is known.

    >>> compared("coup_attempt", 365)
    ('1.4 %', 'states 2000–2016, per year (Powell & Thyne 2011)')
    >>> compared("shirking", 365)
    ('', '')
    """
    rate = RATES.get(form)
    if rate is None:
        return "", ""
    return span(rate.over(days), percent), f"{rate.of} ({reference(rate.source).short})"


def own_rate(case: Case, side: str) -> str:
    """The side's own yearly coup rate as its case states it."""
    number = case.sides[side].coup_base_rate
    where = f", source {number.source}" if number.source else ""
    return f"{percent(number.value)} a year for this state ({number.basis}{where})"


def by_statistics(case: Case, side: str) -> list[str]:
    """What statistics say of the side's state when the case begins: coup attempts and mutinies within a year.

    From the country-month data if $ALLEGIANCE_DATA names a folder with them, else the published average over states.
    Empty for a side that is no state.
    """
    country = case.sides[side].country
    if country is None:
        return []
    said = []
    for outcome, words in (("coup_attempt", "coup attempt"), ("mutiny", "mutiny")):
        found = _statistics(case, country, outcome)
        if found is not None:
            rate = found.rates[12]
            band = f"{percent(rate.low)} to {percent(rate.high)}"
            said.append(f"{words} within a year {percent(rate.probability)} ({band}; {found.source})")
    return said


def _statistics(case: Case, country: str, outcome: str) -> BaseRates | None:
    folder = os.environ.get(VARIABLE)
    for data in (Path(folder) if folder else None, None):
        try:
            return base_rate(country, case.start, outcome, data)
        except AllegianceError:
            continue  # the state or the date is not in the data: the published average stands in
    return None
