"""ACLED: protests and battles through the interface with the user's own account. Nothing of theirs is passed on."""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.base.files import atomic
from allegiance.evidence.api import Refused, get_json
from allegiance.evidence.folder import cache_dir
from allegiance.evidence.names import ACLED_NAMES
from allegiance.evidence.session import Patience, brief
from allegiance.evidence.source import Card, Source
from allegiance.evidence.states import find_state, states

API = "https://acleddata.com/api/acled/read"
SIGN_IN = "https://acleddata.com/oauth/token"
TOKEN, EMAIL, PASSWORD = "ACLED_TOKEN", "ACLED_EMAIL", "ACLED_PASSWORD"
HELP = "https://acleddata.com/api-documentation/getting-started"
FIELDS = (
    "event_id_cnty", "event_date", "event_type", "sub_event_type", "country", "iso", "latitude", "longitude",
    "fatalities",
)  # fmt: skip
_NEEDED = ("event_id_cnty", "event_date", "event_type", "country", "latitude", "longitude", "fatalities")
_PAGE = 5000


class Account:
    """Access to the interface: a token from `ACLED_TOKEN`, or a sign-in with `ACLED_EMAIL` and `ACLED_PASSWORD`.

    A token lasts a day and can be renewed for two weeks without the password; what renews it is kept in the user's
    cache, readable by the user alone.

    Raises:
        AllegianceError: neither is set, or the sign-in was refused.
    """

    def __init__(self, sign_in: str = SIGN_IN, patience: Patience | None = None) -> None:
        self._sign_in, self._patience = sign_in, patience
        self._path = cache_dir() / "acled-session.json"
        self._signed_in = not os.environ.get(TOKEN)
        if self._signed_in and not (os.environ.get(EMAIL) and os.environ.get(PASSWORD)):
            raise AllegianceError(
                f"{TOKEN} is not set, nor are {EMAIL} and {PASSWORD}",
                f"open an account of your own (see {HELP}) and set {EMAIL} and {PASSWORD}, or {TOKEN}",
            )
        self.token = os.environ.get(TOKEN) or self._fresh()

    def renew(self) -> bool:
        """Get another token after one was refused; False if there is no way to."""
        if not self._signed_in:
            return False
        self.token = self._fresh()
        return True

    def _fresh(self) -> str:
        """A token by what renews the last one, else by signing in."""
        kept = self._kept()
        if kept:
            try:
                return self._ask({"refresh_token": kept, "grant_type": "refresh_token", "client_id": "acled"})
            except Refused:
                self._path.unlink(missing_ok=True)  # too old: sign in
        name, word = os.environ[EMAIL], os.environ[PASSWORD]
        try:
            return self._ask({"username": name, "password": word, "grant_type": "password", "client_id": "acled"})
        except Refused as error:
            raise AllegianceError(
                f"ACLED refused the sign-in of {brief(name)}",
                f"check {EMAIL} and {PASSWORD}, and that the account may use the interface ({HELP})",
            ) from error

    def _ask(self, form: dict[str, str]) -> str:
        answer = get_json(self._sign_in, {}, {}, self._patience, form)
        if not isinstance(answer, dict) or not isinstance(answer.get("access_token"), str):
            raise AllegianceError("ACLED's sign-in has changed: its answer has no 'access_token'")
        again = answer.get("refresh_token")
        if isinstance(again, str):
            with contextlib.suppress(AllegianceError), atomic(self._path) as part:
                part.write_text(json.dumps({"refresh_token": again, "email": os.environ[EMAIL]}), encoding="utf-8")
            with contextlib.suppress(OSError):
                self._path.chmod(0o600)
        return str(answer["access_token"])

    def _kept(self) -> str:
        """What renews the last token of this user, or nothing."""
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            return str(kept["refresh_token"]) if kept["email"] == os.environ.get(EMAIL) else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""


def events_in(
    country: str, first: str, last: str, url: str = API, patience: Patience | None = None, page: int = _PAGE,
    sign_in: str = SIGN_IN,
) -> pl.DataFrame:  # fmt: skip
    """Events of one country between two days, all pages, kept on this machine only; no row if ACLED has none.

    Args:
        country: any name of the country; it is asked for by ACLED's. first, last: days as YYYY-MM-DD. page: rows
            asked for at once.

    Raises:
        AllegianceError: no account is set, it was refused, or the interface failed or changed.
    """
    account = Account(sign_in, patience)
    name = acled_name(country)
    records: list[dict[str, object]] = []
    for number in range(1, 10_000):
        wanted = {
            "country": name,
            "event_date": f"{first}|{last}",
            "event_date_where": "BETWEEN",
            "fields": "|".join(FIELDS),
            "limit": page,
            "page": number,
        }
        rows = _rows(account, url, wanted, patience)
        records += [{f: r.get(f) for f in FIELDS} for r in rows]
        if len(rows) < page:
            break
    frame = pl.DataFrame(records, schema=dict.fromkeys(FIELDS, pl.String), strict=False)
    deaths = pl.col("fatalities").cast(pl.Int64, strict=False)
    return frame.with_columns(
        pl.col("event_date").str.to_date(),
        pl.when(deaths >= 0).then(deaths).alias("fatalities"),
        pl.col("latitude", "longitude").cast(pl.Float64, strict=False),
    ).unique("event_id_cnty", maintain_order=True)


def acled_name(country: str) -> str:
    """ACLED's name of a country, from any name or code; a place that is no state (Red Sea) is left as it is.

    >>> acled_name("COD"), acled_name("Burma"), acled_name("Greenland")
    ('Democratic Republic of Congo', 'Myanmar', 'Greenland')
    """
    try:
        code = find_state(country)
    except AllegianceError:
        return country
    return ACLED_NAMES.get(code) or str(states().filter(pl.col("gwcode") == code)["country"][0])


def _rows(account: Account, url: str, wanted: dict[str, Any], patience: Patience | None) -> list[dict[str, Any]]:
    """One page; a token that has run out is renewed once."""
    try:
        answer = get_json(url, {"Authorization": f"Bearer {account.token}"}, wanted, patience)
    except Refused:
        if not account.renew():
            raise
        answer = get_json(url, {"Authorization": f"Bearer {account.token}"}, wanted, patience)
    rows = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise AllegianceError("ACLED's interface has changed: its answer has no list 'data'")
    for row in rows:
        if lacking := [c for c in _NEEDED if c not in row]:
            raise AllegianceError(f"ACLED's interface has changed: an event has no {lacking[0]!r}")
    return rows


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
    how=f"set {EMAIL} and {PASSWORD} of your account (a token is fetched and renewed), or {TOKEN}",
)
