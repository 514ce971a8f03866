"""ACLED: protests and battles through the interface with the user's own account. Nothing of theirs is passed on."""

from __future__ import annotations

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.evidence.api import get_json, own_key
from allegiance.evidence.download import Patience
from allegiance.evidence.source import Card, Source

API = "https://acleddata.com/api/acled/read"
TOKEN = "ACLED_TOKEN"
FIELDS = (
    "event_id_cnty", "event_date", "event_type", "sub_event_type", "country", "iso", "latitude", "longitude",
    "fatalities",
)  # fmt: skip
_PAGE = 5000


def events_in(
    country: str, first: str, last: str, url: str = API, patience: Patience | None = None, page: int = _PAGE
) -> pl.DataFrame:
    """Events of one country between two days, all pages, kept on this machine only.

    Args:
        country: ACLED's name of the country. first, last: days as YYYY-MM-DD. page: rows asked for at once.

    Raises:
        AllegianceError: `ACLED_TOKEN` is not set, was refused, or the interface failed or changed.
    """
    headers = {"Authorization": f"Bearer {own_key(TOKEN, 'https://acleddata.com/api-documentation/getting-started')}"}
    records: list[dict[str, object]] = []
    for number in range(1, 10_000):
        wanted = {
            "country": country,
            "event_date": f"{first}|{last}",
            "event_date_where": "BETWEEN",
            "fields": "|".join(FIELDS),
            "limit": page,
            "page": number,
        }
        answer = get_json(url, headers, wanted, patience)
        if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
            raise AllegianceError("ACLED's interface has changed: its answer has no list 'data'")
        records += [{f: r.get(f) for f in FIELDS} for r in answer["data"]]
        if len(answer["data"]) < page:
            break
    frame = pl.DataFrame(records, schema=dict.fromkeys(FIELDS, pl.String), strict=False)
    return frame.with_columns(
        pl.col("event_date").str.to_date(),
        pl.col("fatalities").cast(pl.Int64),
        pl.col("latitude", "longitude").cast(pl.Float64),
    ).unique("event_id_cnty", maintain_order=True)


SOURCE = Source(
    key="acled",
    card=Card(
        title="Armed Conflict Location & Event Data",
        producer="ACLED",
        citation="C. Raleigh, R. Kishi, A. Linke (2023), Humanities and Social Sciences Communications 10",
        licence="ACLED's own terms: your own account, no redistribution; this project holds and passes on nothing",
        counts="battles, protests, riots, violence against civilians, by day and place",
        address="https://acleddata.com",
        doubts=("coverage starts in different years by region", "recent weeks are revised"),
    ),
    tables=(),
    access="own key",
    how=f"get an access token for your account and set {TOKEN}",
)
