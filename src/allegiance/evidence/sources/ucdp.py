"""UCDP: armed conflicts and battle deaths as files, georeferenced events through the interface with one's own token."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.api import Absent, own_key, pages
from allegiance.evidence.names import UCDP_CODES
from allegiance.evidence.raw import need, unzip
from allegiance.evidence.session import Patience
from allegiance.evidence.source import Card, Remote, Source, Tables

CONFLICTS = "wars-and-capabilities/ucdp_acd_1946_2024"
DEATHS = "wars-and-capabilities/ucdp_battle_deaths_1989_2024"
_DEATHS = {"bd_low": "low", "bd_high": "high", "bd_best": "best"}
_ACD_FILE, _BRD_FILE = "ucdp-prio-acd-251-csv.zip", "ucdp-brd-conf-251-csv.zip"
API = "https://ucdpapi.pcr.uu.se/api/gedevents"
TOKEN = "UCDP_TOKEN"
_ACD = [
    "conflict_id", "year", "gwno_a", "gwno_a_2nd", "gwno_b", "gwno_b_2nd", "incompatibility", "intensity_level",
    "type_of_conflict", "start_date", "start_prec", "start_date2", "start_prec2", "ep_end", "ep_end_date",
]  # fmt: skip
_INCOMPATIBILITY = {1: "territory", 2: "government", 3: "both"}
_KIND = {1: "extrasystemic", 2: "interstate", 3: "intrastate", 4: "II"}
GED = {
    "id": "event_id", "country_id": "gwcode", "country": "country", "date_start": "date", "date_end": "date_end",
    "type_of_violence": "kind", "side_a": "side_a", "side_b": "side_b", "deaths_a": "deaths_a", "deaths_b": "deaths_b",
    "deaths_civilians": "deaths_civilians", "deaths_unknown": "deaths_unknown", "best": "best", "low": "low",
    "high": "high", "latitude": "latitude", "longitude": "longitude", "date_prec": "date_prec",
}  # fmt: skip
_WORDS = ("country", "date", "date_end", "side_a", "side_b")
COUNTS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "low", "high")


def releases(today: date | None = None) -> list[str]:
    """Yearly releases that may be out, newest first, down to the oldest read here: 26.1 covers the years to 2025.

    >>> releases(date(2027, 3, 1))
    ['27.1', '26.1', '25.1']
    """
    year = (today or datetime.now(UTC).date()).year
    return [f"{y % 100}.1" for y in range(year, 2024, -1)]


def candidates(today: date | None = None) -> list[str]:
    """Monthly candidate releases of the last months that may be out, newest first: 26.0.3 covers March 2026.

    >>> candidates(date(2026, 2, 10))[:3]
    ['26.0.1', '25.0.12', '25.0.11']
    """
    day = today or datetime.now(UTC).date()
    months = [day.year * 12 + day.month - 1 - back for back in range(1, 7)]
    return [f"{m // 12 % 100}.0.{m % 12 + 1}" for m in months]


def _newer(pattern: str) -> Callable[[], list[str]]:
    """Addresses of yearly releases after 25.1, newest first."""
    return lambda: [pattern.format(v.replace(".", "")) for v in releases()[:-1]]


def standardise(raw: Path) -> Tables:
    """Conflict-years with their codes spelled out, and battle deaths by the state in which the battles were."""
    conflicts = _zipped(raw / _ACD_FILE, _ACD).with_columns(
        pl.col("incompatibility").cast(pl.Int64).replace_strict(_INCOMPATIBILITY),
        pl.col("type_of_conflict").cast(pl.Int64).replace_strict(_KIND, default=None),
    )
    return {CONFLICTS: conflicts, DEATHS: _deaths(_zipped(raw / _BRD_FILE, ["year", "gwno_battle", *_DEATHS]))}


def known(value: pl.Expr) -> pl.Expr:
    """A number of deaths; UCDP's and others' marks for "unknown" (-999, -99, any negative) are missing."""
    return pl.when(value >= 0).then(value)


def _deaths(frame: pl.DataFrame) -> pl.DataFrame:
    """Sums by state and year; a conflict fought in several states is shared equally among them.

    A sum of which a part is unknown is unknown.
    """
    places = frame.with_columns(gwcode=pl.col("gwno_battle").cast(pl.String).str.replace_all(" ", "").str.split(","))
    share = pl.col("gwcode").list.len()
    shares = [(known(pl.col(theirs).cast(pl.Float64)) / share).alias(ours) for theirs, ours in _DEATHS.items()]
    rows = places.with_columns(shares).explode("gwcode").with_columns(pl.col("gwcode").cast(pl.Int64))
    whole = [pl.when(pl.col(c).is_not_null().all()).then(pl.col(c).sum()).alias(c) for c in _DEATHS.values()]
    return rows.group_by("gwcode", "year").agg(whole).sort("gwcode", "year")


def _zipped(path: Path, columns: list[str]) -> pl.DataFrame:
    """The one CSV file of an archive."""
    frame = pl.read_csv(io.BytesIO(unzip(path, ".csv")), infer_schema_length=None, null_values=["", "NA"])
    return need(frame, columns, path)


def events_in(
    countries: list[int], first: str, last: str, version: str | None = None, url: str = API,
    patience: Patience | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Georeferenced events of some countries, through UCDP's interface, all pages.

    Args:
        countries: Gleditsch-Ward codes. first, last: days as YYYY-MM-DD. version: release of the data, yearly
            ("25.1") or candidate ("26.0.3"); by default the newest yearly one that is out.

    Returns:
        event_id, gwcode, country, date (first day), date_end, kind of violence, sides, deaths (low, best, high; null
        where unknown), place, precision. No row if UCDP has none.

    Raises:
        AllegianceError: `UCDP_TOKEN` is not set, was refused, or the interface failed or changed.
    """
    token = own_key(TOKEN, "https://ucdp.uu.se/apidocs/")
    codes = dict.fromkeys(UCDP_CODES.get(c, c) for c in countries)
    wanted = {"pagesize": 1000, "Country": ",".join(map(str, codes)), "StartDate": first, "EndDate": last}
    tried = [version] if version else releases()
    for name in tried:
        try:
            found = list(_checked(pages(f"{url}/{name}", {"x-ucdp-access-token": token}, wanted, patience)))
            break
        except Absent:
            if name == tried[-1]:
                raise
    kinds = dict.fromkeys(("latitude", "longitude"), pl.Float64) | dict.fromkeys(_WORDS, pl.String)
    schema = {c: kinds.get(c, pl.Int64) for c in GED.values()}
    frame = pl.DataFrame(found, schema=schema, strict=False)
    days = [pl.col(c).str.head(10).str.to_date() for c in ("date", "date_end")]
    counts = [known(pl.col(c)).alias(c) for c in COUNTS]
    return frame.with_columns(*days, *counts).unique("event_id", maintain_order=True).sort("date")


def _checked(records: Iterator[dict[str, object]]) -> Iterator[dict[str, object]]:
    for record in records:
        lacking = [c for c in GED if c not in record and c != "date_end"]
        if lacking:
            raise AllegianceError(f"UCDP's interface has changed: an event has no {lacking[0]!r}")
        yield {ours: record.get(theirs) for theirs, ours in GED.items()}


SOURCE = Source(
    key="ucdp",
    card=Card(
        title="UCDP/PRIO armed conflicts, 1946 on; georeferenced events through the interface",
        producer="Uppsala Conflict Data Program and PRIO",
        citation=(
            "N. P. Gleditsch et al. (2002), Journal of Peace Research 39(5); S. Davies et al. (yearly updates); "
            "R. Sundberg, E. Melander (2013), Journal of Peace Research 50(4)"
        ),
        licence="CC BY 4.0",
        counts="conflict-years with at least 25 battle deaths; single events of organised violence",
        address="https://ucdp.uu.se/downloads/",
        doubts=(
            "a conflict counts for a whole calendar year, so a month's code may rest on later deaths",
            "released about June for the year before",
            "battle deaths of a conflict fought in several states are shared equally among them here",
            "the newest yearly release that is out is fetched, under the name of the oldest one read here",
        ),
    ),
    tables=(CONFLICTS, DEATHS),
    access="download",
    remotes=(
        Remote(
            _ACD_FILE, f"https://ucdp.uu.se/downloads/ucdpprio/{_ACD_FILE}",
            newer=_newer("https://ucdp.uu.se/downloads/ucdpprio/ucdp-prio-acd-{}-csv.zip"),
        ),
        Remote(
            _BRD_FILE, f"https://ucdp.uu.se/downloads/brd/{_BRD_FILE}",
            newer=_newer("https://ucdp.uu.se/downloads/brd/ucdp-brd-conf-{}-csv.zip"),
        ),
    ),
    standardise=standardise,
    how=f"events need a token of your own in {TOKEN} (ask at https://ucdp.uu.se/apidocs/)",
)
