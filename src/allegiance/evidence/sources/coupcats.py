"""CoupCats: country-months of coups, and what goes with them, as its makers publish them in five parts."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from allegiance.evidence.raw import raw_csv
from allegiance.evidence.source import Card, Correction, Remote, Source, Tables

_ROOT = "https://raw.githubusercontent.com/thynec/CoupCats/refs/heads/data"
PANEL = "coupcats-country-month/country_month_panel"
MILITARY = "coupcats-country-month/military_regime_months"
_KEY = ["ccode", "year", "month"]

_PARTS: dict[str, dict[str, str]] = {
    "a": {
        "Leader_duration": "Leader_duration", "Leader_age": "Leader_age", "polyarchy": "polyarchy",
        "milit_dimension": "milit", "closed_autocracy": "closed_autocracy",
        "electoral_autocracy": "electoral_autocracy", "electoral_democracy": "electoral_democracy",
        "liberal_democracy": "liberal_democracy", "elec_lag": "elec_lag", "elec_lead": "elec_lead",
        "wom_polpart": "wom_polpart", "wom_civlib": "wom_civlib", "milreg": "milreg_now",
    },
    "b": {"lgdppcl": "lgdppcl", "ch_gdppcl": "ch_gdppcl", "Inflation": "Inflation"},
    "c": {
        "coup_attempt": "coup_attempt", "coup_successful": "coup_successful", "pce": "pce", "pce_succ": "pce_succ",
        "cw": "cw", "cw_onset": "cw_onset", "pce_cw": "pce_cw", "protests": "protests",
        "stability_WB": "stability_WB", "mobilization": "mobilization", "mobil_conc": "mobil_conc",
        "mid_primary": "mid_primary", "mid": "mid", "brd": "brd",
    },
    "d": {"milex": "milex_spliced", "milper": "milper_log", "solqual": "solqual"},
    "e": {"ltrade": "ltrade", "ldtrade": "ldtrade", "neighboring_coup": "neighboring_coup", "cold": "cold"},
}  # fmt: skip
"""Columns taken from each part: the maker's name and ours."""

COLUMNS = (
    "country", *_KEY, "coup_attempt", "coup_successful", "pce", "pce_succ", "cw", "cw_onset", "pce_cw", "protests",
    "stability_WB", "mobilization", "mobil_conc", "mid_primary", "mid", "brd", "Leader_duration", "Leader_age",
    "polyarchy", "milit", "closed_autocracy", "electoral_autocracy", "electoral_democracy", "liberal_democracy",
    "elec_lag", "elec_lead", "milreg", "numleaders_5yr", "numleaders_10yr", "prop_milit_career", "wom_polpart",
    "wom_civlib", "milex_spliced", "milper_spliced", "solqual", "mutiny6", "mutiny12", "lgdppcl", "ch_gdppcl",
    "Inflation", "ltrade", "ldtrade", "neighboring_coup", "cold",
)  # fmt: skip
"""Columns of the standard table. Those the five parts do not hold are null: leaders counted over five and ten years,
and the flags of recent mutiny (see the source `mutinies`)."""


def standardise(raw: Path) -> Tables:
    """The country-month panel and the months of military rule from the five parts; nothing after `observed_to`."""
    panel = _part(raw, "c").join(_country(raw), on=_KEY, how="left", validate="1:1")
    for letter in "abde":
        panel = panel.join(_part(raw, letter), on=_KEY, how="left", validate="1:1")
    age = pl.col("Leader_age")
    panel = panel.sort(_KEY).with_columns(
        Leader_age=pl.when(age.is_between(15, 110)).then(age),
        milper_spliced=pl.col("milper_log").exp() - 1,
        milreg=pl.col("milreg_now").shift(12).over("ccode", order_by=["year", "month"]).fill_null(0),
    )
    absent = [pl.lit(None, pl.Float64).alias(c) for c in COLUMNS if c not in panel.columns]
    seen = pl.col("year") * 12 + pl.col("month") - 1 <= observed_to(panel, arrived(_path(raw, "c")))
    blank = [pl.when(seen).then(pl.col(c)).alias(c) for c in panel.columns if c not in (*_KEY, "country")]
    panel = panel.with_columns(blank)
    military = panel.filter(pl.col("milreg_now") == 1)
    return {
        PANEL: panel.with_columns(absent).select(COLUMNS),
        MILITARY: military.select(
            "ccode", "country", "year", "month", reign_type=pl.lit(None, pl.String), milreg=pl.lit(1)
        ),
    }


def observed_to(panel: pl.DataFrame, day: date, list_of: date | None = None) -> int:
    """The last month (year × 12 + month − 1) whose outcomes somebody can have observed; later zeros are no zeros.

    The makers' files hold rows to the end of the running year, zero where nothing has happened *yet*. A month counts
    as observed if it was over on `day`, when the file arrived; and, since some state is at civil war in every month,
    if it is not after the last month in which any state is coded at war or sees an attempt (so that a file opened long
    after it was made is still seen through); and if it was over on `list_of`, the day of the coup list behind the
    file, unless the file holds later attempts.

    Args:
        panel: `year, month, coup_attempt` and, if there, `cw`.
    """
    month = pl.col("year").cast(pl.Int64) * 12 + pl.col("month").cast(pl.Int64) - 1
    last = day.year * 12 + day.month - 2
    attempt = panel.filter(pl.col("coup_attempt") > 0).select(month.max()).item()
    if list_of is not None:
        last = min(last, max(list_of.year * 12 + list_of.month - 2, attempt or 0))
    if "cw" in panel.columns:
        war = panel.filter(pl.col("cw") > 0).select(month.unique()).to_series()
        every = panel.select(month.n_unique()).item() if war.is_empty() else panel.filter(month <= war.max()).select(
            month.n_unique()
        ).item()
        if len(war) >= 0.9 * every:
            last = min(last, max(int(war.max()), attempt or 0))  # type: ignore[arg-type]
    return last


def arrived(path: Path) -> date:
    """The day a raw file was fetched, by the record beside it, else by its own date."""
    try:
        record = json.loads((path.parent / "manifest.json").read_text(encoding="utf-8"))
        return date.fromisoformat(str(record[path.name]["retrieved"])[:10])
    except (OSError, ValueError, KeyError, TypeError):
        stamp = path.stat().st_mtime if path.exists() else 0.0
        return datetime.fromtimestamp(stamp, UTC).date()


def _path(raw: Path, letter: str) -> Path:
    return raw / f"2.{letter}.base_data.csv.gz"


def _part(raw: Path, letter: str) -> pl.DataFrame:
    names = _PARTS[letter]
    frame = raw_csv(_path(raw, letter), [*_KEY, *names]).rename(names)
    return frame.unique(maintain_order=True)  # parts d and e repeat rows


def _country(raw: Path) -> pl.DataFrame:
    return raw_csv(_path(raw, "a"), [*_KEY, "country"])


SOURCE = Source(
    key="coupcats",
    card=Card(
        title="CoupCats country-months, 1950 on",
        producer="Clayton Thyne and students, University of Kentucky",
        citation=(
            "J. M. Powell, C. L. Thyne (2011), Journal of Peace Research 48(2), doi:10.1177/0022343310397436; "
            "C. Bell, C. Besaw, M. Frank (2021), REIGN; UCDP/PRIO; V-Dem; SIPRI; Correlates of War; World Bank"
        ),
        licence="none stated: for research with citation; not redistributed by this project",
        counts="coup attempts and successes by country and month, with regime, economy, military, protest and war",
        address="https://github.com/thynec/CoupCats (branch data)",
        doubts=(
            "yearly columns are already lagged by a year, most of the others are not",
            "protests splices ACLED counts with interpolated political stability",
            "civil war is coded by calendar year, so a month's code may rest on deaths later in the year",
            "a state that has had a civil war counts as at civil war for decades after it (cw): France in 2016, "
            "Zimbabwe in 2018; battle deaths (brd) tell of the war at hand",
            "the last three months of many predictors are carried forward",
            "one month holds at most one attempt",
        ),
        corrections=(
            Correction(
                date(2026, 11, 23),
                "elec_lag is refused as a feature and elec_lead is read as past elections",
                "the names are the wrong way round: 81 % of votes show in elec_lag of the month and of the two before",
            ),
            Correction(
                date(2026, 11, 23),
                "military rule is taken from the list of months",
                "the panel's milreg is that list moved by twelve months",
            ),
            Correction(date(2026, 11, 23), "Leader_age outside 15-110 set to missing", "impossible ages"),
            Correction(
                date(2026, 11, 28),
                "months that were not over when the file was made are missing",
                "the file holds zeros to the end of the running year",
            ),
            Correction(
                date(2026, 11, 23), "exact repeats of rows in parts d and e dropped", "they say the same thing twice"
            ),
        ),
    ),
    tables=(PANEL, MILITARY),
    access="download",
    remotes=tuple(Remote(f"2.{x}.base_data.csv.gz", f"{_ROOT}/2.{x}.base_data.csv.gz") for x in "abcde"),
    standardise=standardise,
)
