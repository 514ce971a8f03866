"""Every column a reading may use: its table, its code of states, its release lag and how long it stays good.

One list for the whole drafter. A column that is not here cannot be read, and what is here cannot be read before it was
known: the value of year y is known from the first of January of ``y + lag``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import polars as pl

Codes = Literal["gw", "cow"]


@dataclass(frozen=True)
class Column:
    """One column by state and year.

    Attributes:
        name: what readings call it. source: key of its source in the evidence catalogue. table, column: where it
            stands. codes: Gleditsch-Ward or Correlates of War. state: the column with the state's code; year: with
            the year, empty for a value that never changes.
        lag: years after which the value of a year is known. good: years for which the last value stands in.
        unit: what it counts. fill: value of a state-year that the table holds with an empty cell.
    """

    name: str
    source: str
    table: str
    column: str
    unit: str
    codes: Codes = "gw"
    state: str = "gwcode"
    year: str = "year"
    lag: int = 1
    good: int = 5
    fill: float | None = None
    keep: Callable[[], pl.Expr] | None = None


NMC = "wars-and-capabilities/cow_nmc_state_year"
FORCES = "security-forces-country-year/security_forces_1950_2018"
BOOK = "world-factbook-archive/factbook_military_coded_1990_2025"
VDEM = "vdem-subset/vdem_country_year_1970_2021"
RDMC = "rdmc-equipment/equipment_country_year"
PITF = "pitf-episodes/pitf_episode_years_1955_2014"
KINDS_END = 2018
"""Last edition of the World Factbook before its lists of branches became fuller: kinds are comparable up to it."""


def _nmc(name: str, unit: str, good: int = 5) -> Column:
    return Column(name, "nmc", NMC, name, unit, "cow", "ccode", good=good)


def _force(name: str, unit: str, good: int = 5) -> Column:
    return Column(name, "security-forces", FORCES, name, unit, "cow", "ccode", good=good)


def _vdem(name: str, unit: str) -> Column:
    return Column(name, "vdem", VDEM, name, unit)


def _arms(name: str, column: str) -> Column:
    return Column(name, "rdmc", RDMC, column, "pieces", "cow", "ccode", good=4, fill=0.0)


def _war(name: str) -> Column:
    kinds = ["ethnic_war", "revolutionary_war"]
    return Column(
        name, "pitf", PITF, name, "class 0-4", "cow", "ccode", good=1, keep=lambda: pl.col("ptype").is_in(kinds)
    )


def _kind(name: str) -> Column:
    return Column(name, "factbook", BOOK, name, "0 or 1", good=6, keep=lambda: pl.col("year") <= KINDS_END)


COLUMNS: dict[str, Column] = {
    c.name: c
    for c in (
        _nmc("milper", "thousand soldiers"),
        _nmc("milex", "thousand current dollars"),
        _nmc("tpop", "thousand people"),
        _nmc("upop", "thousand people in large towns"),
        _nmc("cinc", "share of the world's capabilities"),
        Column(
            "personnel_total", "world-bank-forces", "armed-forces-paramilitary/armed_forces_total_vs_nmc",
            "personnel_total", "people",
        ),
        Column(
            "conscription", "toronto", "conscription-toronto/conscription_country_year_1945_2013", "conscription",
            "0 or 1", "cow", "ccode", good=3,
        ),
        Column(
            "service_months", "toronto", "conscription-toronto/conscription_country_year_1945_2013", "service_months",
            "months", "cow", "ccode", good=6,
        ),
        Column("law_conscription", "factbook", BOOK, "conscription", "0 or 1"),
        Column("law_months", "factbook", BOOK, "service_months", "months", good=8),
        _kind("pf_guard_presidential"),
        _kind("pf_gendarmerie"),
        _kind("pf_national_guard"),
        _kind("pf_interior_troops"),
        _kind("pf_militia"),
        _force("effective_number_forces", "forces, 1 the army alone"),
        _force("counterweights", "forces"),
        _force("secret_police", "0 or 1", 8),
        _force("personalism", "level"),
        _force("PTS_S", "scale 1-5"),
        Column("hrp", "human-rights", "repression-hrp/fariss_hrp_1946_2019", "hrp", "latent score"),
        *(
            _vdem(name, unit)
            for name, unit in (
                ("v2x_ex_military", "level"), ("v2x_neopat", "level"), ("v2xcs_ccsi", "level"),
                ("v2exembez", "latent score"), ("v2csreprss", "latent score"),
            )
        ),
        Column(
            "polyarchy", "vdem", "vdem-subset/vdem_democracy_1789_2024", "v2x_polyarchy", "level", state="GWn",
        ),
        Column("gdp_head", "gdp", "gdp-population/gdp_population_1816_2019", "mrgdppc", "2011 dollars", good=8),
        Column("population", "gdp", "gdp-population/gdp_population_1816_2019", "pwtpop", "million people", good=8),
        _arms("tanks", "armoured_fighting_vehicles_attack"),
        _arms("carriers", "armoured_fighting_vehicles_transport"),
        _arms("guns", "anti-tank_anti-infrastructure_artillery"),
        _arms("fighters", "aircraft_fighter"),
        Column("rugged", "terrain", "terrain-ethnicity/terrain_country", "rugged", "index", year=""),
        Column(
            "land_km2", "land-area", "world-factbook-archive/factbook_area_terrain_ethnic", "land_area_km2", "km2",
            year="",
        ),
        Column(
            "surface_km2", "land-area", "terrain-ethnicity/surface_area", "surface_area_km2", "km2", year="",
        ),
        Column(
            "deaths", "ucdp-years", "ucdp-organized-violence/ucdp_ov_country_year_1989_2024", "sb_total_deaths_best",
            "killed in a year", state="country_id", good=2,
        ),
        Column(
            "deaths_place", "ucdp", "wars-and-capabilities/battle_deaths_country_year_1946_2022", "best",
            "killed in a year", good=2,
        ),
        Column(
            "killings", "ucdp-years", "ucdp-organized-violence/ucdp_ov_country_year_1989_2024",
            "os_main_govt_killings_best", "killed in a year", state="country_id", good=2,
        ),
        _war("magfight"),
        _war("magarea"),
    )
}  # fmt: skip
"""By name."""

GROUPS = "epr-2021/epr_groups_1946_2021"
REBELS = "civil-war-dyads/rebel_dyad_years_1946_2015"
CLAIMS = "epr-2021/acd2epr_2014"
CONFLICTS = "wars-and-capabilities/ucdp_acd_1946_2024"
CAMPAIGNS = "navco-21-campaign-years/navco21_campaign_years_1945_2013"
LEADERS = "reign/leaderlist_2021_03"
LISTS: dict[str, str] = {
    GROUPS: "epr", REBELS: "rebels", CLAIMS: "epr", CONFLICTS: "ucdp", CAMPAIGNS: "navco-years", LEADERS: "reign",
}  # fmt: skip
"""Tables that are lists and not one row a state and year, with their source."""
