"""Paged JSON interfaces that want a key of the user's own: waits on 429 and 5xx, stops plainly on 401 and 403."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from allegiance.base.errors import AllegianceError
from allegiance.base.extras import require
from allegiance.evidence.session import Patience, brief, check_address, session


def own_key(variable: str, where: str) -> str:
    """The user's key from the environment.

    Raises:
        AllegianceError: it is not set; the message says where to get one.
    """
    value = os.environ.get(variable, "")
    if not value:
        raise AllegianceError(f"{variable} is not set", f"get a key of your own at {where} and set {variable}")
    return value


class Refused(AllegianceError):
    """The interface did not accept the key."""


class Absent(AllegianceError):
    """The interface has no such thing (404)."""


def get_json(
    url: str, headers: dict[str, str], params: dict[str, Any], patience: Patience | None = None,
    form: dict[str, str] | None = None,
) -> Any:  # fmt: skip
    """One answer as JSON; with `form` it is posted.

    Raises:
        Refused: the key was not accepted (400 to a form, 401, 403). Absent: 404.
        AllegianceError: unreachable, failing or not JSON.
    """
    requests = require("requests", "data")
    patience = patience or Patience()
    check_address(url)
    client = session(patience, tuple(headers))
    try:
        with client:
            if form is None:
                answer = client.get(url, headers=headers, params=params, timeout=patience.timeout)
            else:
                answer = client.post(url, headers=headers, data=form, timeout=patience.timeout)
    except requests.TooManyRedirects as error:
        raise AllegianceError(f"{brief(url)} sends us round in circles", "try again later") from error
    except requests.RequestException as error:
        what = f"cannot reach {brief(url)}: {type(error).__name__}"
        raise AllegianceError(what, "check the network and try again") from error
    if answer.status_code in (401, 403) or (form is not None and answer.status_code == 400):
        raise Refused(f"{brief(url)} refused the key ({answer.status_code})", "check or renew the key")
    if answer.status_code == 404:
        raise Absent(f"{brief(url)} answered 404", "try again later")
    if not answer.ok:
        raise AllegianceError(f"{brief(url)} answered {answer.status_code}", "try again later")
    try:
        return answer.json()
    except ValueError as error:
        raise AllegianceError(f"{brief(url)} did not answer in JSON", "the interface has changed") from error


def pages(url: str, headers: dict[str, str], params: dict[str, Any], patience: Patience | None = None) -> Iterator[Any]:
    """All pages of an interface that gives the next page's address as `NextPageUrl`."""
    address: str | None = url
    seen: set[str] = set()
    while address:
        page = get_json(address, headers, params, patience)
        if not isinstance(page, dict) or not isinstance(page.get("Result"), list):
            raise AllegianceError(f"{brief(url)} has changed: its answer has no list 'Result'")
        yield from page["Result"]
        seen.add(address)
        address, params = page.get("NextPageUrl") or None, {}
        if address in seen:
            raise AllegianceError(f"{brief(url)} names a page as its own next one", "try again later")
        if address:
            check_address(str(address), url)
