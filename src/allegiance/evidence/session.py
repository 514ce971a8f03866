"""Speaking to makers' servers: https at every hop, tokens for the host they are meant for, and bounded waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from allegiance.base.errors import AllegianceError
from allegiance.base.extras import require

RETRIED = (429, 500, 502, 503, 504)
"""HTTP answers worth waiting for."""
HOPS = 8
"""Most redirects followed."""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SHOWN = 200


@dataclass(frozen=True)
class Patience:
    """How long to try, in seconds. The wait doubles each time; a server's Retry-After is obeyed, within limits.

    `timeout` bounds every silence, `total` a whole file, `largest` its size in bytes.
    """

    tries: int = 5
    first_wait: float = 1.0
    timeout: float = 60.0
    longest_wait: float = 120.0
    total: float = 1800.0
    largest: int = 2 << 30


def brief(text: object, most: int = _SHOWN) -> str:
    """`text` in one line of bounded length, so that no server writes the user's messages.

    >>> brief("a\\nb"), len(brief("x" * 5000))
    ('a b', 200)
    """
    line = " ".join(str(text).split())
    line = "".join(c for c in line if c.isprintable())
    return line if len(line) <= most else line[: most - 1] + "…"


def check_address(url: str, before: str = "") -> None:
    """Refuse anything but https; plain http is allowed on this machine only, and not by way of another.

    Raises:
        AllegianceError: another scheme, or no address at all.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        raise AllegianceError(f"{brief(url)} is not an address") from error
    if parts.scheme == "https" and host:
        return
    if parts.scheme == "http" and host in _LOOPBACK and (not before or urlsplit(before).hostname in _LOOPBACK):
        return
    told = f" (where {brief(before)} sent us)" if before else ""
    raise AllegianceError(f"{brief(url)}{told} is not an https address", "downloads go over https only, at every hop")


def session(patience: Patience, secrets: tuple[str, ...] = ()) -> Any:
    """A requests session that waits and tries again on `RETRIED`, then gives the last answer back.

    Args:
        secrets: names of headers that must not follow a redirect to another host.
    """
    requests = require("requests", "data")
    from urllib3.util.retry import Retry

    class Bounded(Retry):
        """Obeys Retry-After up to the longest wait."""

        def get_retry_after(self, response: Any) -> float | None:
            asked = super().get_retry_after(response)
            return None if asked is None else min(asked, patience.longest_wait)

    class Careful(requests.Session):  # type: ignore[misc, name-defined, unused-ignore]
        """Looks at every address before it goes there."""

        def get_redirect_target(self, resp: Any) -> str | None:
            target: str | None = super().get_redirect_target(resp)
            if target is not None:
                try:
                    whole = urljoin(resp.url, target)
                except ValueError as error:
                    raise AllegianceError(f"{brief(resp.url)} sent us to {brief(target)}, no address") from error
                check_address(whole, resp.url)
            return target

        def rebuild_auth(self, prepared_request: Any, response: Any) -> None:
            super().rebuild_auth(prepared_request, response)
            if urlsplit(prepared_request.url).hostname != urlsplit(response.request.url).hostname:
                for name in secrets:
                    prepared_request.headers.pop(name, None)

    policy = Bounded(
        total=patience.tries - 1,
        connect=1,  # a name that cannot be found is not found a second later either
        redirect=0,
        backoff_factor=patience.first_wait,
        status_forcelist=RETRIED,
        respect_retry_after_header=True,
        raise_on_status=False,
    )
    client = Careful()
    client.max_redirects = HOPS
    for scheme in ("https://", "http://"):
        client.mount(scheme, requests.adapters.HTTPAdapter(max_retries=policy))
    return client
