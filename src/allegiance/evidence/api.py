"""Paged JSON interfaces that want a key of the user's own: waits on 429 and 5xx, stops plainly on 401 and 403."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from allegiance.base.errors import AllegianceError
from allegiance.base.extras import require
from allegiance.evidence.download import Patience, session


def own_key(variable: str, where: str) -> str:
    """The user's key from the environment.

    Raises:
        AllegianceError: it is not set; the message says where to get one.
    """
    value = os.environ.get(variable, "")
    if not value:
        raise AllegianceError(f"{variable} is not set", f"get a key of your own at {where} and set {variable}")
    return value


def get_json(url: str, headers: dict[str, str], params: dict[str, Any], patience: Patience | None = None) -> Any:
    """One answer as JSON.

    Raises:
        AllegianceError: refused, failing or not JSON.
    """
    requests = require("requests", "data")
    patience = patience or Patience()
    try:
        answer = session(requests, patience).get(url, headers=headers, params=params, timeout=patience.timeout)
    except requests.RequestException as error:
        what = f"cannot reach {url}: {type(error).__name__}"
        raise AllegianceError(what, "check the network and try again") from error
    if answer.status_code in (401, 403):
        raise AllegianceError(f"{url} refused the key ({answer.status_code})", "check or renew the key")
    if not answer.ok:
        raise AllegianceError(f"{url} answered {answer.status_code}", "try again later")
    try:
        return answer.json()
    except ValueError as error:
        raise AllegianceError(f"{url} did not answer in JSON", "the interface has changed") from error


def pages(url: str, headers: dict[str, str], params: dict[str, Any], patience: Patience | None = None) -> Iterator[Any]:
    """All pages of an interface that gives the next page's address as `NextPageUrl`."""
    address: str | None = url
    while address:
        page = get_json(address, headers, params, patience)
        if not isinstance(page, dict) or "Result" not in page:
            raise AllegianceError(f"{url} has changed: its answer has no 'Result'")
        yield from page["Result"]
        address, params = page.get("NextPageUrl") or None, {}
