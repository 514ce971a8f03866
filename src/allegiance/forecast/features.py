"""Every feature of the panel, with where it comes from and when it became known: the one table of release lags.

A value is used in a row only if it was public on the first day of that row's month. Three cadences:

* ``month``: the value in the source's row of month *t* describes month *t* (or its end) and is known `release`
  months after that month ends (-1: the makers moved it by a month already).
* ``year``: the source's row of year *y* describes year ``y - lagged`` (`lagged`: lag already applied by the makers)
  and is known at the end of month number `release` of the year after the one described. Of monthly rows the last
  of the year is taken (`how="last"`), because several series are interpolated within the year between two annual
  values, the later of which nobody had then; or the greatest (`how="max"`) for 0/1 states.
* ``history``: counted by this project from the outcomes themselves, known when the month ends.

Release months are those of the producers' usual calendar (V-Dem in March, SIPRI in April, World Bank and UCDP by
July, World Governance Indicators in September); where a calendar is not kept the month is a judgement on the late
side. Values are today's revised ones: what was *published* then may differ, and no public archive of old vintages
exists for most series.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PANEL = "coupcats-country-month/country_month_panel"
MILITARY = "coupcats-country-month/military_regime_months"
"""Months of military rule; months not listed are months without. The panel's own column is a year late."""


@dataclass(frozen=True)
class Feature:
    """One column of the panel: its source column, cadence and release lag (see the module's text)."""

    name: str
    table: str
    column: str
    cadence: Literal["month", "year"]
    release: int
    words: str
    lagged: int = 0
    how: Literal["last", "max"] = "last"


def _monthly(name: str, column: str, words: str, release: int = 0) -> Feature:
    return Feature(name, PANEL, column, "month", release, words)


def _yearly(name: str, column: str, words: str, release: int, lagged: int = 1) -> Feature:
    return Feature(name, PANEL, column, "year", release, words, lagged)


MONTH_FEATURES: tuple[Feature, ...] = (
    # seen by anyone as it happens; the makers give leaders as of the start of the month (release -1), which a test
    # checks: after 94 % of successful coups the clock restarts in the row of the next month, never before
    _monthly("leader_months", "Leader_duration", "months the leader has held office", release=-1),
    _monthly("leader_age", "Leader_age", "age of the leader", release=-1),
    _monthly("leaders_5y", "numleaders_5yr", "leaders in five years", release=-1),
    _monthly("leaders_10y", "numleaders_10yr", "leaders in ten years", release=-1),
    _monthly("military_leaders", "prop_milit_career", "share of recent leaders with a military career", release=-1),
    Feature("military_regime", MILITARY, "milreg", "month", 0, "military rule"),
    _monthly("election_past", "elec_lead", "elections in the last three months"),
    _monthly("neighbour_coup", "neighboring_coup", "coup in a neighbouring state"),
    _monthly("cold_war", "cold", "Cold War years"),
    # ACLED (weekly), and where it does not reach World Governance Indicators (interpolated; out in September)
    _monthly("protests_counted", "protests_counted", "protest, as counted by ACLED"),
    _monthly("protests", "protests", "protest or instability, standardised", release=9),
    # V-Dem, released in March
    _yearly("polyarchy", "polyarchy", "electoral democracy", 3),
    _yearly("military_dimension", "milit", "military dimension of the regime", 3),
    _yearly("closed_autocracy", "closed_autocracy", "closed autocracy", 3),
    _yearly("electoral_autocracy", "electoral_autocracy", "electoral autocracy", 3),
    _yearly("electoral_democracy", "electoral_democracy", "electoral democracy (class)", 3),
    _yearly("mobilization", "mobilization", "mass mobilisation", 3),
    _yearly("mobilization_concentration", "mobil_conc", "concentration of mass mobilisation", 3),
    _yearly("women_participation", "wom_polpart", "women's political participation", 3),
    _yearly("women_liberties", "wom_civlib", "women's civil liberties", 3),
    # SIPRI in April, forces from Correlates of War and the World Bank later
    _yearly("military_spending", "milex_spliced", "military spending, log", 7),
    _yearly("military_personnel", "milper_spliced", "soldiers, thousands", 7),
    _yearly("spending_per_soldier", "solqual", "spending per soldier, log", 7),
    # World Bank, July; World Governance Indicators, September
    _yearly("gdp_per_head", "lgdppcl", "income per head, log", 7),
    _yearly("gdp_growth", "ch_gdppcl", "growth of income per head", 7),
    _yearly("inflation", "Inflation", "inflation", 7),
    _yearly("trade", "ltrade", "trade, log", 7),
    _yearly("stability", "stability_WB", "political stability", 9),
    # UCDP, published by July for the year before
    Feature("civil_war", PANEL, "cw", "year", 7, "a civil war since 1946", how="max"),
    _yearly("interstate_conflict", "mid", "interstate conflict", 7),
    _yearly("battle_deaths", "brd", "battle deaths", 7),
    # other folders (Gleditsch–Ward codes)
    Feature("infant_mortality", "forecaster2/infmort", "infmort", "year", 9, "infant mortality"),
    Feature("excluded_population", "forecaster2/epr_country_year", "excluded_groups_pop", "year", 12,
            "share of people in groups shut out of power"),
    Feature("ethnic_fractions", "forecaster2/epr_country_year", "elf", "year", 12, "ethnic fractionalisation"),
    Feature("population", "demspaces/population_country_year", "pop", "year", 7, "population, thousands"),
    Feature("growth", "demspaces/gdp_country_year", "gdp_growth", "year", 7, "economic growth"),
)  # fmt: skip

REFUSED: dict[str, str] = {
    "elec_lag": "despite its name counts elections of this month and the two after it, irregular ones among them",
    "milreg": "a year late; the list of months is used instead",
    "mutiny6": "includes the month to be forecast",
    "mutiny12": "includes the month to be forecast",
    "pce": "recounted here, so that the clock provably stops before the month to be forecast",
    "pce_succ": "recounted here",
    "pce_cw": "counts from war onsets that are coded after the year ends",
    "cw_onset": "coded after the year ends; the state of war is used instead",
    "coup_attempt": "an outcome",
    "coup_successful": "an outcome",
}
"""Source columns that are not features, and why."""

HISTORY_WINDOWS: tuple[int, ...] = (12, 60, 120)
"""Months over which past outcomes are counted."""

HISTORY_OUTCOMES: tuple[str, ...] = ("coup_attempt", "coup_success", "mutiny")


def history_words() -> dict[str, str]:
    """The names of the history features and what they say."""
    said = {"coup_attempt": "coup attempts", "coup_success": "successful coups", "mutiny": "mutinies"}
    words: dict[str, str] = {}
    for outcome in HISTORY_OUTCOMES:
        words[f"{outcome}_since"] = f"months without {said[outcome]}"
        for window in HISTORY_WINDOWS:
            words[f"{outcome}_{window}m"] = f"{said[outcome]} in the last {window} months"
        words[f"{outcome}_region_12m"] = f"{said[outcome]} in the region in the last 12 months"
        words[f"{outcome}_world_12m"] = f"{said[outcome]} in the world in the last 12 months"
    return words


def feature_words() -> dict[str, str]:
    """All features of the month panel by name, in words.

    >>> feature_words()["coup_attempt_12m"]
    'coup attempts in the last 12 months'
    """
    own = {"state_age": "years since the state entered the system"}
    return {f.name: f.words for f in MONTH_FEATURES} | history_words() | own
