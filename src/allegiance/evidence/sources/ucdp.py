"""UCDP: armed conflicts and battle deaths as files, georeferenced events through the interface with one's own token."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.api import own_key, pages
from allegiance.evidence.download import Patience
from allegiance.evidence.raw import need
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
_GED = {
    "id": "event_id", "country_id": "gwcode", "country": "country", "date_start": "date", "type_of_violence": "kind",
    "side_a": "side_a", "side_b": "side_b", "deaths_a": "deaths_a", "deaths_b": "deaths_b",
    "deaths_civilians": "deaths_civilians", "deaths_unknown": "deaths_unknown", "best": "best", "low": "low",
    "high": "high", "latitude": "latitude", "longitude": "longitude", "date_prec": "date_prec",
}  # fmt: skip


def standardise(raw: Path) -> Tables:
    """Conflict-years with their codes spelled out, and battle deaths by the state in which the battles were."""
    conflicts = _zipped(raw / _ACD_FILE, _ACD).with_columns(
        pl.col("incompatibility").cast(pl.Int64).replace_strict(_INCOMPATIBILITY),
        pl.col("type_of_conflict").cast(pl.Int64).replace_strict(_KIND, default=None),
    )
    return {CONFLICTS: conflicts, DEATHS: _deaths(_zipped(raw / _BRD_FILE, ["year", "gwno_battle", *_DEATHS]))}


def _deaths(frame: pl.DataFrame) -> pl.DataFrame:
    """Sums by state and year; a conflict fought in several states is shared equally among them."""
    places = frame.with_columns(gwcode=pl.col("gwno_battle").cast(pl.String).str.replace_all(" ", "").str.split(","))
    shares = [(pl.col(theirs) / pl.col("gwcode").list.len()).alias(ours) for theirs, ours in _DEATHS.items()]
    rows = places.with_columns(shares).explode("gwcode").with_columns(pl.col("gwcode").cast(pl.Int64))
    return rows.group_by("gwcode", "year").agg(pl.col(*_DEATHS.values()).sum()).sort("gwcode", "year")


def _zipped(path: Path, columns: list[str]) -> pl.DataFrame:
    """The one CSV file of an archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [n for n in archive.namelist() if n.lower().endswith(".csv")]
            frame = pl.read_csv(io.BytesIO(archive.read(inside[0])), infer_schema_length=None)
    except FileNotFoundError:
        raise AllegianceError(f"there is no {path}", "run `allegiance data get ucdp`") from None
    except (zipfile.BadZipFile, IndexError, pl.exceptions.PolarsError) as error:
        raise AllegianceError(f"cannot read {path}: {error}", "delete the file and fetch it again") from error
    return need(frame, columns, path)


def events_in(
    countries: list[int], first: str, last: str, version: str = "25.1", url: str = API, patience: Patience | None = None
) -> pl.DataFrame:
    """Georeferenced events of some countries, through UCDP's interface, all pages.

    Args:
        countries: Gleditsch-Ward codes. first, last: days as YYYY-MM-DD. version: release of the data.

    Returns:
        event_id, gwcode, country, date, kind of violence, sides, deaths (low, best, high), place.

    Raises:
        AllegianceError: `UCDP_TOKEN` is not set, was refused, or the interface failed or changed.
    """
    token = own_key(TOKEN, "https://ucdp.uu.se/apidocs/")
    wanted = {"pagesize": 1000, "Country": ",".join(map(str, countries)), "StartDate": first, "EndDate": last}
    records = list(_checked(pages(f"{url}/{version}", {"x-ucdp-access-token": token}, wanted, patience)))
    frame = pl.DataFrame(records, schema=list(_GED.values()), infer_schema_length=None)
    return frame.with_columns(pl.col("date").cast(pl.String).str.head(10).str.to_date()).unique("event_id").sort("date")


def _checked(records: Iterator[dict[str, object]]) -> Iterator[dict[str, object]]:
    for record in records:
        lacking = [c for c in _GED if c not in record]
        if lacking:
            raise AllegianceError(f"UCDP's interface has changed: an event has no {lacking[0]!r}")
        yield {ours: record[theirs] for theirs, ours in _GED.items()}


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
        ),
    ),
    tables=(CONFLICTS, DEATHS),
    access="download",
    remotes=(
        Remote(_ACD_FILE, f"https://ucdp.uu.se/downloads/ucdpprio/{_ACD_FILE}"),
        Remote(_BRD_FILE, f"https://ucdp.uu.se/downloads/brd/{_BRD_FILE}"),
    ),
    standardise=standardise,
    how=f"events need a token of your own in {TOKEN} (ask at https://ucdp.uu.se/apidocs/)",
)
