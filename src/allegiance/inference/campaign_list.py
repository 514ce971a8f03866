"""Campaigns of NAVCO: what is known of each at its onset, and, kept apart from it, how security forces were coded.

A draft sees `onsets` only: the first coded year's row, and of it the state, the method and the size. Repression,
progress, success and defection stand in the same table and are never handed on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.errors import AllegianceError, near, shown
from allegiance.cases.draft.columns import CAMPAIGNS
from allegiance.cases.draft.contest import SIZES, Campaign, campaign_of
from allegiance.evidence.folder import data_dir, read_table
from allegiance.evidence.states import states, to_gw

SECOND = "navco-1-campaigns/navco12_campaigns_1945_2014"
"""The second coding by the same team, one row a campaign; joined by navco_id where it is there."""
NEEDED = ("navco_id", "camp_name", "year", "target_cowcode", "nonviolent", "total_part", "camp_size")
OPTIONAL = ("cowcode", "sec_defect", "defect")
CODINGS = ("defect_21", "defect_12", "defect_first_year")
"""Outcomes: security forces defected in any coded year (NAVCO 2.1); in the second coding (NAVCO 1.2); in the first
year."""
_CURE = f"give one row a campaign and year with the columns {', '.join(NEEDED)} (NAVCO 2.1); see docs/campaigns.md"


@dataclass(frozen=True)
class Onset:
    """A campaign as it stood in its first year: number, state (Gleditsch-Ward code), first day played, method, size.

    `why_not` says why it cannot be drafted, "" if it can.
    """

    number: str
    gwcode: int
    country: str
    region: str
    day: date
    facing: Campaign
    why_not: str = ""


def campaign_years(data: str | Path | None = None, file: Path | None = None) -> pl.DataFrame:
    """The rows of campaign-years: of the data folder, or of a CSV file of one's own in NAVCO's columns.

    The columns are NEEDED, and OPTIONAL (null where the table has none), numbers as floats.

    Raises:
        AllegianceError: no table, a column missing, or a value that cannot be; the message names the row.
    """
    if file is None:
        folder = data_dir(data)
        raw, where = read_table(folder, CAMPAIGNS), CAMPAIGNS
        try:
            other = read_table(folder, SECOND, ["navco_id", "defect"])
            kept = other.select(
                pl.col("navco_id").cast(pl.Float64, strict=False), pl.col("defect").cast(pl.Float64, strict=False)
            ).unique("navco_id", keep="first", maintain_order=True)
            raw = raw.with_columns(pl.col("navco_id").cast(pl.Float64, strict=False)).join(kept, "navco_id", "left")
        except AllegianceError:
            pass  # one coding is enough to play, and to score against
    else:
        raw, where = _csv(file), shown(file)
    return _checked(raw, str(where))


def _csv(file: Path) -> pl.DataFrame:
    from allegiance.base.edited import saved

    try:
        text = saved(file)
    except AllegianceError as error:
        raise AllegianceError(error.message, f"{error.cure}; {_CURE}") from error
    try:
        return pl.read_csv(
            text.data, separator=text.separator, decimal_comma=text.decimal_comma, infer_schema_length=None,
            null_values=["", "NA", "-99"],
        )  # fmt: skip
    except pl.exceptions.PolarsError as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise AllegianceError(f"{shown(file)} is not a CSV table: {said}", _CURE) from error


def _checked(raw: pl.DataFrame, where: str) -> pl.DataFrame:
    lacking = [c for c in NEEDED if c not in raw.columns]
    if lacking:
        close = near(lacking[0], raw.columns)
        raise AllegianceError(f"{where} has no column {lacking[0]}", f"{close}; {_CURE}" if close else _CURE)
    if raw.is_empty():
        raise AllegianceError(f"{where} holds no row", _CURE)
    columns = [
        (pl.col(c) if c in raw.columns else pl.lit(None)).alias(c) for c in (*NEEDED, *OPTIONAL) if c != "camp_name"
    ]
    numbers = [c.cast(pl.Float64, strict=False) for c in columns]
    table = raw.select(pl.col("camp_name").cast(pl.String).fill_null("").str.strip_chars(), *numbers)
    for name in NEEDED:
        if name != "camp_name":
            lost = table[name].is_null() & raw[name].is_not_null()
            if lost.any():
                row = int(lost.arg_max() or 0)
                raise AllegianceError(f"{where}, row {row + 1}: {name} is {raw[name][row]!r}, not a number", _CURE)
    _within(table, where)
    twice = table.select(again=pl.struct("navco_id", "year").is_duplicated())["again"]
    if twice.any():
        found = table.row(int(twice.arg_max() or 0), named=True)
        raise AllegianceError(f"{where} has campaign {_number(found['navco_id'])} twice in {found['year']:.0f}", _CURE)
    return table.sort("navco_id", "year")


def _within(table: pl.DataFrame, where: str) -> None:
    """Refuse values that no coder writes, naming the first row."""
    yes = [0.0, 1.0]
    year, code = pl.col("year"), pl.col("target_cowcode")
    for name, right, words in (
        ("navco_id", pl.col("navco_id").is_not_null() & (pl.col("navco_id").abs() < 2**53), "a number of its own"),
        ("year", year.is_not_null() & year.is_between(1900, 2100) & (year == year.floor()), "a year from 1900 to 2100"),
        ("target_cowcode", code.is_between(0, 9999) & (code == code.floor()), "a code of a state"),
        ("nonviolent", pl.col("nonviolent").is_in(yes) & pl.col("nonviolent").is_not_null(), "0 or 1"),
        ("camp_size", pl.col("camp_size").is_in([float(k) for k in range(len(SIZES))]), "a class from 0 to 5"),
        ("total_part", pl.col("total_part").is_between(0, 1e10), "a number of people"),
        ("sec_defect", pl.col("sec_defect").is_in(yes), "0, 1 or empty"),
        ("defect", pl.col("defect").is_in(yes), "0, 1 or empty"),
    ):
        wrong = table.select(bad=~right.fill_null(value=True))["bad"]
        if wrong.any():
            row = int(wrong.arg_max() or 0)
            raise AllegianceError(f"{where}, row {row + 1}: {name} is {table[name][row]}, not {words}", _CURE)


def onsets(table: pl.DataFrame, years: tuple[int, int] | None = None) -> list[Onset]:
    """The campaigns that began in `years` (inclusive; all if None), in order of their numbers.

    Raises:
        AllegianceError: none did.
    """
    first = table.group_by("navco_id", maintain_order=True).first()
    if years is not None:
        first = first.filter(pl.col("year").is_between(*years))
    if first.is_empty():
        raise AllegianceError(f"no campaign began in {years}", "choose other years")
    first = first.with_columns(
        gwcode=to_gw(pl.col("target_cowcode").cast(pl.Int32), pl.date(pl.col("year").cast(pl.Int32), 12, 31))
    )
    known = {int(r["gwcode"]): r for r in states().sort("start").to_dicts()}
    return [_onset(row, known) for row in first.to_dicts()]


def _onset(row: dict[str, Any], known: dict[int, dict[str, Any]]) -> Onset:
    year, facing = int(row["year"]), campaign_of(row, stated=True)
    number = _number(row["navco_id"])
    state = known.get(int(row["gwcode"])) if row["gwcode"] is not None else None
    if state is None:
        code = row["target_cowcode"]
        words = "no target state" if code is None else f"no state of our list has the code {code:g}"
        return Onset(number, 0, "", "", date(year, 1, 1), facing, words)
    why = ""
    if row["cowcode"] is not None and row["cowcode"] != row["target_cowcode"]:
        why = "fought outside the target state: no rule drafts an army of occupation"
    day = max(date(year, 1, 1), state["start"]) if state["start"].year == year else date(year, 1, 1)
    return Onset(number, int(state["gwcode"]), str(state["country"]), str(state["region"]), day, facing, why)


def coded(table: pl.DataFrame) -> pl.DataFrame:
    """What coders say of each campaign: `number` and the columns of CODINGS, 0 or 1, null where not coded.

    `defect_21` is 1 if any year is, null unless some year is coded.
    """
    grouped = table.group_by("navco_id", maintain_order=True).agg(
        defect_21=pl.col("sec_defect").max(),
        defect_12=pl.col("defect").max(),
        defect_first_year=pl.col("sec_defect").first(),
    )
    number = pl.Series("number", map(_number, grouped["navco_id"]), dtype=pl.String)
    return grouped.select(number, *(pl.col(c).cast(pl.Int8) for c in CODINGS))


def _number(navco_id: float) -> str:
    """The name of a campaign: its number with every digit."""
    return str(int(navco_id)) if navco_id == int(navco_id) else repr(navco_id)
