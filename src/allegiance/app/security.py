"""What stands between the network and the pages: who may ask, what may be asked, what a browser may do with it."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "allegiance"
MAX_MESSAGE = 3_000_000
"""Most bytes of one message from a browser; a case file may have 2 MB."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'"
)
"""Scripts come from this server alone. Styles may be inline, because drawings carry them as attributes."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine alone.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """Lets a request through to `app`, or answers it with a plain refusal.

    Args:
        app: the pages. token: what a visitor must bring in `?token=` once; none is asked for if empty. Without one,
            only requests addressed to this machine are let through, so that a foreign page cannot reach the server
            under another name.
    """

    def __init__(self, app: App, token: str = "") -> None:
        self.app = app
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        refused = self._refusal(scope, headers)
        if refused and scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": refused[1][:100]})
        elif refused:
            await _answer(send, *refused)
        elif self.token and scope["type"] == "http" and "token" in dict(_query(scope)):
            await self._welcome(scope, send)
        else:
            await self.app(scope, receive, _dressed(send))

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if not self.token and not is_loopback(urlsplit(f"//{host}").hostname or ""):
            return 421, "This server answers only on this machine's own address."
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            return 405, "Only reading is possible here."
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string", b"")) > 16_000:
            return 414, "The address is too long."
        if scope["type"] == "websocket" and urlsplit(headers.get("origin", "")).netloc != host:
            return 403, "The page asking is not one of this server's."
        if self.token and not self._known(scope, headers):
            return 401, "This page needs its token: open the address that `allegiance serve` printed."
        return None

    def _known(self, scope: Scope, headers: dict[str, str]) -> bool:
        given = dict(_query(scope)).get("token", "") if scope["type"] == "http" else ""
        try:
            kept = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            kept = None
        return any(
            hmac.compare_digest(self.token.encode(), text.encode("utf-8", "replace"))
            for text in (given, kept.value if kept else "")
        )

    async def _welcome(self, scope: Scope, send: Send) -> None:
        """Turn the token in the address into a cookie, so that it does not stay in the address bar."""
        rest = urlencode([(k, v) for k, v in _query(scope) if k != "token"])
        cookie = f"{COOKIE}={self.token}; HttpOnly; SameSite=Strict; Path=/"
        await _answer(send, 303, "", {"location": f"/?{rest}" if rest else "/", "set-cookie": cookie})


def _query(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True, max_num_fields=None)


async def _answer(send: Send, status: int, text: str, headers: dict[str, str] | None = None) -> None:
    full = {**HEADERS, "content-type": "text/plain; charset=utf-8", **(headers or {})}
    encoded = [(k.encode(), v.encode()) for k, v in full.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": text.encode()})


def _dressed(send: Send) -> Send:
    """Every answer of the pages with the security headers on."""

    async def wrapped(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            kept = [(k, v) for k, v in message["headers"] if k.decode("latin-1").lower() not in HEADERS]
            message = {**message, "headers": kept + [(k.encode(), v.encode()) for k, v in HEADERS.items()]}
        await send(message)

    return wrapped
