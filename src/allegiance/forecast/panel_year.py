"""The panel by country and year, in Gleditsch–Ward codes: the one on which forecaster2 was scored.

A row's outcomes happen in its year; its features are the newest public on its first of January.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.folder import read_table, refuse_duplicates
from allegiance.evidence.states import lineage, states, to_cow
from allegiance.forecast.asof import STALE_MONTHS, join_known, known_values
from allegiance.forecast.features import Feature
from allegiance.forecast.outcomes import coded_months

_REIGN = "forecaster2/reign_country_year"
_EPR = "forecaster2/epr_country_year"
_VDEM = "demspaces/vdem_indices_1968_2023"
_COUPS = "demspaces/ptcoups_country_year_1950_2025"


def _reign(name: str, column: str, words: str) -> Feature:
    """REIGN was updated monthly: the state at the end of a year was known on the next day."""
    return Feature(name, _REIGN, column, "year", 0, words)


YEAR_FEATURES: tuple[Feature, ...] = (
    _reign("leader_elected", "elected", "leader was elected"),
    _reign("leader_age", "age", "age of the leader"),
    _reign("leader_military", "militarycareer", "leader with a military career"),
    _reign("leader_months", "tenure_months", "months the leader has held office"),
    _reign("election_expected", "anticipation", "election expected within six months"),
    _reign("irregular_expected", "irreg_lead_ant", "irregular election expected"),
    _reign("election_recent", "election_recent", "election in the last six months"),
    _reign("leader_defeated", "defeat_recent", "ruling party lost recently"),
    _reign("since_election", "lastelection", "time since the last election"),
    _reign("lost_power", "loss", "time since power changed by defeat"),
    _reign("irregular_entry", "irregular", "time since irregular transfer of power"),
    _reign("past_conflict", "prev_conflict", "past conflict"),
    Feature("ethnic_fractions", _EPR, "elf", "year", 12, "ethnic fractionalisation"),
    Feature("excluded_groups", _EPR, "excluded_groups_count", "year", 12, "groups shut out of power"),
    Feature("excluded_population", _EPR, "excluded_groups_pop", "year", 12, "share of people shut out of power"),
    Feature("ruling_groups", _EPR, "inpower_groups_count", "year", 12, "groups in power"),
    Feature("infant_mortality", "forecaster2/infmort", "infmort", "year", 9, "infant mortality"),
    Feature("infant_mortality_adjusted", "forecaster2/infmort", "infmort_yearadj", "year", 9,
            "infant mortality against the year's mean"),
    Feature("gdp_per_head", "demspaces/gdp_country_year", "gdp_pc", "year", 7, "income per head"),
    Feature("growth", "demspaces/gdp_country_year", "gdp_growth", "year", 7, "economic growth"),
    Feature("population", "demspaces/population_country_year", "pop", "year", 7, "population, thousands"),
    Feature("vertical_accountability", _VDEM, "v2x_veracc_osp", "year", 3, "vertical accountability"),
    Feature("horizontal_accountability", _VDEM, "v2x_horacc_osp", "year", 3, "horizontal accountability"),
    Feature("civil_society", _VDEM, "v2xcs_ccsi", "year", 3, "civil society"),
    Feature("rule_of_law", _VDEM, "v2xcl_rol", "year", 3, "rule of law"),
    Feature("free_information", _VDEM, "v2x_freexp_altinf", "year", 3, "freedom of information"),
    Feature("corruption", _VDEM, "v2x_pubcorr", "year", 3, "public sector honesty (V-Dem's scale)"),
)  # fmt: skip
"""Features by year. V-Dem and World Bank values of a year are not out on the next first of January, so these
are two years old in a row; REIGN's are those of the year before."""

GOVERNMENTS: dict[str, tuple[str, ...]] = {
    "gov_military": ("Military", "Indirect Military", "Military-Personal", "Party-Military", "Provisional - Military"),
    "gov_personal": ("Personal Dictatorship", "Party-Personal", "Party-Personal-Military Hybrid"),
    "gov_party": ("Dominant Party", "Oligarchy"),
    "gov_monarchy": ("Monarchy",),
    "gov_presidential": ("Presidential Democracy",),
    "gov_parliamentary": ("Parliamentary Democracy",),
    "gov_provisional": ("Provisional - Civilian", "Foreign/Occupied", "Warlordism"),
}
"""REIGN's types of government in classes, each a 0/1 feature."""


def year_panel(folder: Path) -> pl.DataFrame:
    """See `panel.build_panel`. History counts end with the year before; the year after the last has no outcomes."""
    rows = _outcomes(folder)
    last = rows["year"].max()
    upcoming = rows.filter(pl.col("year") == last).select("gwcode", pl.col("year") + 1)
    rows = pl.concat([_history(rows), upcoming], how="diagonal")
    rows = _shift_history(rows)
    rows = rows.with_columns(unit=lineage(pl.col("gwcode")), t=(pl.col("year") * 12).cast(pl.Int32))
    rows = join_known(rows, [*known_values(folder, YEAR_FEATURES), *_governments(folder)])
    return _finish(rows)


def _outcomes(folder: Path) -> pl.DataFrame:
    counts = {"coup_attempt": "pt_attempt_num", "coup_success": "pt_coup_num", "coup_failed": "pt_failed_num"}
    raw = read_table(folder, _COUPS, ["gwcode", "year", *counts.values()])
    refuse_duplicates(raw, ["gwcode", "year"], _COUPS)
    flags = [(pl.col(column) > 0).cast(pl.Int8).alias(name) for name, column in counts.items()]
    rows = raw.join(states().select("gwcode"), left_on=pl.col("gwcode").cast(pl.Int32), right_on="gwcode", how="semi")
    rows = rows.select(pl.col("gwcode").cast(pl.Int32), pl.col("year").cast(pl.Int32), *flags)
    rows = rows.filter(pl.col("year") < datetime.now(UTC).year)  # a year that is not over is not observed
    return rows.join(_mutinies(folder), on=["gwcode", "year"], how="left")


def _mutinies(folder: Path) -> pl.DataFrame:
    """Years with the beginning of a mutiny, from the month panel's rule; null when no month is known."""
    months = coded_months(folder).with_columns(year=(pl.col("t") // 12).cast(pl.Int32))
    return months.group_by("gwcode", "year").agg(pl.col("mutiny").max())


_PAST = ("coup_attempt", "coup_success", "coup_failed", "mutiny")


def _history(rows: pl.DataFrame) -> pl.DataFrame:
    """Counts to the end of each row's own year (moved to the next row afterwards)."""
    rows = rows.with_columns(unit=lineage(pl.col("gwcode"))).sort("unit", "year")
    columns: list[pl.Expr] = []
    for name in _PAST:
        value = pl.col(name).fill_null(0)
        latest = pl.when(value > 0).then(pl.col("year")).forward_fill().over("unit", order_by="year")
        started = pl.col("year").min().over("unit") - 1
        columns.append((pl.col("year") - latest.fill_null(started)).cast(pl.Float64).alias(f"{name}_since"))
        for window in (1, 5, 10):
            total = value.cast(pl.Float64).rolling_sum(window, min_samples=1).over("unit", order_by="year")
            columns.append(total.alias(f"{name}_{window}y"))
    return rows.with_columns(columns).drop("unit")


def _shift_history(rows: pl.DataFrame) -> pl.DataFrame:
    """Give every row the counts of the year before, by state and by year number, not by position."""
    columns = [c for c in rows.columns if c.startswith(_PAST) and c not in _PAST]
    unit = lineage(pl.col("gwcode"))
    past = rows.filter(pl.col(columns[0]).is_not_null()).select(unit.alias("unit"), pl.col("year") + 1, *columns)
    past = past.unique(["unit", "year"], keep="last", maintain_order=True)
    rows = rows.drop(columns).with_columns(unit=unit)
    return rows.join(past, on=["unit", "year"], how="left").drop("unit")


def _governments(folder: Path) -> list[tuple[pl.DataFrame, int]]:
    raw = read_table(folder, _REIGN, ["gwcode", "year", "government"])
    known = {kind for kinds in GOVERNMENTS.values() for kind in kinds}
    strange = sorted(set(raw["government"].drop_nulls()) - known)
    if strange:
        what = f"{_REIGN}: unknown type of government {strange[0]!r}"
        raise AllegianceError(what, "the file is from another release; use one that matches this version")
    flags = [pl.col("government").is_in(list(kinds)).cast(pl.Float64).alias(n) for n, kinds in GOVERNMENTS.items()]
    known_at = ((pl.col("year") + 1) * 12).cast(pl.Int32)
    return [(raw.select(*flags, unit=lineage(pl.col("gwcode")), known=known_at), STALE_MONTHS["year"])]


def _finish(rows: pl.DataFrame) -> pl.DataFrame:
    from allegiance.forecast.panel import KEYS, OUTCOMES

    rows = rows.with_columns(month=pl.date(pl.col("year"), 1, 1)).join(states(), on="gwcode")
    ends = pl.date(pl.col("year"), 12, 31)
    rows = rows.with_columns(
        ccode=to_cow(pl.col("gwcode"), ends),
        in_system=(pl.col("start") <= ends) & (pl.col("end").is_null() | (pl.col("end") >= pl.col("month"))),
        state_age=(pl.col("year") - pl.col("start").dt.year()).cast(pl.Float64).clip(0),
    )
    hidden = {*KEYS, *OUTCOMES, "year", "t", "unit", "start", "end", "microstate"}
    panel = rows.select(*KEYS, *OUTCOMES, *[c for c in rows.columns if c not in hidden]).sort("gwcode", "month")
    return refuse_duplicates(panel, ["gwcode", "month"], "panel by year")
